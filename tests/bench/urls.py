"""The product's addresses, and a bare page of the same template to compare them with."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

BARE = engines["django"].from_string('{% extends "base.html" %}{% block title %}Bare page{% endblock %}')


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BARE.render({}, request))


urlpatterns = [path("bare/", bare, name="bare"), path("", include("hdcperf.urls"))]
