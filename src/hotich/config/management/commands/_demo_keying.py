"""What `load_demo` makes of keying at the first office: an inventory, a hand-over, two books in every state of the work.

Everything goes through the services that the screens call, in the names of the demo's officers: a birth book that was
scanned is cut into packages – one checked, one being checked with differences, one keyed, one half keyed, one free – and
a marriage book keyed from the paper is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from hotich.accounts.queries import actor_for, officer_by_login
from hotich.config.demo import Book, Demo, ScanPrinter
from hotich.config.demo.keying import keying_books, regions_of_birth, scanned, year_of
from hotich.config.demo.model import Row
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScannedCase, ScanPage, ScanPageState
from hotich.digitisation.services import (
    make_cases,
    open_scan_batch,
    prepare_next_pages,
    receive_page_files,
    set_boxes,
    set_case_number,
    set_registration,
)
from hotich.files.services import NewFile
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.keying.models import Acceptance, AcceptanceItem, KeyingPackage, PackageItem
from hotich.keying.queries.checking import entries_in_order, rows_of
from hotich.keying.rules.comparison import fields_asked
from hotich.keying.rules.pledge import text_on
from hotich.keying.rules.sync import SyncItem
from hotich.keying.services import (
    acceptance,
    denominators,
    handovers,
    inventory,
    packages,
    pledges,
    regions,
    review,
    sync,
    teams,
)
from hotich.registers.models import Book as Shelved
from hotich.registers.queries import books_of_offices
from hotich.registers.services import find_or_make_book
from hotich.registers.types import version_by_id
from hotich.units.models import Office
from hotich.units.queries import offices_kept_by

NAMESPACE = UUID("8d4c1b1e-51f0-5b7f-93b8-1a3d4c6a2e05")  # a killed loading goes on with the same identifiers
WANTED = {"KS": 18, "KH": 5}
SMALL, LARGE = 2, 10  # cases of a package that shows a state, of the one that waits for a newcomer
STROKE_MS = 330  # a practised keyer
LAST_PAGES = 4  # of a closed book are blank

Officers = Mapping[str, Actor]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A book of this part of the demo: as it was made, and as it stands on the shelf."""

    made: Book
    shelved: Shelved


def make_keying(demo: Demo) -> None:
    """The whole, once the officers are there, in one transaction. Made before, it is left as it is."""
    officers = {login: actor_for(officer_by_login(login)) for login in
                ("can.bo.1", "nhap.1", "ho.tro.1", "kiem.tra", "to.truong.1", "lanh.dao.1")}  # fmt: skip
    officer = officers["can.bo.1"]
    codes = Office.objects.filter(id__in=offices_kept_by([officer.office_id])).values_list("code", flat=True)
    at = clock.now().replace(hour=1, minute=30, second=0, microsecond=0) - timedelta(days=6)  # 08:30 in Viet Nam
    with office_scope(officer.office_ids):
        if KeyingPackage.objects.filter(origin_office_id__in=officer.office_ids).exists():
            return
    with transaction.atomic():
        _make(officers, at, codes)


def _make(officers: Officers, at: datetime, codes: Iterable[str]) -> None:
    officer = officers["can.bo.1"]
    books = {letters: _shelve(officer, at, made) for letters, made in keying_books(codes, WANTED).items()}
    _take_inventory(officer, at, books)
    for login in ("nhap.1", "ho.tro.1"):
        signed = officer_by_login(login).full_name
        pledges.sign_pledge(
            actor=officers[login], at=at, version=text_on(at.date()).version, signed_name=signed
        )  # fmt: skip
    _open_teams(officers, at)
    with office_scope(officer.office_ids):
        _accepted_book(officers, at + timedelta(days=1), books["KH"])
        _book_at_work(officers, at + timedelta(days=2), books["KS"])


