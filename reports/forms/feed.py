"""A new key to the feed."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from reports.models import FeedKey

__all__ = ["FeedKeyForm"]


class FeedKeyForm(GdsForm):
    name = CleanCharField(
        label="What will read the feed",
        max_length=100,
        help_text="For example: the council’s Power BI.",
        error_messages={"required": "Say what will read the feed"},
    )
    looks = {"name": Look()}
    buttons = (Submit("Make a key"),)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if FeedKey.objects.filter(name=name).exists():
            raise ValidationError(
                "There is a key of that name: give this one another, so that they can be told apart."
            )
        return name
