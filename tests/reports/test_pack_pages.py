"""Where a pack's buttons lead those who press them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from hdcperf.roles import Role
from reports.models import Pack
from tests.factories.made_packs import freeze_as, pack_in
from tests.factories.organisation import UserFactory, holder
from tests.factories.packs import sample_annex, sample_pack

pytestmark = pytest.mark.django_db

BOARDS = "/reports/2026-09/board/"


@pytest.mark.parametrize(("role", "leads"), [("democratic_services", "/reports/"), ("performance_team", BOARDS)])
def test_whoever_issues_a_pack_is_led_to_it_or_where_it_is_not_theirs_to_read_to_the_list(
    role: str, leads: str, set_today: Callable[[date], None]
) -> None:
    set_today(date(2026, 11, 5))
    pack = pack_in("signed", audience="board", starts_on=date(2026, 9, 1), kind="month", frozen=sample_pack())
    client = Client()
    client.force_login(holder(Role(role)))
    answer = client.post(BOARDS, {"act": "issue", "version": pack.version}, follow=True)
    assert Pack.objects.get(pk=pack.pk).state == "issued"
    assert answer.redirect_chain == [(leads, 302)]
    assert "It is issued to its body" in answer.content.decode()


def test_the_annex_has_a_link_once_its_file_is_made() -> None:
    pack = pack_in("published", frozen=sample_pack())
    row = freeze_as(pack, sample_annex(), by=UserFactory())
    member = Client()
    member.force_login(holder(Role.SCRUTINY))
    address = "/reports/2026-27-Q2/scrutiny/"
    assert "annex-1.pdf" not in member.get(address).content.decode()
    row.files.create(format="pdf", content=b"%PDF", sha256="0" * 64, made_at=row.frozen_at)
    assert f'href="{address}annex-1.pdf"' in member.get(address).content.decode()
