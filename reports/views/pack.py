"""``/reports/2026-27-Q2/scrutiny/``: what is in its way, for the team; the pack, for its readers (C.2.3)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hdcperf import clock
from hdcperf.organisation.access import Standing, standing
from hdcperf.organisation.models import User
from hdcperf.review.attempting import with_version
from hdcperf.roles import Permission
from hdcperf.ui import Link, Step, Tag, moment
from hdcperf.workflow import refusal
from reports.forms.packs import CommentForm, UnfreezeForm
from reports.gathering.reading import Span
from reports.gathering.whole import gather
from reports.jobs import start_building
from reports.models import Pack
from reports.operations import packs as operations
from reports.operations.supplements import issue_supplement, supplement_refused
from reports.pack_workflow import PACK_MOVES, MoveRefused, StaleRecord, may_comment
from reports.packs.frozen import FrozenPack, read_supplement
from reports.packs.sections import Audience
from reports.presenters.packs import (
    address,
    check_rows,
    facts_of,
    file_links,
    owed,
    state_tag_of,
    steps_of,
    supplement_link,
    supplement_step,
    way_sentence,
)
from reports.printing.present import Paged, present_pack
from reports.queries.pack_files import files_there, having_pdf, rows_with_files
from reports.queries.packs import annex_row, find_pack, frozen_annex, frozen_pack, seen_packs
from reports.queries.supplements import supplement_rows
from reports.views.pack_fetching import Found, find, pack_crumbs, public_pack

__all__ = ["pack", "pack_preview", "pack_version"]

STALE = "Somebody changed the pack after you opened the page. Look at it as it is now, then decide again."
ACTS: dict[str, Callable[..., Pack]] = {
    "consult": operations.send_out,
    "take_back": operations.take_back,
    "freeze": operations.freeze,
    "sign": operations.sign_off,
    "issue": operations.issue,
    "publish": operations.publish,
    "supplement": issue_supplement,
}
"""The buttons that need nothing typed."""
DONE = {
    "consult": "It is out for comment.",
    "take_back": "It is a draft again; the comments stay.",
    "freeze": "It is frozen. Somebody else of the corporate leadership team signs it off.",
    "sign": "You signed it off.",
    "issue": "It is issued to its body, and members see its figures.",
    "publish": "It is published: everyone can read it.",
    "supplement": "The supplement is issued with the pack, which stays as it is.",
    "unfreeze": "It is a draft again.",
    "comment": "Your comment is kept, and will be printed with your post.",
}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: HttpRequest, span: Span, audience: Audience) -> HttpResponseBase:
    """The newest version this person may see. Open to everyone once it is published."""
    if request.method == "POST":
        signed_out = not request.user.is_authenticated
        return redirect_to_login(request.path) if signed_out else _act(request, find(request, span, audience))
    found = public_pack(request, span, audience)
    return _show(request, found) if isinstance(found, Pack) else found


@login_not_required
@require_safe
def pack_version(request: HttpRequest, span: Span, audience: Audience, number: int) -> HttpResponseBase:
    """One version of a pack, also when a later one has taken its place."""
    found = public_pack(request, span, audience, number)
    return _show(request, found) if isinstance(found, Pack) else found


@require_safe
def pack_preview(request: HttpRequest, span: Span, audience: Audience) -> HttpResponse:
    """A draft as it would be printed now, for those who work on it."""
    found = find(request, span, audience)
    if not found.pack.is_open:
        return redirect("pack", span, audience)
    return _read(request, found.pack, found.who, gather(found.pack).pack, draft="Draft")


def _show(request: HttpRequest, record: Pack, form: UnfreezeForm | CommentForm | None = None) -> HttpResponse:
    who = standing(request.user)
    if record.is_open:
        if who.may(Permission.MANAGE_PACKS):
            return _assemble(request, record, who)
        return _read(request, record, who, gather(record).pack, draft="Draft", form=form)
    frozen = frozen_pack(record)
    if frozen is None:
        raise Http404("What this pack was frozen as is not there.")
    draft = "" if record.is_out else "Draft"
    return _read(request, record, who, frozen, draft=draft, form=form)


# The assembling page


def _assemble(request: HttpRequest, record: Pack, who: Standing) -> HttpResponse:
    assert isinstance(request.user, User)
    gathered, waivers = gather(record), list(record.waivers.all())
    context = {
        "crumbs": pack_crumbs(record),
        "pack": record,
        "state": state_tag_of(record),
        "way": way_sentence(record, gathered, waivers, clock.today()),
        "facts": facts_of(record, clock.today()),
        "steps": [*_writing(record), *steps_of(record, request.user)],
        "checks": check_rows(record, gathered, waivers, manages=True),
        "owed": owed(gathered.sources),
        "sections": gathered.pack.sections,
        "tallies": gathered.pack.front.tallies,
        "comments": [(one.post, moment(one.at), one.words) for one in record.comments.all()],
        "said": _said(record),
    }
    return render(request, "reports/packs/assemble.html", context)


def _writing(record: Pack) -> list[Step]:
    """The pages on which a pack is put together."""
    annexed = getattr(record, "annex", None) is not None
    return [
        Step("See it as it would be printed", address(record, "pack-preview")),
        Step("Write the covering report", address(record, "pack-cover")),
        Step("Choose the sections and their order", address(record, "pack-sections")),
        Step("Say which meeting it goes to", address(record, "pack-meeting")),
        Step("Change the exempt annex" if annexed else "Add an exempt annex", address(record, "pack-annex")),
    ]


def _said(record: Pack) -> list[tuple[str, str, str]]:
    """Who moved it, when, and with what words."""
    labels = {**{name: move.label for name, move in PACK_MOVES.items()}, "begin": "Begun"}
    return [
        (labels.get(one.move, one.move), f"{one.who}, {moment(one.at)}", one.comment)
        for one in record.transitions.order_by("at", "pk")
    ]


# Reading it


def _read(
    request: HttpRequest,
    record: Pack,
    who: Standing,
    frozen: FrozenPack,
    *,
    draft: str = "",
    form: UnfreezeForm | CommentForm | None = None,
) -> HttpResponse:
    person = request.user if isinstance(request.user, User) and not record.is_out else None
    context = {
        "crumbs": pack_crumbs(record),
        "pack": record,
        "frozen": frozen,
        "state": _reading_tag(record),
        "view": present_pack(frozen, printed=False, draft=draft),
        "annex": frozen_annex(who, record),
        "annex_file": _annex_file(who, record),
        **_supplements(record),
        "steps": _reading_steps(request, record, who),
        "form": form or (_form_for(record, person) if person is not None else None),
        "files": file_links(record, files_there(record) if record.is_out else {}),
        "versions": _versions(record, who),
        "said": _said(record) if person is not None else [],
        "replaced": record.replaced_at is not None,
    }
    return render(request, "reports/packs/pack.html", context)


def _supplements(record: Pack) -> dict[str, object]:
    """The newest supplement in full, and links to the files of all of them."""
    rows = supplement_rows(record) if record.is_out and record.audience == Audience.CABINET else []
    return {
        "supplement": read_supplement(rows[0].text) if rows else None,
        "supplement_view": Paged(),
        "supplement_files": [supplement_link(record, row.number) for row in having_pdf(rows)],
    }


def _annex_file(who: Standing, record: Pack) -> str:
    """Where those entitled to the exempt annex find its PDF; empty until it is made."""
    row = annex_row(who, record)
    return address(record, "pack-annex-file", record.number) if row is not None and having_pdf([row]) else ""


def _reading_tag(record: Pack) -> Tag | None:
    """How far it has come, where that is not plain from its being there."""
    return None if record.state == Pack.State.PUBLISHED else state_tag_of(record)


def _reading_steps(request: HttpRequest, record: Pack, who: Standing) -> list[Step]:
    if not isinstance(request.user, User):
        return []
    steps = steps_of(record, request.user)
    if record.is_out and supplement_refused(record, request.user) is None:
        steps.append(supplement_step(record))
    if record.is_out and record.replaced_at is None and who.may(Permission.MANAGE_PACKS):
        steps.append(
            Step("Correct it in a new version", address(record, "pack-correct"), hint="What went out stays as it is.")
        )
    return steps


def _form_for(record: Pack, user: User) -> UnfreezeForm | CommentForm | None:
    if record.state == Pack.State.CONSULTING and may_comment(record, user) is None:
        return CommentForm()
    if refusal(record, PACK_MOVES["unfreeze"], user) is None:
        return UnfreezeForm(initial={"version": record.version})
    return None


def _versions(record: Pack, who: Standing) -> list[Link]:
    """The other versions of the pack this person may read."""
    others = (seen_packs(who) & Pack.objects.of(record.span, record.audience)).exclude(pk=record.pk)
    return [
        Link(f"Version {one.number} ({one.get_state_display().lower()})", address(one, "pack-version", one.number))
        for one in others.order_by("-number")
    ]


# Moving it


def _act(request: HttpRequest, found: Found) -> HttpResponse:
    record, user, name = found.pack, found.user, request.POST.get("act", "")
    if name in ("comment", "unfreeze"):
        return _act_with_words(request, found, name)
    if name not in ACTS:
        raise Http404("There is no such button.")
    try:
        moved = ACTS[name](record, by=user, version=_version(request))
    except (MoveRefused, StaleRecord) as refused:
        messages.warning(request, STALE if isinstance(refused, StaleRecord) else str(refused))
    else:
        for row in rows_with_files(moved):
            start_building(row, by=user)  # its files are made once, from what was frozen, while it is signed off
        messages.success(request, DONE[name])
    return _back(found)


def _back(found: Found) -> HttpResponse:
    """To the pack's page; to the list for whoever issued what others read (the board's, say)."""
    still = find_pack(standing(found.user), found.pack.span, found.pack.audience_of)
    return redirect("pack", found.pack.span, found.pack.audience) if still is not None else redirect("packs")


def _act_with_words(request: HttpRequest, found: Found, name: str) -> HttpResponse:
    """A comment, or a frozen pack taken back: what was typed is kept where it is refused."""
    record, user = found.pack, found.user
    form = CommentForm(request.POST) if name == "comment" else UnfreezeForm(request.POST)
    permitted = may_comment if name == "comment" else PACK_MOVES["unfreeze"].permitted
    if sentence := permitted(record, user):
        raise PermissionDenied(sentence)
    if not form.is_valid():
        return _show(request, record, form)
    try:
        if isinstance(form, CommentForm):
            operations.comment_on(record, form.cleaned_data["words"], by=user)
        else:
            version = form.cleaned_data["version"]
            operations.unfreeze(record, form.cleaned_data["comment"], by=user, version=version)
    except (MoveRefused, StaleRecord) as refused:
        fresh = find(request, record.span, record.audience_of).pack
        again = type(form)(with_version(request.POST, fresh.version))
        again.add_error(None, STALE if isinstance(refused, StaleRecord) else str(refused))
        return _show(request, fresh, again)
    messages.success(request, DONE[name])
    return _back(found)


def _version(request: HttpRequest) -> int:
    """The version the page was made from; a missing or garbled one is no version at all."""
    posted = request.POST.get("version", "")
    return int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0
