"""A form sent back without a version, or with a broken one, is refused in words and saves nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.test import RequestFactory

import hotich
from hotich.kernel.problems import RuleBroken
from hotich.registers.views.parts import posted_version
from hotich.web.texts import text_of

SOURCE = Path(hotich.__file__).parent


@pytest.mark.parametrize("text", ["0", "7", "123456789"])
def test_a_version_is_read(text: str) -> None:
    assert posted_version(RequestFactory().post("/", {"version": text})) == int(text)


@pytest.mark.parametrize(
    "text", ["", "²", "٣", "-1", "1.0", "1 ", "1e3", "0x1", "9" * 10, "9" * 5000, "None", "' or 1=1"]
)
def test_what_is_no_version_is_refused_in_words(text: str) -> None:
    with pytest.raises(RuleBroken, match="version_malformed"):
        posted_version(RequestFactory().post("/", {"version": text}))


def test_one_that_is_missing_is_refused_in_words() -> None:
    with pytest.raises(RuleBroken, match="version_malformed"):
        posted_version(RequestFactory().post("/"))
    assert "Hãy tải lại trang" in text_of("version_malformed")


def test_no_page_reads_a_version_in_a_way_of_its_own() -> None:
    """`request.POST.get("version"…)` made to a number anywhere else would be a copy of the helper."""
    found = []
    for path in SOURCE.glob("*/views/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            if (
                isinstance(called, ast.Attribute)
                and ast.unparse(called.value).endswith(".POST")
                and any(isinstance(each, ast.Constant) and each.value == "version" for each in node.args)  # type: ignore[attr-defined]
            ):
                found.append(f"{path.relative_to(SOURCE)}:{node.lineno}")  # type: ignore[attr-defined]
    allowed = {"registers/views/parts.py", "intake/views/approvals.py"}  # the latter compares the words
    assert {each.partition(":")[0] for each in found} <= allowed
