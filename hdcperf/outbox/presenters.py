"""Messages, ready for their pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from hdcperf.outbox.models import Attempt, Message
from hdcperf.ui import Link, Step, SummaryRow, Tag, count_of, day, moment, short_day

__all__ = ["AttemptRow", "MessagePage", "MessageRow", "kind_words", "message_page", "message_row"]

State = Message.State
TAGS = {
    State.WAITING: Tag("Waiting", "grey"),
    State.CLAIMED: Tag("Being sent", "blue"),
    State.SENT: Tag("Sent", "teal"),
    State.FAILED: Tag("Failed", "solid", "exclamation"),
}
SHOWN_ONLY = Tag("Shown here only", "teal")
CLEARED = "Its words were deleted"


@dataclass(frozen=True)
class MessageRow:
    """A message in a list."""

    link: Link
    to: str
    kind: str
    posted: str
    state: Tag
    words: str


@dataclass(frozen=True)
class AttemptRow:
    """An attempt that did not succeed, or somebody asking for more."""

    when: str
    what: str
    words: str


@dataclass(frozen=True)
class MessagePage:
    """A message's own page. ``cleared`` says that its words are gone, and why."""

    title: str
    state: Tag
    words: str
    facts: tuple[SummaryRow, ...]
    text: str
    html: str
    cleared: str
    attempts: tuple[AttemptRow, ...]
    steps: tuple[Step, ...]


def kind_words(kind: str) -> str:
    """``chase_list`` as people read it: Chase list."""
    return kind.replace("_", " ").replace("-", " ").capitalize()


def state_tag(message: Message) -> Tag:
    if message.state == State.SENT and settings.DEMO_MODE:
        return SHOWN_ONLY
    return TAGS[State(message.state)]


def message_row(message: Message) -> MessageRow:
    # Many have one subject: a link read out alone says to whom, and which.
    hint = f"to {message.recipient.name}, reference {str(message.pk)[:8]}"
    return MessageRow(
        link=Link(_title(message), reverse("message", args=[message.pk]), hint=hint),
        to=message.recipient.name,
        kind=kind_words(message.kind),
        posted=short_day(message.posted_on),
        state=state_tag(message),
        words=what_came(message),
    )


def _title(message: Message) -> str:
    return message.subject or f"{kind_words(message.kind)} of {day(message.posted_on)}"


def what_came(message: Message) -> str:
    """How it stands, in a sentence."""
    if message.state == State.SENT:
        return "" if settings.DEMO_MODE else moment(message.sent_at)
    if message.state == State.FAILED:
        return message.error or CLEARED
    if message.state == State.CLAIMED:
        return f"Since {moment(message.claimed_at)}"
    if message.attempts:
        return f"Tried {count_of(message.attempts, 'time')}; again {moment(message.next_try_at)}. {message.error}"
    return "" if settings.OUTBOX_BACKEND else "Until a mail server is set"


def message_page(message: Message, *, keeper: bool, may_correct: bool) -> MessagePage:
    """``keeper`` may send it again, and whoever ``may_correct`` keeps people's addresses."""
    tag = state_tag(message)
    return MessagePage(
        title=_title(message),
        state=tag,
        words="Nothing leaves this demonstration." if tag == SHOWN_ONLY else what_came(message),
        facts=tuple(_facts(message)),
        text=message.text,
        html=message.html,
        cleared=_cleared(message),
        attempts=tuple(_attempts(message)),
        steps=tuple(_steps(message, keeper, may_correct)),
    )


def _facts(message: Message) -> Iterator[SummaryRow]:
    yield SummaryRow("To", f"{message.recipient.name}, {message.address}" if message.address else message.recipient)
    yield SummaryRow("Kind", kind_words(message.kind))
    if message.compulsory:
        yield SummaryRow("Preferences", "Sent whatever the person prefers: nobody can switch this off")
    yield SummaryRow("Written", day(message.posted_on) if settings.DEMO_MODE else moment(message.created_at))
    if message.sent_at and not settings.DEMO_MODE:
        yield SummaryRow("Taken by the mail server", moment(message.sent_at))
    if message.next_try_at:
        yield SummaryRow("Sent next", moment(message.next_try_at))
    yield SummaryRow("Attempts", str(message.attempts))
    yield SummaryRow("Message-ID", message.message_id)


def _cleared(message: Message) -> str:
    if message.cleared_at is None:
        return ""
    return (
        f"Its words and the address were deleted on {day(message.cleared_at)}: they are kept for "
        f"{settings.OUTBOX_KEEP_DAYS} days. That it was written, and what came of it, is kept for "
        f"{settings.TOLD_KEEP_DAYS:,} days."
    )


def _attempts(message: Message) -> Iterator[AttemptRow]:
    """What went wrong and who asked for more, in the order of time."""
    rows = [
        *((one.at, AttemptRow(moment(one.at), _outcome(one), one.error)) for one in message.tries.all()),
        *(
            (one.at, AttemptRow(moment(one.at), f"{one.by_name} had it sent again", ""))
            for one in message.resends.all()
        ),
    ]
    return (row for _, row in sorted(rows, key=lambda pair: pair[0]))


def _outcome(one: Attempt) -> str:
    return f"Attempt {one.number}: {one.get_outcome_display()[:1].lower()}{one.get_outcome_display()[1:]}"


def _steps(message: Message, keeper: bool, may_correct: bool) -> Iterator[Step]:
    if keeper and message.state == State.FAILED and message.cleared_at is None:
        yield Step(
            "Send again",
            reverse("message-again", args=[message.pk]),
            hint=f"To the address that {message.recipient.name} has today: {message.recipient.email}.",
            method="post",
            kind="secondary",
        )
    if may_correct:
        person = reverse("admin:organisation_user_change", args=[message.recipient_id])
        yield Step("Correct the address", person, hint="In the admin; then come back and send it again.")
    yield Step("All messages", reverse("outbox"))
