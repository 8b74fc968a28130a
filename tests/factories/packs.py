"""A pack made by hand, invented and looking it: every kind of item, and the awkward ones members meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hdcperf.charts import Break, Event, Forecast, KpiChart, Level, Point
from reports.packs.frozen import (
    CoverSection,
    FrontPage,
    FrozenAnnex,
    FrozenCheck,
    FrozenComment,
    FrozenPack,
    FrozenSupplement,
    KeyEntry,
    Mention,
    OutcomePart,
    PriorityPart,
    Section,
    Tally,
)
from reports.packs.items import FrozenAction, FrozenKpi, FrozenMeasure, FrozenProject, FrozenQuestion, MeasurePoint
from reports.packs.pieces import (
    Change,
    Colour,
    Comparison,
    Count,
    Figure,
    Levels,
    Milestone,
    MovedDate,
    Movement,
    Passage,
    Promise,
    Revised,
    Status,
)
from reports.packs.sections import Audience, SectionKey

__all__ = [
    "AMBER",
    "GREEN",
    "NO_DATA",
    "RED",
    "sample_action",
    "sample_annex",
    "sample_chart",
    "sample_kpi",
    "sample_pack",
    "sample_supplement",
]

GREEN, AMBER, RED = Colour("green", "Green"), Colour("amber", "Amber"), Colour("red", "Red")
NO_DATA = Colour("no_data", "No data")

_MONTHS = ("April", "May", "June", "July", "August", "September", "October", "November", "December")


def sample_chart(title: str = "Missed bins, each month", **facts: Any) -> KpiChart:
    """Six months with last year's, a target that steps, an event, a break and a forecast; three not yet due."""
    figures = [Decimal(one) for one in ("41", "39.5", "52", "61", "58", "47")]
    points = tuple(
        Point(
            label=f"{month} 2026",
            short=month[:3],
            value=figures[at] if at < len(figures) else None,
            rag=("Green", "Green", "Red", "Red", "Red", "Amber")[at] if at < len(figures) else "",
            marks="r" if at == 2 else "",
            level=Level(Decimal(45 if at < 3 else 44), Decimal(50)),
            last_year=Decimal(38 + at),
            missing="Not yet due",
        )
        for at, month in enumerate(_MONTHS)
    )
    made = KpiChart(
        title=title,
        points=points,
        suffix=" per 100,000",
        decimals=1,
        this_label="2026/27",
        last_label="2025/26",
        events=(Event("July 2026", "Floods closed the Example Road depot"),),
        breaks=(Break("May 2026", "The definition changed from the year before"),),
        forecast=Forecast(Decimal(49), "Amber"),
    )
    return replace(made, **facts)


