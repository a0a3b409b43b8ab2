"""Pages of intake: who may open and do what, what is written down, what stays when something is refused."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hotich.accounts.models import Officer
from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.intake.models import Batch, BatchState, Case, CaseState
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.intake_parts import a_pdf, bring_in, good_cells, keyer, rows_of, workbook

pytestmark = pytest.mark.django_db

SCAN = a_pdf()  # two PDFs made alike differ in their identifier
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES_OF_RIGHT = {
    "case.import": ["intake:upload"],
    "case.edit": ["intake:held"],
    "case.approve": ["intake:approvals"],
    "dispatch.send": ["intake:dispatch"],
}


@pytest.fixture
def offices() -> list[Office]:
    return list(Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("id")[:2])


@pytest.fixture
def office(offices: list[Office]) -> Office:
    return offices[0]


def at_desk(office: Office, role: str = "civil_status_officer", login: str = "lan.thu") -> tuple[Client, Officer]:
    """An officer with a browser, signed in."""
    officer = make_officer(login, office=office, role=role)
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client, officer


@pytest.fixture
def batch(office: Office) -> Iterator[Batch]:
    """Two good rows and one with an impossible date, keyed by somebody who is nobody of the test; row 2 has a scan."""
    rows = [*rows_of("KS", 2), good_cells(number=9, nksNgaySinh="30.02.2016")]
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("KS.2016.01.001.pdf", SCAN)
    with office_scope([office.id]):
        report = bring_in(office, workbook(rows), scans=packed.getvalue(), actor=keyer(office))
        yield Batch.objects.get(id=report["batch"])


def case_at(batch: Batch, row: int) -> Case:
    return Case.objects.get(batch=batch, row_number=row)


def form_of(page: Any) -> dict[str, str]:
    """The form of a case as a browser would send it."""
    form = page.context["form"]
    values = {bound.html_name: bound.value() or "" for bound in form}
    return values | {"version": str(page.context["form_version"]), "base": page.context["form_base"]}


# ---- who may open what


@pytest.mark.parametrize("role", ["civil_status_officer", "keyer", "approver", "commune_leader", "auditor"])
def test_a_page_opens_only_with_its_right(office: Office, role: str) -> None:
    from hotich.accounts.rules.roles import ROLES

    client, _ = at_desk(office, role)
    assert client.get(reverse("intake:home")).status_code == 200
    for right, pages in PAGES_OF_RIGHT.items():
        for page in pages:
            expected = 200 if right in ROLES[role].rights else 403
            assert client.get(reverse(page)).status_code == expected, (role, page)


def test_nobody_gets_in_without_signing_in(batch: Batch) -> None:
    for address in (reverse("intake:home"), reverse("intake:batch", args=[batch.id])):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


def test_another_office_learns_of_nothing(offices: list[Office], batch: Batch) -> None:
    client, _ = at_desk(offices[1])
    case = case_at(batch, 2)
    for address in (
        reverse("intake:batch", args=[batch.id]),
        reverse("intake:batch_report", args=[batch.id]),
        reverse("intake:case", args=[case.id]),
        reverse("intake:case_scan", args=[case.id]),
    ):
        assert client.get(address).status_code == 404, address
    assert client.get(reverse("intake:held")).context["rows"] == []


def test_the_navigation_offers_only_what_may_be_opened(office: Office) -> None:
    client, _ = at_desk(office, "auditor")
    offered = [item.url for item in client.get("/").context["navigation"]]
    assert reverse("intake:batches") not in offered
    for address in offered:
        assert client.get(address).status_code == 200, address


def test_every_entry_of_the_navigation_has_a_page() -> None:
    from hotich.config.navigation import ENTRIES, address

    assert [entry.view for entry in ENTRIES if not address(entry.view)] == []


@pytest.mark.parametrize("role", ["civil_status_officer", "approver", "department_of_justice", "keyer", "ministry"])
def test_every_entry_of_the_navigation_opens(office: Office, role: str) -> None:
    client, _ = at_desk(office, role)
    offered = [item.url for item in client.get("/").context["navigation"]]
    assert len(offered) > 2
    for address in offered:
        assert client.get(address).status_code == 200, address


def test_no_address_carries_a_name_or_a_number_of_a_person(office: Office, batch: Batch) -> None:
    client, _ = at_desk(office)
    case = case_at(batch, 4)
    told = {str(value) for value in case.as_recorded.values() if isinstance(value, str) and len(value) > 4}
    for page in (
        reverse("intake:held"),
        reverse("intake:batch", args=[batch.id]),
        reverse("intake:case", args=[case.id]),
    ):
        addresses = re.findall(r'(?:href|action|data)="([^"]+)"', client.get(page).content.decode())
        assert not [address for address in addresses for text in told if text in address]


# ---- reading is written down


def test_looking_at_a_case_and_at_its_scan_is_in_the_trail(office: Office, batch: Batch) -> None:
    client, officer = at_desk(office, "approver")
    case = case_at(batch, 2)
    assert client.get(reverse("intake:case", args=[case.id])).status_code == 200
    scan = client.get(reverse("intake:case_scan", args=[case.id]))
    assert scan["Content-Type"] == "application/pdf"
    assert "no-store" in scan["Cache-Control"]
    assert scan.content == SCAN
    verbs = set(Entry.objects.filter(actor_id=officer.id).values_list("verb", flat=True))
    assert {"case.read", "scan.read"} <= verbs


# ---- uploading


def upload(client: Client, office: Office, content: bytes, **more: Any) -> Any:
    data = {"office": office.id, "era": "", "workbook": SimpleUploadedFile("KS.2016.01.xlsx", content), **more}
    return client.post(reverse("intake:upload"), data)


def test_an_upload_waits_for_the_background_with_its_job(office: Office) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    client, officer = at_desk(office)
    answer = upload(client, office, workbook(rows_of("KS", 1)))
    with office_scope([office.id]):
        batch = Batch.objects.get(created_by=officer.id)
    assert answer["Location"] == reverse("intake:batch", args=[batch.id])
    assert batch.state == BatchState.LOADING
    job = ProcrastinateJob.objects.get(task_name="intake.import_book")
    assert job.args == {"batch_id": str(batch.id), "login": officer.username, "office_id": office.id}


def test_the_same_upload_again_makes_no_second_batch(office: Office) -> None:
    client, officer = at_desk(office)
    content = workbook(rows_of("KS", 1))
    first, second = upload(client, office, content), upload(client, office, content)
    assert first["Location"] == second["Location"]
    with office_scope([office.id]):
        assert Batch.objects.filter(created_by=officer.id).count() == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("so.xlsx", b"no workbook", "không phải sổ tính Excel"),
        ("so.csv", b"so;quyenSo", "không đúng loại"),
        ("so.xlsx", b"", "Tệp rỗng"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_the_form(
    office: Office, name: str, content: bytes, words: str
) -> None:
    client, _ = at_desk(office)
    answer = upload(client, office, b"", workbook=SimpleUploadedFile(name, content))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    with office_scope([office.id]):
        assert not Batch.objects.exists()


def test_a_file_above_the_limit_is_refused_with_both_sizes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from hotich.intake.forms import UploadForm

    monkeypatch.setattr(UploadForm.base_fields["workbook"], "limit", 1000)
    client, _ = at_desk(office)
    answer = upload(client, office, workbook(rows_of("KS", 1)))
    assert "Tệp quá lớn" in answer.content.decode()


def test_an_office_of_others_cannot_be_chosen(offices: list[Office]) -> None:
    client, _ = at_desk(offices[0])
    answer = upload(client, offices[1], workbook(rows_of("KS", 1)))
    assert answer.status_code == 200
    assert answer.context["form"].errors["office"]


# ---- the page of a batch


def test_the_progress_asks_again_only_while_a_batch_is_read(office: Office, batch: Batch) -> None:
    client, _ = at_desk(office)
    address = reverse("intake:batch_progress", args=[batch.id])
    done = client.get(address, HTTP_HX_REQUEST="true").content.decode()
    assert "hx-trigger" not in done
    Batch.objects.filter(id=batch.id).update(state=BatchState.LOADING, rows_done=1)
    running = client.get(address, HTTP_HX_REQUEST="true").content.decode()
    assert 'hx-trigger="every 1s"' in running
    assert "Đã đọc 1 trên 3 dòng." in running
    assert "batch-status" not in client.get(address + "?seen=3", HTTP_HX_REQUEST="true").content.decode()


def test_a_failed_import_says_why_and_stops_asking(office: Office, batch: Batch) -> None:
    client, _ = at_desk(office)
    Batch.objects.filter(id=batch.id).update(state=BatchState.LOADING, failure="workbook_damaged")
    page = client.get(reverse("intake:batch", args=[batch.id])).content.decode()
    assert "Sổ tính bị hỏng" in page
    assert "hx-trigger" not in page


def test_problems_lead_to_their_case_and_field(office: Office, batch: Batch) -> None:
    client, _ = at_desk(office)
    page = client.get(reverse("intake:batch", args=[batch.id]) + "?severity=error")
    case = case_at(batch, 4)
    assert f"{reverse('intake:case', args=[case.id])}#id_child_birth_date" in page.content.decode()
    assert [group["code"] for group in page.context["problem_groups"]] == ["date_impossible"]


def test_the_report_is_that_of_the_command_line(office: Office, batch: Batch) -> None:
    from hotich.intake.queries.report import batch_report

    client, _ = at_desk(office)
    taken = json.loads(client.get(reverse("intake:batch_report", args=[batch.id])).content)
    assert taken == json.loads(json.dumps(batch_report(batch.id)))


def test_a_batch_is_withdrawn_only_by_post(office: Office, batch: Batch) -> None:
    client, _ = at_desk(office)
    address = reverse("intake:batch_withdraw", args=[batch.id])
    assert client.get(address).status_code == 200
    batch.refresh_from_db()
    assert batch.state == BatchState.LOADED
    assert client.post(address).status_code == 302
    batch.refresh_from_db()
    assert batch.state == BatchState.WITHDRAWN


# ---- correcting


def test_saving_a_corrected_row_opens_the_next_one(office: Office, batch: Batch) -> None:
    client, _ = at_desk(office)
    case = case_at(batch, 4)
    address = reverse("intake:case", args=[case.id])
    sent = form_of(client.get(address)) | {"child_birth_date": "01.06.2016"}
    answer = client.post(address, sent)
    assert answer["Location"] == reverse("intake:batch", args=[batch.id])  # it was the only one
    case.refresh_from_db()
    assert case.state == CaseState.WAITING
    assert case.as_recorded["child_birth_date"] == "01.06.2016"


def test_what_was_imported_stands_beside_what_was_changed(office: Office, batch: Batch) -> None:
    client, _ = at_desk(office)
    address = reverse("intake:case", args=[case_at(batch, 4).id])
    client.post(address, form_of(client.get(address)) | {"child_birth_date": "31.02.2016"})
    assert "Trong tệp nhập: “30.02.2016”" in client.get(address).content.decode()


def test_a_conflict_keeps_what_was_typed_and_takes_what_only_the_other_changed(office: Office, batch: Batch) -> None:
    mine, _ = at_desk(office)
    theirs, _ = at_desk(office, login="minh.thu")
    address = reverse("intake:case", args=[case_at(batch, 4).id])
    sent = form_of(mine.get(address))
    theirs.post(address, sent | {"signatory_name": "Người kia", "page_no": "77"})
    answer = mine.post(address, sent | {"signatory_name": "Của tôi"})
    form = answer.context["form"]
    assert answer.status_code == 200
    assert form["signatory_name"].value() == "Của tôi"
    assert "“Người kia”" in str(form.errors["signatory_name"])
    assert form["page_no"].value() == "77"
    assert case_at(batch, 4).as_recorded["signatory_name"] == "Người kia"
    again = form_of(answer)
    mine.post(address, again)
    saved = case_at(batch, 4).as_recorded
    assert (saved["signatory_name"], saved["page_no"]) == ("Của tôi", "77")


def test_whoever_may_not_edit_gets_values_to_read_and_cannot_save(office: Office, batch: Batch) -> None:
    client, _ = at_desk(office, "approver")
    address = reverse("intake:case", args=[case_at(batch, 4).id])
    assert client.get(address).context["form"] is None
    assert client.post(address, {"version": "1"}).status_code == 409


# ---- approving


def test_the_queue_holds_only_what_others_keyed(office: Office, batch: Batch) -> None:
    client, officer = at_desk(office, "approver")
    Case.objects.filter(batch=batch, row_number=2).update(touched_by=[11, officer.id])
    page = client.get(reverse("intake:approval_batch", args=[batch.id]))
    assert [line["case"].row_number for line in page.context["lines"]] == [3]
    assert page.context["own_count"] == 1
    assert client.get("/").context["cards"][0]["value"] == 1


def test_approving_asks_first_and_states_the_count(office: Office, batch: Batch) -> None:
    client, _ = at_desk(office, "approver")
    address = reverse("intake:approve_all", args=[batch.id])
    asked = client.post(address)
    assert asked.context["page_title"] == "Duyệt 2 dòng?"
    assert not Case.objects.filter(state=CaseState.APPROVED).exists()
    client.post(address, {"confirmed": "1", "count": "2"})
    assert Case.objects.filter(batch=batch, state=CaseState.APPROVED).count() == 2


def test_a_count_that_is_no_longer_true_approves_nothing(office: Office, batch: Batch) -> None:
    client, _ = at_desk(office, "approver")
    client.post(reverse("intake:approve_all", args=[batch.id]), {"confirmed": "1", "count": "3"})
    assert not Case.objects.filter(state=CaseState.APPROVED).exists()


def test_an_own_row_slipped_into_the_choice_is_refused_in_words(office: Office, batch: Batch) -> None:
    client, officer = at_desk(office, "approver")
    own = case_at(batch, 2)
    Case.objects.filter(id=own.id).update(touched_by=[officer.id])
    address = reverse("intake:approve_chosen", args=[batch.id])
    answer = client.post(address, {"confirmed": "1", "case": [str(own.id)]}, follow=True)
    assert "cần người thứ hai" in answer.content.decode()
    own.refresh_from_db()
    assert own.state == CaseState.WAITING


def test_a_row_changed_since_it_was_shown_is_not_approved(office: Office, batch: Batch) -> None:
    client, _ = at_desk(office, "approver")
    case = case_at(batch, 2)
    client.post(reverse("intake:approve_one", args=[case.id]), {"version": str(case.version + 1)})
    case.refresh_from_db()
    assert case.state == CaseState.WAITING


def test_giving_back_needs_a_reason(office: Office, batch: Batch) -> None:
    client, _ = at_desk(office, "approver")
    case = case_at(batch, 2)
    address = reverse("intake:return_one", args=[case.id])
    assert client.post(address, {"reason": " "}).context["form"].errors["reason"]
    client.post(address, {"reason": "Xem lại"})
    case.refresh_from_db()
    assert (case.state, case.returned_reason) == (CaseState.RETURNED, "Xem lại")
