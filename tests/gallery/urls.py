"""The gallery's addresses, used with ``settings.ROOT_URLCONF``."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tests.gallery import views


def nothing(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [
    *(path(f"gallery/{name}/", view, name=name) for name, view in views.PAGES.items()),
    path("", nothing, name="home"),
    path("sign-in/", nothing, name="sign-in"),
    path("sign-out/", nothing, name="sign-out"),
    path("about/<slug:slug>/", nothing, name="page"),
]
