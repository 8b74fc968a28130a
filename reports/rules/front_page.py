"""The period on one page, counted from what the pack itself holds, so that it cannot say otherwise. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.rules.colours import ActionRag
from hdcperf.rag import Rag
from hdcperf.ui.words import count_of
from reports.packs.frozen import FrontPage, Mention, Tally
from reports.packs.items import FrozenAction, FrozenKpi, FrozenProject
from reports.packs.pieces import Colour, Count, Movement, Revised, Status

__all__ = ["asked_to_note", "front_page", "listed"]

KPI_COLOURS = tuple(Colour(one.value, one.label) for one in Rag)
ACTION_COLOURS = tuple(Colour(one.value, one.label) for one in ActionRag)
_RANK = {"red": 0, "amber": 1, "green": 2, "not_started": 2, "completed": 3}
"""How good a colour is, where two are compared."""


@dataclass(frozen=True)
class _Item:
    kind: str
    code: str
    title: str
    status: Status
    movement: Movement


def front_page(
    kpis: Sequence[FrozenKpi],
    actions: Sequence[FrozenAction],
    projects: Sequence[FrozenProject],
    changes: tuple[Revised, ...],
    before: str,
) -> FrontPage:
    """Counts now, forecast and before; what got better and worse; what changed; what members are asked to note.

    ``before`` is the period compared with, in words.
    """
    items = [
        *(_Item("KPI", one.code, one.title, one.status, one.movement) for one in kpis),
        *(_Item("Action", one.code, one.title, one.status, one.movement) for one in actions),
        *(_Item("Project", one.code, one.name, one.status, Movement()) for one in projects),
    ]
    better = tuple(_mention(one) for one in items if _gain(one.status) > 0)
    worse = tuple(_mention(one) for one in items if _gain(one.status) < 0)
    tallies = [_tally("KPIs", [one for one in items if one.kind == "KPI"], KPI_COLOURS, forecast=True)]
    for kind, plural in (("Action", "Actions"), ("Project", "Projects")):
        held = [one for one in items if one.kind == kind]
        if held:
            tallies.append(_tally(plural, held, ACTION_COLOURS))
    return FrontPage(
        tallies=tuple(tallies),
        better=better,
        worse=worse,
        changes=changes,
        asked_to_note=asked_to_note(kpis, actions, projects, changes),
        completeness=_completeness(kpis, actions),
        movement=_movement(better, worse, before),
    )


def _gain(status: Status) -> int:
    """How many steps its colour rose since the period before; 0 where either has none."""
    if status.before is None or status.before.key not in _RANK or status.now.key not in _RANK:
        return 0
    return _RANK[status.now.key] - _RANK[status.before.key]


def _mention(one: _Item) -> Mention:
    assert one.status.before is not None
    words = f"{one.status.before.word} to {one.status.now.word.lower()}"
    return Mention(one.kind, one.code, one.title, one.status, words)


def _tally(kind: str, items: list[_Item], colours: tuple[Colour, ...], *, forecast: bool = False) -> Tally:
    now = _counts([one.status.now for one in items], colours)
    ahead = [one.status.forecast for one in items if one.status.forecast is not None]
    words = [one.movement.key for one in items]
    return Tally(
        kind,
        now=now,
        forecast=_counts(ahead, colours) if forecast and ahead else (),
        before=_counts([one.status.before for one in items if one.status.before is not None], colours),
        better=words.count("better"),
        worse=words.count("worse"),
        same=words.count("same"),
        sentence=_tally_sentence(kind, items, forecast=bool(forecast and ahead)),
    )


def _counts(found: Iterable[Colour], colours: tuple[Colour, ...]) -> tuple[Count, ...]:
    """Each colour in its order: the first three always, others where there is one."""
    keys = [one.key for one in found]
    return tuple(
        Count(one, keys.count(one.key)) for one in colours if one.key in ("green", "amber", "red") or one.key in keys
    )


def _tally_sentence(kind: str, items: list[_Item], *, forecast: bool) -> str:
    red = sum(one.status.now.key == "red" for one in items)
    amber = sum(one.status.now.key == "amber" for one in items)
    verb = "is" if red == 1 else "are"
    said = f"{red} of {len(items)} {kind if kind == 'KPIs' else kind.lower()} {verb} red now and {amber} amber"
    if forecast:
        ahead = sum(one.status.forecast is not None and one.status.forecast.key == "red" for one in items)
        said += f"; {ahead or 'none'} {'is' if ahead < 2 else 'are'} forecast to end the year red"
    return f"{said}."


def _completeness(kpis: Sequence[FrozenKpi], actions: Sequence[FrozenAction]) -> str:
    due = [one for one in kpis if not one.missing.startswith("None is due")]
    have = sum(not one.missing for one in due)
    said = f"{have} of {count_of(len(due), 'KPI')} due {'has' if have == 1 else 'have'} an accepted figure"
    if actions:
        told = sum(not one.missing for one in actions)
        said += f", and {told} of {count_of(len(actions), 'action')} an accepted update"
    return f"{said}."


def _movement(better: tuple[Mention, ...], worse: tuple[Mention, ...], before: str) -> str:
    if not (better or worse):
        return f"No colour has moved since {before}."
    return f"Since {before}, {len(better)} moved to a better colour and {len(worse)} to a worse one."


def listed(codes: Iterable[str]) -> str:
    """``KPI 1``; ``KPI 1 and KPI 2``; ``KPI 1, KPI 2 and KPI 3``."""
    held = list(codes)
    return " and ".join(part for part in (", ".join(held[:-1]), held[-1] if held else "") if part)


def asked_to_note(
    kpis: Sequence[FrozenKpi],
    actions: Sequence[FrozenAction],
    projects: Sequence[FrozenProject],
    changes: tuple[Revised, ...],
) -> tuple[str, ...]:
    """What members are asked to note: reds first, then what is forecast red, missing, and changed."""
    red = [one.code for one in kpis if one.status.now.key == "red"]
    ahead = [one.code for one in kpis if one.status.forecast is not None and one.status.forecast.key == "red"]
    acts = [one.code for one in actions if one.status.now.key == "red"]
    boards = [one.code for one in projects if one.status.now.key == "red"]
    absent = [one.code for one in kpis if one.missing and not one.missing.startswith("None is due")]
    absent += [one.code for one in actions if one.missing]
    said = (
        (red, "KPI", "is red now", "are red now"),
        (ahead, "KPI", "is forecast to end the year red", "are forecast to end the year red"),
        (acts, "action", "is red", "are red"),
        (boards, "project", "is red by its board’s account", "are red by their boards’ account"),
        (absent, "item", "has nothing accepted for the period", "have nothing accepted for the period"),
        ([one.code for one in changes], "figure", "seen before has changed", "seen before have changed"),
    )
    return tuple(
        f"{count_of(len(codes), noun)} {one if len(codes) == 1 else many}: {listed(dict.fromkeys(codes))}."
        for codes, noun, one, many in said
        if codes
    )
