"""``bin/check-ytd FILE``: the year-to-date rules against figures somebody else published.

The file is CSV with the columns service, code, name, unit, decimals, year, month, target, actual, ytd_target and
ytd_actual; its years start in January and a target of 0 means there was none. An indicator whose published values
one plain rule reproduces is held to that rule, and each difference is explained. One that none reproduces is a
weighted figure whose weights were not published: its values can only be held to what any weighting must obey.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from hdcperf.periods import Month, months_between
from kpis.rules.figures import YtdRule
from kpis.rules.year_to_date import MonthFigure, target_to_date, year_to_date

__all__ = ["Indicator", "PublishedRow", "Verdict", "check", "main", "read", "report"]

JANUARY = 1
PLAIN_RULES = (YtdRule.ADDS_UP, YtdRule.MEAN, YtdRule.LATEST)
PLAIN_ENOUGH = Decimal("0.85")
"""The share of an indicator's values one rule must reproduce for that rule to be its own; half is enough when it
reproduces more of them than any weighting could."""

REPRODUCED = "reproduced"
GAP = "a month before it is missing from the file"
REVISED = "a figure was revised: the published total moved by something other than the month's figure"
CARRIED = "an earlier revision that year is carried forward: the month itself agrees"
BETWEEN = "weights not published; lies where any weighting must put it"
BEYOND = "weights not published, and a revision: no weighting of these months gives it"


@dataclass(frozen=True)
class PublishedRow:
    """A month as published. Figures in the indicator's own unit; None where the cell was empty."""

    month: Month
    actual: Decimal | None
    ytd_actual: Decimal | None
    target: Decimal | None
    ytd_target: Decimal | None


@dataclass(frozen=True)
class Indicator:
    code: str
    name: str
    service: str
    decimals: int
    rows: tuple[PublishedRow, ...]


@dataclass(frozen=True)
class Verdict:
    """What became of one indicator: its rule (weighted when none is plain), and each published value's category."""

    indicator: Indicator
    rule: YtdRule
    best_plain: tuple[YtdRule, int]
    values: dict[Month, str]
    targets: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.values.values())


def read(path: Path) -> list[Indicator]:
    """The indicators of the file. Raises ValueError with a sentence naming the line that cannot be read."""
    found: dict[tuple[str, str], list[PublishedRow]] = defaultdict(list)
    about: dict[tuple[str, str], dict[str, str]] = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        for number, line in enumerate(csv.DictReader(file), start=2):
            try:
                key = (line["service"], line["code"])
                found[key].append(
                    PublishedRow(
                        Month(int(line["year"]), int(line["month"])),
                        _figure(line["actual"]),
                        _figure(line["ytd_actual"]),
                        _target(line["target"]),
                        _target(line["ytd_target"]),
                    )
                )
                about.setdefault(key, line)
            except (KeyError, ValueError, TypeError, AttributeError) as problem:
                raise ValueError(f"Line {number} cannot be read: {problem}.") from problem
    return [
        Indicator(
            code=key[1],
            name=about[key]["name"],
            service=key[0],
            decimals=int(about[key]["decimals"]),
            rows=tuple(sorted(rows, key=lambda row: row.month)),
        )
        for key, rows in found.items()
    ]


