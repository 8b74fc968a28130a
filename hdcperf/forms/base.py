"""Base classes whose forms render whole: labels, hints, errors, what a choice reveals, and the buttons.

``{% crispy form %}`` prints the form with its tag; ``{{ form|crispy }}`` prints its fields and buttons.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.formsets import BaseFormSet
from django.forms.utils import pretty_name

from hdcperf.ui.pieces import Link

__all__ = ["GdsFilterForm", "GdsForm", "GdsFormSet", "GdsMixin", "GdsModelForm", "Look", "Submit"]


@dataclass(frozen=True)
class Look:
    """How one field is shown. ``hints`` are words under single choices, by their value."""

    width: Literal[0, 2, 3, 4, 5, 10, 20, 30] = 0
    prefix: str = ""
    suffix: str = ""
    size: Literal["", "s", "m", "l"] = "s"
    page_heading: bool = False
    hide_label: bool = False
    inline: bool = False
    small: bool = False
    rows: int = 5
    count: bool = False
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Submit:
    """A button that sends the form, with the name and value that say which one was pressed."""

    text: str
    name: str = ""
    value: str = ""
    kind: Literal["primary", "secondary", "warning"] = "primary"

    @property
    def button_class(self) -> str:
        return "govuk-button" if self.kind == "primary" else f"govuk-button govuk-button--{self.kind}"


def _in_a_sentence(label: str) -> str:
    """The label as it stands inside a sentence: *Value* becomes *value*, *KPI name* stays."""
    return label if label[1:2].isupper() or label.startswith("I ") else label[:1].lower() + label[1:]


def _required_sentence(one: forms.Field) -> str:
    label = str(one.label)
    if isinstance(one, forms.FileField):
        return f"Choose a file for {_in_a_sentence(label)}"
    if isinstance(one, forms.BooleanField):
        return f"Tick the box: {_in_a_sentence(label)}"
    verb = "Select" if isinstance(one, forms.ChoiceField | forms.ModelChoiceField) else "Enter"
    return f"{verb} {_as_a_thing(label)}"


_SAYS_WHAT_IT_IS = re.compile(
    r"(a|an|any|at|all|by|each|every|her|his|how|it|its|our|per|that|the|their|these|this|those|until|"
    r"what|when|where|whether|which|who|whom|whose|why|your)\b",
    re.IGNORECASE,
)
"""The words a label begins with that need no article before them."""


def _as_a_thing(label: str) -> str:
    """The label as what is to be entered: *Due date* becomes *the due date*, *Starts on* *the date it starts on*."""
    if label.endswith("?"):
        return f"an answer to “{label}”"
    inside = _in_a_sentence(label)
    if _SAYS_WHAT_IT_IS.match(label):
        return inside
    return f"the date it {inside}" if label in ("Starts on", "Ends on") else f"the {inside}"


def _says_its_own(one: forms.Field, code: str) -> bool:
    """Whether the field's author wrote this refusal."""
    return one.error_messages[code] != type(one).default_error_messages.get(code)


def _speak_plainly(one: forms.Field, name: str) -> None:
    """Give a field its label and its refusals as sentences, unless its author wrote them."""
    if one.label is None:
        one.label = pretty_name(name)
    if one.error_messages["required"] == forms.Field.default_error_messages["required"]:
        one.error_messages["required"] = _required_sentence(one)
    if isinstance(one, forms.EmailField):
        one.error_messages["invalid"] = "Enter an email address in the correct format, like name@example.com"
    if (
        isinstance(one, forms.FileField)
        and one.error_messages["empty"] == forms.FileField.default_error_messages["empty"]
    ):
        one.error_messages["empty"] = "The chosen file is empty"
    if isinstance(one, forms.ChoiceField | forms.ModelChoiceField) and not _says_its_own(one, "invalid_choice"):
        one.error_messages["invalid_choice"] = f"Select {_as_a_thing(str(one.label))} from the list"
    if type(one.widget) is forms.NumberInput:
        # A number box scrolls its value away under a mouse wheel and hides letters from the server.
        one.widget.input_type = "text"
        one.widget.attrs.setdefault("inputmode", "decimal")


class GdsMixin:
    """What a page says about its form beyond its fields."""

    looks: Mapping[str, Look] = {}
    reveals: Mapping[str, Mapping[str, tuple[str, ...]]] = {}
    buttons: tuple[Submit, ...] = (Submit("Save"),)
    cancel: Link | None = None
    form_method: Literal["get", "post"] = "post"
    form_action: str = ""
    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, one in self.fields.items():
            _speak_plainly(one, name)

    @property
    def helper(self) -> FormHelper:
        return _helper(self.form_method, self.form_action)

    def revealed(self) -> frozenset[str]:
        """The fields shown under a choice, and so not on their own."""
        return frozenset(name for choices in self.reveals.values() for names in choices.values() for name in names)


def _helper(method: str, address: str) -> FormHelper:
    helper = FormHelper()
    helper.form_method = method
    helper.form_action = address
    helper.attrs = {"novalidate": True}
    return helper


class GdsForm(GdsMixin, forms.Form):
    """A form that prints itself whole."""


class GdsModelForm(GdsMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A model's form that prints itself whole."""


class GdsFilterForm(GdsMixin, forms.Form):
    """Filters kept in the address: GET, ids of their own, and empty when the address says nothing."""

    form_method: Literal["get", "post"] = "get"
    buttons: tuple[Submit, ...] = (Submit("Apply filters", kind="secondary"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "filter_%s")
        super().__init__(*args, **kwargs)


class GdsFormSet(BaseFormSet):  # type: ignore[type-arg]
    """Rows of one form, with their buttons below; ``item_name`` is what one row is called."""

    item_name = "Row"
    buttons: tuple[Submit, ...] = (Submit("Save"),)
    cancel: Link | None = None

    @property
    def helper(self) -> FormHelper:
        return _helper("post", "")
