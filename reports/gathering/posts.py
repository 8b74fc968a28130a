"""Posts in place of people's names: what is published says who answers for a thing, and names no officer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from hdcperf.organisation.access import Post, Scope, Standing
from hdcperf.organisation.models import Appointment, User
from hdcperf.roles import MEMBER_ROLES, Role

__all__ = ["Posts", "everything_accepted", "load_posts"]


def everything_accepted(today: date) -> Standing:
    """The standing a pack is read with: every accepted figure of the council, and nothing in the making."""
    reads = Post(holder=0, role=Role.GOVERNANCE, scope=Scope(), label="")
    return Standing(user_id=None, today=today, posts=(reads,))


@dataclass(frozen=True)
class Posts:
    """The posts held on a day: by the person's id and by their name. Members are named by their office anyway."""

    by_person: dict[int, str] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)

    def of(self, person: int | None, otherwise: str) -> str:
        """The post of a person, or the words for somebody who holds none."""
        return self.by_person.get(person or 0, otherwise)

    def in_place_of(self, typed: str, otherwise: str) -> str:
        """What somebody typed as an owner, with the post in place of an officer's name."""
        plain = " ".join(typed.split())
        if plain.casefold() in self.by_name:
            return self.by_name[plain.casefold()] or otherwise
        return plain

    def named_in(self, words: str) -> list[str]:
        """The officers' names that stand in ``words``, as they are written there."""
        return list(dict.fromkeys(self._pattern.findall(" ".join(words.split()))))

    def in_words(self, words: str, otherwise: str = "an officer") -> str:
        """``words`` with the post in place of each officer's name; ``otherwise`` for somebody who holds none."""
        return self._pattern.sub(
            lambda found: self.by_name.get(" ".join(found.group().split()).casefold()) or otherwise, words
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Every officer's name as whole words; nothing where there is nobody."""
        names = "|".join(re.escape(name) for name in self.by_name)
        return re.compile(rf"(?<!\w)(?:{names})(?!\w)" if names else r"(?!)", re.IGNORECASE)


def load_posts(today: date) -> Posts:
    """Everybody's post on ``today``, in two queries; an officer without one has an empty post."""
    members: set[int] = set()
    by_person: dict[int, str] = {}
    for row in Appointment.objects.on(today).select_related("service", "directorate", "portfolio"):
        if Role(row.role) in MEMBER_ROLES:
            members.add(row.user_id)
        by_person.setdefault(row.user_id, row.post)
    names = User.objects.exclude(pk__in=members).values_list("pk", "name")
    by_name = {" ".join(name.split()).casefold(): by_person.get(pk, "") for pk, name in names if name.strip()}
    return Posts(by_person, by_name)
