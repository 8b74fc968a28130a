"""Passwords: asking for a link by e-mail, choosing a new one, changing one's own. Django's forms, in our look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm, SetPasswordForm
from django.core.cache import cache
from django.core.exceptions import ValidationError

from hdcperf.forms import GdsMixin, Submit
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.organisation.queries import is_demo_account
from hdcperf.organisation.sign_in_limits import forgive

__all__ = ["LONGEST", "ChangePasswordForm", "ForgottenPasswordForm", "NewPasswordForm"]

LONGEST = 200
"""Characters a password may have: signing in takes no more."""
BETWEEN_MAILS = timedelta(minutes=5)
"""A link is sent to one person at most this often, so that nobody can fill another's inbox."""
_NOT_THE_SAME = {"password_mismatch": "The two new passwords are not the same. Type it twice."}
_HINT = "At least 12 characters. Three words that you will remember are better than one with symbols in it."


def _new_password(label: str, missing: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        strip=False,
        help_text=hint,
        error_messages={"required": missing, "max_length": f"A password can have at most {LONGEST} characters"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ForgottenPasswordForm(GdsMixin, PasswordResetForm):
    """Asks where to send the link. The answer is the same whether or not there is such an account."""

    email = forms.EmailField(
        label="Email address",
        max_length=254,
        error_messages={"required": "Enter your email address"},
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    buttons = (Submit("Send me a link"),)

    def get_users(self, email: str) -> Iterator[User]:
        """The people to write to; not one who was written to just now, and in demo mode no example account."""
        for user in super().get_users(email):
            if not is_demo_account(user) and cache.add(f"password-link-{user.pk}", True, BETWEEN_MAILS.seconds):
                yield user


class _ChoosesPassword(GdsMixin, SetPasswordForm):  # type: ignore[type-arg]
    """A new password, typed twice."""

    error_messages: dict[str, Any] = _NOT_THE_SAME
    new_password1 = _new_password("New password", "Enter your new password", _HINT)
    new_password2 = _new_password("New password again", "Enter your new password again")

    def clean(self) -> dict[str, Any]:
        if is_demo_account(self.user):
            raise ValidationError("An example account keeps the password that is printed on the sign-in page.")
        return super().clean() or {}

    def save(self, commit: bool = True) -> User:
        """Keep it, with whose doing it was, and let them sign in with it at once."""
        user: User = self.user
        user.set_password(self.cleaned_data["new_password1"])
        save_as(user, by=user, reason=self.reason)
        forgive(user.email)
        return user

    reason = ""


class NewPasswordForm(_ChoosesPassword):
    """After following the link that was sent by e-mail."""

    reason = "Chose a new password by e-mail"
    buttons = (Submit("Save the new password"),)


class ChangePasswordForm(_ChoosesPassword, PasswordChangeForm):
    """While signed in: the password as it is now, then the new one."""

    error_messages: dict[str, Any] = {
        **_NOT_THE_SAME,
        "password_incorrect": "That is not your password as it is now",
    }
    old_password = forms.CharField(
        label="Your password now",
        max_length=LONGEST,
        strip=False,
        error_messages={"required": "Enter your password as it is now"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old_password", "new_password1", "new_password2")
    reason = "Changed their password"
    buttons = (Submit("Change password"),)


def can_send() -> bool:
    """Whether this installation sends e-mail, or shows what it would send in the console of a developer."""
    return bool(settings.EMAIL_HOST) or settings.DEBUG
