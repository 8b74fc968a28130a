"""Which messages the list shows, kept in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from hdcperf.forms import CleanCharField, GdsFilterForm
from hdcperf.organisation.models import User
from hdcperf.outbox.models import Message
from hdcperf.outbox.presenters import kind_words
from hdcperf.outbox.queries import kinds

__all__ = ["MessageFilterForm"]


class MessageFilterForm(GdsFilterForm):
    """To whom, of what kind, with which words; the state is chosen with the tiles above."""

    person = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Person", required=False, empty_label="Anybody"
    )
    kind = forms.ChoiceField(label="Kind of message", required=False)
    words = CleanCharField(label="Words in the subject or the address", max_length=100, required=False)
    state = forms.ChoiceField(choices=Message.State.choices, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: QuerySet[Message], everybodys: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person, kind = self.fields["person"], self.fields["kind"]
        assert isinstance(person, forms.ModelChoiceField)
        assert isinstance(kind, forms.ChoiceField)
        person.queryset = User.objects.all()
        kind.choices = [("", "Any kind"), *((one, kind_words(one)) for one in kinds(rows))]
        if not everybodys:
            del self.fields["person"]

    def narrow(self, rows: QuerySet[Message]) -> QuerySet[Message]:
        """``rows`` as asked for, but for the state; what is no answer is left out."""
        self.is_valid()
        typed = self.cleaned_data
        if typed.get("person"):
            rows = rows.filter(recipient=typed["person"])
        if typed.get("kind"):
            rows = rows.filter(kind=typed["kind"])
        if words := typed.get("words"):
            rows = rows.filter(Q(subject__icontains=words) | Q(address__icontains=words))
        return rows

    @property
    def state_asked(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("state", ""))
