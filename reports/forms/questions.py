"""Asking something for a body, giving it an owner, answering, and saying what the body made of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from hdcperf import clock
from hdcperf.forms import CleanCharField, DateField, GdsFilterForm, GdsForm, Look, Submit
from hdcperf.organisation.filters import any_of
from hdcperf.review.forms import WORDS_LENGTH
from reports.models import Answer, Meeting, PanelQuestion
from reports.queries.asking import ItemGroup

__all__ = ["AnswerForm", "AskForm", "AssignForm", "ConcludeForm", "QuestionFilterForm", "ReasonForm", "RecordForm"]

Choices = list[tuple[str, Any]]
WHOLE = ("", "The report as a whole")
HINTS = {
    "question": "It gets an answer.",
    "comment": "It is noted, and printed where it needs an answer.",
    "recommendation": "It is answered by cabinet or an officer, who says whether it is agreed.",
}


class AskForm(GdsForm):
    """What a member asks, about what, for which meeting."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=PanelQuestion.Kind.choices,
        widget=forms.RadioSelect,
        initial=PanelQuestion.Kind.QUESTION.value,
        error_messages={"required": "Select whether it is a question, a comment or a recommendation"},
    )
    about = forms.ChoiceField(label="What is it about?", required=False)
    meeting = forms.ChoiceField(
        label="For which meeting?",
        error_messages={"required": "Select the meeting"},
        help_text="It can be asked before the meeting or after it.",
    )
    words = CleanCharField(
        label="In your words",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="It is printed with your post, not your name, in the report for the next meeting.",
        error_messages={"required": "Write what you want to ask or say"},
    )
    looks = {"kind": Look(small=True, hints=HINTS), "words": Look(rows=5, count=True)}
    buttons = (Submit("Send it", "move", "ask"),)

    def __init__(self, *args: Any, groups: Sequence[ItemGroup], meetings: Sequence[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {str(one.pk): one for one in meetings}
        about, meeting = self.fields["about"], self.fields["meeting"]
        assert isinstance(about, forms.ChoiceField)
        assert isinstance(meeting, forms.ChoiceField)
        about.choices = [WHOLE, *((one.heading, one.items) for one in groups)]
        meeting.choices = [(pk, one.in_a_list) for pk, one in self.meetings.items()]

    def for_meeting(self) -> Meeting:
        return self.meetings[self.cleaned_data["meeting"]]


class RecordForm(AskForm):
    """What a member asked, written down by an officer."""

    member = forms.ChoiceField(label="Who asked it?", required=False)
    asked_on = DateField(label="When was it asked?", latest=clock.today)
    field_order = ("kind", "about", "meeting", "member", "asked_on", "words")
    buttons = (Submit("Record it", "move", "ask"),)

    def __init__(self, *args: Any, members: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member = self.fields["member"]
        assert isinstance(member, forms.ChoiceField)
        member.choices = [("", "The body as a whole"), *members]
        self.fields["words"].label = "In the member’s words"
        self.fields["words"].help_text = "It is printed with their post, not their name."


class AssignForm(GdsForm):
    """Who is to answer, and by when."""

    owner = forms.ChoiceField(label="Who is to answer it?", error_messages={"required": "Select who is to answer it"})
    due_on = DateField(label="Answer due on")
    buttons = (Submit("Give it to them", "move", "assign"),)

    def __init__(self, *args: Any, owners: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [("", "Choose a person"), *owners]


class AnswerForm(GdsForm):
    """The answer; to a recommendation, whether it is agreed as well."""

    response = forms.ChoiceField(
        label="Is the recommendation agreed?",
        choices=Answer.Response.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the recommendation is agreed"},
    )
    words = CleanCharField(
        label="Your answer",
        max_length=2 * WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="The Performance Team reads it first, then the panel and the public. Date the figures you give.",
        error_messages={"required": "Write your answer"},
    )
    looks = {"words": Look(rows=6, count=True), "response": Look(small=True)}
    buttons = (Submit("Send the answer", "move", "answer"),)

    def __init__(self, *args: Any, recommendation: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not recommendation:
            del self.fields["response"]


class ReasonForm(GdsForm):
    """Why a move is made, in a sentence."""

    comment = CleanCharField(label="Why?", max_length=WORDS_LENGTH, widget=forms.Textarea)
    looks = {"comment": Look(rows=3)}

    def __init__(self, *args: Any, move: str, label: str, button: str, **kwargs: Any) -> None:
        self.buttons = (Submit(button, "move", move, "secondary"),)
        kwargs.setdefault("auto_id", f"id_{move}_%s")
        super().__init__(*args, **kwargs)
        field = self.fields["comment"]
        field.label = label
        field.error_messages["required"] = f"{label.rstrip('?')}"


class ConcludeForm(GdsForm):
    """What the body made of an answer, as democratic services heard it."""

    accepted = forms.ChoiceField(
        label="Did the panel accept the answer?",
        choices=[("yes", "Yes"), ("no", "No: a revised answer is owed")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the panel accepted the answer"},
    )
    words = CleanCharField(
        label="What the panel said",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        required=False,
        help_text="Needed where it did not accept the answer: the owner reads it.",
    )
    looks = {"accepted": Look(inline=True), "words": Look(rows=3)}
    buttons = (Submit("Record it", "move", "conclude"),)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("accepted") == "no" and not typed.get("words"):
            self.add_error("words", "Say what the panel still wants to know")
        return typed


class QuestionFilterForm(GdsFilterForm):
    """How a question stands, of which kind, for which meeting, about what kind of thing, and whose it is."""

    stands = forms.ChoiceField(
        label="How it stands",
        required=False,
        choices=any_of(
            [
                ("open", "Open"),
                ("asked", "Asked, with no owner yet"),
                ("overdue", "Overdue"),
                ("release", "Answer to be released"),
                ("answered", "Answered"),
                ("released", "Answered, not yet accepted"),
                ("accepted", "Answer accepted"),
                ("closed", "Noted or withdrawn"),
            ]
        ),
    )
    kind = forms.ChoiceField(required=False, choices=any_of(list(PanelQuestion.Kind.choices)))
    meeting = forms.ChoiceField(required=False)
    about = forms.ChoiceField(
        label="About",
        required=False,
        choices=any_of(
            [
                ("kpi_year", "KPIs"),
                ("action_year", "Actions"),
                ("project", "Projects"),
                ("whole", "The report as a whole"),
            ]
        ),
    )
    owner = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, meetings: Choices, owners: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("meeting", meetings), ("owner", owners)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = any_of(found)

    def asked(self) -> dict[str, str]:
        """What was asked for; a value that is not a choice filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words_for(self, name: str, value: str) -> str:
        """A filter in use, in words."""
        field = self.fields[name]
        return f"{field.label or name.title()}: {dict(getattr(field, 'choices', ())).get(value, value)}"
