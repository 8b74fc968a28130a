"""A KPI year's targets in rows: the dated sets, each month's levels, and last year's results against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.urls import reverse

from hdcperf.charts import KpiChart, Point, present
from hdcperf.charts.present import ChartView
from hdcperf.periods import Month
from hdcperf.rag import Direction, Rag
from hdcperf.ui import Link, SummaryRow, Tag, day, mark_tag, moment, rag_tag
from kpis.models import KpiYear, TargetSet
from kpis.presenters.figures import bare_figure
from kpis.presenters.kpi_chart import chart_level, unit_words
from kpis.presenters.standing import levels_words
from kpis.queries.targets import TargetGround
from kpis.queries.years import YearFacts, levels_of
from kpis.rules.figures import Headline, YtdRule, format_target
from kpis.rules.profiles import Profile
from kpis.rules.sentences import span
from kpis.rules.target_preview import PreviewMonth
from kpis.rules.target_sets import governed
from kpis.rules.year_to_date import Levels

__all__ = [
    "MonthRow",
    "Preview",
    "Said",
    "SetRow",
    "arithmetic",
    "facts_of_set",
    "governs_words",
    "month_rows",
    "preview",
    "said",
    "set_rows",
    "set_tag",
    "year_words",
]

SUMMED = (YtdRule.ADDS_UP.value, YtdRule.RUNNING_TOTAL.value)


def set_tag(one: TargetSet) -> Tag:
    """Its state; one that was replaced says so in a word."""
    tags = {
        TargetSet.State.AWAITING.value: mark_tag("awaiting approval"),
        TargetSet.State.APPROVED.value: Tag("Approved", "teal"),
        TargetSet.State.REPLACED.value: Tag("Replaced"),
    }
    return tags.get(one.state) or Tag(one.get_state_display())


@dataclass(frozen=True)
class SetRow:
    """A dated set: from when and over which months, what, who approved it, and why."""

    link: Link
    governs: str
    target: str
    profile: str
    tag: Tag
    approved: str
    reason: str


def set_rows(kpi_year: KpiYear, sets: Sequence[TargetSet], expected: Sequence[Month]) -> list[SetRow]:
    """Each set with the months it governs, or would govern."""
    return [
        SetRow(
            link=Link(f"From {one.start}", reverse("target-set", args=[one.pk])),
            governs=governs_words(kpi_year, one, sets, expected),
            target=levels_words(kpi_year, levels_of(one)),
            profile=one.get_profile_display() if one.target is not None else "",
            tag=set_tag(one),
            approved=approval_words(one),
            reason=one.reason,
        )
        for one in sets
    ]


def approval_words(one: TargetSet) -> str:
    return f"{one.approved_by}, {day(one.approved_on)}" if one.approved_on is not None else ""


def governs_words(kpi_year: KpiYear, one: TargetSet, sets: Sequence[TargetSet], expected: Sequence[Month]) -> str:
    """``October 2026 to March 2027``, between the other sets that govern; in the conditional while it waits."""
    if not one.stands:
        return "No month"
    starts = [other.start for other in sets if other.state == TargetSet.State.APPROVED]
    months = governed(one.start, starts, expected)
    if not months:
        return "No month"
    first, last = (span(month, kpi_year.frequency) for month in (months[0], months[-1]))
    words = first if first == last else f"{first} to {last}"
    return words if one.state == TargetSet.State.APPROVED else f"{words}, once approved"


@dataclass(frozen=True)
class MonthRow:
    """A month of the year: its target and level, the target to date, and the set they come from."""

    month: str
    target: str
    level: str
    to_date: str
    since: str
    judged: bool


def month_rows(facts: YearFacts, *, judged: bool) -> list[MonthRow]:
    """Each month as it stands now; ``judged`` says whether the reader may know which are accepted."""
    kpi_year = facts.kpi_year
    rows = []
    for month in facts.expected:
        levels, governing = facts.month_levels(month), facts.governing(month)
        rows.append(
            MonthRow(
                month=span(month, kpi_year.frequency),
                target=_target(kpi_year, levels),
                level=_level(kpi_year, levels),
                to_date=_target(kpi_year, facts.ytd_levels(month)),
                since=str(governing.start) if governing is not None else "",
                judged=judged and month in facts.judged,
            )
        )
    return rows


def _target(kpi_year: KpiYear, levels: Levels) -> str:
    if levels.target is None:
        return "None"
    return format_target(levels.target, levels.target_upper, kpi_year.unit, kpi_year.decimals)


def _level(kpi_year: KpiYear, levels: Levels) -> str:
    if levels.intervention is None:
        return "None"
    return format_target(levels.intervention, levels.intervention_upper, kpi_year.unit, kpi_year.decimals)


def facts_of_set(
    kpi_year: KpiYear, one: TargetSet, sets: Sequence[TargetSet], expected: Sequence[Month], *, names: bool
) -> list[SummaryRow]:
    """What the set is; ``names`` says whether officers are named to the reader."""
    rows = [
        ("Target for the year", levels_words(kpi_year, levels_of(one))),
        ("Governs", governs_words(kpi_year, one, sets, expected)),
        ("Spread over the months", one.get_profile_display() if one.target is not None else ""),
        ("Why", one.reason),
        ("Proposed by", one.set_by.name if names and one.set_by is not None else ""),
        ("Approved by", approval_words(one)),
    ]
    return [SummaryRow(key, value) for key, value in rows if value]


@dataclass(frozen=True)
class Said:
    """A move that was made, and what was said with it."""

    who: str
    when: str
    what: str
    words: str


_DONE = {
    "propose": "proposed it",
    "approve": "recorded the approval",
    "send_back": "sent it back",
    "take_back": "took it back",
    "replace": "approved another from the same month",
}


def said(one: TargetSet) -> list[Said]:
    """Its history, from being proposed; a set that came with an import has none."""
    return [
        Said(row.who, moment(row.at), _DONE[row.move], row.comment if row.move in ("send_back", "take_back") else "")
        for row in one.transitions.all()
    ]


@dataclass(frozen=True)
class PreviewRow:
    """A month of the preview: levels, last year's result, its share of last year, and the RAG it would have got."""

    month: str
    target: str
    level: str
    judged_by: str
    own: str
    share: str
    result: str
    rag: Tag
    kept: bool


