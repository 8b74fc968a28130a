"""What the golden thread is narrowed to, kept in the address."""

from __future__ import annotations

from hdcperf.forms import CleanCharField, GdsFilterForm

__all__ = ["ThreadForm"]


class ThreadForm(GdsFilterForm):
    about = CleanCharField(label="Action or KPI, by code or name", max_length=100, required=False)

    def asked(self) -> str:
        """What was asked for; nothing when it was refused."""
        self.is_valid()
        text: str = self.cleaned_data.get("about", "")
        return text
