"""Scrutiny's comments and their answers, for cabinet: gathered when its pack is out, which never waits for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reports.gathering.compared import changed_since_scrutiny
from reports.gathering.posts import Posts, load_posts
from reports.gathering.questions import as_frozen
from reports.models import Meeting, Pack
from reports.packs.frozen import FrozenPack, FrozenSupplement
from reports.packs.items import FrozenQuestion
from reports.packs.sections import Audience
from reports.queries.questions import questions_raised_at

__all__ = ["scrutinys_meeting", "supplement_for"]


def scrutinys_meeting(pack: Pack) -> Meeting | None:
    """The meeting that had scrutiny's pack of the same period; None where none of it went out."""
    rows = Pack.objects.of(pack.span, Audience.SCRUTINY.value).out().select_related("meeting").order_by("-number")
    newest = rows.first()
    return newest.meeting if newest is not None else None


def supplement_for(pack: Pack, frozen: FrozenPack, meeting: Meeting, number: int, today: date) -> FrozenSupplement:
    """What the panel asked, said and recommended at ``meeting``, with the answers it was given by ``today``.

    ``frozen`` is cabinet's pack as it went out. Officers are printed by post, in people's own words too.
    """
    posts = load_posts(today)
    changes, what = ((), "") if frozen.changed_since_what else changed_since_scrutiny(pack, frozen)
    return FrozenSupplement(
        slug=pack.span.slug,
        title="Overview and Scrutiny: comments and answers",
        body=meeting.get_body_display(),
        met_on=meeting.held_on,
        issued_on=today,
        comments=tuple(_by_post(as_frozen(one), posts) for one in questions_raised_at(meeting)),
        changed_since=changes,
        changed_since_what=what,
        number=number,
        council=frozen.council,
        pack_title=frozen.title,
        notice=frozen.notice,
    )


def _by_post(one: FrozenQuestion, posts: Posts) -> FrozenQuestion:
    return replace(
        one,
        words=posts.in_words(one.words),
        answer=posts.in_words(one.answer),
        first_answer=posts.in_words(one.first_answer),
    )
