"""The one place that configures django-simple-history, and the rows that nobody may change.

Every model a person can change declares ``history = tracked()``, ``objects = TrackedManager()`` (or a manager made
from a ``TrackedQuerySet``) and ``base_manager_name = "objects"``. Bulk writes leave no history, so tracked models
refuse them; reverse ``add()`` and ``SET_NULL`` would slip past otherwise, which is why the base manager is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, NoReturn, TypeVar

from django.db import models
from django.dispatch import receiver
from simple_history.manager import HistoricalQuerySet, HistoryManager
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from hdcperf import clock

__all__ = [
    "AppendOnlyManager",
    "AppendOnlyModel",
    "AppendOnlyQuerySet",
    "HistoryRefused",
    "TrackedManager",
    "TrackedQuerySet",
    "delete_as",
    "save_as",
    "tracked",
]

M = TypeVar("M", bound=models.Model)


class HistoryRefused(RuntimeError):
    """Raised by a write that would leave no history, or would change history itself."""


class TrackedQuerySet(models.QuerySet[M]):
    """A query set whose writes always leave history: bulk writes are refused."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise HistoryRefused(f"{self.model.__name__} is tracked: change rows one at a time with save_as().")

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> NoReturn:
        raise HistoryRefused(f"{self.model.__name__} is tracked: make rows one at a time with save_as().")

    def bulk_update(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> NoReturn:
        raise HistoryRefused(f"{self.model.__name__} is tracked: change rows one at a time with save_as().")


TrackedManager = models.Manager.from_queryset(TrackedQuerySet)
"""The default manager of a tracked model that needs no queries of its own."""


class AppendOnlyQuerySet(models.QuerySet[M]):
    """Rows that are written once: no update, no deletion."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise HistoryRefused(f"{self.model.__name__} rows are kept as they were written.")

    def bulk_update(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> NoReturn:
        raise HistoryRefused(f"{self.model.__name__} rows are kept as they were written.")

    def delete(self) -> NoReturn:
        raise HistoryRefused(f"{self.model.__name__} rows are kept as they were written.")


class HistoryQuerySet(AppendOnlyQuerySet[Any], HistoricalQuerySet):  # type: ignore[misc]
    """What ``record.history`` gives: django-simple-history's own reads, and no writes."""


AppendOnlyManager = models.Manager.from_queryset(AppendOnlyQuerySet)
"""The default manager of rows that nobody may change."""


class AppendOnlyModel(models.Model):
    """A row that is written once and never changed: transitions, and history itself."""

    objects = AppendOnlyManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise HistoryRefused(f"{type(self).__name__} rows are kept as they were written.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise HistoryRefused(f"{type(self).__name__} rows are kept as they were written.")


class HistoryRow(AppendOnlyModel):
    """What every history row carries besides the model's own fields: the person's name as it was then."""

    history_by_name = models.CharField("changed by", max_length=200, blank=True)

    class Meta:
        abstract = True


class HistoryManagerMadeOnce(HistoryManager):  # type: ignore[misc]
    """What ``record.history`` is made from: the library makes a class of it at every use, which is half of a save."""

    @classmethod
    @cache
    def from_queryset(cls, *args: Any, **kwargs: Any) -> Any:
        return super().from_queryset(*args, **kwargs)


def tracked(*, excluded_fields: Iterable[str] = ()) -> HistoricalRecords:
    """Return the history of a model, leaving out ``excluded_fields`` (a password, say)."""
    return HistoricalRecords(
        bases=[HistoryRow],
        history_manager=HistoryManagerMadeOnce,
        historical_queryset=HistoryQuerySet,
        excluded_fields=list(excluded_fields),
        history_change_reason_field=models.TextField(blank=True, default="", verbose_name="reason"),
    )


@receiver(pre_create_historical_record)
def keep_the_name(sender: Any, history_instance: Any, **kwargs: Any) -> None:
    """Stamp a history row with the product's own clock, and with the person's name, which outlives the account."""
    history_instance.history_date = clock.now()
    history_instance.history_change_reason = history_instance.history_change_reason or ""
    person = history_instance.history_user
    history_instance.history_by_name = person.name if person is not None else ""


def save_as(record: models.Model, *, by: Any, reason: str = "") -> None:
    """Save ``record`` with ``by`` and ``reason`` on its history row (set before saving: afterwards is unsafe)."""
    record._history_user = by  # type: ignore[attr-defined]
    record._change_reason = reason  # type: ignore[attr-defined]
    record.save()


def delete_as(record: models.Model, *, by: Any, reason: str) -> None:
    """Delete ``record`` with ``by`` and ``reason`` on its last history row; its history stays."""
    record._history_user = by  # type: ignore[attr-defined]
    record._change_reason = reason  # type: ignore[attr-defined]
    record.delete()