def sample_kpi(code: str = "KPI 18", **facts: Any) -> FrozenKpi:
    """Red now and forecast amber, with everything a KPI can have said of it."""
    made = FrozenKpi(
        code=code,
        reference="missed-bins",
        title="Missed bins per 100,000 collections",
        period="September 2026",
        service="Waste and Streets",
        control="Do",
        direction="Lower is better",
        headline="month",
        status=Status(RED, AMBER, GREEN),
        address="/kpis/2026-27/KPI-18/",
        definition="Collections reported missed and not put right by the next working day.",
        why="Residents notice a missed bin before anything else the council does.",
        why_target="The best of the last three years, held.",
        target_approved="Cabinet, 12 February 2026",
        unit="per 100,000 collections",
        portfolio="Environment",
        frequency="Monthly",
        sentence="Missed bins were 61.0 per 100,000 in September 2026, worse than the target of 44, so it is red.",
        month=Figure(Decimal("61.0"), "61.0 per 100,000"),
        ytd=Figure(Decimal("49.75"), "49.8 per 100,000"),
        levels=Levels(Decimal(44), Decimal(50), target_words="44.0", intervention_words="50.0"),
        forecast=Figure(Decimal(49), "49.0 per 100,000"),
        year_levels=Levels(Decimal(44), Decimal(50), target_words="44.0", intervention_words="50.0"),
        movement=Movement("worse", "Worse by 9.0 since June 2026"),
        track_record=("Four times running it said recovery by March; the gap has grown.",),
        commentary=(
            Passage("What happened", "Two crews were short for three weeks.\n\nThe depot flooded on 9 July."),
            Passage("Why", "Sickness, and the flood."),
        ),
        recovery=Promise("A relief crew starts on the northern rounds", date(2026, 11, 30), "Depot manager"),
        promised_before=(Passage("June 2026", "Agency drivers by 31 July: done, two weeks late."),),
        companions=(Passage("Out of", "1,204,311 collections in the month"),),
        comparisons=(
            Comparison(
                "Mean of the nearest neighbours",
                "CIPFA nearest neighbours",
                "2025/26",
                Figure(Decimal(72), "72.0 per 100,000"),
                "An invented return of neighbouring councils",
                "Counted alike, but three neighbours collect food waste weekly.",
            ),
        ),
        chart=sample_chart(),
        marks=("revised",),
        notes=("July 2026: Floods closed the Example Road depot",),
        revisions=(
            Revised(
                code,
                "Missed bins per 100,000 collections",
                "June 2026",
                "48.0",
                "52.0",
                AMBER,
                RED,
                "Late data",
                "One round's reports came in after the month was closed.",
                date(2026, 8, 14),
            ),
        ),
    )
    return replace(made, **facts)


def sample_action(code: str = "CPA 64", **facts: Any) -> FrozenAction:
    """Amber after green, with its reason, its recovery and a milestone that slipped."""
    made = FrozenAction(
        code=code,
        reference="warm-homes",
        title="Warm homes grants",
        wording="Help 200 households in the coldest homes to apply for a warm homes grant.",
        control="Enable",
        service="Housing",
        status=Status(AMBER, None, GREEN),
        address="/actions/CPA-64/",
        portfolio="Housing and Homelessness",
        responsible="Housing strategy officer",
        success="Homes brought up to band C.",
        due=date(2027, 3, 31),
        movement=Movement("worse", "Worse than last quarter"),
        rag_reason="The installer withdrew in August.",
        done="114 households were helped to apply. <b>Not bold</b> when it is printed.",
        impact="41 homes are warmer; bills fell by about £310 a year in the twelve surveyed.",
        recovery=Promise("A second installer from the county's framework", date(2026, 12, 18), "Housing manager"),
        next_milestone=Milestone("All grants applied for", date(2027, 1, 29)),
        moved_dates=(
            MovedDate("All grants applied for", date(2026, 11, 30), date(2027, 1, 29), "The installer withdrew."),
        ),
    )
    return replace(made, **facts)


def sample_project(code: str = "PR 3", **facts: Any) -> FrozenProject:
    made = FrozenProject(
        code=code,
        name="Example Road depot",
        purpose="One depot for waste and streets in place of two.",
        board="Major Projects Board",
        service="Waste and Streets",
        status=Status(RED, None, AMBER),
        sponsor="Director of Place",
        manager="Projects manager",
        met_on=date(2026, 10, 8),
        board_words="The contract is not let and the start on site has passed.",
        progress="Tenders came back above the estimate.",
        risks="The lease of the old depot ends in June 2027.",
        next_steps="A smaller scheme is priced.",
        recovery=Promise("A revised scheme to the board", date(2026, 11, 26), "Projects manager"),
        ends_on=date(2027, 9, 30),
        next_milestone=Milestone("Contract let", date(2026, 12, 11)),
    )
    return replace(made, **facts)


def sample_measure(**facts: Any) -> FrozenMeasure:
    made = FrozenMeasure(
        reference="active-adults",
        name="Adults who are physically active",
        outcome="Improving the happiness and wellbeing of residents",
        unit="%",
        direction="Higher is better",
        source="An invented survey",
        publisher="An invented office",
        sentence="69.1% in 2025/26, up from 67.4% the year before.",
        values=(
            MeasurePoint("The district", "2024/25", Figure(Decimal("67.4"), "67.4%")),
            MeasurePoint("The district", "2025/26", Figure(Decimal("69.1"), "69.1%")),
            MeasurePoint("England", "2025/26", Figure(Decimal("66.2"), "66.2%")),
        ),
    )
    return replace(made, **facts)


