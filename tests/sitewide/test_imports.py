"""Imports flow one way, wherever in a file they stand; reading the files proves it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("kpis", "dataquality", "actions", "interventions", "serviceplans", "reports")
COMPOSITION = ("hdcperf.settings", "hdcperf.urls", "hdcperf.celery", "hdcperf.wsgi")

# Shared mechanisms that know no people: what they may use of ours.
PURE = {
    "hdcperf.periods": (),
    "hdcperf.rag": (),
    "hdcperf.roles": (),
    "hdcperf.clock": (),
    "hdcperf.codes": (),
    "hdcperf.control": ("hdcperf.rag",),
    "hdcperf.figures": (),
    "hdcperf.published_periods": (),
    "hdcperf.charts": ("hdcperf.figures",),
}
PLAIN = (*PURE, "hdcperf.ui", "hdcperf.forms")

# A module or package, longest name first, and the prefixes it may import. Every one may import itself.
ALLOWED: dict[str, tuple[str, ...]] = {
    **PURE,
    "hdcperf.history": ("hdcperf.clock",),
    "hdcperf.ui": ("hdcperf.clock", "hdcperf.figures", "hdcperf.periods", "hdcperf.rag"),
    "hdcperf.forms": ("hdcperf.ui", "hdcperf.clock", "hdcperf.periods"),
    "hdcperf.templatetags": PLAIN,
    "hdcperf.converters": ("hdcperf.periods",),
    "hdcperf.formats": (),
    "hdcperf.csv_files": (),
    "hdcperf.checks": (),
    "hdcperf.health": ("hdcperf.jobs",),
    "hdcperf.middleware": (),
    "hdcperf.migrating": (),
    "hdcperf.apps": ("hdcperf.checks", "hdcperf.celery"),  # composes: every process uses the one Celery application
    "hdcperf.organisation": (*PLAIN, "hdcperf.history", "hdcperf.converters", "hdcperf.migrating"),
    "hdcperf.workflow": (*PLAIN, "hdcperf.history", "hdcperf.organisation"),
    "hdcperf.review": (
        *(*PLAIN, "hdcperf.history", "hdcperf.organisation", "hdcperf.workflow"),
        "hdcperf.reminders.kinds",  # what a sign-off declares to be reminded of
    ),
    "hdcperf.jobs": (*PLAIN, "hdcperf.organisation"),
    "hdcperf.outbox": (*PLAIN, "hdcperf.history", "hdcperf.organisation", "hdcperf.jobs"),
    "hdcperf.reminders": (
        *(*PLAIN, "hdcperf.history", "hdcperf.organisation", "hdcperf.migrating"),
        *("hdcperf.outbox", "hdcperf.jobs"),
    ),
    "hdcperf.importing": (*PLAIN, "hdcperf.history", "hdcperf.organisation"),
    "hdcperf.settings": (),
    "hdcperf.celery": (),
    "hdcperf.wsgi": ("hdcperf.checks",),
    "hdcperf.urls": ("hdcperf", *APPS),
    "hdcperf": (),
    "kpis": ("hdcperf",),
    "actions": ("hdcperf",),
    "dataquality": ("hdcperf", "kpis"),
    "interventions": ("hdcperf", "kpis", "actions"),
    "serviceplans": ("hdcperf", "kpis", "actions"),
    "reports": ("hdcperf", "kpis", "actions", "dataquality", "interventions", "serviceplans"),
}


def within(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


def is_ours(module: str) -> bool:
    return module.split(".")[0] in ("hdcperf", *APPS)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def imported(source: str, module: str, package: bool = False) -> Iterator[str]:
    """Every module of ours that the source imports, in functions and under TYPE_CHECKING too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                above = parts[: len(parts) - node.level + package]
                base = ".".join([*above, *([base] if base else [])])
            whole = [f"{base}.{alias.name}" for alias in node.names]
            names = [name if is_ours(name) and is_module(name) else base for name in whole]
        else:
            continue
        yield from (name for name in names if is_ours(name))


def unit_of(module: str) -> str:
    """The entry of ALLOWED that governs a module: the longest that holds it."""
    return max((unit for unit in ALLOWED if within(module, unit)), key=len)


def may_import(module: str, target: str) -> bool:
    unit = unit_of(module)
    if unit_of(target) == unit:
        return True
    if any(within(target, name) for name in COMPOSITION):
        return target in ALLOWED[unit]
    return any(within(target, prefix) for prefix in ALLOWED[unit])


def sources() -> list[tuple[str, Path]]:
    """(module, path) of every Python file of the product, migrations and commands included."""
    found = []
    for top in ("hdcperf", *APPS):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found.append((".".join(parts[:-1] if parts[-1] == "__init__" else parts), path))
    return found


def test_imports_flow_one_way() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {target}"
        for module, path in sources()
        # A command of the shared package composes the apps, as urls.py does: the example council needs them all.
        if not within(module, "hdcperf.management")
        for target in imported(path.read_text(), module, path.name == "__init__.py")
        if not may_import(module, target)
    ]
    assert wrong == []


def test_pure_modules_use_no_database() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for module, path in sources()
        if any(within(module, pure) for pure in PURE)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db")
    ]
    assert wrong == []


def test_every_shared_module_has_its_rule() -> None:
    """A new module of hdcperf is placed in the table above by whoever adds it."""
    without = {
        module
        for module, _ in sources()
        if module != "hdcperf" and unit_of(module) == "hdcperf" and not within(module, "hdcperf.management")
    }
    assert without == set()


@pytest.mark.parametrize(
    ("module", "source", "target"),
    [
        ("kpis.views", "from actions.models import Action", "actions.models"),
        ("kpis.views", "def f():\n    import reports.queries", "reports.queries"),
        ("kpis.views", "from django.conf import settings\nfrom hdcperf import settings as s", "hdcperf.settings"),
        ("kpis.views", "from hdcperf.urls import urlpatterns", "hdcperf.urls"),
        ("hdcperf.workflow", "from kpis import models", "kpis.models"),
        ("hdcperf.organisation.models", "from hdcperf.workflow import perform", "hdcperf.workflow"),
        ("hdcperf.rag", "from hdcperf import clock", "hdcperf.clock"),
        ("hdcperf.organisation.access", "from ..workflow import perform", "hdcperf.workflow"),
    ],
)
def test_a_wrong_import_is_seen(module: str, source: str, target: str) -> None:
    found = [name for name in imported(source, module) if not may_import(module, name)]
    assert found == [target] or (not is_module(target) and found == [target.rsplit(".", 1)[0]])


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("kpis.views", "from hdcperf.organisation.access import standing\nfrom kpis.models import Kpi"),
        ("kpis.views", "from django.conf import settings"),
        ("reports.views", "from kpis import queries"),
        ("hdcperf.organisation.models", "from hdcperf.history import tracked\nfrom hdcperf import clock"),
    ],
)
def test_a_right_import_is_let_through(module: str, source: str) -> None:
    assert [name for name in imported(source, module) if not may_import(module, name)] == []
