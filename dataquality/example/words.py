"""What the example's templates say: by service and by the shape of the measure, invented and looking it."""

from __future__ import annotations

from dataquality.rules.templates import Answer, SourceLine
from kpis.models import KpiYear
from kpis.rules.figures import Entry

__all__ = ["SERIES", "answers_for"]

SYSTEMS: dict[str, tuple[str, str]] = {
    "Waste and Street Scene": ("Example waste rounds system", "Example street cleaning survey"),
    "Leisure and Health": ("Example leisure bookings system", "Example sessions register"),
    "Housing Needs and Support": ("Example housing case system", "Example grants spreadsheet"),
    "Revenues and Benefits": ("Example revenues system", "Example claims extract"),
    "Planning": ("Example planning register", "Example decisions extract"),
    "Customer Services": ("Example telephone system", "Example complaints log"),
    "People and Performance": ("Example staff records system", "Example absence extract"),
}
"""The system, and the spreadsheet made from it; other services have ones of their own names."""
SEASONAL = {
    "garden-waste": "Subscriptions are bought in spring, when grass begins to grow.",
    "recycling-rate": "Garden waste is most of what is composted, and little of it is collected in winter.",
    "residual-waste": "More is thrown away in the weeks after Christmas.",
    "leisure-admissions": "Fewer people come in August and December; January is the busiest month.",
    "active-lifestyles": "Sessions pause in the school holidays.",
    "temporary-accommodation": "More households ask for help in winter.",
    "sickness": "Colds and flu keep more people at home from November to February.",
}
"""Why a measure is seasonal; the others are not."""


SERIES: tuple[tuple[dict[str, str], tuple[tuple[str, str], ...]], ...] = (
    (
        {
            "group": "nearest",
            "name": "Mean of the nearest neighbours",
            "source": "Example benchmarking club, invented",
            "how_comparable": "Three of the fifteen count a bin as missed on the day after (example).",
        },
        (("2023/24", "78.4"), ("2024/25", "74.1"), ("2025/26", "71.9")),
    ),
    (
        {
            "group": "county",
            "name": "Districts of the county",
            "source": "Example county waste partnership, invented",
            "how_comparable": "Counted in the same way; two districts collect every three weeks (example).",
        },
        (("2024/25", "69.0"), ("2025/26", "66.5")),
    ),
    (
        {
            "group": "unit_cost",
            "name": "Cost of one collection, in pounds",
            "source": "Example year-end accounts, invented",
            "how_comparable": "Vehicles and wages, without the depot (example).",
        },
        (("2024/25", "1.42"), ("2025/26", "1.51")),
    ),
)
"""What missed bins are compared with: invented, and looking it."""


def answers_for(reference: str, kpi_year: KpiYear) -> dict[str, Answer]:
    """Every answer but the people, who are those of the KPI."""
    service, name = kpi_year.service.name, kpi_year.name
    system, sheet = SYSTEMS.get(service, (f"Example {service} system", f"Example {service} spreadsheet"))
    return {
        "proposed-kpi": {"frequency": kpi_year.frequency},
        "systems": {
            "sources": (
                SourceLine("system", system, f"https://intranet.example.example/systems/{reference}"),
                SourceLine("spreadsheet", sheet, "Shared folder: Performance, this year"),
            )
        },
        "method": {"method": _method(kpi_year, system, sheet), "method_link": ""},
        "importance": {"importance": kpi_year.why or f"Residents and members follow {name} closely (example)."},
        "seasonality": {
            "seasonal": "yes" if reference in SEASONAL else "no",
            "seasonality": SEASONAL.get(reference, ""),
        },
        "smaller-factors": {"minor_factors": "A vacant post for a month, or sickness in the team (example)."},
        "significant-factors": {
            "significant_factors": f"{system} is not available for a month, or demand rises by a tenth (example)."
        },
        "actions": {
            "remedies": "Overtime and a colleague from another team first; then a recovery plan agreed with the head "
            "of service (example)."
        },
        "benchmarking": {
            "benchmarking": "Nearest neighbours publish a figure each year, some months after its end (example)."
        },
    }


def _method(kpi_year: KpiYear, system: str, sheet: str) -> str:
    steps = [
        f"On the first working day, run the month’s report in {system} and save it beside {sheet}.",
        "Take out rows that are marked as duplicates or as withdrawn.",
    ]
    if kpi_year.entry == Entry.PARTS.value:
        parts = f"{kpi_year.numerator_label.lower()} and {kpi_year.denominator_label.lower()}"
        steps.append(f"Count {parts}; enter both, and the product divides them.")
    else:
        steps.append("Count, or add up, what is left, and enter it.")
    steps.append("A colleague runs the same report again and compares the two results before they are entered.")
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))
