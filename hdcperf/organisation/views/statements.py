"""The accessibility statement and the privacy notice: public pages an administrator edits."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

from hdcperf.organisation.models import Statement

_MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False})


@login_not_required
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    """One statement, its Markdown rendered with HTML escaped."""
    found = get_object_or_404(Statement, slug=slug)
    # Safe: the renderer escapes HTML and refuses script addresses.
    body = mark_safe(_MARKDOWN.render(found.body))
    return render(request, "organisation/statement.html", {"statement": found, "body": body})
