"""The ``gds`` templates put what a field says where it belongs.

Each known defect of the crispy-forms-gds pack, which this pack replaces, is a test here.
"""

from __future__ import annotations

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import formset_factory
from django.utils.datastructures import MultiValueDict

from hdcperf.forms import (
    CleanCharField,
    DateField,
    DecimalTextField,
    GdsForm,
    Look,
    Submit,
)
from hdcperf.templatetags.gds import summary_errors
from hdcperf.ui import Link
from tests.gallery.forms import EverythingForm, PieceForm, PieceFormSet, parse
from tests.hdcperf.showing import Elements, one, said, shown, summary


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
            (CleanCharField(label="KPI name", max_length=9), "Enter the KPI name"),
            (CleanCharField(label="What next?", max_length=9), "Enter an answer to “What next?”"),
            (forms.ChoiceField(label="Service", choices=[("a", "A")]), "Select the service"),
            (forms.FileField(label="Register"), "Choose a file for register"),
            (forms.BooleanField(label="I have checked this"), "Tick the box: I have checked this"),
            (forms.CharField(label="X", error_messages={"required": "Say so"}), "Say so"),
        ],
    )
    def test_nothing_given_is_answered_with_what_to_do(self, field: forms.Field, sentence: str) -> None:
        assert said(field) == [sentence]

    def test_a_choice_that_is_not_offered_is_a_sentence(self) -> None:
        field = forms.ChoiceField(label="Service", choices=[("a", "A")])
        assert said(field, it="forged\x00") == ["Select the service from the list"]

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
