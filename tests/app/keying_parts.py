"""What the tests of keying share: officers of one office, a listed book, packages of numbers and of scanned cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from hotich.accounts.models import Officer
from hotich.accounts.queries import actor_for
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScannedCase
from hotich.kernel.actor import Actor
from hotich.keying.models import BookWork, KeyingPackage, PackageItem
from hotich.keying.rules.pledge import text_on
from hotich.keying.services.packages import check_out_package, cut_packages
from hotich.keying.services.pledges import sign_pledge
from hotich.registers.models import Book
from hotich.registers.services import find_or_make_book
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.digitisation_parts import a_batch, cut, pages_with
from tests.app.intake_parts import an_office

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NAMES = {
    "keyer": "Đỗ Văn Nhập", "keyer2": "Vũ Thị Nhập", "helper": "Hồ Văn Giúp", "checker": "Lý Thị Kiểm",
    "checker2": "Mai Văn Soát", "leader": "Trần Thị Tổ", "approver": "Ngô Văn Duyệt", "officer": "Lê Thị Hộ",
}  # fmt: skip
ROLES = {
    "keyer": "keyer", "keyer2": "keyer", "helper": "keying_helper", "checker": "checker", "checker2": "checker",
    "leader": "keying_leader", "approver": "approver", "officer": "civil_status_officer",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Team:
    """The officers of one office, each as the account (`accounts["keyer"]`) and as who acts (`team.keyer`)."""

    office: Office
    accounts: dict[str, Officer]

    def __getattr__(self, name: str) -> Actor:
        if name not in self.accounts:
            raise AttributeError(name)
        return actor_for(self.accounts[name])


def a_team(office: Office | None = None, *, mark: str = "", signed: bool = True) -> Team:
    """Officers with the roles of keying at one office (keyer, keyer2, helper, checker, checker2, leader, approver,
    officer). `signed`: keyers and helper have signed the pledge. `mark` tells the logins of two teams apart."""
    office = office or an_office()
    accounts = {
        name: make_officer(f"{name}{mark}.thu", office=office, role=role, name=NAMES[name])
        for name, role in ROLES.items()
    }
    team = Team(office, accounts)
    if signed:
        for name in ("keyer", "keyer2", "helper"):
            sign(team, name)
    return team


def sign(team: Team, name: str) -> None:
    """The officer signs the pledge in force."""
    actor: Actor = getattr(team, name)
    sign_pledge(actor=actor, at=AT, version=text_on(AT.date()).version, signed_name=NAMES[name])


def a_listed_book(
    team: Team, *, letters: str = "KS", number: str = "01", year: int = 2016, era: str = "L2014", phase: int = 1,
    group: int = 2, **work: Any,
) -> Book:  # fmt: skip
    """A book of the office with its place in the campaign; more columns of BookWork by name."""
    actor: Actor = team.officer
    book = find_or_make_book(
        actor=actor, at=AT, office_id=team.office.id, register_type=letters, era=era, number=number, year=year
    )
    with office_scope([team.office.id]):
        BookWork.objects.get_or_create(
            book=book,
            defaults={
                "origin_office_id": team.office.id, "phase": phase, "group": group, "listed_by": actor.officer_id,
                "listed_at": AT, **work,
            },
        )  # fmt: skip
    return book


def a_package(team: Team, book: Book | None = None, *, count: int = 3, first: int = 1, **more: Any) -> KeyingPackage:
    """A package of numbers without pictures, ready to be taken. `mode=` and other parameters of cut_packages."""
    book = book or a_listed_book(team)
    made = cut_packages(
        actor=team.leader, at=AT, book_id=book.id, request_key=uuid4(), size=count,
        numbers=(first, first + count - 1, book.opening_year), **more,
    )  # fmt: skip
    return made[0]


def scanned_cases(team: Team, book: Book | None = None, *, counts: tuple[int, ...] = (2, 1)) -> list[ScannedCase]:
    """Scanned cases of a book, numbered from 1: so many on each page. No real pictures are behind them."""
    book = book or a_listed_book(team)
    with office_scope([team.office.id]):
        batch = a_batch(team.office, book)
        pages_with(team.office, batch, *counts)
        cut(team.office, batch)
        cases = list(ScannedCase.objects.filter(batch=batch).order_by("position"))
        for place, case in enumerate(cases, start=1):
            case.number, case.registration_year, case.number_by = place, book.opening_year, "officer"
            case.save()
    return cases


def a_scanned_package(team: Team, book: Book | None = None, *, counts: tuple[int, ...] = (2, 1)) -> KeyingPackage:
    """A package of scanned cases, ready to be taken."""
    book = book or a_listed_book(team)
    scanned_cases(team, book, counts=counts)
    return cut_packages(actor=team.leader, at=AT, book_id=book.id, request_key=uuid4(), size=sum(counts))[0]


def checked_out(team: Team, package: KeyingPackage | None = None, *, by: str = "keyer") -> KeyingPackage:
    """A package (else one of three numbers) in the hands of this officer of the team."""
    package = package or a_package(team)
    actor: Actor = getattr(team, by)
    return check_out_package(actor=actor, at=AT, package_id=package.id, gate_reason="")


def items_of(team: Team, package: KeyingPackage) -> list[PackageItem]:
    """The places of a package in their order."""
    with office_scope([team.office.id]):
        return list(PackageItem.objects.filter(package=package).order_by("position"))
