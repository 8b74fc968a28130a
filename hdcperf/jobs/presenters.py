"""Jobs and runs, ready for their pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from hdcperf.jobs.models import Job, Run
from hdcperf.jobs.queries import Scheduled
from hdcperf.ui import Link, Progress, Step, SummaryRow, Tag, count_of, moment

__all__ = ["JobPage", "JobRow", "RunRow", "ScheduleRow", "job_page", "job_row", "run_row", "schedule_row", "took"]

_TAGS = {
    Job.State.WAITING: Tag("Waiting", "grey"),
    Job.State.RUNNING: Tag("Running", "blue"),
    Job.State.DONE: Tag("Done", "teal"),
    Job.State.FAILED: Tag("Failed", "solid", "exclamation"),
    Job.State.CANCELLED: Tag("Cancelled", "outline"),
}
_LOST = Tag("Stopped answering", "solid", "exclamation")
_FAILED = _TAGS[Job.State.FAILED]
_DONE = _TAGS[Job.State.DONE]
_UNDER_WAY = _TAGS[Job.State.RUNNING]

_MINUTE, _HOUR = 60, 3600


def took(start: datetime | None, end: datetime | None) -> str:
    """How long it took, in words; nothing while that is not known."""
    if start is None or end is None:
        return ""
    seconds = (end - start).total_seconds()
    if seconds < 1:
        return "Under a second"
    if seconds < _MINUTE:
        return count_of(int(seconds), "second")
    if seconds < _HOUR:
        return count_of(int(seconds // _MINUTE), "minute")
    return f"{count_of(int(seconds // _HOUR), 'hour')} {count_of(int(seconds % _HOUR // _MINUTE), 'minute')}"


@dataclass(frozen=True)
class JobRow:
    """A job in a list."""

    link: Link
    by: str
    state: Tag
    words: str
    asked: str
    took: str


@dataclass(frozen=True)
class JobPage:
    """A job's own page. ``progress`` is none where nobody knows how many parts there are."""

    title: str
    state: Tag
    is_open: bool
    words: str
    progress: Progress | None
    result: Link | None
    facts: tuple[SummaryRow, ...]
    steps: tuple[Step, ...]
    detail: str


@dataclass(frozen=True)
class RunRow:
    """A run of a scheduled task: what it did, or why it failed."""

    name: str
    state: Tag
    started: str
    took: str
    words: str
    detail: str


@dataclass(frozen=True)
class ScheduleRow:
    """A task of the schedule: when it runs next, and how its last run went."""

    name: str
    next: str
    last: RunRow | None


def _is_lost(job: Job, now: datetime) -> bool:
    if job.state != Job.State.RUNNING or job.beat_at is None:
        return False
    return job.beat_at < now - timedelta(seconds=settings.JOBS_STALE_SECONDS)


def _state(job: Job, now: datetime) -> Tag:
    return _LOST if _is_lost(job, now) else _TAGS[Job.State(job.state)]


def _progress(job: Job) -> Progress | None:
    return Progress(job.done, job.of, "parts done") if job.of and job.state == Job.State.RUNNING else None


def job_row(job: Job, now: datetime) -> JobRow:
    progress = _progress(job)
    return JobRow(
        link=Link(job.label, reverse("job", args=[job.pk])),
        by=job.by_name or "The product itself",
        state=_state(job, now),
        words=job.error or job.outcome or (progress.words if progress else ""),
        asked=moment(job.asked_at),
        took=took(job.started_at, job.ended_at),
    )


def job_page(job: Job, now: datetime, *, keeper: bool) -> JobPage:
    """The page of one job; its ``detail`` and the buttons are for administrators (``keeper``)."""
    return JobPage(
        title=job.label,
        state=_state(job, now),
        is_open=job.is_open,
        words=_words(job, now),
        progress=_progress(job),
        result=Link("See what came of it", job.href) if job.href else None,
        facts=tuple(_facts(job, keeper)),
        steps=_steps(job, now) if keeper else (Step("Your jobs", reverse("jobs")),),
        detail=job.detail if keeper else "",
    )


def _words(job: Job, now: datetime) -> str:
    if job.state == Job.State.WAITING:
        return "It waits for its turn. You can leave this page: it runs without you."
    if _is_lost(job, now):
        return "The process that ran it has stopped answering. It is taken up again by itself within two minutes."
    if job.state == Job.State.RUNNING:
        return "It is running. You can leave this page: it runs without you."
    return job.error or job.outcome


def _facts(job: Job, keeper: bool) -> list[SummaryRow]:
    facts = [
        SummaryRow("Started by", job.by_name or "The product itself"),
        SummaryRow("Asked for", moment(job.asked_at)),
    ]
    if job.ended_at:
        facts.append(SummaryRow("Ended", moment(job.ended_at)))
        facts.append(SummaryRow("Took", took(job.started_at, job.ended_at) or "It was never begun"))
    if keeper:
        facts.append(SummaryRow("Kind", job.kind))
        facts.append(SummaryRow("Times begun", str(job.attempts)))
        facts.append(SummaryRow("Last sign of life", moment(job.beat_at) or "None yet"))
    return facts


def _steps(job: Job, now: datetime) -> tuple[Step, ...]:
    """What an administrator can do about it."""
    again = Step(
        "Take it up again",
        reverse("job-again", args=[job.pk]),
        hint="The work begins again from the start; what is done already stays as it is.",
        method="post",
        kind="secondary",
    )
    stop = Step(
        "Cancel it",
        reverse("job-cancel", args=[job.pk]),
        hint="It stops at its next step and writes nothing more.",
        method="post",
        kind="warning",
    )
    steps = []
    if job.state in (Job.State.FAILED, Job.State.CANCELLED) or _is_lost(job, now):
        steps.append(again)
    if job.is_open:
        steps.append(stop)
    return (*steps, Step("All jobs", reverse("jobs")))


def run_row(run: Run) -> RunRow:
    did = count_of(run.count, "thing") + " done" if run.count else "Nothing was due"
    return RunRow(
        name=run.name,
        state=_FAILED if run.error else _DONE if run.ended_at else _UNDER_WAY,
        started=moment(run.started_at),
        took=took(run.started_at, run.ended_at),
        words=run.error or (did if run.ended_at else "It has not ended: it is running, or its process died."),
        detail=run.detail,
    )


def schedule_row(one: Scheduled, *, runs: bool) -> ScheduleRow:
    """``runs``: something runs the schedule here, so that there is a next time."""
    last = one.last
    return ScheduleRow(one.name, moment(one.next_at) if runs else "Never here", run_row(last) if last else None)
