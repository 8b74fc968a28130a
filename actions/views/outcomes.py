"""``/outcomes/``: the district's outcome measures, one of them, and importing what is newly published."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.forms.measures import MeasureFilterForm, MeasuresForm
from actions.models import MeasureDraft, OutcomeMeasure
from actions.operations.measures import apply_measures, keep_measures, preview_draft
from actions.presenters.measures import facts, imported_words, measure_row, series_table
from actions.queries.measures import series_of
from hdcperf.importing import FileRefused, NotApplied, Status, read_table
from hdcperf.importing.pages import preview_of
from hdcperf.jobs.models import Job
from hdcperf.jobs.operations import start
from hdcperf.jobs.telling import AT_ONCE
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.roles import Permission
from hdcperf.ui import Link, Step, count_of, paginate, with_query

__all__ = [
    "outcome_measure",
    "outcome_measures",
    "outcomes_apply",
    "outcomes_discard",
    "outcomes_import",
    "outcomes_preview",
]

HOME = Link("Outcome measures", "/outcomes/")


@require_safe
def outcome_measures(request: HttpRequest) -> HttpResponse:
    """Every measure, with where the district is and which way it moves: no target and no RAG, by design."""
    form = MeasureFilterForm(request.GET)
    asked = form.asked()
    measures = OutcomeMeasure.objects.select_related("outcome")
    if asked:
        measures = measures.filter(outcome__number=asked)
    page = paginate(request, measures)
    series = series_of(page.rows)
    may_import = standing(request.user).may(Permission.IMPORT_KPIS)
    context = {
        "form": form,
        "active": [Link(form.words_for(asked), with_query(request, outcome=None))] if asked else [],
        "page": replace(page, rows=[measure_row(one, series.get(one.pk, [])) for one in page.rows]),
        "links": [Link("Import newly published values", reverse("outcomes-import"))] if may_import else [],
    }
    return render(request, "actions/outcomes.html", context)


@require_safe
def outcome_measure(request: HttpRequest, reference: str) -> HttpResponse:
    """One measure: its values over the years beside comparison areas, its source and licence."""
    measure = get_object_or_404(OutcomeMeasure.objects.select_related("outcome"), reference=reference)
    series = series_of([measure]).get(measure.pk, [])
    context = {
        "measure": measure,
        "facts": facts(measure),
        "tables": [series_table(one, number) for number, one in enumerate(series, start=1)],
        "crumbs": [HOME, Link(measure.name, "")],
    }
    return render(request, "actions/outcome_measure.html", context)


# Importing


def _importer(request: HttpRequest) -> User:
    user = signed_in(request)
    if not standing(user).may(Permission.IMPORT_KPIS):
        raise PermissionDenied("Only the Performance Team imports outcome measures.")
    return user


@require_http_methods(["GET", "HEAD", "POST"])
def outcomes_import(request: HttpRequest) -> HttpResponse:
    """Send a file; what it would change is shown before anything is written."""
    user = _importer(request)
    form = MeasuresForm(request.POST, request.FILES) if request.method == "POST" else MeasuresForm()
    if form.is_bound and form.is_valid():
        said = dict(form.cleaned_data)
        sent = said.pop("file")
        try:
            draft = keep_measures(sent.read(), sent.name, said, by=user)
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("outcomes-preview", draft.pk)
    return render(request, "actions/outcomes_import.html", {"form": form, "crumbs": [HOME, Link("Import", "")]})


@require_safe
def outcomes_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Every row: new, changed from what to what, unchanged, or refused and why."""
    _importer(request)
    draft = get_object_or_404(MeasureDraft.objects.select_related("by"), pk=pk)
    plan = preview_draft(draft)
    preview = preview_of(request, plan.outcomes)
    steps = []
    if plan.changes_something and not plan.refused:
        rows = plan.counts[Status.NEW] + plan.counts[Status.CHANGED]
        steps.append(
            Step(
                f"Import {count_of(rows, 'value')}",
                reverse("outcomes-apply", args=[draft.pk]),
                hint="All of it is written at once, or nothing; the history names the file.",
                kind="primary",
                method="post",
                fields=(("fingerprint", plan.fingerprint),),
            )
        )
    steps.append(Step("Send a corrected file", reverse("outcomes-import"), kind="link"))
    discard = reverse("outcomes-discard", args=[draft.pk])
    steps.append(Step("Throw this file away", discard, method="post", kind="link"))
    crumbs = [HOME, Link("Import", reverse("outcomes-import")), Link(draft.file_name, "")]
    context = {"draft": draft, "preview": preview, "steps": steps, "crumbs": crumbs}
    return render(request, "actions/outcomes_preview.html", context)


@require_POST
def outcomes_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Import the file as it was previewed: all of it, or nothing."""
    user = _importer(request)
    fingerprint = request.POST.get("fingerprint", "")
    if (job := _in_background(pk, fingerprint, user)) is not None:
        return redirect("job", job.pk)
    try:
        plan = apply_measures(pk, fingerprint, by=user)
    except MeasureDraft.DoesNotExist:
        messages.info(request, "This file was imported or thrown away already.")
        return redirect("outcome-measures")
    except (FileRefused, NotApplied) as refused:
        messages.error(request, str(refused))
        return redirect("outcomes-preview", pk)
    messages.success(request, imported_words(plan))
    return redirect("outcome-measures")


def _in_background(pk: int, fingerprint: str, user: User) -> Job | None:
    """The job that imports a long file; none for one that is imported while somebody waits."""
    draft = MeasureDraft.objects.filter(pk=pk).first()
    if draft is None or len(read_table(bytes(draft.content), draft.file_name).rows) <= AT_ONCE:
        return None
    arguments = {"draft": pk, "fingerprint": fingerprint}
    return start("import_measures", user, f"Import {draft.file_name}"[:200], arguments, key=str(pk))


@require_POST
def outcomes_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away a file that was sent."""
    _importer(request)
    MeasureDraft.objects.filter(pk=pk).delete()
    messages.success(request, "The file is thrown away. Nothing was imported.")
    return redirect("outcomes-import")
