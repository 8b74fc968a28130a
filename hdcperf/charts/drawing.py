"""A sheet of SVG: attributes only (the Content Security Policy forbids style), every text escaped."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .palette import WHITE, rag_colour, rag_key

SIZE = 13.0
"""The size of text, in units of the sheet."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Text that may stand in XML: without control characters, escaped."""
    return str(escape(_NOT_XML.sub("", text)))


def short(value: float) -> str:
    """A coordinate to a tenth, without idle noughts."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


@dataclass(frozen=True)
class Dot:
    """One point of a chart; `rag` is the printed word, hollow is provisional or forecast."""

    x: float
    y: float
    rag: str
    size: float
    hollow: bool = False


class Sheet:
    """Collects elements, and makes one `<svg>` of them with its title and description."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._parts: list[str] = []

    def element(self, name: str, content: str = "", /, **attributes: str | float) -> None:
        """Add one element. Attribute names take a dash for each underscore; `content` is escaped already."""
        body = f">{content}</{name}>" if content else "/>"
        self._parts.append(f"<{name}{_attributes(attributes)}{body}")

    def path(self, *lines: Sequence[tuple[float, float]], **attributes: str | float) -> None:
        """One or more lines through their points, drawn alike."""
        self.element("path", d="".join(_through(line) for line in lines), **attributes)

    def outlines(self, *shapes: Sequence[tuple[float, float]], **attributes: str | float) -> None:
        """One or more closed shapes with those corners, drawn alike."""
        self.element("path", d="".join(f"{_through(shape)}Z" for shape in shapes), **attributes)

    def text(self, x: float, y: float, words: str, size: float = SIZE, **attributes: str | float) -> None:
        """One line of text whose baseline is at y."""
        sized = {} if size == SIZE else {"font-size": short(size)}
        self.element("text", clean(words), x=short(x), y=short(y), **sized, **attributes)

    def dots(self, dots: Iterable[Dot]) -> None:
        """Points shaped by RAG: circle green, triangle amber, diamond red, hollow ring for not judged."""
        looks: dict[tuple[str, bool], list[str]] = {}
        for dot in dots:
            key = rag_key(dot.rag)
            looks.setdefault((key, dot.hollow or not key), []).append(_outline(dot, key))
        for (key, hollow), outlines in looks.items():
            colour = rag_colour(key)
            paint = {"fill": WHITE if hollow else colour.fill, "stroke": colour.line}
            self.element("path", d="".join(outlines), stroke_width="2" if hollow else "1", **paint)

    def finish(
        self, title: str, description: str = "", classes: str = "app-chart__svg", family: str = ""
    ) -> SafeString:
        """The whole SVG; the title is what assistive technology reads. On paper it names its ``family`` of font."""
        box = f"0 0 {short(self.width)} {short(self.height)}"
        head = f"<title>{clean(title)}</title>" + (f"<desc>{clean(description)}</desc>" if description else "")
        size = f'viewBox="{box}" width="{short(self.width)}" height="{short(self.height)}"'
        look = f'class="{classes}" role="img" fill="none" font-size="{short(SIZE)}"'
        look += f' font-family="{clean(family)}"' if family else ""
        opened = f'<svg xmlns="http://www.w3.org/2000/svg" {look} {size}>'
        return mark_safe(f"{opened}{head}{''.join(self._parts)}</svg>")  # every text went through clean()


def _through(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points)


_CORNERS = {
    "amber": ((0, -1.25), (1.2, 0.95), (-1.2, 0.95)),
    "red": ((0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)),
}


def _outline(dot: Dot, key: str) -> str:
    if key not in _CORNERS:
        left, right, y, radius = (
            short(dot.x - dot.size),
            short(dot.x + dot.size),
            short(dot.y),
            short(dot.size),
        )
        return f"M{left} {y}A{radius} {radius} 0 1 0 {right} {y}A{radius} {radius} 0 1 0 {left} {y}Z"
    corners = [(dot.x + across * dot.size, dot.y + down * dot.size) for across, down in _CORNERS[key]]
    return f"{_through(corners)}Z"


def _attributes(attributes: dict[str, str | float]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
