"""One row of the grid of returns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kpis.forms.entering import PROMPT_FIELDS, ReturnForm

__all__ = ["GridRowForm"]


class GridRowForm(ReturnForm):
    """One row of the grid: the figure, the forecast and the two prompts that every return needs."""

    KEPT = ("value", "numerator", "denominator", "forecast", *PROMPT_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in self.KEPT]:
            del self.fields[name]
        for one in self.fields.values():
            one.help_text = ""
        looks = {name: replace(self.looks[name], rows=2) for name in self.fields}
        # A long unit would leave no room for the figure.
        short = {name: look if len(look.suffix) <= 4 else replace(look, suffix="") for name, look in looks.items()}
        self.looks = short
