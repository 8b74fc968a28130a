"""What is done with a pack: begun, written, frozen, signed off, issued, published and corrected (C.2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from django.db import transaction

from actions.models import IssuedUpdate
from actions.operations.issuing import issue_reports, issue_updates
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.problems import Problem, ProposalRefused
from hdcperf.roles import Permission
from hdcperf.workflow import NotPermitted
from kpis.models import IssuedFigure
from kpis.operations.issuing import issue_figures
from reports.gathering.reading import Span
from reports.gathering.whole import annex_of, gather
from reports.models import (
    FrozenData,
    Meeting,
    Pack,
    PackAnnex,
    PackComment,
    PackTemplate,
    PackText,
    PackTransition,
    PackWaiver,
)
from reports.models.packs import kind_of
from reports.pack_workflow import MoveRefused, may_comment, may_manage, move_pack
from reports.packs.codec import to_json
from reports.packs.frozen import digest, written
from reports.packs.issues import FrozenIssues, issues_text, read_issues
from reports.packs.sections import ALWAYS, DEFAULT_SECTIONS, Audience, SectionKey
from reports.rules.cover_drafts import drafts, facts, quotes_in
from reports.rules.pack_checks import CONFIRMED

__all__ = [
    "begin_pack",
    "choose_sections",
    "comment_on",
    "correct",
    "draft_cover",
    "freeze",
    "issue",
    "publish",
    "remove_annex",
    "send_out",
    "set_meeting",
    "sign_off",
    "take_back",
    "unfreeze",
    "waive",
    "withdraw_waiver",
    "write_annex",
    "write_cover",
]


def begin_pack(span: Span, audience: Audience, *, by: User, meeting: Meeting | None = None) -> Pack:
    """Begin the pack of a period for an audience, with the sections its template remembers and a drafted cover.

    One that is begun already is given back. Raises NotPermitted, and MoveRefused where one went out already.
    """
    _require_manager(by)
    with transaction.atomic():
        held = Pack.objects.of(span, audience.value).select_for_update().order_by("-number").first()
        if held is not None and held.is_out:
            raise MoveRefused(
                "This pack is out already: a correction is a new version of it.", state=held.state, move="begin"
            )
        if held is not None:
            return held
        template = PackTemplate.objects.filter(audience=audience.value).first()
        made = Pack(
            period_kind=kind_of(span),
            starts_on=span.first_day,
            audience=audience.value,
            meeting=meeting,
            sections=template.sections if template else _column(DEFAULT_SECTIONS[audience]),
            orientation=template.orientation if template else "portrait",
        )
        _begin(made, by=by, comment="")
        draft_cover(made, by=by)
    return made


def _begin(made: Pack, *, by: User, comment: str) -> None:
    save_as(made, by=by, reason=comment or "Begun")
    PackTransition.objects.create(
        pack=made,
        move="begin",
        from_state="",
        to_state=made.state,
        by=by,
        by_name=by.name,
        at=clock.now(),
        comment=comment,
    )


def _require_manager(by: User) -> None:
    if sentence := may_manage(None, by):
        raise NotPermitted(sentence, state="", move="save")


def _column(sections: Iterable[SectionKey]) -> str:
    return ",".join(one.value for one in sections)


# Put together


def choose_sections(record: Pack, sections: Iterable[str], orientation: str, *, by: User, version: int) -> Pack:
    """Choose the sections and their order, which the audience's next pack starts with.

    Raises ProposalRefused when one that every pack has is left out.
    """
    chosen = [SectionKey(one) for one in dict.fromkeys(sections)]
    if absent := [one for one in SectionKey if one in ALWAYS and one not in chosen]:
        names = ", ".join(f"“{one.label}”" for one in absent)
        raise ProposalRefused([Problem("sections", f"Every pack has {names}: give it a place.")])

    def change(fresh: Pack) -> None:
        fresh.sections, fresh.orientation = _column(chosen), orientation

    with transaction.atomic():
        fresh = move_pack(record, "save", by=by, version=version, change=change)
        template = PackTemplate.objects.filter(audience=record.audience).first() or PackTemplate(
            audience=record.audience
        )
        template.sections, template.orientation = _column(chosen), orientation
        save_as(template, by=by, reason=f"As chosen for {record}")
    return fresh


def set_meeting(record: Pack, meeting: Meeting | None, late_reason: str, *, by: User, version: int) -> Pack:
    """Say which meeting the pack goes to, and the chair's reason where it goes late."""

    def change(fresh: Pack) -> None:
        fresh.meeting, fresh.late_reason = meeting, late_reason

    return move_pack(record, "save", by=by, version=version, change=change)


def draft_cover(record: Pack, *, by: User) -> int:
    """Write a first text under each heading of the covering report that is still empty; how many were written."""
    if SectionKey.COVER not in record.chosen:
        return 0
    frozen = gather(record).pack
    known = facts(frozen)
    held = set(record.texts.exclude(words="").values_list("key", flat=True))
    written_now = 0
    with transaction.atomic():
        for key, words in drafts(frozen).items():
            if key not in held:
                text = record.texts.filter(key=key).first() or PackText(pack=record, key=key)
                text.words, text.quotes = words, quotes_in(words, known)
                save_as(text, by=by, reason="Drafted from the data")
                written_now += 1
    return written_now


