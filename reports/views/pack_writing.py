"""The pages on which a pack is put together: covering report, sections, meeting, waivers, annex, correction."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hdcperf import clock
from hdcperf.review.attempting import attempt, with_version
from hdcperf.workflow import StaleRecord
from reports.forms.packs import AnnexForm, CorrectForm, CoverForm, MeetingForm, SectionsForm, WaiveForm
from reports.gathering.reading import Span
from reports.gathering.whole import gather
from reports.models import Meeting, Pack, PackAnnex
from reports.operations import packs as operations
from reports.pack_workflow import may_manage
from reports.packs.sections import COVER_HEADINGS, Audience
from reports.presenters.packs import address
from reports.views.pack_fetching import Found, find, find_draft, pack_crumbs

__all__ = [
    "pack_annex",
    "pack_annex_remove",
    "pack_check",
    "pack_correct",
    "pack_cover",
    "pack_meeting",
    "pack_sections",
    "pack_waiver_withdraw",
]

METHODS = ["GET", "HEAD", "POST"]
STALE = "Somebody changed the pack after you opened the page. Save again to put your words in."
CLOSED = "It is no longer a draft, so nothing of it is changed: take it back to a draft first."


def _saved(request: HttpRequest, found: Found, form: BaseForm, act: Callable[[int], object]) -> bool:
    """Whether what was typed is saved; where somebody else changed the pack first, it is kept to be sent again."""
    try:
        return attempt(form, lambda: act(form.cleaned_data["version"]))
    except StaleRecord as stale:
        form.data = with_version(request.POST, stale.fresh.version)
        form.add_error(None, STALE)
        return False


def _page(
    request: HttpRequest, found: Found, heading: str, form: BaseForm, intro: str = "", **more: object
) -> HttpResponse:
    context = {
        "crumbs": pack_crumbs(found.pack, heading),
        "heading": heading,
        "intro": intro,
        "form": form,
        **more,
    }
    return render(request, "reports/packs/form.html", context)


def _back(found: Found) -> HttpResponse:
    return redirect("pack", found.pack.span, found.pack.audience)


def _closed(request: HttpRequest, found: Found) -> HttpResponse | None:
    """Back to the pack's page, saying why, where it is no longer put together."""
    if found.pack.is_open:
        return None
    messages.warning(request, CLOSED)
    return _back(found)


@require_http_methods(METHODS)
def pack_cover(request: HttpRequest, span: Span, audience: Audience) -> HttpResponse:
    """Write the covering report. What it quotes that the data no longer bears out is said above it."""
    found = find_draft(request, span, audience)
    if closed := _closed(request, found):
        return closed
    pack = found.pack
    initial = {**{one.key: one.words for one in pack.texts.all()}, "version": pack.version}
    form = CoverForm(request.POST or None, initial=initial, back=address(pack))

    def save(version: int) -> None:
        assert isinstance(form, CoverForm)
        operations.write_cover(pack, form.words(), by=found.user, version=version)

    if request.method == "POST" and _saved(request, found, form, save):
        messages.success(request, "The covering report is saved.")
        return _back(found)
    stale = [(COVER_HEADINGS[key], one.quoted, one.now) for key, rows in gather(pack).stale.items() for one in rows]
    intro = (
        "Leave an empty line between paragraphs, and begin a point with a dash. Figures you quote from the data are "
        "watched: you are told when the data changes."
    )
    return _page(request, found, "Covering report", form, intro, stale=stale)


@require_http_methods(METHODS)
def pack_sections(request: HttpRequest, span: Span, audience: Audience) -> HttpResponse:
    """Choose the sections and their order; the audience's next pack starts with them."""
    found = find_draft(request, span, audience)
    if closed := _closed(request, found):
        return closed
    pack = found.pack
    initial = {
        **SectionsForm.places(pack.chosen),
        "orientation": pack.orientation,
        "version": pack.version,
    }
    form = SectionsForm(request.POST or None, initial=initial, back=address(pack))

    def save(version: int) -> None:
        assert isinstance(form, SectionsForm)
        operations.choose_sections(
            pack, form.sections(), form.cleaned_data["orientation"], by=found.user, version=version
        )

    if request.method == "POST" and _saved(request, found, form, save):
        messages.success(request, "The sections are saved, and the next pack for this audience starts with them.")
        return _back(found)
    intro = "Number the sections in the order they are to be printed. A section without a number is left out."
    return _page(request, found, "Sections and their order", form, intro)


