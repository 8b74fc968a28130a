"""Forms of a pack: which to begin, its sections, meeting, covering report, waivers, annex, comments and reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from hdcperf.review.forms import version_field
from hdcperf.ui import Link
from reports.models import Meeting, PackAnnex
from reports.packs.sections import ALWAYS, COVER_HEADINGS, Audience, SectionKey
from reports.rules.pack_checks import CONFIRMED

__all__ = [
    "AnnexForm",
    "BeginForm",
    "CommentForm",
    "CorrectForm",
    "CoverForm",
    "MeetingForm",
    "SectionsForm",
    "UnfreezeForm",
    "WaiveForm",
]

WORDS = 8000
REASON = 2000


class BeginForm(GdsForm):
    """Whose pack, and of which period."""

    audience = forms.ChoiceField(
        label="Who is it for?",
        choices=[(one.value, one.label) for one in Audience],
        widget=forms.RadioSelect,
        error_messages={"required": "Select who the pack is for"},
    )
    period = forms.ChoiceField(label="Period")
    buttons = (Submit("Begin the pack"),)

    def __init__(self, *args: Any, periods: Iterable[tuple[str, str]], back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [("", "Choose a period"), *periods]  # type: ignore[attr-defined]
        self.cancel = Link("Cancel", back)


class SectionsForm(GdsForm):
    """A place for each section, in a table of small boxes; an empty one leaves the section out."""

    version = version_field()
    orientation = forms.ChoiceField(
        label="Pages", choices=[("portrait", "Upright"), ("landscape", "Sideways")], widget=forms.RadioSelect
    )
    buttons = (Submit("Save the sections"),)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        looks = {"orientation": Look(inline=True)}
        for key in SectionKey:
            self.fields[f"place_{key.value}"] = forms.IntegerField(
                label=key.label,
                required=False,
                min_value=1,
                max_value=99,
                help_text="Every pack has it." if key in ALWAYS else "",
                error_messages={"invalid": f"The place of “{key.label}” must be a whole number, for example 3"},
            )
            looks[f"place_{key.value}"] = Look(width=2)
        self.looks = looks
        self.order_fields(["version", *(f"place_{key.value}" for key in SectionKey), "orientation"])
        self.cancel = Link("Cancel", back)

    def sections(self) -> list[str]:
        """The sections given a place, in the order of their places."""
        placed = [(self.cleaned_data.get(f"place_{key.value}"), at, key.value) for at, key in enumerate(SectionKey)]
        return [key for place, _, key in sorted(one for one in placed if one[0] is not None)]

    @staticmethod
    def places(chosen: Iterable[SectionKey]) -> dict[str, int]:
        """The first values of the boxes."""
        return {f"place_{key.value}": at for at, key in enumerate(chosen, start=1)}


class MeetingChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.in_a_list)


class MeetingForm(GdsForm):
    """Which meeting it goes to; and the chair's reason, where it goes as a late item."""

    version = version_field()
    meeting = MeetingChoice(
        queryset=Meeting.objects.none(), label="Meeting", empty_label="No meeting yet", required=False
    )
    late_reason = CleanCharField(
        label="The chair’s reason for taking it as a late item",
        max_length=REASON,
        widget=forms.Textarea,
        required=False,
        help_text="Only if it will be published fewer than five clear working days before. It is printed.",
    )
    looks = {"late_reason": Look(rows=3)}

    def __init__(self, *args: Any, meetings: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]
        self.cancel = Link("Cancel", back)


class CoverForm(GdsForm):
    """The covering report under its usual headings."""

    version = version_field()
    buttons = (Submit("Save the covering report"),)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        looks = {}
        for key, heading in COVER_HEADINGS.items():
            self.fields[key] = CleanCharField(label=heading, max_length=WORDS, widget=forms.Textarea, required=False)
            looks[key] = Look(rows=10 if key in ("summary", "recommendations") else 4, size="m")
        self.looks = looks
        self.cancel = Link("Cancel", back)

    def words(self) -> Mapping[str, str]:
        return {key: self.cleaned_data[key] for key in COVER_HEADINGS}


class WaiveForm(GdsForm):
    """Why a check need not be met; for places and dates, what was checked."""

    version = version_field()
    reason = CleanCharField(
        label="Why need it not be met?",
        max_length=REASON,
        widget=forms.Textarea,
        help_text="It is printed in the pack, with your post.",
        error_messages={"required": "Say why it need not be met"},
    )
    looks = {"reason": Look(rows=3)}
    buttons = (Submit("Waive the check"),)

    def __init__(self, *args: Any, check: str, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = Link("Cancel", back)
        if check == CONFIRMED:
            self.fields["reason"].label = "What did you check, and against what?"
            self.fields["reason"].error_messages["required"] = "Say what you checked, and against what"
            self.buttons = (Submit("Say that it is checked"),)


class AnnexForm(GdsForm):
    """An exempt annex: for entitled members only."""

    version = version_field()
    title = CleanCharField(label="Title", max_length=200)
    paragraph = forms.ChoiceField(
        label="Paragraph of Part 1 of Schedule 12A",
        choices=PackAnnex.Paragraph.choices,
        widget=forms.RadioSelect,
        help_text="Local Government Act 1972.",
    )
    public_interest = CleanCharField(
        label="Why does keeping it back outweigh the public interest in disclosing it?",
        max_length=REASON,
        widget=forms.Textarea,
        help_text="This is public: it is printed in the pack.",
        error_messages={"required": "Say why keeping it back outweighs the public interest"},
    )
    words = CleanCharField(
        label="What the annex says",
        max_length=WORDS,
        widget=forms.Textarea,
        help_text="Read by entitled members and the officers who put packs together, and by nobody else.",
        error_messages={"required": "Enter what the annex says"},
    )
    looks = {"paragraph": Look(small=True), "public_interest": Look(rows=3), "words": Look(rows=10)}
    buttons = (Submit("Save the annex"),)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = Link("Cancel", back)


class CommentForm(GdsForm):
    """What a portfolio holder or a statutory officer says of the draft."""

    words = CleanCharField(
        label="Your comment",
        max_length=REASON,
        widget=forms.Textarea,
        help_text="It is printed in the pack with your post. It changes no figure and no colour.",
        error_messages={"required": "Enter your comment"},
    )
    looks = {"words": Look(rows=4, count=True)}
    buttons = (Submit("Add the comment", "act", "comment"),)


class UnfreezeForm(GdsForm):
    """Why a frozen pack goes back to a draft."""

    version = version_field()
    comment = CleanCharField(
        label="Why does it go back to a draft?",
        max_length=REASON,
        widget=forms.Textarea,
        error_messages={"required": "Say why it goes back to a draft"},
    )
    looks = {"comment": Look(rows=3)}
    buttons = (Submit("Take it back to a draft", "act", "unfreeze", "secondary"),)


class CorrectForm(GdsForm):
    """Why a pack that went out is corrected."""

    reason = CleanCharField(
        label="What was wrong, and why is it corrected?",
        max_length=REASON,
        widget=forms.Textarea,
        help_text="It is printed in the new version, above the list of what changed.",
        error_messages={"required": "Say what was wrong, and why it is corrected"},
    )
    looks = {"reason": Look(rows=3)}
    buttons = (Submit("Begin a corrected version"),)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = Link("Cancel", back)
