"""What templates/components/chart.html prints: drawings, the table of the same figures, events, notes."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from .plotly import plotly_json
from .series import KpiChart, Point
from .svg import svg
from .words import describe, intervention_text, marks_text, notes, target_text


@dataclass(frozen=True)
class TableRow:
    """One month as text."""

    month: str
    figure: str
    target: str
    intervention: str
    rag: str
    last_year: str
    marks: str


@dataclass(frozen=True)
class Table:
    """The rows, and which of the columns have anything in them."""

    rows: tuple[TableRow, ...]
    period: str
    has_target: bool
    has_intervention: bool
    has_rag: bool
    has_last_year: bool
    has_marks: bool


@dataclass(frozen=True)
class ChartView:
    """A prepared chart. `chart_id` is unique on its page; `plotly` is empty when there is nothing to plot."""

    chart_id: str
    title: str
    unit: str
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

    @property
    def table_id(self) -> str:
        return f"{self.chart_id}-table"

    @property
    def caption(self) -> str:
        return f"{self.title}: figures" + (f" ({self.unit})" if self.unit else "")


def present(chart: KpiChart, chart_id: str = "chart", hide_table: bool = False) -> ChartView:
    """Prepare a chart for the component. `hide_table` folds the table of figures under "Show the figures"."""
    return ChartView(
        chart_id=chart_id,
        title=chart.title,
        unit=chart.unit_text,
        alt=describe(chart),
        svg=svg(chart),
        svg_small=svg(chart, 320, 260),
        plotly=plotly_json(chart) if chart.points else {},
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
        rows=(*(_row(chart, point) for point in points), *_forecast_rows(chart)),
        period="Quarter" if any(point.label.startswith("Q") for point in points) else "Month",
        has_target=any(point.level for point in points),
        has_intervention=any(intervention_text(chart.bare, point) != "None" for point in points),
        has_rag=any(point.rag for point in points) or bool(chart.forecast and chart.forecast.rag),
        has_last_year=any(point.last_year is not None for point in points),
        has_marks=any(point.marks for point in points),
    )


def _row(chart: KpiChart, point: Point) -> TableRow:
    return TableRow(
        month=point.label,
        figure=point.missing if point.value is None else chart.bare(point.value),
        target=target_text(chart.bare, point),
        intervention=intervention_text(chart.bare, point),
        rag=point.rag,
        last_year="No data" if point.last_year is None else chart.bare(point.last_year),
        marks=marks_text(point),
    )


def _forecast_rows(chart: KpiChart) -> list[TableRow]:
    if not chart.forecast:
        return []
    figure = chart.bare(chart.forecast.value)
    return [TableRow(chart.forecast.label, figure, "", "", chart.forecast.rag, "", "")]
