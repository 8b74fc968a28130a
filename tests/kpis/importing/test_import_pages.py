"""The pages of an import: who may, what is refused, and all or nothing from the file to the list of imports."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.roles import Permission, Role
from kpis.models import ImportDraft, ImportMapping, ImportRun, Kpi, MonthlyReturn
from tests.factories.organisation import ServiceFactory, holder

pytestmark = pytest.mark.django_db

HEADINGS = "Code,Name,Service,Unit,Direction,Month,Value,Target"
GOOD = f"{HEADINGS}\nPI 1,Example bins missed,Example Refuse,Number,Lower,Apr-25,12,15\n"
BAD = f"{HEADINGS}\nPI 1,Example bins missed,Example Refuse,Number,Lower,Apr-25,twelve,15\n"


@pytest.fixture(autouse=True)
def _ready(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 5))
    ServiceFactory(name="Example Refuse")


@pytest.fixture
def team(client: Client) -> User:
    user = holder(Role.PERFORMANCE_TEAM)
    client.force_login(user)
    return user


def send(client: Client, words: str | bytes, name: str = "register.csv", **more: Any) -> Any:
    content = words.encode() if isinstance(words, str) else words
    return client.post(reverse("import"), {"file": SimpleUploadedFile(name, content), **more})


def columns(client: Client, draft: ImportDraft) -> Any:
    """The page of columns, sent as it was filled in already."""
    address = reverse("import-columns", args=[draft.pk])
    form = client.get(address).context["form"]
    filled = {name: "" if form.initial.get(name) is None else form.initial[name] for name in form.fields}
    return client.post(address, {name: value for name, value in filled.items() if value is not False})


def to_preview(client: Client, words: str) -> Any:
    send(client, words)
    draft = ImportDraft.objects.get()
    columns(client, draft)
    return client.get(reverse("import-preview", args=[draft.pk]))


def confirm(client: Client, page: Any) -> Any:
    (step,) = [one for one in page.context["steps"] if "apply" in one.href]
    return client.post(step.href, dict(step.fields), follow=True)


@pytest.mark.parametrize("role", [role for role in Role if Permission.IMPORT_KPIS not in role.permissions])
def test_only_the_performance_team_imports(client: Client, role: Role) -> None:
    client.force_login(holder(role))
    assert send(client, GOOD).status_code == 403
    assert not ImportDraft.objects.exists()


def test_a_file_is_sent_mapped_seen_and_imported(client: Client, team: User) -> None:
    page = to_preview(client, GOOD)
    assert "Example bins missed" in page.content.decode()
    assert not Kpi.objects.exists()
    done = confirm(client, page)
    assert "1 new and 0 changed rows" in done.content.decode()
    assert MonthlyReturn.objects.get().rag == "green"
    assert ImportRun.objects.get().by == team
    assert ImportMapping.objects.get().name == "register"
    assert not ImportDraft.objects.exists()


def test_a_saved_mapping_goes_straight_to_the_preview(client: Client, team: User) -> None:
    confirm(client, to_preview(client, GOOD))
    answer = send(client, GOOD, mapping=ImportMapping.objects.get().pk)
    page = client.get(answer["Location"])
    assert "there is nothing to import" in page.content.decode()
    assert not [one for one in page.context["steps"] if "apply" in one.href]


def test_a_refused_row_is_named_and_nothing_can_be_imported(client: Client, team: User) -> None:
    page = to_preview(client, BAD)
    words = page.content.decode()
    assert "1 row refused, so nothing can be imported" in words
    assert "is not a number" in words
    draft = ImportDraft.objects.get()
    found = client.post(
        reverse("import-apply", args=[draft.pk]), {"fingerprint": draft.preview["fingerprint"]}, follow=True
    )
    assert "1 row is refused, so nothing was imported" in found.content.decode()
    assert not Kpi.objects.exists()


def test_an_import_confirmed_twice_is_done_once(client: Client, team: User) -> None:
    page = to_preview(client, GOOD)
    confirm(client, page)
    again = confirm(client, page)
    assert "imported or thrown away already" in again.content.decode()
    assert ImportRun.objects.count() == 1


def test_what_changed_since_the_preview_stops_the_import(client: Client, team: User) -> None:
    page = to_preview(client, GOOD)
    (step,) = [one for one in page.context["steps"] if "apply" in one.href]
    found = client.post(step.href, {"fingerprint": "of another preview"}, follow=True)
    assert "Something changed since this preview" in found.content.decode()
    assert not Kpi.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "file is empty"),
        (b"A,a\n1,2\n", "a.csv", "Two columns"),
        (b"x", "a.doc", "Only CSV and Excel"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_beside_the_field(
    client: Client, team: User, content: bytes, name: str, said: str
) -> None:
    answer = send(client, content, name)
    assert said in answer.context["form"].errors["file"][0]
    assert not ImportDraft.objects.exists()


def test_two_columns_cannot_hold_the_same(client: Client, team: User) -> None:
    send(client, GOOD)
    draft = ImportDraft.objects.get()
    address = reverse("import-columns", args=[draft.pk])
    form = client.get(address).context["form"]
    filled = {name: value for name, value in form.initial.items() if value is not False}
    answer = client.post(address, {**filled, "column_1": "code"})
    assert "already read from" in answer.context["form"].errors["column_1"][0]


def test_a_file_can_be_thrown_away(client: Client, team: User) -> None:
    send(client, GOOD)
    client.post(reverse("import-discard", args=[ImportDraft.objects.get().pk]))
    assert not ImportDraft.objects.exists()
