"""Run as a process of its own: two packages to read through and one with differences; sessions of checker and approver.

Usage: python make_checking.py FOLDER (after make_world.py). Writes FOLDER/checking.json.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotich.config.settings.dev")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the tests' own makers of teams and packages
django.setup()

from hotich.database.scope import office_scope  # noqa: E402
from hotich.keying.services.review import start_check  # noqa: E402
from hotich.units.queries import office_by_code  # noqa: E402
from tests.app.hostile_parts import browser  # noqa: E402
from tests.app.keying_checking_parts import give, keyed, values_of  # noqa: E402
from tests.app.keying_parts import AT, a_listed_book, a_team  # noqa: E402

OFFICE = "24529"
READ, DIFFERS, WHOLE = "91", "92", "93"  # books the other journeys do not have


def main(folder: Path) -> None:
    office = office_by_code(OFFICE)
    with office_scope([office.id]):
        team = a_team(office, mark=".kiem")
        rows = {
            book: [values_of(n, register_book_no=f"{book}/2016") for n in (1, 2)] for book in (READ, DIFFERS, WHOLE)
        }
        to_read = keyed(team, rows[READ], book=a_listed_book(team, number=READ))
        whole = keyed(team, rows[WHOLE], book=a_listed_book(team, number=WHOLE))
        book = a_listed_book(team, number=DIFFERS)
        differs = keyed(team, rows[DIFFERS][:1], book=book, mode="blind_critical", by="keyer2")
        start_check(actor=team.checker, at=AT, package_id=differs.id)
        second = rows[DIFFERS][0] | {"child_full_name": "Nguyễn Minh Hạ", "father_birth_date": "1989"}
        assert give(team, differs, 0, second).result == "accepted"
    facts = {
        "session": str(browser(team.accounts["checker"]).cookies["sessionid"].value),
        "approver": str(browser(team.accounts["approver"]).cookies["sessionid"].value),
        "read": str(to_read.id),
        "whole": str(whole.id),
        "whole_book": str(whole.book_id),
        "whole_batch": str(whole.batch_id),
        "differs": str(differs.id),
    }
    (folder / "checking.json").write_text(json.dumps(facts), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
