"""What fails is answered with our own pages, in a demonstration too; while developing, with Django's."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@login_not_required
def fails(request: HttpRequest, kind: str) -> HttpResponse:
    raise {
        "missing": Http404("secret"),
        "strange": SuspiciousOperation("secret"),
        "broken": ZeroDivisionError("secret"),
    }[kind]


urlpatterns = [path("fails/<str:kind>/", fails)]

OURS = {
    "/nowhere/": (404, "Page not found"),
    "/fails/missing/": (404, "Page not found"),
    "/fails/strange/": (400, "This request could not be read"),
    "/fails/broken/": (500, "Sorry, something went wrong"),
}


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("address", OURS)
def test_people_are_shown_our_own_page(settings: Any, address: str, debug: bool) -> None:
    settings.DEBUG = settings.DEMO_MODE = debug
    answer = Client(raise_request_exception=False).get(address)
    status, words = OURS[address]
    assert answer.status_code == status
    assert f'<h1 class="govuk-heading-l">{words}</h1>' in answer.content.decode()
    assert "secret" not in answer.content.decode()
    # While debugging, django-csp leaves Django's own pages of these kinds alone, and so ours in their place.
    assert debug or answer.headers["Content-Security-Policy"]


def test_while_developing_django_says_what_failed(settings: Any) -> None:
    settings.DEBUG, settings.DEMO_MODE = True, False
    assert "secret" in Client(raise_request_exception=False).get("/fails/broken/").content.decode()
