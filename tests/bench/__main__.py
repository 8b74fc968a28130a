"""The benchmark behind ``bin/bench``: ``python -m tests.bench --help``. Needs an empty database (DATABASE_URL)."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date

import django

TODAY = date(2026, 11, 5)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Does history make a page dearer?")
    parser.add_argument("--kpis", type=int, default=500, help="how many KPIs (500)")
    parser.add_argument("--years", type=int, default=10, help="years of history before this one (10)")
    parser.add_argument("--requests", type=int, default=15, help="timed requests a page (15)")
    parser.add_argument(
        "--threshold", type=float, default=1.5, help="how many times dearer history may make a page (1.5)"
    )
    asked = parser.parse_args()
    if asked.kpis < 3 or asked.years < 2 or asked.requests < 1:
        parser.error("At least 3 KPIs, 2 years and 1 request are needed.")
    return asked


def set_up() -> None:
    """Django as in production, but for the static files, which DEBUG spares collecting."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "hdcperf.settings",
        "DEBUG": "true",
        "DEMO_MODE": "false",
        "ALLOWED_HOSTS": "testserver",
    }
    django.setup()
    from django.conf import settings

    settings.DEBUG = False  # it would keep the text of every query
    settings.ROOT_URLCONF = "tests.bench.urls"


def main() -> int:
    """Load, measure, load the older years, measure again; 1 when history makes a page dearer."""
    asked = arguments()
    set_up()
    from django.core.management import call_command

    from hdcperf import clock
    from tests.bench.comparing import compare, table

    call_command("migrate", verbosity=0)
    with clock.taken_to_be(TODAY):
        found = compare(asked.kpis, asked.years, asked.requests, say=say)
    say(table(found, asked.years))
    dearer = [one.page for one in found if one.is_dearer(asked.threshold)]
    if dearer:
        say(f"History makes these dearer (other queries, or over {asked.threshold:g} times the time):")
        say("\n".join(f"  {page}" for page in dearer))
    else:
        say("History makes no page dearer.")
    return 1 if dearer else 0


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
