"""A pack as it would be frozen now: gathered, with its covering report, comments and checks (C.2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone

from hdcperf import clock
from hdcperf.organisation.models import Outcome
from hdcperf.periods import FinancialYear, Month
from kpis.models import KpiYear
from reports.gathering.actions import action_of, in_the_pack, project_of
from reports.gathering.beside import beside
from reports.gathering.compared import compared
from reports.gathering.issues import issues_of
from reports.gathering.key import key_of
from reports.gathering.kpis import beside_companion, breaks_of, kpi_of
from reports.gathering.measures import measure_of
from reports.gathering.questions import questions_of
from reports.gathering.reading import KpiRead, Sources, Span, read
from reports.gathering.seen import changed_since_seen
from reports.models import Pack, PackText
from reports.packs.frozen import (
    CoverSection,
    FrozenAnnex,
    FrozenCheck,
    FrozenComment,
    FrozenPack,
    OutcomePart,
    PriorityPart,
    Section,
)
from reports.packs.issues import FrozenIssues
from reports.packs.items import FrozenAction, FrozenKpi, FrozenProject
from reports.packs.sections import COVER_HEADINGS, Audience, SectionKey
from reports.rules.cover_drafts import Stale, facts, stale_quotes
from reports.rules.front_page import front_page
from reports.rules.pack_checks import CONFIRMED, CheckResult, checked
from reports.rules.suppression import suppressed

__all__ = ["Gathered", "annex_of", "body_of", "gather", "title_of"]

OTHER = "Measures that serve no single outcome"


@dataclass(frozen=True)
class Gathered:
    """A pack as it stands now: what it was made from, what it would print, and every check."""

    sources: Sources
    pack: FrozenPack
    results: list[CheckResult]
    stale: dict[str, list[Stale]]

    @property
    def issues(self) -> FrozenIssues:
        """What it would push down when it is issued."""
        return issues_of(self.sources)


def gather(pack: Pack) -> Gathered:
    """Everything ``pack`` would print today, in a fixed number of queries however many KPIs it holds."""
    sources = read(pack.span, pack.audience_of, clock.today())
    bare, small = _items(sources, pack)
    texts = list(pack.texts.all())
    with_words = replace(bare, cover=tuple(_cover(texts)), comments=tuple(_comments(pack)))
    known = facts(with_words)
    stale = {text.key: stale_quotes(text.words, text.quotes, known) for text in texts}
    waivers = {one.check_code: one for one in pack.waivers.all()}
    seen_beside = beside(
        sources,
        with_words,
        stale=tuple(one for found in stale.values() for one in found),
        small=small,
        confirmed=waivers[CONFIRMED].reason if CONFIRMED in waivers else "",
    )
    results = checked(with_words, seen_beside)
    return Gathered(
        sources=sources,
        pack=compared(pack, replace(with_words, checks=tuple(_check(one, waivers.get(one.code)) for one in results))),
        results=results,
        stale=stale,
    )


# What it holds


def _items(sources: Sources, pack: Pack) -> tuple[FrozenPack, tuple[str, ...]]:
    """The pack without words of its own, and where a number that is kept back stands in a commentary."""
    found: list[tuple[KpiYear, FrozenKpi]] = []
    small: list[str] = []
    for one in sources.kpis:
        whole = kpi_of(one, sources)
        shown = _kept_back(whole, one, sources.audience)
        small += _gives_away(whole, shown)
        found.append((one.board.kpi_year, shown))
    # Beside a figure stands what the pack prints of its companion, a number that is kept back kept back there too.
    by_kpi = {kpi_year.kpi_id: shown for kpi_year, shown in found}
    kpis = [(year.outcome_id, beside_companion(one, by_kpi.get(year.companion_id or 0))) for year, one in found]
    actions = [(line.row.outcome_id, action_of(line, sources)) for line in sources.actions if in_the_pack(line)]
    projects = [(line.project.outcome_id, project_of(line, sources)) for line in sources.projects]
    priorities = tuple(_priorities(sources.outcomes, kpis, actions, projects))
    measures = tuple(measure_of(measure, series) for measure, series in sources.measures)
    changes = changed_since_seen(sources)
    council = sources.council
    flat = FrozenPack(
        slug=pack.span.slug,
        audience=pack.audience,
        audience_label=pack.audience_of.label,
        title=title_of(pack.span),
        period=str(pack.span),
        version=pack.number,
        frozen_on=sources.today,
        council=council.name if council is not None else settings.COUNCIL_NAME,
        team=council.team_name if council is not None else "Performance Team",
        body=body_of(pack, sources),
        front=front_page((), (), (), (), sources.before),
        sections=(),
        meeting_on=pack.meeting.held_on if pack.meeting is not None else None,
        meeting_place=pack.meeting.place if pack.meeting is not None else "",
        author=council.team_name if council is not None else "Performance Team",
        contact=council.team_email if council is not None else "",
        orientation=pack.orientation,
        late_reason=pack.late_reason,
        notice="The council, its people and its figures are invented." if settings.DEMO_MODE else "",
        priorities=priorities,
        measures=measures,
        questions=tuple(questions_of(pack)),
        revised=changes,
        key=key_of(actions=bool(actions or projects)),
        exempt_notice=_exempt(pack),
    )
    front = front_page(flat.kpis, flat.actions, flat.projects, changes, sources.before)
    whole_pack = replace(flat, front=front, breaks=tuple(breaks_of(flat.kpis)))
    return replace(whole_pack, sections=tuple(_sections(pack, whole_pack))), tuple(small)


def _kept_back(kpi: FrozenKpi, read_one: KpiRead, audience: Audience) -> FrozenKpi:
    below = read_one.board.kpi_year.suppress_below
    return suppressed(kpi, below) if audience.is_public and below is not None else kpi


def _gives_away(whole: FrozenKpi, shown: FrozenKpi) -> Iterator[str]:
    """A commentary that says the very number that is kept back."""
    if whole == shown:
        return
    words = " ".join(one.words for one in whole.commentary).split()
    plain = {word.strip(".,;:()") for word in words}
    for figure, printed in ((whole.month, shown.month), (whole.ytd, shown.ytd)):
        if figure.value is not None and printed.value is None and figure.words.split(" ")[0] in plain:
            yield f"{whole.code}: its commentary says {figure.words.split(' ')[0]}"


def _priorities(
    outcomes: Iterable[Outcome],
    kpis: list[tuple[int | None, FrozenKpi]],
    actions: list[tuple[int, FrozenAction]],
    projects: list[tuple[int, FrozenProject]],
) -> Iterator[PriorityPart]:
    """Each priority with its outcomes, and under each its KPIs, actions and projects together."""
    held: dict[int, tuple[str, list[OutcomePart]]] = {}
    for outcome in outcomes:
        part = OutcomePart(
            outcome.number,
            outcome.name,
            tuple(one for key, one in kpis if key == outcome.pk),
            tuple(one for key, one in actions if key == outcome.pk),
            tuple(one for key, one in projects if key == outcome.pk),
        )
        if part.kpis or part.actions or part.projects:
            held.setdefault(outcome.priority.number, (outcome.priority.name, []))[1].append(part)
    for number, (name, parts) in held.items():
        yield PriorityPart(number, name, tuple(parts))
    rest = tuple(one for key, one in kpis if key is None)
    if rest:
        yield PriorityPart(0, OTHER, (OutcomePart(0, OTHER, rest),))


def _sections(pack: Pack, frozen: FrozenPack) -> Iterator[Section]:
    """The sections chosen, in their order; one with nothing in it is left out."""
    span = pack.span
    word = "year" if isinstance(span, FinancialYear) else "month" if isinstance(span, Month) else "quarter"
    empty = {
        SectionKey.PROJECTS: not frozen.projects,
        SectionKey.INTERVENTIONS: not frozen.interventions,
        SectionKey.QUESTIONS: not frozen.questions,
        SectionKey.MEASURES: not frozen.measures,
        SectionKey.COMMENTS: not pack.comments.exists(),
    }
    for key in pack.chosen:
        if not empty.get(key, False):
            yield Section(key.value, f"The {word} on one page" if key is SectionKey.FRONT else key.label)


def title_of(span: Span) -> str:
    """What the pack of a period is called."""
    word = {FinancialYear: "Yearly", Month: "Monthly"}.get(type(span), "Quarterly")
    return f"{word} performance report, {span}"


def body_of(pack: Pack, sources: Sources) -> str:
    """Whom the report is to, in the council's own words."""
    council = sources.council
    if council is not None and pack.audience == Audience.SCRUTINY:
        return council.scrutiny_name
    if council is not None and pack.audience == Audience.BOARD:
        return council.board_name
    if pack.audience == Audience.YEARLY:
        return pack.meeting.get_body_display() if pack.meeting is not None else "The council"
    return pack.audience_of.label