@dataclass(frozen=True)
class Preview:
    """A target over last year's months: chart, rows and the arithmetic in sentences.

    ``share_heading`` names the column of shares, empty where no shape is followed; ``to_date`` says that the year to
    date is judged and so shown beside the months, ``totals`` that the targets themselves are totals to date.
    """

    chart: ChartView | None
    rows: tuple[PreviewRow, ...]
    sentences: tuple[str, ...]
    last_year: str
    share_heading: str
    to_date: bool
    totals: bool


def preview(
    ground: TargetGround, start: Month, year: Levels, profile: Profile | str, months: Mapping[Month, Levels]
) -> Preview:
    """How the months of a proposed or approved set come about, and what last year's results would have got."""
    kpi_year = ground.kpi_year
    found = ground.preview(start, dict(months))
    shares = _shares(ground, start) if profile == Profile.LAST_YEAR.value and ground.shape else {}
    has_results = any(one.result is not None for one in found)
    return Preview(
        chart=_chart(ground, found) if has_results and year.target is not None else None,
        rows=tuple(_row(kpi_year, one, shares.get(one.month, "")) for one in found),
        sentences=tuple(arithmetic(ground, start, year, profile, months)),
        last_year=str(kpi_year.financial_year.previous) if has_results else "",
        share_heading=_share_heading(ground, start) if shares else "",
        to_date=kpi_year.headline == Headline.YTD.value,
        totals=kpi_year.ytd_rule == YtdRule.RUNNING_TOTAL.value,
    )


