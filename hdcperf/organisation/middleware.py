"""Sign-in is required everywhere but on marked pages; what was typed before a sign-in expired is carried over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

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


def _page_it_was_on(request: HttpRequest) -> str:
    """The path of the page of ours that sent the request, or the request's own where that is not said."""
    sender = request.headers.get("Referer", "")
    parts = urlsplit(sender) if url_has_allowed_host_and_scheme(sender, {request.get_host()}) else None
    if parts is None or parts.netloc != request.get_host():
        return request.get_full_path()
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Asks for a sign-in; a form posted after the old one expired is carried by the sign-in page."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseBase:  # type: ignore[override]
        carried = carry(request)
        if carried is None and request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        if carried is None:
            # A button was pressed: after the sign-in its page is shown again, not its address asked for.
            return redirect_to_login(_page_it_was_on(request))
        from hdcperf.organisation.views.signing_in import sign_in_page  # views need the app registry

        return sign_in_page(request, carried=carried, status=401)
