"""Every change names its person, its reason and its time, and what is written stays written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from hdcperf import clock
from hdcperf.history import AppendOnlyModel, HistoryRefused, save_as
from hdcperf.organisation.models import Service, User
from tests.factories.kpis import MonthlyReturnFactory
from tests.factories.organisation import ServiceFactory, UserFactory

OURS = ("organisation", "kpis")

KEPT_AS_WRITTEN = {
    "kpis.ChallengeMessage",
    "kpis.DerivedChange",
    "kpis.ImportRun",
    "kpis.IssuedFigure",
    "kpis.MonthlyReturnTransition",
    "kpis.ReturnAuthor",
    "kpis.RevisionTransition",
    "kpis.TargetSetTransition",
}
"""Rows written once and never changed need no history: they are history."""


NOT_KEPT = {"kpis.ImportDraft"}
"""A file sent and not yet applied, thrown away within a day: what it changes is tracked when it is applied."""


def is_tracked(model: type[models.Model]) -> bool:
    return hasattr(model._meta, "simple_history_manager_attribute")


def is_history(model: type[models.Model]) -> bool:
    return model.__name__.startswith("Historical")


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


TRACKED = [model for model in our_models() if is_tracked(model)]
HISTORIES = [model for model in our_models() if is_history(model)]
WRITTEN_ONCE = [model for model in our_models() if issubclass(model, AppendOnlyModel)]


def name(model: type[models.Model]) -> str:
    return model._meta.label


def test_every_model_a_person_can_change_is_tracked() -> None:
    untracked = {name(model) for model in our_models() if not is_tracked(model) and not is_history(model)}
    assert untracked == KEPT_AS_WRITTEN | NOT_KEPT


def test_what_is_not_tracked_is_written_once() -> None:
    assert {name(model) for model in WRITTEN_ONCE} == KEPT_AS_WRITTEN | {name(model) for model in HISTORIES}


@pytest.mark.parametrize("model", TRACKED, ids=name)
class TestTrackedModel:
    def test_refuses_writes_that_leave_no_history(self, model: Any) -> None:
        row = model()
        for rows in (model.objects.all(), model._base_manager.all(), model._default_manager.all()):
            with pytest.raises(HistoryRefused):
                rows.update(pk=1)
            with pytest.raises(HistoryRefused):
                rows.bulk_create([row])
            with pytest.raises(HistoryRefused):
                rows.bulk_update([row], ["pk"])

    def test_names_its_base_manager(self, model: Any) -> None:
        """Reverse ``add()`` and SET_NULL go through the base manager."""
        assert model._meta.base_manager_name == "objects"

    def test_has_no_link_that_changes_rows_behind_its_back(self, model: Any) -> None:
        links = [one for one in model._meta.get_fields() if isinstance(one, models.ForeignKey)]
        assert {one.remote_field.on_delete for one in links} <= {models.PROTECT, models.CASCADE}
        assert list(model._meta.many_to_many) == []


@pytest.mark.parametrize("model", WRITTEN_ONCE, ids=name)
def test_a_row_written_once_refuses_change_and_deletion(model: Any) -> None:
    row = model()
    row._state.adding = False
    for attempt in (row.save, row.delete, model.objects.all().delete):
        with pytest.raises(HistoryRefused):
            attempt()
    with pytest.raises(HistoryRefused):
        model.objects.all().update(pk=1)
    with pytest.raises(HistoryRefused):
        model.objects.all().bulk_update([row], ["pk"])
    assert model._default_manager is model.objects or isinstance(model._default_manager, type(model.objects))


@pytest.mark.parametrize("model", TRACKED, ids=name)
def test_the_history_of_a_model_refuses_change_and_deletion(model: Any) -> None:
    with pytest.raises(HistoryRefused):
        model.history.all().update(history_change_reason="Another")
    with pytest.raises(HistoryRefused):
        model.history.all().delete()


@pytest.mark.django_db
def test_a_transition_that_was_written_stays_as_it_was() -> None:
    transition = MonthlyReturnFactory(submitted=True).transitions.first()
    transition.comment = "Another"
    with pytest.raises(HistoryRefused):
        transition.save()
    transition.refresh_from_db()
    assert transition.comment == ""


@pytest.mark.django_db
class TestOutsideARequest:
    def test_history_names_person_reason_and_time(self, set_today: Callable[[date], None]) -> None:
        set_today(date(2026, 11, 5))
        kim = UserFactory(name="Kim Example")
        service = ServiceFactory(name="Example Waste")
        service.name = "Example Recycling"
        save_as(service, by=kim, reason="Renamed by the council")
        row = service.history.first()
        assert (row.history_user, row.history_by_name) == (kim, "Kim Example")
        assert row.history_change_reason == "Renamed by the council"
        assert clock.local_day(row.history_date) == date(2026, 11, 5)
        assert row.prev_record.name == "Example Waste"

    def test_the_name_kept_is_the_name_the_person_had_then(self) -> None:
        kim = UserFactory(name="Kim Example")
        service = ServiceFactory()
        save_as(service, by=kim, reason="First")
        kim.name = "Kim Other"
        kim.save()
        assert service.history.first().history_by_name == "Kim Example"

    def test_a_change_by_nobody_has_no_name(self) -> None:
        assert ServiceFactory().history.first().history_by_name == ""

    def test_a_deletion_leaves_its_row(self) -> None:
        service = ServiceFactory(name="Example Waste")
        pk = service.pk
        service.delete()
        assert [row.history_type for row in Service.history.filter(id=pk)] == ["-", "+"]


@pytest.mark.django_db
def test_inside_a_request_history_names_the_person_signed_in(client: Client) -> None:
    admin = User.objects.create_superuser("admin@council.example", "Ada Example", "demo")
    service = ServiceFactory(name="Example Waste")
    client.force_login(admin)
    answer = client.post(
        f"/admin/organisation/service/{service.pk}/change/",
        {
            "name": "Example Recycling",
            "directorate": service.directorate_id,
            "change_reason": "The council renamed it",
        },
    )
    assert answer.status_code == 302
    row = service.history.first()
    assert (row.name, row.history_by_name) == ("Example Recycling", "Ada Example")
    assert row.history_change_reason == "The council renamed it"


@pytest.mark.django_db
class TestUsers:
    def test_history_leaves_out_the_password(self) -> None:
        kept = {one.name for one in User.history.model._meta.get_fields()}
        assert "password" not in kept
        assert {"email", "name", "is_active", "is_superuser"} <= kept

    def test_signing_in_leaves_no_history(self, client: Client) -> None:
        user = UserFactory()
        before = user.history.count()
        client.post("/sign-in/", {"email": user.email, "password": "demo"})
        assert client.session["_auth_user_id"] == str(user.pk)
        assert user.history.count() == before
        assert "last_login" not in {one.name for one in User._meta.get_fields()}
