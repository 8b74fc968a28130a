"""Forgotten and changed passwords: Django's own views, with our forms and words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.contrib.messages.views import SuccessMessageMixin
from django.urls import reverse_lazy

from hdcperf.organisation.password_forms import (
    BETWEEN_MAILS,
    ChangePasswordForm,
    ForgottenPasswordForm,
    NewPasswordForm,
    can_send,
)
from hdcperf.organisation.queries import council
from hdcperf.ui import Link

__all__ = ["change", "choose", "forgotten", "sent"]

TO_SIGN_IN = Link("Back to signing in", str(settings.LOGIN_URL))


class Forgotten(views.PasswordResetView):
    form_class = ForgottenPasswordForm
    template_name = "organisation/password_forgotten.html"
    email_template_name = "organisation/password_email.txt"
    subject_template_name = "organisation/password_email_subject.txt"
    success_url = reverse_lazy("password-sent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"back": TO_SIGN_IN, "can_send": can_send(), "team_email": council().team_email}
        return super().get_context_data(**kwargs, **more)

    def form_valid(self, form: Any) -> Any:
        self.extra_email_context = {
            "product_name": settings.PRODUCT_NAME,
            "council_name": council().name,
            "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        }
        return super().form_valid(form)


class Sent(views.PasswordResetDoneView):
    template_name = "organisation/password_sent.html"
    extra_context = {
        "back": TO_SIGN_IN,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "minutes": BETWEEN_MAILS.seconds // 60,
    }


class Choose(SuccessMessageMixin, views.PasswordResetConfirmView):  # type: ignore[type-arg]
    form_class = NewPasswordForm
    template_name = "organisation/password_new.html"
    success_url = reverse_lazy("sign-in")
    success_message = "Your new password is saved. Sign in with it."
    extra_context = {"back": TO_SIGN_IN}


class Change(SuccessMessageMixin, views.PasswordChangeView):  # type: ignore[type-arg]
    form_class = ChangePasswordForm
    template_name = "organisation/password_change.html"
    success_url = reverse_lazy("home")
    success_message = "Your password is changed. Anywhere else you were signed in, you have to sign in again."
    extra_context = {"back": Link("Back to my tasks", "/")}


forgotten = Forgotten.as_view()
sent = Sent.as_view()
choose = Choose.as_view()
change = Change.as_view()
