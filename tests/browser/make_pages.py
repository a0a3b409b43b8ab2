"""Run as a process of its own: an office with something behind every address of the product.

Usage: python make_pages.py FOLDER (after make_world.py). Writes FOLDER/pages.json: what to put for each parameter of
an address. The office is the second one, so that the journeys of the first start with nothing.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotich.config.settings.dev")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the tests' own makers of records and cases
django.setup()

from hotich.accounts.models import Officer  # noqa: E402
from hotich.accounts.queries import actor_for, names_of_officers  # noqa: E402
from hotich.accounts.services.delegations import delegate_rights  # noqa: E402
from hotich.accounts.services.devices import register_device  # noqa: E402
from hotich.accounts.services.opening import check_opening  # noqa: E402
from hotich.accounts.services.saved_filters import save_filter  # noqa: E402
from hotich.audit.models import Entry  # noqa: E402
from hotich.audit.services.verifying import ask_for_verification, run_verification  # noqa: E402
from hotich.database.scope import office_scope  # noqa: E402
from hotich.intake.services.dispatch import make_dispatch_file  # noqa: E402
from hotich.intake.services.export_requests import request_export  # noqa: E402
from hotich.kernel import clock  # noqa: E402
from hotich.kernel.actor import Actor  # noqa: E402
from hotich.keying.models import BookWork, PackageItem  # noqa: E402
from hotich.keying.rules.pledge import text_on  # noqa: E402
from hotich.keying.services.packages import check_out_package, cut_packages, release_package  # noqa: E402
from hotich.keying.services.pledges import sign_pledge  # noqa: E402
from hotich.keying.services.review import review_entry, start_check  # noqa: E402
from hotich.keying.services.sync import receive_items  # noqa: E402
from hotich.persons.models import PersonLink  # noqa: E402
from hotich.persons.queries.look_up_foreign import Why  # noqa: E402
from hotich.persons.rules.look_up_questions import NumberQuestion  # noqa: E402
from hotich.persons.services import annul_record, decide_link  # noqa: E402
from hotich.persons.services.break_glass import break_glass  # noqa: E402
from hotich.persons.services.look_ups import look_up  # noqa: E402
from hotich.records.models import AnnotationNotice, Participant, Record  # noqa: E402
from hotich.registers.models import BookCopy  # noqa: E402
from hotich.registers.rules.configuration_change import change_of  # noqa: E402
from hotich.registers.services import find_or_make_book  # noqa: E402
from hotich.registers.services.configuration import propose_changes  # noqa: E402
from hotich.registers.services.handovers import Decision, plan_handover  # noqa: E402
from hotich.units.models import Office, OfficeSuccession  # noqa: E402
from hotich.units.rules.plans import Beginning, merger  # noqa: E402
from hotich.units.services import LegalAct, draft_operation  # noqa: E402
from tests.app.hostile_parts import make_world  # noqa: E402
from tests.app.keying_checking_parts import an_item as keyed_item  # noqa: E402
from tests.app.keying_checking_parts import values_of  # noqa: E402
from tests.app.keying_parts import AT  # noqa: E402
from tests.app.keying_sync_parts import an_item, send  # noqa: E402
from tests.app.records_support import ALL_RIGHTS, enter, ruling, values  # noqa: E402

REASON = "Cơ quan công an yêu cầu xác minh ngay trong ngày làm việc"
FAMILY = {"mother_full_name": "Nguyễn Thị Hạnh Dung", "mother_birth_date": "04/05/1978", "mother_personal_id":
          "068178000321", "father_full_name": "Trần Văn Bảo Quốc", "father_birth_date": "1975", "father_personal_id":
          "068075000654"}  # fmt: skip


def main(folder: Path) -> None:
    world = json.loads((folder / "world.json").read_text(encoding="utf-8"))
    office = Office.objects.get(id=world["second_office"])
    clerk, department = officer("can.bo.2"), officer("so.tu.phap")
    with office_scope(clerk.office_ids):
        objects = make_world(office).objects
        objects |= records(office, replace(clerk, rights=ALL_RIGHTS))
        objects |= of_the_clerk(office, clerk, objects)
    objects |= watched(office, objects)
    objects |= of_the_department(office, department, objects["old_book"])
    objects |= accounts(office, department)
    (folder / "pages.json").write_text(json.dumps(objects, ensure_ascii=False), encoding="utf-8")


def officer(login: str) -> Actor:
    return actor_for(Officer.objects.get(username=login))


def records(office: Office, clerk: Actor) -> dict[str, str]:
    """A family with many children, two who may be one person, an annulled record, a notice, an old book."""
    children = [
        enter(
            clerk, office, "KS", year=2004 + step, child_full_name=f"Trần Ngọc {name}", child_sex="2",
            child_birth_date=f"1{step}/03/{2004 + step}", **FAMILY,
        )
        for step, name in enumerate(("An", "Bình", "Chi", "Dung", "Giang", "Hà"))
    ]  # fmt: skip
    couple = {"husband_full_name": "Trần Văn Bảo Quốc", "husband_birth_date": "1975", "wife_full_name": "Lê Thị Mơ"}
    marriage = enter(clerk, office, "KH", year=1998, **couple)
    father = Participant.objects.get(record=children[0], role="father")
    husband = Participant.objects.get(record=marriage, role="husband")
    annulled = enter(clerk, office, "KS", year=2015, child_full_name="Phan Thị Mờ", child_birth_date="02/03/2015")
    again = enter(
        clerk, office, "KS", year=2018, child_full_name="Phan Thị Lại", child_birth_date="02/03/1990",
        registration_type="Đăng ký lại",
    )  # fmt: skip
    annul_record(actor=officer("lanh.dao.2"), at=clock.now(), record_id=annulled.id, decision=ruling("5/QĐ-UBND"))
    decide_link(actor=clerk, at=clock.now(), first_id=father.id, second_id=husband.id, same=True, reason="Đã xác minh")
    death = enter(
        clerk, office, "KT", year=2019, deceased_full_name="Vũ Văn Đức Thọ", cause_of_death="Bệnh kín",
        deceased_personal_id="068060000777",
    )  # fmt: skip
    old = OfficeSuccession.objects.filter(successor=office, is_default=True).first()
    assert old is not None
    old_book = enter(clerk, old.predecessor, "KS", year=1999, child_full_name="Hà Văn Cũ").book_id
    return {
        "family": str(children[0].id),
        "family_person": str(PersonLink.objects.get(participant=father).person_id),
        "annulled": str(annulled.id),
        "again": str(again.id),
        "death": str(death.id),
        "old_book": str(old_book),
        "notice_id": str(notice(office, clerk)),
    }


def notice(office: Office, clerk: Actor) -> object:
    """A notice to this office whose entry nobody finds by its number."""
    birth = enter(clerk, office, "KS", year=2008, number=4040, child_full_name="Phan Thị Mơ Xa", child_sex="2")
    change = enter(
        clerk, office, "TD",
        **values("TD", year=2019, change_type="Cải chính", subject_full_name="Phan Thị Mờ Xa",
                 target_record_type="Giấy khai sinh", target_registration_number="4041/2008",
                 target_registration_office="UBND xã Nơi Xa", target_registration_date="10/03/2008",
                 change_items=[{"changed_field": "Họ, chữ đệm, tên", "old_value": "Phan Thị Mờ Xa",
                                "new_value": "Phan Thị Mai Xa"}]),
    )  # fmt: skip
    made = AnnotationNotice.objects.filter(source_record=change).first()
    assert made is not None, birth
    AnnotationNotice.objects.filter(id=made.id).update(target_office=office)
    return made.id


def of_the_clerk(office: Office, clerk: Actor, objects: dict[str, str]) -> dict[str, str]:
    """A file for the Ministry, a request for export, a saved filter."""
    at = clock.now()
    sent = make_dispatch_file(actor=clerk, at=at, office_id=office.id, register_type="KS")
    book = Record.objects.select_related("book").get(id=objects["family"]).book
    asked = request_export(
        actor=clerk, at=at, office_id=office.id, register_type="KS", books=[f"{book.number}/{book.opening_year}"],
        reason="Bàn giao dữ liệu cho Sở Tư pháp theo kế hoạch",
    )  # fmt: skip
    return {
        "file_id": str(sent.id), "request_id": str(asked.id), "own_package": str(own_package(office, clerk)),
        "second_original": str(second_original(office, clerk)),
    }  # fmt: skip


def second_original(office: Office, clerk: Actor) -> UUID:
    """A case that a keyer keyed from both originals of a book, differently; the clerk has checked the first."""
    keyer, found = officer("nhap.2"), []
    name = names_of_officers([keyer.officer_id or 0])[keyer.officer_id or 0]
    sign_pledge(actor=keyer, at=AT, version=text_on(clock.in_vietnam(AT).date()).version, signed_name=name)
    books = [
        find_or_make_book(
            actor=clerk, at=AT, office_id=office.id, register_type="KS", era="L2014", number="77", year=2016, copy=copy
        )
        for copy in (BookCopy.COMMUNE, BookCopy.DISTRICT)
    ]  # fmt: skip
    cut = {"actor": clerk, "at": AT, "size": 1, "numbers": (1, 1, 2016), "mode": "review"}
    packages = []
    for book in reversed(books):  # the district's first: later it would leave out what the commune's has
        BookWork.objects.create(
            book=book, origin_office_id=office.id, phase=1, group=2, listed_by=clerk.officer_id, listed_at=AT,
            sample_per_mille=0,
        )  # fmt: skip
        packages += cut_packages(book_id=book.id, request_key=uuid4(), **cut)
    for package, name in zip(reversed(packages), ("Trần Văn Bình", "Trần Văn Bính"), strict=True):
        check_out_package(actor=keyer, at=AT, package_id=package.id, gate_reason="Xem thử")
        [place] = PackageItem.objects.filter(package=package)
        said = values_of(1, child_full_name=name, register_book_no="77/2016")
        item = keyed_item(package, place, said, kind="key")
        receive_items(actor=keyer, at=AT, items=[item])
        release_package(actor=keyer, at=AT, package_id=package.id, reason="Bản lưu thứ hai")
        found.append(item.client_id)
        if len(found) == 1:
            start_check(actor=clerk, at=AT, package_id=package.id)
            review_entry(actor=clerk, at=AT, entry_id=item.client_id, version=1)
    return found[-1]


def own_package(office: Office, clerk: Actor) -> UUID:
    """A package in the clerk's hands with all there is to look at before it is handed in: a case with an error and with
    values given up, a void number, a place with nothing."""
    book = find_or_make_book(
        actor=clerk, at=AT, office_id=office.id, register_type="KS", era="L2014", number="79", year=2016
    )
    BookWork.objects.create(
        book=book, origin_office_id=office.id, phase=1, group=2, listed_by=clerk.officer_id, listed_at=AT
    )  # fmt: skip
    [package] = cut_packages(actor=clerk, at=AT, book_id=book.id, request_key=uuid4(), size=3, numbers=(1, 3, 2016))
    check_out_package(actor=clerk, at=AT, package_id=package.id, gate_reason="Xem thử")
    first, second, _third = PackageItem.objects.filter(package=package).order_by("position")
    given_up = {"text": "", "reason": "illegible"}
    wrong = {"register_book_no": "79/2016", "child_birth_date": "30/02/2016", "mother_full_name": given_up}
    void = an_item(package, second, 2, values={}, state="void", reason="gạch chéo", number=2)
    answers = send(clerk, an_item(package, first, 1, values=wrong), void)
    assert [answer.result for answer in answers] == ["returned", "accepted"], answers
    return package.id


def watched(office: Office, objects: dict[str, str]) -> dict[str, str]:
    """A look-up from outside, restricted facts opened in an emergency, a verification of the trail."""
    police, approver, auditor = officer("cong.an"), officer("duyet.2"), officer("kiem.toan")
    with office_scope(police.office_ids):
        found = look_up(
            actor=police, at=clock.now(), question=NumberQuestion("068178000321"),
            why=Why("marital_status", "H68.1-261125-0007"),
        )  # fmt: skip
    with office_scope(approver.office_ids):
        glass = break_glass(actor=approver, at=clock.now(), record_id=objects["death"], reason=REASON)
    asked = ask_for_verification(actor=auditor, at=clock.now())
    run_verification(verification_id=asked.id, clock=clock.now)
    entry = Entry.objects.filter(verb__startswith="record.").order_by("-id").first()
    assert entry is not None
    return {
        "look_up_id": str(found.id),
        "looked_up": str(found.hits[0].record_id),
        "glass_id": str(glass.id),
        "verification_id": str(asked.id),
        "entry_id": str(entry.id),
    }


def of_the_department(office: Office, department: Actor, old_book: str) -> dict[str, str]:
    """A merger in preparation, books that change their keeper, a change of the configuration."""
    at = clock.now()
    unit = office.unit
    assert unit is not None
    other = Office.objects.exclude(id=office.id).filter(
        kind="commune", valid_to__isnull=True, unit__parent=unit.parent
    ).order_by("-code")[:2]  # fmt: skip
    plan = merger([one.unit_id for one in other], Beginning("n1", "commune", other[0].code, "Hợp Nhất", "commune",
                                                           unit.parent_id))  # fmt: skip
    operation = draft_operation(
        actor=department, at=at, request_key=uuid4(), kind="merger", effective_on=date(2027, 3, 1), plan=plan,
        act=LegalAct(number="45/NQ-UBTVQH16", authority="Ủy ban Thường vụ Quốc hội", on=date(2026, 10, 20)),
    )  # fmt: skip
    handover = plan_handover(
        actor=department, at=at, request_key=uuid4(), book_ids=[UUID(old_book)], to_office_id=department.office_id,
        decision=Decision("15/QĐ-STP", date(2026, 12, 1), place="Kho lưu trữ tỉnh"),
    )[0]  # fmt: skip
    proposal = propose_changes(
        actor=department, at=at, title="Tuổi mẹ", reason="Theo kết luận họp ngày 20/11/2026",
        changes=[change_of("parameter", "adult_age", {"value": 19}, source="Luật X, Điều 1",
                           valid_from=date(2027, 1, 1))],
    )  # fmt: skip
    return {
        "operation_id": str(operation.id), "handover_id": str(handover.id), "proposal_id": str(proposal.id),
        "unit_id": str(unit.id), "office_id": str(office.id),
    }  # fmt: skip


def accounts(office: Office, department: Actor) -> dict[str, str]:
    """A delegation, a machine, a file of accounts, a saved filter."""
    at = clock.now()
    today = clock.in_vietnam(at).date()
    leader, deputy = officer("lanh.dao.2"), Officer.objects.get(username="duyet.2")
    delegation = delegate_rights(
        actor=leader, at=at, delegate_id=deputy.id, rights=["case.approve"], valid_from=today,
        valid_to=today + timedelta(days=5), reason="Đi công tác",
    )  # fmt: skip
    device = register_device(
        actor=department, at=at, office_id=office.id, name="Máy trạm 01", serial="SN-0001", checked_by="Trung tâm CNTT",
        checked_on=today, result="passed", valid_to=today + timedelta(days=300),
    )  # fmt: skip
    content = (
        "Họ và tên,Tên đăng nhập,Mã cơ quan,Vai trò,Thư điện tử,Từ ngày,Đến ngày\n"
        f"Trần Thị Mẫu,tran.mau,{office.code},keyer,,{today:%d/%m/%Y},\n"
        "Người Sai,nguoi.sai,99999,keyer,,,\n"
    )
    opening = check_opening(actor=department, at=at, file_name="can-bo.csv", content=content.encode())
    save_filter(actor=officer("can.bo.2"), at=at, page="intake.held", name="Việc của tôi", query={"state": "held"})
    return {
        "delegation_id": str(delegation.id), "device_id": str(device.id), "opening_id": str(opening.id),
        "officer_id": str(deputy.id),
    }  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
