"""Every part's tables in the audit list: whose they are, and what is told before it is accepted."""

from __future__ import annotations

import pytest

from hdcperf.review.audit import Asked, audit_rows, described
from reports.queries.audit import sources, subjects_called
from tests.factories.actions import ActionUpdateFactory, ActionYearFactory

pytestmark = pytest.mark.django_db


def kinds(*, working: bool, **asked: object) -> set[str]:
    keys = list(audit_rows(sources(), Asked(**asked), working=working))  # type: ignore[arg-type]
    return {entry.kind for entry in described(sources(), keys, working=working)}


def test_an_action_is_found_by_its_code_or_title_with_what_belongs_to_it() -> None:
    ours = ActionYearFactory(code="CPA 64", title="Listen to residents")
    ActionUpdateFactory(action_year=ours)
    ActionUpdateFactory()
    for text in ("cpa64", "CPA 64", "listen"):
        found = kinds(working=True, subjects=subjects_called(text))
        assert found == {"Action", "Action in a year", "Action update"}, text


def test_an_update_that_is_not_accepted_is_told_only_to_those_who_see_working_returns() -> None:
    update = ActionUpdateFactory()
    asked = {"subjects": {"actions": {update.action_id}}}
    assert "Action update" in kinds(working=True, **asked)
    assert "Action update" not in kinds(working=False, **asked)


def test_every_kind_can_be_listed_and_put_into_words() -> None:
    for kind in sources():
        assert list(audit_rows(sources(), Asked(kind=kind), working=False)) == [] or kinds(working=False, kind=kind)
