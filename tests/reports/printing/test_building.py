"""The files of a frozen pack are made once, whoever makes them, and are its own from then on."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.jobs import running
from hdcperf.jobs.models import Job
from hdcperf.organisation.models import User
from reports.jobs import start_building
from reports.models import FrozenData, Pack, PackFile
from reports.operations import building
from reports.packs.frozen import digest, written
from reports.printing.pdf import CannotPrint
from tests.factories.organisation import UserFactory
from tests.factories.packs import sample_pack


def frozen_data(by: User, audience: str = "scrutiny") -> FrozenData:
    """The sample pack, frozen, as the operations leave it."""
    pack = Pack(
        period_kind="quarter",
        starts_on=date(2026, 7, 1),
        audience=audience,
        state=Pack.State.FROZEN,
        freezes=1,
        sections="front",
    )
    save_as(pack, by=by, reason="Made for a test")
    text = written(sample_pack(measures=(), interventions=()))
    return FrozenData.objects.create(
        pack=pack, kind="pack", number=1, text=text, sha256=digest(text), frozen_by=by, frozen_at=clock.now()
    )


@pytest.mark.django_db
def test_a_job_makes_each_file_once_and_one_taken_up_again_goes_on_where_it_was(
    monkeypatch: pytest.MonkeyPatch, set_today: Callable[[date], None]
) -> None:
    set_today(date(2026, 10, 23))
    by = UserFactory(name="Pat Packer")
    frozen = frozen_data(by)
    whole = dict(building.MAKERS)

    def dies(_: object) -> bytes:
        raise MemoryError

    monkeypatch.setitem(building.MAKERS, "xlsx", dies)
    job = start_building(frozen, by=by)
    assert job is not None
    assert start_building(frozen, by=by) == job  # a second click
    running.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.of) == (Job.State.FAILED, 1, 3)
    assert building.files_missing(frozen) == ["xlsx", "pdf"]

    monkeypatch.setattr(building, "MAKERS", whole)
    again = start_building(frozen, by=by)
    assert again is not None
    running.run(again.pk)
    again.refresh_from_db()
    assert (again.state, again.done, again.of) == (Job.State.DONE, 3, 3)
    assert again.outcome.endswith("(2 made now).")
    files = {one.format: one for one in PackFile.objects.filter(frozen=frozen)}
    assert set(files) == {"csv", "xlsx", "pdf"}
    assert all(sha256(one.content).hexdigest() == one.sha256 for one in files.values())
    assert bytes(files["pdf"].content).startswith(b"%PDF-1.7")
    assert start_building(frozen, by=by) is None
    assert building.build_files(frozen) == 0


@pytest.mark.django_db
def test_the_command_builds_what_is_missing_and_writes_the_stored_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(building.MAKERS, "pdf", lambda _: b"%PDF-1.7")  # what it prints is proved elsewhere
    frozen = frozen_data(UserFactory())
    output = tmp_path / "pack.csv"
    call_command("build_pack", "2026-27-Q2", audience="scrutiny", output=output, stdout=io.StringIO())
    assert output.read_bytes() == bytes(frozen.files.get(format="csv").content)
    assert building.files_missing(frozen) == []
    for wrong in (("2026-27-Q3", "pack.pdf"), ("2026-27-Q2", "pack.doc"), ("Q2", "pack.pdf")):
        with pytest.raises(CommandError):
            call_command("build_pack", wrong[0], audience="scrutiny", output=tmp_path / wrong[1])


@pytest.mark.django_db
def test_without_pango_every_other_file_of_every_pack_is_made_and_a_sentence_says_what_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_pango(_: object) -> bytes:
        raise CannotPrint("PDFs need the library Pango.")

    monkeypatch.setitem(building.MAKERS, "pdf", no_pango)
    by = UserFactory()
    rows = [frozen_data(by), frozen_data(by, "cabinet")]
    with pytest.raises(CommandError, match=r"4 files made. No PDF could be: PDFs need the library Pango\."):
        call_command("build_pack", missing=True, stdout=io.StringIO())
    assert [building.files_missing(one) for one in rows] == [["pdf"], ["pdf"]]
    monkeypatch.setitem(building.MAKERS, "pdf", lambda _: b"%PDF-1.7")
    said = io.StringIO()
    call_command("build_pack", missing=True, stdout=said)
    assert said.getvalue() == "2 files made.\n"
    assert not any(building.files_missing(one) for one in rows)
