"""Templates signed off before each year, and one in every other state by November 2026."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dataquality.example.words import SERIES, answers_for
from dataquality.models import Template
from dataquality.operations.comparators import save_series
from dataquality.operations.template_access import confirm_access, report_problem
from dataquality.operations.template_waivers import waive
from dataquality.operations.templates import answer, begin, discard, send_back, sign, submit
from hdcperf import clock
from hdcperf.organisation.models import Appointment, User
from hdcperf.periods import FinancialYear
from hdcperf.published_periods import parse_period
from hdcperf.roles import Role
from kpis.example.year import Story
from kpis.models import KpiYear

__all__ = ["compare", "sign_year", "this_autumn"]

NEW = "fly-tip-clearance"
"""New in 2026/27: collected under a waiver while its template is still being completed."""
NEVER = ("council-emissions", 2025)
"""Never begun: its figure came from last year's spreadsheet."""
RESIGNED, WITH_MANAGER, SENT_BACK, DISCARDED = "missed-bins", "street-cleanliness", "fly-tips", "recycling-rate"


def sign_year(story: Story, year: FinancialYear) -> None:
    """Complete the templates of the year's KPIs in the March before it, and sign them off.

    Where the post of service manager is vacant nobody signs, and the template waits.
    """
    for (reference, start), kpi_year in story.kpi_years.items():
        if start != year.start_year or reference == NEW or (reference, start) == NEVER:
            continue
        with clock.taken_to_be(date(start, 3, 3)):
            sent = _completed(story, reference, kpi_year)
        with clock.taken_to_be(date(start, 3, 12)):
            if (manager := _signatory(kpi_year)) is not None:
                sign(sent, by=manager, version=sent.version)
    if year.start_year == 2026:
        _without_a_template(story, story.kpi_years[NEW, 2026])


def _completed(story: Story, reference: str, kpi_year: KpiYear) -> Template:
    """Begun by its holder, answered, confirmed by everybody it names, and sent to the service manager."""
    holder = story.cast.holders[kpi_year.service.name]
    made = begin(kpi_year, by=holder)
    made = answer(made, answers_for(reference, kpi_year), by=holder)
    return _confirmed_and_sent(made, holder)


def _confirmed_and_sent(template: Template, holder: User) -> Template:
    for person in User.objects.filter(template_duties__template=template).distinct():
        confirm_access(template, by=person)
    return submit(template, by=holder)


def _signatory(kpi_year: KpiYear) -> User | None:
    """The service manager; nobody where the post is vacant."""
    posts = Appointment.objects.on(clock.today()).filter(role=Role.SERVICE_MANAGER.value, service=kpi_year.service)
    post = posts.select_related("user").first()
    return post.user if post is not None else None


def _without_a_template(story: Story, kpi_year: KpiYear) -> None:
    """Its template is begun, and the director lets it be collected meanwhile."""
    holder = story.cast.holders[kpi_year.service.name]
    with clock.taken_to_be(date(2026, 3, 30)):
        waive(
            kpi_year,
            expires_on=date(2026, 11, 30),
            reason="The contractor’s new reporting system starts in the autumn; until then clearance times are kept "
            "on paper (example).",
            by=story.cast.users["director"],
        )
    with clock.taken_to_be(date(2026, 10, 12)):
        made = begin(kpi_year, by=holder)
        every = answers_for(NEW, kpi_year)
        made = answer(made, {key: every[key] for key in ("systems", "importance", "seasonality")}, by=holder)
    with clock.taken_to_be(date(2026, 10, 15)):
        report_problem(
            made,
            every["systems"]["sources"][0].name,
            "The contractor has not made an account for me yet (example).",
            by=holder,
        )


def this_autumn(story: Story) -> None:
    """What was begun again in the year: one signed anew, one with the service manager, one sent back."""
    manager = story.cast.users["service-manager"]
    with clock.taken_to_be(date(2026, 7, 6)):
        again = _again(story, RESIGNED, "Two collection rounds were redrawn, so missed bins are counted by round.")
    with clock.taken_to_be(date(2026, 7, 9)):
        sign(again, by=manager, version=again.version)
    with clock.taken_to_be(date(2026, 9, 1)):
        mistaken = story.kpi_years[DISCARDED, 2026]
        holder = story.cast.holders[mistaken.service.name]
        begun = begin(mistaken, by=holder, why="The contractor’s new reports (example).")
        discard(begun, by=holder, comment="The reports are those of another KPI: begun by mistake (example).")
    with clock.taken_to_be(date(2026, 11, 3)):
        _again(story, WITH_MANAGER, "Surveys are done on tablets instead of on paper.")
        back = _again(story, SENT_BACK, "The public’s reports come through the new website.")
    with clock.taken_to_be(date(2026, 11, 4)):
        send_back(back, by=manager, comment="Say how a report that two people make is counted once (example).")


def compare(story: Story) -> None:
    """What missed bins are compared with, and what a collection costs: invented figures."""
    kpi_year, by = story.kpi_years[RESIGNED, 2026], story.cast.users["performance-team"]
    with clock.taken_to_be(date(2026, 10, 20)):
        for facts, figures in SERIES:
            values = [(parse_period(period), Decimal(value)) for period, value in figures]
            save_series(kpi_year, None, facts, values, by=by, version=0)


def _again(story: Story, reference: str, why: str) -> Template:
    kpi_year = story.kpi_years[reference, 2026]
    holder = story.cast.holders[kpi_year.service.name]
    made = begin(kpi_year, by=holder, why=why)
    method = f"{made.method}\n\nFrom {clock.today():%B} {clock.today().year}: {why[:1].lower()}{why[1:]}"
    made = answer(made, {"method": {"method": method, "method_link": made.method_link}}, by=holder)
    return _confirmed_and_sent(made, holder)
