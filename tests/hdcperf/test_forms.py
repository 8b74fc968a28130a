"""Fields answer bad input with a sentence, and the ``gds`` templates put it where it belongs.

Each known defect of the crispy-forms-gds pack, which this pack replaces, is a test here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import formset_factory
from django.template import engines
from django.utils.datastructures import MultiValueDict
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
    Submit,
    browser_length,
)
from hdcperf.templatetags.gds import summary_errors
from hdcperf.ui import Link
from tests.gallery.forms import EverythingForm, PieceForm, PieceFormSet, parse


class Elements(HTMLParser):
    """Every element of a piece of HTML with its attributes and the words directly in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def by_id(self, wanted: str) -> tuple[str, dict[str, str]]:
        (only,) = [each for each in self.found if each[1].get("id") == wanted]
        return only

    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.found if "id" in attrs]

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.found if name == tag]


def shown(form: Any) -> str:
    return engines["django"].from_string("{% load crispy_forms_tags %}{{ form|crispy }}").render({"form": form})


def summary(form: Any) -> str:
    template = "{% load crispy_forms_tags %}{{ form|as_crispy_errors }}"
    return engines["django"].from_string(template).render({"form": form})


def one(field: forms.Field, data: Mapping[str, object] | None = None, look: Look | None = None) -> GdsForm:
    """A form of one field, ``it``."""
    made = type("OneForm", (GdsForm,), {"it": field, "looks": {"it": look} if look else {}})
    return made(data)


def said(field: forms.Field, **data: object) -> list[str]:
    return list(one(field, data).errors.get("it", []))


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
        assert said(DateField(label="Due date"), **boxes("", "", "")) == ["Enter due date"]

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


