"""The pages of quality reviews: what they say and to whom, what they refuse, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from dataquality.models import QualityReview
from dataquality.operations.quality_reviews import agree, report, share, start
from dataquality.queries.review_risk import risk_lines
from dataquality.rules.quality_reviews import SECTIONS
from hdcperf.organisation.models import Theme, User
from hdcperf.review.audit import Asked, audit_rows
from hdcperf.roles import Role
from kpis.models import KpiTheme, KpiYear, Revision
from reports.queries.audit import sources
from reports.queries.home_tasks import tasks_for
from tests.factories.kpis import (
    ChallengeFactory,
    KpiPersonFactory,
    KpiYearFactory,
    MonthlyReturnFactory,
    RevisionFactory,
)
from tests.factories.organisation import UserFactory, holder
from tests.factories.quality_reviews import action_in, review_in
from tests.factories.templates import template_in
from tests.kpis.seeing import queries, signed_in, text_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 5)
LIST = "/dataquality/reviews/"


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def kpi_year() -> KpiYear:
    made: KpiYear = KpiYearFactory(code="PI 1", name="Bins missed")
    return made


@pytest.fixture
def team() -> User:
    return holder(Role.PERFORMANCE_TEAM, user__name="Perry Team")


def post(client: Client, address: str, **data: Any) -> tuple[int, str]:
    answer = client.post(address, data)
    return answer.status_code, answer.content.decode()


def day(name: str, when: date) -> dict[str, int]:
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}


def titles(user: User) -> set[str]:
    return {task.title for task in tasks_for(user, TODAY) if "review" in task.href}


# By risk


def test_the_riskiest_kpi_stands_first_with_every_reason_and_those_in_hand_last() -> None:
    risky, quiet, in_hand = (KpiYearFactory(code=f"PI {one}") for one in (3, 1, 2))
    KpiYearFactory(code="PI 4", is_live=False)
    ended = KpiYearFactory(code="PI 5")
    ended.kpi.ended_after = date(2026, 6, 1)
    ended.kpi.save()
    review_in("closed", kpi_year=quiet, rating="good", reported_on=date(2026, 5, 5))
    review_in("planned", kpi_year=in_hand)
    for month in (5, 6):
        record = MonthlyReturnFactory(kpi_year=risky, month=date(2026, month, 1), accepted=True)
        RevisionFactory(monthly_return=record, state=Revision.State.ACCEPTED, new_rag="green")
        RevisionFactory(monthly_return=record, state=Revision.State.DECLINED)
    for month in (7, 8):
        late = MonthlyReturnFactory(kpi_year=risky, month=date(2026, month, 1), challenged=True)
        ChallengeFactory(monthly_return=late, raised_at=datetime(2026, 9, 1, tzinfo=UTC))
    ChallengeFactory(monthly_return=record, escalated=True, raised_at=datetime(2024, 9, 1, tzinfo=UTC))
    theme = Theme.objects.order_by("pk")[0]
    KpiTheme.objects.create(kpi=risky.kpi, theme=theme)
    lines = risk_lines(TODAY)
    assert [line.kpi_year.code for line in lines] == ["PI 3", "PI 1", "PI 2"]
    assert {risk.words for risk in lines[0].risks} == {
        "It has never been reviewed.",
        "It was revised twice in a year.",
        "4 months were late in a year.",
        "It was challenged twice in a year.",
        "High profile: evidence for a national framework.",
    }
    assert lines[1].risks == ()


def test_the_lists_are_filtered_and_each_reason_finds_its_kpis(team: User, kpi_year: KpiYear) -> None:
    other = KpiYearFactory(code="PI 2", name="Calls answered")
    review_in("closed", kpi_year=other, rating="weak", reported_on=date(2026, 5, 5))
    reported = review_in("reported", kpi_year=kpi_year, rating="good")
    action_in("open", reported, due_on=date(2026, 11, 4))
    action_in("done", reported, what="Look at it twice.")
    client = signed_in(team)
    for asked, codes in (
        ("", {"PI 1", "PI 2"}),
        ("reason=weak", {"PI 2"}),
        ("reason=never", set()),
        ("words=calls", {"PI 2"}),
        ("reason=purple&service=x", {"PI 1", "PI 2"}),  # an old link filters nothing
    ):
        page = text_of(client, f"{LIST}by-risk/?{asked}")
        assert {code for code in ("PI 1", "PI 2") if f">{code} " in page} == codes, asked
    for asked, many in (("", 2), ("rating=weak", 1), ("state=reported", 1), ("state=in_hand", 0), ("words=pi1", 1)):
        assert client.get(f"{LIST}?{asked}").context["page"].total == many, asked
    for asked, many in (("", 2), ("standing=overdue", 1), ("standing=done", 1), ("mine=yes", 0)):
        assert client.get(f"{LIST}actions/?{asked}").context["page"].total == many, asked


# Planning


def test_a_plan_says_what_is_wrong_and_keeps_what_was_typed(team: User, kpi_year: KpiYear) -> None:
    named = KpiPersonFactory(kpi_year=kpi_year, user=holder(Role.PERFORMANCE_TEAM)).user
    address = f"{LIST}plan/2026-27/PI 1/"
    client = signed_in(team)
    sent = {"reviewer": named.pk, "why": "Members ask.", **day("due_on", date(2026, 11, 27))}
    assert "the KPI’s own people do not review it" in post(client, address, **sent)[1]
    page = post(client, address, **{**sent, "reviewer": team.pk, **day("due_on", date(2026, 11, 4))})[1]
    assert "Choose a day that is not past" in page
    assert "Members ask." in page
    assert "Say why it was picked" in post(client, address, **{**sent, "why": " "})[1]
    assert not QualityReview.objects.exists()
    sent["reviewer"] = team.pk
    assert [post(client, address, **sent)[0] for _ in range(2)] == [302, 302]  # a double click
    assert QualityReview.objects.count() == 1
    page = post(client, address, **{**sent, "why": "Another."})[1]
    assert "A review of this KPI by Perry Team is in hand already, due on 27 November 2026." in page


def test_a_plan_is_changed_and_withdrawn_with_a_reason(team: User) -> None:
    review = review_in("planned", reviewer=team)
    address = f"{LIST}{review.pk}/plan/"
    client, other = signed_in(team), holder(Role.INTERNAL_AUDIT)
    sent = {"move": "replan", "reviewer": other.pk, "why": "Members ask.", "version": review.version}
    sent |= day("due_on", date(2026, 12, 11))
    assert post(client, address, **sent)[0] == 302
    status, page = post(client, address, **{**sent, "why": "Another."})
    assert status == 200
    assert "Perry Team changed this on 5 November 2026" in page
    assert "Another." in page
    assert "Say why it is not carried out" in post(client, address, move="withdraw", why_not="")[1]
    assert post(client, address, move="withdraw", why_not="The system changes.")[0] == 302
    review.refresh_from_db()
    assert (review.state, review.reviewer, review.due_on) == ("withdrawn", other, date(2026, 12, 11))


# Writing


def test_each_part_asks_for_its_choice_and_words_and_leads_to_the_next(team: User, kpi_year: KpiYear) -> None:
    template_in("signed", kpi_year=kpi_year)
    review = start(review_in("planned", kpi_year=kpi_year, reviewer=team), by=team)
    client = signed_in(team)
    for number, section in enumerate(SECTIONS):
        address = f"{LIST}{review.pk}/{section.key}/"
        page = post(client, address, version=review.version, move="save", choice="", words="")[1]
        assert page.count('class="govuk-error-message"') == 2, section.key
        choice = "as_agreed" if section.questions else "good"
        answer = client.post(
            address, {"version": review.version, "move": "save", "choice": choice, "words": f"Seen {number}."}
        )
        onward = SECTIONS[number + 1].key + "/" if number + 1 < len(SECTIONS) else ""
        assert answer.headers["Location"] == f"{LIST}{review.pk}/{onward}"
    review.refresh_from_db()
    assert (review.rating, review.found) == ("good", "Seen 10.")
    assert review.version == 1 + len(SECTIONS)
    assert "Still to write" not in text_of(client, f"{LIST}{review.pk}/")


def test_what_two_people_write_in_one_part_is_shown_to_the_second_and_nothing_is_lost(team: User) -> None:
    review = review_in("under_way", reviewer=team)
    colleague = signed_in(holder(Role.PERFORMANCE_TEAM, user__name="Teddy Other"))
    mine = signed_in(team)
    sent = {"version": review.version, "move": "save", "choice": "good"}
    assert post(colleague, f"{LIST}{review.pk}/accuracy/", **sent, words="Theirs.")[0] == 302
    # Another part is no obstacle.
    assert post(mine, f"{LIST}{review.pk}/validity/", **sent, words="Mine.")[0] == 302
    status, page = post(mine, f"{LIST}{review.pk}/accuracy/", **sent, words="My own.")
    assert status == 200
    assert "Teddy Other changed this on 5 November 2026" in page
    assert "Theirs." in page
    assert "My own." in page
    assert review.observations.get(dimension="accuracy").words == "Theirs."


def test_without_a_signed_template_nothing_was_agreed(team: User) -> None:
    review = start(review_in("planned", reviewer=team), by=team)
    page = text_of(signed_in(team), f"{LIST}{review.pk}/method/")
    assert "No template was signed off, so nothing was agreed." in page
    assert "Nothing was agreed" in page
    assert "Partly as agreed" not in page
    assert "no template was signed off when the review began" in text_of(signed_in(team), f"{LIST}{review.pk}/")


def test_a_review_is_held_against_the_template_of_the_day_it_began(team: User, kpi_year: KpiYear) -> None:
    first = template_in("signed", kpi_year=kpi_year)
    review = start(review_in("planned", kpi_year=kpi_year, reviewer=team), by=team)
    first.state = "superseded"
    first.save()
    template_in("signed", kpi_year=kpi_year, number=2, method="Another way.")
    review.refresh_from_db()
    assert review.template == first
    page = text_of(signed_in(team), f"{LIST}{review.pk}/method/")
    assert first.method in page
    assert "Another way." not in page


# Hearing the service, finishing


def test_findings_are_read_by_the_service_once_shared_and_by_others_once_finished(kpi_year: KpiYear) -> None:
    reviewer = holder(Role.PERFORMANCE_TEAM)
    manager = holder(Role.SERVICE_MANAGER, service=kpi_year.service)
    person = KpiPersonFactory(kpi_year=kpi_year).user
    board, governance = holder(Role.BOARD), holder(Role.GOVERNANCE)
    review = review_in("under_way", kpi_year=kpi_year, reviewer=reviewer, answer_by=None)
    action = action_in("open", review, owner=manager)
    readers = {"reviewer": reviewer, "manager": manager, "person": person, "board": board, "governance": governance}

    def reading() -> set[str]:
        found = {name: text_of(signed_in(user), f"{LIST}{review.pk}/") for name, user in readers.items()}
        return {name for name, page in found.items() if "Seen: Accuracy." in page or "Keep the month" in page}

    assert reading() == {"reviewer"}
    assert titles(manager) == set()
    shared = share(review, by=reviewer)
    assert shared.answer_by == date(2026, 11, 19)
    assert reading() == {"reviewer", "manager", "person"}
    assert titles(manager) == {f"Say whether the data quality review of PI 1 {kpi_year.name} is accurate"}
    agree(shared, by=manager, words="")
    assert reading() == {"reviewer", "manager", "person"}
    assert titles(reviewer) == {f"Finish the data quality review of PI 1 {kpi_year.name}"}
    report(shared, by=reviewer)
    assert reading() == set(readers)
    assert titles(manager) == {f"Put right: {action.what}"}


def test_a_review_without_actions_is_closed_when_it_is_finished(team: User) -> None:
    review = review_in("shared", reviewer=team, answer_by=date(2026, 11, 4))
    assert report(review, by=team).state == "closed"


def test_a_day_that_passed_without_an_answer_asks_the_reviewer_again(team: User) -> None:
    late = review_in("shared", reviewer=team, answer_by=date(2026, 11, 4))
    review_in("shared", reviewer=team, answer_by=date(2026, 11, 5))
    assert titles(team) == {f"Finish the data quality review of {late.kpi_year.code} {late.kpi_year.name}"}


# Actions


def test_an_action_is_changed_and_taken_out_while_the_review_is_written(team: User, kpi_year: KpiYear) -> None:
    owner = KpiPersonFactory(kpi_year=kpi_year).user
    stranger = UserFactory()
    review = review_in("under_way", kpi_year=kpi_year, reviewer=team)
    client = signed_in(team)
    sent = {"move": "save", "what": "Keep it.", "owner": owner.pk, **day("due_on", date(2026, 12, 4))}
    new = f"{LIST}{review.pk}/actions/new/"
    assert "Select somebody from the list" in post(client, new, **{**sent, "owner": stranger.pk})[1]
    assert "Choose a day that is not past" in post(client, new, **{**sent, **day("due_on", date(2026, 11, 4))})[1]
    assert not review.actions.exists()
    assert [post(client, new, **sent)[0] for _ in range(2)] == [302, 302]  # a double click
    action = review.actions.get()
    address = f"{LIST}{review.pk}/actions/{action.pk}/"
    assert post(client, address, **sent, version=action.version)[0] == 302
    status, page = post(client, address, **{**sent, "what": "Other words."}, version=action.version)
    assert status == 200
    assert "A colleague changed this action" in page
    assert "Other words." in page
    assert post(client, address, move="remove")[0] == 302
    assert not review.actions.exists()


def test_an_action_is_amended_with_a_reason_and_what_is_refused_keeps_its_words(team: User) -> None:
    review = review_in("reported", reviewer=team)
    owner = KpiPersonFactory(kpi_year=review.kpi_year).user
    action = action_in("open", review, owner=owner)
    address, client = f"{LIST}{review.pk}/actions/{action.pk}/", signed_in(team)
    sent = {"move": "amend", "owner": owner.pk, "version": action.version, **day("due_on", date(2027, 1, 15))}
    assert "Say why its owner or date changes" in post(client, address, **sent, why="")[1]
    assert post(client, address, **sent, why="The system comes later.")[0] == 302
    assert "A colleague changed this action" in post(client, address, **sent, why="Mine.")[1]
    action.refresh_from_db()
    assert action.due_on == date(2027, 1, 15)
    assert "Say why it is dropped" in post(client, address, move="drop", dropped="")[1]
    assert "Say what was done" in post(signed_in(owner), address, move="done", done="")[1]
    assert post(client, address, move="paint")[0] == 404


def test_whoever_owns_an_action_finds_its_review_though_the_kpi_is_not_theirs(kpi_year: KpiYear) -> None:
    outsider = holder(Role.OFFICER)
    review = review_in("reported", kpi_year=kpi_year)
    action = action_in("open", review, owner=outsider)
    client = signed_in(outsider)
    page = text_of(client, f"{LIST}{review.pk}/")
    assert "See its data quality template" not in page
    assert "Quality reviews" in page
    assert "Is it done?" in text_of(client, f"{LIST}{review.pk}/actions/{action.pk}/")
    other = review_in("reported", kpi_year=kpi_year)
    assert client.get(f"{LIST}{other.pk}/").status_code == 404


def test_the_team_confirms_where_the_reviewer_owns_the_action(team: User) -> None:
    reviewer = holder(Role.INTERNAL_AUDIT)
    action = action_in("done", review_in("reported", reviewer=reviewer), owner=reviewer)
    assert titles(reviewer) == set()
    assert titles(team) == {f"Confirm that it is done: {action.what}"}


# Where it shows


def test_the_pages_of_the_kpi_and_its_template_say_when_it_was_last_reviewed(kpi_year: KpiYear) -> None:
    review = review_in("reported", kpi_year=kpi_year, rating="good", reported_on=date(2026, 5, 5))
    for state in ("open", "done", "confirmed"):
        action_in(state, review)
    manager = signed_in(holder(Role.SERVICE_MANAGER, service=kpi_year.service))
    said = "Last reviewed 5 May 2026: good; 2 actions open"
    for page in ("/kpis/2026-27/PI 1/", "/dataquality/2026-27/PI 1/"):
        assert said in text_of(manager, page)
    assert said not in text_of(signed_in(holder(Role.SCRUTINY)), "/kpis/2026-27/PI 1/")
    planned = review_in("planned", kpi_year=kpi_year)
    assert "Planned, due by 27 November 2026" in text_of(manager, "/dataquality/2026-27/PI 1/")
    assert f"{LIST}{planned.pk}/" in text_of(manager, "/dataquality/2026-27/PI 1/")


def test_an_audit_of_what_is_accepted_leaves_out_reviews_that_are_not_finished() -> None:
    kinds = [f"dataquality.{name}" for name in ("qualityreview", "observation", "comparison", "qualityaction")]
    kinds += ["review-move", "quality-action-move"]

    def told(*, working: bool) -> dict[str, int]:
        return {kind: len(list(audit_rows(sources(), Asked(kind=kind), working=working))) for kind in kinds}

    action_in("dropped", review_in("shared"))
    assert set(told(working=False).values()) == {0}
    assert 0 not in told(working=True).values()
    action_in("done", review_in("reported"))
    assert 0 not in told(working=False).values()


def test_a_review_costs_as_many_queries_with_many_actions_as_with_one(team: User) -> None:
    review = review_in("reported", reviewer=team)
    action_in("open", review)
    client, address = signed_in(team), f"{LIST}{review.pk}/"
    queries(client, address)  # what is worked out once a process is now worked out
    few = queries(client, address)
    for state in ("open", "done", "confirmed", "dropped"):
        action_in(state, review)
    assert queries(client, address) == few
