"""Forms of the actions of a data quality review: what is to be put right, that it is done, confirmed or dropped."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.organisation.filters import Choices, PlaceFilterForm, any_of
from hdcperf.organisation.forms import OfficerField
from hdcperf.organisation.models import User
from hdcperf.review.forms import WORDS_LENGTH, version_field
from hdcperf.ui import Link

__all__ = ["ActionFilterForm", "AmendForm", "DoneForm", "DropForm", "NameActionForm", "NotDoneForm"]


class _OwnedForm(GdsForm):
    """Who and by when; ``people`` can be named."""

    owner = OfficerField(
        label="Who does it?",
        help_text="One of the KPI’s people, a manager of its service, or of the Performance Team.",
        error_messages={
            "required": "Select who does it",
            "invalid_choice": "Select somebody from the list: the KPI’s people, its service’s managers or the team",
        },
    )
    due_on = DateField(label="By when?", error_messages={"required": "Enter the day by which it is done"})

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, OfficerField)
        owner.queryset = people


class NameActionForm(_OwnedForm):
    """Something to be put right, named while the review is written."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    what = CleanCharField(
        label="What is to be put right?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say what is to be put right"},
    )
    looks = {"what": Look(rows=3)}
    field_order = ("what", "owner", "due_on")
    buttons = (Submit("Save the action", "move", "save"),)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = Link("Cancel", back)


class AmendForm(_OwnedForm):
    """Another owner or day after the review is finished, because."""

    version = version_field()
    why = CleanCharField(
        label="Why does it change?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say why its owner or date changes"},
    )
    looks = {"why": Look(rows=3)}
    buttons = (Submit("Change the action", "move", "amend", "secondary"),)


class DoneForm(GdsForm):
    """The owner's word, with where it can be seen."""

    done = CleanCharField(
        label="What was done, and where can that be seen?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="Name the document, list or report, so that the reviewer can look at it.",
        error_messages={"required": "Say what was done, and where that can be seen"},
    )
    looks = {"done": Look(rows=5, count=True)}
    buttons = (Submit("It is done", "move", "done"),)


class NotDoneForm(GdsForm):
    """What is still to be done."""

    left = CleanCharField(
        label="What is still to be done?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say what is still to be done"},
    )
    looks = {"left": Look(rows=3)}
    buttons = (Submit("Send it back", "move", "not_done", "secondary"),)


class DropForm(GdsForm):
    """Why it is not done after all."""

    dropped = CleanCharField(
        label="Why is it dropped?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say why it is dropped"},
    )
    looks = {"dropped": Look(rows=3)}
    buttons = (Submit("Drop the action", "move", "drop", "warning"),)


STANDINGS: Choices = [("overdue", "Overdue"), ("open", "Open"), ("done", "Said to be done")]


class ActionFilterForm(PlaceFilterForm):
    """Service, how it stands, and whether it is one's own."""

    standing = forms.ChoiceField(label="Action", choices=any_of(STANDINGS), required=False)
    mine = forms.ChoiceField(label="Whose", choices=any_of([("yes", "Mine")]), required=False)
    field_order = ("service", "standing", "mine")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("aim", "portfolio"):
            del self.fields[name]
