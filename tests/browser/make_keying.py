"""Run as a process of its own: a team that keys, a package of numbers in the hands of one, and cases to key.

Usage: python make_keying.py FOLDER (after make_world.py). Writes FOLDER/keying.json: sessions of each officer, the package,
and for every place of it an item as a browser would send it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotich.config.settings.dev")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the tests' own makers of teams and packages
django.setup()

from hotich.database.scope import office_scope  # noqa: E402
from hotich.units.queries import office_by_code  # noqa: E402
from tests.app.hostile_parts import browser  # noqa: E402
from tests.app.keying_parts import a_listed_book, a_package, a_team, checked_out, items_of  # noqa: E402
from tests.app.keying_sync_parts import raw_item  # noqa: E402

# test → how many of the package's places it keys, in their order
SHARES = {"long": 200, "server": 120, "database": 30, "browser": 12, "answer": 6, "tabs": 20, "session": 6, "clock": 3,
          "update": 3, "leaving": 3, "mending": 2, "today": 4, "busy": 2}  # fmt: skip
OFFICE, BOOK = "24529", "87"  # a book the other journeys do not have
SESSIONS = 3  # of each officer: some tests end one


def main(folder: Path) -> None:
    office = office_by_code(OFFICE)
    with office_scope([office.id]):
        team = a_team(office, mark=".mat.mang")
        book = a_listed_book(team, number=BOOK)
        package = checked_out(team, a_package(team, book, count=sum(SHARES.values())))
        items = [
            raw_item(package, place, place.number or 0, values={"register_book_no": f"{BOOK}/2016"})
            for place in items_of(team, package)
        ]
    keyers = {
        name: {
            "id": str(team.accounts[name].pk),
            "sessions": [session_of(team.accounts[name]) for _ in range(SESSIONS)],
        }
        for name in ("keyer", "keyer2")
    }
    facts = {"keyers": keyers, "package": str(package.id), "items": shared(items)}
    (folder / "keying.json").write_text(json.dumps(facts), encoding="utf-8")


def shared(items: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Each test its own part of the package."""
    found, at = {}, 0
    for name, count in SHARES.items():
        found[name] = items[at : at + count]
        at += count
    return found


def session_of(officer: Any) -> str:
    """A session of the officer as after signing in."""
    return str(browser(officer).cookies["sessionid"].value)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
