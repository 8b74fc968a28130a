"""Multi-row writes of people and posts: delegates for dates, and the whole council after an election."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from hdcperf.history import delete_as, save_as
from hdcperf.organisation.models import Appointment, Delegation, User
from hdcperf.roles import MEMBER_ROLES, Role
from hdcperf.ui import count_of, day

__all__ = [
    "ElectionPlan",
    "NewCouncillor",
    "PostRefused",
    "delegation_problem",
    "end_delegation",
    "hold_election",
    "name_delegate",
    "plan_election",
]

ONE_DAY = timedelta(days=1)


class PostRefused(Exception):
    """The change to a post or a delegate cannot be made: the message is a sentence for the person."""


# Delegates


def delegation_problem(person: User, delegate: User, starts_on: date, ends_on: date, today: date) -> str:
    """The sentence that refuses a delegation, or nothing. A person has one delegate at a time."""
    if person.pk == delegate.pk:
        return "Name somebody else: a person cannot be their own delegate."
    if not delegate.is_active:
        return f"{delegate}’s account is closed, so they cannot be a delegate."
    if ends_on < starts_on:
        return "The last day must be the same as or after the first day."
    if starts_on < today:
        return "The first day must be today or later: nobody can be given leave to act in the past."
    clash = person.delegations_given.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if clash is not None:
        return (
            f"{clash.delegate} is already {person}’s delegate from {day(clash.starts_on)} to {day(clash.ends_on)}. "
            "End that first, or choose other dates."
        )
    return ""


def name_delegate(
    person: User, delegate: User, starts_on: date, ends_on: date, *, by: User, today: date, reason: str = ""
) -> Delegation:
    """Make ``delegate`` stand in for ``person`` from ``starts_on`` to ``ends_on``, both included.

    The same again (a double click) changes nothing. Raises PostRefused with a sentence.
    """
    with transaction.atomic():
        # The lock on the person makes two delegations at once wait for each other.
        fresh = User.objects.select_for_update().get(pk=person.pk)
        same: Delegation | None = fresh.delegations_given.filter(
            delegate=delegate, starts_on=starts_on, ends_on=ends_on
        ).first()
        if same is not None:
            return same
        if sentence := delegation_problem(fresh, delegate, starts_on, ends_on, today):
            raise PostRefused(sentence)
        made = Delegation(user=fresh, delegate=delegate, starts_on=starts_on, ends_on=ends_on, reason=reason)
        save_as(made, by=by, reason=reason or "Delegate named")
    return made


def end_delegation(delegation: Delegation, *, by: User, today: date) -> str:
    """End a delegation now and return what was done, in a sentence.

    One in force ends with yesterday, or with today when it began today; one not yet begun is removed. Its history
    stays. One already over is left as it is.
    """
    with transaction.atomic():
        row = (
            Delegation.objects.select_for_update().filter(pk=delegation.pk).select_related("user", "delegate").first()
        )
        if row is None or row.ends_on < today:
            return "That delegation was already over."
        who = f"{row.delegate} for {row.user}"
        if row.starts_on > today:
            delete_as(row, by=by, reason="Cancelled before it began")
            return f"The delegation of {who} is cancelled. It had not begun."
        row.ends_on = max(row.starts_on, today - ONE_DAY)
        save_as(row, by=by, reason="Ended early")
    return f"The delegation of {who} {'ended' if row.ends_on < today else 'ends'} on {day(row.ends_on)}."


# After an election


@dataclass(frozen=True)
class NewCouncillor:
    """A line of the new councillors' box."""

    name: str
    email: str


