"""The pieces a view hands to a template."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from hdcperf import ui
from hdcperf.periods import Month
from hdcperf.rag import Movement, Rag
from tests.gallery import views

pytestmark = pytest.mark.django_db  # a page's frame names the council


def get(address: str = "/") -> HttpRequest:
    return RequestFactory().get(address)


def template(text: str, **context: object) -> str:
    return engines["django"].from_string("{% load ui %}" + text).render(context, get())


class TestTags:
    @pytest.mark.parametrize("rag", list(Rag))
    def test_every_rag_is_a_word_with_a_colour_and_a_shape_of_its_own(self, rag: Rag) -> None:
        tag = ui.rag_tag(rag)
        others = [ui.rag_tag(other) for other in Rag if other is not rag]
        assert tag.text == rag.label
        assert tag.mark
        assert tag.mark not in {other.mark for other in others}
        assert tag.colour not in {other.colour for other in others}

    @pytest.mark.parametrize("word", [None, "", "no_data", "No data", "no-data", Rag.NO_DATA])
    def test_no_data_is_said_in_words_however_it_is_held(self, word: object) -> None:
        assert ui.rag_tag(word).text == "No data"

    def test_a_state_never_looks_like_a_judgement(self) -> None:
        tags = [ui.state_tag(each) for each in views.STATES] + [ui.mark_tag(each) for each in views.MARKS]
        assert not {tag.colour for tag in tags} & {"green", "red", "orange", "yellow"}
        assert not any(tag.colour.startswith("rag-") for tag in tags)

    def test_a_word_not_known_prints_as_it_is(self) -> None:
        assert ui.state_tag("half_way").text == "Half way"

    def test_a_tag_prints_itself_escaped(self) -> None:
        assert template("{{ tag }}", tag=ui.Tag("<b>Late</b>")) == (
            '<strong class="app-tag app-tag--grey">&lt;b&gt;Late&lt;/b&gt;</strong>'
        )

    def test_a_colour_not_known_is_refused(self) -> None:
        with pytest.raises(ValueError, match="Unknown tag colour"):
            ui.Tag("Late", "puce")

    def test_now_and_forecast_stand_side_by_side_with_their_names(self) -> None:
        shown = str(ui.Pair(ui.rag_tag("amber"), ui.rag_tag("green")))
        assert shown.index("Now") < shown.index("Amber") < shown.index("Year-end forecast") < shown.index("Green")

    @pytest.mark.parametrize("movement", list(Movement))
    def test_movement_is_said_in_the_words_of_the_rule(self, movement: Movement) -> None:
        assert movement.label in str(ui.Movement(movement))


class TestWords:
    def test_dates_are_printed_in_full(self) -> None:
        assert ui.day(date(2026, 11, 5)) == "5 November 2026"
        assert ui.short_day(date(2026, 11, 5)) == "5 Nov 2026"
        assert ui.month(date(2026, 10, 31)) == "October 2026"
        assert ui.month(Month(2026, 10)) == "October 2026"
        assert ui.day(None) == ui.month(None) == ui.moment(None) == ""

    def test_a_moment_is_printed_in_this_countrys_time(self) -> None:
        late_on_the_last_of_june = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
        assert ui.moment(late_on_the_last_of_june) == "1 July 2026 at 12:30am"
        assert ui.day(late_on_the_last_of_june) == "1 July 2026"
        assert ui.moment(datetime(2026, 11, 5, 14, 5, tzinfo=UTC)) == "5 November 2026 at 2:05pm"

    @pytest.mark.parametrize(
        ("value", "decimals", "printed"),
        [
            (Decimal("1234.5"), 2, "1,234.50"),
            (Decimal("1234567"), None, "1,234,567"),
            (Decimal("12.500"), None, "12.5"),
            (Decimal("100"), None, "100"),
            (Decimal("1E+3"), None, "1,000"),
            (Decimal("2.5"), 0, "3"),
            (Decimal("0.05"), 1, "0.1"),
            (Decimal("-3.25"), 1, "−3.3"),
            (Decimal("-0.04"), 1, "0.0"),
            (Decimal("0"), None, "0"),
            (7, None, "7"),
            (None, 1, "No data"),
        ],
    )
    def test_figures_have_separators_a_true_minus_and_round_half_up(
        self, value: Decimal | int | None, decimals: int | None, printed: str
    ) -> None:
        assert ui.figure(value, decimals) == printed

    def test_the_minus_stands_before_the_pound_sign(self) -> None:
        assert ui.figure(Decimal("-1200"), 0, "£") == "−£1,200"
        assert ui.figure(Decimal("-3.2"), 1, suffix="%") == "−3.2%"

    def test_what_is_not_a_number_is_never_printed_as_a_figure(self) -> None:
        with pytest.raises(ValueError, match="not a figure"):
            ui.figure(Decimal("NaN"))

    def test_counts_agree_with_their_noun(self) -> None:
        assert ui.count_of(1, "return") == "1 return"
        assert ui.count_of(1204, "return") == "1,204 returns"
        assert ui.count_of(0, "query", "queries") == "0 queries"

    def test_filters_print_the_same_words(self) -> None:
        shown = template(
            "{{ d|day }}, {{ d|month }}, {{ d|short_day }}, {{ f|figure:1 }}, {{ r|rag_tag }}",
            d=date(2026, 11, 5), f=Decimal("-1234.56"), r=Rag.RED,
        )  # fmt: skip
        assert shown.startswith("5 November 2026, November 2026, 5 Nov 2026, −1,234.6, <strong")


class TestLists:
    def test_changing_one_filter_keeps_the_others_and_starts_at_the_first_page(self) -> None:
        request = get("/returns/?service=waste&rag=red&page=3")
        assert ui.with_query(request, rag="amber") == "?service=waste&rag=amber"
        assert ui.with_query(request, rag=None) == "?service=waste"
        assert ui.with_query(request, page=4) == "?service=waste&rag=red&page=4"
        assert ui.with_query(request, rag=["red", "amber"]) == "?service=waste&rag=red&rag=amber"

    def test_an_address_never_leads_to_another_site(self) -> None:
        assert ui.with_query(get("//evil.example/")) == "?"

    def test_what_is_kept_in_the_address_is_escaped(self) -> None:
        shown = template("{% with_query sort='-code' %}")
        assert shown == "?sort=-code"
        assert ui.with_query(get("/?q=%26%22%3Cb%3E"), sort="a") == "?q=%26%22%3Cb%3E&sort=a"

    @pytest.mark.parametrize(
        ("asked", "number", "rows"),
        [("", 1, [0, 1, 2]), ("2", 2, [3, 4, 5]), ("99", 4, [9]), ("-1", 4, [9]), ("0", 4, [9]), ("x", 1, [0, 1, 2])],
    )
    def test_a_page_that_does_not_exist_is_answered_with_one_that_does(
        self, asked: str, number: int, rows: list[int]
    ) -> None:
        page = ui.paginate(get(f"/?page={asked}&q=a"), list(range(10)), 3)
        assert (page.number, page.rows, page.of, page.total) == (number, rows, 4, 10)

    def test_pages_know_their_neighbours_and_keep_the_filters(self) -> None:
        first, middle = (ui.paginate(get(f"/?q=a&page={n}"), list(range(10)), 3) for n in (1, 2))
        assert (first.previous, first.next) == ("", "?q=a&page=2")
        assert (middle.previous, middle.next) == ("?q=a&page=1", "?q=a&page=3")
        assert [item.number for item in middle.items if item.current] == [2]
        assert (middle.first, middle.last) == (4, 6)

    def test_many_pages_are_elided(self) -> None:
        page = ui.paginate(get("/?page=10"), list(range(60)), 3)
        assert [item.number for item in page.items] == [1, None, 9, 10, 11, None, 20]

    def test_an_empty_list_has_one_page_of_nothing(self) -> None:
        page = ui.paginate(get(), [], 3)
        assert (page.rows, page.total, page.of) == ([], 0, 1)
        assert render_to_string("components/pagination.html", {"page": page}).strip() == ""

    def test_only_a_named_order_is_taken_from_the_address(self) -> None:
        assert ui.chosen_sort(get("/?sort=-code"), ["code"], "name") == "-code"
        assert ui.chosen_sort(get("/?sort=password"), ["code"], "name") == "name"
        assert ui.chosen_sort(get("/?sort=--code"), ["code"], "name") == "name"

    def test_choosing_the_same_heading_again_turns_the_order_round(self) -> None:
        up, name, plain = ui.columns(
            get("/?rag=red"), [("Code", "code"), ("Name", "name"), ("Actual", "", "numeric")], "code"
        )
        assert (up.sort, up.href) == ("ascending", "?rag=red&sort=-code")
        assert (name.sort, name.href) == ("none", "?rag=red&sort=name")
        assert (plain.numeric, plain.href) == (True, "")
        (down,) = ui.columns(get(), [("Code", "code")], "-code")
        assert (down.sort, down.href) == ("descending", "?sort=code")

    def test_the_section_with_the_longest_address_is_the_current_one(self) -> None:
        links = [ui.Link("Home", "/"), ui.Link("KPIs", "/kpis/"), ui.Link("Events", "/kpis/events/")]
        assert [link.current for link in ui.mark_current(links, "/kpis/events/3/")] == [False, False, True]
        assert [link.current for link in ui.mark_current(links, "/")] == [True, False, False]
        assert [link.current for link in ui.mark_current(links, "/audit/")] == [False, False, False]

    def test_a_link_to_one_month_stands_for_every_month(self) -> None:
        links = [ui.Link("Home", "/"), ui.Link("Returns", "/returns/2026-10/", within="/returns/")]
        assert [link.current for link in ui.mark_current(links, "/returns/2026-09/KPI%201/")] == [False, True]
        assert [link.current for link in ui.mark_current(links, "/")] == [True, False]

    def test_a_section_offers_its_pages_where_one_is_in_it_and_an_empty_one_is_left_out(self) -> None:
        kpis = ui.Section("KPIs", (ui.Link("All KPIs", "/kpis/"), ui.Link("Returns", "/returns/")))
        sections = [ui.Section("My tasks", (ui.Link("My tasks", "/"),)), kpis, ui.Section("Audit", ())]
        inside = ui.navigation(sections, "/returns/2026-10/")
        assert inside["navigation"] == (ui.Link("My tasks", "/"), ui.Link("KPIs", "/kpis/", current=True))
        assert inside["section"] == ui.Section(
            "KPIs", (ui.Link("All KPIs", "/kpis/"), ui.Link("Returns", "/returns/", current=True))
        )
        assert ui.navigation(sections, "/")["section"] is None, "a section of one page has no second row"
        assert ui.navigation(sections, "/elsewhere/")["section"] is None


@pytest.mark.parametrize(
    ("what", "due", "owner", "printed"),
    [
        ("A crew starts.", date(2026, 11, 30), "Depot manager", "A crew starts. By 30 November 2026, Depot manager"),
        ("A crew starts", date(2026, 11, 30), "", "A crew starts. By 30 November 2026"),
        ("Will it help?", None, "Depot manager", "Will it help? Depot manager"),
        ("A crew starts", None, "", "A crew starts"),
        ("", date(2026, 11, 30), "Depot manager", "By 30 November 2026, Depot manager"),
        ("", None, "", ""),
    ],
)
def test_what_is_promised_is_printed_as_sentences(what: str, due: date | None, owner: str, printed: str) -> None:
    assert ui.promise(what, due, owner) == printed


class TestComponents:
    def test_a_data_table_scrolls_in_a_named_region_the_keyboard_can_reach(self) -> None:
        shown = template("{% data_table caption=words %}<tbody></tbody>{% enddata_table %}", words="Bins & boxes")
        assert 'role="region" aria-labelledby="table-bins-boxes-caption" tabindex="0"' in shown
        assert 'id="table-bins-boxes-caption"><span class="app-table__caption-words">Bins &amp; boxes</span>' in shown

    def test_what_is_escaped_in_a_data_table_stays_escaped(self) -> None:
        shown = template("{% data_table caption='x' %}<td>{{ name }}</td>{% enddata_table %}", name="<script>")
        assert "<td>&lt;script&gt;</td>" in shown

    def test_a_step_that_changes_something_is_a_post_with_a_token(self) -> None:
        steps = [ui.Step("Accept", "/accept/", method="post", kind="primary", fields=(("version", "3"),))]
        request = RequestFactory().get("/")
        shown = render_to_string("components/next_steps.html", {"steps": steps}, request)
        assert '<form method="post" action="/accept/">' in shown
        assert "csrfmiddlewaretoken" in shown
        assert '<input type="hidden" name="version" value="3">' in shown

    def test_progress_of_nothing_is_still_a_valid_bar(self) -> None:
        shown = render_to_string("components/progress.html", {"progress": ui.Progress(0, 0, "returns in")})
        assert 'value="0" max="1"' in shown
        assert "0 of 0 returns in" in shown

    def test_a_lock_says_why_and_who_can_lift_it(self) -> None:
        lock = ui.Lock("Locked on 18 November 2026.", "The Performance Team can lift it.")
        shown = render_to_string("components/lock.html", {"lock": lock})
        assert "Locked on 18 November 2026." in shown
        assert "The Performance Team can lift it." in shown

    def test_words_people_wrote_are_escaped(self) -> None:
        entries = [{"who": "A", "when": "today", "text": "<script>x</script>"}]
        assert "<script>" not in render_to_string("components/dialogue.html", {"entries": entries})