def _row(kpi_year: KpiYear, one: PreviewMonth, share: str) -> PreviewRow:
    return PreviewRow(
        month=span(one.month, kpi_year.frequency),
        target=_target(kpi_year, one.levels),
        level=_level(kpi_year, one.levels),
        judged_by=_target(kpi_year, one.judged_by),
        own=bare_figure(kpi_year, one.own),
        share=share,
        result=bare_figure(kpi_year, one.result),
        rag=rag_tag(one.rag),
        kept=not one.is_new,
    )


def _share_heading(ground: TargetGround, start: Month) -> str:
    kpi_year = ground.kpi_year
    if kpi_year.ytd_rule in SUMMED:
        whole = start <= ground.facts.expected[0]
        return "Share of last year" if whole else "Share of last year’s same months"
    return "Of last year’s end" if kpi_year.ytd_rule == YtdRule.LATEST.value else "Of last year’s average"


@dataclass(frozen=True)
class _Shape:
    """Last year's own months and what each is held against: their total, the year's end or its average."""

    own: Mapping[Month, Decimal]
    whole: Decimal

    def share(self, month: Month) -> str:
        return f"{self.own[month] * 100 / self.whole:.1f}%"


def _shape(ground: TargetGround, start: Month) -> _Shape | None:
    """Of a sum, only the months the set governs: what is left for them is shared among them."""
    by_month = dict(zip(ground.facts.expected, ground.shape or [], strict=False))
    rule = ground.kpi_year.ytd_rule
    if rule in SUMMED:
        by_month = {month: value for month, value in by_month.items() if month >= start}
    if not by_month:
        return None
    total = sum(by_month.values(), Decimal(0))
    whole = total if rule in SUMMED else total / len(by_month)
    if rule == YtdRule.LATEST.value:
        whole = by_month[max(by_month)]
    return _Shape(by_month, whole) if whole else None


def _shares(ground: TargetGround, start: Month) -> dict[Month, str]:
    """What each month was of the year before."""
    found = _shape(ground, start)
    return {month: found.share(month) for month in found.own} if found is not None else {}


def arithmetic(
    ground: TargetGround, start: Month, year: Levels, profile: Profile | str, months: Mapping[Month, Levels]
) -> list[str]:
    """How the months come from the year's target, in sentences with the figures in them."""
    if year.target is None:
        return [f"From {start} it has no target, so it is reported and not judged."]
    return [
        *_kept_sentence(ground, start, year),
        *_shape_sentence(ground, start, year, profile, months),
        *_end_sentence(ground, start, year, months),
        *_last_year_sentence(ground, year),
    ]


def _show(ground: TargetGround, value: Decimal) -> str:
    return format_target(value, None, ground.kpi_year.unit, ground.kpi_year.decimals)


def _kept_sentence(ground: TargetGround, start: Month, year: Levels) -> list[str]:
    held = _held(ground, start)
    if held is None or year.target is None:
        return []
    return [
        f"The months before {start} keep the targets they had, {_show(ground, held)} in all, so "
        f"{_show(ground, year.target - held)} of the {_show(ground, year.target)} is left."
    ]


def _shape_sentence(
    ground: TargetGround, start: Month, year: Levels, profile: Profile | str, months: Mapping[Month, Levels]
) -> list[str]:
    """The arithmetic of the first month, with its figures, so that anybody can do the others."""
    shape = _shape(ground, start) if profile == Profile.LAST_YEAR.value else None
    target = months[min(months)].target if months else None
    if shape is None or target is None:
        return []
    first, rule = min(months), ground.kpi_year.ytd_rule
    then, whole = span(first - 12, ground.kpi_year.frequency), _show(ground, shape.whole)
    had = f"{then} had {_show(ground, shape.own[first])}, {shape.share(first)} of"
    if rule == YtdRule.ADDS_UP.value:
        return [
            f"Each month has the share it had last year: {had} {whole}, so {first} has {_show(ground, target)}, that "
            f"share of {_show(ground, _left(ground, start, year))}."
        ]
    if rule == YtdRule.RUNNING_TOTAL.value:
        return [
            f"Each month adds the share it added last year: {had} the {whole} added, so {first} adds that share of "
            f"{_show(ground, _left(ground, start, year))}, to {_show(ground, target)} in all."
        ]
    against = "last year’s end" if rule == YtdRule.LATEST.value else "last year’s average"
    return [
        f"Each month stands to the target as it stood to {against}: {had} {whole}, so {first} has "
        f"{_show(ground, target)}."
    ]