@dataclass(frozen=True)
class ElectionPlan:
    """What re-appointing the council from a day will do. Nothing is written until it is carried out."""

    starts_on: date
    ending: tuple[Appointment, ...]
    reappointing: tuple[Appointment, ...]
    joining: tuple[NewCouncillor, ...]
    accounts: tuple[NewCouncillor, ...]
    already: tuple[Appointment, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing left to do: the same plan was carried out before."""
        return not (self.ending or self.reappointing or self.joining)

    @property
    def leaving(self) -> tuple[Appointment, ...]:
        """The posts that end and are not held again."""
        kept = {_post_key(row) for row in (*self.reappointing, *self.already)}
        return tuple(row for row in self.ending if _post_key(row) not in kept)

    @property
    def fingerprint(self) -> str:
        """The same for the same plan: a plan that was confirmed is the plan that was shown."""
        parts = [
            str(self.starts_on),
            *(f"end {row.pk}" for row in self.ending),
            *(f"again {row.pk}" for row in self.reappointing),
            *(f"join {one.email.lower()}" for one in self.joining),
            *(f"account {one.email.lower()}" for one in self.accounts),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _post_key(row: Appointment) -> tuple[int, str, int | None]:
    """The same post of the same person, whatever its dates (a member's post has at most a portfolio)."""
    return row.user_id, row.role, row.portfolio_id


def member_posts() -> Sequence[Appointment]:
    """Every post of an elected member, with what its printing needs."""
    roles = [role.value for role in MEMBER_ROLES]
    rows = Appointment.objects.filter(role__in=roles).select_related("user", "directorate", "service", "portfolio")
    return list(rows.order_by("user__name", "role", "pk"))


def plan_election(starts_on: date, reappointed: Iterable[int], new: Iterable[NewCouncillor]) -> ElectionPlan:
    """Work out what re-appointing from ``starts_on`` would do.

    ``reappointed`` are ids of the posts held again; every other member's post ends the day before. What was done
    before is not done twice. Raises PostRefused with a sentence when a person would hold a post of a councillor
    without being one again.
    """
    ticked, rows = set(reappointed), member_posts()
    held = [row for row in rows if row.starts_on < starts_on and _reaches(row, starts_on - ONE_DAY)]
    already = [row for row in rows if row.starts_on >= starts_on]
    there = {_post_key(row) for row in already if row.starts_on == starts_on}
    joining = _joining(new, rows, starts_on)
    again = [row for row in held if row.pk in ticked]
    _refuse_posts_without_a_seat(held, again, {one.email.lower() for one in joining})
    known = _known_emails(joining)
    return ElectionPlan(
        starts_on=starts_on,
        ending=tuple(row for row in held if row.ends_on is None or row.ends_on >= starts_on),
        reappointing=tuple(row for row in again if _post_key(row) not in there),
        joining=tuple(joining),
        accounts=tuple(one for one in joining if one.email.lower() not in known),
        already=tuple(already),
    )


def _reaches(row: Appointment, last: date) -> bool:
    return row.ends_on is None or row.ends_on >= last


def _joining(new: Iterable[NewCouncillor], rows: Iterable[Appointment], starts_on: date) -> list[NewCouncillor]:
    """The new councillors who do not yet hold a seat from that day."""
    seated = {
        row.user.email.lower() for row in rows if row.role == Role.COUNCILLOR.value and row.starts_on == starts_on
    }
    return [one for one in new if one.email.lower() not in seated]


def _known_emails(people: Iterable[NewCouncillor]) -> set[str]:
    wanted = Q(pk__in=[])
    for one in people:
        wanted |= Q(email__iexact=one.email)
    return {email.lower() for email in User.objects.filter(wanted).values_list("email", flat=True)}


def _refuse_posts_without_a_seat(
    held: Iterable[Appointment], again: Iterable[Appointment], joining: set[str]
) -> None:
    seats = {row.user_id for row in held if row.role == Role.COUNCILLOR.value}
    kept = {row.user_id for row in again if row.role == Role.COUNCILLOR.value}
    for row in again:
        if row.user_id in seats - kept and row.user.email.lower() not in joining:
            raise PostRefused(f"{row.user} is ticked as {row.post} but not as a councillor. Tick both, or neither.")


def hold_election(
    starts_on: date, reappointed: Iterable[int], new: Iterable[NewCouncillor], *, shown: str, by: User
) -> str:
    """Carry out the plan whose fingerprint was ``shown``, in one transaction, and say what was done.

    Doing it again changes nothing. Raises PostRefused when a post changed after the plan was shown.
    """
    reason = f"Council re-appointed from {day(starts_on)}"
    roles = [role.value for role in MEMBER_ROLES]
    with transaction.atomic():
        # Two people confirming at once wait for each other here, so the second finds nothing left to do.
        list(Appointment.objects.select_for_update().filter(role__in=roles))
        plan = plan_election(starts_on, reappointed, new)
        if plan.is_empty:
            return f"The council was already re-appointed from {day(starts_on)}: nothing was changed."
        if plan.fingerprint != shown:
            raise PostRefused(
                "A post changed since this was worked out. Check what will happen now and confirm again."
            )
        for row in plan.ending:
            row.ends_on = starts_on - ONE_DAY
            save_as(row, by=by, reason=reason)
        for old in plan.reappointing:
            save_as(_held_again(old, starts_on), by=by, reason=reason)
        for one in plan.joining:
            seat = Appointment(user=_account(one, by, reason), role=Role.COUNCILLOR.value, starts_on=starts_on)
            save_as(seat, by=by, reason=reason)
    return (
        f"From {day(starts_on)}: {count_of(len(plan.reappointing), 'post')} held again, "
        f"{count_of(len(plan.joining), 'new councillor')}, {count_of(len(plan.leaving), 'post')} ended."
    )


def _held_again(old: Appointment, starts_on: date) -> Appointment:
    return Appointment(
        user=old.user,
        role=old.role,
        title=old.title,
        chairs=old.chairs,
        portfolio=old.portfolio,
        starts_on=starts_on,
    )


def _account(one: NewCouncillor, by: User, reason: str) -> User:
    """The person's account, opened again or made (without a password: an administrator gives one)."""
    user: User | None = User.objects.filter(email__iexact=one.email).first()
    if user is None:
        user = User(email=User.objects.normalize_email(one.email), name=one.name)
        user.set_unusable_password()
    elif user.is_active:
        return user
    user.is_active = True
    save_as(user, by=by, reason=reason)
    return user