def write_cover(record: Pack, words: Mapping[str, str], *, by: User, version: int) -> Pack:
    """Save the texts of the covering report by their headings' keys, with what they quote of the data today."""
    with transaction.atomic():
        fresh = move_pack(record, "save", by=by, version=version)
        known = facts(gather(fresh).pack)
        held = {one.key: one for one in fresh.texts.all()}
        for key, said in words.items():
            text = held.get(key) or PackText(pack=fresh, key=key)
            if text.pk is None and not said:
                continue
            quotes = _quotes(text, said, quotes_in(said, known))
            if (text.words, text.quotes) != (said, quotes):
                text.words, text.quotes = said, quotes
                save_as(text, by=by, reason="Written")
    return fresh


def _quotes(text: PackText, said: str, found: list[list[str]]) -> list[list[str]]:
    """What the text quotes now, and what it still quotes of data that has changed since: that stays flagged."""
    names = {name for name, _ in found}
    plain = " ".join(said.split()).casefold()
    kept = [
        [name, words]
        for name, words in text.quotes
        if name not in names and " ".join(words.split()).casefold() in plain
    ]
    return [*found, *kept]


def waive(record: Pack, check: str, reason: str, *, by: User, version: int) -> Pack:
    """Say why a check need not be met, or (for places and dates) what was checked: it is printed with the post."""
    with transaction.atomic():
        fresh = move_pack(record, "save", by=by, version=version)
        row = fresh.waivers.filter(check_code=check).first() or PackWaiver(pack=fresh, check_code=check)
        row.reason, row.by, row.at, row.by_post = reason, by, clock.now(), _post(by)
        save_as(row, by=by, reason="Confirmed" if check == CONFIRMED else "Waived")
    return fresh


def withdraw_waiver(record: Pack, check: str, *, by: User, version: int) -> Pack:
    """Take a waiver back: the check is to be met after all."""
    with transaction.atomic():
        fresh = move_pack(record, "save", by=by, version=version)
        for row in fresh.waivers.filter(check_code=check):
            row._history_user, row._change_reason = by, "Withdrawn"  # type: ignore[attr-defined]
            row.delete()
    return fresh


def _post(by: User) -> str:
    titles = standing(by).titles
    return titles[0] if titles else "Officer"


def write_annex(record: Pack, facts: Mapping[str, str], *, by: User, version: int) -> Pack:
    """Write the exempt annex: its paragraph of Schedule 12A, the public interest, and its words."""
    with transaction.atomic():
        fresh = move_pack(record, "save", by=by, version=version)
        annex = PackAnnex.objects.filter(pack=fresh).first() or PackAnnex(pack=fresh)
        for name, value in facts.items():
            setattr(annex, name, value)
        save_as(annex, by=by, reason="Exempt annex written")
    return fresh


def remove_annex(record: Pack, *, by: User, version: int) -> Pack:
    """Take the exempt annex out of a draft."""
    with transaction.atomic():
        fresh = move_pack(record, "save", by=by, version=version)
        for annex in PackAnnex.objects.filter(pack=fresh):
            annex._history_user, annex._change_reason = by, "Taken out"  # type: ignore[attr-defined]
            annex.delete()
    return fresh


def comment_on(record: Pack, words: str, *, by: User) -> PackComment:
    """Keep what somebody of the sign-off chain says of a pack that is out for comment; no figure changes.

    The same words sent twice by the same person are kept once.
    """
    if sentence := may_comment(record, by):
        raise NotPermitted(sentence, state=record.state, move="comment")
    with transaction.atomic():
        fresh = Pack.objects.select_for_update().get(pk=record.pk)
        if fresh.state != Pack.State.CONSULTING:
            raise MoveRefused("This pack is not out for comment now.", state=fresh.state, move="comment")
        last = fresh.comments.filter(by=by).last()
        if last is not None and last.words == words:
            return last
        return PackComment.objects.create(
            pack=fresh, by=by, by_name=by.name, post=_comment_post(by), words=words, at=clock.now()
        )


def _comment_post(by: User) -> str:
    """The post that lets them comment, as it is printed."""
    who = standing(by)
    own = [post.label for post in who.posts if post.carries(Permission.COMMENT_PACKS)]
    return own[0] if own else _post(by)


def send_out(record: Pack, *, by: User, version: int) -> Pack:
    """Send a draft out for comment."""
    return move_pack(record, "consult", by=by, version=version)


def take_back(record: Pack, *, by: User, version: int) -> Pack:
    """Take a pack back from comment; the comments stay."""
    return move_pack(record, "take_back", by=by, version=version)


# Frozen, signed off, issued, published


