"""A council with one return of every kind, over which everybody of ``people`` is asked.

*PI 1* adds up over the year. May was submitted and never accepted; June is published; July was issued to the panel
and revised since; August is accepted, once disputed, with a revision waiting; September is before the board; October
is a draft. *PI 2*, of the same service, has September challenged, between the two sides, and October submitted.
*PI 3* has last March's provisional outturn, a locked September and October not started. *PI 9* belongs to another
service, directorate and portfolio. Every figure and every sentence occurs once, and so is known wherever it shows.

The actions' own are in ``action_scene``: in Q2 2026/27, *CPA 1* is a draft, *CPA 2* submitted, *CPA 3* challenged,
*CPA 4* before the board, *CPA 5* accepted with a revision waiting, *CPA 6* not started and *CPA 7* not started with
its lock lifted. *CPA 9* belongs to another service, *CPA 11* tells of a promise. *PR 1* to *PR 9* are projects whose
reports stand the same, in ``project_scene``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.test import Client, override_settings

from actions.models import Action, ActionUpdate, MeasureDraft, OutcomeMeasure
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.jobs.operations import cancel, start
from hdcperf.organisation.models import Delegation, User
from hdcperf.outbox.models import Message
from hdcperf.outbox.operations import post
from hdcperf.rag import Direction
from kpis.importing import Mapping, suggested
from kpis.models import (
    Challenge,
    ChallengeMessage,
    CommentaryExample,
    EventKpi,
    KpiEvent,
    KpiYear,
    MonthlyReturn,
    RecoveryOutcome,
    Revision,
    RevisionTransition,
    TargetSet,
    WordCorrection,
)
from kpis.operations.importing import keep_file, table_of, use_mapping
from reports.models import Objective
from reports.operations.feed import make_key
from tests.factories.kpis import (
    RAISED_AT,
    ChallengeFactory,
    FindingFactory,
    KpiFactory,
    KpiYearFactory,
    LockExceptionFactory,
    MonthlyReturnFactory,
    RevisionFactory,
    TargetSetFactory,
    round_of,
)
from tests.factories.organisation import CouncilFactory, OutcomeFactory, PortfolioFactory, ServiceFactory, UserFactory
from tests.kpis.seeing import issued
from tests.sitewide.access.action_scene import actions_of
from tests.sitewide.access.assurance_scene import add_assurance
from tests.sitewide.access.pack_scene import add_packs
from tests.sitewide.access.panel_scene import add_questions
from tests.sitewide.access.people import NOBODY, make_people
from tests.sitewide.access.plan_scene import add_plan
from tests.sitewide.access.project_scene import projects_of, serve
from tests.sitewide.access.quality_scene import add_reviews
from tests.sitewide.access.setting_scene import add_setting
from tests.sitewide.access.template_scene import add_templates

__all__ = ["TODAY", "Scene", "living_scene", "writes_of"]

TODAY = date(2026, 11, 5)
FILE = "Code,Name,Service,Unit,Direction,Month,Value,Target\nPI 77,Example imported,{},Number,Lower,Apr-25,12,15\n"


@dataclass
class Scene:
    """The rows the tables name: people and records by name, and the session each person is signed in with."""

    people: dict[str, User] = field(default_factory=dict)
    records: dict[str, models.Model] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def id(self, name: str) -> int:
        """The id of a record, as a form sends it."""
        return int(self.records[name].pk)

    def fresh(self, name: str) -> Any:
        """A record as it is now."""
        return type(self.records[name])._base_manager.get(pk=self.records[name].pk)

    def address(self, written: str) -> str:
        """An address of the tables with the ids in it."""
        return written.format(**{name: one.pk for name, one in self.records.items()})

    def client(self, person: str, **options: Any) -> Client:
        """A new browser in which ``person`` has signed in."""
        client = Client(**options)
        if person != NOBODY:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        return client


@contextmanager
def living_scene() -> Iterator[Scene]:
    """The scene in a transaction of its own, on 5 November 2026; gone afterwards."""
    with override_settings(TODAY=TODAY), transaction.atomic():
        scene = Scene()
        _build(scene)
        _count_rows()
        yield scene
        transaction.set_rollback(True)


def _count_rows() -> None:
    """Tell PostgreSQL how many rows there are: it plans for what tests before this one left of its tables.

    Our tables by name: those that all databases share would stay locked, and other tests would wait for them.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")


