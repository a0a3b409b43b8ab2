"""The whole installation as its officers meet it: a server process of its own on a state folder of its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from journey_parts import Desk, Installation
from playwright.sync_api import Browser, Playwright, sync_playwright

CHROMIUM = Path(os.environ.get("HOTICH_CHROMIUM", "/usr/bin/chromium"))
HERE = Path(__file__).parent
ONE_TEST = 300  # seconds a test of this folder may take


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The time of a test does not count the making of the installation, which bounds itself (`Installation.run`)."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.timeout(ONE_TEST, func_only=True))


@pytest.fixture(scope="session")
def chromium() -> Path:
    if not CHROMIUM.exists():
        message = f"no browser at {CHROMIUM}: install the Debian package chromium, or set HOTICH_CHROMIUM"
        if os.environ.get("HOTICH_REQUIRE_ALL"):
            pytest.fail(message)
        pytest.skip(message)
    return CHROMIUM


@pytest.fixture(scope="session")
def installation(chromium: Path) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="hotich-journeys-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the embedded server runs as a user without rights when we are root
        made = Installation(Path(folder))
        made.set_up()
        try:
            made.start()
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="session")
def world(installation: Installation) -> dict[str, Any]:
    """What make_world.py made: password, books with their files and figures."""
    return installation.world


# of one module, not of the session: a second Playwright cannot start in a process while the first one runs
@pytest.fixture(scope="module")
def journeys_playwright(chromium: Path) -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def journeys_browser(journeys_playwright: Playwright, chromium: Path) -> Iterator[Browser]:
    launched = journeys_playwright.chromium.launch(executable_path=str(chromium))
    print(f"\nchromium {launched.version}")
    yield launched
    launched.close()


@pytest.fixture(scope="module")
def desk_of_module(journeys_browser: Browser, installation: Installation) -> Desk:
    return Desk(journeys_browser, installation)


@pytest.fixture
def desk(desk_of_module: Desk) -> Iterator[Desk]:
    """`desk.page(login)`. A test ends with an error when a browser complained about anything on the way."""
    desk_of_module.complaints.clear()
    yield desk_of_module
    desk_of_module.close()
    assert desk_of_module.complaints == []
