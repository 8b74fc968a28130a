"""Sign-in is required everywhere but on marked pages; what was typed before a sign-in expired is carried over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from hdcperf.organisation.access import standing
from hdcperf.organisation.carrying import carry


class StandingMiddleware:
    """Works out the person's posts once a request (two queries)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.user.standing = standing(request.user)  # type: ignore[attr-defined]
        return self.get_response(request)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Asks for a sign-in; a form posted after the old one expired is carried by the sign-in page."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseBase:  # type: ignore[override]
        carried = carry(request)
        if carried is None:
            return super().handle_no_permission(request, view_func)
        from hdcperf.organisation.views.signing_in import sign_in_page  # views need the app registry

        return sign_in_page(request, carried=carried, status=401)
