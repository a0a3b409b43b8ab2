"""Scans and their entries: linked by number now or when the workbook comes, let go when they change, seen by whom."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from hotich.audit.models import Entry
from hotich.audit.queries import faults_of_chain
from hotich.digitisation import services
from hotich.digitisation.models import ScanBatch, ScannedCase, ScanPage
from hotich.digitisation.queries import cases_of
from hotich.digitisation.tasks import link_arrivals_job
from hotich.files.services import PDF, store_file
from hotich.intake.models import Case, CaseState
from hotich.intake.services import KnownFacts, approve_cases, attach_scan_to_case, open_case, withdraw_case
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Attachment
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.digitisation_parts import PREPARES, a_batch, a_book, cut, pages_with, preparer
from tests.app.intake_parts import AT, a_pdf, an_office, approver, bring_in, keyer, rows_of, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


def passed(office: Office, count: int = 1, first: int = 1, letters: str = "KS", **more: Any) -> list[ScannedCase]:
    """Scanned cases that passed, numbered from `first`."""
    batch = a_batch(office, a_book(office, letters=letters), **more)
    pages_with(office, batch, count)
    cut(office, batch)
    batch.refresh_from_db()
    services.set_start_number(
        actor=preparer(office), at=AT, batch_id=batch.id, number=first, registration_year=2016, version=batch.version
    )
    return [judged(office, case) for case in cases_of(batch)]


def judged(office: Office, case: ScannedCase, mark: str = "") -> ScannedCase:
    case.pdf = store_file(
        office_id=office.id, name=f"{case.id}.pdf", content=a_pdf(mark=f"{case.id}{mark}"), media_type=PDF,
        actor=preparer(office), at=AT,
    )  # fmt: skip
    case.state, case.size, case.version = "passed", case.pdf.size, case.version + 1
    case.save()
    return case


def link(office: Office, case: ScannedCase) -> int:
    return services.link_batch(actor=preparer(office), at=AT, batch_id=case.batch_id)


def test_a_scan_is_linked_by_number_and_the_officer_is_one_of_the_hands(office: Office) -> None:
    bring_in(office, workbook(rows_of("KS", 2)))
    first, second, third = passed(office, 3)
    assert link(office, first) == 2
    entry = Case.objects.get(number=1)
    first.refresh_from_db()
    third.refresh_from_db()
    assert (entry.scan_id, first.case_id, third.case_id) == (first.pdf_id, entry.id, None)
    assert entry.state == CaseState.WAITING and 11 in entry.touched_by
    assert Entry.objects.filter(verb="scanned_case.linked", subject_id=str(second.id)).count() == 1
    assert Entry.objects.filter(verb="case.scan_linked", subject_id=str(entry.id)).count() == 1
    assert faults_of_chain(office.id) == []


def test_two_scans_with_one_number_are_both_left_to_the_officer(office: Office) -> None:
    bring_in(office, workbook(rows_of("KS", 2)))
    first, second = passed(office, 2)
    services.set_case_number(actor=preparer(office), at=AT, case_id=second.id, number=1, version=second.version)
    assert link(office, first) == 0
    second.refresh_from_db()
    services.set_case_aside(actor=preparer(office), at=AT, case_id=second.id, version=second.version)
    assert link(office, first) == 1


def test_another_number_lets_the_entry_go_and_takes_the_right_one(office: Office) -> None:
    bring_in(office, workbook(rows_of("KS", 2)))
    case = passed(office)[0]
    link(office, case)
    case.refresh_from_db()
    moved = services.set_case_number(actor=preparer(office), at=AT, case_id=case.id, number=2, version=case.version)
    assert moved.case_id is None
    assert link(office, case) == 1
    case.refresh_from_db()
    assert case.case is not None and case.case.number == 2
    assert Entry.objects.filter(verb="scanned_case.unlinked").count() == 1


def test_a_case_cut_anew_brings_a_second_scan_and_the_record_keeps_both(office: Office) -> None:
    bring_in(office, workbook(rows_of("KS", 1)))
    approve_cases(actor=approver(office), at=AT, case_ids=[Case.objects.get().id])
    case = passed(office)[0]
    link(office, case)
    old = case.pdf_id
    case.refresh_from_db()
    services.recrop_case(
        actor=preparer(office), at=AT, case_id=case.id, part=0, box={"box": [90, 290, 1110, 420]}, version=case.version
    )
    case.refresh_from_db()
    assert (case.case_id, case.state) == (None, "pending")
    judged(office, case, "new")
    assert link(office, case) == 1
    found = set(Attachment.objects.values_list("file_id", flat=True))
    assert found == {old, case.pdf_id}
    assert Case.objects.get().scan_id == case.pdf_id


def test_a_batch_whose_scans_are_linked_is_not_withdrawn(office: Office) -> None:
    bring_in(office, workbook(rows_of("KS", 1)))
    case = passed(office)[0]
    link(office, case)
    with pytest.raises(RuleBroken, match="scan_batch_linked"):
        services.withdraw_scan_batch(actor=preparer(office), at=AT, batch_id=case.batch_id)


def test_scans_wait_for_the_workbook_and_are_linked_when_it_comes(office: Office) -> None:
    officer = make_officer("can.bo.quet", office=office, role="civil_status_officer", totp=False)
    case = passed(office)[0]
    ScanBatch.objects.update(created_by=officer.id)
    assert link(office, case) == 0
    link_arrivals_job(timestamp=0)
    bring_in(office, workbook(rows_of("KS", 1)))
    link_arrivals_job(timestamp=0)
    case.refresh_from_db()
    assert case.case_id == Case.objects.get().id
    assert Entry.objects.get(verb="scanned_case.linked").actor_id == officer.id
    link_arrivals_job(timestamp=0)
    assert Entry.objects.filter(verb="scanned_case.linked").count() == 1


def test_scans_of_an_officer_who_has_left_wait_for_the_next_one(office: Office) -> None:
    case = passed(office)[0]
    ScanBatch.objects.update(created_by=987_654)
    bring_in(office, workbook(rows_of("KS", 1)))
    assert services.link_arrivals(at=AT) == 0
    assert link(office, case) == 1


def test_attaching_refuses_who_may_not_and_what_is_not_there(office: Office) -> None:
    bring_in(office, workbook(rows_of("KS", 2)))
    first, second = Case.objects.order_by("number")
    file = store_file(office_id=office.id, name="x.pdf", content=a_pdf(), media_type=PDF, actor=keyer(office), at=AT)
    whole: dict[str, Any] = {"actor": preparer(office), "at": AT, "case_id": first.id, "file_id": file.id}
    withdraw_case(actor=keyer(office), at=AT, case_id=second.id)
    for changes, code in [
        ({"actor": preparer(office, rights=frozenset({"case.read"}))}, "not_allowed"),
        ({"case_id": uuid4()}, "case_unknown"),
        ({"case_id": second.id}, "act_not_allowed_in_state"),
        ({"file_id": uuid4()}, "file_unknown"),
    ]:
        with pytest.raises(RuleBroken, match=code):
            attach_scan_to_case(**{**whole, **changes})
    version = attach_scan_to_case(**whole).version
    assert attach_scan_to_case(**whole).version == version  # twice is as once
    large = store_file(
        office_id=office.id, name="y.pdf", content=a_pdf(120_000), media_type=PDF, actor=keyer(office), at=AT
    )
    held = attach_scan_to_case(**{**whole, "file_id": large.id})
    assert (held.state, held.problems[0]["code"]) == (CaseState.HELD, "scan_too_large")


def test_a_case_is_opened_only_from_a_scan_that_is_ready_and_numbered(office: Office) -> None:
    case = passed(office, first=8)[0]
    opening: dict[str, Any] = {"actor": preparer(office), "at": AT, "scanned_case_id": case.id}
    with pytest.raises(RuleBroken, match="not_allowed"):
        services.start_case_from_scan(**opening | {"actor": preparer(office, rights=PREPARES - {"case.edit"})})
    ScannedCase.objects.update(state="review")
    with pytest.raises(RuleBroken, match="scan_not_ready"):
        services.start_case_from_scan(**opening)
    ScannedCase.objects.update(state="passed", number=None)
    with pytest.raises(RuleBroken, match="number_missing"):
        services.start_case_from_scan(**opening)
    ScannedCase.objects.update(number=8, registered_on="2016-05-20")
    ScanPage.objects.update(printed_page="31")
    opened = services.start_case_from_scan(**opening)
    assert opened.as_recorded == {
        "registration_number": "8/2016", "register_book_no": "01/2016", "page_no": "31",
        "registration_date": "20.05.2016",
    }  # fmt: skip
    assert (opened.book_number, opened.book_year, opened.number) == ("01", 2016, 8)
    assert Entry.objects.filter(verb="case.opened_from_scan").count() == 1


def test_an_entry_that_is_keyed_already_is_not_opened_again(office: Office) -> None:
    bring_in(office, workbook(rows_of("KS", 1)))
    case = passed(office)[0]
    with pytest.raises(RuleBroken, match="entry_exists_already") as refusal:
        services.start_case_from_scan(actor=preparer(office), at=AT, scanned_case_id=case.id)
    assert refusal.value.params["case"] == str(Case.objects.get().id)
    approve_cases(actor=approver(office), at=AT, case_ids=[Case.objects.get().id])
    Case.objects.update(number=99)  # the record alone is enough
    with pytest.raises(RuleBroken, match="entry_exists_already"):
        open_case(
            actor=preparer(office),
            at=AT,
            book=case.book,
            known=KnownFacts(1, "", 2016),
            scan=case.pdf,  # type: ignore[arg-type]
        )


def test_a_scan_that_shows_what_is_restricted_is_for_those_who_work_on_it(office: Office) -> None:
    reader = preparer(office, rights=frozenset({"case.read"}))
    cleared = preparer(office, rights=frozenset({"case.read", "restricted.read"}))
    adoption = passed(office, letters="CN")[0]
    for actor, may in [(reader, False), (cleared, True), (preparer(office), True)]:
        for act in (
            lambda who: services.open_case_pdf(actor=who, at=AT, case_id=adoption.id),
            lambda who: services.open_page(actor=who, at=AT, page_id=ScanPage.objects.get().id),
        ):
            if may:
                act(actor)
            else:
                with pytest.raises(RuleBroken, match="not_allowed"):
                    act(actor)
    assert Entry.objects.filter(verb="scan.read").count() == 4


def test_a_linked_scan_is_as_restricted_as_its_entry(office: Office) -> None:
    reader = preparer(office, rights=frozenset({"case.read"}))
    bring_in(office, workbook(rows_of("KT", 1), "KT"), name="KT.2016.01.xlsx")
    case = passed(office, letters="KT")[0]
    with pytest.raises(RuleBroken, match="not_allowed"):  # not linked: a death entry may say its cause
        services.open_case_pdf(actor=reader, at=AT, case_id=case.id)
    link(office, case)
    entry = Case.objects.get()
    entry.as_recorded = {key: value for key, value in entry.as_recorded.items() if key != "cause_of_death"}
    entry.save(update_fields=["as_recorded"])
    assert services.open_case_pdf(actor=reader, at=AT, case_id=case.id).id == case.pdf_id
    entry.as_recorded = {**entry.as_recorded, "cause_of_death": "Bệnh"}
    entry.save(update_fields=["as_recorded"])
    for act, found in (
        (services.open_case_pdf, {"case_id": case.id}),
        (services.open_page, {"page_id": ScanPage.objects.get().id}),
    ):
        with pytest.raises(RuleBroken, match="not_allowed"):
            act(actor=reader, at=AT, **found)


def test_once_a_batch_is_finished_a_restricted_scan_needs_the_right_to_that(office: Office) -> None:
    case = passed(office, letters="CN")[0]
    keyer_alone = preparer(office, rights=PREPARES - {"restricted.read"})
    services.open_case_pdf(actor=keyer_alone, at=AT, case_id=case.id)
    services.finish_scan_batch(actor=preparer(office), at=AT, batch_id=case.batch_id)
    with pytest.raises(RuleBroken, match="not_allowed"):
        services.open_case_pdf(actor=keyer_alone, at=AT, case_id=case.id)
    cleared = preparer(office, rights=PREPARES | {"restricted.read"})
    assert services.open_case_pdf(actor=cleared, at=AT, case_id=case.id).id == case.pdf_id
