"""Living through the example's Corporate Plan, from the set of 2024/25 to 5 November 2026."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from actions.example import projects, scenes
from actions.example.measures import import_published
from actions.example.plan import draw_up, make_plan, tag, take_through, take_to_portfolio_holders
from actions.example.quarters import collect, issue
from actions.example.story import Story
from hdcperf import clock
from hdcperf.organisation.example import SINCE, Cast
from hdcperf.periods import Quarter

__all__ = ["tell"]

ISSUED = {
    "2024-25-Q3": date(2025, 3, 5),
    "2024-25-Q4": date(2025, 6, 4),
    "2025-26-Q1": date(2025, 9, 3),
    "2025-26-Q2": date(2025, 11, 26),
    "2025-26-Q3": date(2026, 3, 4),
    "2025-26-Q4": date(2026, 6, 3),
    "2026-27-Q1": date(2026, 8, 26),
}
"""When members had the pack of each quarter; that of the last is being prepared."""


def tell(cast: Cast, say: Callable[[str], None] = lambda _: None) -> Story:
    """Make the example's plan, its updates and its outcome measures. Makes the same rows each time."""
    story = Story(cast)
    with clock.taken_to_be(SINCE):
        make_plan(story)
    _begin(story, 2024, ())
    projects.register_projects(story)
    say("The Corporate Plan and its actions for 2024/25 are made.")
    _begin(story, 2025, ("2024-25-Q3",))
    projects.serve_the_new_action(story)
    _collect(story, "2024-25-Q4", "2025-26-Q1", "2025-26-Q2")
    scenes.end_the_evening(story)
    _begin(story, 2026, ("2025-26-Q3",))
    _collect(story, "2025-26-Q4", "2026-27-Q1")
    say("Seven quarters of updates are accepted.")
    draw_up(story, 2027)
    scenes.collect_the_last(story)
    take_to_portfolio_holders(story, 2027)
    scenes.dialogue_of_the_last(story)
    projects.report_the_last(story)
    tag(story)
    import_published(story)
    say("Q2 2026/27 is being collected, and the actions for 2027/28 are with portfolio holders.")
    return story


def _begin(story: Story, year: int, meanwhile: tuple[str, ...]) -> None:
    """The set of ``year`` from its beginning to its adoption; ``meanwhile`` are the quarters collected in between."""
    draw_up(story, year)
    take_to_portfolio_holders(story, year)
    _collect(story, *meanwhile)
    take_through(story, year)


def _collect(story: Story, *slugs: str) -> None:
    for slug in slugs:
        quarter = Quarter.parse(slug)
        collect(story, quarter, scenes.leave_out(quarter))
        scenes.play(story, quarter)
        projects.report(story, quarter)
        issue(quarter, ISSUED[slug])
        if slug == "2025-26-Q2":
            projects.change_the_squares(story)
        elif slug == "2026-27-Q1":
            projects.close_the_front_door(story)
