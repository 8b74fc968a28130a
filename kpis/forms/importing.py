"""Sending a file, and saying which of its columns holds what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField

from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from hdcperf.importing import Table
from hdcperf.importing.reading import MAX_BYTES
from hdcperf.periods import MONTH_NAMES
from hdcperf.ui import Link
from kpis.importing import Mapping
from kpis.importing.fields import GROUPS, columns
from kpis.importing.planning import month_headings
from kpis.models import ImportMapping
from kpis.rules.figures import Unit, YtdRule

__all__ = ["ColumnsForm", "UploadForm"]

MEGABYTES = MAX_BYTES // 1024 // 1024
SAMPLES = 3


class UploadForm(GdsForm):
    """A CSV or XLSX file, and the mapping its columns are read by."""

    file = forms.FileField(
        label="File",
        help_text=f"CSV or Excel (.xlsx), up to {MEGABYTES} MB and 5,000 rows. The first row names the columns.",
        error_messages={
            "required": "Choose a CSV or Excel file",
            "empty": "The file is empty.",
            "invalid": "Choose a CSV or Excel file",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    mapping = forms.ModelChoiceField(
        label="How its columns are read",
        queryset=ImportMapping.objects.none(),
        required=False,
        empty_label="By their headings",
        help_text="Choose what was saved the last time a file like this was imported.",
    )
    looks = {"file": Look(size="m"), "mapping": Look(size="m")}
    buttons = (Submit("Send the file"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mapping"].queryset = ImportMapping.objects.all()  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        sent: UploadedFile = self.cleaned_data["file"]
        if (sent.size or 0) > MAX_BYTES:
            raise ValidationError(f"The file is larger than {MEGABYTES} MB. Split it, for example by year.")
        return sent


class ColumnsForm(GdsForm):
    """One choice for each column of the file, then how values are read, and the name to keep all that under."""

    year_starts_in = forms.TypedChoiceField(
        label="Years in this file start in",
        choices=list(enumerate(MONTH_NAMES, start=1)),
        coerce=int,
    )
    same_code = forms.ChoiceField(
        label="How is a KPI known from one year to the next?",
        choices=(("name", "By its name"), ("code", "By its code")),
        widget=forms.RadioSelect,
        help_text="A column with each KPI’s reference, where there is one, goes before either.",
    )
    nought_is_no_target = forms.BooleanField(label="A target of 0 means that there is no target", required=False)
    rule_from_published = forms.BooleanField(
        label="Tell how months make the year from the years to date in the file",
        required=False,
        help_text="For a KPI that is new and has no column that says so. Otherwise its unit decides, as below.",
    )
    create_services_in = CleanCharField(
        label="Directorate to create new services in",
        max_length=200,
        required=False,
        help_text="Leave it empty to refuse rows of a service that is not known.",
    )
    name = CleanCharField(
        label="Keep these choices under the name",
        max_length=100,
        help_text="To use them again next time. A name already used is brought up to date.",
    )
    looks = {
        "same_code": Look(
            hints={"name": "Codes are renumbered and used again.", "code": "Each code is one KPI’s, in every year."}
        ),
    }
    buttons = (Submit("Preview the import"),)

    def __init__(self, *args: Any, table: Table, mapping: Mapping, name: str, cancel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table, self.mapping = table, mapping
        self.months = set(month_headings(table.headings, mapping.columns))
        options = mapping.options
        self.initial = {
            "year_starts_in": options.year_starts_in,
            "same_code": "code" if options.same_code_same_kpi else "name",
            "nought_is_no_target": options.nought_is_no_target,
            "rule_from_published": options.rule_from_published,
            "create_services_in": options.create_services_in,
            "name": name,
        }
        by_heading = {heading: field for field, heading in mapping.columns.items()}
        for number, heading in enumerate(table.headings):
            self.fields[f"column_{number}"] = self._column(heading)
            self.initial[f"column_{number}"] = by_heading.get(heading, "")
        for unit in Unit:
            self.fields[f"rule_{unit.value}"] = forms.ChoiceField(
                label=unit.label,
                choices=[(rule.value, rule.label) for rule in YtdRule],
            )
            self.initial[f"rule_{unit.value}"] = options.rules[unit.value]
        self.cancel = Link("Cancel", cancel)

    def _column(self, heading: str) -> forms.ChoiceField:
        grouped: list[Any] = [("", "A month’s figure" if heading in self.months else "Nothing: leave it out")]
        for group in GROUPS:
            grouped.append((group, [(one.name, one.label) for one in columns() if one.group == group]))
        samples = dict.fromkeys(row.cells.get(heading, "") for row in self.table.rows[:200])
        shown = [sample[:40] for sample in samples if sample][:SAMPLES]
        return forms.ChoiceField(
            label=heading,
            choices=grouped,
            required=False,
            help_text=f"For example: {'; '.join(shown)}" if shown else "The column is empty.",
        )

    def column_fields(self) -> Iterator[BoundField]:
        """One field for each column of the file, in its order."""
        return (self[f"column_{number}"] for number in range(len(self.table.headings)))

    def rule_fields(self) -> Iterator[BoundField]:
        """The year-to-date rule of new KPIs of each unit."""
        return (self[f"rule_{unit.value}"] for unit in Unit)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen: dict[str, str] = {}
        for number, heading in enumerate(self.table.headings):
            field = cleaned.get(f"column_{number}")
            if not field:
                continue
            if field in chosen:
                label = next(one.label for one in columns() if one.name == field)
                self.add_error(f"column_{number}", f"“{label}” is already read from “{chosen[field]}”.")
            chosen.setdefault(field, heading)
        cleaned["columns"] = chosen
        if not self.errors:
            for sentence in Mapping(chosen, self.mapping.options).refusals(self.table.headings).values():
                self.add_error("column_0", sentence)
        return cleaned

    def chosen(self) -> Mapping:
        """The mapping as it was filled in."""
        cleaned = self.cleaned_data
        options = replace(
            self.mapping.options,
            year_starts_in=cleaned["year_starts_in"],
            same_code_same_kpi=cleaned["same_code"] == "code",
            nought_is_no_target=cleaned["nought_is_no_target"],
            rule_from_published=cleaned["rule_from_published"],
            create_services_in=" ".join(cleaned["create_services_in"].split()),
            sheet=self.table.sheet,
            rules={unit.value: cleaned[f"rule_{unit.value}"] for unit in Unit},
        )
        return Mapping(cleaned["columns"], options)
