"""What people paste and what a year brings: a pack no layout was drawn for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hdcperf.charts import Break, Event, KpiChart, Point
from reports.packs.frozen import FrontPage, FrozenPack, Mention, OutcomePart, PriorityPart
from reports.packs.pieces import Figure, Passage, Status
from tests.factories.packs import AMBER, NO_DATA, RED, sample_action, sample_chart, sample_kpi, sample_pack

__all__ = ["HOSTILE", "LONG", "TABLE", "awkward_pack"]

LONG = " ".join(f"word{number}" for number in range(3000))
HOSTILE = (
    "<script>alert(1)</script> <img src=http://192.0.2.1/x.png> <img src=file:///etc/passwd> "
    "</style><style>@import url(http://192.0.2.1/y.css);*{display:none}</style> {{ pack }} {% load ui %} &amp; =2+3"
)
TABLE = "Round\tMissed\tRate\n" + "\n".join(f"Round {number}\t{number}\t{number}.5" for number in range(1, 41))


def awkward_pack() -> FrozenPack:
    """Every awkward content of the brief, one KPI each."""
    kpis = (
        sample_kpi("KPI 1", reference="long", commentary=(Passage("At length", LONG),)),
        sample_kpi("KPI 2", reference="none", commentary=(), chart=None),
        sample_kpi("KPI 3", reference="table", commentary=(Passage("Rounds", TABLE),)),
        sample_kpi("KPI 4", reference="hostile", title=HOSTILE, commentary=(Passage(HOSTILE, HOSTILE),)),
        sample_kpi("KPI 5", reference="names", title="שלום מרחב العربية 🎉👩‍💻🇬🇧 1️⃣ 中文 \u2028 ẓ́ ﷽", why=""),
        sample_kpi("KPI 6", reference="new", status=Status(NO_DATA), chart=_nothing_yet(), missing="New this year"),
        sample_kpi("KPI 7", reference="renumbered", notes=("It was PI 31 in 2025/26.",), chart=_all_marks()),
        sample_kpi(
            "KPI 8", reference="wide", title="W" * 300, month=Figure(Decimal("-1234567890123"), "−£1,234,567,890,123")
        ),
    )
    long_list = tuple(
        Mention(
            "KPI",
            f"KPI {number}",
            "A title that runs to the length the longest of them do, and on",
            Status(RED, None, AMBER),
        )
        for number in range(30)
    )
    front = sample_pack().front
    return sample_pack(
        front=FrontPage(
            front.tallies,
            better=long_list,
            worse=long_list,
            changes=front.changes * 20,
            asked_to_note=(
                "A sentence members are asked to note, as long as they come in practice, and a little more",
            )
            * 20,
        ),
        priorities=(
            PriorityPart(0, "Serving no outcome", (OutcomePart(0, HOSTILE, kpis, (sample_action(done=HOSTILE),)),)),
        ),
        council='Example "District" <Council>',
        corrections=(),
    )


def _nothing_yet() -> KpiChart:
    points = tuple(
        replace(point, value=None, last_year=None, level=None, marks="", rag="") for point in sample_chart().points
    )
    return sample_chart("Nothing yet", points=points, forecast=None, events=(), breaks=())


def _all_marks() -> KpiChart:
    points: tuple[Point, ...] = tuple(
        replace(point, marks="rpd" if point.value else "") for point in sample_chart().points
    )
    return sample_chart(
        points=points,
        events=tuple(Event(point.label, "A flood") for point in points),
        breaks=tuple(Break(point.label, "The method changed") for point in points[1:4]),
    )
