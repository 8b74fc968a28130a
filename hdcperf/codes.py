"""Codes people know a KPI or an action by: written in several ways, looked up in one."""

from __future__ import annotations

import re

__all__ = ["code_key"]


def code_key(code: str) -> str:
    """A code as it is looked up, without case, spaces or PI or KPI: ``KPI 10`` and ``PI10`` are 10.

    Other letters stay: ``CPA64`` is itself, and so is ``P1``.
    """
    plain = re.sub(r"\s+", "", code).upper()
    found = re.fullmatch(r"(?:K?PI[-.]?)?0*([0-9]+(?:[-.][0-9]+)?[A-Z]?)", plain)
    return found[1] if found else plain
