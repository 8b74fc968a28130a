"""Who may make which move of a quality review and of its actions, in which state: every triple, in words.

Written from the framework (B.1, Appendix A): the Performance Team plans, the reviewer it names writes, never one of
the KPI's people; the service's managers comment; an action's owner says that it is done, and somebody else confirms.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, reset_queries, transaction

from dataquality.models import QualityAction, QualityReview
from dataquality.review_workflow import ACTION_MOVES, REVIEW_MOVES, move_action, move_review, refusal
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Role, ScopeKind
from kpis.models import KpiPerson
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory
from tests.factories.organisation import DelegationFactory, PortfolioFactory, UserFactory, holder
from tests.factories.quality_reviews import ACTION_WAYS, WAYS, QualityReviewFactory, action_in, review_in
from tests.factories.templates import template_in
from tests.workflow_tables import Row, Tried, rows_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 5)
STATES = [one.value for one in QualityReview.State]
ACTION_STATES = [one.value for one in QualityAction.State]

TABLE = rows_of("""
move      | who       | planned    | under_way  | shared     | reported   | closed     | withdrawn
replan    | the team  | yes        | yes        | yes        | state      | state      | state
replan    | not team  | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
withdraw  | the team  | yes        | yes        | state      | state      | state      | state
withdraw  | not team  | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
start     | reviewers | yes *      | state      | state      | state      | state      | state
start     | others    | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
save      | reviewers | state      | yes *      | state      | state      | state      | state
save      | others    | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
share     | reviewers | state      | yes *      | state      | state      | state      | state
share     | others    | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
take_back | reviewers | state      | state      | yes *      | state      | state      | state
take_back | others    | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
agree     | managers  | state      | state      | yes        | state      | state      | state
agree     | the rest  | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
comment   | managers  | state      | state      | yes        | state      | state      | state
comment   | the rest  | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
report    | reviewers | state      | yes *      | yes *      | state      | state      | state
report    | others    | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
close     | reviewers | state      | state      | state      | yes        | state      | state
close     | others    | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
""")
ACTION_TABLE = rows_of("""
move     | who       | open       | done       | confirmed  | dropped
done     | owners    | yes        | state      | state      | state
done     | not owner | not theirs | not theirs | not theirs | not theirs
confirm  | reviewers | state      | yes        | state      | state
confirm  | others    | not theirs | not theirs | not theirs | not theirs
not_done | reviewers | state      | yes        | state      | state
not_done | others    | not theirs | not theirs | not theirs | not theirs
drop     | reviewers | yes        | yes        | state      | state
drop     | others    | not theirs | not theirs | not theirs | not theirs
amend    | reviewers | yes        | state      | state      | state
amend    | others    | not theirs | not theirs | not theirs | not theirs
""")
MANAGERS = ["service_manager", "head_of_service", "delegate of the manager"]
TEAM = ["performance_team", "holder of the team"]
REVIEWERS = [*TEAM, "reviewer", "delegate of the reviewer"]
OTHERS = [
    *(role.value for role in Role if role.value != "performance_team"),
    *("delegate of the manager", "another service_manager", "another head_of_service", "former manager"),
    *("KPI holder", "named in the template", "another KPI holder", "owner", "delegate of the owner", "superuser"),
]
EVERYBODY = [*REVIEWERS, *OTHERS]
OWNERS = ["owner", "delegate of the owner"]
GROUPS = {
    "the team": TEAM,
    "not team": [one for one in EVERYBODY if one not in TEAM],
    "reviewers": REVIEWERS,
    "others": OTHERS,
    "managers": MANAGERS,
    "the rest": [one for one in EVERYBODY if one not in MANAGERS],
    "owners": OWNERS,
    "not owner": [one for one in EVERYBODY if one not in OWNERS],
}


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def people_of(kpi_year: Any) -> dict[str, User]:
    scopes = {
        ScopeKind.SERVICE: {"service": kpi_year.service},
        ScopeKind.DIRECTORATE: {"directorate": kpi_year.service.directorate},
        ScopeKind.PORTFOLIO: {"portfolio": kpi_year.portfolio},
    }
    found = {role.value: holder(role, **scopes.get(role.scope_kind, {})) for role in Role}
    of_ours = {"service": kpi_year.service}
    found |= {name: UserFactory() for name in ("KPI holder", "named in the template", "owner")}
    found["holder of the team"] = holder(Role.PERFORMANCE_TEAM)
    reviewer = holder(Role.INTERNAL_AUDIT)
    found |= {
        "reviewer": reviewer,
        "delegate of the reviewer": DelegationFactory(user=reviewer).delegate,
        "delegate of the owner": DelegationFactory(user=found["owner"]).delegate,
        "delegate of the manager": DelegationFactory(user=holder(Role.SERVICE_MANAGER, **of_ours)).delegate,
        "former manager": holder(Role.SERVICE_MANAGER, ends_on=date(2026, 11, 4), **of_ours),
        "another service_manager": holder(Role.SERVICE_MANAGER),
        "another head_of_service": holder(Role.HEAD_OF_SERVICE),
        "another KPI holder": KpiPersonFactory().user,
        "superuser": UserFactory(is_superuser=True, is_staff=True),
    }
    for user in found.values():
        user.standing = standing(user)  # worked out once, as during a request: there are thousands of tries
    return found


def review_for(state: str, people: dict[str, User], like: Any) -> QualityReview:
    """A review of a KPI of the same service, with its people; the service has been heard."""
    kpi_year = KpiYearFactory(template_signed_on=None, service=like.service, portfolio=like.portfolio)
    for name in ("KPI holder", "holder of the team"):
        KpiPersonFactory(kpi_year=kpi_year, user=people[name])
    template = template_in("signed", kpi_year=kpi_year)
    template.people.create(user=people["named in the template"], duty=KpiPerson.Duty.STANDS_IN)
    made = review_in(state, kpi_year=kpi_year, reviewer=people["reviewer"], template=template)
    if state in ("under_way", "shared"):
        made.transitions.create(
            move="agree",
            from_state="shared",
            to_state="under_way",
            by=people["service_manager"],
            by_name="",
            at="2026-11-01T09:00:00Z",
        )
    return made


def _review_moved(record: QualityReview, name: str, *, by: User, comment: str) -> QualityReview:
    def dated(fresh: QualityReview) -> None:
        fresh.reported_on = TODAY if name == "report" else fresh.reported_on
        fresh.closed_on = TODAY if name == "close" else None

    return move_review(record, name, by=by, comment=comment, change=dated)


def _action_moved(record: QualityAction, name: str, *, by: User, comment: str) -> QualityAction:
    def changed(fresh: QualityAction) -> None:
        if name in ("done", "not_done", "drop"):
            fresh.done_on, fresh.done_words = (TODAY, comment) if name == "done" else (None, "")
        if name in ("confirm", "drop"):
            fresh.closed_on, fresh.closed_by = TODAY, by
        if name == "drop":
            fresh.dropped_why = comment

    return move_action(record, name, by=by, comment=comment, change=changed)


def disagreements(tried: Tried, table: list[Row]) -> list[tuple[Row, list[str]]]:
    wrong = []
    for row in table:
        reset_queries()  # the log of queries has an end
        if found := tried.disagreements(row, GROUPS):
            wrong.append((row, found))
    return wrong


def test_the_tables_name_every_move_state_and_post() -> None:
    assert {row.move for row in TABLE} == set(REVIEW_MOVES)
    assert all(set(row.expected) == set(STATES) == set(WAYS) for row in TABLE)
    assert {row.move for row in ACTION_TABLE} == set(ACTION_MOVES)
    assert all(set(row.expected) == set(ACTION_STATES) == set(ACTION_WAYS) for row in ACTION_TABLE)
    assert {role.value for role in Role} <= set(EVERYBODY)


def test_every_move_of_a_review_is_made_by_those_of_the_table_and_nobody_else() -> None:
    like = KpiYearFactory(portfolio=PortfolioFactory())
    people = people_of(like)
    records = {state: review_for(state, people, like) for state in STATES}
    tried = Tried(REVIEW_MOVES, _review_moved, people, records, but={"holder of the team": "own"})
    assert disagreements(tried, TABLE) == []


def test_every_move_of_an_action_is_made_by_those_of_the_table_and_nobody_else() -> None:
    like = KpiYearFactory(portfolio=PortfolioFactory())
    people = people_of(like)
    records = {
        state: action_in(state, review_for("reported", people, like), owner=people["owner"])
        for state in ACTION_STATES
    }
    assert disagreements(Tried(ACTION_MOVES, _action_moved, people, records), ACTION_TABLE) == []


def test_who_owns_an_action_neither_confirms_nor_drops_it() -> None:
    owner = holder(Role.PERFORMANCE_TEAM)
    mine = action_in("done", review_in("reported"), owner=owner)
    for person in (owner, DelegationFactory(user=owner).delegate):
        for name in ("confirm", "not_done", "drop"):
            said = refusal(mine, ACTION_MOVES[name], person)
            assert said == "It is yours, or a colleague’s you stand in for, so somebody else decides."


def test_a_review_is_not_shared_before_every_part_is_written() -> None:
    review = review_in("under_way", reviewer=holder(Role.PERFORMANCE_TEAM))
    review.observations.get(dimension="timeliness").delete()
    said = refusal(review, REVIEW_MOVES["share"], review.reviewer)
    assert said == "1 part is not written yet, the first: timeliness."


def test_a_review_is_not_finished_before_the_service_was_heard_or_let_its_days_pass(
    set_today: Callable[[date], None],
) -> None:
    reviewer = holder(Role.PERFORMANCE_TEAM)
    alone = review_in("under_way", reviewer=reviewer)
    shared = review_in("shared", reviewer=reviewer, answer_by=date(2026, 11, 6))
    report = REVIEW_MOVES["report"]
    assert "Share it with the service first" in (refusal(alone, report, reviewer) or "")
    set_today(date(2026, 11, 6))
    assert refusal(shared, report, reviewer) == "The service has until 6 November 2026 to comment on its accuracy."
    set_today(date(2026, 11, 7))
    assert refusal(shared, report, reviewer) is None


def test_a_review_is_closed_only_when_every_action_is_done_or_dropped() -> None:
    review = review_in("reported", reviewer=holder(Role.PERFORMANCE_TEAM))
    for state in ("confirmed", "dropped", "done"):
        action_in(state, review)
    close = REVIEW_MOVES["close"]
    assert refusal(review, close, review.reviewer) == "1 of its actions is neither done nor dropped yet."
    _action_moved(review.actions.get(state="done"), "confirm", by=review.reviewer, comment="")
    assert refusal(review, close, review.reviewer) is None


def test_nobody_is_asked_for_an_action_before_the_review_is_finished() -> None:
    action = action_in("open", review_in("shared"))
    said = refusal(action, ACTION_MOVES["done"], action.owner)
    assert said == "The review is not finished yet, so this is not asked of anybody."


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "reported", "rating": "good", "found": "Fine.", "answer_by": TODAY},
        {"state": "shared", "rating": "good", "found": "Fine."},
        {"state": "under_way", "reported_on": TODAY},
        {"state": "reported", "rating": "good", "found": "Fine.", "answer_by": TODAY, "closed_on": TODAY},
        {"state": "lost"},
        {"picked_why": ""},
    ],
)
def test_the_database_keeps_what_a_review_needs_in_its_state(facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        QualityReviewFactory(**facts)


def test_two_reviews_of_one_kpi_are_not_in_hand_at_once() -> None:
    first = review_in("shared")
    review_in("closed", kpi_year=first.kpi_year)
    with pytest.raises(IntegrityError), transaction.atomic():
        QualityReviewFactory(kpi_year=first.kpi_year)


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "done"},
        {"state": "open", "done_on": TODAY, "done_words": "So."},
        {"state": "dropped", "dropped_why": "So."},
        {"state": "dropped", "closed_on": TODAY},
        {"what": ""},
    ],
)
def test_the_database_keeps_what_an_action_needs_in_its_state(facts: dict[str, Any]) -> None:
    review = review_in("reported")
    person = UserFactory()
    closed = {"closed_by": person} if "closed_on" in facts else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        review.actions.create(**{"what": "Do it.", "owner": person, "due_on": TODAY, **facts, **closed})
