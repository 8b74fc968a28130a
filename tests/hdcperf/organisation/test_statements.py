"""The accessibility statement and the privacy notice: public, edited by administrators, never overwritten."""

from __future__ import annotations

import pytest
from django.test import Client

from hdcperf.organisation.models import Statement, User
from hdcperf.organisation.statements import SHIPPED, ensure_statements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _statements() -> None:
    """There since the migrations, unless a test that empties the tables came before."""
    ensure_statements(Statement)


@pytest.mark.parametrize("slug", sorted(SHIPPED))
def test_anybody_can_read_them(client: Client, slug: str) -> None:
    answer = client.get(f"/about/{slug}/")
    assert answer.status_code == 200
    assert "<h2>" in answer.content.decode()
    assert "[council]" not in answer.content.decode()


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("accessibility", "partially compliant"),
        ("accessibility", "Equality and Human Rights Commission"),
        ("accessibility", "not</strong> yet been tested by an outside organisation"),
        ("privacy", "Freedom of Information Act 2000"),
        ("privacy", "Sign-ins are not recorded"),
        ("privacy", "How long it is kept"),
    ],
)
def test_they_say_what_the_law_asks(client: Client, slug: str, words: str) -> None:
    assert words in client.get(f"/about/{slug}/").content.decode()


def test_what_an_administrator_wrote_is_not_overwritten() -> None:
    notice = Statement.objects.get(slug="privacy")
    notice.body = "Ours"
    notice.save()
    assert ensure_statements(Statement) == 0
    notice.refresh_from_db()
    assert notice.body == "Ours"


def test_html_is_shown_as_typed_and_never_run(client: Client) -> None:
    notice = Statement.objects.get(slug="privacy")
    notice.body = "<script>alert(1)</script> [here](javascript:alert(1))"
    notice.save()
    page = client.get("/about/privacy/").content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_an_administrator_edits_them_with_history(client: Client) -> None:
    client.force_login(User.objects.create_superuser("admin@council.example", "Ada Example", "demo"))
    notice = Statement.objects.get(slug="privacy")
    typed = {"slug": "privacy", "title": "Privacy notice", "body": "## New words", "reviewed_on": "5/11/2026"}
    typed["change_reason"] = "Reviewed."
    answer = client.post(f"/admin/organisation/statement/{notice.pk}/change/", typed)
    assert answer.status_code == 302, answer.context["errors"]
    assert "New words" in client.get("/about/privacy/").content.decode()
    assert notice.history.first().history_by_name == "Ada Example"


@pytest.mark.parametrize("slug", ["unknown", "Privacy"])
def test_another_page_is_not_found(client: Client, slug: str) -> None:
    assert client.get(f"/about/{slug}/").status_code == 404
