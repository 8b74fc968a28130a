"""The example's Corporate Plan: every state and colour is there, made by the product's own moves, and it holds up."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hdcperf.organisation.example import ACCOUNTS
from tests.databases import ROOT, environment
from tests.example import Visitor
from tests.example_facts import unbroken

QUARTERS = [f"{year}-Q{number}" for year in ("2024-25", "2025-26", "2026-27") for number in (1, 2, 3, 4)][2:10]
FILES = [*(ROOT / "actions" / "example").rglob("*.toml"), ROOT / "kpis" / "example" / "words.toml"]
THROUGH = ["to_leadership", "to_portfolio_holders", "to_scrutiny", "to_cabinet", "to_council", "approved", "adopt"]


@pytest.fixture(scope="session")
def facts(example_copy: Callable[[], str]) -> dict[str, Any]:
    """What the example's database holds."""
    ask = "from tests.example_facts import print_facts; print_facts()"
    answer = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", ask],
        cwd=ROOT,
        env=environment(example_copy()),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def test_the_quarter_being_collected_has_an_update_in_every_state(facts: dict[str, Any]) -> None:
    assert set(facts["states"]) == {"not_started", "draft", "submitted", "challenged", "accepted"}
    assert facts["states"]["accepted"] > sum(facts["states"].values()) / 2


def test_eight_quarters_are_told_and_nearly_all_of_the_seven_before_are_accepted(facts: dict[str, Any]) -> None:
    assert list(facts["colours"]) == QUARTERS[::-1] or sorted(facts["colours"]) == QUARTERS
    before = {slug: colours for slug, colours in facts["colours"].items() if slug != QUARTERS[-1]}
    assert sum(colours.get("awaited", 0) for colours in before.values()) == 1
    assert all(sum(colours.values()) >= 24 for colours in facts["colours"].values())


def test_every_colour_is_there_now(facts: dict[str, Any]) -> None:
    colours = {"green", "amber", "red", "completed", "not_started", "awaited"}
    assert set(facts["colours"][QUARTERS[-1]]) == colours


def test_every_accepted_update_was_entered_submitted_and_accepted(facts: dict[str, Any]) -> None:
    assert len(facts["accepted"]) > 190
    for name in facts["accepted"]:
        chain = facts["chains"][name]
        assert chain[0][0] == "not_started", name
        assert chain[-1][1] == "accepted", name
        assert ["submitted", "accepted"] in chain, name
        assert unbroken(chain), (name, chain)


def test_three_sets_went_through_every_body_and_the_fourth_is_on_its_way(facts: dict[str, Any]) -> None:
    assert facts["years"] == {"2024": THROUGH, "2025": THROUGH, "2026": THROUGH, "2027": THROUGH[:2]}


def test_no_action_says_the_same_in_two_quarters(facts: dict[str, Any]) -> None:
    assert facts["told_twice"] == []


def test_findings_are_answered_dates_move_with_reasons_and_updates_are_revised(facts: dict[str, Any]) -> None:
    assert len(facts["answered"]) >= 3
    assert facts["dates_moved"] > 30
    assert facts["dates_without_reason"] == 0
    assert facts["revisions"] == {"accepted": 1, "proposed": 1}


def test_milestones_were_reached_by_accepted_updates_alone(facts: dict[str, Any]) -> None:
    assert facts["reached_untold"] == []


def test_every_row_is_clean_and_has_its_history(facts: dict[str, Any]) -> None:
    assert facts["unclean"] == []
    assert facts["without_history"] == []


def test_everybody_is_one_of_the_invented_people(facts: dict[str, Any]) -> None:
    invented = {name for _, name, *_ in ACCOUNTS}
    others = [name for name in facts["people"] if name not in invented]
    assert [name for name in others if not re.fullmatch(r"(\w|-)+ Example \d+", name)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_words_name_posts_and_no_people(path: Path) -> None:
    assert re.findall(r"\b(?:Mrs?|Ms|Miss|Dr|Cllr|Councillor)\.? [A-Z]\w+", path.read_text()) == []


def test_what_changed_between_two_years_says_something_of_each_kind(example_site: str) -> None:
    page = Visitor(example_site, "councillor").get("/actions/plan/2026-27/changes/").text
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    for kind in ("New", "Amended", "Completed", "Dropped", "Renumbered", "Carried forward as they are"):
        assert kind in headings, kind


def test_an_amber_whole_says_which_part_makes_it_so_and_that_another_is_on_track(example_site: str) -> None:
    page = Visitor(example_site, "performance-team").get("/actions/2026-27/CPA6/").text
    assert "CPA6.1 Two town squares renewed makes it amber; 2 other parts stand better." in page


def test_outcome_measures_are_real_and_say_whose_they_are(example_site: str) -> None:
    visitor = Visitor(example_site, "scrutiny")
    listed = visitor.get("/outcomes/").text
    assert "they are real published figures" in listed
    page = visitor.get("/outcomes/percentage-of-physically-active-adults/").text
    for words in ("Huntingdonshire", "Fenland", "England", "Office for Health Improvement and Disparities"):
        assert words in page
    assert "Open Government Licence v3.0" in page


@pytest.mark.parametrize("slug", ["outcomes-framework", "best-value"])
def test_a_national_framework_has_evidence_and_gaps(example_site: str, slug: str) -> None:
    page = Visitor(example_site, "performance-team").get(f"/golden-thread/{slug}/").text
    told = re.search(r"There is evidence for (\d+) of the \d+ [\w ]+; none for (\d+)\.", page)
    assert told is not None
    assert int(told[1]) > 0
    assert int(told[2]) > 0


def test_members_read_the_quarter_that_was_issued_to_them(example_site: str) -> None:
    """What is accepted and not issued is not told, and nothing is overdue by days they were not told of."""
    page = Visitor(example_site, "scrutiny").get("/actions/2026-27/CPA5/").text
    assert "Red at the end of Q1 2026/27, worse than the quarter before (amber)." in page
    assert "Second site before the planning committee" not in page


def test_an_objective_is_seen_by_its_person_and_their_manager_alone(example_site: str) -> None:
    words = "Have every round collect food waste by the end of October"
    sees = {
        role: words in Visitor(example_site, role).get("/golden-thread/objectives/").text
        for role in ("kpi-holder", "service-manager", "head-of-service", "performance-team", "auditor", "admin")
    }
    assert {role for role, seen in sees.items() if seen} == {"kpi-holder", "service-manager"}
