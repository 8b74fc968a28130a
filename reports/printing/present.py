"""A frozen pack made ready for its templates: addresses within it, drawn charts, the contents. No query, no clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.text import slugify

from hdcperf.charts import KpiChart, notes, print_svg, rag_bar, svg, table
from reports.packs.frozen import (
    FrontPage,
    FrozenAnnex,
    FrozenPack,
    FrozenSupplement,
    Mention,
    OutcomePart,
    PriorityPart,
    Tally,
)
from reports.packs.items import FrozenAction, FrozenKpi, FrozenMeasure, FrozenProject
from reports.packs.pieces import Colour, Count, Revised
from reports.packs.sections import SectionKey
from reports.printing.fonts import FAMILIES

__all__ = ["PackView", "Paged", "Paper", "paper_of_annex", "paper_of_pack", "paper_of_supplement", "present_pack"]

NOT_PUBLIC = "Not for publication"
"""What stands on each page of an exempt annex."""
CHART_SIZE = (800, 220)
"""In the units of a sheet: at the width of A4 its words are 8 point."""
PHONE_SIZE = (320, 260)
LONG = 2000
"""Characters of commentary; an item with more may be split between pages, the others are kept whole."""
FRONT_ROWS = 7
"""How many of each list the front page has room for; the rest are counted and stand in the sections."""


@dataclass(frozen=True)
class Paper:
    """What heads and foots of every page of a PDF say, and its description; ``mark`` stands at the top of each.

    ``draft`` is the word printed across the pages of a draft as well.
    """

    council: str
    title: str
    description: str
    foot: str
    created: date
    mark: str = ""
    draft: str = ""
    landscape: bool = False
    language: str = "en-GB"
    printed: bool = True


@dataclass(frozen=True)
class Paged:
    """What a piece of a pack is shown with on a page, not on paper."""

    printed: bool = False


def paper_of_pack(pack: FrozenPack, draft: str) -> Paper:
    return Paper(
        council=pack.council,
        title=pack.title,
        description=f"{pack.body}, {pack.period}, version {pack.version}",
        foot=f"{pack.body}, version {pack.version}",
        created=pack.frozen_on,
        mark=draft,
        draft=draft,
        landscape=pack.orientation == "landscape",
        language=pack.language,
    )


def paper_of_supplement(supplement: FrozenSupplement) -> Paper:
    return Paper(
        council=supplement.council,
        title=supplement.title,
        description=f"{supplement.pack_title}, supplement {supplement.number}",
        foot=f"{supplement.pack_title}, supplement {supplement.number}",
        created=supplement.issued_on,
        language=supplement.language,
    )


def paper_of_annex(annex: FrozenAnnex) -> Paper:
    assert annex.frozen_on is not None
    return Paper(
        council=annex.council,
        title=f"Exempt annex: {annex.title}",
        description=f"{annex.pack_title}, exempt annex, version {annex.version}",
        foot=f"{annex.pack_title}, exempt annex, version {annex.version}",
        created=annex.frozen_on,
        mark=NOT_PUBLIC,
        language=annex.language,
    )


@dataclass(frozen=True)
class Entry:
    """A line of the contents."""

    words: str
    anchor: str
    level: int


@dataclass(frozen=True)
class Drawn:
    """A chart: its drawing, on a page one for a phone too; its figures with a column for each month; its notes."""

    title: str
    svg: SafeString
    small: SafeString
    table: ChartTable | None
    events: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ChartTable:
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class KpiView:
    """``is_long`` may be split under its chart: it fills a page, or it is the first under headings it must follow."""

    kpi: FrozenKpi
    anchor: str
    chart: Drawn | None
    is_long: bool


@dataclass(frozen=True)
class ActionView:
    action: FrozenAction
    anchor: str
    is_long: bool


@dataclass(frozen=True)
class ProjectView:
    project: FrozenProject
    anchor: str
    is_long: bool


@dataclass(frozen=True)
class MeasureView:
    measure: FrozenMeasure
    anchor: str
    chart: Drawn | None


@dataclass(frozen=True)
class OutcomeView:
    heading: str
    anchor: str
    kpis: tuple[KpiView, ...]
    actions: tuple[ActionView, ...]


@dataclass(frozen=True)
class PriorityView:
    heading: str
    anchor: str
    outcomes: tuple[OutcomeView, ...]


@dataclass(frozen=True)
class Bar:
    """A drawing of how many stand at each colour, and what it counts."""

    heading: str
    svg: SafeString


@dataclass(frozen=True)
class CountRow:
    """How many stand at each colour of the table's columns, now, forecast or last quarter."""

    words: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """The first of a list, and how many more there are."""

    rows: tuple[Mention | Revised | str, ...]
    more: int


