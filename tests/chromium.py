"""Where the system's Chromium is. Run as a program it prints it, or fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",  # its sandbox refuses root, which containers run as; only our own pages are opened
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def find_chromium() -> str:
    """The path of a Chromium that runs: CHROMIUM, one on the PATH, or the one Playwright installed.

    Raises FileNotFoundError with a sentence if there is none.
    """
    named = os.environ.get("CHROMIUM")
    for candidate in (named,) if named else NAMES:
        path = shutil.which(candidate)
        if path and _runs(path):
            return path
    if not named and _runs(path := _playwrights_own()):
        return path
    raise FileNotFoundError("No Chromium that runs was found: install it, or set CHROMIUM to its path.")


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _runs(path: str) -> bool:
    try:
        return (
            not _is_snap(path)
            and subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def _is_snap(path: str) -> bool:
    """Whether it is Ubuntu's snap, or the script that asks for it: a snap cannot read the files Playwright makes."""
    real = Path(path).resolve()
    return real.name == "snap" or "/snap/" in str(real) or b"/snap/bin" in real.read_bytes()[:8192]


if __name__ == "__main__":
    try:
        print(find_chromium())  # noqa: T201
    except FileNotFoundError as error:
        sys.exit(str(error))
