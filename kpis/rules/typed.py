"""Figures as people type and paste them, read exactly or refused with a sentence."""

from __future__ import annotations

import re
from decimal import Decimal

from hdcperf.figures import MINUS
from hdcperf.rag import MAX_DIGITS

__all__ = ["MAX_PLACES", "MAX_WHOLE_DIGITS", "FigureError", "parse_figure"]

MAX_WHOLE_DIGITS, MAX_PLACES = 13, 6
"""Digits before and after the point that can be kept, within 15 in all."""


class FigureError(ValueError):
    """What was typed is not a figure; the message is a sentence for the person who typed it."""


# What spreadsheets and pages put between digits, and round them.
_SPACES = " \t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}\N{HAIR SPACE}"
_MINUSES = str.maketrans({MINUS: "-", "\N{NON-BREAKING HYPHEN}": "-", "\N{HYPHEN}": "-", "\N{EN DASH}": "-"})
_PLAIN = re.compile(r"[0-9]*\.?[0-9]+|[0-9]+\.")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([, ])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]*)?")
_SHORTHAND = re.compile(r"([0-9][0-9,. ]*?) ?(k|m|bn|b|thousand|million|billion)", re.IGNORECASE)
_EXPONENT = re.compile(r"[0-9.]+e[-+]?[0-9]+", re.IGNORECASE)
_POWERS = {"k": 3, "thousand": 3, "m": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}


def parse_figure(text: str) -> Decimal:
    """The figure somebody typed or pasted, exactly.

    Takes thousands separators (commas or spaces, properly placed), one £ or % sign, spaces of any kind round
    it, a leading + and any kind of minus sign. Raises FigureError with a sentence for everything else.
    """
    if len(text) > 100:
        raise FigureError("That is too long to be a figure: enter a number, such as 1,234.5.")
    plain = text.translate(_MINUSES)
    for space in _SPACES:
        plain = plain.replace(space, " ")
    plain = plain.strip(" ")
    if not plain:
        raise FigureError("Enter a figure.")
    sign, digits = _sign_and_digits(plain, text)
    whole, _, fraction = digits.partition(".")
    whole, fraction = whole.lstrip("0"), fraction.rstrip("0")
    _refuse_too_many_digits(whole, fraction)
    return Decimal(f"{sign}{whole or '0'}.{fraction or '0'}").normalize() + Decimal(0)


def _sign_and_digits(plain: str, typed: str) -> tuple[str, str]:
    """The sign (``-`` or nothing) and the digits without separators. Raises FigureError."""
    negative, rest = _without_sign(plain)
    if rest.startswith("£"):
        inner_negative, rest = _without_sign(rest[1:].strip(" "))
        negative = negative or inner_negative
    elif rest.endswith("%"):
        rest = rest[:-1].strip(" ")
    if _PLAIN.fullmatch(rest):
        digits = rest
    elif _GROUPED.fullmatch(rest):
        digits = rest.replace(",", "").replace(" ", "")
    else:
        raise FigureError(_why_not(rest, typed))
    return "-" if negative else "", digits


def _without_sign(text: str) -> tuple[bool, str]:
    if text[:1] in ("-", "+"):
        return text[0] == "-", text[1:].strip(" ")
    return False, text


def _why_not(rest: str, typed: str) -> str:
    """The sentence for something that is not a figure."""
    if found := _SHORTHAND.fullmatch(rest):
        return _written_out(found[1], found[2])
    if _EXPONENT.fullmatch(rest):
        return "Write the number out in full, without an exponent (E)."
    if re.fullmatch(r"[0-9]+,[0-9]+", rest):
        whole, after = rest.split(",")
        return (
            f"“{rest[:30]}” could mean {whole[:15]}.{after[:15]} or {(whole + after)[:30]}: use a point for "
            "decimals and put commas only between thousands."
        )
    if re.fullmatch(r"[0-9,. ]+", rest):
        return f"“{rest[:30]}” has its commas or points in unusual places: write it like 1,234.5."
    if any(letter.isdigit() and letter not in "0123456789" for letter in rest):
        return "Use the ordinary digits 0 to 9."
    return f"“{_printable(typed)}” is not a number: enter a figure such as 1,234.5."


def _written_out(number: str, suffix: str) -> str:
    """How to write ``1.5k``: in full."""
    try:
        full = parse_figure(number).scaleb(_POWERS[suffix.lower()]) + Decimal(0)
    except FigureError:
        return "Write the number out in full, such as 1,500 for 1.5k."
    return f"Write the number out in full: {full:,f}."


def _refuse_too_many_digits(whole: str, fraction: str) -> None:
    if len(whole) + len(fraction) > MAX_DIGITS:
        raise FigureError(f"That has too many digits: a figure can have at most {MAX_DIGITS}.")
    if len(whole) > MAX_WHOLE_DIGITS:
        raise FigureError(f"A figure can have at most {MAX_WHOLE_DIGITS} digits before the point.")
    if len(fraction) > MAX_PLACES:
        raise FigureError(f"A figure can have at most {MAX_PLACES} digits after the point.")


def _printable(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else "�" for letter in text.strip()[:31])
    return shown[:30] + "…" if len(shown) > 30 else shown