def _left(ground: TargetGround, start: Month, year: Levels) -> Decimal:
    """What of a year's sum is left for the months from ``start``."""
    held = _held(ground, start)
    return (year.target or Decimal(0)) - (held or Decimal(0))


def _held(ground: TargetGround, start: Month) -> Decimal | None:
    """What the months before are held to in all, where months are summed and each has a target."""
    kept = ground.facts.kept_before(start)
    if not kept or ground.kpi_year.ytd_rule not in SUMMED or any(one.target is None for one in kept.values()):
        return None
    return ground.to_date(kept)[max(kept)].target


def _end_sentence(ground: TargetGround, start: Month, year: Levels, months: Mapping[Month, Levels]) -> list[str]:
    """What the months come to at the year's end, where that is not the year's target: a mean is not held to it."""
    found = ground.preview(start, dict(months))
    reached = _year_end(ground, found)
    if reached is None or year.target is None or _show(ground, reached) == _show(ground, year.target):
        return []
    return [
        f"With the months before, the target to date ends the year at {_show(ground, reached)}; the year-end "
        f"forecast is judged by {_show(ground, year.target)}."
    ]


def _year_end(ground: TargetGround, found: Sequence[PreviewMonth]) -> Decimal | None:
    if not found or ground.kpi_year.ytd_rule == YtdRule.WEIGHTED.value:
        return None
    levels = {one.month: one.levels for one in found}
    if any(one.target is None for one in levels.values()):
        return None
    return ground.to_date(levels)[max(levels)].target


def _last_year_sentence(ground: TargetGround, year: Levels) -> list[str]:
    """Whether last year's own result would meet the year's target: members ask why beaten targets are not raised."""
    result = ground.last_years_result
    rag = year.judge(result, Direction(ground.kpi_year.direction))
    if result is None or rag not in (Rag.GREEN, Rag.AMBER, Rag.RED):
        return []
    beaten = ", so it beats this target already" if rag is Rag.GREEN else ""
    return [
        f"{ground.kpi_year.financial_year.previous} ended at {_show(ground, result)}, which would be "
        f"{rag.label.lower()}{beaten}."
    ]


def _chart(ground: TargetGround, found: Sequence[PreviewMonth]) -> ChartView:
    kpi_year = ground.kpi_year
    last = kpi_year.financial_year.previous
    prefix, suffix = unit_words(kpi_year)
    of = "year to date" if kpi_year.headline == Headline.YTD.value else "each period"
    view = present(
        KpiChart(
            title=f"Results of {last} against this target, {of}",
            points=tuple(
                Point(
                    label=span(one.month, kpi_year.frequency),
                    short=f"Q{one.month.quarter.number}" if kpi_year.frequency == "quarterly" else one.month.name[:3],
                    value=one.result,
                    rag=one.rag.label if one.result is not None else "",
                    level=chart_level(one.judged_by),
                    missing="No figure",
                )
                for one in found
            ),
            prefix=prefix,
            suffix=suffix,
            decimals=kpi_year.decimals,
            this_label=f"{last} results",
        ),
        "target-chart",
    )
    # The table beside it has these figures and more.
    return replace(view, table=replace(view.table, rows=()))


def year_words(facts: YearFacts, current: Month) -> str:
    """What governs in ``current`` (or at the year's first or last month), in a sentence."""
    kpi_year = facts.kpi_year
    month = min(max(current, facts.expected[0]), facts.expected[-1])
    governing = facts.governing(month)
    if kpi_year.direction == Direction.NONE.value:
        return "This KPI is context only: neither way is better, so it has no target."
    if governing is None:
        return f"No target governs {month}."
    return f"Target for the year: {levels_words(kpi_year, levels_of(governing))}, governing from {governing.start}."
