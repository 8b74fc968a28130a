"""The example's data quality reviews by 5 November 2026: one in every state, actions in theirs."""

from __future__ import annotations

from datetime import date

from dataquality.example.review_words import CONCLUSIONS, NOTES, SEEN, TOLD
from dataquality.models import QualityAction, QualityReview
from dataquality.operations import quality_actions as actions
from dataquality.operations import quality_reviews as reviews
from dataquality.operations.quality_actions import Asked
from dataquality.operations.quality_reviews import Plan
from dataquality.rules.quality_reviews import SECTIONS, Kind
from hdcperf import clock
from hdcperf.organisation.models import Appointment, User
from hdcperf.roles import Role
from kpis.example.year import Story

__all__ = ["review_quality"]


def review_quality(story: Story) -> None:
    """Live through the reviews of the year, the earliest first."""
    team, colleague, auditor = (*story.reviewers, story.cast.users["auditor"])
    _in_spring(story, team, colleague)
    _recycling(story, team, colleague)
    _still_open(story, team, colleague, auditor)


def _manager(review: QualityReview) -> User:
    posts = Appointment.objects.on(clock.today()).filter(
        role=Role.SERVICE_MANAGER.value, service=review.kpi_year.service
    )
    return posts.select_related("user").earliest("pk").user


def _planned(story: Story, reference: str, reviewer: User, due_on: date, by: User) -> QualityReview:
    why = f"{TOLD[reference].removesuffix('.')} (example)."
    return reviews.plan_review(story.kpi_years[reference, 2026], Plan(reviewer, due_on, why), by=by)


def _write(review: QualityReview, reference: str, *, until: str = "") -> QualityReview:
    """Write its parts in their order; ``until`` stops before the part of that name."""
    for section in SECTIONS:
        if section.key == until:
            break
        if section.kind is Kind.CONCLUSION:
            rating, words = CONCLUSIONS[reference]
            given = {"rating": rating, "words": f"{words.removesuffix('.')} (example)."}
        else:
            choice, words = NOTES.get(reference, {}).get(section.key, SEEN[section.key])
            given = {"verdict" if section.kind is Kind.COMPARISON else "rating": choice, "words": words}
        review = reviews.write(review, section, given, by=review.reviewer, version=review.version)
    return review


def _ask(review: QualityReview, what: str, owner: User, due_on: date) -> QualityAction:
    return actions.name_action(review, None, Asked(f"{what} (example)", owner, due_on), by=review.reviewer)


def _heard_and_finished(review: QualityReview, said: date, finished: date) -> QualityReview:
    """The service agrees that it is accurate, and the reviewer finishes it."""
    with clock.taken_to_be(said):
        review = reviews.agree(review, by=_manager(review), words="")
    with clock.taken_to_be(finished):
        return reviews.report(review, by=review.reviewer)


def _in_spring(story: Story, team: User, colleague: User) -> None:
    """One good, with nothing to put right; one adequate, whose actions are done and dropped."""
    with clock.taken_to_be(date(2026, 4, 7)):
        first = reviews.start(_planned(story, "planning-householder", team, date(2026, 5, 8), team), by=team)
        second = reviews.start(_planned(story, "missed-bins", colleague, date(2026, 5, 15), team), by=colleague)
    with clock.taken_to_be(date(2026, 4, 21)):
        first = reviews.share(_write(first, "planning-householder"), by=team)
        second = _write(second, "missed-bins")
        holder = story.cast.users["kpi-holder"]
        kept = _ask(
            second, "Keep the list of reports that were not confirmed, with the reason", holder, date(2026, 6, 5)
        )
        late = _ask(second, "Record the crew’s own note of each missed bin", holder, date(2026, 6, 30))
        second = reviews.share(second, by=colleague)
    _heard_and_finished(first, date(2026, 4, 28), date(2026, 5, 5))
    second = _heard_and_finished(second, date(2026, 4, 30), date(2026, 5, 12))
    with clock.taken_to_be(date(2026, 6, 2)):
        kept = actions.say_done(
            kept, by=holder, words="The list is in the team’s folder, one sheet a month (example)."
        )
    with clock.taken_to_be(date(2026, 6, 9)):
        actions.confirm(kept, by=colleague)
        why = "The cab system that would record it is not bought this year (example)."
        actions.drop(late, by=colleague, why=why)
        reviews.close(second, by=colleague)


