"""What those who keep the list of posts have to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.organisation.queries import vacancies
from hdcperf.roles import Permission
from hdcperf.ui import count_of
from hdcperf.ui.home_tasks import Task


def people_tasks(who: Standing, today: date) -> Iterator[Task]:
    """For those who keep posts: how many that should be held are held by nobody (framework Appendix A)."""
    if not who.may(Permission.MANAGE_PEOPLE):
        return
    vacant = vacancies(today)
    if vacant:
        yield Task(
            title=f"Fill {count_of(len(vacant), 'vacant post')}",
            href=reverse("posts"),
            hint="; ".join(one.post for one in vacant[:3]) + ("; and others" if len(vacant) > 3 else ""),
        )
