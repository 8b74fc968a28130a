"""Our own pages for what fails, in a demonstration too.

A demonstration runs with ``DEBUG``, where Django answers with pages for programmers: for a missing address one that
lists every other. The people it is shown to get what a council's would; the log still has the cause.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.views.defaults import bad_request, page_not_found, server_error

__all__ = ["own_error_pages"]

_DJANGOS = b"DEBUG = True"
"""A phrase of every page Django shows only while debugging."""


def own_error_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the innermost, so that what it answers passes through all others."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not settings.DEMO_MODE or response.status_code not in (400, 404, 500) or _DJANGOS not in response.content:
            return response
        if response.status_code == 404:
            return page_not_found(request, Http404())
        if response.status_code == 400:
            return bad_request(request, SuspiciousOperation())
        return server_error(request)

    return answer
