"""Outcome measures from a file: real published values in, previewed, all or nothing, and the pages that show them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actions.importing import Options, import_measures, preview_measures
from actions.models import MeasureDraft, OutcomeMeasure, OutcomeValue
from hdcperf.history import save_as
from hdcperf.importing import NotApplied, Status
from hdcperf.rag import Direction
from hdcperf.roles import Role
from tests.factories.organisation import UserFactory, holder

pytestmark = pytest.mark.django_db

FILE = Path(__file__).with_name("published_measures.csv")
OPTIONS = Options("Huntingdonshire", "Fingertips", "OHID", "Open Government Licence v3.0")
HEADINGS = "area_code,area_name,period,indicator,measure,unit,value,inequality"


def taken(content: bytes = b"") -> None:
    content = content or FILE.read_bytes()
    plan = preview_measures(content, "published.csv", OPTIONS)
    import_measures(content, "published.csv", OPTIONS, by=holder(Role.PERFORMANCE_TEAM), seen=plan.fingerprint)


def row(**cells: str) -> bytes:
    usual = {
        "area_code": "E07000011",
        "area_name": "Huntingdonshire",
        "period": "2021",
        "indicator": "Warm homes",
        "measure": "Percentage",
        "unit": "Persons",
        "value": "10",
        "inequality": "NA",
    }
    cells = {**usual, **cells}
    return f"{HEADINGS}\n{','.join(cells[name] for name in HEADINGS.split(','))}\n".encode()


class TestImport:
    def test_real_values_arrive_with_their_periods_breakdowns_and_gaps(self) -> None:
        taken()
        assert OutcomeMeasure.objects.count() == 3
        active = OutcomeMeasure.objects.get(reference="percentage-of-physically-active-adults")
        assert active.unit_label == "%"
        newest = active.values.filter(is_ours=True).last()
        assert newest is not None
        assert (newest.period, newest.period_start, newest.period_end) == (
            "2021/22",
            date(2021, 4, 1),
            date(2022, 3, 31),
        )
        life = OutcomeMeasure.objects.get(reference="healthy-life-expectancy-at-birth-life-expectancy")
        assert set(life.values.values_list("breakdown", flat=True)) == {"Male", "Female"}

    def test_the_same_file_again_changes_nothing(self) -> None:
        taken()
        plan = preview_measures(FILE.read_bytes(), "published.csv", OPTIONS)
        assert set(plan.counts) == {Status.UNCHANGED}
        with pytest.raises(NotApplied, match="here already"):
            taken()

    def test_a_value_published_anew_says_from_what_to_what_and_keeps_its_history(self) -> None:
        taken(row(value="10"))
        content = row(value="12.5")
        (outcome,) = preview_measures(content, "published.csv", OPTIONS).outcomes
        assert [(one.before, one.after) for one in outcome.changes] == [("10", "12.5")]
        taken(content)
        value = OutcomeValue.objects.get()
        assert value.value == Decimal("12.5")
        assert [one.value for one in value.history.all()] == [Decimal("12.5"), Decimal("10")]

    def test_a_value_that_is_not_published_is_a_gap_and_not_nought(self) -> None:
        taken(row(value="NA"))
        assert OutcomeValue.objects.get().value is None

    @pytest.mark.parametrize(
        ("cells", "sentence"),
        [
            ({"period": "lately"}, "is not a period"),
            ({"period": "2021/23"}, "2021 is followed by 22"),
            ({"period": "2018 - 40"}, "covers more than 10 years"),
            ({"value": "many"}, "is not a number"),
            ({"value": "1" * 20}, "at most 15 digits"),
            ({"indicator": ""}, "This cell is empty"),
            ({"area_name": "x" * 121}, "longer than 120 characters"),
        ],
    )
    def test_a_bad_cell_is_refused_by_row_and_nothing_is_written(self, cells: dict[str, str], sentence: str) -> None:
        plan = preview_measures(row(**cells), "published.csv", OPTIONS)
        assert sentence in plan.refused[0].problems[0].sentence
        with pytest.raises(NotApplied):
            taken(row(**cells))
        assert not OutcomeMeasure.objects.exists()

    def test_the_same_value_twice_in_a_file_is_refused(self) -> None:
        content = row() + row(value="11").split(b"\n", 1)[1]
        plan = preview_measures(content, "published.csv", OPTIONS)
        assert "Row 2 has the same measure" in plan.refused[0].problems[0].sentence

    def test_the_command_previews_and_applies_in_somebody_s_name(self) -> None:
        said = ["--our-area", "Huntingdonshire", "--source", "Fingertips", "--publisher", "OHID"]
        call_command("import_measures", str(FILE), *said)
        assert not OutcomeMeasure.objects.exists()
        with pytest.raises(CommandError, match="a member of the Performance Team"):
            call_command("import_measures", str(FILE), *said, "--apply", "--by", UserFactory().email)
        call_command("import_measures", str(FILE), *said, "--apply", "--by", holder(Role.PERFORMANCE_TEAM).email)
        assert OutcomeValue.objects.count() == 64


class TestPages:
    def signed_in(self, role: Role = Role.SCRUTINY) -> Client:
        client = Client()
        client.force_login(holder(role))
        return client

    def test_a_measure_says_which_way_it_moves_in_a_sentence(self) -> None:
        taken(row(period="2020", value="12") + row(value="10").split(b"\n", 1)[1])
        measure = OutcomeMeasure.objects.get()
        measure.direction = Direction.LOWER.value
        save_as(measure, by=UserFactory(), reason="Which way is preferred")
        page = self.signed_in().get("/outcomes/warm-homes/").content.decode()
        assert "10.0% in 2021, down from 12.0% in 2020: the way preferred." in page
        assert "Open Government Licence v3.0" in page
        assert 'class="app-tag app-tag--rag' not in page  # no RAG, by design

    def test_the_list_costs_the_same_for_many_measures(self) -> None:
        client = self.signed_in()

        def cost(first: int, last: int) -> int:
            for number in range(first, last):
                taken(row(indicator=f"Measure {number}"))
            client.get("/outcomes/")
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/outcomes/").status_code == 200
            return len(queries)

        assert cost(0, 2) == cost(2, 12)

    def test_a_file_is_sent_previewed_and_imported(self) -> None:
        client = self.signed_in(Role.PERFORMANCE_TEAM)
        sent = {
            "file": SimpleUploadedFile("published.csv", FILE.read_bytes()),
            "our_area": "Huntingdonshire",
            "source": "Fingertips",
            "publisher": "OHID",
        }
        preview = client.post("/outcomes/import/", sent, follow=True)
        page = preview.content.decode()
        assert "Import 64 values" in page
        assert not OutcomeValue.objects.exists()
        draft = MeasureDraft.objects.get()
        fingerprint = page.split('name="fingerprint" value="')[1].split('"')[0]
        apply = f"/outcomes/import/{draft.pk}/apply/"
        assert client.post(apply, {"fingerprint": "another"}, follow=True).content.decode().count("Something changed")
        assert not OutcomeValue.objects.exists()
        client.post(apply, {"fingerprint": fingerprint})
        assert OutcomeValue.objects.count() == 64
        again = client.post(apply, {"fingerprint": fingerprint}, follow=True).content.decode()
        assert "imported or thrown away already" in again

    def test_a_file_that_cannot_be_read_is_told_beside_the_field(self) -> None:
        client = self.signed_in(Role.PERFORMANCE_TEAM)
        sent = {"file": SimpleUploadedFile("x.csv", b"\x00\x01"), "our_area": "H", "source": "S", "publisher": "P"}
        page = client.post("/outcomes/import/", sent).content.decode()
        assert "There is a problem" in page
        assert 'value="H"' in page
        assert not MeasureDraft.objects.exists()