def _open_teams(officers: Officers, at: datetime) -> None:
    """Two shifts of one keyer each; packages are given to nobody, so that a newcomer may take one."""
    leader = officers["to.truong.1"]
    for number, shift, name, member in (
        (1, "morning", "Tổ 1 – ca sáng", "nhap.1"), (2, "afternoon", "Tổ 2 – ca chiều", "ho.tro.1"),
    ):  # fmt: skip
        keyer = officers[member].officer_id or 0
        facts = teams.TeamFacts(name, (leader.officer_id or 0) if number == 1 else keyer, shift)
        made = teams.open_team(actor=leader, at=at, request_key=_id("team", number), facts=facts)
        teams.add_members(actor=leader, at=at, team_id=made.id, officers=[keyer], since=in_vietnam(at).date())


def _id(*words: object) -> UUID:
    return uuid5(NAMESPACE, " ".join(map(str, words)))


# ---- the books


def _shelve(officer: Actor, at: datetime, made: Book) -> Keyed:
    office = Office.objects.get(code=made.office_code)
    shelved = find_or_make_book(
        actor=officer, at=at, office_id=office.id, register_type=made.letters, era=made.era, number=made.number,
        year=made.year,
    )  # fmt: skip
    return Keyed(made, shelved)


def _take_inventory(officer: Actor, at: datetime, books: Mapping[str, Keyed]) -> None:
    """All books are counted; those that were imported count as done before; the two are handed over to the team."""
    own = [keyed.shelved.id for keyed in books.values()]
    with office_scope(officer.office_ids):
        old = books_of_offices(officer.office_ids).exclude(id__in=own).exclude(era="LIVE")
        before = list(old.filter(origin_office_id__in=officer.office_ids).values_list("id", flat=True))
    if before:
        inventory.mark_place(
            actor=officer, at=at, book_ids=before, place="earlier",
            reason="Đã nhập từ tệp của giai đoạn trước, đã đối chiếu với bản chụp",
        )  # fmt: skip
    for work in inventory.list_books(actor=officer, at=at, book_ids=own):
        made = next(keyed.made for keyed in books.values() if keyed.shelved.id == work.book_id)
        facts = inventory.WorkFacts(
            work.phase, work.group, counted_pages=len(made.rows) + LAST_PAGES, counted_cases=len(made.rows)
        )
        inventory.update_book_work(actor=officer, at=at, book_id=work.book_id, version=work.version, facts=facts)
    paper = handovers.Paper(
        number="01/BB-UBND", day=at.date(), force_kind="team", force_name="Tổ nhập liệu xã",
        receiver_name="Tổ trưởng nhập liệu mẫu", receiver_title="Tổ trưởng", giver_name="Cán bộ mẫu 1",
        giver_title="Công chức tư pháp - hộ tịch", due_back=at.date() + timedelta(days=30),
    )  # fmt: skip
    draft = handovers.draft_handover(actor=officer, at=at, request_key=_id("handover"), paper=paper, book_ids=own)
    handovers.hand_over(actor=officer, at=at, handover_id=draft.id, version=draft.version)


# ---- a book that was scanned


def _book_at_work(officers: Officers, at: datetime, book: Keyed) -> None:
    """Two batches of scans: the small packages of the first one are in every state, the large one waits to be taken."""
    leader, checker = officers["to.truong.1"], officers["kiem.tra"]
    rows = book.made.rows
    _scan(leader, at, book, rows[:-LARGE])
    regions.save_region_map(
        actor=leader, at=at, book_id=book.shelved.id, scope="era", regions=regions_of_birth(), version=0
    )
    first, second, third, fourth = _cut(leader, at, book, SMALL)
    _scan(leader, at + timedelta(hours=1), book, rows[-LARGE:])
    _cut(leader, at + timedelta(hours=1), book, LARGE)
    at += timedelta(hours=2)
    _key(officers["nhap.1"], at, first, book, release=True)
    _key(officers["ho.tro.1"], at, second, book, release=True, slips={2: "child_full_name"})
    _key(officers["nhap.1"], at + timedelta(hours=3), third, book, release=True)
    _key(officers["ho.tro.1"], at + timedelta(hours=3), fourth, book, most=1)
    at += timedelta(days=1)
    _check(checker, at, first, book)
    review.finish_check(actor=checker, at=at + timedelta(minutes=40), package_id=first.id)
    _check(checker, at + timedelta(hours=1), second, book)


