"""Answering for the actions of a year's set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actions.models import ActionYear
from actions.operations.the_set import ProposalRefused
from actions.queries.proposals import Facts
from tests.factories.actions import ActionYearFactory


def going_on(**facts: Any) -> ActionYear:
    """An action of this year that is due after it."""
    row: ActionYear = ActionYearFactory(**{"due_on": date(2028, 3, 31), **facts})
    return row


def facts_of(row: ActionYear, **changed: Any) -> Facts:
    facts = Facts(
        code=row.code,
        title=row.title,
        wording=row.wording,
        control=row.control,
        outcome=row.outcome,
        service=row.service,
        portfolio=row.portfolio,
        responsible=row.responsible,
        starts_on=row.starts_on,
        due_on=row.due_on,
        success=row.success,
        mtfs_line=row.mtfs_line,
    )
    return replace(facts, **changed)


def refused(act: Callable[[], object]) -> dict[str, str]:
    """The problems by field, when the act is refused whole."""
    rows = ActionYear.objects.count()
    with pytest.raises(ProposalRefused) as found:
        act()
    assert ActionYear.objects.count() == rows
    return {one.field: one.sentence for one in found.value.problems}
