"""``/jobs/``: long work, seen by whoever started it; everything that ran, failed and is next, for administrators."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count as HowMany
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hdcperf.jobs import operations
from hdcperf.jobs.forms import JobFilterForm
from hdcperf.jobs.models import Job, Run
from hdcperf.jobs.presenters import job_page, job_row, run_row, schedule_row
from hdcperf.jobs.queries import failed_lately, jobs_of, keeps_jobs, scheduled
from hdcperf.organisation.access import signed_in, standing
from hdcperf.ui import Count, Link, paginate, with_query

__all__ = ["job", "job_again", "job_cancel", "jobs", "schedule"]

HOME = Link("Jobs", "/jobs/")
PER_PAGE = 30


@never_cache
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """The jobs one started; for administrators, everybody's, and the scheduled runs that failed this week."""
    who = standing(request.user)
    keeper, now = keeps_jobs(who), timezone.now()
    rows = jobs_of(who)
    state = JobFilterForm(request.GET).asked()
    page = paginate(request, rows.filter(state=state) if state else rows, PER_PAGE)
    context = {
        "keeper": keeper,
        "counts": _counts(request, rows, state),
        "page": replace(page, rows=[job_row(one, now) for one in page.rows]),
        "state": state,
        "failed": [run_row(one) for one in failed_lately(now)[:5]] if keeper else [],
        "links": [Link("What the schedule did and does next", reverse("schedule"))] if keeper else [],
    }
    return render(request, "jobs/list.html", context)


def _counts(request: HttpRequest, rows: QuerySet[Job], chosen: str) -> list[Count]:
    """A tile for all and for each state that has any."""
    number = dict(rows.order_by().values_list("state").annotate(HowMany("pk")))
    if not number:
        return []
    return [
        Count(sum(number.values()), "All", with_query(request, state=None), current=not chosen),
        *(
            Count(number[one.value], one.label, with_query(request, state=one.value), current=chosen == one)
            for one in Job.State
            if one.value in number
        ),
    ]


@never_cache
@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    """The scheduled tasks: what is next, how each went last, and every run that is kept."""
    _allow(request)
    runs = settings.JOBS_RUN == "worker"
    page = paginate(request, Run.objects.all(), PER_PAGE)
    context = {
        "crumbs": [HOME, Link("Schedule", "")],
        "runs": runs,
        "rows": [schedule_row(one, runs=runs) for one in scheduled(timezone.now())],
        "page": replace(page, rows=[run_row(one) for one in page.rows]),
    }
    return render(request, "jobs/schedule.html", context)


@never_cache
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: how far it is, and what came of it. Its page follows it while it is under way."""
    who = standing(request.user)
    keeper = keeps_jobs(who)
    found = get_object_or_404(jobs_of(who), pk=pk)
    context = {"crumbs": [HOME, Link(found.label, "")], "job": job_page(found, timezone.now(), keeper=keeper)}
    return render(request, "jobs/job.html", context)


@require_POST
def job_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take up again a job that failed, was cancelled, or whose process died."""
    if operations.take_up_again(_kept(request, pk)):
        messages.info(request, "It is taken up again.")
    else:
        messages.info(request, "There is nothing to take up: it is under way, or done, or another like it is.")
    return redirect("job", pk)


@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a job that waits or runs."""
    if operations.cancel(_kept(request, pk), by=signed_in(request)):
        messages.success(request, "It is cancelled.")
    else:
        messages.info(request, "It had ended already.")
    return redirect("job", pk)


def _kept(request: HttpRequest, pk: int) -> Job:
    """The job, for those who may act on it; those who started it may only look."""
    found = get_object_or_404(jobs_of(standing(request.user)), pk=pk)
    _allow(request)
    return found


def _allow(request: HttpRequest) -> None:
    if not keeps_jobs(standing(request.user)):
        raise PermissionDenied("Only administrators see the schedule, cancel jobs and take them up again.")