def _cut(leader: Actor, at: datetime, book: Keyed, size: int) -> list[KeyingPackage]:
    return packages.cut_packages(
        actor=leader, at=at, book_id=book.shelved.id, request_key=_id("cut", book.made.key, size), size=size
    )


def _scan(leader: Actor, at: datetime, book: Keyed, rows: Sequence[Row]) -> None:
    """Pages as a scanner delivers them, straightened by the pipeline; two cases on each."""
    part = replace(book.made, rows=list(rows))
    batch = open_scan_batch(
        actor=leader, at=at, book_id=book.shelved.id, request_key=_id("scan", part.key, rows[0]["so"])
    )
    with ScanPrinter() as printer:
        file = NewFile(f"{part.letters}.pdf", scanned(part, printer), "application/pdf")
    receive_page_files(actor=leader, at=at, batch_id=batch.id, files=[file])
    while prepare_next_pages(actor=leader, at=at, batch_id=batch.id):
        pass
    left = len(rows)
    for page in ScanPage.objects.filter(batch=batch, state=ScanPageState.PREPARED).order_by("position"):
        boxes = _halves(float(page.width or 1), float(page.height or 1))[:left]
        set_boxes(actor=leader, at=at, page_id=page.id, boxes=boxes, version=page.version, confirm=True)
        left -= len(boxes)
    make_cases(actor=leader, at=at, batch_id=batch.id)
    ids = ScannedCase.objects.filter(batch=batch).order_by("position").values_list("id", flat=True)
    for case_id, row in zip(list(ids), rows, strict=True):
        case = ScannedCase.objects.get(id=case_id)  # a number counts the next ones on, so they change with it
        number = int(row["so"].partition("/")[0])
        case = set_case_number(actor=leader, at=at, case_id=case_id, number=number, version=case.version)
        set_registration(
            actor=leader, at=at, case_id=case_id, registration_year=year_of(row), version=case.version
        )  # fmt: skip


def _halves(wide: float, high: float) -> list[dict[str, Any]]:
    return [{"box": [0.0, high / 2 * place, wide, high / 2 * (place + 1)], "header": None} for place in range(2)]


# ---- a book that was keyed from the paper itself


def _accepted_book(officers: Officers, at: datetime, book: Keyed) -> None:
    leader, checker, chief = officers["to.truong.1"], officers["kiem.tra"], officers["lanh.dao.1"]
    numbers = [int(row["so"].partition("/")[0]) for row in book.made.rows]
    package = packages.cut_packages(
        actor=leader, at=at, book_id=book.shelved.id, request_key=_id("cut", book.made.key), size=len(numbers),
        numbers=(numbers[0], numbers[-1], year_of(book.made.rows[0])), mode="review",
    )[0]  # fmt: skip
    _key(officers["nhap.1"], at, package, book, release=True)
    at += timedelta(hours=5)
    _check(checker, at, package, book)
    review.finish_check(actor=checker, at=at + timedelta(minutes=30), package_id=package.id)
    at += timedelta(days=1)
    denominators.freeze_denominator(actor=chief, at=at, book_id=book.shelved.id, source="counted")
    drawn = acceptance.draw_acceptance(actor=chief, at=at, book_id=book.shelved.id)
    for item in AcceptanceItem.objects.filter(acceptance=drawn).order_by("place"):
        acceptance.judge_item(actor=chief, at=at, item_id=item.id)
    now = Acceptance.objects.get(id=drawn.id)
    acceptance.decide_acceptance(
        actor=chief, at=at + timedelta(hours=1), acceptance_id=now.id, version=now.version, accepts=True,
        number="01/BB-NT", words="Nghiệm thu quyển sổ, không có kiến nghị.",
    )  # fmt: skip


