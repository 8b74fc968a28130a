"""How an action stands, in tags and sentences that every page prints the same."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from actions.queries.dates import Moved
from actions.queries.listing import Line
from actions.rules.colours import driver, worst
from actions.rules.standing import At
from hdcperf.rag import Movement
from hdcperf.ui import Movement as MovementPiece
from hdcperf.ui import Tag, count_of, day, mark_tag, rag_tag

__all__ = ["at_tag", "dated", "late_words", "movement_piece", "parts_sentence"]


def at_tag(at: At) -> Tag:
    """The colour, or why there is none, as a word and a shape."""
    if at is At.NOT_ISSUED:
        return Tag(at.label, "rag-no-data", "ring")
    if at in (At.NOT_DUE, At.NOT_IN_PLAN):
        return Tag(at.label, "rag-not-due", "dots")
    return rag_tag(at)


def movement_piece(movement: Movement) -> MovementPiece:
    arrows = {Movement.BETTER: "up", Movement.WORSE: "down"}
    return MovementPiece(movement.value, arrow=arrows.get(movement, ""))  # type: ignore[arg-type]


def late_words(line: Line) -> list[Tag]:
    """What is late, as marks: the action itself, and its next milestone."""
    found = []
    if line.action_is_late:
        found.append(Tag("Action overdue", "solid", "exclamation"))
    if line.step_is_late:
        found.append(Tag("Milestone overdue", "solid", "exclamation"))
    if line.update is not None and line.update.late:
        found.append(mark_tag("late"))
    return found


def parts_sentence(whole: At, parts: Iterable[tuple[str, At]]) -> str:
    """How the parts of an action stand beside it: which one drives its colour, and whether they disagree.

    An amber once hid a part that was on track, and a part that was not.
    """
    rows = list(parts)
    known = [(name, at.rag) for name, at in rows if at.rag is not None and at is not At.AWAITED]
    if not rows:
        return ""
    if not known:
        return f"None of its {count_of(len(rows), 'part')} has an update to show."
    lowest = worst(colour for _, colour in known if colour is not None)
    assert lowest is not None
    at_the_lowest = [name for name, colour in known if colour is lowest]
    names, single = _listed(at_the_lowest), len(at_the_lowest) == 1
    word = lowest.label.lower()
    others = [colour for _, colour in known if colour is not lowest]
    if whole.rag is None or whole is At.AWAITED:
        said = ""
        if len(known) < len(rows):
            said = f" {len(known)} {'has' if len(known) == 1 else 'have'} an update to show;"
        which = f"the furthest behind {'is' if single else 'are'} {names}: {word}."
        return f"Of its {count_of(len(rows), 'part')},{said} {which}"
    if driver(whole.rag, (colour for _, colour in known if colour is not None)) is not None:
        verb = "is" if single else "are"
        return f"Its parts disagree with it: {names} {verb} {word}, and the whole is called {whole.label.lower()}."
    if not others:
        return f"All its {count_of(len(known), 'part')} with an update are {word}."
    better = count_of(len(others), "other part")
    stand = "stands" if len(others) == 1 else "stand"
    return f"{names} {'makes' if single else 'make'} it {word}; {better} {stand} better."


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    if len(found) == 1:
        return found[0]
    return f"{', '.join(found[:-1])} and {found[-1]}"


def dated(now: str, moved: Iterable[Moved]) -> SafeString:
    """A date with those it was before struck through, in words for those who hear the page, each with its reason."""
    old = format_html_join(
        "",
        '<del class="app-muted"><span class="govuk-visually-hidden">It was </span>{}</del> '
        '<span class="app-muted">{}</span><br>',
        ((day(one.old_on), one.reason) for one in moved),
    )
    return format_html("{}{}", old, now)
