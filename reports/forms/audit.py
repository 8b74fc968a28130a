"""The filters of the audit page, kept in the address."""

from __future__ import annotations

from typing import Any

from django import forms

from hdcperf.forms import CleanCharField, DateField, GdsFilterForm
from hdcperf.organisation.models import Service, User
from hdcperf.review.audit import Asked
from reports.queries.audit import sources, subjects_called

__all__ = ["AuditFilterForm"]


class AuditFilterForm(GdsFilterForm):
    """Who, what kind of record, which KPI, action, project or service, between which days, and with which words."""

    words = CleanCharField(label="Words written", max_length=200, required=False)
    person = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Person", required=False, empty_label="Anybody"
    )
    kind = forms.ChoiceField(label="Kind of record", required=False)
    about = CleanCharField(label="KPI, action or project, by code or name", max_length=100, required=False)
    service = forms.ModelChoiceField(
        queryset=Service.objects.none(), label="Service", required=False, empty_label="Any service"
    )
    since = DateField(label="From", required=False)
    until = DateField(label="To", required=False)

    def __init__(self, *args: Any, working: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("person", User.objects.all()), ("service", Service.objects.all())):
            one = self.fields[name]
            assert isinstance(one, forms.ModelChoiceField)
            one.queryset = rows
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)
        offered = [one for one in sources().values() if working or one.model not in one.part.dialogue]
        kinds.choices = [("", "Any kind"), *((one.kind, one.label) for one in offered)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day must be the same as or after the first day.")
        return cleaned

    def asked(self) -> Asked:
        """What was asked for, leaving out whatever was refused."""
        self.is_valid()
        typed = self.cleaned_data
        person, service, about = typed.get("person"), typed.get("service"), typed.get("about")
        return Asked(
            person=person.pk if person else None,
            kind=typed.get("kind", ""),
            subjects=subjects_called(about) if about else None,
            service=service.pk if service else None,
            since=typed.get("since"),
            until=typed.get("until"),
            words=typed.get("words", ""),
        )
