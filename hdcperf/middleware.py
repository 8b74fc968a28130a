"""What every answer of ours has in common."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import bad_request, page_not_found, server_error

__all__ = ["MethodNotAllowedMiddleware", "OwnErrorPagesMiddleware"]


class MethodNotAllowedMiddleware:
    """Gives a refused method a page: Django has one for 403, 404 and 500, but answers 405 with nothing at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != 405 or answer.content:
            return answer
        page = render(request, "405.html", status=405)
        page["Allow"] = answer["Allow"]
        return page


class OwnErrorPagesMiddleware:
    """Gives a demonstration our own pages for what fails.

    It runs with ``DEBUG``, where Django answers with pages for programmers: for a missing address, one that lists
    every other. The people it is shown to get what a council's would; the log still has the cause.
    """

    DJANGOS = b"DEBUG = True"
    """A phrase of every page that Django shows only while debugging."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        failed = answer.status_code in (400, 404, 500)
        if not settings.DEMO_MODE or not failed or self.DJANGOS not in answer.content:
            return answer
        if answer.status_code == 404:
            return page_not_found(request, Http404())
        if answer.status_code == 400:
            return bad_request(request, SuspiciousOperation())
        return server_error(request)
