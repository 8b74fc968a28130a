"""Forms in the GOV.UK style: fields that answer bad input with a sentence, and base classes that render whole."""

from hdcperf.forms.base import GdsFilterForm, GdsForm, GdsFormSet, GdsMixin, GdsModelForm, Look, Submit
from hdcperf.forms.fields import CleanCharField, DateBoxes, DateField, DateTextField, DecimalTextField, browser_length

__all__ = [
    "CleanCharField",
    "DateBoxes",
    "DateField",
    "DateTextField",
    "DecimalTextField",
    "GdsFilterForm",
    "GdsForm",
    "GdsFormSet",
    "GdsMixin",
    "GdsModelForm",
    "Look",
    "Submit",
    "browser_length",
]
