"""What came of handing one message over, read from what the server said or how the line failed."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["TAKEN", "Answer", "Outcome", "explain"]

_CLOSING = 421  # RFC 5321: the server says that it is closing the line
_TOO_MANY = 429  # GOV.UK Notify's limits of rate and of a day


class Outcome(StrEnum):
    TAKEN = "taken"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True)
class Answer:
    """``words`` say why not. ``line_lost``: the next message needs a new connection."""

    outcome: Outcome
    words: str = ""
    line_lost: bool = False


TAKEN = Answer(Outcome.TAKEN)


def explain(error: Exception) -> Answer:
    """Say what an error means for its message.

    Refused for good: the address or the message itself (a code of 5xx), and what cannot be written as mail. All else
    is tried again: a code of 4xx, a line that broke, and what an administrator can mend (our address or password).
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _refused("The mail server refused the address", code, said)
    if isinstance(error, smtplib.SMTPSenderRefused):
        words = _said("The mail server refused our own address, EMAIL_FROM", error.smtp_code, error.smtp_error)
        return Answer(Outcome.LATER, words, line_lost=error.smtp_code == _CLOSING)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        words = _said("The mail server refused our user name or password", error.smtp_code, error.smtp_error)
        return Answer(Outcome.LATER, words, line_lost=True)
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return Answer(Outcome.LATER, _said("It did not greet us", error.smtp_code, error.smtp_error), line_lost=True)
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused("The mail server refused the message", error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Answer(Outcome.NEVER, f"The mail server cannot send to such an address: {error}.")
    if isinstance(error, OSError | smtplib.SMTPException):
        return Answer(Outcome.LATER, f"The line to the mail server broke: {error or type(error).__name__}.", True)
    if isinstance(status := getattr(error, "status_code", None), int):
        return _notify(status, error)
    if isinstance(error, ValueError | TypeError):
        return Answer(Outcome.NEVER, f"It cannot be written as mail: {error}.")
    return Answer(Outcome.LATER, f"Something unexpected happened: {type(error).__name__}: {error}", line_lost=True)


def _refused(words: str, code: int, said: bytes | str) -> Answer:
    """A code of 4xx is about now, one of 5xx about this message (RFC 5321 4.2.1)."""
    outcome = Outcome.NEVER if 500 <= code < 600 else Outcome.LATER
    return Answer(outcome, _said(words, code, said), line_lost=code == _CLOSING)


def _said(words: str, code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{words}: {code} {' '.join(text.split())}".strip()


def _notify(status: int, error: Exception) -> Answer:
    """GOV.UK Notify names the field of a bad address; its other refusals are about our key and template, or now."""
    outcome = Outcome.NEVER if status == 400 and "email_address" in str(error) else Outcome.LATER
    return Answer(outcome, f"GOV.UK Notify refused it: {error}", line_lost=status >= 500 or status == _TOO_MANY)
