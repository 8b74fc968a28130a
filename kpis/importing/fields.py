"""What a file can hold about a KPI and its months: each field, how its cells are read, and headings it goes by."""

from __future__ import annotations

from hdcperf.importing import Column
from kpis.importing import cells
from kpis.importing.options import Options
from kpis.importing.people import DUTIES
from kpis.models.returns import COMMENTARY_LENGTH

__all__ = ["GROUPS", "columns"]

KPI, MONTH, TARGETS, PEOPLE, DETAILS = (
    *("The KPI", "The month and its figure", "Targets", "Its people"),
    "More about the KPI",
)
GROUPS = (KPI, MONTH, TARGETS, PEOPLE, DETAILS)
PEOPLE_LENGTH = 2000


DUTY_ALIASES: dict[str, tuple[str, ...]] = {
    "collects": ("collector", "data collector", "kpi holder", "collected by"),
    "forecasts": ("forecaster", "forecast by", "forecast officer"),
    "comments": ("commentator", "commentary by", "commentary officer"),
    "stands_in": ("stand in", "deputy", "deputies", "back up", "backup officer"),
}


def columns(options: Options | None = None) -> tuple[Column, ...]:
    """The fields in the order of the mapping page. ``options`` add to the words that are understood."""
    words = options.words if options else {}

    def chosen(name: str, label: str, *aliases: str, group: str = DETAILS) -> Column:
        return Column(name, label, cells.choice(name, words.get(name)), aliases, group)

    def number(name: str, label: str, *aliases: str, group: str) -> Column:
        return Column(name, label, cells.figure, aliases, group)

    return (
        Column("code", "Code", cells.code, ("ref", "pi", "kpi", "kpi code", "pi code", "indicator code", "id"), KPI),
        Column("name", "Name", cells.text(200), ("kpi name", "indicator", "indicator name", "measure", "title"), KPI),
        Column("service", "Service", cells.text(200), ("department", "team", "owner"), KPI),
        chosen("unit", "Unit", "units", "measure type", group=KPI),
        chosen(
            "direction",
            "Direction preferred",
            "direction",
            "desired change",
            "polarity",
            "better",
            "good is",
            group=KPI,
        ),
        Column("decimals", "Decimals shown", cells.whole(6), ("decimal places",), KPI),
        Column("month", "Month", cells.month, ("period", "date", "month measured", "reporting period"), MONTH),
        Column("year", "Calendar year", cells.start_year, ("calendar year",), MONTH),
        Column("financial_year", "Financial year", cells.start_year, ("fy", "fin year"), MONTH),
        number("actual", "Figure", "value", "result", "performance", "monthly actual", group=MONTH),
        number("numerator", "Numerator", "part", group=MONTH),
        number("denominator", "Denominator", "whole", group=MONTH),
        number("ytd_actual", "Year to date", "ytd", "ytd value", "year to date actual", group=MONTH),
        number("forecast", "Year-end forecast", "forecast", "predicted outturn", group=MONTH),
        Column(
            "commentary", "Commentary", cells.text(COMMENTARY_LENGTH), ("comment", "comments", "narrative"), MONTH
        ),
        number("target", "Month's target", "target", "monthly target", group=TARGETS),
        number("target_upper", "Upper edge of the month's target", group=TARGETS),
        number(
            "intervention", "Month's intervention level", "intervention", "tolerance", "red threshold", group=TARGETS
        ),
        number("intervention_upper", "Upper edge of the month's intervention level", group=TARGETS),
        number("ytd_target", "Target for the year to date", "ytd target", group=TARGETS),
        number("ytd_intervention", "Intervention level for the year to date", group=TARGETS),
        number("year_target", "Year's target", "annual target", "full year target", group=TARGETS),
        number("year_intervention", "Year's intervention level", "annual intervention level", group=TARGETS),
        *(
            Column(name, duty.label, cells.text(PEOPLE_LENGTH), DUTY_ALIASES[name], PEOPLE)
            for name, duty in DUTIES.items()
        ),
        Column("reference", "Reference kept for life", cells.text(60), (), DETAILS),
        Column("definition", "Definition", cells.text(4000), ("description",), DETAILS),
        Column("why", "Why it is measured", cells.text(4000), ("rationale",), DETAILS),
        Column("outcome", "Outcome", cells.text(200), ("corporate plan outcome",), DETAILS),
        Column("portfolio", "Portfolio", cells.text(200), (), DETAILS),
        chosen("ytd_rule", "How months make the year to date", "year to date rule", "aggregation"),
        chosen("headline", "Figure the RAG judges", "rag judges"),
        chosen("frequency", "Frequency", "reported"),
        chosen("entry", "What is entered"),
        chosen("control", "Level of control", "do enable influence"),
        Column("months_in_arrears", "Months in arrears", cells.whole(11), ("arrears",), DETAILS),
        Column("rate_per", "A rate per", cells.whole(2_000_000_000), ("per",), DETAILS),
        Column("unit_label", "Words after the figure", cells.text(60), ("unit label",), DETAILS),
        number("minimum", "Smallest possible", "min", group=DETAILS),
        number("maximum", "Largest possible", "max", group=DETAILS),
        Column("numerator_label", "What the numerator counts", cells.text(120), (), DETAILS),
        Column("denominator_label", "What the denominator counts", cells.text(120), (), DETAILS),
    )
