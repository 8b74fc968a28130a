"""How long a pack of 60 KPIs, 60 actions and 12 outcome measures takes to print: ``python -m tests.bench.packs``.

Gathering is of 60 KPIs with a year of history; the pack that is printed is made by hand, so that it is the same each
time. Needs an empty database (DATABASE_URL), and leaves nothing in its tables. Drawing is the charts and the
templates; WeasyPrint alone is the finished HTML in a process that did nothing else, as Chromium's time beside it is.
Times are the best of three, seconds by the clock.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from tests.bench.__main__ import TODAY, say, set_up

KPIS = 60
PARTS = 7
ALONE = (
    "import sys, time; from pathlib import Path; import django; django.setup(); "
    "from reports.printing.weasy import pdf_of; html = Path(sys.argv[1]).read_text(); "
    "times = []\n"
    "for _ in range(3):\n"
    "    started = time.perf_counter(); pdf_of(html, ''); times.append(time.perf_counter() - started)\n"
    "print(min(times))"
)


def main() -> None:
    """Measure and print."""
    set_up()
    import pypdfium2

    from reports.printing.html import print_html
    from reports.printing.pdf import render_pdf, write_pdf

    read, queries, kpis = gathering()
    pack = big_pack()
    drawing, html = best(lambda: print_html(pack))
    writing, made = best(lambda: write_pdf(html))
    whole, _ = best(lambda: render_pdf(pack))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    document = pypdfium2.PdfDocument(made)
    pages = len(document)
    document.close()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pack.html"
        file.write_text(html)
        alone = float(_output([sys.executable, "-c", ALONE, str(file)]))
        chromium = _chromium(file, Path(folder) / "pack.pdf")
    say(f"A pack of {len(pack.kpis)} KPIs, {len(pack.actions)} actions and {len(pack.measures)} outcome measures")
    say(f"  {pages} pages, {len(made) / 1e6:.1f} MB of PDF from {len(html) / 1e6:.1f} MB of HTML")
    say(f"  gathering               {read:6.2f} s with {queries} queries, of {kpis} KPIs with a year of history")
    say(f"  drawing and templates   {drawing:6.2f} s")
    say(f"  laying out and writing  {writing:6.2f} s")
    say(f"  whole                   {whole:6.2f} s, {whole / alone:.2f} times WeasyPrint alone ({alone:.2f} s)")
    say(f"  peak memory             {peak:6.0f} MB")
    say(f"  Chromium, same HTML     {chromium}")


def gathering() -> tuple[float, int, int]:
    """Seconds and queries it takes to read all that a pack is made of, and how many KPIs it has."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from hdcperf import clock
    from hdcperf.periods import FinancialYear, Quarter
    from hdcperf.roles import Role
    from reports.gathering.whole import gather
    from reports.operations.packs import begin_pack
    from reports.packs.sections import Audience
    from tests.bench.council import found_council
    from tests.bench.years import add_kpis, add_years

    call_command("migrate", verbosity=0)
    with clock.taken_to_be(TODAY), transaction.atomic():
        bench = found_council()
        add_years(bench, add_kpis(KPIS), [FinancialYear(2025), FinancialYear(2026)])
        pack = begin_pack(Quarter.parse("2026-27-Q2"), Audience.SCRUTINY, by=bench.posts[Role.PERFORMANCE_TEAM])
        with CaptureQueriesContext(connection) as asked:
            gathered = gather(pack)
        seconds, _ = best(lambda: gather(pack))
        transaction.set_rollback(True)
    return seconds, len(asked), len(gathered.pack.kpis)


def best(work: Callable[[], object]) -> tuple[float, object]:
    """The shortest of three, and what the last one made."""
    times, made = [], None
    for _ in range(3):
        started = perf_counter()
        made = work()
        times.append(perf_counter() - started)
    return min(times), made


def big_pack():  # type: ignore[no-untyped-def]
    """Sixty KPIs with charts, sixty actions and twelve outcome measures, with commentary as long as it comes."""
    from reports.packs.frozen import OutcomePart, PriorityPart
    from reports.packs.pieces import Passage
    from tests.factories.packs import sample_action, sample_chart, sample_kpi, sample_measure, sample_pack

    words = "Two crews were short for three weeks and the depot flooded, so the northern rounds ran a day late. " * 5
    kpis = [
        sample_kpi(f"KPI {at}", reference=f"measure-{at}", commentary=(Passage("What happened", words),))
        for at in range(1, KPIS + 1)
    ]
    actions = [sample_action(f"CPA {at}", reference=f"action-{at}", done=words) for at in range(1, KPIS + 1)]
    outcomes = [
        OutcomePart(at + 1, f"Outcome the {at + 1}th", tuple(kpis[at::PARTS]), tuple(actions[at::PARTS]))
        for at in range(PARTS)
    ]
    chart = sample_chart("Published figures")
    measures = tuple(
        replace(sample_measure(), reference=f"outcome-{at}", name=f"Outcome measure {at}", chart=chart)
        for at in range(12)
    )
    return sample_pack(
        priorities=(
            PriorityPart(1, "The first", tuple(outcomes[:4])),
            PriorityPart(2, "The rest", tuple(outcomes[4:])),
        ),
        measures=measures,
    )


def _chromium(page: Path, output: Path) -> str:
    from tests.chromium import ARGUMENTS, find_chromium

    try:
        path = find_chromium()
    except FileNotFoundError:
        return "not here"
    command = [path, *ARGUMENTS, "--no-pdf-header-footer", f"--print-to-pdf={output}", page.as_uri()]
    seconds, _ = best(lambda: subprocess.run(command, capture_output=True, check=True))
    return f"{seconds:6.2f} s (its start included; not PDF/UA)"


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
