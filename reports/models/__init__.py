"""The tables of what draws on every part: people's objectives, meetings, and the packs that go to them."""

from reports.models.feed import FeedKey
from reports.models.frozen import FrozenData, PackFile
from reports.models.meetings import Meeting
from reports.models.objectives import Objective
from reports.models.packs import (
    Pack,
    PackAnnex,
    PackComment,
    PackTemplate,
    PackText,
    PackTransition,
    PackWaiver,
)

__all__ = [
    "FeedKey",
    "FrozenData",
    "Meeting",
    "Objective",
    "Pack",
    "PackAnnex",
    "PackComment",
    "PackFile",
    "PackTemplate",
    "PackText",
    "PackTransition",
    "PackWaiver",
]
