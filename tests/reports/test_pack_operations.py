"""A pack from its beginning to everyone's reading: what is frozen, what members have, what corrects it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from actions.models import IssuedUpdate
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.periods import Quarter
from hdcperf.review.problems import ProposalRefused
from hdcperf.roles import Role
from kpis.models import IssuedFigure, KpiYear, MonthlyReturn
from kpis.operations.companions import set_companion
from reports.gathering.whole import gather
from reports.models import FrozenData, Pack, PackTemplate
from reports.operations import packs
from reports.pack_workflow import MoveRefused, NotPermitted
from reports.packs.frozen import FrozenPack, read_pack
from reports.packs.sections import Audience
from tests.factories.actions import ActionUpdateFactory, ActionYearFactory
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.meetings import MeetingFactory, question_in
from tests.factories.organisation import OutcomeFactory, holder

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
Q2 = Quarter.parse("Q2 2026/27")
SCRUTINY = Audience.SCRUTINY


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def a_kpi(**facts: object) -> KpiYear:
    made: KpiYear = KpiYearFactory(latest=True, outcome=OutcomeFactory(), **facts)
    TargetSetFactory(kpi_year=made, from_month=date(2026, 4, 1), target=100)
    return made


def figure(kpi: KpiYear, month: int, value: int) -> MonthlyReturn:
    made: MonthlyReturn = MonthlyReturnFactory(
        kpi_year=kpi, kpi=kpi.kpi, month=date(2026, month, 1), value=Decimal(value), accepted=True
    )
    return made


def ready(pack: Pack, by: User) -> Pack:
    """The pack with its meeting, and every check that is not met waived."""
    if pack.meeting is None:
        pack = packs.set_meeting(pack, MeetingFactory(), "", by=by, version=pack.version)
    for result in gather(pack).results:
        if not result.is_met:
            pack = packs.waive(pack, result.code, "It is an example.", by=by, version=pack.version)
    return pack


def frozen(pack: Pack) -> FrozenPack:
    return read_pack(pack.frozen.get(kind=FrozenData.Kind.PACK, number=pack.freezes).text)


def out(pack: Pack, team: User, director: User) -> Pack:
    """The pack frozen, signed off and issued."""
    pack = packs.freeze(pack, by=team, version=pack.version)
    pack = packs.sign_off(pack, by=director, version=pack.version)
    return packs.issue(pack, by=team, version=pack.version)


def test_a_pack_is_frozen_signed_issued_published_and_corrected() -> None:
    team, director = holder(Role.PERFORMANCE_TEAM), holder(Role.DIRECTOR)
    kpi = a_kpi()
    figure(kpi, 8, 90)
    september = figure(kpi, 9, 120)
    pack = packs.begin_pack(Q2, SCRUTINY, by=team)
    assert packs.begin_pack(Q2, SCRUTINY, by=team) == pack
    pack = packs.set_meeting(pack, MeetingFactory(held_on=date(2026, 12, 2)), "", by=team, version=pack.version)
    with pytest.raises(MoveRefused, match="neither met nor waived"):
        packs.freeze(pack, by=team, version=pack.version)
    pack.refresh_from_db()
    assert (pack.state, pack.freezes, pack.frozen.count()) == ("draft", 0, 0)
    pack = out(ready(pack, team), team, director)
    assert not IssuedFigure.objects.filter(audience="public").exists()
    seen = {row.monthly_return_id: row for row in IssuedFigure.objects.filter(audience="panel")}
    assert seen[september.pk].month_figure == september.month_figure
    assert seen[september.pk].pack == "Overview and Scrutiny, Q2 2026/27"
    pack = packs.publish(pack, by=team, version=pack.version)
    assert IssuedFigure.objects.filter(audience="public").count() == len(seen) == 2

    # What changes afterwards moves nothing that is out; a correction names it.
    before = frozen(pack)
    changed = MonthlyReturn.objects.get(pk=september.pk)
    changed.month_figure = changed.ytd_figure = Decimal(60)
    changed.rag = "red"
    save_as(changed, by=team, reason="Revised")
    assert frozen(pack) == before
    second = packs.correct(pack, "September left out a site.", by=team)
    with pytest.raises(MoveRefused, match="begun already"):
        packs.correct(pack, "Again.", by=team)
    gathered = gather(second)
    assert [(one.what) for one in gathered.pack.corrections if one.what == "RAG now"]
    assert [one.new_colour.key for one in gathered.pack.front.changes if one.new_colour] == ["red"]
    second = out(ready(second, team), team, director)
    assert Pack.objects.get(pk=pack.pk).replaced_at is None  # everyone still reads the first
    second = packs.publish(second, by=team, version=second.version)
    assert Pack.objects.get(pk=pack.pk).replaced_at is not None
    newest = IssuedFigure.objects.filter(audience="public", monthly_return=september).last()
    assert newest is not None
    assert (newest.rag, newest.pack) == ("red", "Overview and Scrutiny, Q2 2026/27, version 2")


def test_what_was_frozen_is_issued_whatever_was_revised_meanwhile() -> None:
    team, director = holder(Role.PERFORMANCE_TEAM), holder(Role.DIRECTOR)
    kpi = a_kpi()
    september = figure(kpi, 9, 120)
    update = ActionUpdateFactory(accepted=True, quarter=Q2.first_day)
    pack = packs.freeze(ready(packs.begin_pack(Q2, SCRUTINY, by=team), team), by=team, version=_version(SCRUTINY))
    kept = september.month_figure
    september.month_figure = Decimal(1)
    save_as(september, by=team, reason="Revised")
    pack = packs.sign_off(pack, by=director, version=pack.version)
    packs.issue(pack, by=team, version=pack.version)
    assert IssuedFigure.objects.get(monthly_return=september).month_figure == kept
    assert IssuedUpdate.objects.get().update == update


def _version(audience: Audience) -> int:
    return Pack.objects.of(Q2, audience.value).get().version


def test_a_frozen_pack_goes_back_for_a_reason_and_keeps_what_it_was() -> None:
    team, director = holder(Role.PERFORMANCE_TEAM), holder(Role.DIRECTOR)
    kpi = a_kpi()
    september = figure(kpi, 9, 120)
    pack = ready(packs.begin_pack(Q2, SCRUTINY, by=team), team)
    pack = packs.freeze(pack, by=team, version=pack.version)
    first = frozen(pack)
    pack = packs.unfreeze(pack, "A figure is late.", by=director, version=pack.version)
    september.month_figure = september.ytd_figure = Decimal(7)
    save_as(september, by=team, reason="Revised")
    pack = packs.freeze(pack, by=team, version=pack.version)
    assert frozen(pack).kpis[0].month.value == Decimal(7)
    assert read_pack(pack.frozen.get(kind="pack", number=1).text) == first


def test_sections_are_chosen_in_order_and_remembered_for_the_next() -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    a_kpi()
    pack = packs.begin_pack(Q2, SCRUTINY, by=team)
    with pytest.raises(ProposalRefused):
        packs.choose_sections(pack, ["front", "items"], "portrait", by=team, version=pack.version)
    chosen = ["front", "items", "revised", "key", "checks"]
    packs.choose_sections(pack, chosen, "landscape", by=team, version=pack.version)
    assert PackTemplate.objects.get(audience="scrutiny").sections == ",".join(chosen)
    following = packs.begin_pack(Q2.next, SCRUTINY, by=team)
    assert [one.value for one in following.chosen] == chosen
    assert following.orientation == "landscape"


def test_quoted_figures_are_flagged_when_the_data_changes() -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    kpi = a_kpi(code="KPI 5")
    september = figure(kpi, 9, 120)
    pack = packs.begin_pack(Q2, SCRUTINY, by=team)
    said = f"KPI 5 stood at {kpi.figure(september.month_figure)} in September."
    pack = packs.write_cover(pack, {"summary": said}, by=team, version=pack.version)
    assert not gather(pack).stale["summary"]
    september.month_figure = Decimal(99)
    save_as(september, by=team, reason="Revised")
    assert [one.now for one in gather(pack).stale["summary"]] == ["99"]
    # Saved again as it is, it stays flagged.
    pack = packs.write_cover(pack, {"summary": said}, by=team, version=pack.version)
    assert gather(pack).stale["summary"]


def test_comments_are_the_sign_off_chain_s_and_change_nothing() -> None:
    team, finance = holder(Role.PERFORMANCE_TEAM), holder(Role.SECTION_151)
    a_kpi()
    pack = packs.begin_pack(Q2, SCRUTINY, by=team)
    with pytest.raises(MoveRefused, match="not out for comment"):
        packs.comment_on(pack, "No cost.", by=finance)
    pack = packs.send_out(pack, by=team, version=pack.version)
    packs.comment_on(pack, "No cost.", by=finance)
    packs.comment_on(pack, "No cost.", by=finance)
    with pytest.raises(NotPermitted):
        packs.comment_on(pack, "Change it.", by=holder(Role.SCRUTINY))
    assert [(one.post, one.words) for one in gather(pack).pack.comments] == [("Section 151 officer", "No cost.")]


def test_small_numbers_are_kept_out_of_what_is_published() -> None:
    team, director = holder(Role.PERFORMANCE_TEAM), holder(Role.DIRECTOR)
    kpi = a_kpi(suppress_below=5)
    for month, value in ((4, 3), (5, 20), (6, 9), (7, 12), (8, 15), (9, 30)):
        figure(kpi, month, value)
    pack = out(ready(packs.begin_pack(Q2, SCRUTINY, by=team), team), team, director)
    one = frozen(pack).kpis[0]
    values = {point.label: point.value for point in one.chart.points} if one.chart else {}
    assert values["April 2026"] is None
    assert "3" not in {str(row.month_figure.normalize()) for row in IssuedFigure.objects.all() if row.month_figure}
    board = packs.begin_pack(Q2, Audience.LEADERSHIP, by=team)
    assert not gather(board).pack.kpis[0].suppressed  # it stays within the council


def test_a_pack_prints_its_bodys_open_and_newly_answered_questions(set_today: Callable[[date], None]) -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    meeting = MeetingFactory(held_on=date(2026, 12, 2))
    question_in("released", team=team, meeting=meeting, words="Two crews were lost.")
    question_in("answered", team=team, meeting=meeting, words="Not for the panel yet.")
    question_in("withdrawn", team=team, meeting=meeting)
    pack = packs.begin_pack(Q2, SCRUTINY, by=team)
    assert gather(pack).pack.questions == ()  # it is not said yet whose meeting it goes to
    pack = packs.set_meeting(pack, meeting, "", by=team, version=pack.version)

    def overdue() -> list[str]:
        return [line for one in gather(pack).results if one.code == "questions" for line in one.found]

    printed = gather(pack).pack.questions
    assert [one.answer for one in printed] == ["Two crews were lost.", ""]
    assert {one.body for one in printed} == {"Overview and scrutiny"}
    assert overdue() == []
    set_today(date(2026, 11, 20))
    (line,) = overdue()
    assert line.startswith("The report as a whole: was due on 19 November 2026")


def test_gathering_takes_as_many_queries_for_many_as_for_few() -> None:
    team = holder(Role.PERFORMANCE_TEAM)

    def more(number: int) -> None:
        for _ in range(number):
            figure(a_kpi(), 9, 120)
            ActionYearFactory()

    more(2)
    pack = packs.begin_pack(Q2, SCRUTINY, by=team)
    gather(pack)
    with CaptureQueriesContext(connection) as few:
        gather(pack)
    more(4)
    with CaptureQueriesContext(connection) as many:
        found = gather(pack)
    assert len(found.pack.kpis) == 6
    assert len(many) == len(few)


def test_a_companions_figure_stands_beside_and_a_small_one_is_kept_back_there_too() -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    count, backlog = a_kpi(code="KPI 1"), a_kpi(code="KPI 2", name="Cases that wait", suppress_below=5)
    figure(count, 9, 120)
    figure(backlog, 9, 3)
    set_companion(count, backlog, by=team)
    assert count.history.latest().history_user == team

    def beside(audience: Audience) -> list[str]:
        kpis = gather(packs.begin_pack(Q2, audience, by=team)).pack.kpis
        (kpi,) = [one for one in kpis if one.code == "KPI 1"]
        return [f"{one.heading}: {one.words}" for one in kpi.companions]

    (said,) = beside(Audience.LEADERSHIP)
    assert said.startswith("Beside it, KPI 2 Cases that wait: 3")
    (kept,) = beside(SCRUTINY)
    assert "3" not in kept.split(": ")[1].split(",")[0].split(" for ")[0]
    with pytest.raises(NotPermitted):
        set_companion(count, None, by=holder(Role.DIRECTOR))
    with pytest.raises(IntegrityError, match="kpi_is_not_its_own_companion"), transaction.atomic():
        save_as(_itself(count), by=team, reason="Wrong")


def _itself(kpi_year: KpiYear) -> KpiYear:
    kpi_year.companion_id = kpi_year.kpi_id
    return kpi_year
