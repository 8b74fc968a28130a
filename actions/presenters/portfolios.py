"""A quarter by portfolio: how many stand how, what moved and why, and what is being done about ambers and reds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import slugify

from actions.presenters.words import at_tag, late_words, movement_piece
from actions.queries.listing import Line
from actions.rules.standing import At
from hdcperf.periods import Quarter
from hdcperf.rag import Movement
from hdcperf.ui import Link, Tag, count_of, day, short_day
from hdcperf.ui import Movement as MovementPiece

__all__ = ["PortfolioCard", "portfolio_cards"]


@dataclass(frozen=True)
class MovedRow:
    """An action whose colour moved, and why."""

    name: Link
    before: Tag
    now: Tag
    movement: MovementPiece
    why: str


@dataclass(frozen=True)
class OffTrackRow:
    """An amber or a red: what will be done, by when and by whom."""

    name: Link
    now: Tag
    late: tuple[Tag, ...]
    what: str
    when: str
    who: str
    next_step: str


@dataclass(frozen=True)
class CountLine:
    tag: Tag
    before: int
    now: int


@dataclass(frozen=True)
class PortfolioCard:
    """One portfolio in the quarter; ``mine`` when the reader holds it."""

    slug: str
    name: str
    mine: bool
    sentence: str
    counts: tuple[CountLine, ...]
    moved: tuple[MovedRow, ...]
    off_track: tuple[OffTrackRow, ...]
    waiting: tuple[Link, ...]
    listed: Link

    @property
    def says_something(self) -> bool:
        """Whether any of its actions has an update to show."""
        return len(self.waiting) < sum(line.now for line in self.counts)


def portfolio_cards(lines: Iterable[Line], quarter: Quarter, mine: frozenset[int]) -> list[PortfolioCard]:
    """A card for each portfolio with actions, the reader's own first."""
    groups: dict[int, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.row.portfolio_id, []).append(line)
    cards = [_card(found, quarter, pk in mine) for pk, found in groups.items()]
    return sorted(cards, key=lambda card: (not card.mine, card.name.casefold()))


def _card(lines: list[Line], quarter: Quarter, mine: bool) -> PortfolioCard:
    portfolio = lines[0].row.portfolio
    now, before = Counter(line.now for line in lines), Counter(line.before for line in lines)
    moved = [line for line in lines if line.movement in (Movement.BETTER, Movement.WORSE)]
    off_track = [line for line in lines if line.now in (At.RED, At.AMBER)]
    waiting = [line for line in lines if line.now in (At.AWAITED, At.NOT_ISSUED)]
    address = f"{reverse('action-list')}?quarter={quarter.slug}&portfolio={portfolio.pk}"
    return PortfolioCard(
        slug=slugify(portfolio.name) or f"portfolio-{portfolio.pk}",
        name=portfolio.name,
        mine=mine,
        sentence=_sentence(lines, moved),
        counts=tuple(CountLine(at_tag(at), before[at], now[at]) for at in At if now[at] or before[at]),
        moved=tuple(_moved(line) for line in sorted(moved, key=_worst_first)),
        off_track=tuple(_off_track(line) for line in sorted(off_track, key=_worst_first)),
        waiting=tuple(_name(line) for line in waiting),
        listed=Link("All its actions", address, f"of {portfolio.name}"),
    )


def _worst_first(line: Line) -> tuple[int, str]:
    return line.now.rank, line.row.code_key


def _sentence(lines: list[Line], moved: list[Line]) -> str:
    better = sum(line.movement is Movement.BETTER for line in moved)
    worse = len(moved) - better
    late = sum(line.is_overdue for line in lines)
    compared = any(line.movement is not Movement.NONE for line in lines)
    moves = f"{better} better and {worse} worse than the quarter before" if compared else "none to compare yet"
    parts = [f"{count_of(len(lines), 'action')}: {moves}"]
    if late:
        parts.append(f"{late} overdue")
    return ", ".join(parts) + "."


def _name(line: Line) -> Link:
    return Link(line.row.name, reverse("action", args=[line.row.plan_year.financial_year, line.row.code]))


def _moved(line: Line) -> MovedRow:
    """What is completed says what was achieved: no other reason is asked for it."""
    words = line.update.words if line.update is not None and line.update.stands else None
    return MovedRow(
        name=_name(line),
        before=at_tag(line.before),
        now=at_tag(line.now),
        movement=movement_piece(line.movement),
        why=(words.rag_reason or words.achieved) if words is not None else "",
    )


def _off_track(line: Line) -> OffTrackRow:
    update, step = line.update, line.dates.next_step
    words = update.words if update is not None and update.stands else None
    return OffTrackRow(
        name=_name(line),
        now=at_tag(line.now),
        late=tuple(late_words(line)),
        what=words.recovery if words is not None else "",
        when=day(words.recovery_by) if words is not None else "",
        who=words.recovery_owner if words is not None else "",
        next_step=f"{step.name}, {short_day(step.due_on)}" if step is not None else "",
    )
