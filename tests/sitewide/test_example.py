"""The example council: it loads, a second time changes nothing, it holds together, and every page says what it is."""

import csv
import io
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.databases import ROOT, environment
from tests.example import Visitor


def test_every_page_says_it_is_an_example(example_site: str) -> None:
    visitor = Visitor(example_site, "performance-team")
    for path in ("/", "/kpis/", "/returns/2026-10/", "/board/2026-10/"):
        assert "the people and figures are invented" in visitor.get(path).text, path


def test_loading_the_example_twice_changes_nothing(example_copy: Callable[[], str]) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "load_example"],
        cwd=ROOT,
        env=environment(example_copy()),
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "The example council is there already."


def test_the_sign_in_page_lists_an_account_for_every_role(example_site: str) -> None:
    page = Visitor(example_site).get("/sign-in/").text
    for role in (
        "performance-team",
        "kpi-holder",
        "deputy",
        "service-manager",
        "head-of-service",
        "director",
        "portfolio-holder",
        "scrutiny",
        "board",
        "auditor",
        "admin",
    ):
        assert f"{role}@demo.example" in page


@pytest.mark.parametrize("state", ["check", "challenged", "board", "draft", "not_started", "accepted"])
def test_a_return_of_every_state_is_in_the_round_being_collected(example_site: str, state: str) -> None:
    page = Visitor(example_site, "performance-team").get(f"/returns/2026-10/?state={state}").text
    assert re.search(r"Showing <strong>1</strong>", page)


def test_every_fact_beside_a_state_is_somewhere(example_site: str) -> None:
    team = Visitor(example_site, "performance-team")
    october, september = team.get("/returns/2026-10/").text, team.get("/board/2026-09/").text
    for fact in ("No data</strong>", "Answered</strong>", "Disputed</strong>"):
        assert fact in october, fact
    for fact in ("Disputed", "Revised", "Green", "Amber", "Red", "Not judged"):
        assert fact in september, fact
    late = team.get("/returns/2026-09/KPI 24/").text
    assert "Late</strong>" in late
    assert "The lock was lifted" in late


def test_no_move_comes_before_the_one_it_follows(example_site: str) -> None:
    """Each return's states, in the order of their times, form one chain."""
    text = Visitor(example_site, "auditor").get("/audit/export/?kind=return-move").content.decode("utf-8-sig")
    chains: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for row in reversed(list(csv.DictReader(io.StringIO(text)))):
        if row["What"] == "State":
            chains[row["Record"]].append((row["When"], row["From"], row["To"]))
    assert len(chains) > 150
    for record, moves in chains.items():
        times = [when for when, _, _ in moves]
        assert times == sorted(times), record
        assert moves[0][1] == "Not started", record
        assert all(one[2] == following[1] for one, following in pairwise(moves)), (record, moves)


def test_members_are_issued_a_figure_for_every_kpi_collected(example_site: str) -> None:
    """A figure accepted before the pack is in it: none of June's is missing."""
    assert "No data</strong>" not in Visitor(example_site, "scrutiny").get("/kpis/").text
