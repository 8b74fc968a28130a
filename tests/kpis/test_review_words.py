"""The words of a return on its review page: a typing mistake corrected, undone by its owner, shown as an example."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import CommentaryExample, MonthlyReturn, WordCorrection
from kpis.operations.checking import accept, correct_words
from tests.factories.kpis import KpiPersonFactory, MonthlyReturnFactory
from tests.factories.organisation import holder
from tests.kpis.reviewing import decide, now, text_of
from tests.kpis.seeing import signed_in
from tests.kpis.unchanged import LONG, NUL, unchanged

pytestmark = pytest.mark.django_db
WORDS = {
    "what_happened": "Eleven exampels were counted at the depot in the month.",
    "why": "The second crew came back from training and the lorries were mended.",
}
QUESTION = {"about": "value", "reason": "looks_wrong", "question": "Is this ten times the usual?"}


@pytest.fixture(autouse=True)
def _in_november(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 6))


@pytest.fixture
def record() -> MonthlyReturn:
    made: MonthlyReturn = MonthlyReturnFactory(submitted=True, **WORDS)
    return made


@pytest.fixture
def reviewer() -> User:
    return holder(Role.PERFORMANCE_TEAM)


@pytest.fixture
def client(reviewer: User) -> Client:
    return signed_in(reviewer)


def corrected(record: MonthlyReturn, **typed: Any) -> dict[str, Any]:
    after = WORDS["what_happened"].replace("exampels", "examples")
    return {"prompt": "what_happened", "after": after, "version": record.version, **typed}


class TestCorrectingWords:
    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"after": ""}, "Enter the words, corrected"),
            ({"after": "  \n"}, "Enter the words, corrected"),
            ({"after": LONG}, "must be 4,000 characters or fewer. It is 100,000."),
            ({"after": NUL}, "contains a character that cannot be kept"),
            ({"after": WORDS["what_happened"]}, "there is nothing to correct"),
            ({"after": WORDS["what_happened"] + " It was 12 in May."}, "more than a typing mistake"),
            ({"after": "Everything is well, and the council did all that it had promised."}, "more than typing"),
            ({"version": ""}, "This page is out of date"),
            ({"version": "one"}, "This page is out of date"),
        ],
    )
    def test_what_is_no_correction_is_said_beside_its_box(
        self, client: Client, record: MonthlyReturn, typed: dict[str, str], sentence: str
    ) -> None:
        posted = corrected(record, **typed)
        with unchanged(record):
            text = text_of(decide(client, record, "correct", **posted))
        assert sentence in text
        assert posted["after"].partition("\x00")[0][:40].strip() in text

    @pytest.mark.parametrize("prompt", ["", "internal_note", "state", "why\x00"])
    def test_only_the_three_prompts_are_corrected(self, client: Client, record: MonthlyReturn, prompt: str) -> None:
        with unchanged(record):
            text_of(decide(client, record, "correct", **corrected(record, prompt=prompt)))

    def test_a_prompt_without_words_has_nothing_to_correct(self, client: Client, record: MonthlyReturn) -> None:
        with unchanged(record):
            typed = corrected(record, prompt="being_done", after="A crew comes.")
            text = text_of(decide(client, record, "correct", **typed))
        assert "raise a challenge about the commentary instead" in text
        assert "A crew comes." in text

    def test_words_the_owner_changed_meanwhile_are_shown_and_the_correction_kept(
        self, client: Client, record: MonthlyReturn
    ) -> None:
        stale = corrected(record)
        record.what_happened = "Eleven exampels were counted at the depot in the month of October."
        record.version += 1
        record.save()
        with unchanged(record):
            text = text_of(decide(client, record, "correct", **stale))
        assert "The return was changed after you opened it." in text
        assert "in the month of October." in text
        assert stale["after"] in text
        assert f'name="version" value="{record.version}"' in text

    def test_a_second_click_corrects_nothing_more(self, client: Client, record: MonthlyReturn) -> None:
        typed = corrected(record)
        decide(client, record, "correct", **typed)
        text = text_of(decide(client, record, "correct", **typed))
        assert WordCorrection.objects.count() == 1
        assert "The words are corrected." in text
        assert now(record).version == record.version + 1

    def test_nothing_else_of_the_return_changes(self, client: Client, record: MonthlyReturn) -> None:
        before = MonthlyReturn.objects.filter(pk=record.pk).values().get()
        typed = corrected(record)
        decide(client, record, "correct", **typed)
        after = MonthlyReturn.objects.filter(pk=record.pk).values().get()
        changed = {name for name in after if after[name] != before[name]}
        assert changed == {"what_happened", "version"}
        assert after["what_happened"] == typed["after"]

    def test_a_correction_that_came_after_acceptance_is_kept_on_the_page(
        self, client: Client, record: MonthlyReturn
    ) -> None:
        typed = corrected(record)
        accept(record, by=holder(Role.PERFORMANCE_TEAM))
        with unchanged(record):
            text = text_of(decide(client, record, "correct", **typed))
        assert "This is accepted" in text
        assert typed["after"] in text


class TestUndoing:
    """The owner's side of a correction, on the return's own page."""

    @pytest.fixture
    def correction(self, record: MonthlyReturn, reviewer: User) -> WordCorrection:
        typed = corrected(record)
        return correct_words(
            record, prompt=typed["prompt"], after=typed["after"], by=reviewer, version=typed["version"]
        )

    @pytest.fixture
    def owner(self, record: MonthlyReturn) -> Client:
        return signed_in(KpiPersonFactory(kpi_year=record.kpi_year).user)

    def undo(self, owner: Client, record: MonthlyReturn, pk: object) -> HttpResponse:
        where = reverse("return", args=[record.measured, record.kpi_year.code])
        return owner.post(where, {"move": f"undo_correction:{pk}"}, follow=True)

    def test_the_owners_words_come_back_and_twice_is_harmless(
        self, owner: Client, record: MonthlyReturn, correction: WordCorrection
    ) -> None:
        self.undo(owner, record, correction.pk)
        once = now(record).version
        self.undo(owner, record, correction.pk)
        assert now(record).what_happened == WORDS["what_happened"]
        assert now(record).version == once == record.version + 2

    @pytest.mark.parametrize("forged", ["", "0", "-1", "one", "1\x00", "9" * 400])
    def test_a_forged_correction_is_not_found(
        self, owner: Client, record: MonthlyReturn, correction: WordCorrection, forged: str
    ) -> None:
        with unchanged(record, correction):
            assert self.undo(owner, record, forged).status_code == 404

    def test_another_returns_correction_is_not_found(self, owner: Client, record: MonthlyReturn) -> None:
        other = MonthlyReturnFactory(submitted=True, **WORDS)
        typed = corrected(other)
        by = holder(Role.PERFORMANCE_TEAM)
        foreign = correct_words(other, prompt=typed["prompt"], after=typed["after"], by=by, version=typed["version"])
        with unchanged(record, other, foreign):
            assert self.undo(owner, record, foreign.pk).status_code == 404

    def test_words_changed_again_since_are_not_undone(
        self, owner: Client, record: MonthlyReturn, reviewer: User, correction: WordCorrection
    ) -> None:
        again = correction.after.replace("depot", "Depot")
        correct_words(now(record), prompt="what_happened", after=again, by=reviewer, version=now(record).version)
        with unchanged(record, correction):
            reply = self.undo(owner, record, correction.pk)
        assert reply.status_code == 409
        assert "changed again since, so the correction cannot be undone" in reply.content.decode()

    def test_what_was_issued_is_not_undone(
        self, owner: Client, record: MonthlyReturn, correction: WordCorrection
    ) -> None:
        accept(now(record), by=holder(Role.PERFORMANCE_TEAM))
        record.issued.create(audience="panel", pack="Example pack", issued_on=date(2026, 11, 6))
        with unchanged(record, correction):
            reply = self.undo(owner, record, correction.pk)
        assert reply.status_code == 409
        assert "This figure was issued in a pack, so its words are changed by a revision." in reply.content.decode()


class TestChoosingAnExample:
    @pytest.fixture
    def accepted(self) -> MonthlyReturn:
        made: MonthlyReturn = MonthlyReturnFactory(accepted=True, **WORDS)
        return made

    @pytest.mark.parametrize(
        ("why", "sentence"),
        [
            ("", "Enter why it is good"),
            ("w" * 301, "Why it is good must be 300 characters or fewer. It is 301."),
            (NUL, "contains a character that cannot be kept"),
        ],
    )
    def test_why_it_is_good_is_needed_and_kept_in_sight(
        self, client: Client, accepted: MonthlyReturn, why: str, sentence: str
    ) -> None:
        with unchanged(accepted):
            text = text_of(decide(client, accepted, "example", why_good=why))
        assert sentence in text
        assert '<details class="govuk-details" open' in text

    def test_what_is_not_accepted_is_no_example(self, client: Client, record: MonthlyReturn) -> None:
        with unchanged(record):
            text = text_of(decide(client, record, "example", why_good="It names the cause."))
        assert "Only an accepted commentary is shown to others." in text
        assert "It names the cause." in text

    def test_chosen_twice_it_is_one_example(self, client: Client, accepted: MonthlyReturn) -> None:
        for why in ("It names the cause.", "It names the cause and the date."):
            decide(client, accepted, "example", why_good=why)
        assert CommentaryExample.objects.get().why_good == "It names the cause and the date."
