"""Scans read by machine: off unless an engine is named; then a help beside numbers, order and keyed values, no value."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from hotich.audit.models import Entry
from hotich.audit.queries import faults_of_chain
from hotich.database.scope import office_scope
from hotich.digitisation import queries, services, tasks
from hotich.digitisation.apps import reader_runs
from hotich.digitisation.models import ScanBatch, ScannedCase, ScanPage
from hotich.digitisation.queries.settings import scan_settings
from hotich.digitisation.services.encoding import key_of
from hotich.intake.models import Case
from hotich.intake.services import correct_case
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.digitisation_parts import PREPARES, a_batch, a_book, cut, preparer
from tests.app.intake_parts import AT, an_office, bring_in, rows_of, workbook
from tests.app.printed_pages import add_pages, flat_of, printed_page, row

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
needs_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract") and not os.environ.get("HOTICH_REQUIRE_ALL"), reason="tesseract is not installed"
)


@pytest.fixture
def office() -> Iterator[Office]:
    made = an_office()
    with office_scope([made.id]):
        yield made


@pytest.fixture
def tesseract(settings: Any) -> None:
    settings.HOTICH_SCAN_READER = "tesseract"


def numbered(office: Office, *pages: tuple[bytes, int], first: int = 1) -> ScanBatch:
    """A batch with these pages, cut into cases that are counted on from `first`."""
    batch = a_batch(office, a_book(office))
    add_pages(office, batch, *pages)
    cut(office, batch)
    batch.refresh_from_db()
    return services.set_start_number(
        actor=preparer(office), at=AT, batch_id=batch.id, number=first, registration_year=2016, version=batch.version
    )


def read(office: Office, batch: ScanBatch) -> None:
    while services.read_next_pages(actor=preparer(office), at=AT, batch_id=batch.id):
        pass


def numbers_of(batch: ScanBatch) -> list[int | None]:
    return [case.number for case in queries.cases_of(batch)]


def suggestions(batch: ScanBatch) -> list[tuple[int, bool] | None]:
    pages = {str(page.id): page for page in queries.pages_of(batch)}
    cases = queries.cases_of(batch)
    found = queries.numbers_read(cases, pages)
    return [(found[case.id].number, found[case.id].agrees) if case.id in found else None for case in cases]


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'digitisation.read_scans'")
        return int(cursor.fetchone()[0])


def desk(office: Office, role: str = "civil_status_officer", login: str = "lan.thu") -> Client:
    client = Client()
    client.force_login(make_officer(login, office=office, role=role), backend=BACKEND)
    return client


def keyed_and_linked(office: Office, batch: ScanBatch) -> ScannedCase:
    """Entry 1 is keyed and the first scanned case is its scan."""
    bring_in(office, workbook(rows_of("KS", 1)))
    case = queries.cases_of(batch)[0]
    ScannedCase.objects.filter(id=case.id).update(case=Case.objects.get(number=1))
    return queries.scanned_case(case.id, preparer(office))


# ---- off


def test_without_an_engine_nothing_runs_and_nothing_is_shown(office: Office) -> None:
    batch = numbered(office, (printed_page([row(12)], 7), 1))
    assert not services.read_next_pages(actor=preparer(office), at=AT, batch_id=batch.id)
    tasks.read_later(preparer(office), batch)
    case = keyed_and_linked(office, batch)
    client = desk(office)
    assert client.post(reverse("digitisation:cases_make", args=[batch.id])).status_code == 302
    assert jobs() == 0 and suggestions(batch) == [None] and queries.printed_order(batch) is None
    assert ScanPage.objects.get(batch=batch).reading == {} and ScannedCase.objects.get(batch=batch).reading == {}
    assert not queries.may_have_opinion(case, preparer(office)) and reader_runs(None) == []
    for name, thing in (("batch", batch), ("cases", batch), ("case", case)):
        assert "áy đọc" not in client.get(reverse(f"digitisation:{name}", args=[thing.id])).content.decode()


def test_an_engine_that_cannot_run_is_told_by_the_check_and_harms_no_batch(office: Office, settings: Any) -> None:
    settings.HOTICH_SCAN_READER = "onnx-line"
    batch = numbered(office, (printed_page([row(12)]), 1))
    tasks.read_later(preparer(office), batch)
    assert jobs() == 1
    read(office, batch)
    batch.refresh_from_db()
    assert (batch.failure, suggestions(batch)) == ("", [None])
    (warning,) = reader_runs(None)
    assert warning.id == "digitisation.W001" and "onnx-line" in warning.msg
    settings.HOTICH_SCAN_READER = "abbyy"
    assert "abbyy" in reader_runs(None)[0].msg
    make_officer("quet.thu", office=office, role="civil_status_officer")
    tasks.read_scans_job(str(batch.id), "quet.thu", office.id)
    batch.refresh_from_db()
    assert batch.failure == ""
    with pytest.raises(RuleBroken) as caught:
        read(office, batch)
    assert caught.value.code == "reader_unknown"


def test_which_engine_reads_makes_no_pdf_out_of_date(office: Office, settings: Any) -> None:
    batch = numbered(office, (printed_page([row(12)]), 1))
    case, pages = queries.cases_of(batch)[0], {str(page.id): page for page in queries.pages_of(batch)}
    before = key_of(case, batch, pages, scan_settings(AT.date()))
    settings.HOTICH_SCAN_READER, settings.HOTICH_SCAN_READER_CONFIG = "onnx-line", "/srv/model.toml"
    told = scan_settings(AT.date())
    assert (told.reader, told.reader_config) == ("onnx-line", "/srv/model.toml")
    assert key_of(case, batch, pages, told) == before


# ---- numbers


@needs_tesseract
def test_a_number_that_contradicts_is_a_suggestion_an_officer_may_accept(office: Office, tesseract: None) -> None:
    batch = numbered(office, (printed_page([row(12), row(13), row(25)]), 3), first=12)
    read(office, batch)
    assert suggestions(batch) == [(12, True), (13, True), (25, False)] and numbers_of(batch) == [12, 13, 14]
    client = desk(office)
    shown = client.get(reverse("digitisation:cases", args=[batch.id])).content.decode()
    assert shown.count("máy đọc: 25") == 1 and shown.count("máy đọc khớp") == 2
    case = queries.cases_of(batch)[2]
    assert case.number_by == "sequence"
    url = reverse("digitisation:case_read_number", args=[case.id])
    client.post(url, {"version": case.version})
    case.refresh_from_db()
    assert (case.number, case.number_by) == (25, "reader") and suggestions(batch)[2] is None
    assert "máy đọc: 25" not in client.get(reverse("digitisation:cases", args=[batch.id])).content.decode()


@needs_tesseract
def test_what_is_kept_of_a_reading_names_the_model_and_has_no_other_text(office: Office, tesseract: None) -> None:
    batch = numbered(office, (printed_page([row(12)], 7), 1))
    case = keyed_and_linked(office, batch)
    read(office, batch)
    case.refresh_from_db()
    page = ScanPage.objects.get(batch=batch)
    assert case.reading["engine"] == "tesseract" and "vie" in case.reading["version"] and case.reading["number"] == 12
    assert page.reading["numbers"] == {"top right": 7}
    kept = json.dumps([case.reading, page.reading, list(Entry.objects.values_list("facts", flat=True))])
    for text in ("Nguy", "Hải", "01.06", "1 6 2016"):
        assert text not in kept
    assert Entry.objects.filter(verb="scan_page.machine_read", subject_id=str(page.id)).count() == 1
    assert Entry.objects.filter(verb="scanned_case.machine_read", subject_id=str(case.id)).count() == 1
    assert faults_of_chain(office.id) == []


@needs_tesseract
def test_a_number_is_taken_over_only_as_long_as_it_was_read_there(office: Office, tesseract: None) -> None:
    batch = numbered(office, (printed_page([row(25)]), 1))
    case = queries.cases_of(batch)[0]
    accept: dict[str, Any] = {"actor": preparer(office), "at": AT, "case_id": case.id, "version": case.version}
    with pytest.raises(RuleBroken) as unread:
        services.accept_read_number(**accept)
    read(office, batch)
    page = ScanPage.objects.get(batch=batch)
    page.flat = flat_of(page, printed_page([row(26)]))
    page.save()
    with pytest.raises(RuleBroken) as outdated:
        services.accept_read_number(**accept)
    with pytest.raises(RuleBroken) as forbidden:
        services.accept_read_number(**{**accept, "actor": preparer(office, rights=frozenset({"case.read"}))})
    codes = [caught.value.code for caught in (unread, outdated, forbidden)]
    assert codes == ["number_not_read", "number_not_read", "not_allowed"]
    read(office, batch)
    assert services.accept_read_number(**accept).number == 26


@needs_tesseract
def test_a_page_that_cannot_be_read_harms_no_other(office: Office, tesseract: None) -> None:
    batch = numbered(office, (b"\xff\xd8\xff broken", 1), (printed_page([row(25)]), 1))
    read(office, batch)
    batch.refresh_from_db()
    assert suggestions(batch) == [None, (25, False)] and batch.failure == ""
    assert not services.read_next_pages(actor=preparer(office), at=AT, batch_id=batch.id)  # not again and again


# ---- the order of pages


@needs_tesseract
def test_page_numbers_against_the_order_are_told_and_followed_by_one_button(office: Office, tesseract: None) -> None:
    pages = [(printed_page([row(place)], number), 1) for place, number in enumerate((43, 41, 42), start=1)]
    batch = numbered(office, *pages)
    assert queries.printed_order(batch) is None
    read(office, batch)
    first, second, third = (page.id for page in queries.pages_of(batch))
    found = queries.printed_order(batch)
    assert found is not None and found.order == (second, third, first) and (found.gaps, found.doubles) == ((), ())
    client, order = desk(office), reverse("digitisation:batch_order_printed", args=[batch.id])
    reviewer = desk(office, "approver", "hoa.thu")
    address = reverse("digitisation:batch", args=[batch.id])
    assert order in client.get(address).content.decode() and order not in reviewer.get(address).content.decode()
    assert reviewer.post(order, {"version": batch.version}).status_code == 403
    batch.refresh_from_db()
    client.post(order, {"version": batch.version})
    assert [page.id for page in queries.pages_of(batch)] == [second, third, first]
    batch.refresh_from_db()
    assert batch.ordered_by_hand and order not in client.get(address).content.decode()
    with pytest.raises(RuleBroken) as caught:
        services.order_by_printed_pages(actor=preparer(office), at=AT, batch_id=batch.id, version=batch.version)
    assert caught.value.code == "printed_order_unknown"
    assert Entry.objects.filter(verb="scan_batch.ordered_by_print").count() == 1


# ---- second opinions


@needs_tesseract
def test_a_reviewer_is_told_what_agrees_and_what_differs_after_it_was_keyed(office: Office, tesseract: None) -> None:
    batch = numbered(office, (printed_page([row(1, born="01.08.2016")]), 1))
    read(office, batch)  # before anything is keyed
    case = queries.cases_of(batch)[0]
    assert case.reading["opinions"] == {} and not queries.may_have_opinion(case, preparer(office))
    case = keyed_and_linked(office, batch)
    assert queries.may_have_opinion(case, preparer(office))
    assert queries.second_opinion_of(case, preparer(office)) is None
    client, url = desk(office), reverse("digitisation:case", args=[case.id])
    assert "Máy chưa đọc đối chiếu" in client.get(url).content.decode()
    client.post(reverse("digitisation:case_read_again", args=[case.id]))
    assert jobs() == 1
    before = Case.objects.get(number=1)
    read(office, batch)
    case = queries.scanned_case(case.id, preparer(office))
    found = queries.second_opinion_of(case, preparer(office))
    assert found is not None and {each.field: each.opinion for each in found.opinions} == {
        "number": "agrees", "name": "agrees", "birth": "differs", "registered": "agrees"
    }  # fmt: skip
    after = Case.objects.get(number=1)
    assert (after.as_recorded, after.version) == (before.as_recorded, before.version)
    shown = client.get(url).content.decode()
    assert "Máy đọc đối chiếu" in shown and "01.08.2016" not in shown
    keyer = preparer(office, rights=PREPARES - {"scan.review"})
    assert queries.second_opinion_of(case, keyer) is None
    assert "Máy đọc đối chiếu" not in desk(office, "keyer", "nhap.thu").get(url).content.decode()


@needs_tesseract
def test_an_opinion_is_void_once_the_value_is_changed(office: Office, tesseract: None) -> None:
    batch = numbered(office, (printed_page([row(1)]), 1))
    case = keyed_and_linked(office, batch)
    read(office, batch)
    entry = Case.objects.get(number=1)
    correct_case(
        actor=preparer(office), at=AT, case_id=entry.id, version=entry.version,
        values={**entry.as_recorded, "child_full_name": "Nguyễn Minh Hạnh"},
    )  # fmt: skip
    case = queries.scanned_case(case.id, preparer(office))
    assert queries.second_opinion_of(case, preparer(office)) is None
    read(office, batch)
    case = queries.scanned_case(case.id, preparer(office))
    found = queries.second_opinion_of(case, preparer(office))
    assert found is not None and {each.field: each.opinion for each in found.opinions}["name"] == "differs"
