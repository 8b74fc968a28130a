"""``/feed/``: accepted figures as a table for the council's own dashboards, and the keys that open it."""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hdcperf.csv_files import csv_lines
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.roles import Permission
from reports.forms.feed import FeedKeyForm
from reports.models import FeedKey
from reports.operations.feed import key_called, make_key, revoke_key
from reports.queries.feed import feed_rows
from reports.rules.feed import FIELDS

__all__ = ["dictionary_csv", "dictionary_json", "feed", "figures_csv", "figures_json", "revoke"]

View = Callable[[HttpRequest], HttpResponseBase]
NAMES = tuple(field.name for field in FIELDS)


def _manager(request: HttpRequest) -> User:
    user = signed_in(request)
    if not standing(user).may(Permission.MANAGE_FEED):
        raise PermissionDenied("Only the Performance Team keeps the feed of accepted figures.")
    return user


@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: HttpRequest) -> HttpResponse:
    """What the feed is, its columns and its keys. A new key's words are on the answer to its form alone."""
    user = _manager(request)
    form = FeedKeyForm(request.POST or None)
    made = words = None
    if request.method == "POST" and form.is_valid():
        made, words = make_key(form.cleaned_data["name"], by=user)
        form = FeedKeyForm()
    context = {
        "form": form,
        "made": made,
        "words": words,
        "keys": FeedKey.objects.select_related("made_by", "revoked_by"),
        "fields": FIELDS,
        "csv": request.build_absolute_uri(reverse("feed-csv")),
        "json": request.build_absolute_uri(reverse("feed-json")),
    }
    response = render(request, "reports/feed.html", context)
    add_never_cache_headers(response)
    return response


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a key back."""
    user = _manager(request)
    key = get_object_or_404(FeedKey, pk=pk)
    revoke_key(key, by=user)
    messages.success(request, f"The key of {key.name} opens the feed no more.")
    return redirect("feed")


def _with_key(view: View) -> View:
    """Answers whoever sends a key in force: as a bearer token, or as the password of basic authentication."""

    @login_not_required
    @require_safe
    @wraps(view)
    def keyed(request: HttpRequest) -> HttpResponseBase:
        words = _sent(request.headers.get("Authorization", ""))
        if not words or key_called(words) is None:
            refused = HttpResponse(
                "Send a key of the feed: the Performance Team makes them.\n", status=401, content_type="text/plain"
            )
            refused["WWW-Authenticate"] = 'Basic realm="Feed of accepted figures", charset="UTF-8"'
            return refused
        response = view(request)
        add_never_cache_headers(response)
        return response

    return keyed


def _sent(header: str) -> str:
    """The key in an Authorization header; nothing where there is none. Never in the address, which logs keep."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(value.strip(), validate=True).decode("utf-8").partition(":")[2]
    except (NotBase64, UnicodeDecodeError):
        return ""


@_with_key
def figures_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every accepted figure, a row for each KPI and month."""
    rows = ([_plain(row[name]) for name in NAMES] for row in feed_rows())
    return StreamingHttpResponse(csv_lines(NAMES, rows), content_type="text/csv; charset=utf-8")


@_with_key
def figures_json(request: HttpRequest) -> StreamingHttpResponse:
    """The same, as a list of objects. Numbers are exact."""
    return StreamingHttpResponse(_json_lines(), content_type="application/json")


@_with_key
def dictionary_csv(request: HttpRequest) -> StreamingHttpResponse:
    """What each column holds."""
    rows = ((one.name, one.kind, one.meaning) for one in FIELDS)
    return StreamingHttpResponse(csv_lines(("name", "kind", "meaning"), rows), content_type="text/csv; charset=utf-8")


@_with_key
def dictionary_json(request: HttpRequest) -> HttpResponse:
    """The same, as a list of objects."""
    rows = [{"name": one.name, "kind": one.kind, "meaning": one.meaning} for one in FIELDS]
    return HttpResponse(json.dumps(rows, ensure_ascii=False), content_type="application/json")


def _json_lines() -> Iterator[str]:
    yield "["
    for at, row in enumerate(feed_rows()):
        cells = ",".join(f"{json.dumps(name)}:{_json(row[name])}" for name in NAMES)
        yield f"{',' if at else ''}\n{{{cells}}}"
    yield "\n]\n"


def _json(cell: object) -> str:
    """A figure as a number in its own digits: a float would change them."""
    if isinstance(cell, Decimal):
        return format(cell.normalize(), "f")
    return json.dumps(cell.isoformat() if isinstance(cell, date) else cell, ensure_ascii=False)


def _plain(cell: object) -> object:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Decimal):
        return _Digits(cell.normalize())
    return cell.isoformat() if isinstance(cell, date) else cell


class _Digits(Decimal):
    """A figure that prints without an exponent; still a number, so no apostrophe goes before its minus."""

    def __str__(self) -> str:
        return format(self, "f")
