"""Cabinet's supplement: issued when scrutiny has met, as often as more is answered, and never part of the pack."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.ui import day
from hdcperf.workflow import NotPermitted
from reports.gathering.supplement import scrutinys_meeting, supplement_for
from reports.models import FrozenData, Pack
from reports.pack_workflow import MoveRefused, may_issue
from reports.packs.frozen import FrozenSupplement, digest, read_pack, read_supplement, written
from reports.packs.sections import Audience
from reports.queries.pack_files import frozen_row
from reports.queries.supplements import supplement_rows

__all__ = ["issue_supplement", "supplement_refused"]


def issue_supplement(record: Pack, *, by: User, version: int = 0) -> Pack:
    """Freeze what scrutiny asked, said and recommended, with its answers, beside cabinet's pack that is out.

    Nothing of the pack changes, so ``version`` is not looked at. A later one takes the place of the one before, which
    stays. Raises NotPermitted, and MoveRefused with what is in the way.
    """
    if sentence := may_issue(record, by):
        raise NotPermitted(sentence, state=record.state, move="supplement")
    with transaction.atomic():
        pack = Pack.objects.select_for_update().get(pk=record.pk)
        made, refused = _now(pack)
        if made is None:
            raise MoveRefused(refused, state=pack.state, move="supplement")
        text = written(made)
        FrozenData.objects.create(
            pack=pack,
            kind=FrozenData.Kind.SUPPLEMENT,
            number=made.number,
            text=text,
            sha256=digest(text),
            frozen_by=by,
            frozen_at=clock.now(),
        )
    return pack


def supplement_refused(record: Pack, by: User) -> str | None:
    """Why this person cannot issue a supplement of the pack now, in a sentence; None where they can."""
    return may_issue(record, by) or _now(record)[1] or None


def _now(pack: Pack) -> tuple[FrozenSupplement | None, str]:
    """The supplement as it would be issued now, or what is in its way."""
    if pack.audience != Audience.CABINET:
        return None, "Only cabinet’s pack has a supplement: it gives scrutiny’s comments."
    row = frozen_row(pack) if pack.is_out and pack.replaced_at is None else None
    if row is None:
        return None, "A supplement goes with a pack that is issued, in its newest version."
    meeting, today = scrutinys_meeting(pack), clock.today()
    if meeting is None:
        return None, "Overview and Scrutiny was not issued a pack of this period."
    if meeting.held_on > today:
        return None, f"Overview and Scrutiny meets on {day(meeting.held_on)}."
    earlier = supplement_rows(pack)
    made = supplement_for(pack, read_pack(row.text), meeting, len(earlier) + 1, today)
    if not made.comments:
        return None, "Nothing that Overview and Scrutiny asked, said or recommended is recorded yet."
    if earlier and _same(read_supplement(earlier[0].text), made):
        return None, "The newest supplement says everything there is."
    return made, ""


def _same(old: FrozenSupplement, new: FrozenSupplement) -> bool:
    return replace(old, number=0, issued_on=new.issued_on) == replace(new, number=0)
