"""Somebody at the product without a browser: follows the links a page has, fills its boxes by their labels, presses
its buttons. What is not on the page cannot be followed, filled or pressed: that fails the journey.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.test import Client

from hdcperf.organisation.models import User


class Lost(AssertionError):
    """The page has no such link, box or button; the message says what it has."""


class Walker:
    """A person signed in, on a page."""

    def __init__(self, user: User | None = None, *, path: str = "/") -> None:
        self.client = Client()
        if user is not None:
            self.client.force_login(user)
        self.path = ""
        self.body = b""
        self.page = BeautifulSoup()
        self.visit(path)

    # What is on the page

    @property
    def text(self) -> str:
        """What can be read in the page's main part, with single spaces."""
        return _words(self._main())

    @property
    def heading(self) -> str:
        return _words(_found(self._main().find("h1"), "heading"))

    def part(self, heading: str) -> str:
        """What can be read in the section under ``heading``."""
        for one in self._main().find_all(["h2", "h3"]):
            if heading in _words(one):
                section = one.find_parent(["section", "article", "aside"])
                return _words(section or _found(one.parent, heading))
        raise Lost(f"There is no part headed {heading!r} on {self.path}.")

    def row(self, words: str) -> str:
        """What can be read in the first row of a table or summary, or item of a list, that holds ``words``."""
        for one in self._main().select("tr, li, .govuk-summary-list__row, .app-facts__item"):
            if words in _words(one):
                return _words(one)
        raise Lost(f"No row on {self.path} says {words!r}.")

    def links(self) -> list[str]:
        return [_words(one) for one in self._main().find_all("a", href=True)]

    def buttons(self) -> list[str]:
        return [_words(one) for one in self._main().find_all("button")]

    def value(self, label: str) -> str:
        """What a box holds."""
        box = self._box(self._main(), label)
        return box.get_text().removeprefix("\n") if box.name == "textarea" else str(box.get("value", ""))

    def labels(self) -> list[str]:
        """The names of the boxes that can be filled."""
        return [_words(one) for one in self._main().find_all("label")]

    def asks(self) -> list[str]:
        """The labels of boxes that are marked as refused."""
        wrong = self._main().find_all(attrs={"aria-invalid": "true"})
        return [_words(label) for one in wrong if (label := self.page.find("label", attrs={"for": one.get("id")}))]

    def begun(self, name: str) -> str:
        """What a field of the admin, by its name, holds already."""
        box = _found(self.page.find(attrs={"name": name}), name)
        return "".join(_sent(box))

    # Going about

    def visit(self, path: str, *, status: int = 200) -> Walker:
        return self._take(self.client.get(path, follow=True), path, status)

    def follow(self, words: str, *, anywhere: bool = False) -> Walker:
        """Follow the first link of the main part (or ``anywhere`` on the page) that says ``words``."""
        within = self.page if anywhere else self._main()
        for one in within.find_all("a", href=True):
            if words in _words(one):
                return self.visit(urljoin(self.path, str(one["href"])))
        raise Lost(
            f"There is no link {words!r} on {self.path}, only {[_words(one) for one in within.find_all('a')]}."
        )

    def type(self, label: str, words: str, *, under: str = "") -> Walker:
        """Type into the box with the label, of the part headed ``under`` where several have it."""
        box = self._box(self._within(under), label)
        if box.name == "textarea":
            box.string = words
        elif box.name == "select":
            self._choose_option(box, words)
        else:
            box["value"] = words
        return self

    def type_date(self, legend: str, day: date, *, under: str = "") -> Walker:
        """Fill the three boxes of a date."""
        for one in self._within(under).find_all("fieldset"):
            if (title := one.find("legend")) is not None and legend in _words(title):
                if one.find(class_="govuk-date-input") is None:
                    continue
                for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
                    self._box(one, part)["value"] = str(number)
                return self
        raise Lost(f"There is no date {legend!r} on {self.path}.")

    def tick(self, label: str, *, under: str = "", on: bool = True) -> Walker:
        """Choose a radio button, or tick a box (or with ``on`` false take the tick away)."""
        box = self._box(self._within(under), label)
        if box.get("type") == "radio":
            for other in self.page.find_all("input", attrs={"type": "radio", "name": box["name"]}):
                del other["checked"]
        if on:
            box["checked"] = ""
        else:
            del box["checked"]
        return self

    def press(self, words: str, *, under: str = "", status: int = 200) -> Walker:
        """Press the button and arrive where it leads."""
        button = next((one for one in self._within(under).find_all("button") if words == _words(one)), None)
        if button is None:
            raise Lost(f"There is no button {words!r} on {self.path}, only {self.buttons()}.")
        form = self._form_of(button)
        data = self._data(form, button)
        address = urljoin(self.path, str(form.get("action") or urlsplit(self.path).path))
        if str(form.get("method", "get")).lower() == "get":
            return self._take(self.client.get(address, data, follow=True), address, status)
        return self._take(self.client.post(address, data, follow=True), address, status)

    # Inside

    def _take(self, response: Any, path: str, status: int = 200) -> Walker:
        chain = getattr(response, "redirect_chain", [])
        self.path = chain[-1][0] if chain else path
        assert response.status_code == status, f"{self.path} answered {response.status_code}"
        self.body = b"".join(response.streaming_content) if response.streaming else response.content
        self.page = BeautifulSoup(self.body if "html" in response["Content-Type"] else "", "html.parser")
        return self

    def _main(self) -> Tag:
        # The admin's own pages have no main element.
        return self.page.find("main") or self.page.find(id="content") or self.page

    def _within(self, under: str) -> Tag:
        if not under:
            return self._main()
        for one in self._main().find_all(["h2", "h3", "summary", "legend"]):
            if under in _words(one):
                return one.find_parent(["section", "details", "fieldset"]) or _found(one.parent, under)
        raise Lost(f"There is no part headed {under!r} on {self.path}.")

    def _box(self, within: Tag, label: str) -> Tag:
        for one in within.find_all("label"):
            if _words(one) == label and (box := self.page.find(id=str(one.get("for")))) is not None:
                return _found(box, label)
        raise Lost(
            f"There is no box {label!r} on {self.path}, only {[_words(one) for one in within.find_all('label')]}."
        )

    def _choose_option(self, box: Tag, words: str) -> None:
        options = box.find_all("option")
        chosen = next((one for one in options if _words(one) == words), None)
        if chosen is None:
            raise Lost(f"{words!r} cannot be chosen, only {[_words(one) for one in options]}.")
        for one in options:
            del one["selected"]
        chosen["selected"] = ""

    def _form_of(self, control: Tag) -> Tag:
        named = control.get("form")
        return _found(self.page.find("form", id=str(named)) if named else control.find_parent("form"), "form")

    def _data(self, form: Tag, button: Tag) -> dict[str, list[str]]:
        """What a browser would send: every box of the form, and the button pressed."""
        data: dict[str, list[str]] = {}
        inside = form.find_all(["input", "textarea", "select"])
        named = self.page.find_all(["input", "textarea", "select"], form=form.get("id")) if form.get("id") else []
        for one in [*(box for box in inside if not box.get("form")), *named]:
            name = one.get("name")
            if name and not one.has_attr("disabled"):
                data.setdefault(str(name), []).extend(_sent(one))
        if button.get("name"):
            data.setdefault(str(button["name"]), []).append(str(button.get("value", "")))
        return {name: values for name, values in data.items() if values}


def _sent(box: Tag) -> list[str]:
    if box.name == "textarea":
        return [box.get_text().removeprefix("\n")]
    if box.name == "select":
        chosen = box.find_all("option", selected=True) or (
            [] if box.has_attr("multiple") else box.find_all("option")[:1]
        )
        return [str(one.get("value", one.get_text())) for one in chosen]
    if box.get("type") in ("checkbox", "radio"):
        return [str(box.get("value", "on"))] if box.has_attr("checked") else []
    if box.get("type") in ("submit", "button", "file", "image"):
        return []
    return [str(box.get("value", ""))]


def _words(element: Tag) -> str:
    return re.sub(r"\s+", " ", element.get_text(" ")).strip()


def _found(element: object, name: str) -> Tag:
    if not isinstance(element, Tag):
        raise Lost(f"There is no {name}.")
    return element
