"""The year-to-date rules against figures somebody else published (see the README beside the excerpt)."""

import subprocess
from pathlib import Path

import pytest

from hdcperf.periods import Month
from kpis.rules.figures import YtdRule
from kpis.ytd_check import BETWEEN, BEYOND, CARRIED, GAP, REPRODUCED, REVISED, check, main, read

ROOT = Path(__file__).parents[2]
EXCERPT = ROOT / "tests/kpis/rules/data/published-monthly-figures.csv"
HEADINGS = "service,code,name,unit,decimals,year,month,target,actual,ytd_target,ytd_actual\n"


@pytest.fixture(scope="module")
def verdicts():
    return {verdict.indicator.code: verdict for verdict in map(check, read(EXCERPT))}


def write(path, *rows):
    path.write_text(HEADINGS + "".join(f"A,1,Visits,-,0,2020,{row}\n" for row in rows), encoding="utf-8")
    return path


def test_published_traffic_adds_up_in_every_month(verdicts):
    traffic = verdicts["80231"]
    assert traffic.rule is YtdRule.ADDS_UP
    assert traffic.counts == {REPRODUCED: 12}


def test_published_ridership_adds_up_but_for_revisions_that_are_named(verdicts):
    ridership = verdicts["20537"]
    assert ridership.rule is YtdRule.ADDS_UP
    assert ridership.counts == {REPRODUCED: 27, REVISED: 6, CARRIED: 3}
    assert ridership.values[Month(2015, 7)] == REVISED
    assert ridership.values[Month(2015, 8)] == CARRIED


def test_published_punctuality_is_weighted_and_lies_where_weighting_puts_it(verdicts):
    punctuality = verdicts["20421"]
    assert punctuality.rule is YtdRule.WEIGHTED
    assert punctuality.counts == {BETWEEN: 21, REPRODUCED: 2, BEYOND: 1}


def test_a_january_missing_from_the_file_is_said_of_the_months_after_it(verdicts):
    assert verdicts["373938"].counts == {GAP: 11}


def test_a_target_of_nought_means_none_in_this_file(tmp_path):
    (indicator,) = read(write(tmp_path / "file.csv", "1,0,5,0,5"))
    assert indicator.rows[0].target is None
    assert indicator.rows[0].actual == 5


def test_targets_to_date_are_held_to_the_same_rule(tmp_path):
    (indicator,) = read(write(tmp_path / "file.csv", "1,4,5,4,5", "2,4,6,8,11", "3,4,6,13,17"))
    verdict = check(indicator)
    assert verdict.rule is YtdRule.ADDS_UP
    assert verdict.targets == {REPRODUCED: 2, "not reproduced": 1}


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        (["1,0,4,0,4", "2,0,6,0,5", "3,0,8,0,6"], YtdRule.MEAN),
        (["1,0,4,0,4", "2,0,9,0,9", "3,0,8,0,8"], YtdRule.LATEST),
        (["1,0,40,0,40", "2,0,90,0,50", "3,0,80,0,60"], YtdRule.WEIGHTED),
    ],
)
def test_the_rule_is_the_one_that_reproduces_what_was_published(tmp_path, rows, rule):
    (indicator,) = read(write(tmp_path / "file.csv", *rows))
    assert check(indicator).rule is rule


def test_the_report_counts_every_published_value(capsys):
    assert main([str(EXCERPT)]) == 0
    printed = capsys.readouterr().out
    assert "39 of 48 published year-to-date values are reproduced, for 2 of 5 indicators" in printed
    assert "All 95 values" in printed


@pytest.mark.parametrize(
    ("row", "sentence"), [("13,0,5,0,5", "Line 2"), ("1,0,many,0,5", "“many” is not a number"), ("1", "Line 2")]
)
def test_a_line_that_cannot_be_read_is_named(tmp_path, capsys, row, sentence):
    assert main([str(write(tmp_path / "file.csv", row))]) == 2
    assert sentence in capsys.readouterr().err


def test_no_file_or_a_missing_one_is_said(capsys):
    assert main([]) == 2
    assert main(["/nowhere/at/all.csv"]) == 2
    assert "Usage: bin/check-ytd FILE" in capsys.readouterr().err


def test_the_command_runs_from_anywhere(tmp_path):
    ran = subprocess.run([ROOT / "bin/check-ytd", EXCERPT], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "In total 39 of 48" in ran.stdout


def test_a_total_after_a_missing_month_is_explained_by_it(tmp_path):
    rows = [f"{month},0,5,0,{5 * month}" for month in range(1, 12)]
    (indicator,) = read(write(tmp_path / "file.csv", *rows, "12,0,,0,65"))
    verdict = check(indicator)
    assert verdict.rule is YtdRule.ADDS_UP
    assert verdict.values[Month(2020, 12)] == GAP


def test_a_month_without_a_published_total_is_not_counted(tmp_path):
    (indicator,) = read(write(tmp_path / "file.csv", "1,0,40,0,40", "2,0,90,0,", "3,0,80,0,60"))
    assert check(indicator).values == {Month(2020, 1): REPRODUCED, Month(2020, 3): GAP}
