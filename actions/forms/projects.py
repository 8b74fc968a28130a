"""Forms of the register of projects: filters, facts, its end, a change of date and what the board decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions.models import Action, ActionYear, Project, ProjectMilestone
from actions.operations.changing_dates import BoardDecision
from actions.operations.projects import ProjectFacts
from actions.rules.projects import PROJECT_AT
from actions.rules.proposals import DatedStep, parse_steps
from hdcperf import clock
from hdcperf.codes import code_key
from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.organisation.filters import PlaceFilterForm, any_of
from hdcperf.organisation.forms import OfficerField
from hdcperf.organisation.models import Outcome, Portfolio, Service
from hdcperf.periods import Month, Quarter
from hdcperf.rag import Movement
from hdcperf.review.forms import version_field
from hdcperf.ui import Link, day

__all__ = [
    "AmendForm",
    "AskForm",
    "BoardForm",
    "CloseForm",
    "GoesOnForm",
    "ProjectFilterForm",
    "RegisterForm",
]

WORDS_LENGTH = 1000
STEPS_LENGTH = 10_000


class ProjectFilterForm(PlaceFilterForm):
    """Words, quarter, where it belongs, how it stands and moved, and what is late."""

    quarter = forms.ChoiceField(required=False)
    words = CleanCharField(label="Words or code", max_length=100, required=False)
    status = forms.ChoiceField(label="Status now", choices=any_of(list(PROJECT_AT.items())), required=False)
    movement = forms.ChoiceField(
        label="Moved", choices=any_of([(one.value, one.label) for one in Movement]), required=False
    )
    overdue = forms.ChoiceField(
        choices=any_of([("yes", "End or milestone overdue"), ("no", "Nothing overdue")]), required=False
    )
    field_order = ("words", "quarter", "aim", "portfolio", "service", "status", "movement", "overdue")

    def __init__(self, *args: Any, quarters: list[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].choices = [(one.slug, str(one)) for one in quarters]  # type: ignore[attr-defined]


class _FactsForm(GdsForm):
    """What a project is, but for its dates; milestones are lines of text, the date first."""

    code = CleanCharField(label="Code", max_length=20, help_text="For example PR12. It stands in addresses.")
    name = CleanCharField(label="Name", max_length=200, help_text="A few words people know it by.")
    purpose = CleanCharField(
        label="Purpose",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="What it is to bring about, for whom.",
    )
    outcome = forms.ModelChoiceField(
        queryset=Outcome.objects.select_related("priority"),
        label="Outcome it serves",
        empty_label="Choose an outcome",
    )
    service = forms.ModelChoiceField(queryset=Service.objects.all(), empty_label="Choose a service")
    portfolio = forms.ModelChoiceField(queryset=Portfolio.objects.all(), empty_label="Choose a portfolio")
    sponsor = OfficerField(label="Sponsor")
    manager = OfficerField(label="Project manager")
    board = CleanCharField(
        label="Board that sets its status", max_length=200, help_text="For example Example Programme Board."
    )
    serves = CleanCharField(
        label="Actions it serves (optional)",
        max_length=400,
        required=False,
        help_text="Their codes in this year’s Corporate Plan, with commas between them.",
    )
    milestones = CleanCharField(
        label="Milestones (optional)",
        max_length=STEPS_LENGTH,
        required=False,
        widget=forms.Textarea,
        help_text="One on a line: the date, a comma, then the milestone. For example: 30 September 2027, Works begin",
    )
    looks = {
        "code": Look(width=10),
        "purpose": Look(rows=4, count=True),
        "serves": Look(width=30),
        "milestones": Look(rows=6),
    }

    def clean_serves(self) -> list[Action]:
        """The actions named, each by its code in this year's plan."""
        codes = [one.strip() for one in self.cleaned_data["serves"].replace("\n", ",").split(",") if one.strip()]
        year = Month.from_date(clock.today()).financial_year
        rows = ActionYear.objects.adopted().filter(plan_year__year=year.start_year)
        by_key = {row.code_key: row.action for row in rows.select_related("action")}
        unknown = [one for one in codes if code_key(one) not in by_key]
        if unknown:
            raise ValidationError(f"There is no action {', '.join(unknown)} in the plan for {year}.")
        return [by_key[code_key(one)] for one in codes]

    def clean_milestones(self) -> list[DatedStep]:
        read = parse_steps(self.cleaned_data["milestones"])
        if read.wrong:
            raise ValidationError(read.wrong)
        return read.found

    def facts(self) -> ProjectFacts:
        """What was typed."""
        return ProjectFacts(**{name: self.cleaned_data[name] for name in ProjectFacts.__dataclass_fields__})


