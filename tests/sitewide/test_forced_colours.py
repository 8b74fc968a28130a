"""Where the system forces its own colours (Windows' contrast themes), nothing is lost: words, shapes, edges, focus.

Looked at as pictures, in a light theme and in a dark one: what has the colour of the ground behind it is gone.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.gallery.urls import urlpatterns as gallery
from tests.sitewide.test_charts_browser import urlpatterns as charts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

urlpatterns = [*gallery, *charts]

LOOK = """async ([picture, ratio]) => {
  const image = new Image()
  image.src = 'data:image/png;base64,' + picture
  await image.decode()
  const sheet = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height})
  const pen = sheet.getContext('2d')
  pen.drawImage(image, 0, 0)
  const data = pen.getImageData(0, 0, image.width, image.height).data
  const light = at => {
    const [r, g, b] = [0, 1, 2].map(n => data[at + n] / 255)
      .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = light(0)
  const seen = []
  for (let at = 0; at < data.length; at += 4) {
    const [high, low] = [light(at), ground].sort((a, b) => b - a)
    seen.push((high + 0.05) / (low + 0.05) >= ratio ? 1 : 0)
  }
  return seen
}"""
"""Of each pixel of a picture, whether it stands out from the corner by so much contrast (WCAG 1.4.3, 1.4.11)."""


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(forced_colors="active", color_scheme=request.param).new_page()


@pytest.fixture
def eye(new_context: Callable[..., BrowserContext]) -> Page:
    """An empty page that reads pictures."""
    return new_context().new_page()


def seen(eye: Page, picture: bytes, ratio: float = 3) -> list[int]:
    found: list[int] = eye.evaluate(LOOK, [base64.b64encode(picture).decode(), ratio])
    return found


def around(page: Page, one: Locator, room: int) -> bytes:
    """A picture of an element with so many pixels of what is around it."""
    one.scroll_into_view_if_needed()
    box = one.bounding_box()
    assert box is not None
    clip: Any = {
        "x": max(box["x"] - room, 0),
        "y": max(box["y"] - room, 0),
        "width": box["width"] + 2 * room,
        "height": box["height"] + 2 * room,
    }
    return page.screenshot(clip=clip)


def test_every_judgement_keeps_its_word_and_a_shape_of_its_own(page: Page, eye: Page) -> None:
    page.goto("/gallery/components/")
    shapes = {}
    for word in ("Green", "Amber", "Red", "No data", "Not judged", "Not due"):
        tag = page.locator(".app-tags .app-tag", has_text=word).first
        assert sum(seen(eye, tag.screenshot(), 4.5)) > 40, f"the words of {word} are gone"
        shape = around(page, tag.locator(".app-shape"), 2)
        shapes[word] = tuple(seen(eye, shape))
        assert sum(shapes[word]) >= 8, f"the shape of {word} is gone"
    assert len(set(shapes.values())) == len(shapes)


def test_every_mark_and_state_keeps_its_words_and_its_shape(page: Page, eye: Page) -> None:
    page.goto("/gallery/components/")
    tags = page.locator(".app-tags .app-tag")
    for number in range(tags.count()):
        tag = tags.nth(number)
        assert sum(seen(eye, tag.screenshot(), 4.5)) > 40, tag.inner_text()
    shapes = page.locator("main .app-shape")
    for number in range(shapes.count()):
        shape = shapes.nth(number)
        assert sum(seen(eye, around(page, shape, 2))) >= 6, shape.get_attribute("class")


def test_buttons_and_boxes_have_an_edge(page: Page, eye: Page) -> None:
    page.goto("/gallery/form/")
    for kind in (".govuk-button", ".govuk-input", ".govuk-textarea", ".govuk-select"):
        one = page.locator(f"main {kind}").first
        one.scroll_into_view_if_needed()
        box = one.bounding_box()
        assert box is not None
        columns = [round(box["width"]) + 6, round(box["height"]) + 6]
        picture = seen(eye, around(page, one, 3))
        width = len(picture) // columns[1] if len(picture) % columns[1] == 0 else columns[0]
        top = [sum(picture[row * width : (row + 1) * width]) for row in range(7)]
        assert max(top) >= width * 0.8, f"{kind} has no edge"


def test_the_focus_is_seen_wherever_it_is(page: Page, eye: Page) -> None:
    page.goto("/gallery/form/")
    kinds = ("header a", "nav a", "main a", "main .govuk-button", "main .govuk-input", "main .govuk-radios__input")
    for kind in kinds:
        one = page.locator(kind).locator("visible=true").first
        one.scroll_into_view_if_needed()
        before = seen(eye, around(page, one, 6))
        one.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        expect(one).to_be_focused()
        after = seen(eye, around(page, one, 6))
        changed = sum(was != now for was, now in zip(before, after, strict=True))
        assert changed >= 40, f"the focus does not show on {kind}"


def test_drawings_keep_their_lines_words_and_colours(page: Page, eye: Page) -> None:
    page.goto("/charts/")
    expect(page.locator("#chart-one .main-svg").first).to_be_visible()
    drawings = page.locator(".app-chart__live:visible, .app-chart__svg:visible, .app-rag-bar, .app-sparkline")
    assert drawings.count() >= 4
    for number in range(drawings.count()):
        one = drawings.nth(number)
        one.scroll_into_view_if_needed()
        assert sum(seen(eye, one.screenshot())) >= 60, one.evaluate("it => it.outerHTML.slice(0, 200)")
        assert one.evaluate("it => getComputedStyle(it).backgroundColor") == "rgb(255, 255, 255)"
    fills = page.locator("#chart-one .points path").evaluate_all("all => all.map(it => getComputedStyle(it).fill)")
    assert len(set(fills)) >= 3, "green, amber and red have one colour"
