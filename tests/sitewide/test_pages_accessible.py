"""Every page, in every state worth a look, at a desktop's width and at 320 pixels: axe finds nothing, and nor do we.

``tests/pages.py`` lists the pages; an address without an entry there fails. The pages are those of the example
council, opened by somebody who may see them.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hdcperf.roles import Role
from tests.browser import AXE, STANDARDS, sign_in
from tests.databases import ROOT, environment
from tests.example import Visitor, serve
from tests.factories.organisation import holder
from tests.pages import LISTING, NOTHING_YET, PAGES, REFUSED_OR_UNDER_WAY, WITHOUT_A_PAGE, Visit, url_names

# Some open many pages in a row, and a slow machine is not a fault of theirs.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FAULTS = (Path(__file__).parents[1] / "page_faults.js").read_text()
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


def by_role(visits: Iterable[Visit]) -> list[tuple[str, list[Visit]]]:
    """The visits of each person."""
    ordered = sorted(visits, key=lambda visit: visit.role)
    return [(role, list(group)) for role, group in groupby(ordered, key=lambda visit: visit.role)]


def give_sign_in(context: BrowserContext, site: str, role: str) -> None:
    """Sign the context's browser in as an example account; no role leaves it signed out."""
    if role:
        cookies = Visitor(site, role).session.cookies
        context.add_cookies([{"name": one.name, "value": one.value or "", "url": site} for one in cookies])


@pytest.fixture(scope="session")
def opener(chromium: Browser) -> Iterator[Callable[[str, Visit], Page]]:
    """Opens a page of a site as its visitor. Each person has one browser window for the whole run of a worker."""
    windows: dict[tuple[str, str], Page] = {}
    said: list[str] = []

    def window(site: str, role: str) -> Page:
        context = chromium.new_context(
            base_url=site, locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: said.append(str(error.error)))
        context.on(
            "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
        )
        give_sign_in(context, site, role)
        return context.new_page()

    def open_page(site: str, visit: Visit) -> Page:
        key = (site, visit.role)
        page = windows[key] = windows.get(key) or window(*key)
        said.clear()
        page.set_viewport_size(WIDE)
        answer = page.goto(visit.path)
        assert answer is not None
        assert answer.status == visit.status, f"{visit.path} answered {answer.status}"
        if visit.act is not None:
            visit.act(page)
        expect(page.locator("main"), f"what {visit} says").to_contain_text(visit.says)
        # The browser notes in its console that the page itself was answered with a 4xx.
        answered = visit.act is not None or visit.status != 200
        refused = [one for one in said if not (answered and "responded with a status of 4" in one)]
        assert refused == [], f"The console of {visit} is not clean"
        return page

    yield open_page
    for page in windows.values():
        page.context.close()


