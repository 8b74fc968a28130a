"""Fields answer bad input with a sentence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.forms import (
    CleanCharField,
    DateBoxes,
    DateField,
    DateTextField,
    DecimalTextField,
    GdsForm,
    Look,
    browser_length,
)
from hdcperf.templatetags.gds import summary_errors
from tests.gallery.forms import parse
from tests.hdcperf.showing import Elements, one, said, shown


class TestWords:
    @given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60))
    def test_length_is_what_a_browser_counts(self, text: str) -> None:
        lines = text.replace("\r\n", "\n").replace("\r", "\n")
        assert browser_length(text) == sum(2 if ord(each) > 0xFFFF else 1 for each in lines)

    def test_a_line_break_counts_once_though_it_is_sent_as_two(self) -> None:
        form = one(CleanCharField(max_length=5, widget=forms.Textarea), {"it": "ab\r\ncd"})
        assert form.is_valid()
        assert form.cleaned_data["it"] == "ab\ncd"

    def test_too_long_is_a_sentence_with_both_numbers_and_the_text_is_kept(self) -> None:
        field = CleanCharField(label="Why", max_length=2000)
        assert said(field, it="x" * 100_000) == ["Why must be 2,000 characters or fewer. It is 100,000."]
        assert "x" * 100_000 in shown(one(field, {"it": "x" * 100_000}))

    def test_exactly_the_limit_is_accepted(self) -> None:
        assert said(CleanCharField(max_length=10), it="🌧" * 5) == []
        assert said(CleanCharField(label="Why", max_length=10), it="🌧" * 5 + "x") != []

    def test_the_browser_is_not_told_to_cut_a_pasted_comment(self) -> None:
        assert "maxlength=" not in shown(one(CleanCharField(max_length=10))).replace("data-maxlength", "")

    def test_a_nul_byte_is_refused_with_one_sentence(self) -> None:
        assert said(CleanCharField(label="Why", max_length=10), it="a\x00b") == [
            "Why contains a character that cannot be kept. Retype it, or paste it as plain text."
        ]

    def test_a_comment_of_spaces_is_no_comment(self) -> None:
        assert said(CleanCharField(label="What happened", max_length=10), it=" \r\n ") == ["Enter what happened"]

    def test_a_word_processors_soft_break_becomes_a_line(self) -> None:
        form = one(CleanCharField(max_length=10), {"it": "a\x0bb"})
        assert form.is_valid()
        assert form.cleaned_data["it"] == "a\nb"


class TestFigures:
    def test_the_rule_that_reads_figures_is_given_and_its_sentence_is_shown(self) -> None:
        field = DecimalTextField(parse=parse, label="Value")
        assert said(field, it="lots") == ["Value must be a number, like 12.5. You typed “lots”"]
        form = one(field, {"it": " 1,234.5 "})
        assert form.is_valid()
        assert form.cleaned_data["it"] == Decimal("1234.5")

    def test_an_empty_optional_figure_is_none_and_not_nought(self) -> None:
        form = one(DecimalTextField(parse=parse, required=False), {"it": "  "})
        assert form.is_valid()
        assert form.cleaned_data["it"] is None

    def test_figures_are_styled_text_inputs_with_a_decimal_keyboard(self) -> None:
        html = shown(
            one(DecimalTextField(parse=parse, label="Value"), look=Look(width=5, prefix="£", suffix="per head"))
        )
        (box,) = Elements(html).all("input")
        assert (box["type"], box["inputmode"], box["class"]) == (
            "text",
            "decimal",
            "govuk-input govuk-input--width-5",
        )
        assert '<div class="govuk-input__prefix" aria-hidden="true">£</div>' in html
        assert '<div class="govuk-input__suffix" aria-hidden="true">per head</div>' in html

    def test_djangos_own_number_fields_are_styled_text_inputs_too(self) -> None:
        (box,) = Elements(shown(one(forms.IntegerField()))).all("input")
        assert (box["type"], box["inputmode"], box["class"]) == ("text", "decimal", "govuk-input")

    @pytest.mark.parametrize(
        ("held", "printed"), [("12.500", "12.5"), ("1E+3", "1000"), ("100", "100"), ("0.000", "0"), ("-3.10", "-3.1")]
    )
    def test_a_stored_figure_is_offered_without_trailing_noughts(self, held: str, printed: str) -> None:
        form = type("F", (GdsForm,), {"it": DecimalTextField(parse=parse)})(initial={"it": Decimal(held)})
        assert f'value="{printed}"' in shown(form)

    def test_a_refused_figure_is_shown_again_as_it_was_typed(self) -> None:
        form = one(DecimalTextField(parse=parse), {"it": "12.50O"})
        assert 'value="12.50O"' in shown(form)

    def test_a_figure_written_another_way_has_not_changed(self) -> None:
        field = DecimalTextField(parse=parse)
        assert not field.has_changed(Decimal("12.5"), "12.50")
        assert field.has_changed(Decimal("12.5"), "12.6")
        assert field.has_changed(Decimal("12.5"), "lots")


def boxes(day: str, month: str, year: str) -> dict[str, object]:
    return {"it_day": day, "it_month": month, "it_year": year}


class TestDates:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            (("5", "11", "2026"), date(2026, 11, 5)),
            ((" 05 ", "November", "2026"), date(2026, 11, 5)),
            (("29", "feb", "2028"), date(2028, 2, 29)),
        ],
    )
    def test_dates_are_read_as_people_type_them(self, typed: tuple[str, str, str], meant: date) -> None:
        form = one(DateField(), boxes(*typed))
        assert form.is_valid()
        assert form.cleaned_data["it"] == meant

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            (("5", "", "2026"), "Due must include a month"),
            (("5", "", ""), "Due must include a month and a year"),
            (("", "", "2026"), "Due must include a day and a month"),
            (("31", "2", "2026"), "Due must be a real date"),
            (("5", "13", "2026"), "Due must have a month between 1 and 12"),
            (("0", "1", "2026"), "Due must have a day between 1 and 31"),
            (("5", "11", "26"), "Due must have a year of 4 numbers, for example 2026"),
            (("5", "11", "2" * 20), "Due must have a year of 4 numbers, for example 2026"),
            (("5", "11", "0000"), "Due must be a real date"),
            (("5", "11", "1066"), "Due must be on or after 1 April 1900"),
            (("٥", "11", "2026"), "Due must have a day between 1 and 31"),
            (("5", "1\x001", "2026"), "Due must have a month between 1 and 12"),
            (("\x00", "11", "2026"), "Due must have a day between 1 and 31"),
            (("9" * 5000, "11", "2026"), "Due must have a day between 1 and 31"),
        ],
    )
    @pytest.mark.parametrize("required", [True, False])
    def test_what_is_not_a_date_gets_a_sentence(
        self, typed: tuple[str, str, str], sentence: str, required: bool
    ) -> None:
        assert said(DateField(label="Due", required=required), **boxes(*typed)) == [sentence]

    @given(st.lists(st.text(max_size=25), min_size=3, max_size=3))
    def test_no_typing_whatever_is_a_fault(self, typed: list[str]) -> None:
        form = one(DateField(label="Due", required=False), boxes(*typed))
        assert form.is_valid() == ("it" in form.cleaned_data)
        shown(form)

    @pytest.mark.parametrize(
        "typed",
        ["5 November 2026", " 5 nov 2026 ", "05/11/2026", "5-11-2026", "5.11.2026", "2026-11-05", "5 11 2026"],
    )
    def test_a_date_in_one_box_is_read_as_people_type_it(self, typed: str) -> None:
        form = one(DateTextField(), {"it": typed})
        assert form.is_valid()
        assert form.cleaned_data["it"] == date(2026, 11, 5)

    @given(st.text(max_size=25) | st.from_regex(r"[0-9]{1,3}[/. -][0-9a-z]{1,9}[/. -][0-9]{1,5}", fullmatch=True))
    def test_no_typing_in_one_box_is_a_fault_and_a_refusal_names_its_row(self, typed: str) -> None:
        form = one(DateTextField(label="Due on", called="The due date of May", required=False), {"it": typed})
        if not form.is_valid():
            assert form.errors["it"][0].startswith("The due date of May must ")
        shown(form)

    @given(st.dates(date(1900, 4, 1), date(2199, 3, 31)))
    def test_a_date_in_one_box_is_read_back_as_it_is_printed(self, day: date) -> None:
        field = DateTextField()
        assert field.clean(field.prepare_value(day)) == day

    def test_an_empty_date_is_none_where_it_may_be(self) -> None:
        assert one(DateField(required=False), boxes("", " ", "")).is_valid()
        assert one(DateField(required=False), {}).is_valid()
        assert said(DateField(label="Due date"), **boxes("", "", "")) == ["Enter the due date"]

    def test_limits_may_be_functions_of_today_and_are_named_in_words(self) -> None:
        field = DateField(label="By when", earliest=lambda: date(2026, 11, 5), latest=date(2027, 3, 31))
        assert said(field, **boxes("4", "11", "2026")) == ["By when must be on or after 5 November 2026"]
        assert said(field, **boxes("1", "4", "2027")) == ["By when must be on or before 31 March 2027"]
        assert said(field, **boxes("5", "11", "2026")) == []

    def test_only_the_boxes_that_are_wrong_are_marked_and_the_link_leads_to_the_first(self) -> None:
        form = one(DateField(label="Due"), boxes("5", "", ""))
        page = Elements(shown(form))
        assert [each.get("aria-invalid") for each in page.all("input")] == [None, "true", "true"]
        (error,) = summary_errors(form)
        assert page.by_id(error.target)[1]["name"] == "it_month"

    def test_a_per_cent_sign_in_a_label_does_no_harm(self) -> None:
        assert said(DateField(label="When 100% is due"), **boxes("5", "", "2026")) == [
            "When 100% is due must include a month"
        ]

    def test_typed_boxes_are_kept_and_a_stored_date_fills_them(self) -> None:
        assert [each["value"] for each in Elements(shown(one(DateField(), boxes("5", "x", "26")))).all("input")] == [
            *("5", "x", "26")
        ]
        form = type("F", (GdsForm,), {"it": DateField()})(initial={"it": date(2026, 11, 5)})
        assert [each["value"] for each in Elements(shown(form)).all("input")] == ["5", "11", "2026"]

    def test_the_same_date_has_not_changed(self) -> None:
        field = DateField()
        assert not field.has_changed(date(2026, 11, 5), ["05", "nov", "2026"])
        assert field.has_changed(date(2026, 11, 5), ["6", "11", "2026"])
        assert field.has_changed(None, ["6", "", ""])
        assert not field.has_changed(None, ["", "", ""])

    def test_each_box_has_a_label_of_its_own_inside_a_named_group(self) -> None:
        html = shown(one(DateField(label="Due")))
        assert [each["for"] for each in Elements(html).all("label")] == ["id_it_0", "id_it_1", "id_it_2"]
        assert html.index("<fieldset") < html.index("Due</legend>") < html.index(">Day</label>")

    def test_the_widget_prints_without_the_template_pack(self) -> None:
        assert DateBoxes().render("it", date(2026, 11, 5)).count("<input") == 3