@dataclass(frozen=True)
class FrontView:
    front: FrontPage
    bars: tuple[Bar, ...]
    colours: tuple[Colour, ...]
    counts: tuple[CountRow, ...]
    better: Shown
    worse: Shown
    changes: Shown
    asked_to_note: Shown


@dataclass(frozen=True)
class SectionView:
    key: str
    heading: str
    anchor: str
    template: str


@dataclass(frozen=True)
class PackView:
    """What the templates print. ``printed`` is true on paper, where headings are numbered by page."""

    pack: FrozenPack
    printed: bool
    draft: str
    front: FrontView
    first: SectionView | None
    rest: tuple[SectionView, ...]
    contents: tuple[Entry, ...]
    priorities: tuple[PriorityView, ...]
    projects: tuple[ProjectView, ...]
    measures: tuple[MeasureView, ...]


def present_pack(pack: FrozenPack, printed: bool, draft: str = "") -> PackView:
    """The pack for its page, or printed for its PDF. ``draft`` is the word a draft carries; "" for what is frozen."""
    sections = tuple(
        SectionView(one.key, one.heading, f"section-{one.key}", f"reports/pack/{one.key}.html")
        for one in pack.sections
        if _has_something(pack, one.key)
    )
    leads = sections[:1] if sections and sections[0].key == SectionKey.FRONT else ()
    rest = (*_changes(pack), *sections[len(leads) :])
    priorities = tuple(_priority(one, printed) for one in pack.priorities)
    projects = tuple(ProjectView(one, _anchor("project", one.code), _is_long(one)) for one in pack.projects)
    measures = tuple(
        MeasureView(one, _anchor("measure", one.reference), _drawn(one.chart, printed)) for one in pack.measures
    )
    return PackView(
        pack=pack,
        printed=printed,
        draft=draft,
        front=_front(pack.front, printed),
        first=leads[0] if leads else None,
        rest=rest,
        contents=tuple(_contents((*leads, *rest), priorities, projects, measures)),
        priorities=priorities,
        projects=projects,
        measures=measures,
    )


def _changes(pack: FrozenPack) -> Iterator[SectionView]:
    """What a reader of an earlier one looks for first; no template can leave it out."""
    if pack.corrections:
        yield SectionView("corrections", "What this version corrects", "corrections", "reports/pack/corrections.html")
    if pack.changed_since or pack.changed_since_what:
        heading = f"What has changed since {pack.changed_since_what or 'the earlier pack'}"
        yield SectionView("since", heading, "changed-since", "reports/pack/since.html")


def _has_something(pack: FrozenPack, key: str) -> bool:
    """A section chosen for what this pack does not have is left out, save those whose emptiness says something."""
    held = {
        SectionKey.COVER: pack.cover,
        SectionKey.COMMENTS: pack.comments,
        SectionKey.MEASURES: pack.measures,
    }
    return bool(held.get(SectionKey(key), True)) if key in set(SectionKey) else False


def _anchor(kind: str, code: str) -> str:
    return f"{kind}-{slugify(code)}"


def _priority(part: PriorityPart, printed: bool) -> PriorityView:
    heading = f"Priority {part.number}: {part.name}" if part.number else part.name
    outcomes = tuple(_outcome(one, part, printed) for one in part.outcomes if one.kpis or one.actions)
    return PriorityView(heading, f"priority-{part.number}", outcomes)


def _outcome(part: OutcomePart, of: PriorityPart, printed: bool) -> OutcomeView:
    return OutcomeView(
        heading=f"Outcome {part.number}: {part.name}" if part.number else part.name,
        anchor=f"outcome-{of.number}-{part.number}",
        kpis=tuple(
            KpiView(one, _anchor("kpi", one.code), _drawn(one.chart, printed), _is_long(one)) for one in part.kpis
        ),
        actions=tuple(ActionView(one, _anchor("action", one.code), _is_long(one)) for one in part.actions),
    )


def _is_long(item: FrozenKpi | FrozenAction | FrozenProject) -> bool:
    """Whether its words, with a line for each break in them, would not fit on a page under its chart."""
    if isinstance(item, FrozenKpi):
        words = [one.words for one in item.commentary]
    elif isinstance(item, FrozenAction):
        words = [item.wording, item.done, item.impact, item.achieved]
    else:
        words = [item.purpose, item.board_words, item.progress, item.risks, item.next_steps]
    return sum(len(one) + 80 * one.count("\n") for one in words) > LONG


