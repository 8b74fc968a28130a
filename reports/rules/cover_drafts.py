"""Sentences the covering report starts from, by plain rules from the counts and movements of the pack. Pure.

Each sentence has a name, so that one that was kept is found again when the data has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reports.packs.frozen import FrozenPack
from reports.packs.items import FrozenKpi
from reports.rules.front_page import listed

__all__ = ["Fact", "Stale", "drafts", "facts", "quotes_in", "stale_quotes"]


BACKGROUND = "The Corporate Plan, its actions and indicators, and the council’s Performance Management Framework."


@dataclass(frozen=True)
class Fact:
    """Something the data says: ``name`` is what it is of, ``words`` how it is said today."""

    name: str
    words: str
    about: str = ""


@dataclass(frozen=True)
class Stale:
    """A quotation the data no longer bears out."""

    quoted: str
    now: str


def drafts(pack: FrozenPack) -> dict[str, str]:
    """A first text under each heading that can be drafted, by the heading's key."""
    return {key: words for key, words in _drafted(pack) if words}


def _drafted(pack: FrozenPack) -> Iterator[tuple[str, str]]:
    yield (
        "purpose",
        f"This report tells {pack.body} how the council performed in {pack.period} against its Corporate Plan: its "
        "actions, its projects and its key performance indicators.",
    )
    asks = [f"- note that {_lower(one)}" for one in pack.front.asked_to_note]
    yield "recommendations", "\n".join([f"{pack.body} is asked to:", "", *asks]) if asks else ""
    yield "summary", "\n\n".join(one.words for one in summary_facts(pack))
    yield "risk", _risks(pack)
    yield "background", BACKGROUND


def _lower(words: str) -> str:
    return words if words[:1].isdigit() else words[:1].lower() + words[1:]


def summary_facts(pack: FrozenPack) -> list[Fact]:
    """The counts and movements in sentences, each with its name."""
    found = [Fact(f"tally of {one.kind}", one.sentence) for one in pack.front.tallies if one.sentence]
    found.append(Fact("movement", pack.front.movement))
    for name, mentions, word in (("better", pack.front.better, "better"), ("worse", pack.front.worse, "worse")):
        if mentions:
            codes = listed(f"{one.code} ({one.words.lower()})" for one in mentions)
            found.append(Fact(f"what got {name}", f"Moved to a {word} colour: {codes}."))
    if pack.front.completeness:
        found.append(Fact("completeness", pack.front.completeness))
    return found


def _risks(pack: FrozenPack) -> str:
    late = [kpi.code for kpi in pack.kpis if kpi.track_record]
    if not late:
        return ""
    return f"Forecasts of {listed(late)} have been too hopeful before: the track record of each is printed beside it."


def facts(pack: FrozenPack) -> list[Fact]:
    """Everything a text can quote: the drafted sentences whole, and each KPI's figures where its code is named."""
    found = summary_facts(pack)
    found += [Fact(f"asked: {at}", _lower(one)) for at, one in enumerate(pack.front.asked_to_note, start=1)]
    for kpi in pack.kpis:
        found += [Fact(f"{kpi.code}, {name}", words, kpi.code) for name, words in _figures(kpi) if words]
    return found


def _figures(kpi: FrozenKpi) -> Iterator[tuple[str, str]]:
    yield f"{kpi.period}", kpi.month.words if kpi.month.value is not None else ""
    yield f"year to {kpi.period}", kpi.ytd.words if kpi.ytd.value is not None else ""
    yield "forecast", kpi.forecast.words if kpi.forecast.value is not None else ""
    yield "target", kpi.levels.target_words if kpi.levels.target is not None else ""


def quotes_in(text: str, known: Iterable[Fact]) -> list[list[str]]:
    """What ``text`` quotes of ``known``: pairs of name and words, to be kept with it."""
    plain = _plain(text)
    return [
        [fact.name, fact.words]
        for fact in known
        if _plain(fact.words) in plain and (not fact.about or _plain(fact.about) in plain)
    ]


def stale_quotes(text: str, quotes: Iterable[Iterable[str]], known: Iterable[Fact]) -> list[Stale]:
    """The quotations still in ``text`` that the data now says otherwise, and how it says them."""
    held = list(known)
    now = {fact.name: fact.words for fact in held}
    plain = _plain(text)
    # A whole sentence may be true under another name; a bare figure that another KPI happens to have is no excuse.
    said = {_plain(fact.words) for fact in held if not fact.about}
    return [
        Stale(words, now.get(name, "This is no longer so."))
        for name, words in quotes
        if _plain(words) in plain and now.get(name) != words and _plain(words) not in said
    ]


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()
