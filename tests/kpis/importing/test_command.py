"""``manage.py import_kpis``: previews without writing, and applies in the name of the Performance Team."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hdcperf.roles import Role
from kpis.models import ImportMapping, ImportRun, MonthlyReturn
from tests.factories.organisation import holder

pytestmark = pytest.mark.django_db
FILE = str(Path(__file__).with_name("published_excerpt.csv"))
READ = ("--year-starts=1", "--nought-is-no-target", "--same-code-same-kpi", "--create-services-in=Example agencies")


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 5))


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("import_kpis", *arguments, stdout=said)
    return said.getvalue()


def test_without_apply_every_row_is_listed_and_nothing_is_written() -> None:
    said = run(FILE, *READ)
    assert said.count("\nRow ") + said.startswith("Row ") == 81
    assert "81 new, 0 changed, 0 unchanged, 0 refused." in said
    assert not MonthlyReturn.objects.exists()


def test_with_apply_all_is_imported_and_a_saved_mapping_is_used_again() -> None:
    by = f"--by={holder(Role.PERFORMANCE_TEAM).email}"
    run(FILE, *READ, "--apply", by, "--save-as=Published")
    assert MonthlyReturn.objects.count() == 81
    assert ImportRun.objects.get().mapping == ImportMapping.objects.get(name="Published")
    assert "everything is there already" in run(FILE, "--mapping=Published", "--apply", by)
    assert ImportRun.objects.count() == 1


def test_only_in_the_name_of_the_performance_team() -> None:
    with pytest.raises(CommandError, match="in whose name"):
        run(FILE, *READ, "--apply")
    with pytest.raises(CommandError, match="not a member of the Performance Team"):
        run(FILE, *READ, "--apply", f"--by={holder(Role.FINANCE).email}")
    assert not MonthlyReturn.objects.exists()


def test_refused_rows_are_named_and_fail_the_command() -> None:
    with pytest.raises(CommandError, match="81 rows refused"):
        run(FILE, "--year-starts=1")


def test_a_column_can_be_named_or_left_out() -> None:
    said = run(FILE, *READ, "--map", "ytd_actual=")
    assert "81 new" in said
    with pytest.raises(CommandError, match="no column headed “Nowhere”"):
        run(FILE, *READ, "--map", "actual=Nowhere")
    with pytest.raises(CommandError, match="cannot be read"):
        run("/nowhere/register.csv")