_BESIDE = re.compile(r"django_session|axes_")
"""What is written by being signed in, and by signing in."""


@contextmanager
def writes_of() -> Iterator[list[str]]:
    """Every statement that writes something of the product's."""
    found: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE") and not _BESIDE.search(sql):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def _action(scene: Scene, update: str) -> Action:
    record = scene.records[update]
    assert isinstance(record, ActionUpdate)
    return record.action


def _outcome_measures(scene: Scene) -> dict[str, models.Model]:
    said = {"source": "A source", "publisher": "A publisher"}
    measure = OutcomeMeasure(reference="warm-homes", name="Warm homes", direction=Direction.HIGHER.value, **said)
    save_as(measure, by=None, reason="Made for the scene")
    content = b"indicator,area_code,area_name,period,value\nWarm homes,E1,Here,2021,10\n"
    draft = MeasureDraft.objects.create(
        file_name="measures.csv",
        content=content,
        our_area="Here",
        by=scene.people["performance_team"],
        at=clock.now(),
        **said,
    )
    return {"measure draft": draft}


def _jobs(scene: Scene) -> None:
    """A job that waits and one that was cancelled, both the Performance Team's."""
    team = scene.people["performance_team"]
    waits, ended = (start("open_month", team, "Open a month", {"month": "October 2026"}) for _ in range(2))
    cancel(ended, by=team)
    scene.records |= {"job": waits, "ended job": ended}


def _build(scene: Scene) -> None:
    CouncilFactory()
    service, portfolio = ServiceFactory(), PortfolioFactory()
    of_ours = {"service": service, "portfolio": portfolio}
    first = KpiYearFactory(code="PI 1", template_signed_on=None, **of_ours)
    second = KpiYearFactory(code="PI 2", latest=True, **of_ours)
    third = KpiYearFactory(code="PI 3", latest=True, **of_ours)
    last_year = KpiYearFactory(code="PI 3", kpi=third.kpi, year=2025, latest=True, **of_ours)
    other = KpiYearFactory(code="PI 9", latest=True, portfolio=PortfolioFactory())
    for kpi_year in (first, second, third, last_year, other):
        TargetSetFactory(kpi_year=kpi_year, target=600_000, intervention=300_000)
    scene.people = make_people((first, second, third, last_year), other)
    approved = TargetSet.objects.get(kpi_year=first)
    later: dict[str, Any] = {
        "kpi_year": first,
        "from_month": date(2026, 11, 1),
        "target": 620_000,
        "intervention": 310_000,
    }
    went_back = TargetSetFactory(**later, state="sent_back", approved_by="", approved_on=None)
    waiting = TargetSetFactory(**later, awaiting=True, set_by=scene.people["service_manager"])
    scene.records |= {"target": approved, "waiting_target": waiting, "returned_target": went_back}
    scene.records |= {"KPI": first.kpi, "another KPI": other.kpi, "outcome": OutcomeFactory(), "service": service}
    scene.records |= _outcome_measures(scene)
    _first(scene, first)
    _second(scene, second)
    _third(scene, third, last_year)
    _other(scene, other)
    _beside(scene, first)
    scene.records |= actions_of(scene.people, service, portfolio)
    scene.records |= projects_of(scene.people, service, portfolio)
    serve(
        scene.records["update_draft"],
        *(scene.records[f"report_{name}"] for name in ("draft", "disputed", "accepted")),
    )
    add_plan(scene, service, portfolio)
    scene.records["feed_key"] = make_key("Dashboards", by=scene.people["performance_team"])[0]
    scene.records["objective"] = Objective.objects.create(
        user=scene.people["officer"],
        manager=scene.people["manager"],
        words="Answer letters about CPA 1 sooner",
        action=_action(scene, "update_draft"),
        set_on=TODAY,
    )
    _message(scene)
    _jobs(scene)
    add_templates(scene, first, second, third, last_year)
    add_setting(scene)
    add_reviews(scene, first, second, third, last_year)
    add_assurance(scene, first, other)
    add_questions(scene, first)
    add_packs(scene)
    for person, user in scene.people.items():
        client = Client()
        client.force_login(user)
        scene.sessions[person] = client.cookies[settings.SESSION_COOKIE_NAME].value


