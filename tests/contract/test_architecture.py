"""The drawing held true: writes only in services, relations point downwards, files and functions stay readable."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hotich"
LAYERS = [
    "kernel", "scans", "matching", "database", "web", "audit", "files", "units", "accounts", "registers", "records",
    "persons", "reconciliation", "intake", "digitisation", "keying", "config",
]  # fmt: skip
ALLOWED_NAMES = {
    "rules", "types", "codes", "models", "migrations", "queries", "services", "adapters", "forms", "views", "api", "urls",
    "tasks", "management", "middleware", "templates", "static", "apps", "locale", "data", "css", "ts",
}  # fmt: skip
BELOW_THE_APPS = {
    "kernel",
    "scans",
    "matching",
    "database",
    "config",
    "web",
}  # plumbing and edges have names of their own
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def sources() -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts and "dist" not in path.parts:
            yield path


def test_files_stay_under_400_lines() -> None:
    long = {str(p.relative_to(ROOT)): n for p in sources() if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}


def test_functions_stay_under_40_lines() -> None:
    long = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - _first_line(node) >= 40:
                long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert long == []


def _first_line(node: ast.FunctionDef) -> int:
    """The line where the body begins, behind the docstring: a long explanation is no long function."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return body[0].lineno


def test_every_app_uses_the_same_file_names() -> None:
    strange = []
    for app in set(LAYERS) - BELOW_THE_APPS:
        for path in (SOURCE / app).iterdir():
            if path.stem not in ALLOWED_NAMES and not path.name.startswith("__"):
                strange.append(f"{app}/{path.name}")
    assert strange == []


def test_writes_stand_only_in_services() -> None:
    found = []
    for path in sources():
        parts = path.relative_to(SOURCE).parts
        if parts[0] in {"kernel", "scans", "database"} or "services" in parts or parts[-1] == "services.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                if _is_of_a_table(node):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def _is_of_a_table(node: ast.Call) -> bool:
    """`X.objects….update(…)`, `X.objects.create(…)`, `thing.save()`; a picture or workbook is saved to a place."""
    call = node.func
    assert isinstance(call, ast.Attribute)
    inside = ast.unparse(call.value)
    return ".objects" in inside or (call.attr in {"save", "delete"} and not node.args)


def test_relations_point_downwards() -> None:
    upward = []
    for model in apps.get_models():
        if model.__module__.partition(".")[0] != "hotich":
            continue
        own = LAYERS.index(model._meta.app_label)
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model.__module__.startswith("hotich."):
                if LAYERS.index(field.related_model._meta.app_label) > own:
                    upward.append(f"{model.__name__}.{field.name}")
    assert upward == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_arrows_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
