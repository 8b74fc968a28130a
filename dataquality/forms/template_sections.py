"""The boxes of the data quality template, one question on a page (framework B.2).

Each form gives its ``answer()`` as the rules have it, and begins with what is answered already.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from dataquality.models import Template, TemplateSource
from dataquality.models.templates import LONG
from dataquality.rules.templates import Answer, Kind, Question, SourceLine
from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from hdcperf.organisation.forms import OfficerField
from hdcperf.organisation.models import User
from hdcperf.review.forms import version_field
from kpis.rules.figures import Frequency

__all__ = ["SectionForm", "section_form"]

SPARE = 2
"""Empty boxes offered after those that are filled."""
MOST = 8
"""People, or sources, that one question can name."""
SAVE = (
    Submit("Save and continue", "move", "save"),
    Submit("Save and go back to the list", "move", "save_back", "secondary"),
)


class SectionForm(GdsForm):
    """One question. ``held`` is the answer there is."""

    version = version_field()
    buttons = SAVE
    speaks: ClassVar[bool] = False
    """Whether its one box is labelled with the question itself."""

    def __init__(self, *args: Any, question: Question, held: Answer, version: int, **kwargs: Any) -> None:
        self.question, self.held = question, held
        initial = {**self.begins_with(held), "version": version}
        super().__init__(*args, initial=initial, **kwargs)

    def begins_with(self, held: Answer) -> dict[str, Any]:
        return dict(held)

    def answer(self) -> Answer:
        return {column: self.cleaned_data[column] for column in self.question.columns}


class FrequencyForm(SectionForm):
    frequency = forms.ChoiceField(
        label="How often is it reported?",
        choices=[(one.value, one.label) for one in Frequency],
        widget=forms.RadioSelect,
        help_text="Agreed here, so that the most current information is available.",
        error_messages={"required": "Select how often it is reported"},
    )
    looks = {"frequency": Look(size="m")}


class PeopleForm(SectionForm):
    """Those responsible, each chosen among the people with an account."""

    def __init__(self, *args: Any, held: Answer, **kwargs: Any) -> None:
        super().__init__(*args, held=held, **kwargs)
        people = User.objects.filter(is_active=True)
        self.boxes = [f"person_{number}" for number in range(1, min(len(held["people"]) + SPARE, MOST) + 1)]
        for number, name in enumerate(self.boxes, start=1):
            field = OfficerField(
                label="Person" if number == 1 else f"Person {number} (optional)",
                required=False,
                error_messages={"invalid_choice": "Select a person from the list: they must have an account"},
            )
            field.queryset = people
            self.fields[name] = field
        self.order_fields([*self.boxes, "version"])

    def begins_with(self, held: Answer) -> dict[str, Any]:
        return {f"person_{number}": pk for number, pk in enumerate(held["people"], start=1)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen: set[int] = set()
        for name in self.boxes:
            person = cleaned.get(name)
            if person is None:
                continue
            if person.pk in seen:
                self.add_error(name, f"{person.name} is named already. Choose somebody else, or nobody")
            seen.add(person.pk)
        if not seen and not self.errors:
            self.add_error("person_1", "Select a person. They need an account: ask the Performance Team for one")
        return cleaned

    def answer(self) -> Answer:
        chosen = (self.cleaned_data.get(name) for name in self.boxes)
        return {"people": tuple(person.pk for person in chosen if person is not None)}


class SourcesForm(SectionForm):
    """Systems, databases and spreadsheets, each with its kind, its name and where it is."""

    def __init__(self, *args: Any, held: Answer, **kwargs: Any) -> None:
        super().__init__(*args, held=held, **kwargs)
        self.rows = range(1, min(len(held["sources"]) + SPARE, MOST) + 1)
        looks: dict[str, Look] = {}
        for number in self.rows:
            self.fields[f"name_{number}"] = CleanCharField(
                label=f"{number}. Name of the system, database or spreadsheet", max_length=200, required=False
            )
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=f"{number}. What it is",
                choices=[("", "Choose what it is"), *TemplateSource.Kind.choices],
                required=False,
            )
            self.fields[f"link_{number}"] = CleanCharField(
                label=f"{number}. Link, or where it is kept", max_length=500, required=False
            )
            looks[f"name_{number}"] = Look(size="m")
        self.looks = looks
        self.order_fields([f"{part}_{row}" for row in self.rows for part in ("name", "kind", "link")])

    def begins_with(self, held: Answer) -> dict[str, Any]:
        return {
            f"{part}_{number}": getattr(line, part)
            for number, line in enumerate(held["sources"], start=1)
            for part in ("name", "kind", "link")
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        filled = 0
        for number in self.rows:
            name, kind, link = (cleaned.get(f"{part}_{number}") for part in ("name", "kind", "link"))
            if not (name or kind or link):
                continue
            filled += 1
            if not name and f"name_{number}" not in self.errors:
                self.add_error(f"name_{number}", "Enter the name of the system, database or spreadsheet")
            if not kind and f"kind_{number}" not in self.errors:
                self.add_error(f"kind_{number}", "Select what it is: a system, a database, a spreadsheet or external")
        if not filled and not self.errors:
            self.add_error("name_1", "Enter at least one system, database or spreadsheet")
        return cleaned

    def answer(self) -> Answer:
        typed = self.cleaned_data
        lines = (SourceLine(typed[f"kind_{row}"], typed[f"name_{row}"], typed[f"link_{row}"]) for row in self.rows)
        return {"sources": tuple(line for line in lines if line.name)}


class MethodForm(SectionForm):
    method = CleanCharField(
        label="How it is collected and calculated, step by step",
        max_length=LONG,
        required=False,
        widget=forms.Textarea,
    )
    method_link = CleanCharField(label="Link to a document that details this", max_length=500, required=False)
    looks = {"method": Look(rows=12, count=True)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("method") and not cleaned.get("method_link"):
            self.add_error("method", "Say how the data is collected, or link to a document that does")
        return cleaned


class SeasonalityForm(SectionForm):
    seasonal = forms.ChoiceField(
        label="Will seasonality affect it?",
        choices=Template.Seasonal.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select yes or no"},
    )
    seasonality = CleanCharField(label="If yes, why?", max_length=LONG, required=False, widget=forms.Textarea)
    looks = {"seasonality": Look(rows=6)}
    reveals = {"seasonal": {Template.Seasonal.YES.value: ("seasonality",)}}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("seasonal") == Template.Seasonal.YES and not cleaned.get("seasonality"):
            if "seasonality" not in self.errors:
                self.add_error("seasonality", "Say why seasonality affects it")
        elif cleaned.get("seasonal") == Template.Seasonal.NO:
            cleaned["seasonality"] = ""
        return cleaned


class WordsForm(SectionForm):
    """A question answered in words: its own label, and the heading of the page."""

    speaks = True

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, question=question, **kwargs)
        (column,) = question.columns
        self.fields[column] = CleanCharField(
            label=question.words,
            help_text=" ".join(question.hints),
            max_length=LONG,
            widget=forms.Textarea,
            error_messages={"required": "Write an answer. If there is nothing to say, say why"},
        )
        # The whole question is too long to stand in front of a refusal.
        self.fields[column].called = "Your answer"  # type: ignore[attr-defined]
        self.looks = {column: Look(rows=8, count=True, size="l", page_heading=True)}
        self.order_fields([column, "version"])


_FORMS: dict[Kind, type[SectionForm]] = {
    Kind.FREQUENCY: FrequencyForm,
    Kind.PEOPLE: PeopleForm,
    Kind.SOURCES: SourcesForm,
    Kind.METHOD: MethodForm,
    Kind.SEASONALITY: SeasonalityForm,
    Kind.WORDS: WordsForm,
}


def section_form(question: Question, held: Answer, version: int, data: Any = None) -> SectionForm:
    """The form of one question, on the answer there is; ``data`` is what was posted."""
    return _FORMS[question.kind](data, question=question, held=held, version=version)