@pytest.fixture(scope="session")
def changing_site(example_copy: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of the example council for what is refused or under way: it may leave drafts and files behind."""
    with serve(example_copy(), tmp_path_factory.mktemp("change") / "server.log") as site:
        yield site


def faults(page: Page) -> list[str]:
    """What axe and we find wrong with a page at both widths."""
    page.evaluate(AXE.read_text())
    found = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        at = f"at {size['width']} pixels"
        result = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
            STANDARDS,
        )
        found += [
            f"{one['id']} {at}: {one['help']} ({node['target']}: {node['failureSummary']})"
            for one in result["violations"]
            for node in one["nodes"]
        ]
        found += [f"{one} {at}" for one in page.evaluate(f"({FAULTS})()")]
    return found


def test_every_address_is_looked_at() -> None:
    looked_at = {visit.name for visit in (*PAGES, *REFUSED_OR_UNDER_WAY)}
    assert url_names() - looked_at - set(WITHOUT_A_PAGE) == set()
    assert set(WITHOUT_A_PAGE) & looked_at == set()


@pytest.mark.parametrize("visit", PAGES, ids=str)
def test_the_page_has_no_faults(example_site: str, opener: Callable[[str, Visit], Page], visit: Visit) -> None:
    assert faults(opener(example_site, visit)) == []


@pytest.mark.parametrize("visit", REFUSED_OR_UNDER_WAY, ids=str)
def test_the_page_has_no_faults_when_refused_or_under_way(
    changing_site: str, opener: Callable[[str, Visit], Page], visit: Visit
) -> None:
    assert faults(opener(changing_site, visit)) == []


def test_the_window_narrowed_without_scripts_has_no_faults(chromium: Browser, example_site: str) -> None:
    """What axe looks for is the same with scripts and without; whether everything fits is not."""
    for role, visits in by_role(PAGES):
        context = chromium.new_context(base_url=example_site, java_script_enabled=False, viewport=NARROW)
        give_sign_in(context, example_site, role)
        page = context.new_page()
        for visit in visits:
            page.goto(visit.path)
            assert page.evaluate(f"({FAULTS})()") == [], f"{visit} without scripts"
        context.close()


@pytest.mark.parametrize("role", sorted({visit.role for visit in PAGES}))
def test_nobody_meets_one_title_twice_or_a_link_that_leads_nowhere(example_site: str, role: str) -> None:
    visitor = Visitor(example_site, role or None)
    titles: dict[str, str] = {}
    asked: dict[str, str] = {}
    for visit in (each for each in PAGES if each.role == role):
        page = visitor.get(visit.path).text
        title = re.findall("<title>(.*?)</title>", page, re.S)[0]  # drawings have titles too
        path = visit.path.partition("?")[0]
        assert titles.setdefault(title, path) == path, f"{path} has the title of another page"
        for address in re.findall(r'href="(/[^"#]*)', page):
            asked.setdefault(kind_of(address), html.unescape(address))
    led = {address: visitor.get(address).status_code for address in asked.values()}
    assert {address: status for address, status in led.items() if status >= 400} == {}


def kind_of(address: str) -> str:
    """The address without what differs from one month, code or row to the next."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+", "0", address.partition("?")[0])


@pytest.mark.django_db(transaction=True)
def test_pages_with_nothing_on_them_yet_have_no_faults(page: Page, set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 1))
    sign_in(page, holder(Role.PERFORMANCE_TEAM))
    for path, words in NOTHING_YET.items():
        page.goto(path)
        expect(page.locator("main"), f"what {path} says").to_contain_text(words)
        assert faults(page) == [], f"{path} with nothing on it"


LONG = "Inconsequentialities of extraordinarily-long-names-" + "w" * 60 + " and of many words "
RENAME = """
from actions.models import ActionYear, Milestone
from kpis.models import KpiYear
from hdcperf.organisation.models import User
for one in KpiYear.objects.filter(year=2026):
    one.name = (one.name + " {words}" + "over and over " * 9)[:200].strip()
    one.save()
for one in ActionYear.objects.filter(plan_year__year__gte=2026):
    one.title = (one.title + " {words}")[:120].strip()
    one.save()
for one in Milestone.objects.filter(reached_on=None):
    one.name = (one.name + " {words}")[:200].strip()
    one.save()
for one in User.objects.filter(email="performance-team@demo.example"):
    one.name += " " + "w" * 60
    one.save()
"""


def test_long_names_break_rather_than_spill(
    example_copy: Callable[[], str], opener: Callable[[str, Visit], Page], tmp_path: Path
) -> None:
    address = example_copy()
    change = RENAME.format(words=LONG)
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", change], cwd=ROOT, env=environment(address), check=True
    )
    with serve(address, tmp_path / "server.log") as site:
        for visit in PAGES:
            if visit.name in LISTING:
                page = opener(site, visit)
                for size in (WIDE, NARROW):
                    page.set_viewport_size(size)
                    assert page.evaluate(f"({FAULTS})()") == [], f"{visit} at {size['width']} pixels with long names"