def _drawn(chart: KpiChart | None, printed: bool) -> Drawn | None:
    if chart is None or not chart.points:
        return None
    return Drawn(
        title=chart.title,
        svg=print_svg(chart, *CHART_SIZE, FAMILIES) if printed else svg(chart, *CHART_SIZE),
        small=SafeString("") if printed else svg(chart, *PHONE_SIZE),
        table=_across(chart),
        events=tuple(f"{event.label}: {event.sentence}" for _, _, event in chart.numbered_events()),
        notes=notes(chart),
    )


def _across(chart: KpiChart) -> ChartTable:
    """The table of the chart's figures with its months side by side, as a year is read on paper."""
    whole = table(chart)
    rows = whole.rows[: len(chart.points)]
    found = [(chart.this_label or "Figure", tuple(row.figure for row in rows))]
    if whole.has_rag:
        found.append(("RAG", tuple(row.rag for row in rows)))
    if whole.has_target:
        found.append(("Target", tuple(row.target for row in rows)))
    if whole.has_intervention:
        found.append(("Intervention level", tuple(row.intervention for row in rows)))
    if whole.has_last_year:
        found.append((chart.last_label or "Last year", tuple(row.last_year for row in rows)))
    unit = f" ({chart.unit_text})" if chart.unit_text else ""
    return ChartTable(f"{chart.title}: figures{unit}", tuple(point.short for point in chart.points), tuple(found))


def _front(front: FrontPage, printed: bool) -> FrontView:
    return FrontView(
        front=front,
        bars=tuple(bar for tally in front.tallies for bar in _bars(tally, printed)),
        colours=tuple(_colours(front.tallies)),
        counts=tuple(row for tally in front.tallies for row in _counts(tally, tuple(_colours(front.tallies)))),
        better=_shown(front.better),
        worse=_shown(front.worse),
        changes=_shown(front.changes),
        asked_to_note=_shown(front.asked_to_note),
    )


def _shown(rows: tuple[Mention, ...] | tuple[Revised, ...] | tuple[str, ...]) -> Shown:
    """All of them where the page has room; else one fewer than it has room for, and a line that counts the rest."""
    if len(rows) <= FRONT_ROWS:
        return Shown(rows, 0)
    return Shown(rows[: FRONT_ROWS - 1], len(rows) - FRONT_ROWS + 1)


def _bars(tally: Tally, printed: bool) -> Iterator[Bar]:
    yield _bar(tally.now, f"{tally.kind} now", printed)
    if tally.forecast:
        yield _bar(tally.forecast, f"{tally.kind}, year-end forecast", printed)


def _colours(tallies: tuple[Tally, ...]) -> dict[Colour, None]:
    """Every colour anything stands at, each once, in the order they first come."""
    return dict.fromkeys(count.colour for tally in tallies for count in tally.now)


def _counts(tally: Tally, colours: tuple[Colour, ...]) -> Iterator[CountRow]:
    for words, counts in (("now", tally.now), ("year-end forecast", tally.forecast), ("last quarter", tally.before)):
        if counts:
            numbers = {one.colour.key: str(one.number) for one in counts}
            yield CountRow(f"{tally.kind} {words}", tuple(numbers.get(one.key, "0") for one in colours))


def _bar(counts: tuple[Count, ...], heading: str, printed: bool) -> Bar:
    numbers = {one.colour.word: one.number for one in counts}
    return Bar(heading, rag_bar(numbers, heading, 330, FAMILIES if printed else ""))


def _contents(
    sections: tuple[SectionView, ...],
    priorities: tuple[PriorityView, ...],
    projects: tuple[ProjectView, ...],
    measures: tuple[MeasureView, ...],
) -> Iterator[Entry]:
    for section in sections:
        yield Entry(section.heading, section.anchor, 1)
        if section.key == SectionKey.ITEMS:
            yield from _items(priorities)
        elif section.key == SectionKey.PROJECTS:
            yield from (Entry(f"{one.project.code} {one.project.name}", one.anchor, 3) for one in projects)
        elif section.key == SectionKey.MEASURES:
            yield from (Entry(one.measure.name, one.anchor, 3) for one in measures)


def _items(priorities: tuple[PriorityView, ...]) -> Iterator[Entry]:
    for priority in priorities:
        yield Entry(priority.heading, priority.anchor, 2)
        for outcome in priority.outcomes:
            yield Entry(outcome.heading, outcome.anchor, 2)
            yield from (Entry(f"{one.kpi.code} {one.kpi.title}", one.anchor, 3) for one in outcome.kpis)
            yield from (Entry(f"{one.action.code} {one.action.title}", one.anchor, 3) for one in outcome.actions)
