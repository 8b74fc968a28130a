"""What the words of an update say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.rules.words import (
    FEWEST_WORDS,
    gives_a_result,
    plain_words,
    repeats,
    says_again,
    speaks_of_a_document,
    speaks_of_delay,
)

LONG = "The second phase of the market square works was finished and the traders have moved back into their stalls."
WORDS = st.lists(st.sampled_from([*"abcdefghij", "market", "square", "works"]), min_size=1, max_size=40)
NUMBERED = st.lists(st.integers(0, 50).map(lambda n: f"word{n}"), min_size=1, max_size=60)


class TestCopies:
    def test_the_same_words_are_a_copy_whatever_their_case_and_punctuation(self) -> None:
        assert repeats(LONG.upper().replace(" ", "  \n") + "!!", LONG)

    def test_one_word_changed_in_a_long_text_is_a_copy(self) -> None:
        assert repeats(LONG.replace("second", "third"), LONG)

    def test_new_words_are_no_copy(self) -> None:
        assert not repeats("Traders took 12% more in August than in the year before.", LONG)

    def test_the_same_words_in_another_order_are_no_copy(self) -> None:
        assert not repeats(" ".join(reversed(LONG.split())), LONG)

    def test_nothing_is_no_copy_of_nothing(self) -> None:
        assert not repeats("", "")
        assert not repeats("…", "—")

    def test_two_short_texts_are_a_copy_only_when_they_are_the_same(self) -> None:
        assert repeats("Nothing was done.", "nothing was done")
        assert not repeats("Nothing was done.", "Something was done.")

    @given(NUMBERED)
    def test_every_text_with_words_is_a_copy_of_itself(self, words: list[str]) -> None:
        text = " ".join(words)
        assert repeats(f"  {text.upper()}. ", text)

    @given(NUMBERED, st.integers(0, 59), st.integers(60, 99))
    def test_a_word_changed_among_twenty_is_still_a_copy(self, words: list[str], at: int, new: int) -> None:
        if len(words) >= 20:
            changed = [*words]
            changed[at % len(words)] = f"word{new}"
            assert repeats(" ".join(changed), " ".join(words))

    @given(NUMBERED)
    def test_texts_without_a_word_in_common_are_no_copies(self, words: list[str]) -> None:
        assert not repeats(" ".join(words), " ".join(f"{word}x" for word in words))

    @given(st.text(max_size=200), st.text(max_size=200))
    def test_any_text_at_all_has_an_answer(self, one: str, other: str) -> None:
        assert repeats(one, other) in (True, False)
        assert says_again(one, other) in (True, False)
        assert isinstance(speaks_of_delay(one), str)
        assert isinstance(speaks_of_a_document(one), str)
        assert gives_a_result(one) in (True, False)


class TestImpact:
    def test_an_impact_made_of_the_updates_own_words_says_nothing_new(self) -> None:
        assert says_again("The works in the market square were finished.", LONG)
        assert says_again(LONG, LONG)

    def test_an_impact_with_its_own_words_does(self) -> None:
        assert not says_again("Footfall rose by 9%, and four empty shops were let.", LONG)

    def test_an_impact_of_small_words_alone_is_not_judged(self) -> None:
        assert not says_again("It is as it was.", "It is as it was to be.")

    @given(WORDS, st.data())
    def test_a_part_of_the_update_is_never_an_impact_of_its_own(self, words: list[str], data: st.DataObject) -> None:
        part = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=10))
        telling = set(part) - {"a", "i"}
        if telling:
            assert says_again(" ".join(part), " ".join(words))


class TestDelay:
    @pytest.mark.parametrize(
        "text",
        [
            "The tender was delayed by the supplier.",
            "We are running late.",
            "The works slipped into the winter.",
            "It is behind schedule, but the crew is hired.",
            "The opening was postponed.",
            "The contractor is three months late.",
            "It came later than planned.",
            "The scheme is on hold.",
            "We missed the deadline for the bid.",
            "The start was pushed back to May.",
            "Despite some slippage, all is well.",
        ],
    )
    def test_words_of_delay_are_found(self, text: str) -> None:
        assert speaks_of_delay(text) in text
        assert speaks_of_delay(text)

    @pytest.mark.parametrize(
        "text",
        [
            "There were no delays.",
            "It was finished without any delay.",
            "The works are not delayed.",
            "We are reducing delays at the junction.",
            "Fewer discharges from hospital are delayed.",
            "The relay team was paid.",
            "Everything was delivered in August.",
            "Islip has a new playground.",
        ],
    )
    def test_words_that_deny_it_or_mean_something_else_are_not(self, text: str) -> None:
        assert speaks_of_delay(text) == ""

    def test_a_denial_counts_for_its_own_clause_alone(self) -> None:
        assert speaks_of_delay("There is no risk; the works are delayed.") == "delayed"


class TestDocuments:
    @pytest.mark.parametrize(
        "text",
        [
            "The climate strategy was adopted by cabinet.",
            "Officers have drafted the housing action plan.",
            "A business case was approved in July.",
            "Our new allotments policy is in place.",
        ],
    )
    def test_a_document_written_or_agreed_is_found(self, text: str) -> None:
        assert speaks_of_a_document(text)

    @pytest.mark.parametrize(
        "text",
        [
            "Forty planning applications were approved.",
            "The new crew was launched. A plan exists.",
            "The strategy is helping people into work.",
            "Ten homes were insulated.",
        ],
    )
    def test_other_work_is_not(self, text: str) -> None:
        assert speaks_of_a_document(text) == ""

    @pytest.mark.parametrize("text", ["Bills fell by £40.", "Two families moved in.", "Waiting was halved."])
    def test_a_result_has_a_number(self, text: str) -> None:
        assert gives_a_result(text)

    @pytest.mark.parametrize("text", ["It runs to 2028.", "Better from 1 October.", "", "In Q2 2026/27."])
    def test_a_date_is_no_result(self, text: str) -> None:
        assert not gives_a_result(text)


def test_short_is_fewer_words_than_a_sentence() -> None:
    assert len(plain_words("Ten homes in St Neots were insulated.")) > FEWEST_WORDS
