"""Data quality templates in words: the year's list, the list of questions, and each answer as it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse

from dataquality.models import Template, TemplateSource
from dataquality.queries.template_list import Line, stage_of
from dataquality.queries.templates import answer_to, answers_of
from dataquality.rules.templates import (
    CONTEXT,
    PARTS,
    QUESTIONS,
    Answer,
    Kind,
    Question,
    Stage,
    is_answered,
)
from hdcperf.organisation.models import User
from hdcperf.ui import Link, Tag, TaskRow, count_of, day
from kpis.models import KpiYear
from kpis.rules.figures import Frequency

__all__ = [
    "Box",
    "Difference",
    "Part",
    "ServiceCount",
    "TemplateRow",
    "answer_lines",
    "boxes",
    "differences",
    "names_of",
    "parts",
    "safe_address",
    "service_counts",
    "stage_tag",
    "template_rows",
    "version_rows",
    "words_of",
]

_COLOURS = {
    Stage.NONE: "grey",
    Stage.DRAFT: "blue",
    Stage.REOPENED: "blue",
    Stage.SENT_BACK: "magenta",
    Stage.SUBMITTED: "purple",
    Stage.SIGNED: "teal",
}


def stage_tag(stage: Stage) -> Tag:
    return Tag(stage.label, _COLOURS[stage])


# The year's list


@dataclass(frozen=True)
class TemplateRow:
    """One KPI's template: how far it has come, who signed it, what it lacks, who must act."""

    code: str
    name: str
    href: str
    service: str
    stage: Tag
    version: str
    signed: str
    notes: tuple[str, ...]
    who: str
    blocked: Tag | None


def template_rows(lines: Iterable[Line]) -> list[TemplateRow]:
    return [_row(line) for line in lines]


def _row(line: Line) -> TemplateRow:
    kpi_year, template = line.kpi_year, line.template
    return TemplateRow(
        code=kpi_year.code,
        name=kpi_year.name,
        href=reverse("template", args=[kpi_year.financial_year, kpi_year.code]),
        service=kpi_year.service.name,
        stage=stage_tag(line.stage),
        version=f"Version {template.number}" if template is not None else "",
        signed=_signed_words(template),
        notes=tuple(_notes(line)),
        who=", ".join(line.who_acts),
        blocked=Tag("Not collected", "solid", "exclamation") if line.is_left_out else None,
    )


def _signed_words(template: Template | None) -> str:
    if template is None or template.signed_on is None:
        return ""
    return f"{template.signed_by_name}, {day(template.signed_on)}"


def _notes(line: Line) -> Iterable[str]:
    if not line.kpi_year.is_live:
        yield "Proposed for the year."
    if left := len(line.missing):
        yield f"{count_of(left, 'question')} to answer."
    if line.to_confirm:
        yield f"Access not confirmed: {', '.join(line.to_confirm)}."
    if line.kpi_year.is_waived(line.today):
        yield line.kpi_year.template_waiver
    elif line.stage is not Stage.SIGNED and line.kpi_year.template_signed_on is not None:
        yield f"The version signed off on {day(line.kpi_year.template_signed_on)} stands meanwhile."


@dataclass(frozen=True)
class ServiceCount:
    """How many of a service's templates have come how far."""

    service: Link
    total: int
    signed: int
    with_manager: int
    in_hand: int
    not_begun: int
    waived: int


def service_counts(lines: Iterable[Line], link: Callable[[int], str]) -> list[ServiceCount]:
    """A line for each service, by name; ``link`` gives the address that lists one alone."""
    held = list(lines)
    services = {line.kpi_year.service_id: line.kpi_year.service.name for line in held}
    counted = Counter((line.kpi_year.service_id, line.stage) for line in held)
    waived = Counter(line.kpi_year.service_id for line in held if line.kpi_year.is_waived(line.today))
    in_hand = (Stage.DRAFT, Stage.REOPENED, Stage.SENT_BACK)
    return [
        ServiceCount(
            service=Link(name, link(pk)),
            total=sum(counted[pk, stage] for stage in Stage),
            signed=counted[pk, Stage.SIGNED],
            with_manager=counted[pk, Stage.SUBMITTED],
            in_hand=sum(counted[pk, stage] for stage in in_hand),
            not_begun=counted[pk, Stage.NONE],
            waived=waived[pk],
        )
        for pk, name in sorted(services.items(), key=lambda pair: pair[1])
    ]


# The list of questions


@dataclass(frozen=True)
class Part:
    """A heading of the list of questions, with its tasks."""

    heading: str
    number: int
    tasks: Sequence[TaskRow]

    @property
    def slug(self) -> str:
        """What the ids of its tasks begin with."""
        return f"part-{self.number}-task"


ANSWERED, NOT_ANSWERED = Tag("Completed", "teal"), Tag("Not answered yet", "blue")
NOT_CONFIRMED = Tag("Access not confirmed", "outline")
SIGN_OFF = "Service Manager sign-off"


def parts(kpi_year: KpiYear, template: Template, sign_off: TaskRow) -> list[Part]:
    """The questions under their headings, in the framework's order: the sign-off stands after the method."""
    place = [kpi_year.financial_year, kpi_year.code]
    found: list[Part] = []
    for heading in PARTS:
        if heading == CONTEXT:
            found.append(Part(SIGN_OFF, len(found) + 1, (sign_off,)))
        asked = [question for question in QUESTIONS if question.part == heading]
        tasks = tuple(_task(template, question, place) for question in asked)
        found.append(Part(heading, len(found) + 1, tasks))
    return found


