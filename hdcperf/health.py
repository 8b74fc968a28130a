"""The page a load balancer asks whether this process can serve."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database and the cache answer, else 503; says which, and nothing else about the system."""
    parts = {"database": database_answers(), "cache": cache_answers()}
    well = all(parts.values())
    words = {name: "ok" if answers else "failing" for name, answers in parts.items()}
    return JsonResponse({"status": "ok" if well else "failing", **words}, status=200 if well else 503)


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
