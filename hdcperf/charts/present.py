"""What templates/components/chart.html prints: drawings, the table of the same figures, events, notes."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from .drawing import rag_key
from .plotly import plotly_json
from .series import KpiChart, Point
from .svg import svg
from .words import describe, intervention_text, marks_text, notes, target_text

TAG_CLASSES = {"green": "govuk-tag--green", "amber": "govuk-tag--orange", "red": "govuk-tag--red"}


@dataclass(frozen=True)
class TableRow:
    """One month as text; `tag_class` colours the RAG word as a GOV.UK tag."""

    month: str
    figure: str
    target: str
    intervention: str
    rag: str
    tag_class: str
    last_year: str
    marks: str


@dataclass(frozen=True)
class Table:
    """The rows, and which of the columns have anything in them."""

    rows: tuple[TableRow, ...]
    has_target: bool
    has_intervention: bool
    has_rag: bool
    has_last_year: bool
    has_marks: bool


@dataclass(frozen=True)
class ChartView:
    """A prepared chart. `chart_id` is unique on its page; `plotly` goes through `json_script`."""

    chart_id: str
    title: str
    alt: str
    svg: SafeString
    svg_small: SafeString
    plotly: dict[str, Any]
    table: Table
    this_label: str
    last_label: str
    events: tuple[str, ...]
    notes: tuple[str, ...]
    hide_table: bool

    @property
    def json_id(self) -> str:
        return f"{self.chart_id}-data"


def present(chart: KpiChart, chart_id: str = "chart", hide_table: bool = False) -> ChartView:
    """Prepare a chart for the component. `hide_table` folds the table of figures under "Show the figures"."""
    return ChartView(
        chart_id=chart_id,
        title=chart.title,
        alt=describe(chart),
        svg=svg(chart),
        svg_small=svg(chart, 320, 260),
        plotly=plotly_json(chart),
        table=table(chart),
        this_label=chart.this_label or "Figure",
        last_label=chart.last_label or "Last year",
        events=tuple(f"{event.label}: {event.sentence}" for _, _, event in chart.numbered_events()),
        notes=notes(chart),
        hide_table=hide_table,
    )


def table(chart: KpiChart) -> Table:
    """The chart's figures as rows of text, in time order."""
    points = chart.points
    return Table(
        rows=tuple(_row(chart, point) for point in points),
        has_target=any(point.level for point in points),
        has_intervention=any(intervention_text(chart, point) != "None" for point in points),
        has_rag=any(point.rag for point in points),
        has_last_year=any(point.last_year is not None for point in points),
        has_marks=any(point.marks for point in points),
    )


def _row(chart: KpiChart, point: Point) -> TableRow:
    return TableRow(
        month=point.label,
        figure=point.missing if point.value is None else chart.figure(point.value),
        target=target_text(chart, point),
        intervention=intervention_text(chart, point),
        rag=point.rag,
        tag_class=TAG_CLASSES.get(rag_key(point.rag), "govuk-tag--grey"),
        last_year="No data" if point.last_year is None else chart.figure(point.last_year),
        marks=marks_text(point),
    )
