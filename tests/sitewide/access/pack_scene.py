"""Packs in the scene, one in each state, all put together by somebody outside it.

Scrutiny's of Q2 2026/27 is a draft with a waiver and an exempt annex; leadership's is out for comment; cabinet's is
frozen. The board's of September is signed off, that of August issued. Of Q1, scrutiny's is issued, with an
exempt annex, and cabinet's published, with a supplement.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hdcperf import clock
from hdcperf.organisation.models import User
from reports.models import PackAnnex, PackWaiver
from tests.factories.made_packs import freeze_as, pack_in
from tests.factories.organisation import UserFactory
from tests.factories.packs import sample_annex, sample_supplement

__all__ = ["add_packs"]

APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)


def add_packs(scene: Any) -> None:
    """Add the rows to ``scene``."""
    by: User = UserFactory()
    draft = pack_in("draft", starts_on=JULY, by=by)
    PackWaiver.objects.create(
        pack=draft,
        check_code="missing",
        reason="It is an example.",
        by=by,
        by_post="Performance Team",
        at=clock.now(),
    )
    PackAnnex.objects.create(
        pack=draft, title="Example annex", paragraph="3", public_interest="A contract is being let.", words="Secret."
    )
    board = {"audience": "board", "kind": "month", "by": by}
    issued = pack_in("issued", starts_on=APRIL, by=by)
    freeze_as(issued, sample_annex(), by=by)
    published = pack_in("published", audience="cabinet", starts_on=APRIL, by=by)
    freeze_as(published, sample_supplement(), by=by)
    scene.records |= {
        "pack_draft": draft,
        "pack_consulting": pack_in("consulting", audience="leadership", starts_on=JULY, by=by),
        "pack_frozen": pack_in("frozen", audience="cabinet", starts_on=JULY, by=by),
        "pack_signed": pack_in("signed", starts_on=date(2026, 9, 1), **board),
        "pack_of_the_board": pack_in("issued", starts_on=date(2026, 8, 1), **board),
        "pack_issued": issued,
        "pack_published": published,
    }
