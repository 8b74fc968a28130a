"""Cabinet's supplement: scrutiny's words and their answers, beside a pack that never waits for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import page
import pytest
from django.test import Client

from hdcperf.organisation.models import User
from hdcperf.roles import Role
from reports.models import FrozenData, Pack, PackFile
from reports.operations.building import build_files
from reports.operations.supplements import issue_supplement, supplement_refused
from reports.pack_workflow import MoveRefused, NotPermitted
from reports.packs.frozen import read_supplement
from reports.printing.files import render_csv, render_xlsx
from reports.printing.pdf import render_annex
from reports.queries.supplements import supplement_rows
from tests.factories.made_packs import freeze_as, pack_in
from tests.factories.meetings import MeetingFactory, question_in
from tests.factories.organisation import AppointmentFactory, UserFactory, holder
from tests.factories.packs import sample_annex, sample_pack

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
MET = date(2026, 11, 4)
CABINET = "/reports/2026-27-Q2/cabinet"


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def both(state: str = "published") -> Pack:
    """Cabinet's pack in ``state``, and scrutiny's of the quarter, which it had at its meeting yesterday."""
    pack_in("published", meeting=MeetingFactory(held_on=MET))
    return pack_in(state, audience="cabinet")


def test_it_gives_what_scrutiny_said_and_was_answered_and_nothing_of_the_pack_changes() -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    pack = both()
    before = {name: getattr(Pack.objects.get(pk=pack.pk), name) for name in ("state", "version", "freezes")}
    meeting = MeetingFactory(held_on=MET)
    officer = UserFactory(name="Robin Rounds")
    AppointmentFactory(user=officer, role=Role.DIRECTOR.value)
    asked = question_in("released", team=team, meeting=meeting, words="Ask Robin Rounds.", owner=officer)
    question_in("answered", team=team, meeting=meeting, words="Not for anybody yet.")
    question_in("noted", team=team, meeting=meeting, kind="comment")
    question_in("withdrawn", team=team, meeting=meeting)
    assert supplement_refused(pack, team) is None
    issue_supplement(pack, by=team)
    (row,) = supplement_rows(pack)
    made = read_supplement(row.text)
    assert [(one.kind, one.answer) for one in made.comments] == [
        ("Question", f"Ask {asked.owner_post}."),  # posts, not names, in people's own words too
        ("Question", ""),
        ("Comment", ""),
    ]
    assert (made.number, made.met_on, made.issued_on) == (1, MET, TODAY)
    fresh = Pack.objects.get(pk=pack.pk)
    assert {name: getattr(fresh, name) for name in before} == before
    assert not pack.transitions.filter(move="supplement").exists()

    with pytest.raises(MoveRefused, match="says everything there is"):
        issue_supplement(pack, by=team)
    question_in("asked", team=team, meeting=meeting)
    issue_supplement(pack, by=team)
    assert [one.number for one in supplement_rows(pack)] == [2, 1]


@pytest.mark.parametrize(
    ("state", "met", "words"),
    [
        ("signed", MET, "with a pack that is issued"),
        ("issued", TODAY + timedelta(1), "meets on 6 November 2026"),
        ("issued", MET, "is recorded yet"),
        ("published", None, "was not issued a pack"),
    ],
)
def test_it_is_refused_in_a_sentence_until_there_is_something_to_give(
    state: str, met: date | None, words: str
) -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    if met is not None:
        pack_in("issued", meeting=MeetingFactory(held_on=met))
    pack = pack_in(state, audience="cabinet")
    with pytest.raises(MoveRefused, match=words):
        issue_supplement(pack, by=team)
    assert not FrozenData.objects.filter(kind="supplement").exists()


def test_only_those_who_issue_packs_issue_it_and_only_cabinets_pack_has_one() -> None:
    pack = both()
    question_in("released", meeting=MeetingFactory(held_on=MET))
    with pytest.raises(NotPermitted):
        issue_supplement(pack, by=holder(Role.DIRECTOR))
    scrutiny = Pack.objects.get(audience="scrutiny")
    with pytest.raises(MoveRefused, match="Only cabinet"):
        issue_supplement(scrutiny, by=holder(Role.PERFORMANCE_TEAM))
    issue_supplement(pack, by=holder(Role.DEMOCRATIC_SERVICES))


def test_everyone_who_reads_the_pack_reads_it_on_the_page_and_as_its_own_file() -> None:
    team, nobody = client_of(holder(Role.PERFORMANCE_TEAM)), Client()
    pack = both()
    question_in("released", meeting=MeetingFactory(held_on=MET), words="Two crews were lost & found.")
    page_ = team.get(f"{CABINET}/").content.decode()
    assert "Issue a supplement" in page_
    version = Pack.objects.get(pk=pack.pk).version
    said = team.post(f"{CABINET}/", {"act": "supplement", "version": version}, follow=True).content.decode()
    assert "The supplement is issued with the pack, which stays as it is." in said
    assert "Issue a supplement" not in said
    read = nobody.get(f"{CABINET}/").content.decode()
    assert "Two crews were lost &amp; found." in read
    assert "supplement-1.pdf" not in read  # no link to what is not there yet
    assert nobody.get(f"{CABINET}/supplement-1.pdf").status_code == 503  # its file is still being made
    (row,) = supplement_rows(pack)
    assert build_files(row) == 1
    assert f'href="{CABINET}/supplement-1.pdf"' in nobody.get(f"{CABINET}/").content.decode()
    given = nobody.get(f"{CABINET}/supplement-1.pdf").content
    assert given == bytes(PackFile.objects.get(frozen=row).content)
    assert page.validate_pdf_bytes(given, profile="ua1").failures == []
    assert team.get(f"{CABINET}/supplement-2.pdf").status_code == 404
    assert team.get("/reports/2026-27-Q2/scrutiny/supplement-1.pdf").status_code == 404


def test_the_supplement_of_an_issued_pack_is_no_more_public_than_the_pack() -> None:
    pack = both("issued")
    question_in("released", meeting=MeetingFactory(held_on=MET))
    issue_supplement(pack, by=holder(Role.PERFORMANCE_TEAM))
    build_files(supplement_rows(pack)[0])
    assert Client().get(f"{CABINET}/supplement-1.pdf").status_code == 302
    assert client_of(holder(Role.COUNCILLOR)).get(f"{CABINET}/supplement-1.pdf").status_code == 200
    assert client_of(UserFactory()).get(f"{CABINET}/supplement-1.pdf").status_code == 404


# The exempt annex


def test_the_exempt_annex_is_a_file_of_its_own_for_those_entitled_and_in_no_other() -> None:
    pack = pack_in("published", frozen=sample_pack())
    freeze_as(pack, annex := sample_annex(), by=UserFactory())
    row = pack.frozen.get(kind="annex")
    build_files(pack.frozen.get(kind="pack"))
    stored = bytes(PackFile.objects.get(frozen=row).content)
    assert stored == render_annex(annex)
    assert page.validate_pdf_bytes(stored, profile="ua1").failures == []
    address = "/reports/2026-27-Q2/scrutiny/annex-1.pdf"
    for role in (Role.SCRUTINY, Role.PERFORMANCE_TEAM):
        given = client_of(holder(role)).get(address)
        assert (given.status_code, given.content) == (200, stored)
        assert "no-store" in given["Cache-Control"]
    for role in (Role.COUNCILLOR, Role.PORTFOLIO_HOLDER, Role.SERVICE_MANAGER):
        assert client_of(holder(role)).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert client_of(holder(Role.SCRUTINY)).get("/reports/2026-27-Q2/scrutiny/annex-2.pdf").status_code == 404
    public = [bytes(one.content) for one in PackFile.objects.exclude(frozen=row)]
    public += [render_csv(sample_pack()), render_xlsx(sample_pack()), Client().get("/reports/").content]
    public.append(Client().get("/reports/2026-27-Q2/scrutiny/").content)
    assert not any(b"secret price" in one for one in public)
