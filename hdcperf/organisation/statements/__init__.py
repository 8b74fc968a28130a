"""The accessibility statement and the privacy notice as they are when the product is set up.

Administrators edit them afterwards, so they are made only where they are absent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from hdcperf import clock

__all__ = ["SHIPPED", "ensure_statements"]

SHIPPED = {
    "accessibility": "Accessibility statement",
    "privacy": "Privacy notice",
}
"""Slug to title. The words are in the Markdown file of the same name beside this module."""


def shipped_words(slug: str) -> str:
    """The Markdown of a shipped statement, with the council's name in it."""
    words = Path(__file__).with_name(f"{slug}.md").read_text(encoding="utf-8")
    return words.replace("[council]", settings.COUNCIL_NAME)


def ensure_statements(statement: Any, historical: Any = None) -> int:
    """Make the statements that are absent and return how many were made.

    ``statement`` is the model, or a migration's state of it; that leaves no history by itself, so a migration gives
    the ``historical`` model as well.
    """
    made = 0
    for slug, title in SHIPPED.items():
        if statement.objects.filter(slug=slug).exists():
            continue
        facts = {"slug": slug, "title": title, "body": shipped_words(slug), "reviewed_on": clock.today()}
        row = statement(**facts)
        row._change_reason = "As the product was set up"
        row.save()
        made += 1
        if historical is not None:
            historical.objects.create(
                id=row.pk,
                **facts,
                history_type="+",
                history_date=clock.now(),
                history_change_reason="As the product was set up",
            )
    return made
