"""Figures as people read them: rounded half up for showing only, with a true minus sign. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

__all__ = ["MINUS", "print_figure", "round_half_up"]

MINUS = "\N{MINUS SIGN}"
_WIDE = Context(prec=60)
"""Wide enough for any figure that can be kept: the default of 28 digits raises an error for the longest."""


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round as people expect: 0.5 goes up, away from nought."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_WIDE)


def print_figure(value: Decimal, decimals: int | None = None, prefix: str = "", suffix: str = "") -> str:
    """``1,234.5``, ``£1,250``, ``−3 days``: thousands separators, the minus sign before the prefix.

    Rounded to ``decimals``; without it printed as exactly as it is held, trailing noughts dropped. A figure that
    rounds to nought has no sign. Raises ValueError for what is not a number.
    """
    if not value.is_finite():
        raise ValueError(f"{value} is not a figure")
    shown = value if decimals is None else round_half_up(value, decimals)
    plain = f"{abs(shown):,f}"
    if decimals is None and "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return f"{MINUS if shown < 0 else ''}{prefix}{plain}{suffix}"
