"""One more row of every kind that a page lists, as often as asked for, beside those of the access scene."""

from __future__ import annotations

from tests.sitewide.access.scene import Scene
from tests.sitewide.growing.common import job, message
from tests.sitewide.growing.corporate_plan import action, dialogue_of_updates, one_action, outcomes, plan_of
from tests.sitewide.growing.monthly import dialogue_of_returns, kpi, register, revised, structure
from tests.sitewide.growing.quality import reviews

__all__ = ["grow"]


def grow(scene: Scene, number: int) -> None:
    """Add one row of every kind; ``number`` has not been given before."""
    structure(scene, number)
    job(scene, number)
    register(scene, number)
    for state in ("draft", "submitted", "challenged", "accepted", ""):
        kpi(scene, f"PI G{number}{state[:2]}", state)
    dialogue_of_returns(scene, number)
    revised(scene, number)
    for state in ("draft", "submitted", "challenged", "accepted", ""):
        action(scene, f"CPA G{number}{state[:2]}", state)
    dialogue_of_updates(scene)
    one_action(scene, number)
    plan_of(scene, number)
    outcomes(scene, number)
    reviews(scene, number)
    message(scene, number)
