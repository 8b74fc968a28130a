"""The list of questions, narrowed by what was asked for, and what its filters offer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Count, Q

from hdcperf.organisation.access import Standing
from reports.models import Meeting, PanelQuestion
from reports.models.questions import PanelQuestionQuerySet
from reports.queries.questions import questions_seen_by, sees_all_unreleased
from reports.rules.questions import ITEMS

__all__ = ["Counted", "counted", "filter_meetings", "filter_owners", "narrowed"]

State = PanelQuestion.State
_CLOSED = [State.NOTED.value, State.WITHDRAWN.value]


def stands(name: str, today: date, releases: bool) -> Q:
    """The condition of how a question stands; ``releases`` is whether the reader is told of unreleased answers."""
    is_open = Q(state__in=[State.ASKED, State.ASSIGNED, State.ANSWERED])
    match name:
        case "open":
            return is_open
        case "overdue":
            # With an answer written it is late no more for its owner, but nobody outside is told of that answer.
            return Q(due_on__lt=today) & (Q(state=State.ASSIGNED) if releases else is_open)
        case "release":
            return Q(state=State.ANSWERED) if releases else Q(pk__in=[])
        case "answered":
            return Q(state__in=[State.RELEASED, State.ACCEPTED])
        case "asked" | "released" | "accepted":
            return Q(state=name)
    return Q(state__in=_CLOSED)


def narrowed(rows: PanelQuestionQuerySet, asked: Mapping[str, str], who: Standing) -> PanelQuestionQuerySet:
    """Those of ``rows`` the filters leave."""
    if name := asked.get("stands"):
        rows = rows.filter(stands(name, who.today, sees_all_unreleased(who)))
    for column in ("kind", "meeting", "owner"):
        if value := asked.get(column):
            rows = rows.filter(**{column: value})
    match asked.get("about", ""):
        case "whole":
            rows = rows.filter(**{f"{item}__isnull": True for item in ITEMS})
        case "kpi_year" | "action_year" | "project" as item:
            rows = rows.filter(**{f"{item}__isnull": False})
    return rows


def filter_meetings(rows: PanelQuestionQuerySet) -> list[tuple[str, str]]:
    """The meetings something was asked for, newest first."""
    found = Meeting.objects.filter(pk__in=rows.order_by().values("meeting")).order_by("-held_on")
    return [(str(one.pk), str(one)) for one in found]


def filter_owners(rows: PanelQuestionQuerySet) -> list[tuple[str, str]]:
    """Whoever a question was given to, by post."""
    found = rows.filter(owner__isnull=False).order_by("owner_post").values_list("owner", "owner_post").distinct()
    return [(str(pk), post) for pk, post in dict(found).items()]


Counted = dict[str, int]


def counted(who: Standing) -> Counted:
    """How many questions ``who`` sees stand in each way, for the tiles; in one query."""
    names = ["open", "overdue", *(["release"] if sees_all_unreleased(who) else []), "answered", "accepted"]
    rows = questions_seen_by(who).order_by()
    releases = sees_all_unreleased(who)
    found = rows.aggregate(**{name: Count("pk", filter=stands(name, who.today, releases)) for name in names})
    return {name: found[name] for name in names}
