"""What a reviewer may mend in somebody else's words, and what must be asked about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.rules.mending import not_a_typing_mistake

SENTENCE = "The second crew came back from training, and eleven lorries were mended in the month."
LONG = " ".join(f"word{letter}" for letter in "abcdefghijklmnopqrstuvwxyz" * 2)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Teh crew came back.", "The crew came back."),
        ("The lorrys were mended.", "The lorries were mended."),
        ("the crew came back", "The crew came back."),
        ("Its the rain.", "It's the rain."),
        ("It is becuase  of rain.", "It is because of rain."),
        ("There is a shortage for drivers.", "There is a shortage of drivers."),
        ("The crew were at training.", "The crew was at a training."),
        ("rain", "Rain."),
        ("We had 12 lorrys, 3 mended.", "We had 12 lorries, 3 mended."),
        (SENTENCE, SENTENCE.replace("crew", "crews").replace("mended", "mendet")),
    ],
)
def test_typing_grammar_and_punctuation_are_mended(before, after):
    assert not_a_typing_mistake(before, after) == ""


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("", "A crew comes.", "There are no words here to correct"),
        (" \n", "A crew comes.", "There are no words here to correct"),
        (SENTENCE, "", "cannot remove the words"),
        (SENTENCE, " \n ", "cannot remove the words"),
        (SENTENCE, SENTENCE, "there is nothing to correct"),
        ("We had 12 lorries.", "We had 13 lorries.", "A figure in the words"),
        ("We had 12 lorries.", "We had lorries.", "A figure in the words"),
        ("We had lorries.", "We had 12 lorries.", "A figure in the words"),
        ("We had 12 lorries and 3 vans.", "We had 3 lorries and 12 vans.", "A figure in the words"),
        ("It rained.", "We failed badly here.", "more than typing mistakes"),
        ("Rain.", "Snow.", "more than typing mistakes"),
        ("The crew came.", "The crew never ever came back.", "more than typing mistakes"),
        (SENTENCE, "All is well: the council did everything that it promised.", "more than typing mistakes"),
        (SENTENCE, SENTENCE + " Nothing else can be said about it.", "more than typing mistakes"),
    ],
)
def test_anything_more_is_asked_about(before, after, sentence):
    assert sentence in not_a_typing_mistake(before, after)


@pytest.mark.parametrize(("changed", "is_mended"), [(10, True), (11, False)])
def test_one_word_in_five_of_a_long_text_may_change(changed, is_mended):
    words = LONG.split()
    after = " ".join([f"{word}s" for word in words[:changed]] + words[changed:])
    assert (not_a_typing_mistake(LONG, after) == "") is is_mended


@pytest.mark.parametrize(("changed", "is_mended"), [(5, True), (6, False)])
def test_one_in_ten_may_be_another_word(changed, is_mended):
    words = LONG.split()
    after = " ".join(["xyz" for _ in words[:changed]] + words[changed:])
    assert (not_a_typing_mistake(LONG, after) == "") is is_mended


@pytest.mark.parametrize(("changed", "is_mended"), [(6, True), (7, False)])
def test_six_words_may_change_in_a_short_text(changed, is_mended):
    words = SENTENCE.split()
    after = " ".join([f"{word}s" for word in words[:changed]] + words[changed:])
    assert (not_a_typing_mistake(SENTENCE, after) == "") is is_mended


@given(st.text(), st.text())
def test_a_sentence_or_nothing_is_the_answer_to_anything(before, after):
    said = not_a_typing_mistake(before, after)
    assert said == "" or said.endswith(".")
    assert not_a_typing_mistake(before, before) != ""
