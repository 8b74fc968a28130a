"""Charts in a real browser, under the product's own Content Security Policy.

The `new_context` fixture fails a test on anything the policy stops and on any script that fails.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import path
from playwright.sync_api import BrowserContext, Page, Route, expect

from hdcperf.charts import Break, Event, Forecast, KpiChart, Level, Limits, Point, present, rag_bar, sparkline
from tests.browser import axe, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

POINTS = (
    Point("April 2026", "Apr", Decimal("41.2"), "Green", level=Level(Decimal(45), Decimal(50))),
    Point("May 2026", "May", Decimal("47"), "Amber", "r", Level(Decimal(45), Decimal(50)), Decimal(44)),
    Point("June 2026", "Jun", None, "", "", Level(Decimal(45), Decimal(50)), Decimal(46)),
    Point("July 2026", "Jul", Decimal("52.9"), "Red", "p", Level(Decimal(42), Decimal(48)), Decimal(43)),
    Point("August 2026", "Aug", Decimal("44"), "Amber", "", Level(Decimal(42), Decimal(48)), Decimal(42)),
    Point("September 2026", "Sep", None, missing="Not yet due"),
)
FULL = KpiChart(
    "Missed bins <per 100,000>",
    POINTS,
    decimals=1,
    this_label="2026/27",
    last_label="2025/26",
    events=(Event("May 2026", "A flood"), Event("July 2026", "New rounds")),
    breaks=(Break("August 2026", "Counted differently"),),
    forecast=Forecast(Decimal(46), "Amber"),
    limits=Limits(Decimal(38), Decimal(54), "Ordinary months"),
)
RANGE = replace(
    FULL,
    title="Turnover",
    suffix="%",
    points=tuple(replace(point, level=Level(*map(Decimal, (42, 40, 46, 50)))) for point in POINTS),
)


@login_not_required
def charts(request: HttpRequest) -> HttpResponse:
    views = [
        present(FULL, "chart-one"),
        present(RANGE, "chart-two", hide_table=True),
        present(KpiChart("None", ()), "e"),
    ]
    parts = [render_to_string("components/chart.html", {"chart": view}) for view in views]
    parts += [f"<p>{sparkline([Decimal(4), None, Decimal(9)], 'Red', Decimal(5))}</p>"]
    parts += [rag_bar({"Green": 18, "Amber": 6, "Red": 3, "No data": 2, "Not judged": 1}, "October 2026")]
    head = f'<title>Charts</title><link rel="stylesheet" href="{static("build/main.css")}">'
    viewport = '<meta name="viewport" content="width=device-width">'
    main = f'<main class="govuk-width-container"><h1>Charts</h1>{"".join(parts)}</main>'
    return HttpResponse(f'<!DOCTYPE html><html lang="en-GB"><head>{viewport}{head}</head><body>{main}</body></html>')


urlpatterns = [path("charts/", charts)]


def drawn(page: Page) -> None:
    expect(page.locator(".app-chart--live .main-svg").first).to_be_visible()
    expect(page.locator(".app-chart--live")).to_have_count(2)


def test_plotly_takes_the_place_of_the_still_picture(page: Page) -> None:
    page.goto("/charts/")
    drawn(page)
    one = page.locator("#chart-one")
    expect(one.locator(".app-chart__still--wide")).to_be_hidden()
    expect(one.locator(".app-chart__live")).to_have_attribute(
        "aria-label", re.compile("^Missed bins .* August 2026: 44")
    )
    expect(one.locator(".modebar-btn")).to_have_count(0)
    assert axe(page) == []


def test_hover_shows_month_figure_target_and_rag(page: Page) -> None:
    page.goto("/charts/")
    drawn(page)
    box = page.locator("#chart-one .scatterlayer .trace .points path").nth(1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2 - 8, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    shown = page.locator("#chart-one .hovertext")
    for words in ("May 2026", "47.0", "Target 45.0", "Intervention level 50.0", "Amber", "Revised"):
        expect(shown).to_contain_text(words)


def test_the_chart_follows_the_width_of_its_window(page: Page) -> None:
    page.goto("/charts/")
    drawn(page)
    page.set_viewport_size({"width": 660, "height": 800})
    page.wait_for_function("document.querySelector('#chart-one .main-svg').clientWidth < 640")
    assert overflow(page) <= 0


def test_a_small_screen_keeps_the_still_picture_and_fetches_no_plotly(narrow_page: Page) -> None:
    fetched: list[str] = []
    narrow_page.on("request", lambda request: fetched.append(request.url))
    narrow_page.goto("/charts/", wait_until="networkidle")
    expect(narrow_page.locator("#chart-one .app-chart__still--narrow")).to_be_visible()
    expect(narrow_page.locator("#chart-one .app-chart__still--wide")).to_be_hidden()
    assert any("chart" in address for address in fetched)
    assert not any("plotly" in address for address in fetched)
    assert overflow(narrow_page) <= 0
    assert axe(narrow_page) == []


def test_without_scripts_the_picture_and_the_table_are_there(plain_page: Page) -> None:
    plain_page.goto("/charts/")
    expect(plain_page.locator("#chart-one .app-chart__still--wide svg")).to_be_visible()
    expect(plain_page.locator("#chart-one-table tbody tr")).to_have_count(len(POINTS) + 1)
    expect(plain_page.locator("#chart-one-table")).to_contain_text("Not yet due")


def test_the_still_picture_stays_when_plotly_does_not_load(page: Page) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/plotly-basic*", refuse)
    with page.expect_console_message(lambda message: "still picture" in message.text):
        page.goto("/charts/")
    expect(page.locator("#chart-one .app-chart__still--wide")).to_be_visible()
    expect(page.locator("#chart-one .app-chart__live")).to_be_hidden()


def test_the_still_picture_stays_when_plotly_fails(page: Page) -> None:
    def broken(route: Route) -> None:
        route.fulfill(
            content_type="text/javascript", body="window.Plotly = {newPlot () { return Promise.reject(Error('no')) }}"
        )

    page.route("**/plotly-basic*", broken)
    with page.expect_console_message(lambda message: "still picture" in message.text):
        page.goto("/charts/")
    expect(page.locator("#chart-one .app-chart__still--wide")).to_be_visible()


def test_paper_gets_the_still_picture(page: Page) -> None:
    page.goto("/charts/")
    drawn(page)
    page.emulate_media(media="print")
    expect(page.locator("#chart-one .app-chart__still--wide")).to_be_visible()
    expect(page.locator("#chart-one .app-chart__live")).to_be_hidden()


def test_nothing_is_sent_anywhere_else(new_context: Callable[..., BrowserContext], live_server: Any) -> None:
    page = new_context().new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto("/charts/", wait_until="networkidle")
    drawn(page)
    assert hosts == {live_server.url.split("/")[2]}
