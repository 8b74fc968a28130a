"""A pack as it would be frozen now: gathered, with its covering report, comments and checks (C.2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone

from hdcperf import clock
from hdcperf.organisation.models import Outcome
from hdcperf.periods import FinancialYear, Month
from hdcperf.ui import day
from kpis.models import Revision
from reports.gathering.actions import action_of, in_the_pack, project_of
from reports.gathering.issues import issues_of
from reports.gathering.key import key_of
from reports.gathering.kpis import breaks_of, kpi_of
from reports.gathering.measures import measure_of
from reports.gathering.questions import questions_of
from reports.gathering.reading import KpiRead, Sources, Span, read
from reports.gathering.seen import changed_since_seen
from reports.models import FrozenData, Pack, PackText
from reports.packs.frozen import (
    CoverSection,
    FrozenAnnex,
    FrozenCheck,
    FrozenComment,
    FrozenPack,
    OutcomePart,
    PriorityPart,
    Section,
    read_pack,
)
from reports.packs.issues import FrozenIssues
from reports.packs.items import FrozenAction, FrozenKpi, FrozenProject
from reports.packs.sections import COVER_HEADINGS, Audience, SectionKey
from reports.rules.cover_drafts import Stale, facts, stale_quotes
from reports.rules.front_page import front_page
from reports.rules.pack_changes import changes_between
from reports.rules.pack_checks import CONFIRMED, Beside, CheckResult, checked
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
    beside = _beside(
        sources,
        with_words,
        stale=tuple(one for found in stale.values() for one in found),
        small=small,
        confirmed=waivers[CONFIRMED].reason if CONFIRMED in waivers else "",
    )
    results = checked(with_words, beside)
    return Gathered(
        sources=sources,
        pack=_compared(
            pack, replace(with_words, checks=tuple(_check(one, waivers.get(one.code)) for one in results))
        ),
        results=results,
        stale=stale,
    )


# What it holds


def _items(sources: Sources, pack: Pack) -> tuple[FrozenPack, tuple[str, ...]]:
    """The pack without words of its own, and where a number that is kept back stands in a commentary."""
    kpis: list[tuple[int | None, FrozenKpi]] = []
    small: list[str] = []
    for one in sources.kpis:
        whole = kpi_of(one, sources)
        shown = _kept_back(whole, one, sources.audience)
        small += _gives_away(whole, shown)
        kpis.append((one.board.kpi_year.outcome_id, shown))
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


def _beside(
    sources: Sources, pack: FrozenPack, *, stale: tuple[Stale, ...], small: tuple[str, ...], confirmed: str
) -> Beside:
    return Beside(
        today=sources.today,
        stale_words=tuple(_stale_words(sources)),
        unanswered=tuple(_unanswered(sources, pack)),
        challenged=tuple(_challenged(sources)),
        stale=stale,
        named=tuple(_named(sources, pack)) if sources.audience.is_public else (),
        small=small,
        confirmed=confirmed,
    )


def _stale_words(sources: Sources) -> Iterator[str]:
    """Figures of the period revised, or moved to another colour, without a word in the commentary."""
    for one in sources.kpis:
        history = one.past.history
        figure = history.seen.by_month.get(one.board.measured)
        if figure is None:
            continue
        last: Revision | None = next(
            (row for row in history.revisions if row.monthly_return_id == figure.record_id), None
        )
        if last is not None and not last.new_commentary:
            yield f"{history.kpi_year.code}: revised after its commentary was written"
        elif any(row.monthly_return_id == figure.record_id and row.old_rag != row.new_rag for row in history.derived):
            yield f"{history.kpi_year.code}: its colour moved with an earlier month after its commentary was written"


def _unanswered(sources: Sources, pack: FrozenPack) -> Iterator[str]:
    """Questions of the body whose day has passed without an answer it was given."""
    for one in pack.questions:
        if one.due is not None and one.due < sources.today:
            yield f"{one.about}: was due on {day(one.due)}{f', {one.owner}' if one.owner else ''}"


def _challenged(sources: Sources) -> Iterator[str]:
    for one in sources.kpis:
        if one.board.in_round is not None and one.board.in_round.challenged:
            yield f"{one.board.kpi_year.code}: its figure is under challenge"
    for line in sources.actions:
        if sources.update_states.get(line.row.action_id) == "challenged":
            yield f"{line.row.code}: its update is under challenge"
    for project in sources.projects:
        if sources.report_states.get(project.project.pk) == "challenged":
            yield f"{project.project.code}: its report is under challenge"


def _named(sources: Sources, pack: FrozenPack) -> Iterator[str]:
    """Officers named in words that everyone will read."""
    for where, words in _words_of(pack):
        for name in sources.posts.named_in(words):
            yield f"{where}: {name}"


def _words_of(pack: FrozenPack) -> Iterator[tuple[str, str]]:
    for kpi in pack.kpis:
        said = [one.words for one in (*kpi.commentary, *kpi.promised_before)]
        yield kpi.code, "\n".join([*said, kpi.recovery.what if kpi.recovery else ""])
    for action in pack.actions:
        recovery = action.recovery.what if action.recovery else ""
        yield action.code, "\n".join((action.done, action.impact, action.achieved, action.rag_reason, recovery))
    for project in pack.projects:
        yield project.code, "\n".join((project.progress, project.risks, project.next_steps, project.board_words))
    for text in pack.cover:
        yield text.heading, text.words
    for comment in pack.comments:
        yield f"Comment of {comment.post}", comment.words


# What it is compared with


def _compared(pack: Pack, frozen: FrozenPack) -> FrozenPack:
    """With what a correction changes of the version before, and what cabinet's pack changes of scrutiny's."""
    if pack.number > 1:
        before = _frozen_of(pack, pack.audience, number=pack.number - 1)
        frozen = replace(
            frozen,
            correction_reason=pack.correction_reason,
            corrections=changes_between(before, frozen) if before is not None else (),
        )
    scrutiny = _frozen_of(pack, Audience.SCRUTINY.value) if pack.audience == Audience.CABINET else None
    if scrutiny is None:
        return frozen
    return replace(
        frozen,
        changed_since=changes_between(scrutiny, replace(frozen, cover=scrutiny.cover)),
        changed_since_what=f"{scrutiny.audience_label}’s pack of {day(scrutiny.frozen_on)}",
    )


def _frozen_of(pack: Pack, audience: str, number: int | None = None) -> FrozenPack | None:
    """The newest frozen data of the same period's pack for ``audience`` that went out."""
    rows = FrozenData.objects.filter(
        pack__in=Pack.objects.of(pack.span, audience).out(), kind=FrozenData.Kind.PACK
    ).order_by("-pack__number", "-number")
    if number is not None:
        rows = rows.filter(pack__number=number)
    row = rows.first()
    return None if row is None else read_pack(row.text)


def annex_of(pack: Pack) -> FrozenAnnex | None:
    """The exempt annex as it would be frozen, or None."""
    annex = getattr(pack, "annex", None)
    if annex is None:
        return None
    return FrozenAnnex(pack.span.slug, annex.title, annex.get_paragraph_display(), annex.public_interest, annex.words)
