"""Every page of the site: who may see it in the example council, and how each of its states is reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Locator, Page

TEAM, HOLDER, BOARD, AUDIT, MEMBERS = "performance-team", "kpi-holder", "board", "auditor", "democratic-services"
NOBODY = ""
WASTE_STATEMENT = "/dataquality/assurance/{}/8/"
"""Of the service of the example's accounts."""
PACK = "/reports/2026-27-Q2/scrutiny"
REGISTER = Path(settings.BASE_DIR) / "tests" / "kpis" / "importing" / "published_excerpt.csv"
MEASURES = Path(settings.BASE_DIR) / "tests" / "actions" / "importing" / "published_measures.csv"


@dataclass(frozen=True)
class Visit:
    """One state of a page: ``name`` is its URL name, ``role`` the example account that opens it (none: signed out).

    ``act`` is done to the opened page to reach the state, and ``says`` is in its main part then; ``status`` is what
    the address answers with.
    """

    name: str
    path: str
    role: str = TEAM
    state: str = ""
    act: Callable[[Page], None] | None = None
    status: int = 200
    says: str = ""

    def __str__(self) -> str:
        return f"{self.name}-{self.state or self.role or 'nobody'}".replace(" ", "-")


def led_on(page: Page, control: Locator) -> None:
    """Click what leads to another page, or to this one anew, and arrive there: a click alone does not wait."""
    with page.expect_navigation():
        control.click()


def press(*buttons: str) -> Callable[[Page], None]:
    """Press buttons, the first of that name in the page's main part, each on the page the one before led to."""

    def act(page: Page) -> None:
        for button in buttons:
            led_on(page, page.locator("main").get_by_role("button", name=button, exact=True).first)

    return act


def unfold(heading: str, button: str) -> Callable[[Page], None]:
    """Open the fold of that name, and press a button in it."""

    def act(page: Page) -> None:
        fold = page.locator("details", has=page.locator("summary", has_text=heading)).first
        fold.locator("summary").click()
        led_on(page, fold.get_by_role("button", name=button, exact=True))

    return act


def unfold_all(page: Page) -> None:
    """Open every fold of the page, so that what they hold is looked at too."""
    page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true })")


def upload(page: Page) -> None:
    """Send a register, and stop at its columns."""
    page.locator("[type=file]").set_input_files(REGISTER)
    press("Send the file")(page)


def upload_and_preview(page: Page) -> None:
    """Send a register, and look at what importing it would do."""
    upload(page)
    press("Preview the import")(page)


