"""``{% typed_by %}``: put in a form that holds somebody's words, so that an expired sign-in does not lose them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hdcperf.organisation.carrying import TYPED_BY, person_mark

register = template.Library()


@register.simple_tag(takes_context=True)
def typed_by(context: dict[str, Any]) -> SafeString:
    user = context["request"].user
    if not user.is_authenticated:
        return SafeString("")
    return format_html('<input type="hidden" name="{}" value="{}">', TYPED_BY, person_mark(user.pk))
