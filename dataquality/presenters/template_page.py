"""The page of one KPI's template in words: its facts, what is to be known, who signs it, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from dataquality.models import Template
from dataquality.queries.quality_reviews import in_hand_of
from dataquality.queries.setting import proposed_replacements
from dataquality.queries.templates import missing, with_rows
from dataquality.workflow import TEMPLATE_MOVES, may_answer_problems, may_begin, may_complete, may_waive, refusal
from hdcperf import clock
from hdcperf.ui import Link, Step, SummaryRow, Tag, TaskRow, day
from kpis.models import KpiYear
from kpis.queries.kpi_page import neighbours
from kpis.queries.templates import last_reviewed

__all__ = ["before_of", "facts", "is_asked", "notices", "sign_off_task", "steps", "waiver_words"]

State = Template.State


def before_of(template: Template) -> Template | None:
    """The version it began from, with all it holds."""
    if template.began_from_id is None:
        return None
    return with_rows(Template.objects.filter(pk=template.began_from_id)).first()


def is_asked(template: Template, user_id: int) -> bool:
    """Whether the person is named by a version in hand and has not confirmed their access."""
    if template.state not in (State.DRAFT, State.SUBMITTED):
        return False
    return any(row.user_id == user_id and row.access_confirmed_on is None for row in template.people.all())


def waiver_words(kpi_year: Any, today: Any) -> str:
    """Who lets it be collected without a signed template, until when and why; nothing where nobody does."""
    return str(kpi_year.template_waiver) if kpi_year.is_waived(today) else ""


def facts(held: Any, managers: Sequence[str]) -> list[SummaryRow]:
    """The two first boxes of B.2, who signs it off, and whether its months can be opened."""
    kpi_year, template = held.kpi_year, held.template
    rows = [
        SummaryRow("Service", kpi_year.service.name),
        SummaryRow("Proposed KPI", Link(held.name, reverse("kpi", args=held.place))),
        SummaryRow("Year", str(kpi_year.financial_year)),
        *_replacements(kpi_year),
        SummaryRow("Signs it off", ", ".join(managers) or "Nobody holds the post of service manager"),
    ]
    if template is not None:
        rows.append(SummaryRow("Version", str(template.number)))
    rows.append(SummaryRow("Collection", _collection(kpi_year)))
    return [*rows, SummaryRow("Quality review", _review(kpi_year))]


def _replacements(kpi_year: Any) -> list[SummaryRow]:
    """What it replaced and what replaced it, or is to, while that is only proposed."""
    words = {"predecessor": "Replaces", "successor": "Replaced by"}
    linked = [(words[one.kind], one.kpi_year) for one in neighbours(kpi_year) if one.kind in words]
    proposed = proposed_replacements(kpi_year)
    return [
        *(SummaryRow(key, Link(_named(one), reverse("kpi", args=_place(one)))) for key, one in linked),
        *(SummaryRow(key, _named(one)) for key, one in proposed),
    ]


def _named(kpi_year: KpiYear) -> str:
    return f"{kpi_year.code} {kpi_year.name}"


def _place(kpi_year: KpiYear) -> list[object]:
    return [kpi_year.financial_year, kpi_year.code]


def _review(kpi_year: Any) -> object:
    """The review in hand, or what the last one found."""
    there = in_hand_of([kpi_year.pk]).get(kpi_year.pk)
    if there is not None:
        words = f"{there.get_state_display()}, due by {day(there.due_on)}"
        return Link(words, reverse("quality-review", args=[there.pk]))
    last = last_reviewed(kpi_year)
    return "Not reviewed yet" if last is None else Link(last.words, reverse("quality-review", args=[last.pk]))


def _collection(kpi_year: Any) -> str:
    today = clock.today()
    if not kpi_year.is_live:
        return f"It is proposed for {kpi_year.financial_year}, and not one of its KPIs yet."
    if kpi_year.template_signed_on is not None:
        return f"Its months can be opened: the template was signed off on {day(kpi_year.template_signed_on)}."
    return waiver_words(kpi_year, today) or "Its months cannot be opened until the template is signed off."


def notices(held: Any) -> list[str]:
    """What somebody who opens the page should know first."""
    template, found = held.template, []
    last = list(template.transitions.all())[-1:]
    if template.state == State.DRAFT and last and last[0].move == "send_back":
        found.append(f"{last[0].who} sent it back on {day(last[0].at)}: {last[0].comment}")
    if template.state == State.DRAFT and template.reopened_why:
        found.append(f"A new version was begun because: {template.reopened_why}")
    waiting = [one for one in template.access_problems.all() if one.answered_on is None]
    found += [f"{one.user.name} cannot get into {one.system}: {one.words}" for one in waiting]
    return found


def sign_off_task(held: Any) -> TaskRow:
    """The Service Manager's box in the list of questions."""
    template = held.template
    hints = {
        State.DRAFT: "Once every question is answered and it is sent for sign-off",
        State.SUBMITTED: "",
    }
    signed = f"{template.signed_by_name}, {day(template.signed_on)}" if template.signed_on else ""
    return TaskRow(
        title="Service Manager sign-off",
        href=reverse("template-sign", args=held.place),
        status=_sign_off_tag(template),
        hint=hints.get(template.state, signed),
    )


