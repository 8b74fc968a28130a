"""Where no schedule runs, people are told of what happened once the request that made it happen is answered."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hdcperf import clock
from hdcperf.jobs.aside import Aside
from hdcperf.reminders.operations.notices import send_notices

__all__ = ["NoticesMiddleware"]

_BESIDE = Aside("notices", lambda: send_notices(clock.now()))


class NoticesMiddleware:
    """After a form was taken, looks for what is to be told at once; with workers the minute's sweep does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        taken = request.method == "POST" and response.status_code == 302
        if taken and settings.JOBS_RUN == "thread" and request.user.is_authenticated:
            _BESIDE.ask()
        return response
