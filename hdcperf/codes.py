"""Codes people know a KPI or an action by: written in several ways, looked up in one."""

from __future__ import annotations

import re

__all__ = ["code_key"]

KEY_DIGITS = 6


def code_key(code: str) -> str:
    """A code as it is looked up, without case, spaces or PI or KPI: ``KPI 10`` and ``PI10`` are one.

    Other letters stay: ``CPA64`` is itself, and so is ``P1``. Numbers are padded with noughts, so that keys sort as
    people count: 2 before 10. A code of 20 characters has a key of at most 80.
    """
    plain = re.sub(r"\s+", "", code).upper()
    found = re.fullmatch(r"(?:K?PI[-.]?)?([0-9]+(?:[-.][0-9]+)?[A-Z]?)", plain)
    return re.sub(r"[0-9]+", lambda number: number[0].lstrip("0").zfill(KEY_DIGITS), found[1] if found else plain)