def _missing_kpi() -> FrozenKpi:
    return sample_kpi(
        "KPI 21",
        reference="grants-given",
        title="Disabled facilities grants completed",
        direction="Higher is better",
        headline="ytd",
        status=Status(NO_DATA),
        missing="Not accepted yet: it is with Housing",
        sentence="Disabled facilities grants completed has no accepted figure for September 2026.",
        month=Figure(None, "Not accepted yet"),
        ytd=Figure(None, "Not accepted yet"),
        forecast=Figure(),
        movement=Movement(),
        track_record=(),
        commentary=(),
        recovery=None,
        promised_before=(),
        comparisons=(),
        chart=None,
        marks=(),
        revisions=(),
    )


def _on_target_kpi() -> FrozenKpi:
    return sample_kpi(
        "KPI 1",
        reference="leisure-visits",
        title="Visits to leisure centres שלום مرحبا 🏊",
        direction="Higher is better",
        headline="ytd",
        status=Status(GREEN, GREEN, AMBER),
        sentence="Visits to leisure centres were 61,204 for the year to September 2026, so it is green.",
        month=Figure(Decimal(10512), "10,512"),
        ytd=Figure(Decimal(61204), "61,204"),
        movement=Movement("better", "Better by 812 since June 2026"),
        recovery=None,
        revisions=(),
        marks=(),
        chart=sample_chart("Visits to leisure centres, year to date", suffix="", decimals=0),
    )


def _front() -> FrontPage:
    return FrontPage(
        tallies=(
            Tally(
                "KPIs",
                now=(Count(GREEN, 1), Count(AMBER, 0), Count(RED, 1), Count(NO_DATA, 1)),
                forecast=(Count(GREEN, 1), Count(AMBER, 1), Count(RED, 0), Count(NO_DATA, 1)),
                before=(Count(GREEN, 1), Count(AMBER, 1), Count(RED, 0), Count(NO_DATA, 1)),
                better=1,
                worse=1,
                sentence="1 of 3 KPIs is red now; none is forecast to end the year red.",
            ),
            Tally(
                "Actions",
                now=(Count(GREEN, 0), Count(AMBER, 1), Count(RED, 0)),
                before=(Count(GREEN, 1), Count(AMBER, 0), Count(RED, 0)),
                worse=1,
                sentence="1 of 1 actions is amber.",
            ),
        ),
        better=(Mention("KPI", "KPI 1", "Visits to leisure centres", Status(GREEN, GREEN, AMBER)),),
        worse=(
            Mention("KPI", "KPI 18", "Missed bins per 100,000 collections", Status(RED, AMBER, GREEN)),
            Mention("Action", "CPA 64", "Warm homes grants", Status(AMBER, None, GREEN)),
        ),
        changes=sample_kpi().revisions,
        asked_to_note=("1 KPI is red now: KPI 18.", "1 figure is missing: KPI 21."),
        completeness="2 of 3 KPIs have an accepted figure.",
        movement="1 better and 2 worse than last quarter.",
    )


