"""What intake asks of keying: whose book an import holds, whose batch is withdrawn, what is compared after a correction."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hotich.audit.models import Entry as AuditEntry
from hotich.database.scope import office_scope
from hotich.intake.models import Batch
from hotich.intake.services import Delivery, correct_case, start_import, withdraw_batch
from hotich.kernel.problems import RuleBroken
from hotich.keying.services.handovers import Paper, draft_handover, hand_over
from hotich.keying.services.inventory import mark_place
from hotich.keying.services.review import start_check
from tests.app.accounts_parts import sign_in
from tests.app.intake_parts import good_cells, rows_of, workbook
from tests.app.keying_checking_parts import case_of, differences_of, entries_of, give, keyed, now, values_of
from tests.app.keying_inventory_parts import refused
from tests.app.keying_parts import AT, Team, a_listed_book, a_package, a_team

pytestmark = pytest.mark.django_db
POLICE = Paper("03/BB-UBND", date(2026, 11, 20), "police", "Công an xã Mẫu", "Đại úy Trần Thử")


@pytest.fixture
def team() -> Team:
    return a_team()


@pytest.fixture(scope="module")
def content() -> bytes:
    """The workbook of book 01/2016."""
    return workbook(rows_of("KS", 2))


def begun(team: Team, content: bytes, reason: str = "") -> Batch:
    delivery = Delivery("KS.xlsx", content, claims_reason=reason)
    return start_import(actor=team.officer, at=AT, office_id=team.office.id, delivery=delivery)


def claims_on(team: Team, content: bytes) -> list[str]:
    """Why the import of the workbook is refused at first."""
    with pytest.raises(RuleBroken, match="book_claimed") as refusal:
        begun(team, content)
    return [claim.code for claim in refusal.value.params["claims"]]


def test_a_book_keyed_in_packages_is_imported_only_with_a_reason_which_the_batch_and_the_trail_keep(
    team: Team, content: bytes
) -> None:
    a_package(team)
    assert claims_on(team, content) == ["book_in_packages"]
    batch = begun(team, content, "Gói lập nhầm, sổ đã có tệp")
    assert [row[1] for row in batch.warnings] == ["book_in_packages", "book_claim_confirmed"]
    with office_scope([team.office.id]):
        noted = AuditEntry.objects.get(verb="batch.started", subject_id=str(batch.id))
    assert noted.facts["claims"] == ["book_in_packages"]
    assert begun(team, content).id == batch.id  # the same file again asks nothing


def test_an_import_tells_which_force_has_the_book_and_which_books_were_entered_before(
    team: Team, content: bytes
) -> None:
    book = a_listed_book(team)
    actor = team.officer
    mark_place(actor=actor, at=AT, book_ids=[book.id], place="earlier", reason="QĐ 12/2015")
    assert claims_on(team, content) == ["book_entered_before"]
    mark_place(actor=actor, at=AT, book_ids=[book.id], place="here", reason="Ghi nhầm")
    begun(team, content)  # nobody enters it in another way
    with office_scope([team.office.id]):
        Batch.objects.update(state="withdrawn")
    made = draft_handover(actor=actor, at=AT, request_key=uuid4(), paper=POLICE, book_ids=[book.id])
    hand_over(actor=actor, at=AT, handover_id=made.id, version=made.version)
    assert claims_on(team, content) == ["book_handed_to_force"]
    books = workbook([good_cells("KS", 1, quyenSo="02/2016")])
    assert begun(team, books).state == "loading"


def test_the_upload_page_says_who_keys_the_book_and_takes_it_with_a_reason(team: Team, content: bytes) -> None:
    a_package(team)
    client, address = Client(), reverse("intake:upload")
    sign_in(client, team.accounts["officer"])
    assert b"claims_reason" not in client.get(address).content
    data = {"office": team.office.id, "era": "", "workbook": SimpleUploadedFile("KS.xlsx", content)}
    page = client.post(address, data).content.decode()
    assert "đang nhập liệu tại đây, đã chia 1 gói" in page and 'name="claims_reason"' in page
    data |= {"workbook": SimpleUploadedFile("KS.xlsx", content), "claims_reason": "Thay gói đã lập"}
    assert client.post(address, data).status_code == 302


def test_the_batch_of_a_package_is_not_withdrawn_as_a_file(team: Team) -> None:
    package = keyed(team)
    with refused("batch_of_package"):
        withdraw_batch(actor=team.officer, at=AT, batch_id=package.batch_id)
    assert [entry.case.state for entry in entries_of(team, package)] == ["checking"] * 3


def test_a_case_corrected_while_it_is_checked_is_compared_anew_with_the_second_keying(team: Team) -> None:
    package = keyed(team, mode="double")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    second = values_of(1, child_full_name="Nguyễn Minh Hài", child_birth_place="Xã Khác")
    give(team, package, 0, second, kind="double")
    [first, *_] = entries_of(team, package)
    assert {row.field for row in differences_of(team, first)} == {"child_full_name", "child_birth_place"}
    case = case_of(team, first)
    values = {**case.as_recorded, "child_full_name": "Nguyễn Minh Hài"}
    correct_case(actor=team.officer, at=AT, case_id=case.id, values=values, version=case.version)
    assert [row.field for row in differences_of(team, first)] == ["child_birth_place"]
    case = case_of(team, first)
    correct_case(
        actor=team.officer, at=AT, case_id=case.id, values={**values, "mother_full_name": "Phạm Thị Khác"},
        version=case.version,
    )  # fmt: skip
    found = {row.field for row in differences_of(team, first)}
    assert found == {"child_birth_place", "mother_full_name"} and now(team, first).check_state == "differs"
