"""What a person has to do with packs: put together, comment, sign off, issue, publish (C.2.3)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.roles import Permission
from hdcperf.ui import lower_first
from hdcperf.ui.home_tasks import Task
from reports.models import Pack, PackComment, PackText, PackTransition
from reports.rules.timetable import StepName

__all__ = ["pack_tasks"]

State = Pack.State
_STEP = {
    State.DRAFT: StepName.DRAFT,
    State.CONSULTING: StepName.PUBLICATION,
    State.FROZEN: StepName.PUBLICATION,
    State.SIGNED: StepName.PUBLICATION,
    State.ISSUED: StepName.PUBLICATION,
}
_TEAM = {
    State.DRAFT: "Put together",
    State.CONSULTING: "Answer the comments on, and freeze,",
}


def pack_tasks(who: Standing) -> list[Task]:
    """Everything ``who`` has to do with packs; two queries at most, and none for those who never have."""
    if not any(who.may(one) for one in _ANY):
        return []
    rows = (
        Pack.objects.filter(replaced_at__isnull=True)
        .exclude(state=State.PUBLISHED)
        .select_related("meeting")
        .annotate(
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
    for words in _words(who, pack):
        meeting = pack.meeting
        due = meeting.timetable.on(_STEP[State(pack.state)]) if meeting is not None else None
        yield Task(
            title=f"{words} the pack: {lower_first(str(pack))}",
            href=reverse("pack", args=[pack.span, pack.audience]),
            due=due,
            late=due is not None and due < who.today,
        )


def _words(who: Standing, pack: Pack) -> Iterator[str]:
    noted = vars(pack)
    if who.may(Permission.MANAGE_PACKS) and pack.state in _TEAM:
        yield _TEAM[State(pack.state)]
    if who.may(Permission.COMMENT_PACKS) and pack.state == State.CONSULTING and not noted["commented"]:
        yield "Comment on"
    if who.may(Permission.SIGN_PACKS) and pack.state == State.FROZEN and not noted["worked"]:
        yield "Sign off"
    if who.may(Permission.ISSUE_PACKS) and pack.state == State.SIGNED:
        yield "Issue"
    if who.may(Permission.ISSUE_PACKS) and pack.state == State.ISSUED and pack.audience_of.is_public:
        yield "Publish"