def _exempt(pack: Pack) -> str:
    annex = getattr(pack, "annex", None)
    if annex is None:
        return ""
    paragraph = annex.get_paragraph_display().split(":", 1)[0]
    return (
        "An exempt annex goes with this report to members entitled to it: paragraph "
        f"{paragraph} of Part 1 of Schedule 12A to the Local Government Act 1972. {annex.public_interest}"
    )


# Its words and checks


def _cover(texts: list[PackText]) -> Iterator[CoverSection]:
    held = {one.key: one.words for one in texts}
    for key, heading in COVER_HEADINGS.items():
        if held.get(key, "").strip():
            yield CoverSection(key, heading, held[key])


def _comments(pack: Pack) -> Iterator[FrozenComment]:
    for one in pack.comments.all():
        yield FrozenComment(one.post, one.words, timezone.localdate(one.at))


def _check(result: CheckResult, waiver: object) -> FrozenCheck:
    reason, post = getattr(waiver, "reason", ""), getattr(waiver, "by_post", "")
    if result.code == CONFIRMED and result.is_met:
        return FrozenCheck(result.code, result.words, True, waived=reason, waived_by=post)
    if result.is_met:
        return FrozenCheck(result.code, result.words, True)
    return FrozenCheck(result.code, result.words, False, reason, post, result.found)


def annex_of(pack: Pack, frozen: FrozenPack) -> FrozenAnnex | None:
    """The exempt annex as it would be frozen with ``frozen``, or None."""
    annex = getattr(pack, "annex", None)
    if annex is None:
        return None
    return FrozenAnnex(
        slug=pack.span.slug,
        title=annex.title,
        paragraph=annex.get_paragraph_display(),
        public_interest=annex.public_interest,
        words=annex.words,
        council=frozen.council,
        pack_title=frozen.title,
        body=frozen.body,
        frozen_on=frozen.frozen_on,
        version=frozen.version,
        notice=frozen.notice,
    )
