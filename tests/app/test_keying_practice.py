"""The practice book: right answers, drawn pictures, and nothing of it that could ever be stored."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from hotich.database.scope import office_scope
from hotich.kernel.problems import RuleBroken, Severity
from hotich.keying.models import Entry
from hotich.keying.queries.practice import practice_data, practice_picture
from hotich.keying.rules.form_data import form_data
from hotich.keying.rules.practice import CASES, PRACTICE_REGISTERS, cases_of, is_practice, package_id, regions_of
from hotich.keying.rules.sync import SyncItem
from hotich.keying.services.sync import receive_items
from hotich.registers.rules.examine import examine
from hotich.registers.types import version_for
from hotich.registers.types.declaration import Channel, Kind
from tests.app.keying_parts import AT, a_team

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def test_there_are_twelve_cases_of_three_registers_from_easy_to_hard() -> None:
    assert len(CASES) == 12
    assert {case.letters for case in CASES} == {"KS", "KH", "KT"}
    for letters in PRACTICE_REGISTERS:
        levels = [case.level for case in cases_of(letters)]
        assert levels == sorted(levels) and {1, 2, 3} <= set(levels)
    assert len({case.id for case in CASES}) == 12


@pytest.mark.parametrize("letters", PRACTICE_REGISTERS)
def test_every_answer_is_one_the_form_can_give_and_the_server_takes_without_an_error(letters: str) -> None:
    version = version_for(letters, PRACTICE_REGISTERS[letters])
    form = form_data(version)
    fields = {field["code"]: field for section in form["sections"] for field in section["fields"]}
    for case in cases_of(letters):
        assert set(case.values) <= set(fields), case.place
        for code, value in case.values.items():
            if isinstance(value, str) and fields[code]["kind"] == Kind.CODE:
                assert value in {entry[0] for entry in form["lists"][fields[code]["list"]]}, (case.place, code)
        if case.state == "case":
            found = examine(version, dict(case.values), channel=Channel.HISTORICAL)
            assert [each for each in found.problems if each.severity is Severity.ERROR] == [], case.place


@pytest.mark.parametrize("letters", PRACTICE_REGISTERS)
def test_a_practice_package_has_the_shape_of_any_package_with_answers(letters: str) -> None:
    data = practice_data(letters)
    assert data["package"]["kind"] == "practice" and data["package"]["id"] == str(package_id(letters))
    assert list(data["answers"]) == [item["id"] for item in data["items"]]
    assert [answer["level"] for answer in data["answers"].values()] == [case.level for case in cases_of(letters)]
    for item in data["items"]:
        content, wide, high = practice_picture(next(case.id for case in CASES if str(case.id) == item["id"]))
        assert (item["picture"]["width"], item["picture"]["height"], item["picture"]["bytes"]) == (
            wide,
            high,
            len(content),
        )
        assert Image.open(io.BytesIO(content)).size == (wide, high)
        assert data["answers"][item["id"]]["hint"]


@pytest.mark.parametrize("letters", PRACTICE_REGISTERS)
def test_the_regions_lie_on_the_picture_and_name_fields_of_the_answers(letters: str) -> None:
    regions = regions_of(letters)
    asked = {code for case in cases_of(letters) for code in case.values}
    assert asked <= set(regions)
    assert all(0 <= left < right <= 1 and 0 <= top < bottom <= 1 for left, top, right, bottom in regions.values())


def test_the_ids_of_practice_are_known_as_such_and_a_strange_register_has_none() -> None:
    assert all(is_practice(package_id(letters)) for letters in PRACTICE_REGISTERS)
    assert not is_practice(CASES[0].id)
    with pytest.raises(RuleBroken, match="practice_unknown"):
        practice_data("CN")


@pytest.mark.django_db
def test_a_helper_may_practise_and_what_is_not_there_answers_404() -> None:
    client = Client()
    client.force_login(a_team().accounts["helper"], backend=BACKEND)
    assert client.get("/nhap-lieu/luyen-tap/").status_code == 200
    data: dict[str, Any] = client.get("/nhap-lieu/luyen-tap/KS.json").json()
    picture = client.get(data["items"][0]["picture"]["url"])
    assert picture["Content-Type"] == "image/jpeg"
    assert client.get("/nhap-lieu/luyen-tap/CN.json").status_code == 404
    assert client.get(f"/nhap-lieu/luyen-tap/anh/{package_id('KS')}.jpg").status_code == 404


@pytest.mark.django_db
def test_who_has_nothing_to_do_with_keying_does_not_practise() -> None:
    client = Client()
    client.force_login(a_team().accounts["approver"], backend=BACKEND)
    assert client.get("/nhap-lieu/luyen-tap/").status_code == 403


@pytest.mark.django_db
def test_the_server_refuses_whatever_is_sent_of_the_practice_book() -> None:
    case = CASES[0]
    item = SyncItem(
        client_id=uuid4(), package=package_id("KS"), item=case.id, revision=1, kind="key", schema_version="KS-ND158-1",
        state="case", saved_at=int(AT.timestamp() * 1000), values=dict(case.values), number=case.number,
    )  # fmt: skip
    team = a_team()
    answer = receive_items(actor=team.keyer, at=AT, items=[item])[0]
    assert answer.result == "refused" and answer.code == "package_unknown"
    with office_scope([team.office.id]):
        assert not Entry.objects.exists()