def _message(scene: Scene) -> None:
    """One that the mail server refused, to the Performance Team."""
    message = post(scene.people["performance_team"], "a", kind="digest", subject="One thing is due", text="PI 1")
    assert message is not None
    Message.objects.filter(pk=message.pk).update(state="failed", next_try_at=None, attempts=1, error="550 Nobody")
    scene.records["message"] = message


def made(kpi_year: KpiYear, month: int, what: str, value: int | None, **facts: Any) -> MonthlyReturn:
    """A return of 2026 with words that occur nowhere else."""
    if value is not None:
        facts |= {"value": value, "what_happened": f"What happened: {what}.", "why": f"Why: {what}."}
        facts.setdefault("internal_note", f"Note beside {what}.")
    record: MonthlyReturn = MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, month, 1), **facts)
    return record


def _first(scene: Scene, kpi_year: KpiYear) -> None:
    made(kpi_year, 4, "april", 1111, accepted=True)
    scene.records["may"] = made(kpi_year, 5, "the may nobody accepted", 222_222, submitted=True)
    june = made(kpi_year, 6, "june", 3030, accepted=True)
    issued(june, 3131, date(2026, 7, 20), audience="public", commentary="Words as published.")
    july = made(kpi_year, 7, "july", 6666, accepted=True)
    issued(july, 7777, date(2026, 8, 20), commentary="Words as the panel had them.")
    scene.records["july"] = july
    _accepted_revision(scene, july)
    august = made(kpi_year, 8, "august", 8888, accepted=True, being_done="Overtime promised in august.")
    scene.records["august"] = august
    _was_a_draft(august)
    _old_dispute(scene, august)
    FindingFactory(monthly_return=august, answer="Answer to a check of august.")
    scene.records["revision"] = RevisionFactory(
        monthly_return=august,
        reason="Reason of a revision that waits.",
        new_value=9191,
        proposed_by=scene.people["KPI holder"],
    )
    september = made(kpi_year, 9, "the disputed september", 5555, challenged=True)
    scene.records["september"] = september
    scene.records["dispute"] = _asked(september, "Is september ten times the usual?", escalated=True)
    october = made(kpi_year, 10, "the draft of october", 4444, draft=True, submitted_by=scene.people["KPI holder"])
    scene.records["october"] = october
    RecoveryOutcome.objects.create(
        monthly_return=august,
        told_with=october,
        result=RecoveryOutcome.Result.PART,
        words="What a draft says became of the overtime.",
        noted_by=scene.people["KPI holder"],
        noted_at=RAISED_AT,
    )


def _asked(record: MonthlyReturn, question: str, **facts: Any) -> Challenge:
    """A challenge whose question is the first thing said in its dialogue."""
    challenge: Challenge = ChallengeFactory(monthly_return=record, question=question, **facts)
    _say(challenge, ChallengeMessage.Kind.QUESTION, question)
    return challenge


def _say(challenge: Challenge, kind: str, words: str) -> None:
    ChallengeMessage.objects.create(
        challenge=challenge, kind=kind, words=words, by=challenge.raised_by, by_name="Example", at=RAISED_AT
    )


def _was_a_draft(record: MonthlyReturn) -> None:
    """The history of an accepted return begins with what was thrown away before it was submitted."""
    first = record.history.get()
    first.pk, first.state, first.rag = None, MonthlyReturn.State.DRAFT, ""
    first.what_happened, first.value = "What happened: an earlier draft of august.", 8080
    first.history_date = RAISED_AT
    models.QuerySet(type(first)).bulk_create([first])  # past the guard that keeps history as it was written