class RegisterForm(_FactsForm):
    """A new project, with the dates that from then on move only as its board decides."""

    starts_on = DateField(label="Starts on")
    ends_on = DateField(
        label="Ends on", help_text="Once registered, it and the milestones move only by a change its board approves."
    )
    field_order = (
        *("code", "name", "purpose", "outcome", "serves", "service", "portfolio", "sponsor", "manager", "board"),
        *("starts_on", "ends_on", "milestones"),
    )
    buttons = (Submit("Register the project"),)


class AmendForm(_FactsForm):
    """A project's facts changed, and milestones added: its dates are not changed here."""

    version = version_field()
    reason = CleanCharField(
        label="Why is it changed?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="What it said before is kept beside it, with this reason.",
        error_messages={"required": "Say why it is changed"},
    )
    field_order = (
        *("version", "code", "name", "purpose", "outcome", "serves", "service", "portfolio", "sponsor", "manager"),
        *("board", "milestones", "reason"),
    )
    looks = {**_FactsForm.looks, "reason": Look(rows=2), "milestones": Look(rows=4)}
    buttons = (Submit("Save the changes"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["milestones"].label = "New milestones (optional)"

    @staticmethod
    def starting(project: Project, serves: Iterable[ActionYear]) -> dict[str, Any]:
        """The form's first values."""
        start: dict[str, Any] = vars(ProjectFacts.of(project)).copy()
        return start | {"version": project.version, "serves": ", ".join(one.code for one in serves)}


class CloseForm(GdsForm):
    """When and how a project ended, and what came of it."""

    how = forms.ChoiceField(
        label="How did it end?",
        choices=Project.End.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how it ended"},
    )
    on = DateField(label="Day it ended")
    why = CleanCharField(
        label="What came of it",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="What was delivered against its purpose; if it was stopped, who decided that and why. Everybody "
        "can read it on the project’s page.",
        error_messages={"required": "Say what came of it"},
    )
    looks = {"why": Look(rows=5, count=True)}
    buttons = (Submit("Close the project", kind="warning"),)


class GoesOnForm(GdsForm):
    """Why a project that was closed goes on after all."""

    reason = CleanCharField(
        label="Why does it go on?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say why it goes on"},
    )
    looks = {"reason": Look(rows=3)}
    buttons = (Submit("Take the project up again"),)


THE_END = "end"


class AskForm(GdsForm):
    """Which date should move, to when and why."""

    which = forms.ChoiceField(
        label="Which date should move?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select the date that should move"},
    )
    new_on = DateField(label="Date asked for")
    reason = CleanCharField(
        label="Why",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="For the board. If it approves, everybody can read it beside the old date.",
        error_messages={"required": "Say why the date should move"},
    )
    looks = {"which": Look(small=True), "reason": Look(rows=4, count=True)}
    buttons = (Submit("Ask for the change"),)

    def __init__(self, *args: Any, project: Project, steps: Iterable[ProjectMilestone], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = {str(one.pk): one for one in steps}
        self.fields["which"].choices = [  # type: ignore[attr-defined]
            (THE_END, f"The project’s end: {day(project.ends_on)}"),
            *((pk, f"{one.name}: {day(one.due_on)}") for pk, one in self.steps.items()),
        ]

    @property
    def milestone(self) -> ProjectMilestone | None:
        """The milestone chosen; None for the project's end."""
        return self.steps.get(self.cleaned_data["which"])


class BoardForm(GdsForm):
    """What the board decided about a change of date, as an officer records it."""

    decided = forms.ChoiceField(
        label="What did the board decide?",
        choices=[("approve", "It approved the change: the date moves"), ("decline", "It declined: the date stays")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the board decided"},
    )
    met_on = DateField(label="Date of the board’s meeting")
    words = CleanCharField(
        label="What the board said",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Write what the board said"},
    )
    looks = {"decided": Look(small=True), "words": Look(rows=4, count=True)}
    buttons = (Submit("Record the decision"),)

    def __init__(self, *args: Any, back: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = Link("Cancel", back)

    @property
    def decision(self) -> BoardDecision:
        return BoardDecision(self.cleaned_data["met_on"], self.cleaned_data["words"])