class TestTheTemplates:
    def test_a_character_count_works_without_a_hint(self) -> None:
        field = CleanCharField(label="Why", max_length=2000, widget=forms.Textarea)
        page = Elements(shown(one(field, look=Look(count=True, rows=7))))
        (area,) = page.all("textarea")
        assert area["aria-describedby"] == "id_it-info"
        assert area["rows"] == "7"
        assert "govuk-js-character-count" in area["class"]
        assert page.by_id("id_it_group")[1]["data-maxlength"] == "2000"
        assert "You can enter up to 2,000 characters" in shown(one(field, look=Look(count=True)))

    def test_labels_hints_choices_and_errors_are_escaped(self) -> None:
        bad = "<script>alert(1)</script> & more"
        radios = forms.ChoiceField(label=bad, help_text=bad, choices=[(bad, bad)], widget=forms.RadioSelect)
        ticks = forms.MultipleChoiceField(label=bad, choices=[(bad, bad)], widget=forms.CheckboxSelectMultiple)
        for field in (
            *(radios, ticks, forms.BooleanField(label=bad), forms.FileField(label=bad), DateField(label=bad)),
            *(CleanCharField(label=bad, max_length=5), forms.ChoiceField(label=bad, choices=[(bad, bad)])),
        ):
            for form in (one(field), one(field, {"it": bad})):
                html = shown(form) + summary(form)
                assert "<script" not in html
                assert "&lt;script&gt;" in html

    @pytest.mark.parametrize(
        "field",
        [
            forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect),
            forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple),
            forms.ChoiceField(choices=[("", "Choose"), ("a", "A")]),
            forms.BooleanField(),
            forms.FileField(),
            forms.EmailField(),
            CleanCharField(max_length=5, widget=forms.Textarea),
            DateField(),
            DecimalTextField(parse=parse),
        ],
        ids=lambda field: f"{type(field).__name__}-{type(field.widget).__name__}",
    )
    def test_an_error_leads_to_an_element_that_takes_the_focus(self, field: forms.Field) -> None:
        form = one(field, {})
        (error,) = summary_errors(form)
        page = Elements(shown(form))
        tag, attrs = page.by_id(error.target)
        assert tag in {"input", "select", "textarea"}
        assert attrs["name"].startswith("it")
        assert f'<a href="#{error.target}">{error.text}</a>' in summary(form)
        assert len(set(page.ids())) == len(page.ids())

    def test_an_error_of_a_field_without_choices_leads_to_its_group(self) -> None:
        form = one(forms.ChoiceField(label="It", choices=[], widget=forms.RadioSelect), {})
        (error,) = summary_errors(form)
        assert Elements(shown(form)).by_id(error.target)[0] == "div"

    def test_an_input_is_described_by_its_hint_and_then_its_error(self) -> None:
        html = shown(one(CleanCharField(max_length=5, help_text="A hint"), {"it": ""}))
        page = Elements(html)
        (box,) = page.all("input")
        assert box["aria-describedby"] == "id_it_helptext id_it_error"
        assert box["aria-invalid"] == "true"
        assert {"id_it_helptext", "id_it_error"} <= set(page.ids())
        assert '<span class="govuk-visually-hidden">Error:</span> Enter it' in html

    def test_a_group_of_choices_is_described_on_its_fieldset(self) -> None:
        field = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, help_text="A hint")
        (group,) = Elements(shown(one(field, {}))).all("fieldset")
        assert group["aria-describedby"] == "id_it_helptext id_it_error"

    def test_what_a_choice_reveals_stands_after_it_and_only_there(self) -> None:
        html = shown(EverythingForm())
        assert html.count('name="reason"') == 1
        assert (
            html.index('value="no_data"')
            < html.index('class="govuk-radios__conditional')
            < html.index('name="reason"')
        )
        assert (
            html.index('name="late"')
            < html.index('class="govuk-checkboxes__conditional')
            < html.index('name="correction"')
        )
        for radio in Elements(html).all("input"):
            assert not {"aria-expanded", "aria-controls", "data-aria-controls"} & set(radio)

    def test_a_chosen_value_and_a_tick_are_kept(self) -> None:
        posted = MultiValueDict(
            {"parts": ["value", "words"], "no_data": ["nothing"], "late": ["on"], "service": ["waste"]}
        )
        page = Elements(shown(EverythingForm(posted)))
        ticked = {
            (each["name"], each["value"]) for each in page.all("input") if "checked" in each and "value" in each
        }
        assert ticked >= {("parts", "value"), ("parts", "words"), ("no_data", "nothing")}
        assert [each["value"] for each in page.all("option") if "selected" in each] == ["waste"]

    def test_the_whole_form_has_its_token_buttons_and_encoding_and_leaves_checking_to_us(self) -> None:
        html = render_crispy_form(EverythingForm(), context={"csrf_token": "t0ken"})
        page = Elements(html)
        (form,) = page.all("form")
        assert (form["method"], form["enctype"], "novalidate" in form) == ("post", "multipart/form-data", True)
        assert 'name="csrfmiddlewaretoken" value="t0ken"' in html
        assert [(each["name"], each["value"]) for each in page.all("button")] == [
            *(("move", "submit"), ("move", "save"), ("move", "withdraw"))
        ]
        assert html.count('name="secret"') == 1
        assert "Cancel</a>" in html
        assert not any("required" in attrs for _, attrs in page.found)

    def test_a_plain_django_form_is_drawn_as_well(self) -> None:
        class Plain(forms.Form):
            name = forms.CharField(max_length=5)
            many = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.SelectMultiple)

        page = Elements(shown(Plain({})))
        assert [each["class"] for each in page.all("input")] == ["govuk-input govuk-input--error"]
        assert [each["class"] for each in page.all("select")] == ["govuk-select govuk-select--error"]

    def test_layouts_of_the_helper_are_drawn(self) -> None:
        from crispy_forms.helper import FormHelper
        from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout
        from crispy_forms.layout import Submit as CrispySubmit

        helper = FormHelper()
        helper.layout = Layout(Fieldset("Who & what", Div(Field("name"), css_class="app-card")), HTML("<hr>"))
        helper.add_input(CrispySubmit("go", "Go"))
        html = render_crispy_form(PieceForm(), helper, {"csrf_token": "t"})
        assert "Who & what" in html
        assert html.count('name="name"') == 1
        assert 'name="due_day"' not in html
        assert 'class="govuk-button"' in html

    def test_a_form_kept_to_its_fields_has_no_form_tag(self) -> None:
        html = shown(PieceForm())
        assert "<form" not in html
        assert "Save</button>" in html

    def test_a_page_heading_may_be_the_label_itself(self) -> None:
        html = shown(one(CleanCharField(label="Why", max_length=5), look=Look(size="l", page_heading=True)))
        assert html.index("<h1") < html.index("govuk-label--l") < html.index("</h1>")

    def test_words_after_a_cancel_link_go_where_the_view_says(self) -> None:
        form = PieceForm()
        form.cancel = Link("Cancel", "/kpis/?a=1&b=2")
        form.buttons = (Submit("Delete", kind="warning"),)
        assert '<a class="govuk-link" href="/kpis/?a=1&amp;b=2">Cancel</a>' in shown(form)
        assert "govuk-button--warning" in shown(form)


