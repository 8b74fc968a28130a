"""What a row says of a month: a return that arrives accepted, judged by the target it was published with (C.1.2)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hdcperf import clock
from hdcperf.periods import APRIL, Month
from hdcperf.rag import Direction, Rag
from kpis.importing.draft import Located, YearDraft, exact
from kpis.importing.known import Known
from kpis.importing.options import Options
from kpis.importing.targets import row_levels
from kpis.models import MonthlyReturn
from kpis.operations.freezing import as_stored, put
from kpis.queries.assessing import ACCEPTED, assess
from kpis.queries.years import NO_LEVELS
from kpis.rules.figures import Entry, Frequency, Unit
from kpis.rules.target_sets import levels_refusal
from kpis.rules.year_to_date import Levels

__all__ = ["plan_months"]

SHOWN: tuple[tuple[str, str], ...] = (
    ("value", "Figure"),
    ("numerator", "Numerator"),
    ("denominator", "Denominator"),
    ("ytd_figure", "Year to date"),
    ("target", "Judged by the target"),
    ("target_upper", "Judged by the upper edge"),
    ("intervention", "Judged by the intervention level"),
    ("intervention_upper", "Judged by the upper intervention level"),
    ("rag", "RAG"),
    ("forecast", "Year-end forecast"),
    ("what_happened", "Commentary"),
)
"""What a row can change in a month, in words. The year's target it was judged with is frozen and not compared."""
ENTERED = ("value", "numerator", "denominator")


def plan_months(draft: YearDraft, known: Known, options: Options) -> None:
    """Put the months of the rows onto the draft: new, changed, unchanged, or refused."""
    by_month: dict[Month, Located] = {}
    before: dict[Month, dict[str, Any] | None] = {}
    earlier = {month: _frozen(record) for month, record in draft.facts.returns.items() if record.is_accepted}
    computed = _computed(draft)
    for row in draft.rows:
        month = row.month
        if month is None or draft.problems[row.index] or row.mapped.problems:
            continue
        if month in by_month:
            draft.refuse(row, "month", f"Row {by_month[month].mapped.number:,} already gives {month} for this KPI.")
            continue
        by_month[month] = row
        if not _has_figure(row):
            draft.notes[row.index] = "No figure in this row, so there is nothing to import for the month."
            continue
        if sentence := _refusal(draft, row, month, options):
            draft.refuse(row, *sentence)
            continue
        record = draft.facts.returns.get(month)
        if record is not None and _stays(draft, row, record, known):
            continue
        before[month] = _frozen(record) if record is not None else None
        draft.facts.returns[month] = _entered(draft, row, month, record)
    for month in sorted(before):
        _settle(draft, by_month[month], draft.facts.returns[month], before[month], known, options)
    _find_moved(draft, set(before), earlier, computed, known)


def _has_figure(row: Located) -> bool:
    return any(row.mapped[name] is not None for name in ("actual", "numerator", "denominator"))


def _refusal(draft: YearDraft, row: Located, month: Month, options: Options) -> tuple[str, str] | None:
    """The field and the sentence that refuse the row's figure, if anything does."""
    mapped, kpi_year = row.mapped, draft.kpi_year
    if month.first_day > clock.today():
        return "month", f"{month} has not begun."
    if draft.kpi.ended_after is not None and month.first_day > draft.kpi.ended_after:
        return "month", f"The KPI ended after {Month.from_date(draft.kpi.ended_after)}."
    if month not in draft.facts.expected:
        return "month", f"The KPI has a figure {Frequency(kpi_year.frequency).label.lower()}, and {month} has none."
    if kpi_year.entry == Entry.PARTS.value and mapped["actual"] is None:
        if mapped["numerator"] is None or mapped["denominator"] is None:
            return "denominator", "The figure needs both its numerator and its denominator."
        if mapped["denominator"] < 0:
            return "denominator", "The denominator is below nought."
        if kpi_year.unit == Unit.PERCENTAGE.value and _is_above_whole(draft, row):
            return "numerator", "The part is larger than the whole."
    elif mapped["actual"] is None:
        return "actual", "The KPI takes the figure itself, and the row has only a numerator or denominator."
    elif kpi_year.minimum is not None and mapped["actual"] < kpi_year.minimum:
        return "actual", f"The figure is below {kpi_year.figure(kpi_year.minimum)}, the smallest it can be."
    elif kpi_year.maximum is not None and mapped["actual"] > kpi_year.maximum:
        return "actual", f"The figure is above {kpi_year.figure(kpi_year.maximum)}, the largest it can be."
    if sentence := levels_refusal(row_levels(row, options, "ytd_"), Direction(kpi_year.direction)):
        return "ytd_target", sentence
    return None


def _is_above_whole(draft: YearDraft, row: Located) -> bool:
    may_pass = draft.kpi_year.maximum is not None and draft.kpi_year.maximum > 100
    return not may_pass and bool(row.mapped["numerator"] > row.mapped["denominator"] > 0)


