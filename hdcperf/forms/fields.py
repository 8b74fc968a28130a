"""Fields for what people type: words, figures and dates. Each refusal is a sentence that names the field."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hdcperf.periods import month_named
from hdcperf.ui.words import day as printed_day

__all__ = ["CleanCharField", "DateBoxes", "DateField", "DateTextField", "DecimalTextField", "browser_length"]

NUL = "\x00"


def browser_length(text: str) -> int:
    """The length a browser counts: a line break is one, a character beyond the basic plane (an emoji) is two."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return len(lines.encode("utf-16-le", "surrogatepass")) // 2


def _name(field: forms.Field) -> str:
    """What a refusal calls the field: its label, unless that would say too little away from its row."""
    return str(getattr(field, "called", "") or field.label or "This")


class CleanCharField(forms.CharField):
    """Words: NUL bytes refused, line breaks kept as ``\\n``, the length counted as the browser counts it.

    There is no ``maxlength`` attribute: a browser would cut a pasted comment without saying so.
    """

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Django's own validator answers first and less plainly.
        self.validators = [
            each for each in self.validators if type(each).__name__ != "ProhibitNullCharactersValidator"
        ]
        self.limit = max_length

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        if NUL in text:
            raise ValidationError(
                f"{_name(self)} contains a character that cannot be kept. Retype it, or paste it as plain text.",
                "nul",
            )
        # Word and PowerPoint paste their soft line break as a vertical tab.
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
        cleaned = super().to_python(text)
        return "" if cleaned is None else cleaned

    def validate(self, value: Any) -> None:
        super().validate(value)
        length = browser_length(value)
        if length > self.limit:
            raise ValidationError(
                f"{_name(self)} must be {self.limit:,} characters or fewer. It is {length:,}.", "max_length"
            )


class DecimalTextField(forms.Field):
    """A figure typed as text. ``parse`` turns it into a Decimal or raises ValueError with a sentence."""

    widget = forms.TextInput

    def __init__(self, *, parse: Callable[[str], Decimal], **kwargs: Any) -> None:
        self.parse = parse
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """A stored figure without trailing noughts or an exponent; typed text as it was typed."""
        if not isinstance(value, Decimal):
            return value
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain

    def to_python(self, value: Any) -> Decimal | None:
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        try:
            return self.parse(text)
        except ValueError as problem:
            raise ValidationError(str(problem), "not_a_figure") from problem

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class DateBoxes(forms.MultiWidget):
    """Day, month and year as three text boxes, named ``<name>_day``, ``<name>_month`` and ``<name>_year``."""

    PARTS = ("day", "month", "year")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput(attrs={"inputmode": "numeric"}) for part in self.PARTS
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, date):
            return [value.day, value.month, value.year]
        return [None, None, None]


def _whole_number(text: str, most_digits: int) -> int | None:
    return int(text) if re.fullmatch(rf"[0-9]{{1,{most_digits}}}", text) else None


def _month_number(text: str) -> int | None:
    """1 to 12, or a month's name or its first three letters."""
    return month_named(text) or _whole_number(text, 2)


class DateField(forms.Field):
    """A date in three boxes. ``earliest`` and ``latest`` are dates or functions that give one.

    Errors carry ``params["parts"]``: the boxes that are wrong, for the template to mark and the summary to link to.
    """

    widget: type[forms.Widget] = DateBoxes

    def __init__(
        self,
        *,
        earliest: date | Callable[[], date] = date(1900, 4, 1),
        latest: date | Callable[[], date] = date(2199, 3, 31),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.earliest = earliest
        self.latest = latest

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        typed = [str(part or "").strip() for part in value]
        missing = [part for part, text in zip(DateBoxes.PARTS, typed, strict=True) if not text]
        if len(missing) == len(DateBoxes.PARTS):
            return None
        if missing:
            raise self._refused(f"must include a {' and a '.join(missing)}", missing, "half_filled")
        return self._real_date(typed)

    def _real_date(self, typed: Sequence[str]) -> date:
        day, month = _whole_number(typed[0], 2), _month_number(typed[1])
        if not re.fullmatch(r"[0-9]{4}", typed[2]):
            raise self._refused("must have a year of 4 numbers, for example 2026", ["year"], "year")
        if day is None or not 1 <= day <= 31:
            raise self._refused("must have a day between 1 and 31", ["day"], "day")
        if month is None or not 1 <= month <= 12:
            raise self._refused("must have a month between 1 and 12", ["month"], "month")
        try:
            return date(int(typed[2]), month, day)
        except ValueError as problem:
            raise self._refused("must be a real date", list(DateBoxes.PARTS), "not_a_date") from problem

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if value < earliest:
            raise self._refused(f"must be on or after {printed_day(earliest)}", list(DateBoxes.PARTS), "too_early")
        if value > latest:
            raise self._refused(f"must be on or before {printed_day(latest)}", list(DateBoxes.PARTS), "too_late")

    def _refused(self, rest: str, parts: list[str], code: str) -> ValidationError:
        # The label may hold a % sign, and params make Django format the message.
        sentence = f"{_name(self)} {rest}".replace("%", "%%")
        return ValidationError(sentence, code, {"parts": parts})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2}|[a-z]{3,9})\s*[-/. ,]\s*([0-9]{1,4})", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


class DateTextField(DateField):
    """A date in one box, for a page with many of them: ``12 November 2026``, ``12/11/2026`` or ``2026-11-12``.

    ``called`` is its name in a refusal, where the label alone does not say of which row it is.
    """

    widget = forms.TextInput

    def __init__(self, *, called: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.called = called

    def prepare_value(self, value: Any) -> Any:
        return printed_day(value) if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        text = str(value).strip()
        if not text:
            return None
        if found := _YEAR_FIRST.fullmatch(text):
            return self._real_date((found[3], found[2], found[1]))
        if found := _DAY_FIRST.fullmatch(text):
            return self._real_date(found.groups())
        raise self._refused("must be a date, for example 12 November 2026 or 12/11/2026", [], "not_a_date")
