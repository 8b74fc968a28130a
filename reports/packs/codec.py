"""Frozen dataclasses to JSON text and back, exactly. Pure, and knows nothing of packs.

A Decimal is a string, a date is ISO, a tuple is a list, a dataclass is an object whose keys stand in the order its
fields are declared in: the same values give the same text each time. A field a stored text does not have takes its
default, so that a pack frozen by an earlier release still opens.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

__all__ = ["NotThisShape", "from_json", "to_json"]

T = TypeVar("T")


class NotThisShape(ValueError):
    """The text is not what the class would have written."""


def to_json(value: Any) -> str:
    """The value as JSON text, without spaces. Raises TypeError for what cannot be frozen."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def from_json(kind: type[T], text: str) -> T:
    """The value whose text this is. Raises NotThisShape when it is no ``kind``."""
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotThisShape(f"This is no JSON: {error}.") from error
    reader: Reader = _reader(kind)  # type: ignore[arg-type]
    found: T = reader(plain)
    return found


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise TypeError("A figure that is frozen is finite; a missing one is None.")
        return str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be frozen.")


Reader = Callable[[Any], Any]


@cache
def _reader(kind: Any) -> Reader:
    """What turns a plain value into one of ``kind``."""
    if get_origin(kind) in (Union, UnionType):
        return _optional(kind)
    if get_origin(kind) is tuple:
        return _many(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return _object(kind)
    if kind is Decimal:
        return lambda plain: Decimal(_only(plain, str))
    if kind is date:
        return lambda plain: date.fromisoformat(_only(plain, str))
    if kind in (str, int, bool):
        return lambda plain: _only(plain, kind)
    raise TypeError(f"{kind} cannot be read back.")


def _only(plain: Any, kind: type) -> Any:
    # A bool is an int to Python, and is none to a reader.
    if not isinstance(plain, kind) or (kind is int and isinstance(plain, bool)):
        raise NotThisShape(f"{kind.__name__} was expected, not {type(plain).__name__}.")
    return plain


def _optional(kind: Any) -> Reader:
    wanted = [one for one in get_args(kind) if one is not NoneType]
    if len(wanted) != 1:
        raise TypeError(f"{kind} cannot be told apart when it is read back.")
    # The reader is asked for when it is needed: a class may hold itself.
    return lambda plain: None if plain is None else _reader(wanted[0])(plain)


def _many(kind: Any) -> Reader:
    of = get_args(kind)
    if len(of) != 2 or of[1] is not Ellipsis:
        raise TypeError(f"{kind} cannot be read back.")
    return lambda plain: tuple(_reader(of[0])(one) for one in _only(plain, list))


def _object(kind: type) -> Reader:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]

    def read(plain: Any) -> Any:
        given = _only(plain, dict)
        if unknown := set(given) - set(names):
            raise NotThisShape(f"{kind.__name__} has no {', '.join(sorted(unknown))}.")
        try:
            return kind(**{name: _reader(hints[name])(given[name]) for name in names if name in given})
        except NotThisShape:
            raise
        except (TypeError, ValueError, ArithmeticError) as error:
            raise NotThisShape(f"This is no {kind.__name__}: {error}.") from error

    return read