class TestSentences:
    @pytest.mark.parametrize(
        ("field", "sentence"),
        [
            (CleanCharField(label="What happened", max_length=9), "Enter what happened"),
            (CleanCharField(label="KPI name", max_length=9), "Enter KPI name"),
            (CleanCharField(label="What next?", max_length=9), "Enter an answer to “What next?”"),
            (forms.ChoiceField(label="Service", choices=[("a", "A")]), "Select service"),
            (forms.FileField(label="Register"), "Choose a file for register"),
            (forms.BooleanField(label="I have checked this"), "Tick the box: I have checked this"),
            (forms.CharField(label="X", error_messages={"required": "Say so"}), "Say so"),
        ],
    )
    def test_nothing_given_is_answered_with_what_to_do(self, field: forms.Field, sentence: str) -> None:
        assert said(field) == [sentence]

    def test_a_choice_that_is_not_offered_is_a_sentence(self) -> None:
        field = forms.ChoiceField(label="Service", choices=[("a", "A")])
        assert said(field, it="forged\x00") == ["Select service from the list"]

    def test_an_address_that_is_none_is_a_sentence(self) -> None:
        assert said(forms.EmailField(), it="nobody") == [
            "Enter an email address in the correct format, like name@example.com"
        ]

    def test_sentences_of_one_form_do_not_reach_another(self) -> None:
        class First(GdsForm):
            it = forms.CharField(label="One")

        First({})
        assert First.base_fields["it"].error_messages["required"] == forms.Field.default_error_messages["required"]

    def test_an_empty_file_is_refused_in_words(self) -> None:
        form = type("F", (GdsForm,), {"it": forms.FileField(label="Register")})(
            {}, {"it": SimpleUploadedFile("a.csv", b"")}
        )
        assert list(form.errors["it"]) == ["The chosen file is empty"]


class TestFormsets:
    def posted(self, **more: str) -> PieceFormSet:
        data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "A", "form-1-name": "B", **more}
        return formset_factory(PieceForm, formset=PieceFormSet, extra=2)(data)  # type: ignore[return-value]

    def test_errors_of_the_whole_and_of_each_row_are_in_the_style_of_the_rest(self) -> None:
        formset = self.posted(**{"form-1-name": "A", "form-1-due_day": "9", "form-0-due_day": ""})
        html = shown(formset)
        assert "alert" not in html
        assert '<span class="govuk-visually-hidden">Error:</span> Due date must include a month and a year' in html
        whole, row = summary_errors(formset)
        assert (whole.text, whole.target) == ("Name each owner once", "")
        assert row.text == "Owner 2: Due date must include a month and a year"
        assert Elements(html).by_id(row.target)[1]["name"] == "form-1-due_month"

    def test_an_error_of_a_row_as_a_whole_is_shown_in_that_row(self) -> None:
        formset = self.posted(**{"form-1-name": "nobody"})
        html = shown(formset)
        assert (
            html.index("Owner 2</legend>") < html.index("Somebody must own this") < html.rindex('name="form-1-name"')
        )
        assert [each.text for each in summary_errors(formset)] == ["Owner 2: Somebody must own this"]

    def test_the_whole_formset_has_its_management_form_token_and_buttons(self) -> None:
        html = render_crispy_form(self.posted(), context={"csrf_token": "t0ken"})
        assert 'name="form-TOTAL_FORMS"' in html
        assert html.count('name="csrfmiddlewaretoken"') == 1
        assert html.count("<form ") == 1
        assert "Save owners</button>" in html
