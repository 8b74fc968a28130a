"""Importing a register and its history: send a file, say what its columns hold, look at every row, confirm."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from hdcperf.importing import FileRefused, NotApplied, Status
from hdcperf.importing.pages import preview_of
from hdcperf.jobs.models import Job
from hdcperf.jobs.operations import start
from hdcperf.jobs.telling import AT_ONCE
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Permission
from hdcperf.ui import Link, Step, count_of, moment, paginate
from kpis.forms.importing import ColumnsForm, UploadForm
from kpis.importing import Mapping, suggested
from kpis.models import ImportDraft, ImportMapping, ImportRun
from kpis.operations.importing import Seen, apply_draft, keep_file, make_preview, seen, table_of, use_mapping
from kpis.presenters.importing import imported_words
from kpis.views.fetching import signed_in

__all__ = ["import_apply", "import_columns", "import_discard", "import_kpis", "import_preview"]


def _importer(request: HttpRequest) -> User:
    user = signed_in(request)
    if not standing(user).may(Permission.IMPORT_KPIS):
        raise PermissionDenied("Only the Performance Team imports KPIs and their history.")
    return user


def import_kpis(request: HttpRequest) -> HttpResponse:
    """Send a file; what was sent and not finished; what was imported."""
    user = _importer(request)
    form = UploadForm(request.POST or None, request.FILES or None) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        sent, mapping = form.cleaned_data["file"], form.cleaned_data["mapping"]
        try:
            draft = keep_file(sent.read(), sent.name, mapping, by=user)
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return _after_sending(draft)
    page = paginate(request, ImportRun.objects.select_related("mapping"), 20)
    drafts = ImportDraft.objects.select_related("by").defer("content", "preview")
    waiting = [(Link(one.file_name, _address(one)), one.by.name, moment(one.at)) for one in drafts]
    return render(request, "kpis/import.html", {"form": form, "page": page, "runs": page.rows, "waiting": waiting})


def _address(draft: ImportDraft) -> str:
    return reverse("import-preview", args=[draft.pk])


def _after_sending(draft: ImportDraft) -> HttpResponse:
    """Straight to the preview where a saved mapping fits the file, else to its columns."""
    if draft.mapping is not None:
        mapping = Mapping.of(draft.mapping)
        if not mapping.refusals(table_of(draft, mapping.options.sheet).headings):
            make_preview(draft)
            return redirect("import-preview", draft.pk)
    return redirect("import-columns", draft.pk)


def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column of the file holds what, and keep that under a name."""
    user = _importer(request)
    draft = get_object_or_404(ImportDraft.objects.select_related("mapping"), pk=pk)
    kept = Mapping.of(draft.mapping) if draft.mapping is not None else None
    wanted = request.GET.get("sheet", kept.options.sheet if kept is not None else "")
    try:
        table = table_of(draft, wanted)
    except FileRefused:
        table = table_of(draft)
    mapping = kept if kept is not None and not kept.refusals(table.headings) else suggested(table.headings)
    if kept is not None and mapping is not kept:
        mapping = replace(mapping, options=kept.options)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        table=table,
        mapping=mapping,
        name=draft.mapping.name if draft.mapping is not None else _free_name(draft.file_name),
        cancel=reverse("import"),
    )
    if form.is_valid():
        try:
            use_mapping(draft, form.chosen(), form.cleaned_data["name"], by=user)
        except FileRefused as refused:
            form.add_error("column_0", str(refused))
        else:
            return redirect("import-preview", draft.pk)
    context = {
        "crumbs": (Link("Import", reverse("import")), Link(draft.file_name, "")),
        "draft": draft,
        "form": form,
        "table": table,
        "rows": count_of(len(table.rows), "row"),
        "months": sorted(form.months),
        "sheets": [Link(name, f"?sheet={name}") for name in table.other_sheets],
    }
    return render(request, "kpis/import_columns.html", context)


def _free_name(file_name: str) -> str:
    """The file's name without its ending, unless a mapping of another file has it."""
    stem = file_name.rsplit(".", 1)[0][:90]
    return stem if not ImportMapping.objects.filter(name=stem).exists() else f"{stem} (2)"


def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Every row: new, changed from what to what, unchanged, or refused and why."""
    _importer(request)
    draft = get_object_or_404(ImportDraft.objects.select_related("mapping", "by"), pk=pk)
    found = seen(draft)
    if found is None:
        return redirect("import-columns", draft.pk)
    context = {
        "crumbs": (Link("Import", reverse("import")), Link(draft.file_name, "")),
        "draft": draft,
        "preview": preview_of(request, found.outcomes),
        "steps": _steps(draft, found),
    }
    return render(request, "kpis/import_preview.html", context)


def _steps(draft: ImportDraft, found: Seen) -> list[Step]:
    steps = []
    if found.may_apply:
        new, changed = found.count(Status.NEW), found.count(Status.CHANGED)
        steps.append(
            Step(
                f"Import {count_of(new + changed, 'row')}",
                reverse("import-apply", args=[draft.pk]),
                hint="All of it is written at once, or nothing; the history names the file.",
                kind="primary",
                method="post",
                fields=(("fingerprint", found.fingerprint),),
            )
        )
    steps += [
        Step("Change how the columns are read", reverse("import-columns", args=[draft.pk]), kind="link"),
        Step("Send a corrected file", reverse("import"), kind="link"),
        Step("Throw this file away", reverse("import-discard", args=[draft.pk]), method="post", kind="link"),
    ]
    return steps


@require_POST
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Import the file as it was previewed: all of it, or nothing."""
    user = _importer(request)
    fingerprint = request.POST.get("fingerprint", "")
    if (job := _in_background(pk, fingerprint, user)) is not None:
        return redirect("job", job.pk)
    try:
        run = apply_draft(pk, fingerprint, by=user)
    except ImportDraft.DoesNotExist:
        messages.info(request, "This file was imported or thrown away already: see the list of imports.")
        return redirect("import")
    except (FileRefused, NotApplied) as refused:
        draft = get_object_or_404(ImportDraft.objects.select_related("mapping"), pk=pk)
        if draft.mapping is not None:
            make_preview(draft)
        messages.error(request, str(refused))
        return redirect("import-preview", pk)
    messages.success(request, imported_words(run))
    return redirect("import")


def _in_background(pk: int, fingerprint: str, user: User) -> Job | None:
    """The job that imports a long file; none for one that is imported while somebody waits."""
    draft = ImportDraft.objects.defer("content").filter(pk=pk).first()
    found = seen(draft) if draft is not None else None
    if draft is None or found is None or found.count(Status.NEW) + found.count(Status.CHANGED) <= AT_ONCE:
        return None
    arguments = {"draft": pk, "fingerprint": fingerprint, "sha256": draft.sha256}
    return start("import_register", user, f"Import {draft.file_name}"[:200], arguments, key=str(pk))


@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away a file that was sent."""
    _importer(request)
    ImportDraft.objects.filter(pk=pk).delete()
    messages.success(request, "The file is thrown away. Nothing was imported.")
    return redirect("import")
