"""The page of one KPI: how it stands, its chart, what was written month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from hdcperf.periods import Month
from hdcperf.review.recovery import result_of
from hdcperf.ui import Link, Pair, Tag, day, lower_first, mark_tag, moment, promise, rag_tag, state_tag
from kpis.models import Challenge, ChallengeMessage, RecoveryOutcome
from kpis.presenters.figures import bare_figure, figure_words, mark_tags, pair, stands, when_words
from kpis.queries.figures import Figure, Source
from kpis.queries.kpi_page import KpiHistory
from kpis.queries.trends import comparable, compares_months
from kpis.rules.figures import Frequency
from kpis.rules.forecasts import ForecastMade, forecast_track_record

__all__ = [
    "Dispute",
    "ForecastRow",
    "MonthWords",
    "Recovery",
    "Stand",
    "disputes",
    "forecasts",
    "month_words",
    "recoveries",
    "stand",
    "track_record",
]


@dataclass(frozen=True)
class Stand:
    """The head of the page: the sentence, the figure and both RAGs; ``figure`` is empty when none may be seen."""

    sentence: str
    figure: str = ""
    when: str = ""
    pair: Pair | None = None
    marks: tuple[Tag, ...] = ()
    source: str = ""


def stand(history: KpiHistory) -> Stand:
    """How the KPI stands at the latest figure the person may see."""
    kpi_year, latest = history.kpi_year, history.seen.latest()
    if latest is None:
        accepted = history.sees_more_than_issued
        year = kpi_year.financial_year
        return Stand(f"No figure of {year} has been {'accepted' if accepted else 'issued'} yet.")
    before = _before(history, latest)
    previous = None
    if before is not None:
        previous = before.month_figure if compares_months(kpi_year) else before.ytd_figure
    return Stand(
        sentence=stands(kpi_year, latest, previous=previous),
        figure=figure_words(kpi_year, latest),
        when=when_words(kpi_year, latest.month),
        pair=pair(latest),
        marks=mark_tags(latest),
        source=f"As issued in {latest.issued_in}." if latest.issued_in else "",
    )


def _before(history: KpiHistory, latest: Figure) -> Figure | None:
    """The figure one period earlier, in this year or a comparable last one."""
    month = latest.month - 12 // len(Frequency(history.kpi_year.frequency).months)
    found = history.seen.by_month.get(month)
    if found is None and history.before is not None and comparable(history.before.kpi_year, history.kpi_year):
        found = history.before.by_month.get(month)
    return found if found is not None and found.stands else None


@dataclass(frozen=True)
class MonthWords:
    """What was written with a month's figure."""

    heading: str
    figure: str
    pair: Pair
    marks: tuple[Tag, ...]
    parts: tuple[tuple[str, str], ...]
    href: str
    hint: str


def month_words(history: KpiHistory) -> list[MonthWords]:
    """Commentary month by month, newest first: what happened, why, what is being done."""
    return [
        _month_words(history, one)
        for _, one in sorted(history.seen.by_month.items(), reverse=True)
        if one.commentary or one.no_data_reason
    ]


def _month_words(history: KpiHistory, figure: Figure) -> MonthWords:
    kpi_year = history.kpi_year
    return MonthWords(
        heading=str(figure.month),
        figure=figure_words(kpi_year, figure),
        pair=pair(figure),
        marks=mark_tags(figure),
        parts=tuple(_parts(figure)),
        href=_return_address(history, figure),
        hint=f"of {figure.month}",
    )


def _return_address(history: KpiHistory, figure: Figure) -> str:
    """The return itself, for those who see more of it than a pack printed."""
    if figure.source is Source.ISSUED:
        return ""
    return reverse("return", args=[figure.month, history.kpi_year.code])


def _parts(figure: Figure) -> Iterator[tuple[str, str]]:
    words = figure.commentary
    if figure.no_data_reason:
        yield "Why there is no figure", figure.no_data_reason
    if words.issued:
        yield "", words.issued
    if words.what_happened:
        yield "What happened", words.what_happened
    if words.why:
        yield "Why", words.why
    if words.being_done:
        yield "What is being done", promise(words.being_done, words.done_by, words.done_owner)


