"""The kinship drawing on the page of a person: every edge with its record, two generations each way, by right."""

from __future__ import annotations

import re

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from records_support import actor_at, enter, offices

from hotich.database.scope import office_scope
from hotich.persons.models import PersonLink
from hotich.records.models import Record
from hotich.units.models import Office

pytestmark = pytest.mark.django_db


def signed_in(office: Office, role: str = "civil_status_officer", login: str = "lan.thu") -> Client:
    client = Client()
    client.force_login(make_officer(login, office=office, role=role), settings.AUTHENTICATION_BACKENDS[-1])
    return client


def born(office: Office, number: int, name: str, own: str, father: str, father_number: str) -> Record:
    return enter(actor_at(office), office, "KS", year=2001, number=number, child_full_name=name, child_sex="1",
                 child_birth_date="05/01/2001", child_personal_id=own, father_full_name=father,
                 father_id_doc_type="4", father_id_doc_number=father_number)  # fmt: skip


def drawing(client: Client, record: Record, role: str) -> str:
    person = PersonLink.objects.get(participant__record=record, participant__role=role).person_id
    page = client.get(reverse("persons:person", args=[person])).content.decode()
    found = re.search(r'<svg class="family".*?</svg>', page, re.S)
    assert found is not None
    return found[0]


def test_grandparents_and_grandchildren_are_drawn_with_the_records_that_prove_them() -> None:
    (office,) = offices(1)
    with office_scope({office.id}):
        old = born(office, 1, "Lê Văn Cha", "001070000011", "Lê Văn Ông", "001040000012")
        middle = born(office, 2, "Lê Văn Con", "001095000013", "Lê Văn Cha", "001070000011")
        young = born(office, 3, "Lê Văn Cháu", "001201000014", "Lê Văn Con", "001095000013")
        officer = signed_in(office)
        of_middle = drawing(officer, middle, "child")
        for name, proof in (("Lê Văn Cha", middle), ("Lê Văn Ông", old), ("Lê Văn Cháu", young)):
            assert name in of_middle
            assert f'href="{reverse("records:record", args=[proof.id])}"' in of_middle
        assert "Lê Văn Cháu" in drawing(officer, old, "child")


def test_thirteen_children_are_all_there() -> None:
    (office,) = offices(1)
    with office_scope({office.id}):
        records = [born(office, n, f"Trần Con {n}", "", "Trần Văn Bách", "001070000055") for n in range(1, 14)]
        svg = drawing(signed_in(office), records[0], "father")
        assert svg.count('class="family-box') == 14


def test_an_adoption_is_not_drawn_for_whoever_may_not_see_it() -> None:
    (office,) = offices(1)
    with office_scope({office.id}):
        marriage = enter(actor_at(office), office, "KH", year=1999, husband_full_name="Ngô Văn Minh",
                         husband_id_doc_type="1", husband_id_doc_number="210111222", wife_full_name="Lê Thị Cúc")  # fmt: skip
        enter(actor_at(office), office, "CN", adoptee_full_name="Ngô Thị Lan", adoptive_father_full_name="Ngô Văn Minh",
              adoptive_father_id_doc_type="1", adoptive_father_id_doc_number="210111222")  # fmt: skip
        assert "Ngô Thị Lan" in drawing(signed_in(office), marriage, "husband")
        hidden = drawing(signed_in(office, "approver", "duyet.thu"), marriage, "husband")
        assert "Lê Thị Cúc" in hidden
        assert "Ngô Thị Lan" not in hidden


def test_a_divorced_spouse_is_labelled_so() -> None:
    (office,) = offices(1)
    couple = {"husband_full_name": "Cao Văn Rạng", "wife_full_name": "Lý Thị Sen"}
    with office_scope({office.id}):
        marriage = enter(actor_at(office), office, "KH", year=2010, number=12, marriage_status="Đã ly hôn",
                         dissolution_note_date="01/02/2019", **couple)  # fmt: skip
        svg = drawing(signed_in(office), marriage, "husband")
        assert "Kết hôn 12/2010 (đã ly hôn" in svg
        assert "is-former" in svg
