"""Run as a process of its own: a package to key whose people the population database knows, differs on or does not know.

Usage: python make_population.py FOLDER (after make_world.py). Writes FOLDER/population.json, then answers one line of JSON
to each line of JSON it reads: `into_book` has the keyed package checked, accepted and approved (test_keying_checking walks
that way), `ready` answers when all is made.
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
from hotich.intake.services.approval import approve_batch  # noqa: E402
from hotich.kernel import clock  # noqa: E402
from hotich.keying.models import KeyingPackage  # noqa: E402
from hotich.keying.services.acceptance import decide_acceptance  # noqa: E402
from hotich.keying.services.denominators import freeze_denominator  # noqa: E402
from hotich.keying.services.packages import release_package  # noqa: E402
from hotich.records.models import Record  # noqa: E402
from hotich.units.queries import office_by_code  # noqa: E402
from tests.app.accounts_parts import make_officer  # noqa: E402
from tests.app.hostile_parts import browser  # noqa: E402
from tests.app.keying_checking_parts import values_of  # noqa: E402
from tests.app.keying_figures_parts import checked_package, drawn, judge_all  # noqa: E402
from tests.app.keying_parts import Team, a_listed_book, a_package, a_team, checked_out  # noqa: E402

OFFICE, BOOK, YEAR = "24529", "96", 2016  # a book the other journeys do not have
PARENTS = {"father_full_name": "Đinh Văn Thuận", "mother_full_name": "Hồ Thị Lài"}
UNKNOWN = "066216000777"
# case → what the book says of the child, what the population database has instead (None: nobody)
CASES: dict[str, tuple[dict[str, str], dict[str, str] | None]] = {
    "equal": ({"child_full_name": "Đinh Văn Sơn"}, {}),
    "book": ({"child_full_name": "Đinh Văn Bảo"}, {"full_name": "Đinh Văn Bão"}),
    "population": ({"child_full_name": "Đinh Văn Lộc"}, {"full_name": "Đinh Văn Lọc"}),
    "both_wrong": ({"child_full_name": "Đinh Văn Thái"}, {"full_name": "Đinh Văn Thải"}),
    "keying_error": ({"child_full_name": "Đinh Văn Qúy"}, {"full_name": "Đinh Văn Quỷ"}),
    "absent": ({"child_full_name": "Đinh Văn Khuyết"}, None),
    "number": ({"child_full_name": "Đinh Văn Vắng", "child_personal_id": UNKNOWN}, None),
}


def main(folder: Path) -> None:
    office = office_by_code(OFFICE)
    with office_scope([office.id]):
        team = a_team(office, mark=".dan.cu")
        police = make_officer("cong.an.dan.cu", office=office, role="police_verifier", name="Bùi Văn Minh")
        book = a_listed_book(team, number=BOOK, year=YEAR)
        package = a_package(team, book, count=len(CASES), mode="review")
        KeyingPackage.objects.filter(id=package.id).update(sample_per_mille=0)  # nobody keys a second time
        package = checked_out(team, package)
    accounts = {name: team.accounts[name] for name in ("keyer", "checker", "approver", "officer")} | {"police": police}
    facts = {
        "sessions": {name: str(browser(each).cookies["sessionid"].value) for name, each in accounts.items()},
        "package": str(package.id), "batch": str(package.batch_id), "book": str(book.id),
        "police": police.full_name,
        "cases": {name: written(place, said) for place, (name, (said, _)) in enumerate(CASES.items(), start=1)},
        "citizens": [known(place, there) for place, (_, there) in enumerate(CASES.values(), start=1) if there is not None],
    }  # fmt: skip
    (folder / "population.json").write_text(json.dumps(facts), encoding="utf-8")
    acts = Acts(team, package)
    for line in sys.stdin:
        told = json.loads(line)
        with office_scope([office.id]):
            print(json.dumps(getattr(acts, told.pop("do"))(**told)), flush=True)


def written(place: int, said: dict[str, str]) -> dict[str, str]:
    """What the book says of one case."""
    return values_of(place, register_book_no=f"{BOOK}/{YEAR}", **PARENTS, **said)


def known(place: int, there: dict[str, str]) -> dict[str, str]:
    """The citizen of that case; what differs in `there`."""
    said = list(CASES.values())[place - 1][0]
    made = {
        "personal_id": f"06621600{place:04}", "full_name": said["child_full_name"], "birth": "2016-06-01", "sex": "1",
        "ethnicity": "Kinh", "nationality": "Việt Nam", "father_name": PARENTS["father_full_name"],
        "mother_name": PARENTS["mother_full_name"], "province_code": "66", "commune_code": OFFICE, "life": "song",
    }  # fmt: skip
    return made | there


class Acts:
    """What the journeys have done behind the screens."""

    def __init__(self, team: Team, package: KeyingPackage) -> None:
        self.team, self.package = team, package

    def ready(self) -> bool:
        """Everything is made."""
        return True

    def into_book(self) -> dict[str, str]:
        """Case → record."""
        team, now, book = self.team, clock.now(), self.package.book
        release_package(actor=team.keyer, at=now, package_id=self.package.id)
        checked_package(team, self.package)
        freeze_denominator(
            actor=team.approver, at=now, book_id=book.id, source="decided", value=len(CASES), reason="Đếm trong sổ"
        )
        sample = drawn(team, book)
        judge_all(team, sample)
        decide_acceptance(
            actor=team.approver,
            at=now,
            acceptance_id=sample.id,
            version=1,
            accepts=True,
            number=f"{BOOK}/BB",
            words="Đúng",
        )
        approve_batch(actor=team.approver, at=now, batch_id=self.package.batch_id)
        records = Record.objects.filter(book=book, state="in_force")
        return {name: str(records.get(number=place).id) for place, name in enumerate(CASES, start=1)}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
