"""Fetching a pack: what a person may not see does not exist for them (404); who is signed out is asked to sign in."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.ui import Link
from reports.gathering.reading import Span
from reports.models import Pack
from reports.pack_workflow import may_manage
from reports.packs.sections import Audience
from reports.presenters.packs import address
from reports.queries.packs import find_pack

__all__ = ["NONE", "Found", "find", "find_draft", "pack_crumbs", "public_pack"]

NONE = "There is no pack here that you can see."


@dataclass(frozen=True)
class Found:
    """A pack and who asks for it."""

    pack: Pack
    user: User
    who: Standing


def find(request: HttpRequest, span: Span, audience: Audience, number: int | None = None) -> Found:
    """The newest version of the pack this signed-in person may see, or the one asked for."""
    user = signed_in(request)
    who = standing(user)
    pack = find_pack(who, span, audience, number)
    if pack is None:
        raise Http404(NONE)
    return Found(pack, user, who)


def public_pack(
    request: HttpRequest, span: Span, audience: Audience, number: int | None = None
) -> Pack | HttpResponseBase:
    """The pack whoever asks may read, signed in or not; or the page to sign in on, whether or not there is one."""
    pack = find_pack(standing(request.user), span, audience, number)
    if pack is not None:
        return pack
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise Http404(NONE)


def find_draft(request: HttpRequest, span: Span, audience: Audience) -> Found:
    """The pack that is put together, for the Performance Team; one that is not open sends them to its page."""
    found = find(request, span, audience)
    if sentence := may_manage(found.pack, found.user):
        raise PermissionDenied(sentence)
    return found


def pack_crumbs(pack: Pack, *last: str) -> tuple[Link, ...]:
    """The way back from a page of the pack."""
    return (
        Link("Reports", reverse("packs")),
        Link(str(pack), address(pack) if last else ""),
        *(Link(words, "") for words in last),
    )
