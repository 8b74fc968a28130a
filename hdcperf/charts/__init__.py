"""Charts: one plain series object, drawn as a light SVG and by Plotly, with its table of figures.

`present(chart, "chart-kpi")` gives what templates/components/chart.html prints. Imports nothing of ours.
"""

from .plotly import plotly_json
from .present import ChartView, Table, TableRow, present, table
from .series import Break, Event, Forecast, KpiChart, Level, Limits, Point
from .small import rag_bar, sparkline
from .svg import print_svg, svg
from .words import describe, notes

__all__ = [
    "Break",
    "ChartView",
    "Event",
    "Forecast",
    "KpiChart",
    "Level",
    "Limits",
    "Point",
    "Table",
    "TableRow",
    "describe",
    "notes",
    "plotly_json",
    "present",
    "print_svg",
    "rag_bar",
    "sparkline",
    "svg",
    "table",
]
