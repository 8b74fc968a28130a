"""Forms of the people pages. Each refusal is a sentence beside the field it is about."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hdcperf import clock
from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.organisation.models import Appointment, User
from hdcperf.organisation.operations import NewCouncillor, PostRefused, delegation_problem, plan_election
from hdcperf.roles import Role
from hdcperf.ui import day

__all__ = ["CouncillorsForm", "DelegationForm", "OfficerField", "PersonField"]


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A person, shown with the address that tells two of one name apart."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.email})"


class OfficerField(PersonField):
    """A person by name; by address too only where two have the same name, so that a choice fits a narrow screen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.filter(is_active=True), empty_label="Choose a person", **kwargs)

    @cached_property
    def _shared(self) -> frozenset[str]:
        assert self.queryset is not None
        names = Counter(self.queryset.values_list("name", flat=True))
        return frozenset(name for name, times in names.items() if times > 1)

    def label_from_instance(self, obj: Any) -> str:
        return super().label_from_instance(obj) if obj.name in self._shared else str(obj.name)


class DelegationForm(GdsForm):
    """Name a delegate for dates: for oneself or, when posts are one's work, for anybody."""

    person = PersonField(
        queryset=User.objects.none(),
        label="Whose delegate?",
        empty_label="Choose a person",
        error_messages={"required": "Select the person who needs a delegate"},
    )
    delegate = PersonField(
        queryset=User.objects.none(),
        label="Delegate",
        empty_label="Choose a person",
        help_text="They will be able to do what the person’s officer posts allow, and the record will name both.",
    )
    starts_on = DateField(label="First day", help_text="For example, 9 11 2026")
    ends_on = DateField(label="Last day", help_text="They can act until the end of this day.")
    reason = CleanCharField(
        label="Reason (optional)",
        max_length=200,
        required=False,
        help_text="For example, annual leave. Others can see it: leave out anything private, such as an illness.",
    )
    looks = {"reason": Look(width=30)}
    buttons = (Submit("Name delegate"),)

    def __init__(self, *args: Any, me: User, for_anybody: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True)
        self.me = me
        if for_anybody:
            self._field("person").queryset = people
            self.fields["person"].initial = me.pk
        else:
            del self.fields["person"]
        self._field("delegate").queryset = people if for_anybody else people.exclude(pk=me.pk)

    def _field(self, name: str) -> forms.ModelChoiceField[User]:
        found = self.fields[name]
        assert isinstance(found, forms.ModelChoiceField)
        return found

    @property
    def person_chosen(self) -> User:
        chosen: User = self.cleaned_data.get("person", self.me)
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"delegate", "starts_on", "ends_on"} <= cleaned.keys() and (
            "person" not in self.fields or "person" in cleaned
        ):
            who, first, last = cleaned["delegate"], cleaned["starts_on"], cleaned["ends_on"]
            if sentence := delegation_problem(self.person_chosen, who, first, last, clock.today()):
                self.add_error(_field_of(sentence), sentence)
        return cleaned


def _field_of(sentence: str) -> str:
    if sentence.startswith("The last day"):
        return "ends_on"
    return "starts_on" if "day must be" in sentence or "other dates" in sentence else "delegate"


_GROUPS: tuple[tuple[str, str, Role], ...] = (
    ("councillors", "Councillors re-elected", Role.COUNCILLOR),
    ("leader", "Executive leader", Role.EXECUTIVE_LEADER),
    ("portfolios", "Portfolio holders", Role.PORTFOLIO_HOLDER),
    ("scrutiny", "Scrutiny panel members", Role.SCRUTINY),
    ("governance", "Governance committee members", Role.GOVERNANCE),
)


class CouncillorsForm(GdsForm):
    """The council after an election: who holds which post again, and who is new."""

    starts_on = DateField(
        label="When does the new council take office?",
        help_text="Usually the fourth day after the election. Posts not held again end the day before.",
    )
    new = CleanCharField(
        label="New councillors",
        max_length=20_000,
        required=False,
        widget=forms.Textarea,
        help_text="One on each line: name, then a comma, then email address. "
        "For example: Example Councillor, councillor@council.example",
    )
    looks = {"new": Look(rows=8, size="m"), "starts_on": Look(size="m")}
    buttons = (Submit("Check what will happen"),)

    def __init__(self, *args: Any, posts: list[Appointment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        looks = {**self.looks}
        for name, label, role in _GROUPS:
            held = [row for row in posts if row.role == role.value]
            if held:
                self.fields[name] = forms.MultipleChoiceField(
                    label=label,
                    choices=[(str(row.pk), _tick(row)) for row in held],
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                    help_text="Tick those who hold the post again.",
                    error_messages={"invalid_choice": "One of these posts has changed. Check the ticks."},
                )
                looks[name] = Look(size="m", small=True)
        self.looks = looks
        self.order_fields(["starts_on", *(name for name, _, _ in _GROUPS), "new"])

    @property
    def reappointed(self) -> list[int]:
        """The ids of the posts ticked."""
        return [int(pk) for name, _, _ in _GROUPS for pk in self.cleaned_data.get(name, ())]

    @property
    def joining(self) -> list[NewCouncillor]:
        found: list[NewCouncillor] = self.cleaned_data["new"]
        return found

    @property
    def starts(self) -> date:
        found: date = self.cleaned_data["starts_on"]
        return found

    def clean_new(self) -> list[NewCouncillor]:
        lines = [line.strip() for line in self.cleaned_data["new"].split("\n")]
        found: dict[str, NewCouncillor] = {}
        problems: list[str] = []
        for number, line in enumerate(lines, start=1):
            if not line:
                continue
            try:
                one = _new_councillor(line)
            except ValueError as problem:
                problems.append(f"Line {number}: {problem}")
                continue
            if one.email.lower() in found:
                problems.append(f"Line {number}: {one.email} is on an earlier line as well")
            found[one.email.lower()] = one
        if problems:
            raise ValidationError([problem.replace("%", "%%") for problem in problems])
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "starts_on" in cleaned and "new" in cleaned:
            try:
                plan_election(self.starts, self.reappointed, self.joining)
            except PostRefused as problem:
                raise ValidationError(str(problem)) from problem
        return cleaned


def _tick(row: Appointment) -> str:
    post = "" if row.role == Role.COUNCILLOR.value and not row.title else f", {row.post}"
    until = f" until {day(row.ends_on)}" if row.ends_on else ""
    return f"{row.user.name}{post} (since {day(row.starts_on)}{until})"


def _new_councillor(line: str) -> NewCouncillor:
    """A name and an email address, parted by the last comma or by a tab. Raises ValueError with a sentence's end."""
    name, _, email = (part.strip() for part in line.replace("\t", ",").rpartition(","))
    if not name:
        raise ValueError("write a name, then a comma, then an email address")
    if len(name) > 200:
        raise ValueError("the name must be 200 characters or fewer")
    try:
        validate_email(email)
    except ValidationError as problem:
        raise ValueError(f"“{email[:60]}” is not an email address") from problem
    return NewCouncillor(name=" ".join(name.rstrip(",").split()), email=email)
