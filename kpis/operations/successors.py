"""Ending a KPI and starting the measure that replaces it, linked to each other (framework C.1.1).

What a figure means is not changed under figures that are held: the old measure ends with a month, and its successor
begins with the next, so that the chart can say where the one stops being comparable with the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from hdcperf.codes import code_key
from hdcperf.history import save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.roles import Permission
from hdcperf.workflow import MoveRefused, NotPermitted
from kpis.models import Kpi, KpiPerson, KpiYear, MonthlyReturn
from kpis.queries.years import expected_months
from kpis.rules.figures import Headline, YtdRule

__all__ = ["CodeTaken", "Successor", "may_replace", "replace", "replace_refusal", "still_open"]

COPIED = (
    *("service", "outcome", "portfolio", "direction", "frequency", "months_in_arrears", "control", "decimals"),
    "suppress_below",
    "year_starts_in",
)
"""What the successor has of the measure it replaces, until its template says otherwise."""


class CodeTaken(MoveRefused):
    """Another KPI has the code in the year the successor begins in."""


@dataclass(frozen=True)
class Successor:
    """What takes over after ``last``, the old measure's last month; ``why`` is kept with both."""

    last: Month
    code: str
    name: str
    unit: str
    ytd_rule: str
    entry: str
    why: str
    rate_per: int | None = None


def may_replace(kpi_year: KpiYear, by: User) -> str | None:
    """The sentence that refuses ``by``; None for those who run the setting of KPIs."""
    if standing(by).may(Permission.MANAGE_SETTING, kpi_year.scope):
        return None
    return "Only the Performance Team ends a KPI and starts its successor."


def still_open(kpi_year: KpiYear) -> list[Month]:
    """The months that can be the last: those with a figure to come, and the latest that has a return."""
    latest = MonthlyReturn.objects.filter(kpi=kpi_year.kpi_id).order_by("-month").first()
    return [month for month in expected_months(kpi_year) if latest is None or month >= latest.measured]


def replace_refusal(kpi_year: KpiYear) -> str:
    """Why this KPI cannot be ended in this year, as a sentence; empty when it can."""
    kpi = kpi_year.kpi
    if kpi.ended_after is not None:
        return f"This KPI ended with {Month.from_date(kpi.ended_after)}."
    # A year that is only proposed in the setting of KPIs does not stand in the way: it is withdrawn there.
    later = KpiYear.objects.filter(kpi=kpi, year__gt=kpi_year.year, is_live=True).order_by("-year").first()
    if later is not None:
        return f"This KPI is one of {later.financial_year} as well: end it there."
    return "" if still_open(kpi_year) else "This KPI has figures after this year, so it cannot end in it."


def replace(kpi_year: KpiYear, successor: Successor, *, by: User) -> KpiYear:
    """End the KPI after ``successor.last`` and make its successor's first year, which is returned.

    Its people go with it; its target and its data quality template are its own and still to come. The second half of
    a double click changes nothing. Raises NotPermitted, CodeTaken, MoveRefused, or ValidationError on its facts.
    """
    with transaction.atomic():
        kpi = Kpi.objects.select_for_update().get(pk=kpi_year.kpi_id)
        held = KpiYear.objects.select_related("service").get(pk=kpi_year.pk)
        held.kpi = kpi
        if sentence := may_replace(held, by):
            raise NotPermitted(sentence, state="", move="replace")
        if (there := _the_same(kpi, successor)) is not None:
            return there
        _refuse(held, successor)
        kpi.ended_after = successor.last.first_day
        save_as(kpi, by=by, reason=successor.why)
        made = _begun(held, successor)
        made.kpi = Kpi(reference=_new_reference(successor), predecessor=kpi)
        save_as(made.kpi, by=by, reason=successor.why)
        try:
            with transaction.atomic():
                save_as(made, by=by, reason=successor.why)
        except IntegrityError as error:  # another KPI took the code at the same moment
            raise CodeTaken(_taken(successor, made), state="", move="replace") from error
        for person in held.people.all():
            save_as(KpiPerson(kpi_year=made, user=person.user, duty=person.duty), by=by, reason=successor.why)
        return made


def _the_same(kpi: Kpi, successor: Successor) -> KpiYear | None:
    """The successor, where just this one was started already."""
    rows = KpiYear.objects.filter(kpi__predecessor=kpi, code_key=code_key(successor.code), name=successor.name)
    return rows.first() if kpi.ended_after == successor.last.first_day else None


def _refuse(kpi_year: KpiYear, successor: Successor) -> None:
    if sentence := replace_refusal(kpi_year):
        raise MoveRefused(sentence, state="", move="replace")
    open_months = still_open(kpi_year)
    if successor.last not in open_months:
        sentence = f"This KPI has a return for {open_months[0]}, so that is the earliest it can end with."
        raise MoveRefused(sentence, state="", move="replace")
    begun = _begun(kpi_year, successor)
    if KpiYear.objects.filter(year=begun.year, code_key=code_key(successor.code)).exists():
        raise CodeTaken(_taken(successor, begun), state="", move="replace")
    begun.clean_fields(exclude=["kpi", "code_key"])
    begun.validate_constraints(exclude=["kpi", "code_key"])


def _taken(successor: Successor, begun: KpiYear) -> str:
    return f"Another KPI is {successor.code} in {begun.financial_year}. Enter a code that is free in that year."


def _begun(kpi_year: KpiYear, successor: Successor) -> KpiYear:
    """The successor's first year, unsaved: the one its first month is in."""
    first = successor.last.next.year_from(kpi_year.year_starts_in)
    same_unit = successor.unit == kpi_year.unit
    return KpiYear(
        **{name: getattr(kpi_year, name) for name in COPIED},
        year=first.start_year,
        code=successor.code,
        name=successor.name,
        unit=successor.unit,
        unit_label=kpi_year.unit_label if same_unit else "",
        minimum=kpi_year.minimum if same_unit else None,
        maximum=kpi_year.maximum if same_unit else None,
        rate_per=successor.rate_per,
        ytd_rule=successor.ytd_rule,
        headline=Headline.default(YtdRule(successor.ytd_rule)).value,
        entry=successor.entry,
        numerator_label=kpi_year.numerator_label,
        denominator_label=kpi_year.denominator_label,
        why=kpi_year.why,
    )


def _new_reference(successor: Successor) -> str:
    """A reference for life, from the name; the month it begins and a number where that is taken."""
    stem = slugify(successor.name)[:40].strip("-") or "kpi"
    tried = [stem, f"{stem}-{successor.last.next.slug}"]
    taken = set(Kpi.objects.filter(reference__startswith=stem).values_list("reference", flat=True))
    tried += [f"{tried[1]}-{number}" for number in range(2, len(taken) + 3)]
    return next(one for one in tried if one not in taken)