def _task(template: Template, question: Question, place: list[object]) -> TaskRow:
    answer = answer_to(template, question)
    done = is_answered(question, answer)
    first = _short(template, question)
    marks: tuple[Tag, ...] = ()
    if question.kind is Kind.PEOPLE and template.state in (Template.State.DRAFT, Template.State.SUBMITTED):
        rows = [row for row in template.people.all() if row.duty == question.duty]
        marks = (NOT_CONFIRMED,) if any(row.access_confirmed_on is None for row in rows) else ()
    return TaskRow(
        title=question.words,
        href=reverse("template-section", args=[*place, question.key]),
        status=ANSWERED if done else NOT_ANSWERED,
        hint=first,
        marks=marks,
    )


def _short(template: Template, question: Question) -> str:
    """What is answered, on one line: all the names, or how the words begin."""
    if question.kind is Kind.PEOPLE:
        return ", ".join(row.user.name for row in template.people.all() if row.duty == question.duty)
    if question.kind is Kind.SOURCES:
        return ", ".join(row.name for row in template.sources.all())
    first = " ".join(" ".join(answer_lines(template, question)).split())
    return first if len(first) <= SHORT else f"{first[:SHORT].rsplit(' ', 1)[0]} …"


SHORT = 90
"""Characters of an answer that stand in the list of questions."""


# Answers as they are read


@dataclass(frozen=True)
class Box:
    """One box of the document: the question, its small print, and the answer line by line."""

    words: str
    hints: tuple[str, ...]
    lines: tuple[Link, ...]
    key: str


def boxes(template: Template) -> list[Box]:
    """Every question with its answer, in the framework's order."""
    return [
        Box(
            question.words,
            question.hints,
            _linked(template, question),
            question.key,
        )
        for question in QUESTIONS
    ]


def _linked(template: Template, question: Question) -> tuple[Link, ...]:
    lines = answer_lines(template, question)
    match question.kind:
        case Kind.SOURCES:
            addresses = [row.link for row in template.sources.all()]
        case Kind.METHOD:
            addresses = [template.method_link if line == template.method_link else "" for line in lines]
        case _:
            addresses = [""] * len(lines)
    return tuple(Link(line, safe_address(link)) for line, link in zip(lines, addresses, strict=True))


def safe_address(link: str) -> str:
    """The address, where a browser opens it safely; nothing for a shared folder, a note or anything else."""
    try:
        found = urlsplit(link)
    except ValueError:
        return ""
    return link if found.scheme in ("http", "https") and found.netloc and " " not in link else ""


def answer_lines(template: Template, question: Question) -> list[str]:
    """The answer line by line as people read it; none where there is none."""
    if question.kind is Kind.PEOPLE:
        rows = [row for row in template.people.all() if row.duty == question.duty]
        return [f"{row.user.name}{_access(row.access_confirmed_on)}" for row in rows]
    return words_of(question, answer_to(template, question), {})


def _access(confirmed_on: object) -> str:
    return f" (access confirmed on {day(confirmed_on)})" if confirmed_on else ""  # type: ignore[arg-type]


def words_of(question: Question, answer: Answer, people: dict[int, str]) -> list[str]:
    """An answer, of this template or typed, line by line; ``people`` are names by id."""
    match question.kind:
        case Kind.PEOPLE:
            return [people.get(pk, "Somebody") for pk in answer["people"]]
        case Kind.SOURCES:
            kinds = dict(TemplateSource.Kind.choices)
            return [
                f"{kinds.get(line.kind, line.kind)}: {line.name}{f' – {line.link}' if line.link else ''}"
                for line in answer["sources"]
            ]
        case Kind.FREQUENCY:
            return [Frequency(answer["frequency"]).label] if answer["frequency"] else []
        case Kind.SEASONALITY:
            found = [dict(Template.Seasonal.choices).get(answer["seasonal"], ""), answer["seasonality"]]
            return [line for line in found if line]
        case _:
            return [answer[column] for column in question.columns if answer[column]]


# What changed


@dataclass(frozen=True)
class Difference:
    """A question answered otherwise than before: both answers, side by side."""

    words: str
    old: str
    new: str


def differences(template: Template, before: Template) -> list[Difference]:
    """The questions whose answers differ, in their order."""
    mine, theirs = answers_of(template), answers_of(before)
    names = _names(template, before)
    return [
        Difference(
            question.words,
            "\n".join(words_of(question, theirs[question.key], names)) or "Nothing",
            "\n".join(words_of(question, mine[question.key], names)) or "Nothing",
        )
        for question in QUESTIONS
        if mine[question.key] != theirs[question.key]
    ]


def _names(*templates: Template) -> dict[int, str]:
    return {row.user_id: row.user.name for template in templates for row in template.people.all()}


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Names by id, for words that somebody typed and has not saved."""
    return dict(User.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


@dataclass(frozen=True)
class VersionRow:
    """A version of the year in the list of versions."""

    number: Link
    state: Tag
    signed: str
    why: str


def version_rows(kpi_year: KpiYear, templates: Iterable[Template]) -> list[VersionRow]:
    address = reverse("template-document", args=[kpi_year.financial_year, kpi_year.code])
    return [
        VersionRow(
            number=Link(f"Version {one.number}", f"{address}?version={one.number}"),
            state=Tag(one.get_state_display(), "grey")
            if one.state == Template.State.SUPERSEDED
            else stage_tag(stage_of(one)),
            signed=_signed_words(one),
            why=one.reopened_why,
        )
        for one in templates
    ]
