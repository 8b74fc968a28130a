"""Which jobs and runs a list shows."""

from __future__ import annotations

from django import forms

from hdcperf.jobs.models import Job

__all__ = ["JobFilterForm"]


class JobFilterForm(forms.Form):
    """The state asked for in the address; what is not one asks for all."""

    state = forms.ChoiceField(choices=Job.State.choices, required=False)

    def asked(self) -> str:
        return str(self.cleaned_data["state"]) if self.is_valid() else ""