def send_measures(page: Page) -> None:
    """Send a file of outcome measures, and look at what importing it would do."""
    page.locator("[type=file]").set_input_files(MEASURES)
    for label, value in (("Our own area", "Huntingdonshire"), ("Publisher", "OHID")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Data set it was published in", exact=True).fill("Fingertips")
    press("Send the file")(page)


def import_measures(page: Page) -> None:
    """Import outcome measures, and open one of them."""
    send_measures(page)
    press("Import 43 values")(page)
    led_on(page, page.locator("main").get_by_role("link", name="Healthy life expectancy at birth").first)


def open_message(page: Page) -> None:
    """Open the first message of the list, with its HTML."""
    led_on(page, page.locator("#messages a").first)
    unfold_all(page)


def elect(page: Page) -> None:
    """Say when a new council takes office, and that one councillor holds the post again."""
    for part, value in zip(("Day", "Month", "Year"), ("10", "5", "2027"), strict=True):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_role("checkbox").first.check()
    press("Check what will happen")(page)


def from_an_old_page(page: Page) -> None:
    """Send words from a page whose sign-in was another."""
    page.get_by_label("Why?", exact=True).fill("The supplier gives the figure a week late.")
    page.locator("main [name=csrfmiddlewaretoken]").evaluate("box => { box.value = 'x'.repeat(64) }")
    press("Lift the lock for this return")(page)


def signed_out_meanwhile(page: Page) -> None:
    """Send words after the sign-in ran out."""
    page.get_by_label("What happened", exact=True).fill("A long commentary.")
    page.context.clear_cookies(name="sessionid")
    press("Save as draft")(page)


def somebody_else_was_faster(page: Page) -> None:
    """Save words on a return that was saved from another window since this one opened it."""
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Why", exact=True).fill("Words of the other window.")
    press("Save as draft")(other)
    other.close()
    page.get_by_label("Why", exact=True).fill("Words of this window.")
    press("Save as draft")(page)


def typed(label: str, value: str, button: str) -> Callable[[Page], None]:
    """Type one value and press a button."""

    def act(page: Page) -> None:
        page.locator("main").get_by_label(label, exact=True).first.fill(value)
        press(button)(page)

    return act


def open_target(words: str) -> Callable[[Page], None]:
    """Open a target from the list of a year's."""

    def act(page: Page) -> None:
        led_on(page, page.locator("main").get_by_role("link", name=words, exact=True).first)

    return act


def type_each_month(page: Page) -> None:
    """Choose to type each month, and leave out a level and the reason."""
    page.get_by_label("Typed for each month", exact=True).check()
    page.get_by_label("December 2026: intervention level, upper edge", exact=True).fill("")
    press("Propose the target")(page)


def look_at_the_months(page: Page) -> None:
    """See what last year's results would have got against a higher target."""
    page.get_by_label("Target for the year", exact=True).fill("66,000")
    page.get_by_label("Why this target?", exact=True).fill("The summer was full.")
    press("See the months")(page)


def decide_nothing(page: Page) -> None:
    """Record an approval without saying whose."""
    open_target("From December 2026")(page)
    press("Record the approval")(page)


PAGES = (
    Visit("questions", "/questions/", says="Council Tax collected"),
    Visit("questions", "/questions/", "councillor"),
    Visit("questions", "/questions/?kind=comment&stands=overdue", state="nothing found", says="No questions match"),
    Visit("question-ask", "/questions/ask/?about=kpi_year-1", "scrutiny"),
    Visit("question-ask", "/questions/ask/", MEMBERS),
    *(Visit("question", f"/questions/{number}/", state=f"the {number}.", act=unfold_all) for number in range(1, 13)),
    Visit("question", "/questions/5/", MEMBERS, "to conclude"),
    Visit("question", "/questions/7/", HOLDER, "to answer"),
    Visit("question", "/questions/12/", "portfolio-holder", "recommended"),
    Visit("meetings", "/meetings/", MEMBERS),
    Visit("meeting", "/meetings/11/", MEMBERS, "to come"),
    Visit("meeting", "/meetings/5/", "scrutiny", "held"),
    Visit("meeting", "/meetings/10/", state="cancelled", says="external auditor"),
    Visit("meeting-add", "/meetings/add/", MEMBERS),
    Visit("meeting-change", "/meetings/11/change/", MEMBERS),
    Visit("meeting-cancel", "/meetings/11/cancel/", MEMBERS),
    Visit("calendar", "/calendar/", says="this month"),
    Visit("calendar", "/calendar/?show=mine", HOLDER, "only mine"),
    Visit("calendar-year", "/calendar/2025-26/", "scrutiny"),
    Visit("calendar-address", "/calendar/address/", HOLDER, says="no address yet"),
    Visit("quarters", "/quarters/", says="Quarters of updates"),
    Visit("quarter-dates", "/quarters/2026-27-Q2/"),
    Visit("quarter", "/actions/2026-27-Q2/"),
    Visit("quarter", "/actions/2026-27-Q2/", HOLDER),
    Visit("quarter", "/actions/2027-28-Q1/", state="not open"),
    Visit("action-update", "/actions/2026-27-Q2/CPA17/", HOLDER, "not started", unfold_all),
    Visit("action-update", "/actions/2026-27-Q2/CPA13/", HOLDER, "draft", unfold_all),
    Visit("action-update", "/actions/2026-27-Q2/CPA7/", state="challenged", act=unfold_all),
    Visit("action-update", "/actions/2026-27-Q2/CPA8/", state="returned", act=unfold_all),
    Visit("action-update", "/actions/2026-27-Q2/CPA5/", BOARD, "accepted"),
    Visit("action-review", "/actions/2026-27-Q2/CPA2/review/", state="submitted", act=unfold_all),
    Visit("action-review", "/actions/2026-27-Q2/CPA11/review/", state="answered", act=unfold_all),
    Visit("action-review", "/actions/2026-27-Q2/CPA15/review/", state="disputed"),
    Visit("action-revise", "/actions/2026-27-Q1/CPA13/revise/", HOLDER),
    Visit("action-ruling", "/actions/2026-27-Q2/CPA15/dispute/", BOARD),
    Visit("action-lock-exception", "/actions/2026-27-Q2/CPA17/exception/"),
    Visit("action-revisions", "/actions/revisions/"),
    Visit("action-revision", "/actions/revisions/1/", state="accepted"),
    Visit("action-revision", "/actions/revisions/2/", state="proposed", act=unfold_all),
    Visit("home", "/"),
    Visit("home", "/", HOLDER),
    Visit("home", "/", "scrutiny"),
    Visit("kpi-list", "/kpis/"),
    Visit("kpi-list", "/kpis/?words=nothing+is+called+this", state="nothing found", says="No KPIs match"),
    Visit("kpi", "/kpis/2026-27/KPI 17/", state="everything", act=unfold_all),
    Visit("kpi", "/kpis/2026-27/KPI 6/", BOARD, state="disputed"),
    Visit("kpi", "/kpis/2026-27/KPI 17/", "scrutiny"),
    Visit("targets", "/kpis/2026-27/KPI 1/targets/", state="changed in the year"),
    Visit("targets", "/kpis/2026-27/KPI 17/targets/", "service-manager", "one sent back", says="Not in force"),
    Visit("targets", "/kpis/2026-27/KPI 22/targets/", "scrutiny", "context only", says="so it has no target"),
    Visit("target-propose", "/kpis/2026-27/KPI 1/targets/new/", state="to begin"),
    Visit("companion", "/kpis/2026-27/KPI 1/companion/"),
    Visit("successor-start", "/kpis/2026-27/KPI 1/successor/", state="to begin"),
    Visit("target-set", "/kpis/2026-27/KPI 20/targets/", state="waiting", act=open_target("From December 2026")),
    Visit("target-set", "/kpis/2026-27/KPI 1/targets/", "scrutiny", "approved", open_target("From October 2026")),
    Visit("kpi-find", "/kpis/KPI 999/", state="missing", status=404),
    Visit("kpi-export", "/kpis/2026-27/KPI 17/export/"),
    Visit("returns", "/returns/2026-10/"),
    Visit("returns", "/returns/2026-10/", HOLDER),
    Visit("returns", "/returns/2027-03/", state="not open"),
    Visit("return-grid", "/returns/2026-10/grid/", HOLDER),
    Visit("return", "/returns/2026-10/KPI 23/", HOLDER, "not started", unfold_all),
    Visit("return", "/returns/2026-10/KPI 17/", HOLDER, "challenged", unfold_all),
    Visit("return", "/returns/2026-10/KPI 20/", HOLDER, "submitted", unfold_all),
    Visit("return", "/returns/2026-09/KPI 17/", BOARD, "accepted"),
    Visit("return-review", "/returns/2026-10/KPI 20/review/", state="submitted", act=unfold_all),
    Visit("return-review", "/returns/2026-10/KPI 17/review/", state="challenged"),
    Visit("revision-propose", "/returns/2026-09/KPI 17/revise/", HOLDER),
    Visit("lock-exception", "/returns/2026-10/KPI 23/exception/"),
    Visit("revisions", "/revisions/"),
    Visit("revision", "/revisions/1/", state="accepted"),
    Visit("revision", "/revisions/2/", state="proposed", act=unfold_all),
    Visit("periods", "/periods/"),
    Visit("period", "/periods/2026-10/"),
    Visit("period-year", "/periods/year/2026-27/"),
    Visit("ruling", "/board/2026-09/disputed/KPI 6/", BOARD),
    Visit("board", "/board/2026-10/", BOARD, "being collected"),
    Visit("board", "/board/2026-09/", "portfolio-holder", "a portfolio"),
    Visit("events", "/events/"),
    Visit("event-new", "/events/new/"),
    Visit("event", "/events/1/"),
    Visit("event-remove", "/events/1/remove/"),
    Visit("packs", "/reports/"),
    Visit("packs", "/reports/", NOBODY),
    Visit("pack-begin", "/reports/begin/"),
    Visit(
        "pack-begin", "/reports/begin/", state="nothing said", act=press("Begin the pack"), says="There is a problem"
    ),
    Visit("pack", f"{PACK}/", says="What is missing, and who owes it"),
    Visit("pack", "/reports/2026-27-Q1/cabinet/", NOBODY, "published", says="The quarter on one page"),
    Visit("pack", "/reports/2026-27-Q2/leadership/", "section-151", "out for comment", says="Comment on it"),
    Visit("pack", "/reports/2025-26/yearly/", "director", "frozen", says="Sign off"),
    Visit("pack-preview", f"{PACK}/preview/"),
    Visit("pack-version", "/reports/2026-27-Q1/cabinet/version-1/", NOBODY),
    Visit("pack-cover", f"{PACK}/cover/"),
    Visit("pack-sections", f"{PACK}/sections/"),
    Visit("pack-meeting", f"{PACK}/meeting/"),
    Visit("pack-annex", f"{PACK}/annex/"),
    Visit("pack-check", f"{PACK}/checks/missing/"),
    Visit("pack-correct", "/reports/2026-27-Q1/cabinet/correct/"),
    Visit("audit", "/audit/", AUDIT),
    Visit("import", "/import/", act=unfold_all),
    Visit("outbox", "/outbox/", says="Nothing leaves this demonstration"),
    Visit("outbox", "/outbox/?state=failed", "admin", "failed", says="Send all that failed again"),
    Visit("message", "/outbox/?kind=welcome&state=sent", HOLDER, "sent", open_message, says="Shown here only"),
    Visit("message", "/outbox/?kind=welcome&state=failed", "admin", "failed", open_message, says="Send again"),
    Visit("jobs", "/jobs/", "admin"),
    Visit("jobs", "/jobs/", state="their own", says="Long work that you started"),
    Visit("jobs", "/jobs/", HOLDER, "none", says="No job has been started yet"),
    Visit("schedule", "/jobs/schedule/", "admin", act=unfold_all),
    Visit("job", "/jobs/1/", state="done", says="See what came of it"),
    Visit("job", "/jobs/2/", "admin", "failed", says="Take it up again"),
    Visit("posts", "/posts/", MEMBERS),
    Visit("delegations", "/posts/delegates/"),
    Visit("councillors", "/posts/councillors/", MEMBERS),
    Visit("sign-in", "/sign-in/", NOBODY),
    Visit("password-change", "/password/"),
    Visit("password-forgotten", "/password/forgotten/", NOBODY),
    Visit("password-sent", "/password/forgotten/sent/", NOBODY),
    Visit("password-new", "/password/new/MQ/no-longer/", NOBODY, "old link"),
    Visit("page", "/about/accessibility/", NOBODY, "accessibility"),
    Visit("page", "/about/privacy/", NOBODY, "privacy"),
    Visit("action-list", "/actions/"),
    Visit("action-list", "/actions/", "scrutiny"),
    Visit("action-list", "/actions/?words=nothing+is+called+this", state="nothing found", says="No actions match"),
    Visit("portfolios", "/actions/portfolios/", "portfolio-holder"),
    Visit("quarter-portfolios", "/actions/2026-27-Q2/portfolios/"),
    Visit("quarter-portfolios", "/actions/2026-27-Q1/portfolios/", "scrutiny"),
    Visit("action", "/actions/2026-27/CPA6/", state="with parts", act=unfold_all),
    Visit("action", "/actions/2026-27/CPA13/", HOLDER),
    Visit("action", "/actions/2026-27/CPA15/", BOARD, "disputed"),
    Visit("action", "/actions/2026-27/CPA5/", "scrutiny"),
    Visit("action", "/actions/2025-26/CPA24/", state="dropped", act=unfold_all),
    Visit("action-officer", "/actions/2026-27/CPA6/officer/"),
    Visit("action-words", "/actions/2026-27/CPA6/words/"),
    Visit("action-end", "/actions/2026-27/CPA6/end/"),
    Visit("action-again", "/actions/2025-26/CPA24/again/"),
    Visit("action-find", "/actions/CPA 999/", state="missing", status=404),
    Visit("plan", "/actions/plan/"),
    Visit("plan-year", "/actions/plan/2026-27/", "scrutiny", "the plan"),
    Visit("plan-year", "/actions/plan/2027-28/", state="being refreshed", act=unfold_all),
    Visit("plan-changes", "/actions/plan/2026-27/changes/"),
    Visit("plan-new", "/actions/plan/2027-28/new/"),
    Visit("plan-codes", "/actions/plan/2027-28/codes/"),
    Visit("plan-decision", "/actions/plan/2027-28/decision/", MEMBERS),
    Visit("plan-action", "/actions/plan/2027-28/actions/active-villages/"),
    Visit("plan-amend", "/actions/plan/2027-28/actions/active-villages/amend/"),
    Visit("plan-take-out", "/actions/plan/2027-28/actions/active-villages/take-out/"),
    Visit("project-list", "/projects/"),
    Visit("project-list", "/projects/", "scrutiny"),
    Visit("project-list", "/projects/?words=nothing+is+called+this", state="nothing found", says="No projects match"),
    Visit("project", "/projects/PR1/", state="everything", act=unfold_all),
    Visit("project", "/projects/PR2/", "scrutiny", "a date that moved"),
    Visit("project", "/projects/PR3/", BOARD, "closed"),
    Visit("project", "/projects/PR99/", state="missing", status=404),
    Visit("project-amend", "/projects/PR1/change/"),
    Visit("project-close", "/projects/PR1/close/"),
    Visit("project-again", "/projects/PR3/again/"),
    Visit("project-ask", "/projects/PR1/dates/"),
    Visit("project-change", "/projects/changes/1/", state="approved"),
    Visit("project-change", "/projects/changes/2/", state="waiting", says="Record what the board decided"),
    Visit("project-report", "/projects/2026-27-Q2/PR1/", HOLDER, "submitted"),
    Visit("project-report", "/projects/2026-27-Q2/PR4/", state="challenged", act=unfold_all),
    Visit("project-report", "/projects/2026-27-Q2/PR2/", BOARD, "accepted"),
    Visit("project-review", "/projects/2026-27-Q2/PR1/review/", state="submitted", act=unfold_all),
    Visit("project-revise", "/projects/2026-27-Q2/PR2/revise/"),
    Visit("project-lock-exception", "/projects/2026-27-Q2/PR1/exception/"),
    Visit("project-new", "/projects/new/"),
    Visit("project-revisions", "/projects/revisions/", says="No revision is waiting"),
    Visit("project-changes", "/projects/changes/", says="Decided or withdrawn"),
    Visit("setting-rounds", "/kpi-setting/"),
    Visit("setting", "/kpi-setting/2027-28/"),
    Visit("setting", "/kpi-setting/2027-28/", HOLDER),
    Visit(
        "setting", "/kpi-setting/2027-28/?words=nothing+is+called+this", state="nothing found", says="No KPIs match"
    ),
    Visit("setting-dates", "/kpi-setting/2027-28/dates/"),
    Visit("setting-codes", "/kpi-setting/2027-28/codes/"),
    Visit("setting-new", "/kpi-setting/2027-28/new/"),
    Visit("setting-panel", "/kpi-setting/2027-28/panel/"),
    Visit("half-year", "/kpi-setting/2026-27/half-year/"),
    Visit("half-year-dates", "/kpi-setting/2026-27/half-year/dates/"),
    Visit("half-year-item", "/kpi-setting/2026-27/half-year/kpis/KPI 16/", state="to be decided"),
    Visit("half-year-item", "/kpi-setting/2026-27/half-year/kpis/KPI 21/", "service-manager", "left"),
    Visit("half-year-item", "/kpi-setting/2026-27/half-year/kpis/KPI 5/", state="stretched"),
    Visit("half-year-change", "/kpi-setting/2026-27/half-year/kpis/KPI 17/change/", "service-manager"),
    Visit("proposal", "/kpi-setting/2027-28/kpis/street-cleanliness/", "director", "signed off", unfold_all),
    Visit("proposal", "/kpi-setting/2027-28/kpis/missed-bins/", "head-of-service", "to be agreed", unfold_all),
    Visit("proposal", "/kpi-setting/2027-28/kpis/community-groups/", state="dropped", says="Replaced by"),
    Visit(
        "proposal",
        "/kpi-setting/2027-28/kpis/community-groups-still-running-a-year-after-our-he/",
        state="new",
        says="Replaces",
    ),
    Visit("proposal", "/kpi-setting/2027-28/kpis/leisure-admissions/", state="averaged", says="follow 2025/26 alone"),
    Visit("proposal", "/kpi-setting/2027-28/kpis/active-lifestyles/", state="amended, typed", says="Typed for"),
    Visit("proposal-review", "/kpi-setting/2027-28/kpis/residual-waste/review/", HOLDER),
    Visit("proposal-verdict", "/kpi-setting/2027-28/kpis/residual-waste/verdict/", "service-manager"),
    Visit("proposal-facts", "/kpi-setting/2027-28/kpis/garden-waste/facts/", "service-manager"),
    Visit("proposal-target", "/kpi-setting/2027-28/kpis/garden-waste/target/", "service-manager"),
    Visit(
        "proposal-target",
        "/kpi-setting/2027-28/kpis/garden-waste/target/",
        "service-manager",
        "typed",
        lambda page: page.get_by_label("Typed for each month").check(),
        says="Leave a level empty",
    ),
    Visit("reminders", "/reminders/", HOLDER, "sent"),
    Visit("reminders", "/reminders/", "councillor", "none sent", says="No reminders have been sent to you"),
    Visit("reminders-preview", "/reminders/preview/?on=6+November+2026", says="messages with"),
    Visit("reminders-preview", "/reminders/preview/?on=7+November+2026", "admin", "no working day", says="Change"),
    Visit("reminders-preview", "/reminders/preview/?on=soon", state="not a day", says="must be a date"),
    Visit("reminders-late", "/reminders/late/", says="Write to the service"),
    Visit("reminders-chase", "/reminders/late/11/", says="Customer Services"),
    Visit("golden-thread", "/golden-thread/"),
    Visit(
        "golden-thread",
        "/golden-thread/?about=nothing+of+the+kind",
        state="nothing found",
        says="Nothing in the plan",
    ),
    Visit("framework", "/golden-thread/best-value/"),
    Visit("objectives", "/golden-thread/objectives/", HOLDER),
    Visit("feed", "/feed/"),
    Visit("outcome-measures", "/outcomes/"),
    Visit(
        "outcome-measure",
        "/outcomes/inequality-in-life-expectancy-at-birth-slope-index-of-inequality/",
        state="breakdowns",
    ),
    Visit("outcome-measure", "/outcomes/percentage-of-physically-active-adults/", "scrutiny"),
    Visit("outcomes-import", "/outcomes/import/"),
    Visit("templates", "/dataquality/", act=unfold_all),
    Visit("templates", "/dataquality/?words=nothing+of+the+kind", HOLDER, "nothing found", says="No templates match"),
    Visit("measures", "/dataquality/measures/", act=unfold_all),
    Visit("measures", "/dataquality/measures/?year=2025-26", "service-manager", "one service"),
    Visit("measure", "/dataquality/measures/on-time/", says="Not sent"),
    Visit("measure", "/dataquality/measures/stand-ins/?show=all", AUDIT, "everybody", says="Confirmed"),
    Visit("measure", "/dataquality/measures/revised/?month=2026-04", state="none", says="as it should be"),
    Visit("assurance", "/dataquality/assurance/"),
    Visit("assurance-year", "/dataquality/assurance/2026-27/"),
    Visit("assurance-year", "/dataquality/assurance/2025-26/", AUDIT, "reported"),
    Visit("assurance-due", "/dataquality/assurance/2026-27/due/"),
    Visit("assurance-statement", WASTE_STATEMENT.format("2026-27"), "service-manager", "begun", unfold_all),
    Visit("assurance-statement", WASTE_STATEMENT.format("2025-26"), "director", "signed", unfold_all),
    Visit("assurance-report", "/dataquality/assurance/2025-26/report/", "governance", "given"),
    Visit("assurance-report", "/dataquality/assurance/2026-27/report/", state="not given yet"),
    Visit("audit-findings", "/dataquality/assurance/audit-findings/", "service-manager"),
    Visit("audit-finding", "/dataquality/assurance/audit-findings/2/", AUDIT),
    Visit("audit-finding", "/dataquality/assurance/audit-findings/1/", AUDIT, "closed"),
    Visit("audit-finding-new", "/dataquality/assurance/audit-findings/new/", AUDIT),
    Visit("template", "/dataquality/2026-27/KPI 23/", HOLDER, "being completed"),
    Visit("template", "/dataquality/2026-27/KPI 22/", HOLDER, "sent back", says="sent it back on 4 November 2026"),
    Visit("template", "/dataquality/2026-27/KPI 17/", "service-manager", "signed", says="Versions of this year"),
    Visit("template", "/dataquality/2025-26/PI 30/", state="not begun", says="Not begun"),
    Visit("template-section", "/dataquality/2026-27/KPI 23/proposed-kpi/", HOLDER, "frequency"),
    Visit("template-section", "/dataquality/2026-27/KPI 23/collecting/", HOLDER, "people"),
    Visit("template-section", "/dataquality/2026-27/KPI 23/systems/", HOLDER, "systems"),
    Visit("template-section", "/dataquality/2026-27/KPI 23/method/", HOLDER, "method"),
    Visit("template-section", "/dataquality/2026-27/KPI 23/seasonality/", HOLDER, "seasonality"),
    Visit("template-section", "/dataquality/2026-27/KPI 23/importance/", HOLDER, "words"),
    Visit("template-section", "/dataquality/2026-27/KPI 17/systems/", AUDIT, "read"),
    Visit("template-sign", "/dataquality/2026-27/KPI 21/sign-off/", "service-manager", "to sign", unfold_all),
    Visit("template-sign", "/dataquality/2026-27/KPI 17/sign-off/", AUDIT, "signed"),
    Visit("template-access", "/dataquality/2026-27/KPI 23/access/", "deputy"),
    Visit("template-access", "/dataquality/2026-27/KPI 23/access/", "service-manager", "to answer", unfold_all),
    Visit("template-discard", "/dataquality/2026-27/KPI 23/discard/", HOLDER),
    Visit("template-begin", "/dataquality/2026-27/KPI 18/begin/", HOLDER, "again"),
    Visit("template-begin", "/dataquality/2025-26/PI 30/begin/", state="from nothing"),
    Visit("template-changes", "/dataquality/2026-27/KPI 17/changes/"),
    Visit("template-document", "/dataquality/2026-27/KPI 17/document/"),
    Visit("template-waiver", "/dataquality/2026-27/KPI 23/waiver/", "director"),
    Visit("comparators", "/dataquality/2026-27/KPI 17/comparators/", HOLDER),
    Visit("comparators", "/dataquality/2026-27/KPI 18/comparators/", AUDIT, "none", says="Nothing is kept"),
    Visit("comparator-new", "/dataquality/2026-27/KPI 18/comparators/new/", HOLDER, act=unfold_all),
    Visit("comparator", "/dataquality/2026-27/KPI 17/comparators/1/", HOLDER, act=unfold_all),
    Visit("quality-reviews", "/dataquality/reviews/", says="To review first"),
    Visit("quality-reviews", "/dataquality/reviews/", HOLDER),
    Visit("quality-reviews", "/dataquality/reviews/?words=nothing", AUDIT, "nothing found", says="No reviews match"),
    Visit("quality-risk", "/dataquality/reviews/by-risk/", says="It has never been reviewed."),
    Visit("quality-actions", "/dataquality/reviews/actions/", HOLDER, says="Overdue"),
    Visit("quality-review-plan", "/dataquality/reviews/plan/2026-27/KPI 6/"),
    Visit("quality-review", "/dataquality/reviews/1/", AUDIT, "good", says="Nothing is to be put right"),
    Visit("quality-review", "/dataquality/reviews/3/", "service-manager", "weak", says="Finished, actions open"),
    Visit("quality-review", "/dataquality/reviews/4/", "service-manager", "to answer", says="Is it accurate?"),
    Visit("quality-review", "/dataquality/reviews/4/", BOARD, "not finished", says="once the review is finished"),
    Visit("quality-review", "/dataquality/reviews/5/", "performance-team-2", "answered", says="Finish the review"),
    Visit("quality-review", "/dataquality/reviews/6/", state="under way", says="Still to write"),
    Visit("quality-review", "/dataquality/reviews/7/", state="planned", says="Start the review"),
    Visit("quality-review", "/dataquality/reviews/8/", state="withdrawn", says="withdrew it"),
    Visit("quality-review-replan", "/dataquality/reviews/7/plan/", act=unfold_all),
    Visit("quality-review-section", "/dataquality/reviews/6/method/", state="compared", says="What was agreed"),
    Visit("quality-review-section", "/dataquality/reviews/6/timeliness/", state="observed"),
    Visit("quality-review-document", "/dataquality/reviews/3/document/"),
    Visit("quality-action-new", "/dataquality/reviews/6/actions/new/"),
    Visit("quality-action", "/dataquality/reviews/3/actions/3/", HOLDER, "to be done", says="Is it done?"),
    Visit("quality-action", "/dataquality/reviews/3/actions/4/", state="to confirm", act=unfold_all),
    Visit("quality-action", "/dataquality/reviews/2/actions/2/", AUDIT, "dropped", says="Why it was dropped"),
    Visit("not found", "/nowhere/", status=404),
    Visit("not allowed", "/import/", HOLDER, status=403),
)
"""Every page as it opens, on the example that nobody changes."""

PROBLEM = "There is a problem"
REFUSED_OR_UNDER_WAY = (
    Visit("sign-in", "/sign-in/", NOBODY, "empty", press("Sign in"), says=PROBLEM),
    Visit("sign-in", "/returns/2026-09/KPI 19/", "deputy", "ran out", signed_out_meanwhile, says="ran out"),
    Visit("return", "/returns/2026-09/KPI 19/", HOLDER, "empty", press("Submit"), says=PROBLEM),
    Visit("return", "/returns/2026-10/KPI 22/", HOLDER, "at once", somebody_else_was_faster, says="while you were"),
    Visit("return-grid", "/returns/2026-10/grid/", HOLDER, "empty", press("Submit those that are complete")),
    Visit(
        "return-review",
        "/returns/2026-10/KPI 20/review/",
        state="challenge empty",
        act=unfold("Raise a challenge", "Raise the challenge"),
        says=PROBLEM,
    ),
    Visit(
        "revision-propose",
        "/returns/2026-09/KPI 17/revise/",
        HOLDER,
        "empty",
        press("Propose the revision"),
        says=PROBLEM,
    ),
    Visit(
        "revision",
        "/revisions/2/",
        state="declined empty",
        act=unfold("Decline it", "Decline the revision"),
        says=PROBLEM,
    ),
    Visit(
        "lock-exception",
        "/returns/2026-10/KPI 23/exception/",
        state="empty",
        act=press("Lift the lock for this return"),
        says=PROBLEM,
    ),
    Visit(
        "lock-exception",
        "/returns/2026-10/KPI 23/exception/",
        state="old page",
        act=from_an_old_page,
        says="Your page had expired",
    ),
    Visit(
        "period",
        "/periods/2026-10/",
        state="no reason",
        act=typed("Due on", "13/11/2026", "Save the dates"),
        says=PROBLEM,
    ),
    Visit(
        "ruling", "/board/2026-09/disputed/KPI 6/", BOARD, "empty", press("Record the board's decision"), says=PROBLEM
    ),
    Visit("target-propose", "/kpis/2026-27/KPI 29/targets/new/", state="typed", act=type_each_month, says=PROBLEM),
    Visit(
        "target-propose",
        "/kpis/2026-27/KPI 1/targets/new/",
        state="seen",
        act=look_at_the_months,
        says="Nothing has been saved yet",
    ),
    Visit(
        "successor-start",
        "/kpis/2026-27/KPI 1/successor/",
        state="empty",
        act=press("End it and start its successor"),
        says=PROBLEM,
    ),
    Visit("target-set", "/kpis/2026-27/KPI 20/targets/", state="empty", act=decide_nothing, says=PROBLEM),
    Visit("event-new", "/events/new/", state="empty", act=press("Save the event"), says=PROBLEM),
    Visit("event", "/events/1/", state="empty", act=typed("What happened?", "", "Save the event"), says=PROBLEM),
    Visit("import", "/import/", state="empty", act=press("Send the file"), says=PROBLEM),
    Visit("import-columns", "/import/", state="guessed", act=upload, says="Columns"),
    Visit("import-preview", "/import/", state="seen", act=upload_and_preview, says="Nothing is written yet"),
    Visit("councillors", "/posts/councillors/", MEMBERS, "empty", press("Check what will happen"), says=PROBLEM),
    Visit("councillors", "/posts/councillors/", MEMBERS, "to check", elect, says="Nothing has been changed yet"),
    Visit("delegations", "/posts/delegates/", state="empty", act=press("Name delegate"), says=PROBLEM),
    Visit("setting-new", "/kpi-setting/2027-28/new/", state="empty", act=press("Add the KPI"), says=PROBLEM),
    Visit(
        "proposal-target",
        "/kpi-setting/2027-28/kpis/garden-waste/target/",
        "service-manager",
        "previewed",
        press("See the arithmetic and the months"),
        says="Nothing has been saved yet",
    ),
    Visit("feed", "/feed/", state="empty", act=press("Make a key"), says=PROBLEM),
    Visit(
        "audit-finding-new",
        "/dataquality/assurance/audit-findings/new/",
        AUDIT,
        "empty",
        press("Save the finding"),
        says=PROBLEM,
    ),
    Visit("objectives", "/golden-thread/objectives/", HOLDER, "empty", press("Add the objective"), says=PROBLEM),
    Visit(
        "reminders-chase",
        "/reminders/late/11/",
        state="empty",
        act=typed("Message", "", "Send to Manager Example 11"),
        says=PROBLEM,
    ),
    Visit(
        "project-change",
        "/projects/changes/2/",
        state="empty",
        act=press("Record the decision"),
        says=PROBLEM,
    ),
    Visit("project-close", "/projects/PR1/close/", state="empty", act=press("Close the project"), says=PROBLEM),
    Visit("project-ask", "/projects/PR1/dates/", state="empty", act=press("Ask for the change"), says=PROBLEM),
    Visit("project-new", "/projects/new/", state="empty", act=press("Register the project"), says=PROBLEM),
    Visit("outcomes-import", "/outcomes/import/", state="empty", act=press("Send the file"), says=PROBLEM),
    Visit("outcomes-preview", "/outcomes/import/", state="seen", act=send_measures, says="Nothing is written yet"),
    Visit("outcome-measure", "/outcomes/import/", state="imported", act=import_measures, says="About this measure"),
    Visit(
        "template-section",
        "/dataquality/2026-27/KPI 23/method/",
        HOLDER,
        "empty",
        press("Save and continue"),
        says=PROBLEM,
    ),
    Visit(
        "template-sign",
        "/dataquality/2026-27/KPI 21/sign-off/",
        "service-manager",
        "sent back empty",
        unfold("Send it back instead", "Send back"),
        says=PROBLEM,
    ),
    Visit(
        "template-waiver",
        "/dataquality/2026-27/KPI 23/waiver/",
        "director",
        "empty",
        press("Allow it"),
        says=PROBLEM,
    ),
    Visit(
        "template-begin",
        "/dataquality/2026-27/KPI 18/begin/",
        HOLDER,
        "empty",
        press("Begin a new version"),
        says=PROBLEM,
    ),
    Visit(
        "comparator-new",
        "/dataquality/2026-27/KPI 18/comparators/new/",
        HOLDER,
        "empty",
        press("Save the series"),
        says=PROBLEM,
    ),
    Visit(
        "quality-review-plan",
        "/dataquality/reviews/plan/2026-27/KPI 6/",
        state="empty",
        act=typed("Why was it picked?", "", "Plan the review"),
        says=PROBLEM,
    ),
    Visit(
        "quality-review-section",
        "/dataquality/reviews/6/timeliness/",
        state="empty",
        act=press("Save and continue"),
        says=PROBLEM,
    ),
    Visit(
        "quality-review",
        "/dataquality/reviews/4/",
        "service-manager",
        "no comment",
        press("Send the comment"),
        says=PROBLEM,
    ),
    Visit("quality-action", "/dataquality/reviews/3/actions/3/", HOLDER, "empty", press("It is done"), says=PROBLEM),
    Visit("audit", "/audit/?from_0=99&from_1=1&from_2=2026", AUDIT, "bad date"),
    Visit("question-ask", "/questions/ask/", "scrutiny", "empty", press("Send it"), says=PROBLEM),
    Visit("question", "/questions/7/", HOLDER, "empty", press("Send the answer"), says=PROBLEM),
    Visit("meeting-add", "/meetings/add/", MEMBERS, "empty", press("Save the meeting"), says=PROBLEM),
    Visit("meeting-cancel", "/meetings/11/cancel/", MEMBERS, "empty", press("Cancel the meeting"), says=PROBLEM),
    Visit("calendar-address", "/calendar/address/", BOARD, "made", press("Make an address"), says="Copy it now"),
)
"""What pages say when something is refused or half done, on an example of their own."""

WITHOUT_A_PAGE = {
    "message-again": "only a button",
    "outbox-again": "only a button",
    "health": "answers a machine",
    "calendar-feed": "a file for calendar programs",
    "sign-out": "only a button",
    "job-again": "only a button",
    "job-cancel": "only a button",
    "period-open": "only a button",
    "comparator-remove": "only a button",
    "lock-exception-end": "only a button",
    "return-preview": "a fragment of the return's page, looked at there",
    "quarter-open": "only a button",
    "action-lock-exception-end": "only a button",
    "project-report-preview": "a fragment of the report's page, looked at there",
    "project-lock-exception-end": "only a button",
    "action-update-preview": "a fragment of the update's page, looked at there",
    "audit-export": "a file",
    "pack-file": "a file",
    **dict.fromkeys(("pack-version-file", "pack-supplement", "pack-annex-file"), "a file"),
    "pack-build": "only a button",
    **dict.fromkeys(
        ("feed-csv", "feed-json", "feed-dictionary-csv", "feed-dictionary-json"), "a file for whoever has a key"
    ),
    "import-apply": "only a button",
    "import-discard": "only a button",
    "plan-start": "only a button",
    "setting-open": "the example's window is open: looked at with the setting of a year",
    "setting-decision": "the example's set is with no body yet: looked at with the setting of a year",
    "setting-panel-file": "a file",
    "assurance-ask": "the example asked for both years: looked at with a year of assurance",
    "measures-file": "a file",
    "proposal-withdraw": "only a button",
    "plan-carry": "only a button",
    # The example has no revision and no dispute of a project's report: these are looked at in
    # tests/journeys/test_projects.py.
    **dict.fromkeys(("project-revision", "project-ruling"), "looked at with the life of a project"),
    "objective-remove": "only a button",
    "feed-revoke": "only a button",
    **dict.fromkeys(("pack-annex-remove", "pack-waiver-withdraw"), "only a button"),
    "outcomes-apply": "only a button",
    "outcomes-discard": "only a button",
}
"""URL names that answer no page of their own, and why."""


def url_names() -> set[str]:
    """The names of every address of the site but the admin's, which is Django's own."""

    def names(patterns: list[URLPattern | URLResolver]) -> set[str]:
        found: set[str] = set()
        for each in patterns:
            if isinstance(each, URLPattern):
                # Doors of the admin that lead to pages of ours have no name.
                found |= {each.name} if each.name else set()
            elif each.namespace != "admin":
                found |= names(each.url_patterns)
        return found

    return names(get_resolver().url_patterns)


NOTHING_YET = {
    "/questions/": "There are no questions you can see yet",
    "/questions/ask/": "There is no meeting to ask for",
    "/meetings/": "No meeting is planned",
    "/": "You have nothing to do",
    "/kpis/": "No KPIs match",
    "/returns/2026-10/": "This month has not been opened",
    "/board/2026-10/": "There are no KPIs to show",
    "/events/": "No events have been noted",
    "/revisions/": "No revision is waiting",
    "/periods/": "No month has been collected yet",
    "/quarters/": "No quarter has been opened",
    "/actions/2026-27-Q2/": "This quarter has not been opened",
    "/actions/revisions/": "No revision is waiting",
    "/actions/": "There is no plan yet",
    "/actions/portfolios/": "There is no plan yet",
    "/actions/plan/": "There is no Corporate Plan yet",
    "/outcomes/": "No outcome measures",
    "/import/": "Nothing has been imported yet",
    "/posts/delegates/": "No delegate is named",
    "/reminders/": "No reminders have been sent to you",
    "/reminders/late/": "Nothing is late",
    "/reminders/preview/?on=2+November+2026": "Nobody receives a reminder",
    "/dataquality/reviews/": "No KPI has been reviewed yet",
    "/dataquality/reviews/by-risk/": "There are no KPIs this year yet",
    "/outbox/": "No message has been written yet",
    "/reports/": "No report is published yet",
}
"""Pages of a council that has just begun, and what they say then."""

LISTING = {
    *("home", "kpi-list", "kpi", "kpi-export", "returns", "return-grid", "return", "return-review", "revisions"),
    *("revision", "revision-propose", "lock-exception", "board", "ruling", "event", "periods"),
    *("action-list", "action", "quarter", "action-update", "action-review", "action-revise", "action-revision"),
    *("reminders-preview", "reminders-late"),
    *("action-ruling", "quarter-portfolios", "plan-year", "plan-changes", "plan-codes", "golden-thread", "framework"),
}
"""The pages on which names of KPIs, actions, services and people stand."""
