"""What every page says of the person signed in and of the council."""

from __future__ import annotations

from django.http import HttpRequest

from hdcperf.organisation.access import standing
from hdcperf.organisation.queries import council, posts_in_words


def person(request: HttpRequest) -> dict[str, object]:
    """The context processor that names the council and the signed-in person's posts."""
    found: dict[str, object] = {"council_name": council().name}
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        found["signed_in_role"] = posts_in_words(standing(request.user).titles, request.user)
    return found
