"""Two people's entries in one record: each part is chosen whole, and nobody's words are lost unseen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from hdcperf.review.merging import Parts, StaleRow, choose, differences, stale_rows

PARTS: Parts = {"figure": ("The figure", ("value", "no_data")), "why": ("Why", ("why",))}


@dataclass(frozen=True)
class Entry:
    value: str = ""
    no_data: bool = False
    why: str = ""


entries = st.builds(Entry, st.sampled_from(("", "9", "11")), st.booleans(), st.sampled_from(("", "Rain", "Snow")))


def lines(entry: Entry, name: str) -> Iterable[str]:
    found = getattr(entry, name)
    return [str(found)] if found else []


def test_a_part_only_the_other_person_touched_stands_ticked_as_theirs() -> None:
    before = Entry("9", why="Rain")
    found = differences(PARTS, mine=Entry("11", why="Rain"), theirs=Entry("9", why="Snow"), before=before)
    assert [(one.part, one.keep) for one in found] == [("figure", "mine"), ("why", "theirs")]


def test_a_part_both_changed_stands_ticked_as_mine() -> None:
    found = differences(PARTS, Entry(why="Rain"), Entry(why="Snow"), Entry())
    assert [(one.part, one.keep) for one in found] == [("why", "mine")]


def test_what_was_typed_over_an_unknown_version_is_never_given_up_unasked() -> None:
    found = differences(PARTS, Entry(), Entry("9", why="Snow"), None)
    assert {one.keep for one in found} == {"mine"}


def test_a_figure_and_no_data_are_chosen_together() -> None:
    assert choose(PARTS, Entry("9", False, "Rain"), Entry("", True, "Snow"), ["figure"]) == Entry("", True, "Rain")


def test_a_forged_part_chooses_nothing() -> None:
    assert choose(PARTS, Entry("9"), Entry("11"), ["value", "__class__"]) == Entry("9")


@given(entries, entries, st.none() | entries)
def test_choosing_every_different_part_is_the_other_persons_entry(
    mine: Entry, theirs: Entry, before: Entry | None
) -> None:
    found = differences(PARTS, mine, theirs, before)
    assert choose(PARTS, mine, theirs, [one.part for one in found]) == theirs
    assert (found == []) == (mine == theirs)


def test_both_sides_are_shown_and_an_empty_one_says_so() -> None:
    mine, theirs = Entry("9", why="Rain"), Entry("", True, "Rain")
    found = differences(PARTS, mine, theirs, mine)
    assert stale_rows(found, mine, theirs, lines) == [
        StaleRow("figure", "The figure", ("9",), ("True",), keep_theirs=True)
    ]
    assert stale_rows(found, Entry(), theirs, lines)[0].mine == ("Nothing",)
