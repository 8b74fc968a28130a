"""Signing in and out. In demo mode the page lists the example accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from urllib.parse import unquote

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from hdcperf.organisation import sign_in_limits as limits
from hdcperf.organisation.carrying import Carried, unpack
from hdcperf.organisation.models import User
from hdcperf.organisation.queries import DEMO_ACCOUNTS, demo_accounts
from hdcperf.ui import count_of

DEMO_PASSWORD = "demo"
WARNED_AT = 3
"""Tries left when the page says that there will be a pause."""
TOO_MANY_REQUESTS = 429
KEPT = "Your sign-in ran out. What you typed is kept: sign in again and it will be saved."


class SignInForm(forms.Form):
    """Email address and password. One error for both: the page does not say which accounts exist."""

    email = forms.CharField(
        label="Email address",
        max_length=254,
        error_messages={"required": "Enter your email address"},
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        max_length=200,
        strip=False,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if self.request is not None and "email" in cleaned and "password" in cleaned:
            found = authenticate(self.request, username=cleaned["email"], password=cleaned["password"])
            if found is None:
                raise forms.ValidationError(_why_not(self.request, cleaned["email"]))
            cleaned["user"] = found
        return cleaned


def _why_not(request: HttpRequest, email: str) -> str:
    """The same for every address, so that the page does not say which accounts exist."""
    if limits.is_paused(request):
        left = count_of(limits.minutes_left(request, email), "minute")
        return (
            f"There were too many wrong passwords, so signing in with this email address is paused. Try again in "
            f"{left}, or reset your password now."
        )
    wrong = "The email address or the password is not right. Check both and try again."
    tries = limits.tries_left(request)
    if tries > WARNED_AT:
        return wrong
    return f"{wrong} After {count_of(tries, 'more try', 'more tries')} signing in is paused for {_pause()}."


def _pause() -> str:
    return count_of(settings.AXES_COOLOFF_TIME // timedelta(minutes=1), "minute")


def sign_in_page(
    request: HttpRequest, *, form: SignInForm | None = None, carried: str = "", status: int = 200
) -> HttpResponse:
    """The sign-in page, carrying what was typed before a sign-in expired."""
    context = {
        "form": form or SignInForm(),
        "carried": [("carried", carried)] if carried else [],
        "notice": KEPT if carried else "",
        "next": request.GET.get("next", request.POST.get("next", "")),
        "demo_accounts": demo_accounts() if settings.DEMO_MODE else [],
        "demo_password": DEMO_PASSWORD,
    }
    return render(request, "organisation/sign_in.html", context, status=status)


@login_not_required
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, then go where the person was going, or post again what they had typed."""
    if request.method != "POST":
        return redirect("home") if request.user.is_authenticated else sign_in_page(request)
    carried = request.POST.get("carried", "")
    form = SignInForm(_demo_credentials(request) or request.POST, request=request)
    if not form.is_valid():
        status = TOO_MANY_REQUESTS if limits.is_paused(request) else 200
        return sign_in_page(request, form=form, carried=carried, status=status)
    user = cast(User, form.cleaned_data["user"])
    login(request, user)
    limits.tidy()
    if carried:
        return _post_again(request, user, unpack(carried))
    return HttpResponseRedirect(_safe_next(request))


def _demo_credentials(request: HttpRequest) -> dict[str, str] | None:
    """In demo mode a button beside each example account signs in as it."""
    email = request.POST.get("demo_account", "")
    if not settings.DEMO_MODE or not email.endswith(DEMO_ACCOUNTS):
        return None
    return {"email": email, "password": DEMO_PASSWORD}


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return resolve_url("home")


def _post_again(request: HttpRequest, user: User, carried: Carried | None) -> HttpResponse:
    """Hand the carried form to its page as if it had been posted now; somebody else's is not posted."""
    if carried is None or carried.user_id != user.pk:
        messages.warning(request, "What was typed before was not saved, because a different person signed in.")
        return redirect("home")
    # The address was kept as it is written in a link: a code's space is %20 there.
    path = unquote(carried.path.split("?")[0])
    match = resolve(path)
    request.POST = carried.data  # type: ignore[assignment]
    request.path = request.path_info = path
    request.resolver_match = match
    user.__dict__.pop("standing", None)
    return cast(HttpResponse, match.func(request, *match.args, **match.kwargs))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; somebody whose sign-in ran out is out already."""
    logout(request)
    return redirect("sign-in")
