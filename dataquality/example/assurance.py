"""Assurance on data quality by 5 November 2026: 2025/26 reported to the committee, 2026/27 asked for and begun."""

from __future__ import annotations

from datetime import date

from dataquality.models import AssuranceRound, AssuranceStatement
from dataquality.operations.assurance import Stated, ask, report, save_statement, sign_statement
from dataquality.operations.audit_findings import Found, close_finding, record_finding
from dataquality.presenters.assurance_report import report_of
from dataquality.queries.assurance_report import held_of_year
from dataquality.queries.measures import shares_of_service
from dataquality.rules.frozen_report import written
from dataquality.rules.measures import Measure
from hdcperf import clock
from hdcperf.organisation.models import Appointment, Service, User
from hdcperf.periods import FinancialYear
from hdcperf.roles import Role

__all__ = ["give_assurance"]

LAST, RUNNING = FinancialYear(2025), FinancialYear(2026)
ASKED, SIGNED, REPORTED = date(2026, 4, 13), date(2026, 5, 11), date(2026, 6, 22)
BEGUN = date(2026, 11, 2)

LEVELS: dict[str, tuple[str, str]] = {
    "Waste and Street Scene": (
        "substantial",
        "Round reports are checked against the depot's log each Friday, and a colleague reruns one month in four "
        "(example).",
    ),
    "Environmental Health": ("limited", "Inspections are counted from the register by one officer (example)."),
}
GAPS: dict[str, str] = {
    "Waste and Street Scene": "Two rounds still report on paper; they move to tablets by the autumn (example).",
    "Environmental Health": "Nobody else can run the count. A second officer is trained by September (example).",
}
FULL = "Each figure is checked by somebody other than the person who collects it before it is sent (example)."
EXPLAINED = "It is known, and will be put right before the next year's template is signed (example)."


def give_assurance() -> None:
    """Audit's findings, last year's statements and report, and the first of this year's."""
    _audit()
    team = _user("performance-team@demo.example")
    with clock.taken_to_be(ASKED):
        last = ask(LAST, date(2026, 5, 29), by=team)
    with clock.taken_to_be(SIGNED):
        for statement in _of(last):
            if (manager := _manager(statement.service)) is not None:
                stated = _stated(statement, date(2026, 5, 11))
                sign_statement(statement, stated, by=manager, version=statement.version)
    with clock.taken_to_be(REPORTED):
        record = AssuranceRound.objects.get(pk=last.pk)
        contents = written(report_of(held_of_year(record, REPORTED), LAST, REPORTED))
        words = (
            "That the figures the council publishes can be relied on, save where a service says otherwise; and that "
            "one service gave no statement, its manager's post being vacant (example)."
        )
        report(record, words, contents, by=team, version=record.version)
    with clock.taken_to_be(BEGUN):
        running = ask(RUNNING, date(2027, 4, 30), by=team)
        for statement in _of(running):
            if statement.service.name == "Waste and Street Scene" and (manager := _manager(statement.service)):
                said = {Measure.SIGNED: "Three templates were begun again in the autumn; two are with me (example)."}
                save_statement(statement, Stated(explanations=said), by=manager, version=statement.version)


def _of(record: AssuranceRound) -> list[AssuranceStatement]:
    return list(record.statements.select_related("service__directorate", "assurance_round"))


def _stated(statement: AssuranceStatement, today: date) -> Stated:
    name = statement.service.name
    level, words = LEVELS.get(name, ("full", FULL))
    shares = shares_of_service(statement.service_id, LAST.start_year, today)
    outside = {measure: EXPLAINED for measure, share in shares.items() if not share.is_within(measure)}
    return Stated(level, words, GAPS.get(name, ""), outside)


def _manager(service: Service) -> User | None:
    posts = Appointment.objects.on(clock.today()).filter(role=Role.SERVICE_MANAGER.value, service=service)
    post = posts.select_related("user").first()
    return post.user if post is not None else None


def _user(email: str) -> User:
    found: User = User.objects.get(email=email)
    return found


def _audit() -> None:
    """One finding closed, one due, one overdue."""
    auditor = _user("auditor@demo.example")
    waste = Service.objects.get(name="Waste and Street Scene")
    health = Service.objects.get(name="Environmental Health")
    with clock.taken_to_be(date(2026, 2, 2)):
        first = record_finding(
            Found(
                "Waste collection 2025/26",
                waste,
                date(2026, 1, 26),
                "medium",
                "Missed bins reported by telephone after four o'clock were counted on the next day (example).",
                "Count each report on the day it was made.",
                "Operations manager",
                date(2026, 3, 31),
            ),
            by=auditor,
        )
    with clock.taken_to_be(date(2026, 4, 7)):
        close_finding(first, "The call log now carries the time, and March was counted anew (example).", by=auditor)
    with clock.taken_to_be(date(2026, 3, 16)):
        record_finding(
            Found(
                "Food safety 2025/26",
                health,
                date(2026, 3, 9),
                "high",
                "Only one officer can run the count of inspections, and no procedure is written down (example).",
                "Write the procedure into the data quality template and train a second officer.",
                "Environmental health manager",
                date(2026, 9, 30),
            ),
            by=auditor,
        )
    with clock.taken_to_be(date(2026, 10, 19)):
        record_finding(
            Found(
                "Performance management 2026/27",
                None,
                date(2026, 10, 12),
                "low",
                "Data quality reviews are not planned for the year as a whole (example).",
                "Draw up a plan of reviews with next year's KPIs.",
                "Performance Team",
                date(2027, 3, 31),
            ),
            by=auditor,
        )