def freeze(record: Pack, *, by: User, version: int) -> Pack:
    """Store the data the pack is made of, when every check is met or waived.

    Raises MoveRefused naming the checks that are not, and the errors of ``move_pack``.
    """
    with transaction.atomic():
        fresh = move_pack(record, "freeze", by=by, version=version, change=_counted)
        gathered = gather(fresh)
        waived = set(fresh.waivers.values_list("check_code", flat=True))
        unmet = [one for one in gathered.results if not one.is_met and one.code not in waived]
        if unmet:
            said = "; ".join(one.words[:1].lower() + one.words[1:] for one in unmet)
            raise MoveRefused(f"These checks are neither met nor waived: {said}.", state=record.state, move="freeze")
        _keep(fresh, FrozenData.Kind.PACK, written(gathered.pack), by=by)
        _keep(fresh, FrozenData.Kind.ISSUES, issues_text(gathered.issues), by=by)
        annex = annex_of(fresh, gathered.pack)
        if annex is not None:
            _keep(fresh, FrozenData.Kind.ANNEX, to_json(annex), by=by)
    return fresh


def _counted(fresh: Pack) -> None:
    fresh.freezes += 1


def _keep(pack: Pack, kind: FrozenData.Kind, text: str, *, by: User) -> FrozenData:
    row: FrozenData = FrozenData.objects.create(
        pack=pack,
        kind=kind,
        number=pack.freezes,
        text=text,
        sha256=digest(text),
        frozen_by=by,
        frozen_at=clock.now(),
    )
    return row


def unfreeze(record: Pack, reason: str, *, by: User, version: int) -> Pack:
    """Take a frozen pack back to a draft before it is signed off, for a reason; what it was frozen as stays kept."""
    return move_pack(record, "unfreeze", by=by, version=version, comment=reason)


def sign_off(record: Pack, *, by: User, version: int) -> Pack:
    """Sign a frozen pack off, as somebody who did not put it together."""
    return move_pack(record, "sign", by=by, version=version)


def issue(record: Pack, *, by: User, version: int) -> Pack:
    """Issue a signed pack to its body, and push down to KPIs, actions and projects what members now have."""
    with transaction.atomic():
        _make_room(record, Pack.State.ISSUED, by=by)
        fresh = move_pack(record, "issue", by=by, version=version)
        _push_down(fresh, "panel")
    return fresh


def publish(record: Pack, *, by: User, version: int) -> Pack:
    """Publish an issued pack to everyone, signed in or not; until then everyone reads the version before."""
    with transaction.atomic():
        _make_room(record, Pack.State.PUBLISHED, by=by)
        fresh = move_pack(record, "publish", by=by, version=version)
        _push_down(fresh, "public")
    return fresh


def _make_room(record: Pack, state: Pack.State, *, by: User) -> None:
    """Mark the version this one takes the place of; where the move is refused after all, nothing is written."""
    versions = Pack.objects.of(record.span, record.audience).filter(state=state, number__lt=record.number)
    for earlier in versions.current().select_for_update():
        _replaced(earlier, by=by, why=f"{record} takes its place")


def _replaced(earlier: Pack, *, by: User, why: str) -> None:
    earlier.replaced_at = clock.now()
    save_as(earlier, by=by, reason=why)


def _push_down(pack: Pack, audience: str) -> None:
    """What members, or everyone, may see of figures, updates and reports from now on: as it was frozen."""
    row = pack.frozen.filter(kind=FrozenData.Kind.ISSUES, number=pack.freezes).first()
    issues = read_issues(row.text) if row is not None else FrozenIssues()
    on, name = clock.today(), str(pack)
    issue_figures(
        [_columns(one) for one in issues.figures], audience=IssuedFigure.Audience(audience), pack=name, on=on
    )
    to = IssuedUpdate.Audience(audience)
    issue_updates([_columns(one) for one in issues.updates], audience=to, pack=name, on=on)
    issue_reports([_columns(one) for one in issues.reports], audience=to, pack=name, on=on)


def _columns(row: object) -> dict[str, object]:
    return asdict(row)  # type: ignore[call-overload,no-any-return]


def correct(record: Pack, reason: str, *, by: User) -> Pack:
    """Begin a new version of a pack that went out, with its words, saying why; what changes is worked out later.

    Raises MoveRefused where a later version is begun or out already.
    """
    _require_manager(by)
    with transaction.atomic():
        newest = Pack.objects.of(record.span, record.audience).select_for_update().order_by("-number").first()
        assert newest is not None
        if newest.pk != record.pk or not newest.is_out:
            raise MoveRefused(
                f"Version {newest.number} of this pack is begun already.", state=newest.state, move="correct"
            )
        made = Pack(
            period_kind=newest.period_kind,
            starts_on=newest.starts_on,
            audience=newest.audience,
            number=newest.number + 1,
            meeting=newest.meeting,
            sections=newest.sections,
            orientation=newest.orientation,
            correction_reason=reason,
        )
        _begin(made, by=by, comment=reason)
        for text in newest.texts.all():
            save_as(PackText(pack=made, key=text.key, words=text.words, quotes=text.quotes), by=by, reason="Kept")
    return made