def _figure(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text.strip() else None
    except InvalidOperation as problem:
        raise ValueError(f"“{text}” is not a number") from problem


def _target(text: str) -> Decimal | None:
    """In this file a target of 0 means that there was none."""
    return _figure(text) or None


def check(indicator: Indicator) -> Verdict:
    """Infer the indicator's rule and put each published year-to-date value in a category."""
    worked_out = {rule: _worked_out(indicator, rule) for rule in PLAIN_RULES}
    published = [row for row in indicator.rows if row.ytd_actual is not None]
    hits = {
        rule: sum(_same(values[row.month], row.ytd_actual, indicator.decimals) for row in published)
        for rule, values in worked_out.items()
    }
    best = max(PLAIN_RULES, key=lambda rule: hits[rule])
    weighted = _held_to_any_weighting(indicator)
    fit_a_weighting = sum(category in (REPRODUCED, BETWEEN) for category in weighted.values())
    plainly = hits[best] >= PLAIN_ENOUGH * len(published)
    rather = 2 * hits[best] >= len(published) and hits[best] > fit_a_weighting
    if not plainly and not rather:
        return Verdict(indicator, YtdRule.WEIGHTED, (best, hits[best]), weighted)
    values = {
        row.month: REPRODUCED
        if _same(worked_out[best][row.month], row.ytd_actual, indicator.decimals)
        else _why_not(indicator, row, best)
        for row in published
    }
    return Verdict(indicator, best, (best, hits[best]), values, _targets(indicator, best))


def _worked_out(indicator: Indicator, rule: YtdRule) -> dict[Month, Decimal | None]:
    figures = [MonthFigure(row.month, row.actual) for row in indicator.rows]
    return {month: at.value for month, at in year_to_date(rule, figures, first_month=JANUARY).items()}


def _same(ours: Decimal | None, published: Decimal | None, decimals: int) -> bool:
    """Equal at the decimals published."""
    if ours is None or published is None:
        return False
    step = Decimal(1).scaleb(-decimals)
    return ours.quantize(step, ROUND_HALF_UP) == published.quantize(step, ROUND_HALF_UP)


def _before(indicator: Indicator, month: Month) -> list[PublishedRow]:
    """The rows of the same year before ``month``."""
    return [row for row in indicator.rows if row.month.year == month.year and row.month < month]


def _has_gap(indicator: Indicator, month: Month) -> bool:
    have = {row.month for row in indicator.rows if row.actual is not None}
    return any(one not in have for one in months_between(Month(month.year, JANUARY), month))


def _why_not(indicator: Indicator, row: PublishedRow, rule: YtdRule) -> str:
    if _has_gap(indicator, row.month):
        return GAP
    before = _before(indicator, row.month)
    last = before[-1].ytd_actual if before else None
    if rule is not YtdRule.ADDS_UP or last is None or row.actual is None:
        return REVISED
    return CARRIED if _same(last + row.actual, row.ytd_actual, indicator.decimals) else REVISED


def _held_to_any_weighting(indicator: Indicator) -> dict[Month, str]:
    """January's year to date is its own figure; after that it lies between the one before and the month's figure."""
    slack = Decimal(1).scaleb(-indicator.decimals) / 2
    result = {}
    for row in indicator.rows:
        if row.ytd_actual is None or row.actual is None:
            continue
        before = _before(indicator, row.month)
        if not before and row.month.month == JANUARY:
            result[row.month] = REPRODUCED if _same(row.actual, row.ytd_actual, indicator.decimals) else REVISED
        elif _has_gap(indicator, row.month) or before[-1].ytd_actual is None:
            result[row.month] = GAP
        else:
            low, high = sorted((before[-1].ytd_actual, row.actual))
            inside = low - 2 * slack <= row.ytd_actual <= high + 2 * slack
            result[row.month] = BETWEEN if inside else BEYOND
    return result


def _targets(indicator: Indicator, rule: YtdRule) -> Counter[str]:
    """How many published year-to-date targets come out of the months' targets by the same rule."""
    ours = target_to_date(rule, {row.month: row.target for row in indicator.rows}, first_month=JANUARY)
    counts: Counter[str] = Counter()
    for row in indicator.rows:
        if row.ytd_target is not None:
            same = _same(ours[row.month], row.ytd_target, indicator.decimals)
            counts[REPRODUCED if same else "not reproduced"] += 1
    return counts


def report(verdicts: Sequence[Verdict]) -> Iterable[str]:
    """The lines to print: each indicator, then the total."""
    total: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    for verdict in verdicts:
        yield from _about(verdict)
        total += verdict.counts
        if verdict.rule is not YtdRule.WEIGHTED:
            plain += verdict.counts
    yield ""
    rules = [one.rule for one in verdicts]
    weighted = rules.count(YtdRule.WEIGHTED)
    yield (
        f"In total {plain[REPRODUCED]:,} of {plain.total():,} published year-to-date values are reproduced, for "
        f"{len(rules) - weighted} of {len(rules)} indicators that have a plain rule."
    )
    yield (
        f"For the other {weighted} the weights were not published: "
        f"{total[REPRODUCED] - plain[REPRODUCED]:,} values are the first of their year and reproduced, "
        f"{total[BETWEEN]:,} lie where any weighting must put them, {total[BEYOND]:,} do not (revisions)."
    )
    yield f"All {total.total():,} values by what became of them:"
    for category, count in total.most_common():
        yield f"  {count:6,}  {category}"


def _about(verdict: Verdict) -> Iterable[str]:
    indicator, counts = verdict.indicator, verdict.counts
    rule, hits = verdict.best_plain
    yield ""
    yield f"{indicator.code} {indicator.name} ({indicator.service})"
    if verdict.rule is YtdRule.WEIGHTED:
        nearest = rule.label.lower()
        yield f"  No plain rule: the nearest ({nearest}) gives {hits} of {counts.total()}, so it is weighted."
    else:
        yield f"  {rule.label}: {hits} of {counts.total()} values reproduced."
    for category, count in counts.most_common():
        months = sorted(month for month, one in verdict.values.items() if one == category)
        names = "" if category in (REPRODUCED, BETWEEN) else f": {', '.join(month.slug for month in months)}"
        yield f"  {count:4}  {category}{names}"
    if verdict.targets:
        yield (
            f"  Year-to-date targets by the same rule: {verdict.targets[REPRODUCED]} of {verdict.targets.total()}."
        )


def main(arguments: Sequence[str]) -> int:
    """Print the report; 2 when the file is not given or cannot be read."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: bin/check-ytd FILE\n")
        return 2
    try:
        indicators = read(Path(arguments[0]))
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"{arguments[0]}: {problem}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in report([check(one) for one in indicators]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