def _old_dispute(scene: Scene, record: MonthlyReturn) -> None:
    """Challenged, escalated, ruled on and closed before it was accepted."""
    person = UserFactory()
    challenge = _asked(
        record,
        "Was august counted twice?",
        escalated=True,
        state=Challenge.State.CLOSED,
        ruling=Challenge.Ruling.STANDS,
        ruled_by=person,
        ruled_at=RAISED_AT,
        closed_by=person,
        closed_at=RAISED_AT,
    )
    _say(challenge, ChallengeMessage.Kind.RULING, "The board says august stands.")


def _accepted_revision(scene: Scene, record: MonthlyReturn) -> None:
    revision: Revision = RevisionFactory(
        monthly_return=record,
        state="accepted",
        old_value=7777,
        new_value=6666,
        new_rag=record.rag,
        reason="Reason of a revision accepted since.",
    )
    person = UserFactory()
    RevisionTransition.objects.create(
        revision=revision,
        move="accept",
        from_state="proposed",
        to_state="accepted",
        by=person,
        by_name="",
        at=RAISED_AT,
    )


def _second(scene: Scene, kpi_year: KpiYear) -> None:
    accepted = made(kpi_year, 8, "a second august", 808, accepted=True)
    CommentaryExample.objects.create(monthly_return=accepted, why_good="It is plain.", chosen_by=UserFactory())
    challenged = made(kpi_year, 9, "a september in question", 2020, challenged=True)
    scene.records["challenged"] = challenged
    scene.records["challenge"] = _asked(challenged, "Is this between the two sides?")
    submitted = made(kpi_year, 10, "a submitted october", 3333, submitted=True)
    scene.records["submitted"] = submitted
    scene.records["correction"] = WordCorrection.objects.create(
        monthly_return=submitted,
        prompt="why",
        before="Whye: a misspelt october.",
        after=submitted.why,
        corrected_by=UserFactory(),
        corrected_at=RAISED_AT,
    )


def _third(scene: Scene, kpi_year: KpiYear, last_year: KpiYear) -> None:
    scene.records["outturn"] = made(last_year, 3, "march", 33, accepted=True)
    scene.records["locked"] = made(kpi_year, 9, "", None)
    scene.records["not_started"] = made(kpi_year, 10, "", None)
    lifted = made(kpi_year, 8, "", None)
    scene.records["exception"] = LockExceptionFactory(monthly_return=lifted, reason="Leave to hand in late.")


def _other(scene: Scene, kpi_year: KpiYear) -> None:
    scene.records["their_august"] = made(kpi_year, 8, "another service's august", 90_909, accepted=True)
    scene.records["their_october"] = made(kpi_year, 10, "another service's october", 91_919, draft=True)


def _beside(scene: Scene, kpi_year: KpiYear) -> None:
    """What has its own pages: an event, two files sent, a delegation of somebody else."""
    event = KpiEvent.objects.create(
        month=date(2026, 7, 1), sentence="An example flood.", noted_by=scene.people["performance_team"]
    )
    EventKpi.objects.create(event=event, kpi=kpi_year.kpi)
    team, content = scene.people["performance_team"], FILE.format(kpi_year.service.name).encode()
    unread = keep_file(content, "unread.csv", None, by=team)
    draft = keep_file(content, "register.csv", None, by=team)
    use_mapping(draft, Mapping(suggested(table_of(draft).headings).columns), "Example register", by=team)
    manager = scene.people["service_manager"]
    delegation = Delegation.objects.create(
        user=manager, delegate=UserFactory(), starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 24)
    )
    scene.records |= {"event": event, "unread_file": unread, "file": draft, "delegation": delegation}
    scene.records["successor"] = KpiFactory()
    assert round_of(date(2026, 10, 1)).is_open(TODAY)