# ---- keying, keying again


def _key(
    keyer: Actor, at: datetime, package: KeyingPackage, book: Keyed, *, most: int = 0, release: bool = False,
    slips: Mapping[int, str] | None = None,
) -> None:  # fmt: skip
    """An officer takes a package and keys it, or its first cases. `slips`: place -> a field typed wrong."""
    packages.check_out_package(actor=keyer, at=at, package_id=package.id, gate_reason="Dữ liệu mẫu")
    places = list(PackageItem.objects.filter(package=package).order_by("position"))
    for place, item in enumerate(places[: most or None], start=1):
        at += timedelta(minutes=2)
        values = _values(package, book, item)
        if slips and place in slips:
            values[slips[place]] = _slip(values[slips[place]])
        _send(keyer, at, _item(package, item, "key", values, at))
    if release:
        left = "Còn trường hợp phải xem lại"
        packages.release_package(actor=keyer, at=at + timedelta(minutes=3), package_id=package.id, reason=left)


def _check(checker: Actor, at: datetime, package: KeyingPackage, book: Keyed) -> None:
    """A checker takes a package: keys again what has to be, looks at the rest. Differences are left to be decided."""
    review.start_check(actor=checker, at=at, package_id=package.id)
    for row in rows_of(entries_in_order(package), checker):
        if row.waits_for:
            asked = fields_asked(version_by_id(package.schema_version), row.waits_for)
            values = {code: text for code, text in _values(package, book, row.entry.item).items() if code in asked}
            _send(checker, at, _item(package, row.entry.item, row.waits_for, values, at))
    for row in rows_of(entries_in_order(package), checker):
        if not row.waits_for and row.entry.check_state == "pending":
            review.review_entry(actor=checker, at=at, entry_id=row.entry.id, version=row.entry.version)


def _values(package: KeyingPackage, book: Keyed, item: PackageItem) -> dict[str, Any]:
    """What the row of the book says, by field; of a birth what its drawn entry shows, which has no line for papers."""
    row = next(row for row in book.made.rows if row["so"].partition("/")[0] == str(item.number))
    on_form = [field for field in version_by_id(package.schema_version).fields if field.on_form]
    if book.made.letters == "KS":
        on_form = [field for field in on_form if "_id_doc_" not in field.code]
    return {field.code: row[field.import_key] for field in on_form if row.get(field.import_key)}


def _slip(text: str) -> str:
    """Two letters in the wrong order, as fingers do it."""
    return text[:-2] + text[-1] + text[-2]


def _item(package: KeyingPackage, item: PackageItem, kind: str, values: Mapping[str, Any], at: datetime) -> SyncItem:
    typed = sum(len(str(value)) for value in values.values())
    strokes = round(typed * 0.55) + len(values)
    return SyncItem(
        client_id=_id(kind, item.id), package=package.id, item=item.id, revision=1, kind=kind,
        schema_version=package.schema_version, state="case", saved_at=int(at.timestamp() * 1000), values=values,
        strokes=strokes, active_ms=strokes * STROKE_MS, number=item.number,
    )  # fmt: skip


def _send(officer: Actor, at: datetime, item: SyncItem) -> None:
    """As the browser does: what comes back with warnings alone is confirmed and sent again."""
    answer = sync.receive_items(actor=officer, at=at, items=[item])[0]
    if answer.result == "refused":
        raise RuntimeError(f"the demo cannot be keyed: {answer.code} {dict(answer.params)}")
    confirmed = _warnings(answer.problems)
    if answer.result == "returned" and len(confirmed) == len(answer.problems):
        sync.receive_items(actor=officer, at=at, items=[replace(item, revision=2, confirmed=confirmed)])


def _warnings(problems: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [
        {"code": each["code"], "field": each.get("field", ""), "reason": "as_in_book"}
        for each in problems
        if each["severity"] == "warning"
    ]
