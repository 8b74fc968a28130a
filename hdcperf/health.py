"""The page a load balancer asks whether this process can serve."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from hdcperf.jobs.health import background

logger = logging.getLogger(__name__)

_WELL = frozenset({"ok", "not used"})


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when this process can serve, else 503; says which part is wrong, and nothing else about the system.

    It cannot serve without its database and its cache. Where only work in the background stands still it can, so the
    status is ``degraded`` and the answer 200: every server would otherwise be taken out for one worker.
    """
    serving = {"database": database_answers(), "cache": cache_answers()}
    words = {name: "ok" if answers else "failing" for name, answers in serving.items()}
    behind = background() if serving["database"] else {}
    status = "failing" if not all(serving.values()) else "ok" if _WELL.issuperset(behind.values()) else "degraded"
    return JsonResponse({"status": status, **words, **behind}, status=503 if status == "failing" else 200)


def database_answers() -> bool:
    """Whether the database runs a statement now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The health page could not reach the database")
        return False
    return True


def cache_answers() -> bool:
    """Whether the cache takes a value now. Local memory always does."""
    try:
        cache.set("health", "ok", timeout=5)
    except (RedisError, OSError):
        logger.exception("The health page could not reach the cache")
        return False
    return True
