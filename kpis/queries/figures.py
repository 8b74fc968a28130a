"""A month's figure as one person may see it: the list, the KPI page and the board all read their figures here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from hdcperf.organisation.access import Standing
from hdcperf.periods import Month
from hdcperf.rag import Rag
from hdcperf.review.sight import Source
from kpis.models import (
    DerivedChange,
    IssuedFigure,
    KpiYear,
    MonthlyReturn,
    Revision,
    RevisionTransition,
)
from kpis.queries.assessing import ACCEPTED, KNOWN, assess
from kpis.queries.sight import Access, access, issued_rows, seen_returns
from kpis.queries.years import YearFacts, levels_of, load_targets
from kpis.rules.figures import Headline
from kpis.rules.year_to_date import Levels

__all__ = [
    "Commentary",
    "Figure",
    "KpiFigures",
    "Source",
    "figures",
]

WORDS = ("what_happened", "why", "being_done", "internal_note", "no_data_reason", "forecast_note")


@dataclass(frozen=True)
class Commentary:
    """What was written with a figure; ``issued`` is the text as a pack printed it, in place of the three prompts."""

    what_happened: str = ""
    why: str = ""
    being_done: str = ""
    done_by: date | None = None
    done_owner: str = ""
    issued: str = ""

    def __bool__(self) -> bool:
        return bool(self.what_happened or self.why or self.being_done or self.issued)


@dataclass(frozen=True)
class Figure:
    """One month's figure as one person may see it. Figures in the KPI's unit, unrounded; percentages 0 to 100."""

    record_id: int
    month: Month
    source: Source
    state: str
    month_figure: Decimal | None
    ytd_figure: Decimal | None
    headline_is_ytd: bool
    ends_the_year: bool
    rag: Rag
    judged_by: Levels
    forecast: Decimal | None
    forecast_rag: Rag
    year_target: Decimal | None
    nothing_to_measure: bool = False
    no_data: bool = False
    no_data_reason: str = ""
    outturn: str = ""
    marks: tuple[str, ...] = ()
    commentary: Commentary = field(default_factory=Commentary)
    issued_in: str = ""

    @property
    def headline(self) -> Decimal | None:
        """The figure RAG judges."""
        return self.ytd_figure if self.headline_is_ytd else self.month_figure

    @property
    def has_figure(self) -> bool:
        """Whether the month was reported: what a running total added is not known after a missing month."""
        reported = self.month_figure is not None or self.rag in (Rag.GREEN, Rag.AMBER, Rag.RED)
        return reported and not self.no_data and not self.nothing_to_measure

    @property
    def stands(self) -> bool:
        """Accepted, or issued: it counts. A working or disputed figure does not."""
        return self.source in (Source.ACCEPTED, Source.ISSUED)


@dataclass
class KpiFigures:
    """One KPI's year as one person may see it: the figures by month, and the targets when they were asked for."""

    kpi_year: KpiYear
    facts: YearFacts
    sees_more_than_issued: bool = False
    by_month: dict[Month, Figure] = field(default_factory=dict)

    def latest(self, until: Month | None = None) -> Figure | None:
        """The newest month that counts, up to ``until``."""
        months = [month for month, one in self.by_month.items() if one.stands and (until is None or month <= until)]
        return self.by_month[max(months)] if months else None


def figures(
    who: Standing,
    kpi_years: Iterable[KpiYear],
    *,
    last: Month | None = None,
    targets: bool = False,
    words: bool = False,
    as_the_board: bool = False,
) -> dict[int, KpiFigures]:
    """What ``who`` may see of each of ``kpi_years`` (with their service), by its id, up to the month ``last``.

    At most five queries however many KPIs: access, returns, issued figures, and the two of the targets, which are
    read for every KPI only when asked for. ``words`` brings the commentary too. ``as_the_board`` works out what is
    not accepted from accepted months alone, also for those who work on it: a page says the same to all its readers.
    """
    years = list(kpi_years)
    found = {one.pk: KpiFigures(one, YearFacts(one)) for one in years}
    allowed = access(who, years)
    for pk, one in found.items():
        one.sees_more_than_issued = allowed.sees_more_than_issued(pk)
    live: set[int] = set()
    for record in _returns(allowed, last, words):
        one = found[record.kpi_year_id]
        record.kpi_year = one.kpi_year
        one.facts.returns[record.measured] = record
        if not record.is_accepted:
            live.add(one.kpi_year.pk)
    wanted = found if targets else {pk: found[pk] for pk in live}
    if wanted:
        load_targets({pk: one.facts for pk, one in wanted.items()})
    for one in found.values():
        for month, record in one.facts.returns.items():
            works_on_it = record.kpi_year_id in allowed.working
            counting = KNOWN if works_on_it and not as_the_board else ACCEPTED
            source = Source.WORKING if works_on_it else Source.DISPUTED
            one.by_month[month] = _of_return(one.facts, record, source, counting, words)
    for row in _issued(allowed, years, last, words):
        one = found[row.monthly_return.kpi_year_id]
        # The newest issue comes last and wins.
        one.by_month[row.monthly_return.measured] = _of_issue(one.kpi_year, row, words)
    return found


