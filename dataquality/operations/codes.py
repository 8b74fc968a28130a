"""Giving next year's KPIs other codes, all in one go, so that two can swap theirs (framework C.1)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Concat

from dataquality.models import SettingRound
from dataquality.operations.windows import held_round
from dataquality.setting_workflow import MoveRefused, NotPermitted, StaleRecord, may_manage
from hdcperf.codes import code_key
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.review.problems import Problem, refuse
from kpis.models import KpiYear

__all__ = ["renumber"]


def renumber(record: SettingRound, codes: Mapping[int, str], *, by: User, version: int) -> int:
    """Give KPIs of the set (by the id of their next year) other codes. A KPI is itself whatever its code.

    Returns how many changed. Raises ProposalRefused (the field is the next year's id), StaleRecord, NotPermitted or
    MoveRefused.
    """
    with transaction.atomic():
        fresh = held_round(record.pk)
        if sentence := may_manage(fresh, by):
            raise NotPermitted(sentence, state=fresh.state, move="renumber")
        if fresh.state == SettingRound.State.LIVE:
            raise MoveRefused("These are the year's KPIs now: their codes stay.", state=fresh.state, move="renumber")
        if fresh.version != version:
            raise StaleRecord(fresh)
        rows = list(KpiYear.objects.filter(proposal__setting_round=fresh).order_by("code_key", "pk"))
        wanted = {row.pk: codes.get(row.pk, row.code).strip() for row in rows}
        refuse(_clashes(wanted, fresh.year))
        changed = [row for row in rows if wanted[row.pk] != row.code]
        # Out of each other's way first, for the database checks each row as it is saved. It is only a look-up key.
        models.QuerySet(KpiYear).filter(pk__in=[row.pk for row in changed]).update(
            code_key=Concat(Value("~"), models.F("pk"), output_field=models.CharField())
        )
        for row in changed:
            reason = f"Renumbered from {row.code} to {wanted[row.pk]}"
            row.code = wanted[row.pk]
            save_as(row, by=by, reason=reason)
        if changed:
            fresh.version += 1
            save_as(fresh, by=by, reason="Codes renumbered")
    return len(changed)


def _clashes(wanted: Mapping[int, str], year: int) -> list[Problem]:
    by_key: dict[str, list[int]] = {}
    for pk, code in wanted.items():
        by_key.setdefault(code_key(code), []).append(pk)
    found = [Problem(str(pk), f"{wanted[pk]} is given to two KPIs.") for pks in by_key.values() for pk in pks[1:]]
    others = KpiYear.objects.filter(year=year, code_key__in=by_key).exclude(pk__in=wanted)
    for other in others:
        found += [Problem(str(pk), f"{other.code} is the code of “{other.name}”.") for pk in by_key[other.code_key]]
    return found
