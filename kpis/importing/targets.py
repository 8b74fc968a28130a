"""What a file says of a year's targets: one dated set, flat from the year's or typed for each month (C.1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hdcperf import clock
from hdcperf.periods import Month
from hdcperf.rag import Direction
from kpis.importing.draft import Located, YearDraft, exact
from kpis.importing.options import Options
from kpis.models import MonthlyTarget, TargetSet
from kpis.queries.findings import measure_of
from kpis.queries.years import NO_LEVELS, levels_of
from kpis.rules.figures import YtdRule
from kpis.rules.profiles import monthly_levels
from kpis.rules.target_sets import levels_refusal
from kpis.rules.year_to_date import Levels, levels_to_date

__all__ = ["IMPORTED", "plan_targets", "row_levels", "target_figure"]

IMPORTED = "Imported from "
"""How the reason of a target set starts that a file made: a later file may change it, and no other."""


def target_figure(row: Located, name: str, options: Options) -> Decimal | None:
    """A target in a row; nought is none where the file means that."""
    found: Decimal | None = row.mapped[name]
    return None if found == 0 and options.nought_is_no_target else found


def row_levels(row: Located, options: Options, prefix: str = "") -> Levels:
    """The levels in a row: the month's, or those under ``ytd_`` or ``year_``."""
    return Levels(
        target=target_figure(row, f"{prefix}target", options),
        intervention=target_figure(row, f"{prefix}intervention", options),
        target_upper=target_figure(row, f"{prefix}target_upper", options),
        intervention_upper=target_figure(row, f"{prefix}intervention_upper", options),
    )


def plan_targets(draft: YearDraft, options: Options, file_name: str) -> None:
    """Put the targets of the rows onto the draft: a new set, months of an imported one, or a refusal."""
    direction = Direction(draft.kpi_year.direction)
    was = _worked_out(draft)
    by_month: dict[Month, tuple[Levels, Located]] = {}
    for row in draft.rows:
        levels = row_levels(row, options)
        if row.month is None or levels == NO_LEVELS:
            continue
        if sentence := levels_refusal(levels, direction):
            draft.refuse(row, "target" if levels.intervention is None else "intervention", sentence)
        else:
            by_month.setdefault(row.month, (levels, row))
    year = next((found for row in draft.rows if (found := row_levels(row, options, "year_")) != NO_LEVELS), None)
    if year is not None and (sentence := levels_refusal(year, direction)):
        draft.refuse(draft.rows[0], "year_target", sentence)
        return
    if not by_month and year is not None:
        first = draft.rows[0]
        spread = monthly_levels(measure_of(draft.kpi_year), draft.facts.expected, year)
        by_month = {month: (levels, first) for month, levels in spread.items()}
        _set_months(draft, by_month, file_name, TargetSet.Profile.FLAT)
    elif by_month:
        _set_months(draft, by_month, file_name, TargetSet.Profile.TYPED)
    if draft.target_set is not None:
        _set_year(draft, draft.target_set, year or _published(draft, options), was)


def _set_months(
    draft: YearDraft, by_month: Mapping[Month, tuple[Levels, Located]], file_name: str, profile: str
) -> None:
    imported = next((one for one in draft.facts.target_sets if one.reason.startswith(IMPORTED)), None)
    flat = profile == TargetSet.Profile.FLAT
    refused: set[int] = set()
    for month, (levels, row) in sorted(by_month.items()):
        current = draft.facts.month_levels(month)
        governing = draft.facts.governing(month)
        if current == levels:
            continue
        if governing is not imported or (imported is None and _is_taken(draft)):
            if row.index not in refused:
                draft.refuse(row, "year_target" if flat else "target", _not_by_file(draft, month, current))
                refused.add(row.index)
            continue
        if imported is None:
            imported = _new_set(draft, file_name, profile)
        _set_month(draft, imported, month, levels)
        if not flat:
            draft.change(row, "Target", exact(current.target), exact(levels.target))
            draft.change(row, "Intervention level", exact(current.intervention), exact(levels.intervention))
    if imported is not None:
        draft.target_set = imported


def _is_taken(draft: YearDraft) -> bool:
    """Whether a target that awaits approval stands where the imported set would start."""
    return any(one.from_month == draft.kpi_year.months[0].first_day for one in draft.facts.target_sets)


def _not_by_file(draft: YearDraft, month: Month, current: Levels) -> str:
    if current.target is None:
        return f"A target for {month} is awaiting approval or has none, so a file does not set it."
    shown = draft.kpi_year.figure(current.target)
    return f"The approved target for {month} is {shown}: change the target itself first, or leave it out of the file."


def _new_set(draft: YearDraft, file_name: str, profile: str) -> TargetSet:
    made = TargetSet(
        kpi_year=draft.kpi_year,
        from_month=draft.kpi_year.months[0].first_day,
        direction=draft.kpi_year.direction,
        profile=profile,
        state=TargetSet.State.APPROVED,
        approved_by="As published before this system",
        approved_on=clock.today(),
        reason=f"{IMPORTED}{file_name}",
    )
    draft.facts.target_sets.insert(0, made)
    return made


def _set_month(draft: YearDraft, target_set: TargetSet, month: Month, levels: Levels) -> None:
    months = draft.facts.targets.setdefault(target_set.pk, {})
    row = months.get(month)
    if row is None:
        row = MonthlyTarget(target_set=target_set, month=month.first_day, direction=draft.kpi_year.direction)
        months[month] = row
    _put(row, levels)
    draft.targets.append(row)


def _put(row: MonthlyTarget | TargetSet, levels: Levels) -> None:
    row.target, row.target_upper = levels.target, levels.target_upper
    row.intervention, row.intervention_upper = levels.intervention, levels.intervention_upper


def _set_year(draft: YearDraft, target_set: TargetSet, given: Levels | None, was: Levels | None) -> None:
    """The year's target: as the file gives it, else worked out once every month has one.

    ``was`` is what the months came to before: a year's target that did not come from them stays as it is.
    """
    before = levels_of(target_set)
    wanted = given if given is not None else _worked_out(draft) if before in (NO_LEVELS, was) else None
    if wanted is None or wanted == before:
        return
    _put(target_set, wanted)
    draft.set_changed = True
    draft.change(draft.rows[-1], "Year's target", exact(before.target), exact(wanted.target))


def _published(draft: YearDraft, options: Options) -> Levels | None:
    last_month = draft.facts.expected[-1]
    last = next((row for row in draft.rows if row.month == last_month), None)
    target = target_figure(last, "ytd_target", options) if last is not None else None
    if target is None or Direction(draft.kpi_year.direction) is Direction.RANGE:
        return None
    level = target_figure(last, "ytd_intervention", options) if last is not None else None
    levels = Levels(target, level)
    return levels if not levels_refusal(levels, Direction(draft.kpi_year.direction)) else Levels(target)


def _worked_out(draft: YearDraft) -> Levels | None:
    expected = draft.facts.expected
    by_month = {month: draft.facts.month_levels(month) for month in expected}
    if any(levels.target is None for levels in by_month.values()):
        return None
    found = levels_to_date(YtdRule(draft.kpi_year.ytd_rule), by_month, first_month=draft.kpi_year.year_starts_in)[
        expected[-1]
    ]
    edges = [found.target, found.intervention, found.target_upper, found.intervention_upper]
    rounded = Levels(*(None if edge is None else edge.quantize(Decimal("0.000001")) for edge in edges))
    return rounded if not levels_refusal(rounded, Direction(draft.kpi_year.direction)) else None
