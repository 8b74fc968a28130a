"""Forms of the yearly window: its dates, filters, a holder's review, a verdict, a decision, codes, sending back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import Truncator

from dataquality.models import Proposal, SettingDecision
from dataquality.operations.windows import Dates
from dataquality.rules.criteria import CRITERIA, Criteria
from hdcperf.converters import CODE
from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.organisation.filters import Choices, PlaceFilterForm, any_of
from hdcperf.organisation.models import Portfolio
from hdcperf.review.forms import MinutedForm, version_field
from hdcperf.ui import Link
from kpis.models import KpiYear

__all__ = [
    "CODE_REFUSED",
    "WORDS_LENGTH",
    "CodesForm",
    "DatesForm",
    "ReviewForm",
    "SendBackForm",
    "SetDecisionForm",
    "SettingFilterForm",
    "VerdictForm",
    "criteria_field",
    "typed_criteria",
]

WORDS_LENGTH = 2000
CODE_REFUSED = (
    "A code is at most 20 letters, numbers, spaces, dots, dashes and underscores, and begins with a letter or a "
    "number"
)
Verdict = Proposal.Verdict


def criteria_field() -> forms.MultipleChoiceField:
    """The four criteria in the framework's words, as boxes to tick."""
    return forms.MultipleChoiceField(
        label="Which of these does the KPI meet?",
        choices=list(CRITERIA.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Tick all that apply. A KPI that meets none of them is dropped.",
    )


def typed_criteria(cleaned: dict[str, Any]) -> Criteria:
    """What was ticked."""
    return Criteria(**dict.fromkeys(cleaned.get("criteria", ()), True))


class DatesForm(GdsForm):
    """When the window opens to holders, to services, and closes."""

    version = version_field()
    holders_from = DateField(label="KPI holders review theirs from")
    services_from = DateField(label="Service managers and heads of service propose from")
    closes_on = DateField(label="Last day to propose")

    def __init__(self, *args: Any, back: str, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buttons = (Submit(button),)
        self.cancel = Link("Cancel", back)

    def dates(self) -> Dates:
        names = ("holders_from", "services_from", "closes_on")
        return Dates(**{name: self.cleaned_data[name] for name in names})


class SettingFilterForm(PlaceFilterForm):
    """Words, where the KPI belongs, what is proposed, how far it has come, and what members ask about."""

    words = CleanCharField(label="Words or code", max_length=100, required=False)
    verdict = forms.ChoiceField(
        label="Proposed", choices=any_of([("none", "Nothing yet"), *Verdict.choices]), required=False
    )
    state = forms.ChoiceField(label="With whom", choices=any_of(list(Proposal.State.choices)), required=False)
    criterion = forms.ChoiceField(label="Criterion", choices=any_of(list(CRITERIA.items())), required=False)
    shows = forms.ChoiceField(
        label="Only",
        choices=any_of([("beaten", "Targets beaten already"), ("not_reviewed", "Not reviewed by the holder")]),
        required=False,
    )
    field_order = ("words", "service", "portfolio", "verdict", "state", "criterion", "shows")

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, choices=choices, **kwargs)
        del self.fields["aim"]


class ReviewForm(GdsForm):
    """What a holder found on reviewing the KPI (framework C.1)."""

    version = version_field()
    words = CleanCharField(
        label="What did you find?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="Is it still worth measuring, is it measured well, and what should change?",
        error_messages={"required": "Say what you found on reviewing it"},
    )
    criteria = criteria_field()
    looks = {"words": Look(rows=5, count=True)}
    buttons = (Submit("Save the review"),)


_VERDICT_HINTS = {
    "keep": "Its words and place stay; its target is set on the next page.",
    "amend": "Other words, another service or portfolio: the next page asks for them.",
}
REPLACEMENT_LENGTH = 33
"""A select this long fits the narrowest page."""


def _drop_hint(offered: bool) -> str:
    hint = "It ends with this year. Its history stays."
    return hint if offered else f"{hint} If a new KPI is to replace it, propose that one first and name it here."


def _replacement_label(new: Proposal) -> str:
    year = new.kpi_year
    assert year is not None  # it is new, so it has its year
    return Truncator(f"{year.code} {year.name}").chars(REPLACEMENT_LENGTH)


class VerdictForm(GdsForm):
    """Keep, amend or drop, by the four criteria, and why."""

    version = version_field()
    verdict = forms.ChoiceField(
        label="What becomes of it?",
        choices=[
            (Verdict.KEEP.value, "Keep it as it is"),
            (Verdict.AMEND.value, "Amend it"),
            (Verdict.DROP.value, "Drop it"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what becomes of the KPI"},
    )
    criteria = criteria_field()
    why = CleanCharField(
        label="Why?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="The panel reads this.",
        error_messages={"required": "Say why"},
    )
    replaced_by = forms.ModelChoiceField(
        queryset=Proposal.objects.none(),
        label="Does a new KPI replace it?",
        required=False,
        empty_label="None replaces it",
        help_text="Both KPIs’ pages say so once the year’s KPIs are live.",
        error_messages={
            "invalid_choice": "That KPI is not new in this window, or replaces another: choose one from the list"
        },
    )
    field_order = ("version", "verdict", "replaced_by", "criteria", "why")
    buttons = (Submit("Save and continue"),)

    def __init__(
        self,
        *args: Any,
        is_new: bool = False,
        back: str = "",
        replacements: QuerySet[Proposal] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = Link("Cancel", back)
        self.looks: dict[str, Look] = {"why": Look(rows=4, count=True)}
        if is_new:
            self.fields["verdict"].choices = [(Verdict.NEW.value, "A new KPI")]  # type: ignore[attr-defined]
        offered = replacements is not None and not is_new and replacements.exists()
        if offered:
            self.fields["replaced_by"].queryset = replacements  # type: ignore[attr-defined]
            self.fields["replaced_by"].label_from_instance = _replacement_label  # type: ignore[attr-defined]
            self.reveals = {"verdict": {Verdict.DROP.value: ("replaced_by",)}}
        else:
            del self.fields["replaced_by"]
        if not is_new:
            self.looks["verdict"] = Look(hints={**_VERDICT_HINTS, "drop": _drop_hint(offered)})

    def replacement(self) -> Proposal | None:
        """The new KPI that replaces it, where it is dropped; what was chosen before another verdict is left out."""
        if self.cleaned_data["verdict"] != Verdict.DROP:
            return None
        found: Proposal | None = self.cleaned_data.get("replaced_by")
        return found


class SetDecisionForm(MinutedForm):
    """What the body that has the set decided."""

    portfolio = forms.ModelChoiceField(
        queryset=Portfolio.objects.none(),
        label="Whose portfolio holder?",
        empty_label="Choose a portfolio",
        error_messages={"required": "Select whose portfolio holder said it"},
    )
    kind = forms.ChoiceField(
        label="What was decided?",
        choices=SettingDecision.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what was decided"},
    )
    field_order = ("portfolio", "kind", "met_on", "minute", "wording", "takes_effect_on")
    buttons = (Submit("Record the decision"),)

    def __init__(self, *args: Any, portfolios: Any = None, back: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if portfolios is None:
            del self.fields["portfolio"]
        else:
            self.fields["portfolio"].queryset = portfolios  # type: ignore[attr-defined]
        self.cancel = Link("Cancel", back)


class CodesForm(GdsForm):
    """A code for each KPI of the set, in a table."""

    version = version_field()
    buttons = (Submit("Save the codes"),)

    def __init__(self, *args: Any, rows: Iterable[KpiYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        looks = {}
        for row in rows:
            name = f"code_{row.pk}"
            self.fields[name] = forms.RegexField(
                rf"^{CODE}$",
                label=f"Code of {row.name}",
                initial=row.code,
                error_messages={
                    "required": f"Enter a code for {row.name}",
                    "invalid": CODE_REFUSED,
                },
            )
            looks[name] = Look(width=10, hide_label=True)
        self.looks = looks

    def codes(self) -> dict[int, str]:
        """The codes typed, by the id of the KPI's next year."""
        typed = self.cleaned_data.items()
        return {int(name.removeprefix("code_")): value for name, value in typed if name.startswith("code_")}


class SendBackForm(GdsForm):
    """Why a set or a proposal goes back, and what is to change."""

    version = version_field()
    comment = CleanCharField(
        label="Why does it go back, and what is to change?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say why it goes back, and what is to change"},
    )
    looks = {"comment": Look(rows=3)}

    def __init__(self, *args: Any, move: str, words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buttons = (Submit(words, "move", move, "secondary"),)