@dataclass(frozen=True)
class Recovery:
    """A recovery action that was promised, and whether it was done."""

    month: str
    promised: str
    due: str
    owner: str
    result: str
    words: str


def recoveries(history: KpiHistory, today: date) -> list[Recovery]:
    """The actions promised with amber and red figures, newest first."""
    promised = [
        one
        for _, one in sorted(history.seen.by_month.items(), reverse=True)
        if one.commentary.being_done and one.source is not Source.WORKING and one.rag.is_off_target
    ]
    return [_recovery(one, history.outcomes.get(one.record_id), today) for one in promised]


def _recovery(figure: Figure, outcome: RecoveryOutcome | None, today: date) -> Recovery:
    words = figure.commentary
    return Recovery(
        month=str(figure.month),
        promised=words.being_done,
        due=day(words.done_by),
        owner=words.done_owner,
        result=result_of(outcome, words.done_by, today),
        words=outcome.words if outcome is not None else "",
    )


def track_record(figures: dict[Month, Figure]) -> list[str]:
    """What the year's forecasts have been worth, in sentences; the outturn counts once it is final."""
    standing = [one for _, one in sorted(figures.items()) if one.stands]
    made = [
        ForecastMade(one.month, one.forecast, one.forecast_rag, one.rag) for one in standing if not one.ends_the_year
    ]
    final = next((one for one in standing if one.outturn == "final"), None)
    if final is None:
        return forecast_track_record(made)
    return forecast_track_record(made, final.ytd_figure, final.forecast_rag)


@dataclass(frozen=True)
class ForecastRow:
    """A month's forecast beside how the figure stood then."""

    month: str
    forecast: str
    forecast_rag: Tag
    rag: Tag


def forecasts(history: KpiHistory) -> list[ForecastRow]:
    """Each month's forecast of the year's end, oldest first."""
    kpi_year = history.kpi_year
    return [
        ForecastRow(str(one.month), bare_figure(kpi_year, one.forecast), rag_tag(one.forecast_rag), rag_tag(one.rag))
        for _, one in sorted(history.seen.by_month.items())
        if one.stands and not one.ends_the_year
    ]


@dataclass(frozen=True)
class Said:
    """One thing said, as the dialogue component prints it."""

    who: str
    when: str
    text: str
    tag: Tag
    side: str


@dataclass(frozen=True)
class Dispute:
    """A figure before the board, with what the two sides said."""

    heading: str
    figure: str
    reason: str
    marks: tuple[Tag, ...]
    entries: tuple[Said, ...]
    link: Link


def disputes(history: KpiHistory) -> list[Dispute]:
    """What is before the board, for those who may see it."""
    by_record = {one.record_id: one for one in history.seen.by_month.values()}
    return [_dispute(history, by_record[one.monthly_return_id], one) for one in history.disputes]


def _dispute(history: KpiHistory, figure: Figure, challenge: Challenge) -> Dispute:
    return Dispute(
        heading=f"{figure.month}: {lower_first(challenge.get_about_display())}",
        figure=figure_words(history.kpi_year, figure),
        reason=challenge.get_reason_display(),
        marks=(mark_tag("disputed"), state_tag(figure.state)),
        entries=tuple(_said(message) for message in challenge.messages.all()) or (_first(challenge),),
        link=Link(
            f"The dispute about {figure.month}, and the decision",
            reverse("ruling", args=[figure.month, history.kpi_year.code]),
        ),
    )


def _first(challenge: Challenge) -> Said:
    """The question itself, where no dialogue was kept with it."""
    tag = Tag(ChallengeMessage.Kind.QUESTION.label)
    return Said(challenge.raised_by.name, moment(challenge.raised_at), challenge.question, tag, "team")


def _said(message: ChallengeMessage) -> Said:
    owner = message.kind == ChallengeMessage.Kind.ANSWER
    return Said(
        message.by_name,
        moment(message.at),
        message.words,
        Tag(message.get_kind_display()),
        "owner" if owner else "team",
    )
