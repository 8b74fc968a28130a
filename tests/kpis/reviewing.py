"""Pressing the buttons of the review page of a return."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kpis.models import MonthlyReturn


def address(record: MonthlyReturn) -> str:
    return reverse("return-review", args=[record.measured, record.kpi_year.code])


def decide(client: Client, record: MonthlyReturn, name: str, **typed: Any) -> HttpResponse:
    return client.post(address(record), {"decide": name, **typed}, follow=True)


def text_of(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


def now(record: MonthlyReturn) -> MonthlyReturn:
    return MonthlyReturn.objects.get(pk=record.pk)
