"""On what grounds a person sees what a service reports, whatever is reported (framework C.2, E.1).

Working records are those of the people named on them, of the service and of the Performance Team; accepted ones those
of the board, the corporate leadership team, audit and governance, and a portfolio holder's own; a disputed one is
seen, marked, by the board and the leadership; anybody else sees one exactly as it was issued.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Q

from hdcperf.organisation.access import Standing
from hdcperf.roles import Permission

__all__ = ["Access", "Source", "access_to"]


class Source(StrEnum):
    """On what ground a record is seen."""

    WORKING = "working"  # not accepted yet: the service and the Performance Team
    ACCEPTED = "accepted"
    DISPUTED = "disputed"  # with the board, which sees it marked
    ISSUED = "issued"  # as it stood in the newest pack issued


@dataclass(frozen=True)
class Access:
    """The years of KPIs or actions, by id, whose records are seen on each ground.

    ``panel`` is whether more is seen of what was issued than the public's.
    """

    working: frozenset[int]
    accepted: frozenset[int]
    disputed: frozenset[int]
    issued: frozenset[int]
    panel: bool

    def sees_more_than_issued(self, year_id: int) -> bool:
        return year_id in self.working or year_id in self.accepted

    def seen(self, year: str) -> Q:
        """The condition on records that were not issued: ``year`` is their key to a year of a KPI or an action.

        They carry ``with_board``: whether they are in dispute.
        """
        return (
            Q(**{f"{year}__in": self.working})
            | Q(**{f"{year}__in": self.accepted}, state="accepted")
            | Q(**{f"{year}__in": self.disputed}, with_board=True)
        )


def access_to(who: Standing, years: Iterable[Any], named: Collection[int]) -> Access:
    """Sort ``years`` (with their service) by what ``who`` may see of them; ``named`` are the ids of their own."""
    scopes = {one.pk: one.scope for one in years}

    def held(permission: Permission) -> frozenset[int]:
        return frozenset(pk for pk, scope in scopes.items() if who.may(permission, scope))

    working = frozenset(named) | held(Permission.SEE_WORKING_RETURNS)
    accepted = held(Permission.SEE_ACCEPTED)
    return Access(
        working=working,
        accepted=accepted,
        disputed=held(Permission.SEE_DISPUTED),
        issued=frozenset(scopes) - working - accepted,
        panel=who.may(Permission.SEE_ISSUED),
    )
