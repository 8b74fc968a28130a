"""Keys to the feed: made, found by what a caller sends, and revoked."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from reports.models import FeedKey

__all__ = ["key_called", "make_key", "revoke_key"]

_BYTES = 32


def make_key(name: str, *, by: User) -> tuple[FeedKey, str]:
    """A new key, and the words of it, which nothing keeps: they are shown once."""
    words = token_urlsafe(_BYTES)
    made = FeedKey(name=name, sha256=_digest(words), made_by=by, made_on=clock.today())
    save_as(made, by=by, reason="Made")
    return made, words


def key_called(words: str) -> FeedKey | None:
    """The key in force with these words. No salt is needed: 256 random bits cannot be guessed from a digest."""
    return FeedKey.objects.filter(sha256=_digest(words), revoked_on__isnull=True).first()


def revoke_key(key: FeedKey, *, by: User) -> bool:
    """Take a key back, from the next request on. Whether it was still in force."""
    if key.revoked_on is not None:
        return False
    key.revoked_by, key.revoked_on = by, clock.today()
    save_as(key, by=by, reason="Revoked")
    return True


def _digest(words: str) -> str:
    return sha256(words.encode("utf-8")).hexdigest()
