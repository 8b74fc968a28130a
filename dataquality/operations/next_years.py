"""A KPI's next year while it is proposed: copied from this year's, changed, and not live until the set is."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import ProtectedError
from django.utils.text import slugify

from dataquality.models import Proposal
from hdcperf.codes import code_key
from hdcperf.history import delete_as, save_as
from hdcperf.organisation.models import User
from hdcperf.review.problems import Problem, ProposalRefused
from kpis.models import Kpi, KpiPerson, KpiYear

__all__ = ["begin_next_year", "free_code", "give_up_next_year", "next_year_like", "reference_for"]

COPIED = (
    *("year_starts_in", "name", "definition", "unit", "unit_label", "rate_per", "minimum", "maximum", "decimals"),
    *("suppress_below", "companion_id"),
    *("service_id", "outcome_id", "portfolio_id", "direction", "frequency", "months_in_arrears", "ytd_rule"),
    *("headline", "entry", "numerator_label", "denominator_label", "control", "why"),
)
"""What a KPI that is kept takes with it: all but its code, which may be renumbered, and its signed template."""


def begin_next_year(proposal: Proposal, by: User) -> KpiYear:
    """The KPI's next year, as this year's, with its people; one that is there already is taken as it is."""
    before, year = proposal.before, proposal.setting_round.year
    assert before is not None
    there = KpiYear.objects.filter(kpi=proposal.kpi_id, year=year).first()
    if there is not None:
        return there
    made = KpiYear(kpi_id=proposal.kpi_id, year=year, code=free_code(year, before.code), is_live=False)
    next_year_like(made, before)
    save_as(made, by=by, reason=f"Proposed for {made.financial_year}")
    for person in before.people.order_by("pk"):
        save_as(
            KpiPerson(kpi_year=made, user_id=person.user_id, duty=person.duty),
            by=by,
            reason=f"As in {before.financial_year}",
        )
    return made


def next_year_like(made: KpiYear, before: KpiYear) -> None:
    """Give ``made`` the facts of ``before``."""
    for name in COPIED:
        setattr(made, name, getattr(before, name))


def give_up_next_year(next_year: KpiYear, by: User) -> None:
    """Take away a next year that was only proposed. Raises ProposalRefused when its template has been begun."""
    try:
        delete_as(next_year, by=by, reason="No longer proposed")
    except ProtectedError as refused:
        sentence = (
            f"A data quality template of {next_year.financial_year} has been begun for {next_year.code}: "
            "ask the Performance Team before it is dropped."
        )
        raise ProposalRefused([Problem("verdict", sentence)]) from refused


def free_code(year: int, wanted: str) -> str:
    """``wanted``, or the next number after it that is free where another KPI of the year has it."""
    taken = {code_key(code) for code in KpiYear.objects.filter(year=year).values_list("code", flat=True)}
    if code_key(wanted) not in taken:
        return wanted
    stem, number = _split(wanted)
    while code_key(f"{stem}{number}") in taken:
        number += 1
    return f"{stem}{number}"


def _split(code: str) -> tuple[str, int]:
    found = re.fullmatch(r"(.*?)(\d{1,6})\D*", code)
    return (found[1], int(found[2])) if found else (f"{code[:16]} ", 2)


def reference_for(name: str) -> str:
    """A reference for life, from the name; never one that another KPI has or had."""
    stem = slugify(name)[:50].strip("-") or "kpi"
    taken: set[Any] = set(Kpi.objects.filter(reference__startswith=stem).values_list("reference", flat=True))
    taken |= set(Kpi.history.filter(reference__startswith=stem).values_list("reference", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(one for one in numbered if one not in taken)