def _sign_off_tag(template: Template) -> Tag:
    if template.state == State.DRAFT:
        return Tag("Cannot start yet", "grey")
    return Tag("To be signed off", "purple") if template.state == State.SUBMITTED else Tag("Signed off", "teal")


def steps(held: Any) -> list[Step]:
    """What the person can do next: each is offered only to those who may."""
    kpi_year, template, user = held.kpi_year, held.template, held.user
    found = []
    if template is None:
        if may_begin(kpi_year, user) is None:
            found.append(Step("Begin the template", reverse("template-begin", args=held.place), kind="primary"))
        return [*found, *_waiver_step(held)]
    found += _moves(held)
    if is_asked(template, user.pk):
        words = "Say whether you can get into the systems"
        found.append(Step(words, reverse("template-access", args=held.place), kind="secondary"))
    elif _has_problems(template) and may_answer_problems(template, user) is None:
        words = "Answer who cannot get into the systems"
        found.append(Step(words, reverse("template-access", args=held.place), kind="primary"))
    if template.state == State.SIGNED and may_begin(kpi_year, user) is None:
        hint = "A change of who collects it, or of how, makes the template be signed again."
        begin = reverse("template-begin", args=held.place)
        found.append(Step("Begin a new version", begin, hint=hint, kind="secondary"))
    found += _waiver_step(held)
    if template.began_from_id is not None:
        found.append(Step("See what changed", reverse("template-changes", args=held.place)))
    found.append(Step("See what it is compared with", reverse("comparators", args=held.place)))
    found.append(Step("Read or print it as a document", reverse("template-document", args=held.place)))
    return found


def _has_problems(template: Template) -> bool:
    return any(one.answered_on is None for one in template.access_problems.all())


def _moves(held: Any) -> list[Step]:
    template, user = held.template, held.user
    found = []
    may_send = template.state == State.DRAFT and may_complete(template, user) is None
    if may_send and not missing(template):
        hint = "The Service Manager, or the head of service, then signs it off or sends it back."
        found.append(Step("Send for sign-off", held.address, hint, "post", "move", "submit", kind="primary"))
    if refusal(template, TEMPLATE_MOVES["sign"], user) is None:
        found.append(Step("Read it and sign it off", reverse("template-sign", args=held.place), kind="primary"))
    if refusal(template, TEMPLATE_MOVES["take_back"], user) is None:
        hint = "To change an answer before it is signed off."
        found.append(Step("Take it back", held.address, hint, "post", "move", "take_back", kind="secondary"))
    if refusal(template, TEMPLATE_MOVES["discard"], user) is None:
        hint = "If it was begun by mistake."
        found.append(Step("Discard this version", reverse("template-discard", args=held.place), hint=hint))
    return found


def _waiver_step(held: Any) -> list[Step]:
    kpi_year = held.kpi_year
    if kpi_year.template_signed_on is not None or may_waive(kpi_year, held.user) is not None:
        return []
    words = "Change or end the waiver" if kpi_year.is_waived(clock.today()) else "Let it be collected for a while"
    hint = "A dated waiver: it names you, until when and why, and shows on every return."
    return [Step(words, reverse("template-waiver", args=held.place), hint=hint)]
