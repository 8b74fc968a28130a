"""Which new KPI of the same window replaces one that is dropped, and their link once the set is live (C.1).

The link is the one that ``kpis`` holds for a measure and its successor: a KPI replaces one other, and is replaced by
one.
"""

from __future__ import annotations

from dataquality.models import Proposal, SettingDecision
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.review.problems import Problem
from hdcperf.workflow import MoveRefused
from kpis.models import Kpi, KpiYear

__all__ = ["link_replacement", "replaced_of", "replacement_problems"]

FIELD = "replaced_by"


def replaced_of(new: Proposal) -> Proposal | None:
    """The proposal to drop that names ``new`` as what replaces it."""
    found: Proposal | None = getattr(new, "replaces", None)
    return found


def replacement_problems(dropped: Proposal, verdict: str, new: Proposal | None) -> list[Problem]:
    """Why ``new`` cannot replace ``dropped``. Hold the window: what is read is as it stands now."""
    if new is None:
        return []
    if verdict != Proposal.Verdict.DROP:
        return [Problem(FIELD, "Only a KPI that is dropped is replaced by another: select drop, or name none.")]
    fresh = Proposal.objects.select_related("kpi_year", "before", "replaces__before").filter(pk=new.pk).first()
    if fresh is None:
        return [Problem(FIELD, "The KPI you chose was withdrawn meanwhile: choose another, or name none.")]
    sentence = _not_a_new_one(dropped, fresh) or _linked_already(dropped, fresh) or _too_early(dropped, fresh)
    return [Problem(FIELD, sentence)] if sentence else []


def _named(year: KpiYear | None) -> str:
    return f"{year.code} {year.name}" if year is not None else "This KPI"


def _not_a_new_one(dropped: Proposal, new: Proposal) -> str:
    year, name = dropped.setting_round.financial_year, _named(new.kpi_year or new.before)
    if new.pk == dropped.pk:
        return "A KPI cannot be replaced by itself: choose a new one, or name none."
    if new.setting_round_id != dropped.setting_round_id:
        return f"{name} is not proposed for {year}: choose a KPI that is new in {year}, or name none."
    if new.verdict == Proposal.Verdict.DROP:
        return f"{name} is to be dropped as well, so it cannot replace another: choose a new KPI, or name none."
    if new.verdict != Proposal.Verdict.NEW or new.kpi_year is None:
        return f"{name} is not new: only a KPI that is newly proposed for {year} replaces another."
    return ""


def _linked_already(dropped: Proposal, new: Proposal) -> str:
    there = replaced_of(new)
    if there is not None and there.pk != dropped.pk:
        return f"{_named(new.kpi_year)} replaces {_named(there.before)} already: a KPI replaces one other."
    successor = KpiYear.objects.filter(kpi__predecessor=dropped.kpi_id).order_by("-year").first()
    if successor is not None and successor.kpi_id != new.kpi_id:
        return f"{_named(dropped.before)} was replaced by {_named(successor)} already: name none here."
    return ""


def _too_early(dropped: Proposal, new: Proposal) -> str:
    """A successor is measured from the month after its predecessor's last: begun before it, it would lose months."""
    assert new.kpi_year is not None
    assert dropped.before is not None
    last, first = dropped.before.months[-1], new.kpi_year.months[0]
    if last < first:
        return ""
    return (
        f"{_named(dropped.before)} is measured until {last}, and {_named(new.kpi_year)} begins in {first}: "
        "one cannot replace the other while both are measured, so name none."
    )


def link_replacement(proposal: Proposal, decision: SettingDecision, by: User) -> None:
    """Write the link of a dropped KPI's successor, once the set is made the year's. Raises MoveRefused."""
    new = proposal.replaced_by
    if new is None:
        return
    if problems := replacement_problems(proposal, proposal.verdict, new):
        sentence = f"{_named(proposal.before)}: {problems[0].sentence} Nothing was changed."
        raise MoveRefused(sentence, state="", move="go_live")
    kpi = Kpi.objects.select_for_update().get(pk=new.kpi_id)
    kpi.predecessor = proposal.kpi
    save_as(kpi, by=by, reason=f"Replaces {_named(proposal.before)} ({decision})")