def _recycling(story: Story, team: User, colleague: User) -> None:
    """Found weak in September: four actions, one overdue, one said to be done, one sent back, one confirmed."""
    holder, deputy = story.cast.users["kpi-holder"], story.cast.users["deputy"]
    manager = story.cast.users["service-manager"]
    with clock.taken_to_be(date(2026, 8, 10)):
        review = reviews.start(_planned(story, "recycling-rate", team, date(2026, 9, 18), team), by=team)
    with clock.taken_to_be(date(2026, 8, 27)):
        review = _write(review, "recycling-rate")
        overdue = _ask(
            review, "Agree with the contractor by which day it sends its weights", holder, date(2026, 10, 23)
        )
        said_done = _ask(review, "Write down how rejected loads are taken off", holder, date(2026, 10, 30))
        sent_back = _ask(review, "Show the stand-in how the weights are put together", deputy, date(2026, 11, 20))
        confirmed = _ask(review, "Give the stand-in access to the weighbridge records", manager, date(2026, 9, 30))
        review = reviews.share(review, by=team)
    with clock.taken_to_be(date(2026, 9, 4)):
        words = "Rejected loads were counted once in June, not twice: the second entry was a correction (example)."
        review = reviews.comment(review, by=manager, words=words)
    with clock.taken_to_be(date(2026, 9, 14)):
        reviews.report(review, by=team)
    with clock.taken_to_be(date(2026, 9, 28)):
        actions.say_done(
            confirmed, by=manager, words="Access was given on 25 September; the stand-in has tried it (example)."
        )
    with clock.taken_to_be(date(2026, 10, 1)):
        actions.confirm(confirmed, by=colleague)
    with clock.taken_to_be(date(2026, 10, 19)):
        actions.say_done(sent_back, by=deputy, words="We went through September together (example).")
    with clock.taken_to_be(date(2026, 10, 21)):
        actions.not_done(
            sent_back, by=team, why="The stand-in could not yet do it alone: try it with October’s (example)."
        )
    with clock.taken_to_be(date(2026, 10, 29)):
        actions.say_done(
            said_done, by=holder, words="It is section 3 of the procedure in the team’s folder (example)."
        )
    assert overdue.due_on < date(2026, 11, 5)


def _still_open(story: Story, team: User, colleague: User, auditor: User) -> None:
    """Planned, under way, with the service, answered by it, and withdrawn."""
    with clock.taken_to_be(date(2026, 10, 5)):
        shared = reviews.start(_planned(story, "street-cleanliness", auditor, date(2026, 11, 13), team), by=auditor)
        answered = reviews.start(
            _planned(story, "homeless-preventions", colleague, date(2026, 11, 6), team), by=colleague
        )
        begun = reviews.start(_planned(story, "call-wait", team, date(2026, 11, 20), team), by=team)
        _planned(story, "leisure-admissions", team, date(2026, 11, 27), team)
        withdrawn = _planned(story, "sickness", colleague, date(2026, 11, 13), team)
    with clock.taken_to_be(date(2026, 10, 22)):
        answered = reviews.share(_write(answered, "homeless-preventions"), by=colleague)
        _write(begun, "call-wait", until="uniqueness")
        why = "The staff records system is replaced in January: the review is planned after that (example)."
        reviews.withdraw(withdrawn, by=team, why=why)
    with clock.taken_to_be(date(2026, 10, 29)):
        shared = _write(shared, "street-cleanliness")
        owner = story.cast.users["kpi-holder"]
        _ask(shared, "Draw the sites to be surveyed by lot, and keep the draw", owner, date(2026, 12, 18))
        reviews.share(shared, by=auditor)
    with clock.taken_to_be(date(2026, 11, 3)):
        words = "Cases closed by the night service are in the system, under its own code (example)."
        reviews.comment(answered, by=_manager(answered), words=words)