def _stays(draft: YearDraft, row: Located, record: MonthlyReturn, known: Known) -> bool:
    """Whether the month is not the file's to change: nothing to do if it says the same, else refused."""
    revisions = known.revised.get(record.pk, [])
    if record.imported and not revisions and record.pk not in known.issued:
        return False
    figures = [tuple(getattr(record, name) for name in ENTERED)]
    figures += [(one.old_value, one.old_numerator, one.old_denominator) for one in revisions]
    if record.is_accepted and _entered_in(row) in figures:
        draft.notes[row.index] = "The month is kept as it stands: it was accepted, revised or issued here."
        return True
    if not record.is_accepted:
        sentence = f"{record.measured} is being collected: its figure is entered on its own page."
    elif record.pk in known.issued:
        sentence = f"{record.measured} was issued in a pack: its figure is changed by a revision."
    elif revisions:
        sentence = f"{record.measured} was revised after it was imported: its figure is changed by a revision."
    else:
        sentence = f"{record.measured} was accepted here, not imported: its figure is changed by a revision."
    draft.refuse(row, "actual", sentence)
    return True


def _entered_in(row: Located) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    if row.mapped["actual"] is not None:
        return row.mapped["actual"], None, None
    return None, row.mapped["numerator"], row.mapped["denominator"]


def _entered(draft: YearDraft, row: Located, month: Month, record: MonthlyReturn | None) -> MonthlyReturn:
    """The return with what the row gives for it entered, not yet judged."""
    if record is None:
        april = draft.kpi_year.year_starts_in == APRIL
        record = MonthlyReturn(
            kpi=draft.kpi,
            kpi_year=draft.kpi_year,
            month=month.first_day,
            state=MonthlyReturn.State.ACCEPTED,
            imported=True,
            outturn=MonthlyReturn.Outturn.FINAL if april and month.month == APRIL - 1 else "",
        )
    record.value, record.numerator, record.denominator = _entered_in(row)
    if row.mapped["commentary"] is not None:
        record.what_happened = row.mapped["commentary"]
    if row.mapped["forecast"] is not None:
        record.forecast = row.mapped["forecast"]
    return record


def _settle(
    draft: YearDraft,
    row: Located,
    record: MonthlyReturn,
    before: dict[str, Any] | None,
    known: Known,
    options: Options,
) -> None:
    """Judge the month and say what it changes."""
    _judge(draft, row, record, options)
    moved = record.pk in known.moved
    if before is None:
        draft.new_rows.add(row.index)
        draft.returns.append(record)
    elif any(before[name] != getattr(record, name) for name, _ in SHOWN if not (moved and name not in ENTERED)):
        record.version += 1
        draft.returns.append(record)
    else:
        return
    for name, words in SHOWN:
        now = getattr(record, name)
        then = None if before is None else before[name]
        # The target stands in the changes already, and a figure its own year to date need not be told twice.
        if before is None and name in ("target", "target_upper", "intervention", "intervention_upper"):
            continue
        draft.change(row, words, _shown(name, then), _shown(name, now))


def _judge(draft: YearDraft, row: Located, record: MonthlyReturn, options: Options) -> None:
    """Freeze the figures with the year to date and its target as published, where the file has them."""
    found = assess(draft.facts, record.measured, record, counting=ACCEPTED)
    put(record, found)
    published = row.mapped["ytd_actual"]
    if published is not None:
        record.ytd_figure = published
        if record.measured == draft.facts.expected[-1]:
            record.forecast = published
            record.forecast_rag = found.year_levels.judge(published, Direction(draft.kpi_year.direction)).value
    levels = row_levels(row, options, "ytd_") if found.headline_is_ytd else NO_LEVELS
    if levels == NO_LEVELS:
        levels = found.judged_by
    elif levels.intervention is None and levels.target_upper is None:
        levels = _with_level(levels, found.judged_by, Direction(draft.kpi_year.direction))
    record.target, record.target_upper = as_stored(levels.target), as_stored(levels.target_upper)
    record.intervention, record.intervention_upper = (
        as_stored(levels.intervention),
        as_stored(levels.intervention_upper),
    )
    figure = record.ytd_figure if found.headline_is_ytd else found.month_figure
    record.rag = levels.judge(figure if found.has_figure else None, Direction(draft.kpi_year.direction)).value


def _with_level(levels: Levels, worked_out: Levels, direction: Direction) -> Levels:
    """A published target with the intervention level the months come to, where the two agree."""
    both = Levels(levels.target, worked_out.intervention)
    return levels if levels_refusal(both, direction) else both


def _frozen(record: MonthlyReturn) -> dict[str, Any]:
    return {name: getattr(record, name) for name, _ in SHOWN}


def _shown(name: str, value: Any) -> str:
    if name == "rag":
        return Rag(value).label if value else ""
    if name == "what_happened":
        return value or ""
    return exact(value)


def _computed(draft: YearDraft) -> set[Month]:
    """The accepted months whose year to date is what the rule makes of the months, and not another as published."""
    return {
        month
        for month, record in draft.facts.returns.items()
        if record.is_accepted
        and as_stored(assess(draft.facts, month, record, counting=ACCEPTED).ytd_figure) == record.ytd_figure
    }


def _find_moved(
    draft: YearDraft,
    touched: set[Month],
    earlier: dict[Month, dict[str, Any]],
    computed: set[Month],
    known: Known,
) -> None:
    """The accepted months the file leaves alone whose year to date moves because an earlier month does."""
    changed: Sequence[Month] = sorted(record.measured for record in draft.returns)
    if not changed:
        return
    draft.to_move = {month for month in earlier if month > changed[0] and month not in touched and month in computed}
