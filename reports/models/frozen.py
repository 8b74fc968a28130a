"""What a pack was frozen as, and the files made of it: written once, and the same bytes ever after."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from hdcperf.history import AppendOnlyModel
from hdcperf.organisation.models import User
from reports.models.packs import Pack

__all__ = ["FrozenData", "PackFile"]

_A_DIGEST = Q(Exact(Length("sha256"), 64))


class FrozenData(AppendOnlyModel):
    """The text of a frozen pack, of its exempt annex or its supplement, or of what it issues (``reports.packs``).

    ``number`` counts the times the pack was frozen: its newest is what it prints, and earlier ones stay. Supplements
    are counted by themselves, over the versions of the pack: each came out after it and changes nothing of it.
    """

    class Kind(models.TextChoices):
        PACK = "pack", "Pack"
        ANNEX = "annex", "Exempt annex"
        SUPPLEMENT = "supplement", "Supplement"
        ISSUES = "issues", "What it issues"

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="frozen")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    sha256 = models.CharField("SHA-256 of the text", max_length=64)
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pack", "kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "kind", "number"], name="frozen_once_each_time"),
            models.CheckConstraint(
                condition=Q(kind__in=["pack", "annex", "supplement", "issues"]) & _A_DIGEST,
                name="frozen_data_has_its_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.pack}, frozen"


class PackFile(AppendOnlyModel):
    """A file made of frozen data, with its digest: what is served, today and in ten years."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Spreadsheet"
        CSV = "csv", "CSV"

    MEDIA_TYPES: ClassVar[dict[str, str]] = {
        "pdf": "application/pdf",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "csv": "text/csv; charset=utf-8",
    }

    frozen = models.ForeignKey(FrozenData, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=4, choices=Format.choices)
    content = models.BinaryField()
    sha256 = models.CharField("SHA-256 of the bytes", max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["frozen", "format"]
        constraints = [
            models.UniqueConstraint(fields=["frozen", "format"], name="one_file_of_a_format"),
            models.CheckConstraint(
                condition=Q(format__in=["pdf", "xlsx", "csv"]) & _A_DIGEST, name="file_has_its_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_format_display()} of {self.frozen}"
