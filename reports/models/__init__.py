"""The tables of what draws on every part: objectives, meetings, what is asked there, and the packs for them."""

from reports.models.calendar import CalendarFeed
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
from reports.models.questions import Answer, AnswerRelease, PanelQuestion, PanelQuestionTransition

__all__ = [
    "Answer",
    "AnswerRelease",
    "CalendarFeed",
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
    "PanelQuestion",
    "PanelQuestionTransition",
]