def _returns(allowed: Access, last: Month | None, words: bool) -> QuerySet[MonthlyReturn]:
    revised = Revision.objects.filter(monthly_return=OuterRef("pk"), state=Revision.State.ACCEPTED)
    moved = DerivedChange.objects.filter(monthly_return=OuterRef("pk"))
    rows = seen_returns(allowed).annotate(revised=Exists(revised), moved=Exists(moved)).order_by("month")
    if last is not None:
        rows = rows.filter(month__lte=last.first_day)
    return rows if words else rows.defer(*WORDS)


def _issued(allowed: Access, years: Iterable[KpiYear], last: Month | None, words: bool) -> Iterable[IssuedFigure]:
    if not allowed.issued:
        return ()
    revised_then = RevisionTransition.objects.filter(
        revision__monthly_return=OuterRef("monthly_return"), move="accept", at__date__lte=OuterRef("issued_on")
    )
    rows = (
        issued_rows(allowed, min(one.months[0] for one in years))
        .select_related("monthly_return")
        .defer(*(f"monthly_return__{name}" for name in WORDS))
        .annotate(revised=Exists(revised_then))
    )
    if last is not None:
        rows = rows.filter(monthly_return__month__lte=last.first_day)
    return rows if words else rows.defer("commentary", "being_done", *(f"monthly_return__{name}" for name in WORDS))


def _of_return(
    facts: YearFacts, record: MonthlyReturn, source: Source, counting: frozenset[str], words: bool
) -> Figure:
    """``source`` is the ground it is seen on while it is not accepted; ``counting`` the months its year adds up."""
    kpi_year = facts.kpi_year
    common = {
        "record_id": record.pk,
        "month": record.measured,
        "state": record.state,
        "headline_is_ytd": kpi_year.headline == Headline.YTD.value,
        "ends_the_year": record.measured == kpi_year.months[-1],
        "no_data": record.no_data,
        "no_data_reason": record.no_data_reason if words else "",
        "nothing_to_measure": record.nothing_to_measure,
        "outturn": record.outturn,
        "marks": _marks(record, kpi_year),
        "commentary": _commentary(record) if words else Commentary(),
    }
    if record.is_accepted:
        return Figure(
            source=Source.ACCEPTED,
            month_figure=record.month_figure,
            ytd_figure=record.ytd_figure,
            rag=Rag(record.rag),
            judged_by=levels_of(record),
            forecast=record.forecast,
            forecast_rag=Rag(record.forecast_rag or Rag.NO_DATA),
            year_target=record.year_target,
            **common,  # type: ignore[arg-type]
        )
    found = assess(facts, record.measured, counting=counting)
    return Figure(
        source=source,
        month_figure=found.month_figure,
        ytd_figure=found.ytd_figure,
        rag=found.rag,
        judged_by=found.judged_by,
        forecast=found.forecast,
        forecast_rag=found.forecast_rag,
        year_target=found.year_levels.target,
        **common,  # type: ignore[arg-type]
    )


def _marks(record: MonthlyReturn, kpi_year: KpiYear) -> tuple[str, ...]:
    noted = vars(record)
    moved = noted["moved"] and kpi_year.headline == Headline.YTD.value
    return _named(
        disputed=noted["with_board"],
        revised=noted["revised"] or moved,
        provisional=record.outturn == MonthlyReturn.Outturn.PROVISIONAL,
        imported=record.imported,
    )


def _named(**marks: bool) -> tuple[str, ...]:
    return tuple(name for name, holds in marks.items() if holds)


def _commentary(record: MonthlyReturn) -> Commentary:
    return Commentary(record.what_happened, record.why, record.being_done, record.done_by, record.done_owner)


def _as_issued(row: IssuedFigure) -> Commentary:
    return Commentary(
        issued=row.commentary, being_done=row.being_done, done_by=row.done_by, done_owner=row.done_owner
    )


def _of_issue(kpi_year: KpiYear, row: IssuedFigure, words: bool) -> Figure:
    """The figure as it was issued: nothing of it is read from the return, which may have been revised since."""
    rag = Rag(row.rag or Rag.NO_DATA)
    return Figure(
        record_id=row.monthly_return_id,
        month=row.monthly_return.measured,
        source=Source.ISSUED,
        state=MonthlyReturn.State.ACCEPTED,
        month_figure=row.month_figure,
        ytd_figure=row.ytd_figure,
        headline_is_ytd=kpi_year.headline == Headline.YTD.value,
        ends_the_year=row.monthly_return.measured == kpi_year.months[-1],
        rag=rag,
        judged_by=Levels(row.target, row.intervention, row.target_upper, row.intervention_upper),
        forecast=row.forecast,
        forecast_rag=Rag(row.forecast_rag or Rag.NO_DATA),
        year_target=row.year_target,
        no_data=row.month_figure is None and rag not in (Rag.GREEN, Rag.AMBER, Rag.RED),
        outturn=row.monthly_return.outturn,
        marks=_named(
            revised=vars(row)["revised"],
            provisional=row.monthly_return.outturn == MonthlyReturn.Outturn.PROVISIONAL,
            imported=row.monthly_return.imported,
        ),
        commentary=_as_issued(row) if words else Commentary(),
        issued_in=row.pack,
    )
