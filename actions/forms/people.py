"""Choosing the officer who answers for an action."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any

from hdcperf.organisation.forms import PersonField
from hdcperf.organisation.models import User

__all__ = ["OfficerField"]


class OfficerField(PersonField):
    """A person by name; by address too only where two have the same name, so that a choice fits a narrow screen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Responsible officer")
        super().__init__(queryset=User.objects.filter(is_active=True), empty_label="Choose a person", **kwargs)

    @cached_property
    def _shared(self) -> frozenset[str]:
        assert self.queryset is not None
        names = Counter(self.queryset.values_list("name", flat=True))
        return frozenset(name for name, times in names.items() if times > 1)

    def label_from_instance(self, obj: Any) -> str:
        return super().label_from_instance(obj) if obj.name in self._shared else str(obj.name)
