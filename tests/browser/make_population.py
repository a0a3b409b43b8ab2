"""Run as a process of its own: a package to key whose people the population database knows, differs on or does not know.

Usage: python make_population.py FOLDER (after make_world.py). Writes FOLDER/population.json, then answers one line of JSON
to each line of JSON it reads: `into_book` has the keyed package checked, accepted and approved (test_keying_checking walks
that way), `round` does what the worker does every minute with everything that waits, `absent` makes
entries of people nobody knows, `sent` tells what is kept of each request, `agree` compares today with the partner.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotich.config.settings.dev")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the tests' own makers of teams and packages
django.setup()

from hotich.audit.services import unit_of_work  # noqa: E402
from hotich.database.scope import office_scope  # noqa: E402
from hotich.intake.services.approval import approve_batch  # noqa: E402
from hotich.kernel import clock  # noqa: E402
from hotich.keying.models import KeyingPackage  # noqa: E402
from hotich.keying.services.acceptance import decide_acceptance  # noqa: E402
from hotich.keying.services.denominators import freeze_denominator  # noqa: E402
from hotich.keying.services.packages import release_package  # noqa: E402
from hotich.persons.models import PopulationNumber  # noqa: E402
from hotich.reconciliation.adapters import choice  # noqa: E402
from hotich.reconciliation.models import CheckOutcome, CheckWay, PopulationCheck, PopulationRequest  # noqa: E402
from hotich.reconciliation.services.agreement import agree_on_day  # noqa: E402
from hotich.reconciliation.services.check_effects import take_effect  # noqa: E402
from hotich.reconciliation.services.comparing_again import compare_changed_records  # noqa: E402
from hotich.reconciliation.services.requests import why_not_created  # noqa: E402
from hotich.reconciliation.services.sending import send_due  # noqa: E402
from hotich.reconciliation.services.waiting_questions import answer_waiting  # noqa: E402
from hotich.records.models import Record  # noqa: E402
from hotich.records.rules.participants import participant_id  # noqa: E402
from hotich.units.queries import office_by_code  # noqa: E402
from tests.app.accounts_parts import make_officer  # noqa: E402
from tests.app.hostile_parts import browser  # noqa: E402
from tests.app.keying_checking_parts import values_of  # noqa: E402
from tests.app.keying_figures_parts import checked_package, drawn, judge_all  # noqa: E402
from tests.app.keying_parts import Team, a_listed_book, a_package, a_team, checked_out  # noqa: E402
from tests.app.records_support import actor_at, enter  # noqa: E402

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
NAMES = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khoa", "Lan", "Minh", "Nga", "Oanh", "Phúc")


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
        self.team, self.package, self.made = team, package, 0

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

    def round(self) -> bool:
        """Everything that waits is due now, and the partner is called as if nobody had tried before."""
        choice._live.cache_clear()
        PopulationRequest.objects.filter(next_at__isnull=False).update(next_at=clock.now())
        send_due(at=clock.now())
        answer_waiting(at=clock.now())
        compare_changed_records(at=clock.now())
        return True

    def absent(self) -> dict[str, str]:
        """A birth of somebody nobody knows, said to be absent: his creation waits for the police."""
        self.made += 1
        name = f"Lò {NAMES[self.made % 12]} {NAMES[self.made * 5 % 12]} Thử"
        actor = actor_at(self.team.office, officer=self.team.accounts["officer"].id)
        record = enter(
            actor, self.team.office, "KS", draw=False, child_full_name=name, child_personal_id="",
            child_sex="Nữ", child_birth_date=f"{self.made:02}/03/{1950 + self.made}", father_full_name="Lò Văn Thử",
            mother_full_name=f"Vi Thị {NAMES[self.made % 12]}", mother_birth_date="1931",
        )  # fmt: skip
        check = PopulationCheck.objects.create(
            origin_office=self.team.office, record=record, participant_id=participant_id(record.id, "child"),
            role="child", outcome=CheckOutcome.ABSENT, way=CheckWay.PAGE, absence="never_collected",
            decided_by=self.team.accounts["keyer"].id, decided_at=clock.now(),
        )  # fmt: skip
        with unit_of_work(actor=self.team.officer, at=clock.now()) as work:
            take_effect(work, [check])
        refusal = why_not_created(check=check, reason_words="")
        assert not refusal, refusal
        request = PopulationRequest.objects.get(check_of=check)
        return {"request": str(request.id), "record": str(record.id), "name": name}

    def sent(self) -> dict[str, dict[str, Any]]:
        """Every request that changes something there: kind, state, what stands against it, numbers beside the record."""
        found = PopulationRequest.objects.filter(kind__in=("create", "adjust")).select_related("check_of")
        numbers = PopulationNumber.objects.filter(withdrawn_at__isnull=True)
        return {
            str(each.id): {
                "kind": each.kind, "state": each.state, "failure": each.failure, "attempts": each.attempts,
                "record": str(each.check_of.record_id if each.check_of else ""),
                "numbers": list(
                    numbers.filter(participant_id=each.check_of.participant_id).values_list("personal_id", flat=True)
                ) if each.check_of else [],
            }
            for each in found
        }  # fmt: skip

    def agree(self) -> int:
        """Today, as it is compared tomorrow; how many faults."""
        tomorrow = clock.now() + timedelta(days=1)
        day = clock.in_vietnam(clock.now()).date()
        made = agree_on_day(actor=self.team.officer, at=tomorrow, office_id=self.team.office.id, day=day)
        return len(made.faults)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
