"""The example council: it loads, a second time changes nothing, and it says on every page that it is an example."""

import subprocess
import sys

from tests.example import ROOT, ExampleDatabase, Visitor, environment


def test_every_page_says_it_is_an_example(example_site: str) -> None:
    visitor = Visitor(example_site, "performance-team")
    for path in ("/", "/kpis/", "/returns/2026-10/", "/board/2026-10/"):
        assert "the people and figures are invented" in visitor.get(path).text, path


def test_loading_the_example_twice_changes_nothing(example_database: ExampleDatabase) -> None:
    address = example_database.copy("twice")
    result = subprocess.run(
        [sys.executable, "manage.py", "load_example"],
        cwd=ROOT,
        env=environment(address),
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
