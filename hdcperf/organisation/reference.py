"""How reference data is kept in the admin: with its history, and with the reason for each change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

__all__ = ["ReasonedForm", "ReferenceAdmin"]

REASON = "change_reason"
MADE = "Made in the admin"
DELETED = "Deleted in the admin"


class ReasonedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form of the admin that asks why what exists is changed."""

    change_reason = forms.CharField(
        label="Why it changes",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text="Kept with its history and shown on the audit page.",
        error_messages={"required": "Say why it changes: whoever reads the history needs to know."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if REASON in self.fields:  # a page that may only look has no boxes
            self.fields[REASON].required = self.instance.pk is not None


class ReferenceAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    """Reference data with its history: a change, its rows below and a deletion carry who and why."""

    form = ReasonedForm

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        obj._change_reason = _reason(form)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: forms.ModelForm[Any], formset: Any, change: bool) -> None:
        for row in [*formset.save(commit=False), *formset.deleted_objects]:
            row._change_reason = _reason(form)
            row._history_user = request.user
        formset.save()

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        obj._change_reason = DELETED  # type: ignore[attr-defined]
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """One at a time: tracked models refuse bulk writes, which leave no history."""
        for one in queryset:
            self.delete_model(request, one)


def _reason(form: forms.ModelForm[Any]) -> str:
    return form.cleaned_data.get(REASON) or MADE
