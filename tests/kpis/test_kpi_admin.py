"""What the admin lets nobody do to a KPI: change its type once it has figures, or edit a target."""

from __future__ import annotations

from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.test import Client

from hdcperf.organisation.models import User
from kpis.models import Kpi, KpiYear, TargetSet
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory, TargetSetFactory

pytestmark = pytest.mark.django_db
NO_ROWS = {"people-TOTAL_FORMS": "0", "people-INITIAL_FORMS": "0"}


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(
        User.objects.create_superuser("admin@demo.example", name="Addy", password="long-enough-example")
    )
    return client


def change(client: Client, kpi_year: KpiYear, **typed: Any) -> Any:
    """Send the form of a KPI's year as it stands, but for what is typed."""
    held = {name: value for name, value in model_to_dict(kpi_year).items() if value is not None}
    held["is_live"] = "on"
    sent = {**held, **NO_ROWS, "change_reason": "It was entered wrongly.", **typed}
    return client.post(f"/admin/kpis/kpiyear/{kpi_year.pk}/change/", sent)


def errors(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return dict(answer.context["adminform"].form.errors)


def test_a_definition_is_changed_with_a_reason(admin: Client) -> None:
    kpi_year = KpiYearFactory()
    MonthlyReturnFactory(kpi_year=kpi_year, accepted=True)
    assert change(admin, kpi_year, definition="Counted on the last night of the month.").status_code == 302
    last = kpi_year.history.latest()
    assert (last.definition, last.history_change_reason) == (
        "Counted on the last night of the month.",
        "It was entered wrongly.",
    )


@pytest.mark.parametrize(
    "typed", [{"unit": "days"}, {"ytd_rule": "mean"}, {"direction": "lower"}, {"entry": "parts"}], ids=str
)
def test_a_type_stays_once_there_are_figures_and_the_refusal_says_what_to_do(
    admin: Client, typed: dict[str, str]
) -> None:
    kpi_year = KpiYearFactory()
    MonthlyReturnFactory(kpi_year=kpi_year, draft=True)
    (found,) = errors(change(admin, kpi_year, **typed)).values()
    assert "has figures, so its type stays as it is. End it and start its successor" in found[0]
    kpi_year.refresh_from_db()
    assert (kpi_year.unit, kpi_year.ytd_rule) == ("number", "adds_up")


def test_a_type_may_change_while_there_are_no_figures(admin: Client) -> None:
    kpi_year = KpiYearFactory()
    MonthlyReturnFactory(kpi_year=kpi_year)
    assert change(admin, kpi_year, unit="days").status_code == 302


def test_a_direction_stays_once_there_is_a_target_for_it(admin: Client) -> None:
    kpi_year = KpiYearFactory()
    TargetSetFactory(kpi_year=kpi_year)
    assert "has a target for this direction" in errors(change(admin, kpi_year, direction="lower"))["direction"][0]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"unit": "percentage"}, "A percentage cannot add up over the year"),
        ({"ytd_rule": "weighted"}, "Weighting needs the numerator and denominator"),
        ({"unit": "rate"}, "Say per how many for a rate"),
        ({"minimum": "5", "maximum": "4"}, "The smallest possible figure is above the largest possible."),
        ({"decimals": "7"}, "At most 6 decimals can be shown."),
        ({"months_in_arrears": "12"}, "at most 11 months in arrears"),
        ({"change_reason": ""}, "Say why it changes"),
    ],
)
def test_a_wrong_combination_is_refused_with_a_sentence(admin: Client, typed: dict[str, str], says: str) -> None:
    found = errors(change(admin, KpiYearFactory(), **typed))
    assert says in " ".join(sentence for sentences in found.values() for sentence in sentences)


def test_a_kpi_is_ended_and_its_successor_started_with_the_link(admin: Client) -> None:
    kpi = KpiYearFactory().kpi
    no_rows = {"themes-TOTAL_FORMS": "0", "themes-INITIAL_FORMS": "0"}
    ended = {
        "reference": kpi.reference,
        "ended_after": "2026-09-01",
        "change_reason": "Measured in days from October.",
    }
    assert admin.post(f"/admin/kpis/kpi/{kpi.pk}/change/", {**ended, **no_rows}).status_code == 302
    made = {"reference": "in-days", "predecessor": kpi.pk, **no_rows}
    assert admin.post("/admin/kpis/kpi/add/", made).status_code == 302
    assert Kpi.objects.get(reference="in-days").predecessor == Kpi.objects.get(pk=kpi.pk, ended_after="2026-09-01")


def test_a_target_is_only_looked_at(admin: Client) -> None:
    made = TargetSetFactory()
    address = f"/admin/kpis/targetset/{made.pk}/"
    assert admin.get(f"{address}change/").status_code == 200
    assert admin.post(f"{address}change/", {"target": "1", "reason": "Edited."}).status_code == 403
    assert admin.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert admin.get("/admin/kpis/targetset/add/").status_code == 403
    assert TargetSet.objects.get().target == 120
