"""What a file says of a KPI's year: compared with the facts there are, or made into a new one (framework C.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from hdcperf.codes import code_key
from hdcperf.control import Control
from hdcperf.rag import Direction, LabelledEnum
from kpis.importing.draft import Located, YearDraft, exact
from kpis.importing.fields import columns
from kpis.importing.guessing import nearest_rule
from kpis.importing.known import Structure
from kpis.importing.options import Options
from kpis.models import KpiYear
from kpis.queries.types import TYPE
from kpis.rules.figures import Entry, Frequency, Headline, Unit, YtdRule
from kpis.rules.year_to_date import rule_refusal

__all__ = ["plan_register"]

_KINDS: dict[str, type[LabelledEnum]] = {
    "unit": Unit,
    "direction": Direction,
    "ytd_rule": YtdRule,
    "headline": Headline,
    "frequency": Frequency,
    "entry": Entry,
    "control": Control,
}
_PLAIN = (
    *("code", "name", "definition", "why", "unit_label", "numerator_label", "denominator_label"),
    *("decimals", "months_in_arrears", "rate_per", "minimum", "maximum"),
)
_REFERENCES = ("service", "outcome", "portfolio")
FACTS = (*_PLAIN, *_KINDS, *_REFERENCES)
LABELS = {column.name: column.label for column in columns()}
REQUIRED = ("name", "service", "unit", "direction")


def plan_register(
    draft: YearDraft, base: KpiYear | None, structure: Structure, options: Options, same_kpi: Sequence[Located]
) -> None:
    """Put what the rows say of the KPI's year onto the draft, with each change and each refusal.

    ``base`` is the nearest other year of the KPI, whose facts a new year starts from; ``same_kpi`` are all the file's
    rows about the KPI, from which its rule can be told.
    """
    given = dict(_given(draft, structure))
    if draft.is_new:
        _make(draft, base, given, options, same_kpi)
    else:
        _compare(draft, given)
    _check(draft)


def _given(draft: YearDraft, structure: Structure) -> Iterator[tuple[str, tuple[Any, Located]]]:
    """Each fact the rows give, with the row it stands in first; a row that says otherwise is refused."""
    readers: dict[str, Callable[[str], models.Model]] = {
        "service": structure.service,
        "outcome": structure.outcome,
        "portfolio": structure.portfolio,
    }
    for name in FACTS:
        first: tuple[Any, Located] | None = None
        for row in draft.rows:
            value = row.mapped[name]
            if value is None:
                continue
            if first is None:
                first = (value, row)
            elif not _same(name, value, first[0]):
                said = (
                    f"“{_words(name, value)}” here, but “{_words(name, first[0])}” in row {first[1].mapped.number:,}"
                )
                draft.refuse(row, name, f"{said}: a KPI has one {LABELS[name].lower()} in a year.")
        if first is None:
            continue
        if name in readers:
            try:
                first = (readers[name](first[0]), first[1])
            except ValueError as refused:
                for row in draft.rows:
                    if row.mapped[name] is not None:
                        draft.refuse(row, name, str(refused))
                continue
        yield name, first


def _same(name: str, one: Any, other: Any) -> bool:
    if name == "code":
        return code_key(one) == code_key(other)
    if name in _REFERENCES and isinstance(one, str):
        return one.casefold() == str(other).casefold()
    return bool(one == other)


def _words(name: str, value: Any) -> str:
    """A fact as people read it."""
    if value is None:
        return ""
    if name in _KINDS:
        return _KINDS[name](value).label if value else ""
    return exact(value) if isinstance(value, Decimal) else str(value)


def _compare(draft: YearDraft, given: dict[str, tuple[Any, Located]]) -> None:
    has_figures = any(one.month_figure is not None or one.value is not None for one in draft.facts.returns.values())
    for name, (value, row) in given.items():
        current = getattr(draft.kpi_year, name)
        if _same(name, value, current):
            continue
        if name in TYPE and (has_figures or (name == "direction" and draft.facts.target_sets)):
            draft.refuse(
                row,
                name,
                f"The KPI has figures with “{_words(name, current)}”. A change of its type starts a new KPI: end "
                "this one and start its successor.",
            )
            continue
        draft.change(row, LABELS[name], _words(name, current), _words(name, value))
        setattr(draft.kpi_year, name, value)
        draft.year_changed = True


def _make(
    draft: YearDraft,
    base: KpiYear | None,
    given: dict[str, tuple[Any, Located]],
    options: Options,
    same_kpi: Sequence[Located],
) -> None:
    kpi_year, first = draft.kpi_year, draft.rows[0]
    if base is not None:
        for name in FACTS:
            setattr(
                kpi_year, name, None if name in _REFERENCES and getattr(base, name) is None else getattr(base, name)
            )
    for name, (value, _) in given.items():
        setattr(kpi_year, name, value)
    refused = {problem.column for problem in (*draft.problems[first.index], *first.mapped.problems)}
    for name in REQUIRED:
        missing = (
            kpi_year.service_id is None and name not in given if name == "service" else not getattr(kpi_year, name)
        )
        if missing and base is None and first.mapped.headings.get(name, "") not in refused:
            draft.refuse(first, name, f"A new KPI needs its {LABELS[name].lower()}.")
    if not (kpi_year.unit and kpi_year.direction):
        return
    if base is None:
        _default_rules(draft, given, options, same_kpi)
    what = "New KPI" if draft.kpi.pk is None and base is None else f"Facts for {kpi_year.financial_year}"
    made, judged = YtdRule(kpi_year.ytd_rule).label.lower(), Headline(kpi_year.headline).label.lower()
    draft.change(first, "Register", "", f"{what} (year to date: {made}; RAG judges: {judged})")
    draft.new_rows.add(first.index)


def _default_rules(
    draft: YearDraft, given: dict[str, tuple[Any, Located]], options: Options, same_kpi: Sequence[Located]
) -> None:
    """What the file leaves unsaid of a KPI that is new: how months make the year, and what is entered and judged."""
    kpi_year = draft.kpi_year
    has_parts = any(row.mapped["denominator"] is not None for row in same_kpi)
    if "entry" not in given:
        kpi_year.entry = Entry.PARTS.value if has_parts else Entry.VALUE.value
    if "ytd_rule" not in given:
        found = nearest_rule(same_kpi, kpi_year.unit, options.year_starts_in) if options.rule_from_published else None
        default = options.rules.get(kpi_year.unit, YtdRule.LATEST.value)
        if kpi_year.entry == Entry.PARTS.value and default == YtdRule.MEAN.value:
            default = YtdRule.WEIGHTED.value
        kpi_year.ytd_rule = found.value if found is not None else default
    if "headline" not in given:
        kpi_year.headline = Headline.default(YtdRule(kpi_year.ytd_rule)).value


def _check(draft: YearDraft) -> None:
    """What the database would refuse, said of the first row."""
    kpi_year, first = draft.kpi_year, draft.rows[0]
    if draft.problems[first.index] or first.mapped.problems:
        return
    try:
        kpi_year.clean_fields(exclude=["kpi", "code_key", *_REFERENCES])
    except ValidationError as refused:
        for name, sentences in refused.message_dict.items():
            draft.refuse(first, name, " ".join(sentences))
        return
    if sentence := rule_refusal(kpi_year.ytd_rule, kpi_year.unit, kpi_year.entry):
        draft.refuse(first, "ytd_rule", sentence)
    if (kpi_year.unit == Unit.RATE.value) != bool(kpi_year.rate_per):
        draft.refuse(first, "rate_per", "Say per how many for a rate, and only for a rate.")
    if kpi_year.minimum is not None and kpi_year.maximum is not None and kpi_year.minimum > kpi_year.maximum:
        draft.refuse(first, "minimum", "The smallest possible figure is above the largest possible.")
