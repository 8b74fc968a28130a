"""What the ``gds`` form templates ask of a field: ``{% load gds %}``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.utils.safestring import SafeString

from hdcperf.forms import DateBoxes, Look

register = template.Library()


@dataclass(frozen=True)
class SummaryError:
    """A line of the error summary and the id of the element it leads to, if there is one."""

    text: str
    target: str = ""


@dataclass(frozen=True)
class Choice:
    """One radio or checkbox, and the fields shown while it is ticked."""

    id: str
    name: str
    value: str
    label: str
    selected: bool
    disabled: bool
    hint: str
    reveals: list[BoundField]


@dataclass(frozen=True)
class DatePart:
    """One box of a date."""

    id: str
    name: str
    label: str
    value: str
    wrong: bool
    width: int


def _look(field: BoundField) -> Look:
    looks: dict[str, Look] = getattr(field.form, "looks", {})
    return looks.get(field.name, Look())


def _kind(widget: forms.Widget) -> str:
    kinds: tuple[tuple[type[forms.Widget], str], ...] = (
        (DateBoxes, "date"),
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "radios"),
        (forms.CheckboxInput, "checkbox"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.FileInput, "file"),
        (forms.MultiWidget, "several"),
    )
    return next((kind for cls, kind in kinds if isinstance(widget, cls)), "input")


_CLASSES = {
    "input": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
}


class FieldView:
    """A bound field as its template needs it."""

    def __init__(self, field: BoundField) -> None:
        self.field = field
        self.look = _look(field)
        self.kind = _kind(field.field.widget)
        self.template = f"gds/{self.kind}.html"
        self.hint_id = f"{field.auto_id}_helptext"
        self.error_id = f"{field.auto_id}_error"
        self.info_id = f"{field.auto_id}-info"
        self.limit: int | None = getattr(field.field, "limit", None) if self.look.count else None

    @property
    def group_id(self) -> str:
        """Where an error leads when the field holds nothing that can take the focus."""
        return f"{self.field.auto_id}_group"

    @property
    def has_legend(self) -> bool:
        return self.kind in {"radios", "checkboxes", "date", "several"}

    @property
    def described_by(self) -> str:
        ids = [self.field.field.widget.attrs.get("aria-describedby", "")]
        ids += [self.hint_id] if self.field.help_text else []
        ids += [self.error_id] if self.field.errors else []
        ids += [self.info_id] if self.limit else []
        return " ".join(each for each in ids if each)

    @property
    def limit_words(self) -> str:
        return f"You can enter up to {self.limit:,} characters"

    def widget(self) -> SafeString:
        """The input with its GOV.UK classes and what describes it."""
        own = self.field.field.widget
        attrs: dict[str, Any] = {"class": " ".join(self._classes())}
        if self.described_by:
            attrs["aria-describedby"] = self.described_by
        if self.kind == "textarea":
            attrs["rows"] = own.attrs["rows"] if own.attrs.get("rows") not in (None, "10") else self.look.rows
            attrs["cols"] = None
        return self.field.as_widget(attrs=attrs)

    def _classes(self) -> list[str]:
        base = _CLASSES.get(self.kind)
        classes = [base] if base else []
        if base and self.field.errors and self.kind != "checkbox":
            classes.append(f"{base}--error")
        if self.kind == "input" and self.look.width:
            classes.append(f"govuk-input--width-{self.look.width}")
        if self.limit:
            classes.append("govuk-js-character-count")
        own = self.field.field.widget.attrs.get("class", "")
        return classes + ([own] if own else [])

    def choices(self) -> list[Choice]:
        revealing = getattr(self.field.form, "reveals", {}).get(self.field.name, {})
        return [
            Choice(
                id=each.data["attrs"].get("id", ""),
                name=each.data["name"],
                value=str(each.data["value"]),
                label=each.data["label"],
                selected=each.data["selected"],
                disabled=bool(self.field.field.disabled or each.data["attrs"].get("disabled")),
                hint=self.look.hints.get(str(each.data["value"]), ""),
                reveals=[self.field.form[name] for name in revealing.get(str(each.data["value"]), ())],
            )
            for each in self.field.subwidgets
        ]

    def box_reveals(self) -> list[BoundField]:
        """The fields shown while a single tick box is ticked."""
        revealing = getattr(self.field.form, "reveals", {}).get(self.field.name, {})
        return [self.field.form[name] for names in revealing.values() for name in names]

    def date_parts(self) -> list[DatePart]:
        wrong = _wrong_parts(self.field)
        boxes = self.field.field.widget.get_context(
            self.field.html_name, self.field.value(), {"id": self.field.auto_id}
        )
        return [
            DatePart(
                id=box["attrs"]["id"],
                name=box["name"],
                label=part.capitalize(),
                value="" if box["value"] is None else str(box["value"]),
                wrong=part in wrong,
                width=4 if part == "year" else 2,
            )
            for part, box in zip(DateBoxes.PARTS, boxes["widget"]["subwidgets"], strict=True)
        ]

    def target(self) -> str:
        """The id of the element an error should lead to: the first choice, the first wrong box, the input."""
        if self.field.is_hidden:
            return ""
        if self.kind == "date":
            parts = self.date_parts()
            return next((part.id for part in parts if part.wrong), parts[0].id)
        if self.kind in {"radios", "checkboxes"}:
            return next((choice.id for choice in self.choices()), self.group_id)
        if self.kind == "several":
            return f"{self.field.auto_id}_0"
        return self.field.id_for_label or self.group_id


def _wrong_parts(field: BoundField) -> set[str]:
    found: set[str] = set()
    for error in field.form.errors.as_data().get(field.name, []):
        found.update((error.params or {}).get("parts", DateBoxes.PARTS))
    return found


@register.filter
def field_view(field: BoundField) -> FieldView:
    return FieldView(field)


@register.filter
def top_fields(form: BaseForm) -> list[BoundField]:
    """The fields a form shows on their own: not hidden, and not under a choice."""
    revealed = form.revealed() if hasattr(form, "revealed") else frozenset()
    return [field for field in form.visible_fields() if field.name not in revealed]


@register.filter
def summary_errors(form: BaseForm | BaseFormSet[Any]) -> list[SummaryError]:
    """Every error of a form or formset, in the order of the page, each with the element it leads to."""
    if isinstance(form, BaseFormSet):
        found = [SummaryError(str(text)) for text in form.non_form_errors()]
        name = getattr(form, "item_name", "Row")
        for number, row in enumerate(form.forms, start=1):
            found += [SummaryError(f"{name} {number}: {each.text}", each.target) for each in summary_errors(row)]
        return found
    found = [SummaryError(str(text)) for text in form.non_field_errors()]
    for field in form:
        found += [SummaryError(str(text), FieldView(field).target()) for text in field.errors]
    return found


@register.inclusion_tag("gds/buttons.html")
def form_buttons(form: object) -> dict[str, object]:
    """The buttons of a form, alone."""
    return {"form": form}
