"""One form with every kind of field, and a formset."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from hdcperf.forms import (
    CleanCharField,
    DateField,
    DecimalTextField,
    GdsFilterForm,
    GdsForm,
    GdsFormSet,
    Look,
    Submit,
)
from hdcperf.ui import Link


def parse(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "").removesuffix("%"))
    except InvalidOperation as problem:
        raise ValueError(f"Value must be a number, like 12.5. You typed “{text[:40]}”") from problem


class EverythingForm(GdsForm):
    value = DecimalTextField(parse=parse, label="Value", help_text="The share of bins collected on the day.")
    cost = DecimalTextField(parse=parse, label="Cost", required=False)
    happened = CleanCharField(
        label="What happened",
        max_length=200,
        widget=forms.Textarea,
        help_text="Say what changed & by how much.",
    )
    why = CleanCharField(label="Why", max_length=200, widget=forms.Textarea, required=False)
    no_data = forms.ChoiceField(
        label="Is there a figure this month?",
        choices=[("yes", "Yes"), ("nothing", "Nothing to measure"), ("no_data", "No data yet")],
        widget=forms.RadioSelect,
    )
    reason = CleanCharField(label="Why there is no data", max_length=100, required=False)
    expected = DateField(label="When you expect it", required=False)
    confidence = forms.ChoiceField(
        label="How sure are you?",
        choices=[("sure", "Sure"), ("likely", "Likely"), ("unsure", "Unsure")],
        widget=forms.RadioSelect,
        required=False,
    )
    parts = forms.MultipleChoiceField(
        label="What do you challenge?",
        choices=[("value", "The value"), ("words", "The commentary"), ("forecast", "The forecast")],
        widget=forms.CheckboxSelectMultiple,
    )
    late = forms.BooleanField(label="This is a correction of an earlier figure", required=False)
    correction = CleanCharField(label="What was wrong", max_length=100, required=False)
    service = forms.ChoiceField(label="Service", choices=[("", "Choose"), ("waste", "Waste"), ("leisure", "Leisure")])
    due = DateField(label="Due date", help_text="For example, 5 11 2026", earliest=date(2026, 4, 1))
    rows = forms.IntegerField(label="Rows", required=False)
    attachment = forms.FileField(label="Evidence", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False, initial="kept")

    looks = {
        "value": Look(width=5, suffix="%"),
        "cost": Look(width=10, prefix="£"),
        "happened": Look(count=True),
        "why": Look(count=True, rows=3),
        "no_data": Look(size="m", hints={"nothing": "The denominator is nought, so there is nothing to judge."}),
        "confidence": Look(inline=True, small=True),
        "rows": Look(width=3),
    }
    reveals = {"no_data": {"no_data": ("reason", "expected")}, "late": {"on": ("correction",)}}
    buttons = (
        Submit("Submit", "move", "submit"),
        Submit("Save draft", "move", "save", kind="secondary"),
        Submit("Withdraw", "move", "withdraw", kind="warning"),
    )
    cancel = Link("Cancel", "/")


class PieceForm(GdsForm):
    name = CleanCharField(label="Name", max_length=50)
    due = DateField(label="Due date", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") == "nobody":
            raise forms.ValidationError("Somebody must own this")
        return cleaned


class PieceFormSet(GdsFormSet):
    item_name = "Owner"
    buttons = (Submit("Save owners"),)

    def clean(self) -> None:
        names = [form.cleaned_data.get("name") for form in self.forms if hasattr(form, "cleaned_data")]
        if len(names) != len(set(names)):
            raise forms.ValidationError("Name each owner once")


class SignInForm(GdsForm):
    email = forms.EmailField(label="Email address", widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    looks = {"email": Look(width=30), "password": Look(width=20)}
    buttons = (Submit("Sign in"),)


class FilterForm(GdsFilterForm):
    service = forms.ChoiceField(label="Service", required=False, choices=[("", "All services"), ("waste", "Waste")])
    rag = forms.ChoiceField(label="RAG now", required=False, choices=[("", "Any"), ("red", "Red")])
    words = CleanCharField(label="Words", required=False, max_length=100)
