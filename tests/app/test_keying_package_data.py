"""What a keyer's browser loads: the data of a package, pictures, words learned; and who gets none of it."""

from __future__ import annotations

import io
from typing import Any

import numpy
import pytest
from django.test import Client
from PIL import Image

from hotich.audit.models import Entry as AuditEntry
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScannedCase, ScanPage
from hotich.files.services import store_file
from hotich.keying.models import KeyingPackage, PackageItem
from hotich.keying.queries.learned import count_words, forget_learned, learned_at
from hotich.keying.queries.package_data import package_data
from hotich.keying.queries.pictures import BUDGET, draw_picture, facts_of_pictures
from hotich.keying.services.packages import release_package
from tests.app.accounts_parts import sign_in
from tests.app.intake_parts import AT, bring_in, rows_of, workbook
from tests.app.keying_parts import Team, a_package, a_scanned_package, a_team, checked_out, items_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(in_scope: Any) -> Team:
    forget_learned()
    found = a_team()
    in_scope(found.office)
    return found


def flat_picture(width: int, height: int) -> bytes:
    """A JPEG full of noise, the hardest there is to make small."""
    pixels = numpy.random.default_rng(5).integers(0, 255, (height, width, 3)).astype(numpy.uint8)
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=90)
    return target.getvalue()


def with_flats(team: Team, package: KeyingPackage) -> list[PackageItem]:
    """The places of a package, its pages with real pictures."""
    items = items_of(team, package)
    cases = ScannedCase.objects.filter(id__in=[item.scanned_case_id for item in items])
    for page in ScanPage.objects.filter(id__in={part["page"] for case in cases for part in case.parts}):
        content = flat_picture(page.width or 0, page.height or 0)
        page.flat = store_file(
            office_id=team.office.id, name=f"{page.id}.jpg", content=content, media_type="image/jpeg",
            actor=team.officer, at=AT,
        )  # fmt: skip
        page.save()
    return items


def client_of(team: Team, name: str) -> Client:
    client = Client()
    sign_in(client, team.accounts[name])
    return client


def test_the_keyer_loads_head_form_and_places_in_one_piece(team: Team) -> None:
    package = checked_out(team, a_scanned_package(team))
    found = client_of(team, "keyer").get(f"/nhap-lieu/goi/{package.id}/du-lieu.json")
    assert found.status_code == 200
    assert found["Cache-Control"] == "private, no-store"
    data = found.json()
    assert data["package"]["book"]["label"] == "01/2016"
    assert [(item["number"], item["state"], item["entry"]) for item in data["items"]] == [
        (1, "open", None), (2, "open", None), (3, "open", None),
    ]  # fmt: skip
    assert all(item["picture"]["width"] > 0 for item in data["items"])
    assert data["carry"]["register_book_no"] == "01/2016"
    assert data["form"]["sections"]


def test_each_loading_is_one_reading_in_the_trail(team: Team) -> None:
    package, client = checked_out(team), client_of(team, "keyer")
    for _ in range(2):
        client.get(f"/nhap-lieu/goi/{package.id}/du-lieu.json")
    loaded = AuditEntry.objects.filter(verb="package.loaded", subject_id=str(package.id))
    assert [(entry.actor_id, entry.facts["cases"]) for entry in loaded] == [(team.keyer.officer_id, 3)] * 2


@pytest.mark.parametrize("name", ["keyer2", "helper", "officer", "leader", "checker"])
def test_nobody_but_its_keyer_loads_a_package(team: Team, name: str) -> None:
    package = checked_out(team)
    assert client_of(team, name).get(f"/nhap-lieu/goi/{package.id}/du-lieu.json").status_code in (403, 404)
    assert not AuditEntry.objects.filter(verb="package.loaded").exists()


def test_a_package_that_was_given_back_is_loaded_no_more(team: Team) -> None:
    package, client = checked_out(team), client_of(team, "keyer")
    release_package(actor=team.keyer, at=AT, package_id=package.id, reason="hết ca")
    assert client.get(f"/nhap-lieu/goi/{package.id}/du-lieu.json").status_code == 404


def test_a_picture_is_small_and_as_large_as_was_told(team: Team) -> None:
    package = a_scanned_package(team)
    items = with_flats(team, package)
    facts = facts_of_pictures(items)
    for item in items:
        content = draw_picture(item)
        with Image.open(io.BytesIO(content)) as image:
            assert abs(image.width / image.height - facts[item.id].width / facts[item.id].height) < 0.01
        assert len(content) <= BUDGET


def test_pictures_are_for_the_keyer_and_for_readers_of_cases_only(team: Team) -> None:
    package = a_scanned_package(team)
    address = f"/nhap-lieu/anh/{with_flats(team, package)[0].id}.jpg"
    checked_out(team, package, by="helper")
    seen = {name: client_of(team, name).get(address).status_code for name in ("helper", "keyer2", "leader", "checker")}
    # a keyer holds the right to read cases at his office; a helper holds nothing but his package
    assert seen == {"helper": 200, "keyer2": 200, "leader": 200, "checker": 200}
    noted = AuditEntry.objects.filter(verb="scan.read").values_list("actor_id", flat=True)
    assert set(noted) == {getattr(team, name).officer_id for name in ("keyer2", "leader", "checker")}


def test_a_helper_sees_no_picture_of_another_package(team: Team) -> None:
    package = a_scanned_package(team)
    items = with_flats(team, package)
    client = client_of(team, "helper")
    assert client.get(f"/nhap-lieu/anh/{items[0].id}.jpg").status_code == 404
    checked_out(team, package, by="helper")
    assert client.get(f"/nhap-lieu/anh/{items[0].id}.jpg").status_code == 200
    release_package(actor=team.helper, at=AT, package_id=package.id, reason="hết ca")
    assert client.get(f"/nhap-lieu/anh/{items[0].id}.jpg").status_code == 404


def test_a_place_without_a_scan_has_no_picture(team: Team) -> None:
    package = checked_out(team, a_package(team))
    item = items_of(team, package)[0]
    assert client_of(team, "keyer").get(f"/nhap-lieu/anh/{item.id}.jpg").status_code == 404


def test_a_second_keying_hears_nothing_of_the_first(team: Team) -> None:
    package = checked_out(team)
    data = package_data(team.checker, package, kind="critical")
    assert {item["state"] for item in data["items"]} == {"open"}
    assert {item["entry"] for item in data["items"]} == {None}
    assert set(data["carry"]) <= {"register_book_no"}
    asked = [field for section in data["form"]["sections"] for field in section["fields"]]
    assert asked
    assert all(field["critical"] for field in asked)


def test_words_that_several_cases_share_are_learned_and_those_of_one_are_not(team: Team) -> None:
    rows = rows_of("KS", 3)
    rows[0]["nksNoiSinh"] = "Trạm y tế xã Lạ Lùng"
    bring_in(team.office, workbook(rows))
    with office_scope([team.office.id]):
        learned = learned_at(team.office)
    assert learned["surname"]
    assert learned["place"]
    assert "Trạm y tế xã Lạ Lùng" not in learned["place"]


def test_restricted_fields_teach_nothing(team: Team) -> None:
    values = {"death_cause": "Bệnh hiểm nghèo", "deceased_full_name": "Vi Văn Bảy"}
    counted = count_words([("KT-L2014-1", values), ("KT-L2014-1", values)])
    assert counted["surname"]["Vi"] == 2
    assert all("Bệnh hiểm nghèo" not in words for words in counted.values())