def sample_pack(**facts: Any) -> FrozenPack:
    """Scrutiny's pack for Q2 2026/27. ``facts`` replace any part of it."""
    made = FrozenPack(
        slug="2026-27-Q2",
        audience=Audience.SCRUTINY.value,
        audience_label=Audience.SCRUTINY.label,
        title="Quarterly performance report, Q2 2026/27",
        period="Q2 2026/27",
        version=2,
        frozen_on=date(2026, 10, 23),
        council="Example District Council",
        team="Performance Team",
        body="Overview and Scrutiny Panel (Performance and Growth)",
        front=_front(),
        sections=tuple(Section(key.value, key.label) for key in SectionKey),
        meeting_on=date(2026, 11, 4),
        meeting_place="Civic Suite, Example House",
        author="Performance manager",
        contact="performance@example.gov.uk",
        notice="The council and everybody in this pack are invented.",
        cover=(
            CoverSection("recommendations", "Recommendations", "- Note that KPI 18 is red.\n- Comment on it."),
            CoverSection("summary", "Summary", "1 of 3 KPIs is red now.\n\n1 action is amber."),
            CoverSection("background", "Background papers", "Corporate Plan 2023 to 2028."),
        ),
        comments=(FrozenComment("Section 151 officer", "No cost beyond the budget.", date(2026, 10, 20)),),
        priorities=(
            PriorityPart(
                1,
                "Improving quality of life for local people",
                (
                    OutcomePart(
                        1,
                        "Improving the happiness and wellbeing of residents",
                        (_on_target_kpi(), _missing_kpi()),
                        (sample_action(),),
                    ),
                ),
            ),
            PriorityPart(
                3,
                "Doing our core work well",
                (OutcomePart(7, "Doing our core work well", (sample_kpi(),), (), (sample_project(),)),),
            ),
        ),
        measures=(sample_measure(),),
        questions=(
            FrozenQuestion(
                about="KPI 18 Missed bins per 100,000 collections",
                asked_on=date(2026, 9, 3),
                words="Which rounds were missed most?",
                body="Overview and Scrutiny Panel (Performance and Growth)",
                owner="Head of Operations",
                due=date(2026, 9, 17),
                state="Answered",
                answer="The three northern rounds: 61% of all missed bins.",
                answered_on=date(2026, 9, 16),
                first_answer="The northern rounds.",
                accepted="Accepted by the panel",
            ),
        ),
        revised=sample_kpi().revisions,
        breaks=(Passage("KPI 18", "From May 2026: the definition changed from the year before."),),
        key=(
            KeyEntry("KPIs", "Green", "On target or better.", GREEN),
            KeyEntry("KPIs", "Amber", "Worse than the target but not past the intervention level.", AMBER),
            KeyEntry("KPIs", "Red", "Past the intervention level.", RED),
            KeyEntry("Words", "Intervention level", "How far from the target a figure may go before we step in."),
        ),
        checks=(
            FrozenCheck("missing", "Every KPI has an accepted figure", False, "The system was down", "Director"),
            FrozenCheck("recovery", "Every red has a dated recovery", True),
        ),
        corrections=(Change("KPI 18", "September 2026", "58.0", "61.0"),),
        correction_reason="September's figure left out one round.",
    )
    return replace(made, **facts)


def sample_annex(**facts: Any) -> FrozenAnnex:
    """What a member entitled to it has beside ``sample_pack``."""
    made = FrozenAnnex(
        slug="2026-27-Q2",
        title="The depot's contract",
        paragraph="3: financial or business affairs of a particular person, the council included",
        public_interest="A contract is being let; the price would tell bidders what the council can pay.",
        words="The secret price is £412,000.\n\n- It holds until March.\n- Two bidders are left.",
        council="Example District Council",
        pack_title="Quarterly performance report, Q2 2026/27",
        body="Overview and Scrutiny Panel (Performance and Growth)",
        frozen_on=date(2026, 10, 23),
        version=2,
        notice="The council and everybody in this pack are invented.",
    )
    return replace(made, **facts)


def sample_supplement(**facts: Any) -> FrozenSupplement:
    """What scrutiny asked of the quarter, for cabinet."""
    made = FrozenSupplement(
        slug="2026-27-Q2",
        title="Overview and Scrutiny: comments and answers",
        body="Overview and scrutiny",
        met_on=date(2026, 11, 4),
        issued_on=date(2026, 11, 10),
        comments=sample_pack().questions,
        changed_since=(Change("KPI 18", "September 2026", "58.0", "61.0"),),
        changed_since_what="Overview and Scrutiny’s pack of 23 October 2026",
        council="Example District Council",
        pack_title="Quarterly performance report, Q2 2026/27",
        notice="The council and everybody in this pack are invented.",
    )
    return replace(made, **facts)
