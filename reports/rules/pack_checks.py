"""The checks a pack passes before it is issued: each met, or waived with a reason that is printed (C.2.3). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from hdcperf.ui.words import day
from reports.packs.frozen import FrozenPack
from reports.packs.pieces import Status
from reports.packs.sections import COVER_HEADINGS, SectionKey
from reports.rules.cover_drafts import Stale

__all__ = ["CONFIRMED", "Beside", "CheckResult", "checked"]

CONFIRMED = "places_and_dates"
"""The check that only a person can make: it is met when somebody says that they have looked."""
NEEDED = ("recommendations", "summary", "background")
_TOO_ROSY = re.compile(
    r"\b(?:all|everything|overall|generally|broadly|largely)\b[^.\n]{0,60}\b(?:on track|on target|green|well|good|"
    r"positive|strong)\b|\bexcellent\b|\bon the whole\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Beside:
    """What the checks ask besides the pack itself, worked out by whoever reads the tables.

    ``stale_words`` are figures revised without a word on it, ``unanswered`` questions past their date, ``stale``
    quotations the data no longer bears out, ``named`` officers named in words that are published.
    """

    today: date
    stale_words: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    challenged: tuple[str, ...] = ()
    stale: tuple[Stale, ...] = ()
    named: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    confirmed: str = ""


@dataclass(frozen=True)
class CheckResult:
    """One check: what is asked, and what was found against it (nothing: it is met)."""

    code: str
    words: str
    found: tuple[str, ...] = field(default=())

    @property
    def is_met(self) -> bool:
        return not self.found


def checked(pack: FrozenPack, beside: Beside) -> list[CheckResult]:
    """Every check of a pack for its audience, in the order they are printed."""
    return [CheckResult(code, words, tuple(find(pack, beside))) for code, words, find, when in _CHECKS if when(pack)]


Finder = Callable[[FrozenPack, Beside], Iterator[str]]


def _missing(pack: FrozenPack, beside: Beside) -> Iterator[str]:
    for kpi in pack.kpis:
        if kpi.missing and not kpi.missing.startswith("None is due"):
            yield f"{kpi.code}: {kpi.missing}"
    for action in pack.actions:
        if action.missing:
            yield f"{action.code}: {action.missing}"
    for project in pack.projects:
        if project.missing:
            yield f"{project.code}: {project.missing}"


def _challenged(pack: FrozenPack, beside: Beside) -> Iterator[str]:
    yield from beside.challenged


def _stale_words(pack: FrozenPack, beside: Beside) -> Iterator[str]:
    yield from beside.stale_words


def _moved(pack: FrozenPack, beside: Beside) -> Iterator[str]:
    """A colour that moved and nothing written on why."""
    for kpi in pack.kpis:
        if _has_moved(kpi.status) and not any(one.words.strip() for one in kpi.commentary):
            yield f"{kpi.code}: {_way(kpi.status)} without a word on why"
    for action in pack.actions:
        explains_itself = action.status.now.key == "completed" and action.achieved
        if _has_moved(action.status) and not (action.rag_reason or explains_itself or _starts_well(action.status)):
            yield f"{action.code}: {_way(action.status)} without a reason"


def _has_moved(status: Status) -> bool:
    known = ("green", "amber", "red", "completed", "not_started")
    before = status.before
    return before is not None and before.key in known and status.now.key in known and before.key != status.now.key


def _starts_well(status: Status) -> bool:
    return status.before is not None and (status.before.key, status.now.key) == ("not_started", "green")


def _way(status: Status) -> str:
    assert status.before is not None
    return f"{status.before.word.lower()} to {status.now.word.lower()}"


def _recovery(pack: FrozenPack, beside: Beside) -> Iterator[str]:
    """A red without a recovery that has a date and an owner, or whose date has passed."""
    held = [(one.code, one.status, one.recovery) for one in pack.kpis]
    held += [(one.code, one.status, one.recovery) for one in pack.actions]
    held += [(one.code, one.status, one.recovery) for one in pack.projects]
    for code, status, recovery in held:
        if status.now.key != "red":
            continue
        if recovery is None or not recovery.what.strip() or recovery.by is None or not recovery.owner:
            yield f"{code}: it does not say what will be done, by when and by whom"
        elif recovery.by < beside.today:
            yield f"{code}: its recovery was due on {day(recovery.by)}, which has passed"


def _places(pack: FrozenPack, beside: Beside) -> Iterator[str]:
    if not beside.confirmed:
        yield "Nobody has said yet that they checked the names of places, and the dates, in the words"


def _questions(pack: FrozenPack, beside: Beside) -> Iterator[str]:
    yield from beside.unanswered


def _cover(pack: FrozenPack, beside: Beside) -> Iterator[str]:
    written = {one.key for one in pack.cover if one.words.strip()}
    for key in NEEDED:
        if key not in written:
            yield f"“{COVER_HEADINGS[key]}” is empty"


def _passes_over(pack: FrozenPack, beside: Beside) -> Iterator[str]:
    """Members said it: the opening words told the good news and skipped the RAG."""
    words = "\n".join(one.words for one in pack.cover if one.key in ("summary", "recommendations"))
    red = [one.code for one in pack.kpis if one.status.now.key == "red"]
    red += [one.code for one in pack.actions if one.status.now.key == "red"]
    if not words.strip() or not red:
        return
    unnamed = [code for code in red if not _names(code, words)]
    if unnamed:
        yield f"Red and not named in the summary or the recommendations: {', '.join(unnamed)}"
    if found := _TOO_ROSY.search(words):
        yield f"“{found[0].strip()}” stands in words about a period with {len(red)} red"


def _names(code: str, words: str) -> bool:
    """Whether the code stands in the words by itself: KPI 1 is not named by KPI 12."""
    pattern = r"\s*".join(re.escape(part) for part in code.split())
    return re.search(rf"(?<!\w){pattern}(?!\w)", words, re.IGNORECASE) is not None


def _quotes(pack: FrozenPack, beside: Beside) -> Iterator[str]:
    for one in beside.stale:
        yield f"“{one.quoted}” is quoted; the data now says: {one.now}"


def _names_of_officers(pack: FrozenPack, beside: Beside) -> Iterator[str]:
    yield from beside.named


def _small(pack: FrozenPack, beside: Beside) -> Iterator[str]:
    yield from beside.small


def _always(pack: FrozenPack) -> bool:
    return True


def _has_cover(pack: FrozenPack) -> bool:
    return any(one.key == SectionKey.COVER for one in pack.sections)


def _is_public(pack: FrozenPack) -> bool:
    return pack.audience in ("scrutiny", "cabinet", "yearly")


_CHECKS: Sequence[tuple[str, str, Finder, Callable[[FrozenPack], bool]]] = (
    ("missing", "Every figure, update and report that is due is accepted", _missing, _always),
    ("challenged", "Nothing is under challenge", _challenged, _always),
    ("stale_words", "No commentary is older than its figure", _stale_words, _always),
    ("moved", "Every colour that moved has its reason", _moved, _always),
    ("recovery", "Every red says what will be done, by a date to come and by whom", _recovery, _always),
    (CONFIRMED, "Somebody has checked the names of places, and the dates, in the words", _places, _always),
    ("questions", "Every question that is due is answered", _questions, _always),
    ("cover", "The covering report has its recommendations, summary and background papers", _cover, _has_cover),
    ("passes_over", "The covering report does not pass over what is red", _passes_over, _has_cover),
    ("quotes", "The figures it quotes are those of the data", _quotes, _has_cover),
    ("named", "No officer is named in what is published", _names_of_officers, _is_public),
    ("small", "No number that is kept back stands in the words", _small, _is_public),
)
