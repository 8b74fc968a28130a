"""What a return still lacks before it can be submitted, field by field (framework C.2.1, E.1)."""

from __future__ import annotations

from collections.abc import Iterator

from kpis.rules.facts import Check, ReturnFacts, error, lower_first
from kpis.rules.figures import Entry, NothingToMeasure

__all__ = ["submission_errors"]


def submission_errors(facts: ReturnFacts) -> list[Check]:
    """What is missing, field by field, for the return to be submitted."""
    if facts.no_data:
        return list(_no_data_missing(facts))
    return [*_figure_missing(facts), *_words_missing(facts), *_forecast_missing(facts)]


def _no_data_missing(facts: ReturnFacts) -> Iterator[Check]:
    if not facts.no_data_reason.strip():
        yield error("no_data_reason_missing", "no_data_reason", "There is no figure.", "Say why there is no figure.")
    if facts.no_data_until is None:
        yield error(
            "no_data_until_missing",
            "no_data_until",
            "There is no figure.",
            "Enter the date you expect to have it.",
        )
    elif facts.today is not None and facts.no_data_until < facts.today:
        yield error(
            "no_data_until_past",
            "no_data_until",
            "The date you expect the figure is in the past.",
            "Enter a date from today on.",
        )


def _figure_missing(facts: ReturnFacts) -> Iterator[Check]:
    if facts.entry is Entry.VALUE:
        if facts.value is None:
            yield error(
                "value_missing",
                "value",
                f"There is no figure for {facts.month}.",
                "Enter the figure, or tick that there is no figure and say why.",
            )
        return
    labels = {
        "numerator": facts.numerator_label or "the numerator",
        "denominator": facts.denominator_label or "the denominator",
    }
    for field, label in labels.items():
        if getattr(facts, field) is None:
            yield error(
                f"{field}_missing",
                field,
                f"There is no figure for {label} in {facts.month}.",
                f"Enter {lower_first(label)}, or tick that there is no figure and say why.",
            )


def _words_missing(facts: ReturnFacts) -> Iterator[Check]:
    if not facts.what_happened.strip():
        yield error(
            "what_happened_missing",
            "what_happened",
            "The commentary does not say what happened.",
            "Say what happened this month.",
        )
    if not facts.why.strip() and not isinstance(facts.figure, NothingToMeasure):
        yield error(
            "why_missing",
            "why",
            "The commentary does not say why.",
            "Say what caused the figure to be what it is.",
        )
    if not facts.rag.is_off_target:
        return
    stands = f"The figure is {facts.rag.label.lower()}"
    if not facts.being_done.strip():
        yield error(
            "being_done_missing",
            "being_done",
            f"{stands}, and the commentary does not say what is being done about it.",
            "Say what is being done.",
        )
    if facts.done_by is None:
        yield error(
            "done_by_missing",
            "done_by",
            f"{stands}, and there is no date for what is being done.",
            "Enter the date it will be done by.",
        )
    if not facts.done_owner.strip():
        yield error(
            "done_owner_missing",
            "done_owner",
            f"{stands}, and nobody is named as doing something about it.",
            "Name the person who will see it done.",
        )


def _forecast_missing(facts: ReturnFacts) -> Iterator[Check]:
    if facts.forecast_needed and facts.forecast is None:
        yield error(
            "forecast_missing",
            "forecast",
            "There is no forecast for the end of the year.",
            "Enter the figure you expect the year to end at.",
        )
