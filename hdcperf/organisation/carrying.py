"""Carrying a typed form over an expired sign-in, to be posted again when the same person has signed in.

A form that holds somebody's words prints ``typed_by``: the signed id of the person it was made for. Only a post with
that mark is carried, and only the same person's sign-in posts it again; so nobody can make somebody else's browser
post what they wrote.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, QueryDict

TYPED_BY = "typed_by"
_PERSON_SALT = "hdcperf.carrying.person"
_FORM_SALT = "hdcperf.carrying.form"
_KEPT_FOR = 12 * 60 * 60
"""Seconds for which a carried form is accepted."""


@dataclass(frozen=True)
class Carried:
    """A form that was posted without a sign-in: who typed it, to which address, and what."""

    user_id: int
    path: str
    data: QueryDict


def person_mark(user_id: int) -> str:
    """The mark a form prints to say whom it was made for."""
    return signing.dumps(user_id, salt=_PERSON_SALT)


def typist(request: HttpRequest) -> int | None:
    """The id of the person the posted form was made for, or None when the mark is missing or forged."""
    try:
        found = signing.loads(request.POST.get(TYPED_BY, ""), salt=_PERSON_SALT)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None


def carry(request: HttpRequest) -> str | None:
    """Sign and pack the posted form, or None when there is nothing of the person's to carry."""
    if request.method != "POST" or (user_id := typist(request)) is None:
        return None
    packed = {"user": user_id, "path": request.get_full_path(), "data": request.POST.urlencode()}
    return signing.dumps(packed, salt=_FORM_SALT, compress=True)


def unpack(token: str) -> Carried | None:
    """The carried form, or None when the token is forged or too old."""
    try:
        packed = signing.loads(token, salt=_FORM_SALT, max_age=_KEPT_FOR)
    except signing.BadSignature:
        return None
    return Carried(user_id=packed["user"], path=packed["path"], data=QueryDict(packed["data"]))
