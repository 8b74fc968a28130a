"""How an expectation is written: an address and who is answered how; a form and who may send it.

The rule behind the tables (design, 4): what names a record that one may not see answers 404, as if it were not there;
a record one may see, or a list or a tool one has no part in, answers 403; nobody signed in is asked to sign in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.sitewide.access.people import NOBODY, SIGNED_IN, Group
from tests.sitewide.access.scene import TODAY, Scene

__all__ = ["Form", "Page", "Sent"]

Sent = Mapping[str, Any] | Callable[[Scene], Mapping[str, Any]]
"""What a form sends, or a function of the scene where it names ids."""


@dataclass(frozen=True)
class _Expectation:
    address: str
    """As people write it; ``{name}`` stands for an id of the scene."""
    answers: Mapping[int, Group]
    """Status to people; everybody signed in stands under exactly one, or under ``rest``."""
    rest: int | None = None
    """The answer to everybody else who is signed in."""
    public: int | None = None
    """The answer to somebody who has not signed in, where it is not a sign-in."""

    def status(self, person: str) -> int:
        """The answer ``person`` gets. Raises AssertionError where the table does not say, or says two things."""
        if person == NOBODY:
            return 302 if self.public is None else self.public
        named = [status for status, group in self.answers.items() if person in group]
        if not named and self.rest is not None:
            named = [self.rest]
        assert len(named) == 1, f"{self.address}: {person} stands under {named or 'no answer'}"
        return named[0]

    def check_names(self) -> None:
        unknown = {name for group in self.answers.values() for name in group} - SIGNED_IN
        assert not unknown, f"{self.address}: nobody is called {sorted(unknown)}"


@dataclass(frozen=True)
class Page(_Expectation):
    """What a GET of an address answers. ``to`` is where a redirection leads."""

    to: str = ""


@dataclass(frozen=True)
class Form(_Expectation):
    """What a POST answers: sent by those answered 200 or 302, refused to the others, whose POST writes nothing.

    ``button`` is the name and value of the button pressed, ``today`` the day it is pressed on. A form that ``writes``
    must write something for each of those who may (but for the ``idle``, who have nothing to write): so a refusal
    that wrote nothing says something.
    """

    sends: Sent = field(default_factory=dict)
    button: tuple[str, str] | None = None
    writes: bool = True
    idle: Group = frozenset()
    today: date = TODAY

    @property
    def may(self) -> Group:
        """Those whose POST is taken."""
        return frozenset(name for status in (200, 302) for name in self.answers.get(status, ()))

    def data(self, scene: Scene) -> dict[str, Any]:
        """What is sent, with the button pressed."""
        sent = dict(self.sends(scene) if callable(self.sends) else self.sends)
        if self.button is not None:
            name, value = self.button
            sent[name] = scene.address(value)
        return sent
