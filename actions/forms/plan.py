"""Forms of the yearly refresh: what becomes of an action, a proposal's facts, codes, sending the set back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions.models import ActionYear, PlanDecision, PlanYear
from actions.queries.proposals import Facts
from actions.rules.proposals import DatedStep, code_problem, parse_steps
from hdcperf.control import Control
from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.organisation.forms import OfficerField
from hdcperf.organisation.models import Outcome, Portfolio, Service
from hdcperf.review.forms import version_field

__all__ = ["AnswerForm", "CodesForm", "ProposalForm", "SendBackForm", "TakeOutForm"]

Proposal = ActionYear.Proposal
WORDS_LENGTH = 1000
CODE_LENGTH = 20


class _DecidedField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The decision that asks for a change, once the set is with its bodies."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}: {obj.wording[:80]}"


class _ActionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An action of the set, by its code and title."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class _WithDecision(GdsForm):
    """A form that must name a decision when the set is no longer being drawn up."""

    def __init__(self, *args: Any, plan_year: PlanYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan_year = plan_year
        if plan_year.state != PlanYear.State.DRAWING_UP:
            self.fields["decision"] = _DecidedField(
                queryset=plan_year.decisions.filter(about__isnull=True).order_by("-recorded_at"),
                label="Which decision asks for this?",
                empty_label="Choose a decision",
                help_text="The set is with its bodies: only what one of them decided is changed now.",
                error_messages={
                    "required": "Choose the decision that asks for this change",
                    "invalid_choice": "Choose a decision from the list",
                },
            )

    @property
    def decision(self) -> PlanDecision | None:
        found: PlanDecision | None = self.cleaned_data.get("decision")
        return found


class AnswerForm(_WithDecision):
    """What becomes of one of this year's actions."""

    version = version_field()
    proposal = forms.ChoiceField(
        label="What becomes of it?",
        choices=[
            (Proposal.CARRY.value, "Carry it forward as it is"),
            (Proposal.AMEND.value, "Carry it forward, amended"),
            (Proposal.COMPLETE.value, "It is completed"),
            (Proposal.DROP.value, "Drop it"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what becomes of the action"},
    )
    code = CleanCharField(label="Code in the new year", max_length=CODE_LENGTH, required=False)
    achieved = CleanCharField(
        label="What was achieved",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        required=False,
        help_text="Printed on the page of what changed between the years.",
    )
    dropped_why = CleanCharField(
        label="Why it is dropped",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        required=False,
        help_text="Printed on the page of what changed between the years.",
    )
    reveals = {
        "proposal": {
            Proposal.CARRY.value: ("code",),
            Proposal.COMPLETE.value: ("achieved",),
            Proposal.DROP.value: ("dropped_why",),
        }
    }
    looks = {
        "proposal": Look(
            hints={Proposal.AMEND.value: "Other words, people, dates or milestones: the next page asks for them."}
        ),
        "code": Look(width=10),
        "achieved": Look(rows=4, count=True),
        "dropped_why": Look(rows=4, count=True),
    }
    buttons = (Submit("Save and continue"),)

    @property
    def reason(self) -> str:
        """Why, for an ending."""
        asked: str = self.cleaned_data["achieved" if self.is_completed else "dropped_why"]
        return asked

    @property
    def is_completed(self) -> bool:
        return bool(self.cleaned_data["proposal"] == Proposal.COMPLETE)


class TakeOutForm(_WithDecision):
    """That a proposal goes out of the set."""

    version = version_field()
    buttons = (Submit("Take it out", kind="warning"),)


class ProposalForm(_WithDecision):
    """An action as it is proposed. Milestones are lines of text, the date first: short to type and to paste."""

    version = version_field()
    code = CleanCharField(label="Code", max_length=CODE_LENGTH)
    title = CleanCharField(label="Title", max_length=120, help_text="A few words people will know it by.")
    wording = CleanCharField(label="Wording in the plan", max_length=WORDS_LENGTH, widget=forms.Textarea)
    control = forms.ChoiceField(
        label="Do, Enable or Influence?",
        choices=[(one.value, one.word) for one in Control],
        widget=forms.RadioSelect,
        error_messages={"required": "Select Do, Enable or Influence"},
    )
    # Radios, because the names of outcomes are longer than a phone is wide.
    outcome = forms.ModelChoiceField(
        queryset=Outcome.objects.order_by("number"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the outcome it serves"},
    )
    service = forms.ModelChoiceField(queryset=Service.objects.none(), empty_label="Choose a service")
    portfolio = forms.ModelChoiceField(queryset=Portfolio.objects.all(), empty_label="Choose a portfolio")
    responsible = OfficerField(label="Responsible officer")
    starts_on = DateField(label="Starts on")
    due_on = DateField(label="Due on")
    milestones = CleanCharField(
        label="Milestones (optional)",
        max_length=8000,
        required=False,
        widget=forms.Textarea,
        help_text="One on each line: the date, a comma, then what. For example: 30 September 2027, Residents "
        "consulted. Keep a milestone’s words as they are to keep its history; leave it out when it is no longer "
        "planned.",
    )
    parent = _ActionField(
        queryset=ActionYear.objects.none(),
        label="A part of (optional)",
        required=False,
        empty_label="Nothing: it stands alone",
    )
    mtfs_line = CleanCharField(
        label="Line of the Medium-Term Financial Strategy",
        max_length=200,
        help_text="The line that funds it, or that it needs no money of its own.",
    )
    success = CleanCharField(
        label="How will we know it made a difference?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say how we will know it made a difference"},
    )
    proposal_reason = CleanCharField(
        label="Why is it amended?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="Printed on the page of what changed, and beside each date that moves.",
        error_messages={"required": "Say why it is amended"},
    )
    looks = {
        "code": Look(width=10),
        "wording": Look(rows=4, count=True),
        "control": Look(inline=True, small=True),
        "outcome": Look(small=True),
        "milestones": Look(rows=5),
        "success": Look(rows=3, count=True),
        "proposal_reason": Look(rows=3, count=True),
    }
    field_order = (
        *("version", "decision", "proposal_reason", "code", "title", "wording", "control", "outcome", "service"),
        *("portfolio", "responsible", "starts_on", "due_on", "milestones", "parent", "mtfs_line", "success"),
    )

    def __init__(
        self,
        *args: Any,
        services: Iterable[int],
        row: ActionYear | None = None,
        is_amendment: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choose("service", Service.objects.filter(pk__in=list(services)))
        wholes = self.plan_year.actions.in_the_set().filter(parent__isnull=True).order_by("code_key")
        self._choose("parent", wholes.exclude(pk=row.pk) if row is not None else wholes)
        if not is_amendment:
            del self.fields["proposal_reason"]
        self.order_fields(self.field_order)
        self.buttons = (Submit("Save the amendment" if is_amendment else "Save the action"),)

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if sentence := code_problem(code):
            raise ValidationError(sentence)
        return code

    def clean_milestones(self) -> tuple[DatedStep, ...]:
        read = parse_steps(self.cleaned_data["milestones"])
        if read.wrong:
            raise ValidationError([sentence.replace("%", "%%") for sentence in read.wrong])
        return tuple(read.found)

    def facts(self) -> Facts:
        """What was typed."""
        names = ("code", "title", "wording", "control", "outcome", "service", "portfolio", "responsible", "starts_on")
        more = ("due_on", "success", "mtfs_line", "parent", "milestones")
        return Facts(**{name: self.cleaned_data[name] for name in (*names, *more)})


class CodesForm(GdsForm):
    """A code for each action of the set, in a table."""

    version = version_field()
    buttons = (Submit("Save the codes"),)

    def __init__(self, *args: Any, rows: list[ActionYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        looks = {}
        for row in rows:
            name = f"code_{row.pk}"
            self.fields[name] = CleanCharField(
                label=f"Code of {row.title}",
                max_length=CODE_LENGTH,
                initial=row.code,
                error_messages={"required": f"Enter a code for {row.title}"},
            )
            looks[name] = Look(width=10, hide_label=True)
        self.looks = looks

    def codes(self) -> dict[int, str]:
        """The codes typed, by the id of the row."""
        return {
            int(name.removeprefix("code_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("code_")
        }


class SendBackForm(GdsForm):
    """Why a set goes back to be drawn up again."""

    version = version_field()
    comment = CleanCharField(
        label="Why does it go back, and what is to change?",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Say why it goes back, and what is to change"},
    )
    looks = {"comment": Look(rows=3)}
    buttons = (Submit("Send back to be drawn up again", "move", "send_back", "secondary"),)
