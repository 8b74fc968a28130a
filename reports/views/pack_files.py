"""``/reports/2026-27-Q2/scrutiny.pdf``, ``.xlsx``, ``.csv``: a pack's files, for who may read its page (C.2.3)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from hdcperf.organisation.models import User
from reports.gathering.reading import Span
from reports.gathering.whole import gather
from reports.jobs import start_building
from reports.models import FrozenData, Pack, PackFile
from reports.pack_workflow import may_manage
from reports.packs.sections import Audience
from reports.presenters.packs import address
from reports.printing.pdf import CannotPrint, render_pdf
from reports.queries.pack_files import frozen_row, rows_with_files
from reports.queries.packs import annex_row, frozen_pack
from reports.queries.supplements import supplement_row
from reports.views.pack_fetching import NONE, find, pack_crumbs, public_pack

__all__ = ["pack_annex_file", "pack_build", "pack_file", "pack_supplement", "pack_version_file"]


@login_not_required
@require_safe
def pack_file(request: HttpRequest, span: Span, audience: Audience, kind: str) -> HttpResponseBase:
    """A file of the newest version this person may see. Open to everyone once the pack is published."""
    found = public_pack(request, span, audience)
    return _file_of(request, found, kind) if isinstance(found, Pack) else found


@login_not_required
@require_safe
def pack_version_file(
    request: HttpRequest, span: Span, audience: Audience, number: int, kind: str
) -> HttpResponseBase:
    """A file of one version, also when a later one has taken its place."""
    found = public_pack(request, span, audience, number)
    return _file_of(request, found, kind) if isinstance(found, Pack) else found


def _file_of(request: HttpRequest, pack: Pack, kind: str) -> HttpResponse:
    """The bytes stored when the pack was frozen, under their digest; before it is issued, a draft marked as one."""
    name = f"{pack.span.slug}-{pack.audience}-{pack.number}.{kind}"
    if not pack.is_out:
        return _draft(request, pack, name, kind)
    return _stored(request, pack, frozen_row(pack), name, kind)


@login_not_required
@require_safe
def pack_supplement(request: HttpRequest, span: Span, audience: Audience, number: int) -> HttpResponseBase:
    """A supplement, for whoever may read the pack it goes with."""
    pack = public_pack(request, span, audience)
    if not isinstance(pack, Pack):
        return pack
    row = supplement_row(pack, number) if pack.is_out else None
    if row is None:
        raise Http404("There is no such supplement.")
    return _stored(request, pack, row, f"{pack.span.slug}-{pack.audience}-supplement-{number}.pdf", "pdf")


@require_safe
def pack_annex_file(request: HttpRequest, span: Span, audience: Audience, number: int) -> HttpResponse:
    """The exempt annex of a version, for members entitled to it; for everybody else it is not there."""
    found = find(request, span, audience, number)
    row = annex_row(found.who, found.pack)
    if row is None:
        raise Http404(NONE)
    name = f"{found.pack.span.slug}-{found.pack.audience}-exempt-annex-{number}.pdf"
    response = _stored(request, found.pack, row, name, "pdf")
    patch_cache_control(response, no_store=True)
    return response


def _stored(request: HttpRequest, pack: Pack, row: FrozenData | None, name: str, kind: str) -> HttpResponse:
    stored = PackFile.objects.filter(frozen=row, format=kind).first()
    if stored is None:
        return _not_there(request, pack, "Its files are not made yet. Come back in a minute.")
    etag = f'"{stored.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    response = _download(bytes(stored.content), name, kind)
    response["ETag"] = etag
    return response


def _draft(request: HttpRequest, pack: Pack, name: str, kind: str) -> HttpResponse:
    """Only as PDF, with the word across each page, and nothing of it kept: a draft's figures are not to be reused."""
    if kind != PackFile.Format.PDF:
        raise Http404("A draft has no such file: it has one once it is issued.")
    frozen = gather(pack).pack if pack.is_open else frozen_pack(pack)
    if frozen is None:
        raise Http404("What this pack was frozen as is not there.")
    try:
        content = render_pdf(frozen, draft="Draft")
    except CannotPrint as error:
        return _not_there(request, pack, str(error))
    return _download(content, f"draft-{name}", kind)


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=PackFile.MEDIA_TYPES[kind])
    shown = "inline" if kind == PackFile.Format.PDF else "attachment"
    response["Content-Disposition"] = f'{shown}; filename="{name}"'
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _not_there(request: HttpRequest, pack: Pack, words: str) -> HttpResponse:
    user = request.user
    context = {
        "crumbs": pack_crumbs(pack, "Files"),
        "pack": pack,
        "back": address(pack),
        "words": words,
        "may_build": pack.is_out and isinstance(user, User) and may_manage(pack, user) is None,
    }
    response = render(request, "reports/packs/not_made.html", context, status=503)
    response["Retry-After"] = "60"
    return response


@require_POST
def pack_build(request: HttpRequest, span: Span, audience: Audience) -> HttpResponse:
    """Have the files of a frozen pack made in the background, and go to the page that shows how far it is."""
    found = find(request, span, audience)
    if sentence := may_manage(found.pack, found.user):
        raise PermissionDenied(sentence)
    rows = rows_with_files(found.pack)
    if not rows:
        raise Http404("A draft has no files: they are made once it is frozen.")
    jobs = [job for row in rows if (job := start_building(row, by=found.user)) is not None]
    if not jobs:
        messages.info(request, "The files are there already.")
        return redirect(address(found.pack))
    return redirect("job", jobs[0].pk)
