"""A file's rows made into a plan: what each would change, with nothing written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.text import slugify

from hdcperf.importing import Column, Mapped, Outcome, Plan, Problem, Row, Status, Table, as_rows, read_row
from hdcperf.periods import MONTH_NAMES, FinancialYear, Month
from kpis.importing import cells
from kpis.importing.draft import Located, YearDraft
from kpis.importing.fields import columns
from kpis.importing.history import plan_months
from kpis.importing.known import Codes, Known, Structure
from kpis.importing.locating import Identities, Misplaced, locate
from kpis.importing.options import Options
from kpis.importing.people import DUTIES, People, plan_people
from kpis.importing.register import plan_register
from kpis.importing.targets import plan_targets
from kpis.models import Kpi, KpiYear
from kpis.queries.years import YearFacts

__all__ = ["Writing", "make_plan", "month_headings"]

MONTH_COLUMN, FIGURE_COLUMN = "\x1fmonth", "\x1ffigure"
"""Headings no file can have, for the columns of a wide file turned into rows."""


@dataclass
class Writing:
    """What is to be saved: new services first, then each KPI's years in order."""

    structure: Structure
    drafts: list[YearDraft] = field(default_factory=list)


def month_headings(headings: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """The headings that are months themselves (a wide file: one column a month), when no column holds the month."""
    if "month" in mapping or "actual" in mapping:
        return []
    return [heading for heading in headings if heading not in mapping.values() and _is_month(heading)]


def _is_month(heading: str) -> bool:
    try:
        cells.month(heading)
    except ValueError:
        return False
    return not heading.isdigit()


def make_plan(
    table: Table, mapping: Mapping[str, str], options: Options, file_name: str, *, lock: bool = False
) -> Plan[Writing]:
    """What the import of ``table`` would do, row by row, in a number of queries that does not grow with its rows.

    ``lock`` holds the months concerned until the transaction ends. Nothing is written and nothing raised: what cannot
    be taken is refused by row and column.
    """
    fields = columns(options)
    rows = [_mapped(fields, mapping, row) for row in _long(table, mapping)]
    problems: dict[int, list[Problem]] = defaultdict(list)
    codes = Codes.load()
    identities = Identities(codes, options)
    groups: dict[int | str, dict[FinancialYear, list[Located]]] = defaultdict(lambda: defaultdict(list))
    for index, row in enumerate(rows):
        problems[index].extend(row.problems)
        try:
            located = locate(index, row, options)
            groups[identities.of(located)][located.year].append(located)
        except Misplaced as refused:
            if not any(one.column == row.headings.get(refused.name) for one in row.problems):
                problems[index].append(row.problem(refused.name, str(refused)))
    ids = [token for token in groups if isinstance(token, int)]
    start_years = {year.start_year for by_year in groups.values() for year in by_year}
    known = Known.load(ids, start_years, lock=lock)
    writing = Writing(Structure.load(options.create_services_in))
    references = set(codes.by_reference)
    for token, by_year in groups.items():
        writing.drafts.extend(_plan_kpi(token, by_year, known, writing.structure, options, file_name, references))
    if set(DUTIES) & set(mapping):
        _plan_people(writing.drafts, known)
    return Plan(_outcomes(rows, problems, writing.drafts), writing)


def _plan_people(drafts: Sequence[YearDraft], known: Known) -> None:
    people = People.load()
    for draft in drafts:
        plan_people(draft, people, known.people.get(draft.kpi_year.pk, {}))


def _long(table: Table, mapping: Mapping[str, str]) -> Sequence[Row]:
    spread = month_headings(table.headings, mapping)
    return list(as_rows(table.rows, spread, MONTH_COLUMN, FIGURE_COLUMN)) if spread else table.rows


def _mapped(fields: Sequence[Column], mapping: Mapping[str, str], row: Row) -> Mapped:
    if MONTH_COLUMN not in row.cells:
        return read_row(fields, mapping, row)
    heading = row.cells[MONTH_COLUMN]
    found = read_row(fields, {**mapping, "month": MONTH_COLUMN, "actual": FIGURE_COLUMN}, row)
    named = tuple(
        replace(one, column=heading) if one.column in (MONTH_COLUMN, FIGURE_COLUMN) else one for one in found.problems
    )
    return replace(found, problems=named, headings={**mapping, "month": heading, "actual": heading})


def _plan_kpi(
    token: int | str,
    by_year: Mapping[FinancialYear, list[Located]],
    known: Known,
    structure: Structure,
    options: Options,
    file_name: str,
    references: set[str],
) -> list[YearDraft]:
    """The years of one KPI, earliest first: each new one starts from the nearest there is."""
    all_rows = [row for rows in by_year.values() for row in rows]
    years = dict(known.years.get(token, {})) if isinstance(token, int) else {}
    if years:
        kpi = next(iter(years.values())).kpi
    elif isinstance(token, int):
        kpi = Kpi(pk=token)  # a KPI without a year yet: only its id is needed
        kpi._state.adding = False
    else:
        kpi = Kpi(reference=_new_reference(all_rows[0], references))
    drafts = []
    for year in sorted(by_year):
        existing = years.get(year.start_year)
        kpi_year = existing or KpiYear(kpi=kpi, year=year.start_year, year_starts_in=year.first_month)
        facts = known.facts[existing.pk] if existing is not None else YearFacts(kpi_year)
        draft = YearDraft(kpi, kpi_year, facts, by_year[year], is_new=existing is None)
        drafts.append(draft)
        if kpi_year.year_starts_in != year.first_month:
            started = f"start in {MONTH_NAMES[kpi_year.year_starts_in - 1]}, not {MONTH_NAMES[year.first_month - 1]}"
            draft.refuse(draft.rows[0], "month", f"The years of this KPI {started}.")
            continue
        plan_register(draft, _nearest(years, year.start_year), structure, options, all_rows)
        if kpi_year.unit and kpi_year.direction and kpi_year.ytd_rule and not draft.problems[draft.rows[0].index]:
            years[year.start_year] = kpi_year
            plan_targets(draft, options, file_name)
            plan_months(draft, known, options)
    return drafts


def _nearest(years: Mapping[int, KpiYear], start_year: int) -> KpiYear | None:
    """The KPI's own year nearest to ``start_year``, an earlier one first."""
    found = min(years, key=lambda year: (abs(year - start_year), year), default=None)
    return None if found is None else years[found]


def _new_reference(row: Located, taken: set[str]) -> str:
    """A reference for life, from the file's own or the KPI's name; the code is added when that is taken."""
    wanted = row.mapped["reference"] or row.mapped["name"] or row.mapped["code"]
    stem = slugify(wanted)[:45].strip("-") or "kpi"
    code, number = slugify(row.mapped["code"]), 1
    reference = stem
    while reference in taken:
        reference = f"{stem[: 58 - len(code)]}-{code}" + (f"-{number}" if number > 1 else "")
        number += 1
    taken.add(reference)
    return reference


def _outcomes(
    rows: Sequence[Mapped], problems: Mapping[int, list[Problem]], drafts: Sequence[YearDraft]
) -> list[Outcome]:
    """What happens to each row, in the order of the file."""
    placed = {row.index: (draft, row) for draft in drafts for row in draft.rows}
    return [_outcome(index, row, problems[index], *placed.get(index, (None, None))) for index, row in enumerate(rows)]


def _outcome(
    index: int, row: Mapped, problems: Sequence[Problem], draft: YearDraft | None, located: Located | None
) -> Outcome:
    refused = (*problems, *(draft.problems.get(index, ()) if draft else ()))
    title = _title(row, draft, located)
    if refused:
        return Outcome(row.number, title, Status.REFUSED, problems=refused)
    assert draft is not None
    changes = tuple(draft.changes.get(index, ()))
    status = Status.NEW if index in draft.new_rows else Status.CHANGED if changes else Status.UNCHANGED
    return Outcome(row.number, title, status, changes, note=draft.notes.get(index, ""))


def _title(row: Mapped, draft: YearDraft | None, located: Located | None) -> str:
    name = draft.kpi_year.name if draft is not None else row["name"]
    when: Month | FinancialYear | str = ""
    if located is not None:
        when = located.month or located.year
    words = " ".join(part for part in (row["code"] or "", name or "") if part) or "No code"
    return f"{words}, {when}" if when else words
