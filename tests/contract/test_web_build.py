"""The build of styles and scripts: what is served stays whole until the new files are there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A small tree of the same shape: one app with a style and a script, built once."""
    web = tmp_path / "src" / "hotich" / "web"
    for folder in ("css", "ts"):
        (web / folder).mkdir(parents=True)
    shutil.copy(ROOT / "src" / "hotich" / "web" / "build.mjs", web)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    (web / "css" / "app.css").write_text("body { color: red; }")
    (web / "css" / "once.css").write_text("p { margin: 0; }")
    (web / "ts" / "app.ts").write_text("document.title = 'one';")
    assert built(web) == 0
    return web


def built(web: Path) -> int:
    return subprocess.run(["node", web / "build.mjs"], capture_output=True, check=False).returncode


def served(web: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (web / "dist" / "hotich").iterdir()}


def test_a_build_puts_new_files_in_place_and_takes_away_what_is_no_more(web: Path) -> None:
    assert set(served(web)) == {"app.css", "once.css", "app.js"}
    (web / "css" / "once.css").unlink()
    (web / "ts" / "app.ts").write_text("document.title = 'two';")
    assert built(web) == 0
    assert set(served(web)) == {"app.css", "app.js"} and "two" in served(web)["app.js"]
    assert len(list((web / "build" / "print-fonts").iterdir())) == 4
    assert not list(web.glob(".build-*"))


def test_a_build_that_fails_leaves_what_is_served_as_it_was(web: Path) -> None:
    before = served(web)
    (web / "ts" / "app.ts").write_text("this is no script (")
    assert built(web) != 0
    assert served(web) == before
    assert not list(web.glob(".build-*"))
