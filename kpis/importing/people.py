"""Who a file says collects, forecasts, comments and stands in (framework B.2): accounts, by address or name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hdcperf.organisation.models import User
from kpis.importing.draft import Located, YearDraft
from kpis.models import KpiPerson

__all__ = ["DUTIES", "People", "plan_people"]

Duty = KpiPerson.Duty
DUTIES: Mapping[str, Duty] = {duty.value: duty for duty in Duty}
"""The field of each duty, which goes by the duty's own name."""


@dataclass
class People:
    """The accounts by e-mail address and by name, in any case."""

    by_email: dict[str, User] = field(default_factory=dict)
    by_name: dict[str, list[User]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> People:
        found = cls()
        for user in User.objects.defer("password"):
            found.by_email[user.email.casefold()] = user
            found.by_name.setdefault(_plain(user.name), []).append(user)
        return found

    def named(self, cell: str) -> list[User]:
        """The people of a cell, each once: ``Ada Example; bo@council.example``. Raises ValueError with a sentence."""
        found = [self._one(part) for part in self._parts(cell)]
        return list({user.pk: user for user in found}.values())

    def _parts(self, cell: str) -> Iterator[str]:
        for part in filter(None, map(str.strip, re.split(r"[;\n]", cell))):
            # A comma parts people too, unless it stands in a name: Example, Ada.
            yield from [part] if self._is_known(part) else filter(None, map(str.strip, part.split(",")))

    def _is_known(self, part: str) -> bool:
        return part.casefold() in self.by_email or _plain(part) in self.by_name

    def _one(self, part: str) -> User:
        user = self.by_email.get(part.casefold())
        if user is None:
            same = self.by_name.get(_plain(part), [])
            # Of two with one name, the one who can sign in is meant.
            same = [one for one in same if one.is_active] or same
            if len(same) > 1:
                raise ValueError(f"{len(same)} accounts are named “{part[:60]}”: give the e-mail address.")
            user = same[0] if same else None
        if user is None:
            raise ValueError(f"Nobody has an account with the e-mail address or name “{part[:60]}”.")
        if not user.is_active:
            raise ValueError(f"The account of {user.name} is closed: name somebody who can sign in.")
        return user


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def plan_people(draft: YearDraft, people: People, current: Mapping[str, list[KpiPerson]]) -> None:
    """Put the people the rows name onto the draft: for each duty exactly those, where a row names any."""
    for name, duty in DUTIES.items():
        wanted = _wanted(draft, name, people)
        if wanted is None:
            continue
        users, row = wanted
        there = {one.user_id: one for one in current.get(duty, [])}
        if set(there) == {user.pk for user in users}:
            continue
        draft.change(row, duty.label, _names(one.user for one in there.values()), _names(users))
        keep = {user.pk for user in users}
        draft.people_gone += [one for pk, one in there.items() if pk not in keep]
        draft.people_new += [
            KpiPerson(kpi_year=draft.kpi_year, user=user, duty=duty) for user in users if user.pk not in there
        ]


def _names(users: Iterator[User] | list[User]) -> str:
    return "; ".join(sorted(user.name for user in users))


def _wanted(draft: YearDraft, name: str, people: People) -> tuple[list[User], Located] | None:
    """The people of a duty with the first row that names them; a row that names others is refused."""
    first: tuple[list[User], Located] | None = None
    for row in draft.rows:
        cell = row.mapped[name]
        if cell is None:
            continue
        try:
            users = people.named(cell)
        except ValueError as refused:
            draft.refuse(row, name, str(refused))
            continue
        if first is None:
            first = users, row
        elif {user.pk for user in users} != {user.pk for user in first[0]}:
            said = f"Row {first[1].mapped.number:,} names {_names(first[0])}"
            draft.refuse(row, name, f"{said}: a KPI has the same people all year.")
    return first