@require_http_methods(METHODS)
def pack_meeting(request: HttpRequest, span: Span, audience: Audience) -> HttpResponse:
    """Say which meeting the pack goes to, and why it is late where it is."""
    found = find_draft(request, span, audience)
    if closed := _closed(request, found):
        return closed
    pack = found.pack
    initial = {"meeting": pack.meeting, "late_reason": pack.late_reason, "version": pack.version}
    form = MeetingForm(request.POST or None, initial=initial, meetings=_meetings(pack), back=address(pack))

    def save(version: int) -> None:
        typed = form.cleaned_data
        operations.set_meeting(pack, typed["meeting"], typed["late_reason"], by=found.user, version=version)

    if request.method == "POST" and _saved(request, found, form, save):
        messages.success(request, "The meeting is saved.")
        return _back(found)
    return _page(request, found, "Its meeting", form)


def _meetings(pack: Pack) -> object:
    """The body's meetings to come, and the one it has."""
    bodies = [pack.audience] if pack.audience != Audience.YEARLY else ["scrutiny", "cabinet", "council"]
    to_come = Meeting.objects.going_ahead().filter(body__in=bodies, held_on__gte=clock.today())
    kept = Meeting.objects.filter(packs=pack)
    return Meeting.objects.filter(Q(pk__in=to_come.values("pk")) | Q(pk__in=kept.values("pk"))).order_by("held_on")


@require_http_methods(METHODS)
def pack_check(request: HttpRequest, span: Span, audience: Audience, check: str) -> HttpResponse:
    """Waive a check that is not met, or say that places and dates are checked."""
    found = find_draft(request, span, audience)
    if closed := _closed(request, found):
        return closed
    pack = found.pack
    result = next((one for one in gather(pack).results if one.code == check), None)
    if result is None:
        raise Http404("There is no such check of this pack.")
    held = pack.waivers.filter(check_code=check).first()
    initial = {"reason": held.reason if held is not None else "", "version": pack.version}
    form = WaiveForm(request.POST or None, initial=initial, check=check, back=address(pack))

    def save(version: int) -> None:
        operations.waive(pack, check, form.cleaned_data["reason"], by=found.user, version=version)

    if request.method == "POST" and _saved(request, found, form, save):
        messages.success(request, "It is kept, and will be printed.")
        return _back(found)
    return _page(request, found, result.words, form, found_against=result.found)


@require_POST
def pack_waiver_withdraw(request: HttpRequest, span: Span, audience: Audience, check: str) -> HttpResponse:
    """Take back that a check need not be met."""
    found = find_draft(request, span, audience)
    if closed := _closed(request, found):
        return closed
    operations.withdraw_waiver(found.pack, check, by=found.user, version=found.pack.version)
    messages.success(request, "It is taken back: the check is to be met after all.")
    return _back(found)


@require_http_methods(METHODS)
def pack_annex(request: HttpRequest, span: Span, audience: Audience) -> HttpResponse:
    """Write an exempt annex."""
    found = find_draft(request, span, audience)
    if closed := _closed(request, found):
        return closed
    pack = found.pack
    names = ("title", "paragraph", "public_interest", "words")
    held = PackAnnex.objects.filter(pack=pack).first()
    initial = {name: getattr(held, name) for name in names} if held is not None else {}
    form = AnnexForm(request.POST or None, initial={**initial, "version": pack.version}, back=address(pack))

    def save(version: int) -> None:
        typed = {name: form.cleaned_data[name] for name in names}
        operations.write_annex(pack, typed, by=found.user, version=version)

    if request.method == "POST" and _saved(request, found, form, save):
        messages.success(request, "The annex is saved. It is in no page or file that is public.")
        return _back(found)
    remove = address(pack, "pack-annex-remove") if held is not None else ""
    return _page(request, found, "Exempt annex", form, remove=remove)


@require_POST
def pack_annex_remove(request: HttpRequest, span: Span, audience: Audience) -> HttpResponse:
    """Take the exempt annex out of a draft."""
    found = find_draft(request, span, audience)
    if closed := _closed(request, found):
        return closed
    operations.remove_annex(found.pack, by=found.user, version=found.pack.version)
    messages.success(request, "The annex is taken out.")
    return _back(found)


@require_http_methods(METHODS)
def pack_correct(request: HttpRequest, span: Span, audience: Audience) -> HttpResponse:
    """Begin a corrected version of a pack that went out, saying why."""
    found = find(request, span, audience)
    pack = found.pack
    if sentence := may_manage(pack, found.user):
        raise PermissionDenied(sentence)
    if not pack.is_out:
        return _back(found)
    form = CorrectForm(request.POST or None, back=address(pack))

    def save() -> None:
        operations.correct(pack, form.cleaned_data["reason"], by=found.user)

    if request.method == "POST" and attempt(form, save):
        messages.success(request, "A new version is begun. What went out stays as it is.")
        return _back(found)
    intro = "What changed is listed in the new version, from the data of both."
    return _page(request, found, "Correct it in a new version", form, intro)
