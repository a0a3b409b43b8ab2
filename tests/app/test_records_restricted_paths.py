"""Restricted facts on every way out: page, parts of the page, print, search, person, export, notices – by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from intake_parts import a_pdf
from records_support import AT, actor_at, enter, offices

from hotich.accounts.rules.roles import ROLES
from hotich.audit.models import Entry, Event
from hotich.database.scope import office_scope
from hotich.files.services import store_file
from hotich.intake.queries.book_rows import book_rows
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import PersonLink
from hotich.records.models import Annotation, Attachment, Record
from hotich.records.queries import record_view
from hotich.records.services import AnnotationDraft, SealBasis, annotate_record, seal_annotation
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

SECRET = "Bí mật phải giấu"
BASIS = {"basis_number": "12/QĐ", "basis_authority": "UBND"}


@pytest.fixture
def office() -> Office:
    return offices(1)[0]


@pytest.fixture
def world(office: Office, in_scope: Any) -> Iterator[dict[str, Record]]:
    """A death with its cause, an adoption with who gave the child, a birth with a sealed note and a note on adoption."""
    in_scope(office)
    actor = actor_at(office)
    records = {
        "death": enter(actor, office, "KT", year=2019, deceased_full_name="Vũ Văn Đức", cause_of_death=SECRET),
        "adoption": enter(actor, office, "CN", year=2018, adoptee_full_name="Ngô Thị Lan",
                          giving_mother_full_name=SECRET, adoptive_father_full_name="Ngô Văn Minh"),
        "birth": enter(actor, office, "KS", year=2001, child_full_name="Ngô Thị Lan", child_birth_place=SECRET,
                       remarks=f"Đã cho làm con nuôi: {SECRET}"),
    }  # fmt: skip
    drafts = [AnnotationDraft("change", SECRET, "child_birth_place", "Nơi khác", restricted=True, **BASIS)]
    annotate_record(actor=actor, at=AT, record_id=records["birth"].id, drafts=drafts)
    yield records


def reader(office: Office, role: str = "approver") -> Client:
    client = Client()
    client.force_login(make_officer(f"{role}.thu", office=office, role=role), settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.mark.parametrize("kind", ["death", "adoption", "birth"])
def test_no_part_of_a_page_tells_it(world: dict[str, Record], office: Office, kind: str) -> None:
    client, record = reader(office), world[kind]
    own = reverse("records:record", args=[record.id])
    pages = [*(f"{own}?phan={part}" for part in ("goc", "ghi-chu", "hien-tai", "ban-du-lieu", "lich-su")),
             reverse("records:print_record", args=[record.id]), reverse("persons:of_record", args=[record.id]),
             reverse("records:book", args=[record.book_id]), reverse("persons:break_glass", args=[record.id])]  # fmt: skip
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert SECRET not in answer.content.decode(), page
    full = reader(office, "civil_status_officer")
    assert any(SECRET in full.get(page).content.decode() for page in pages[:3])


def test_neither_search_nor_the_person_page_tells_it(world: dict[str, Record], office: Office) -> None:
    client = reader(office)
    found = client.post(reverse("records:search"), {"q": SECRET}).content.decode()
    assert reverse("records:record", args=[world["adoption"].id]) not in found
    for link in PersonLink.objects.exclude(participant__restricted=True):
        answer = client.get(reverse("persons:person", args=[link.person_id]))
        assert answer.status_code in (200, 404)
        assert SECRET not in answer.content.decode()


@pytest.mark.parametrize(("letters", "year"), [("KT", 2019), ("CN", 2018), ("KS", 2001)])
@pytest.mark.parametrize("current", [False, True])
def test_no_exported_row_tells_it(
    world: dict[str, Record], office: Office, letters: str, year: int, current: bool
) -> None:
    def rows(restricted: bool) -> str:
        return str(
            book_rows(
                office_id=office.id, letters=letters, label=f"01/{year}", unapproved=False, current=current, template="",
                restricted=restricted,
            ).rows
        )  # fmt: skip

    assert SECRET in rows(True)
    assert SECRET not in rows(False)


def test_a_note_that_names_an_adoption_is_restricted_whatever_its_kind(
    world: dict[str, Record], office: Office
) -> None:
    text = "Được ông bà Ngô nhận làm con nuôi"
    (note,) = annotate_record(
        actor=actor_at(office), at=AT, record_id=world["birth"].id, drafts=[AnnotationDraft("other", text)]
    )
    assert note.restricted


def test_a_note_is_sealed_by_decision_and_opened_by_another(world: dict[str, Record], office: Office) -> None:
    actor, record = actor_at(office), world["death"]
    (note,) = annotate_record(
        actor=actor, at=AT, record_id=record.id,
        drafts=[AnnotationDraft("correction", "Cải chính nơi cư trú", "deceased_usual_residence", "Thôn 2", **BASIS)],
    )  # fmt: skip
    blind = actor_at(office, rights=ROLES["approver"].rights)
    assert "deceased_usual_residence" in record_view(record.id, blind).current_shown.values
    sealed = {"at": AT, "annotation_id": note.id, "sealed": True, "basis": SealBasis("7/QĐ", "Tòa án", "01/02/2026")}
    for more, code in (({"actor": blind}, "not_allowed"), ({"basis": SealBasis("", "")}, "annotation_without_basis"),
                       ({"actor": actor_at(offices(2)[1])}, "annotation_unknown")):  # fmt: skip
        with pytest.raises(RuleBroken) as refusal:
            seal_annotation(**{"actor": actor} | sealed | more)
        assert refusal.value.code == code
    seal_annotation(actor=actor, **sealed)
    view = record_view(record.id, blind)
    assert view.hides_annotations
    assert "deceased_usual_residence" in view.current_shown.hidden
    assert "deceased_usual_residence" in record_view(record.id, actor).current_shown.values
    assert Event.objects.filter(kind="record.annotation_sealed").count() == 1
    assert Entry.objects.get(verb="record.annotation_sealed").facts["sequence"] == 1
    seal_annotation(actor=actor, **sealed | {"sealed": False})
    assert "deceased_usual_residence" in record_view(record.id, blind).current_shown.values


def test_what_the_law_restricts_is_not_opened_by_a_decision(world: dict[str, Record], office: Office) -> None:
    actor = actor_at(office)
    annotate_record(
        actor=actor, at=AT, record_id=world["birth"].id, drafts=[AnnotationDraft("adoption", "Nhận nuôi", **BASIS)]
    )
    note = Annotation.objects.get(kind="adoption")
    with office_scope([office.id]), pytest.raises(RuleBroken) as refusal:
        seal_annotation(actor=actor, at=AT, annotation_id=note.id, sealed=False, basis=SealBasis("7/QĐ", "Tòa án"))
    assert refusal.value.code == "seal_by_law"


def test_the_page_of_a_seal_asks_for_the_decision(world: dict[str, Record], office: Office) -> None:
    client, note = reader(office, "civil_status_officer"), Annotation.objects.get(text=SECRET)
    url = reverse("persons:seal", args=[note.record_id, note.id])
    assert "Bỏ niêm phong" in client.get(url).content.decode()
    assert client.post(url, {"basis_number": "7/QĐ", "basis_authority": "Tòa án"}).status_code == 302
    assert not Annotation.objects.get(id=note.id).restricted
    assert reader(office, "approver").get(url).status_code == 403


@pytest.mark.parametrize(("kind", "shown"), [("death", False), ("adoption", False), ("birth", False), ("plain", True)])
def test_a_scan_that_shows_a_hidden_field_is_hidden_itself(
    world: dict[str, Record], office: Office, kind: str, shown: bool
) -> None:
    actor = actor_at(office)
    world["plain"] = enter(actor, office, "KT", year=2017, deceased_full_name="Lê Văn Tám")
    stored = store_file(office_id=office.id, name=f"{kind}.pdf", content=a_pdf(mark=kind), media_type="application/pdf",
                        actor=actor, at=AT)  # fmt: skip
    scan = Attachment.objects.create(origin_office=office, record=world[kind], file=stored, created_at=AT)
    url = reverse("records:scan", args=[scan.id])
    client = reader(office)
    page = client.get(reverse("records:record", args=[world[kind].id])).content.decode()
    assert (url in page) is shown
    assert client.get(url).status_code == (200 if shown else 409)
    assert reader(office, "commune_leader").get(url).status_code == 200
