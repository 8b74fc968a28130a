"""What a person has to do with packs: put together, comment, sign off, issue, publish (C.2.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.access import Standing
from hdcperf.roles import Permission
from hdcperf.ui.home_tasks import Task
from reports.models import Pack, PackComment, PackText, PackTransition
from reports.queries.pack_chain import times_of
from reports.rules.pack_chain import ISSUED_AT, SIGNED_AT, comments_at, due_on
from reports.rules.timetable import StepName

__all__ = ["pack_tasks"]

State = Pack.State
_TEAM = {
    State.DRAFT: "Put together",
    State.CONSULTING: "Answer the comments on, and freeze,",
}


def pack_tasks(who: Standing) -> list[Task]:
    """Everything ``who`` has to do with packs; two queries at most, and none for those who never have."""
    if not any(who.may(one) for one in _ANY):
        return []
    last = PackTransition.objects.filter(pack=OuterRef("pk")).order_by("-at", "-pk")
    rows = (
        Pack.objects.filter(replaced_at__isnull=True)
        .exclude(state=State.PUBLISHED)
        .select_related("meeting")
        .annotate(
            since=Subquery(last.values("at")[:1]),
            commented=Exists(PackComment.objects.filter(pack=OuterRef("pk"), by__in=who.people)),
            worked=Exists(
                PackTransition.objects.filter(
                    pack=OuterRef("pk"), move__in=("begin", "consult", "freeze"), by__in=who.people
                )
            )
            | Exists(PackText.history.filter(pack=OuterRef("pk"), history_user__in=who.people)),
        )
    )
    return [task for pack in rows for task in _tasks(who, pack)]


_ANY = (Permission.MANAGE_PACKS, Permission.COMMENT_PACKS, Permission.SIGN_PACKS, Permission.ISSUE_PACKS)


def _tasks(who: Standing, pack: Pack) -> Iterator[Task]:
    for words, step in _words(who, pack):
        due = _due(pack, step)
        yield Task(
            title=f"{words} the pack: {pack}",
            href=reverse("pack", args=[pack.span, pack.audience]),
            due=due,
            late=due is not None and due < who.today,
        )


def _due(pack: Pack, step: StepName) -> date | None:
    """By the timetable; what others wait for has its days even without one, as in reminders."""
    times, since = times_of(pack), vars(pack)["since"]
    if since is not None and pack.state in (State.CONSULTING, State.FROZEN, State.SIGNED):
        return due_on(times, step, clock.local_day(since))
    return times.on(step) if times is not None else None


def _words(who: Standing, pack: Pack) -> Iterator[tuple[str, StepName]]:
    noted = vars(pack)
    if who.may(Permission.MANAGE_PACKS) and pack.state in _TEAM:
        yield _TEAM[State(pack.state)], StepName.DRAFT if pack.state == State.DRAFT else StepName.PUBLICATION
    step = comments_at(who.roles, is_public=pack.audience_of.is_public)
    if step is not None and pack.state == State.CONSULTING and not noted["commented"]:
        yield "Comment on", step
    if who.may(Permission.SIGN_PACKS) and pack.state == State.FROZEN and not noted["worked"]:
        yield "Sign off", SIGNED_AT
    if who.may(Permission.ISSUE_PACKS) and pack.state == State.SIGNED:
        yield "Issue", ISSUED_AT
    if who.may(Permission.ISSUE_PACKS) and pack.state == State.ISSUED and pack.audience_of.is_public:
        yield "Publish", StepName.PUBLICATION
