"""The example's KPIs for two years, their people and targets, and the dated events that explain them."""

from __future__ import annotations

from datetime import date

from hdcperf.history import save_as
from hdcperf.organisation.example import Cast
from hdcperf.organisation.models import Theme
from hdcperf.periods import FinancialYear, Month
from kpis.example.figures import Line, register, shape
from kpis.models import EventKpi, Kpi, KpiEvent, KpiPerson, KpiTheme, KpiYear
from kpis.operations.targets import set_targets
from kpis.rules.profiles import Profile
from kpis.rules.year_to_date import Levels

YEARS = (2025, 2026)
AWAITING = "fly-tip-clearance"

THEMES: dict[str, tuple[str, ...]] = {
    "outcomes-framework/Homelessness and rough sleeping": ("homeless-preventions", "temporary-accommodation"),
    "outcomes-framework/Housing": ("affordable-homes", "dfg-completions", "dfg-time"),
    "outcomes-framework/Health and wellbeing": ("active-lifestyles", "leisure-admissions"),
    "outcomes-framework/Neighbourhoods": ("street-cleanliness", "fly-tips"),
    "outcomes-framework/Environment, circular economy and climate change": (
        *("recycling-rate", "residual-waste", "council-emissions"),
    ),
    "outcomes-framework/Economic prosperity and regeneration": ("business-engagements",),
    "best-value/Use of resources": ("council-tax-collected", "business-rates-collected", "sickness"),
    "best-value/Service delivery": ("missed-bins", "call-wait", "benefit-claims"),
    "best-value/Governance": ("complaints-on-time",),
    "best-value/Culture": ("staff-turnover",),
}
"""Which themes of the national frameworks a KPI is evidence for, by framework and theme."""

EVENTS: tuple[tuple[Month, str, tuple[str, ...]], ...] = (
    (
        Month(2025, 6),
        "No rain for five weeks: grass stopped growing and little garden waste was collected",
        ("recycling-rate",),
    ),
    (
        Month(2026, 1),
        "Flooding closed roads in the north for nine days: bins stayed out, and fewer fly-tips were found",
        ("missed-bins", "fly-tips"),
    ),
    (Month(2026, 4), "A grant for village sessions ended", ("active-lifestyles",)),
    (Month(2026, 7), "Two collection rounds were redrawn", ("missed-bins",)),
)


def make_definitions(cast: Cast) -> dict[tuple[str, int], KpiYear]:
    """Make the KPIs of both years with their people and targets, by reference and year."""
    made: dict[tuple[str, int], KpiYear] = {}
    for line in register():
        kpi = Kpi(reference=line["reference"])
        save_as(kpi, by=None, reason="Example")
        for year in YEARS:
            if line[f"code_{year}"]:
                made[line["reference"], year] = _make_year(cast, line, kpi, year)
    _link_successor(made)
    _make_events(cast, made)
    _tag(cast, made)
    return made


def _tag(cast: Cast, made: dict[tuple[str, int], KpiYear]) -> None:
    """Say which themes the KPIs are evidence for, as an administrator does."""
    for named, references in THEMES.items():
        slug, name = named.split("/")
        theme = Theme.objects.get(framework__slug=slug, name=name)
        for reference in references:
            tag = KpiTheme(kpi=made[reference, 2026].kpi, theme=theme)
            save_as(tag, by=cast.users["admin"], reason="Example")


def _make_year(cast: Cast, line: Line, kpi: Kpi, year: int) -> KpiYear:
    made = KpiYear(
        kpi=kpi,
        year=year,
        code=line[f"code_{year}"],
        name=line["name"],
        definition=line["definition"],
        unit=line["unit"],
        unit_label=line["unit_label"],
        rate_per=int(line["rate_per"]) if line["rate_per"] else None,
        minimum=line.number("minimum"),
        maximum=line.number("maximum"),
        decimals=line.decimals(),
        service=cast.services[line["service"]],
        outcome=cast.outcomes[int(line["outcome"])],
        portfolio=cast.portfolios[line["portfolio"]],
        direction=line["direction"],
        frequency=line["frequency"],
        months_in_arrears=int(line["arrears"]),
        ytd_rule=line["ytd_rule"],
        headline=line["headline"],
        entry=line["entry"],
        numerator_label=line["numerator_label"],
        denominator_label=line["denominator_label"],
        control=line["control"],
        why=line["why"],
    )
    save_as(made, by=None, reason="Example")
    _name_people(cast, made, line["service"])
    _set_targets(line, made, year)
    return made


def _name_people(cast: Cast, kpi_year: KpiYear, service: str) -> None:
    holder, stand_in = cast.holders[service], cast.stand_ins[service]
    duties = KpiPerson.Duty
    for user, duty in (
        (holder, duties.COLLECTS),
        (holder, duties.FORECASTS),
        (holder, duties.COMMENTS),
        (stand_in, duties.STANDS_IN),
    ):
        save_as(KpiPerson(kpi_year=kpi_year, user=user, duty=duty), by=None, reason="Example")


def _set_targets(line: Line, kpi_year: KpiYear, year: int) -> None:
    """The year's target set; one is still waiting to be approved. Those of the year itself are in ``targets``."""
    target, level = line.number(f"target_{year}"), line.number(f"level_{year}")
    if target is None:
        return
    approved = line["reference"] != AWAITING
    upper, level_upper = (
        (line.number("upper"), line.number("level_upper")) if line["direction"] == "range" else (None, None)
    )
    levels = Levels(target, level, upper, level_upper)
    reason = "Based on last year's result and what similar councils reach (example)."
    _set(line, kpi_year, levels, FinancialYear(year).months[0], reason, date(year, 3, 12) if approved else None)


def _set(line: Line, kpi_year: KpiYear, levels: Levels, start: Month, reason: str, approved_on: date | None) -> None:
    weights = shape(line)
    set_targets(
        kpi_year,
        levels,
        from_month=start,
        profile=Profile.FLAT if weights is None else Profile.LAST_YEAR,
        reason=reason,
        by=None,
        approved_by="Cabinet (example)" if approved_on else "",
        approved_body="cabinet" if approved_on else "",
        approved_on=approved_on,
        shape=weights,
    )


def _link_successor(made: dict[tuple[str, int], KpiYear]) -> None:
    """Staff turnover changed its method, so the old measure ended and its successor began."""
    old, new = made["staff-turnover-summed", 2025].kpi, made["staff-turnover", 2026].kpi
    old.ended_after = date(2026, 3, 1)
    save_as(old, by=None, reason="Example: replaced by a rolling twelve months")
    new.predecessor = old
    save_as(new, by=None, reason="Example: replaces the accumulating total")


def _make_events(cast: Cast, made: dict[tuple[str, int], KpiYear]) -> None:
    for month, sentence, references in EVENTS:
        event = KpiEvent(month=month.first_day, sentence=sentence, noted_by=cast.users["performance-team"])
        save_as(event, by=cast.users["performance-team"], reason="Example")
        for reference in references:
            kpi_year = made[reference, 2026]
            save_as(EventKpi(event=event, kpi=kpi_year.kpi), by=cast.users["performance-team"], reason="Example")
