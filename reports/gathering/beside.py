"""What the checks before issue look at beside the pack: challenges, unanswered questions, names, words gone stale."""

from __future__ import annotations

from collections.abc import Iterator

from hdcperf.ui import day
from kpis.models import Revision
from reports.gathering.reading import Sources
from reports.packs.frozen import FrozenPack
from reports.rules.cover_drafts import Stale
from reports.rules.pack_checks import Beside

__all__ = ["beside"]


def beside(
    sources: Sources, pack: FrozenPack, *, stale: tuple[Stale, ...], small: tuple[str, ...], confirmed: str
) -> Beside:
    """``stale`` quotes of the cover, commentaries that say a ``small`` number, and what was ``confirmed``."""
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
    for one in pack.questions:
        yield f"{one.kind} about {one.about}", "\n".join((one.words, one.answer, one.first_answer))
    for comment in pack.comments:
        yield f"Comment of {comment.post}", comment.words
