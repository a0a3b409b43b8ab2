"""The pages of packages: a keyer's home, the gate, the leader's list, one package, cutting, the pledge; who sees what."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hotich.database.scope import office_scope
from hotich.keying.models import BookWork, KeyingPackage, Pledge
from hotich.keying.services.sync import receive_items
from tests.app.accounts_parts import sign_in
from tests.app.keying_checking_parts import an_item, values_of
from tests.app.keying_parts import (
    AT,
    NAMES,
    Team,
    a_listed_book,
    a_package,
    a_team,
    checked_out,
    items_of,
    scanned_cases,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(in_scope: Any) -> Team:
    found = a_team()
    in_scope(found.office)
    return found


def client_of(team: Team, name: str) -> Client:
    client = Client()
    sign_in(client, team.accounts[name])
    return client


def test_a_keyer_takes_a_package_from_his_home_and_comes_to_the_screen(team: Team) -> None:
    package, client = a_package(team), client_of(team, "keyer")
    home = client.get("/nhap-lieu/")
    assert home.status_code == 200
    assert f"/nhap-lieu/goi/{package.id}/nhan/" in home.content.decode()
    taken = client.post(f"/nhap-lieu/goi/{package.id}/nhan/")
    assert (taken.status_code, taken["Location"]) == (302, f"/nhap-lieu/man-hinh/#{package.id}")
    assert f"/nhap-lieu/man-hinh/#{package.id}" in client.get("/nhap-lieu/").content.decode()


def test_a_keyer_gives_a_package_back_with_a_reason(team: Team) -> None:
    package, client = checked_out(team), client_of(team, "keyer")
    address = f"/nhap-lieu/goi/{package.id}/tra/"
    page = client.get(address)
    said = {"seen": page.context["form"]["seen"].value(), "looked": "on", "reason": "sổ rách từ số 2"}
    for left_out in ("seen", "looked", "reason"):  # unseen, or work left without a reason: the list again
        assert client.post(address, {**said, left_out: ""}).status_code == 422
    package.refresh_from_db()
    assert package.state == "out"
    assert client.post(address, said).status_code == 302
    package.refresh_from_db()
    assert package.state == "released"


def test_a_package_before_its_time_asks_for_the_reason_on_a_page(team: Team) -> None:
    a_listed_book(team, letters="KH", phase=1, group=1)
    package = a_package(team, a_listed_book(team, phase=1, group=2))
    client = client_of(team, "keyer")
    asked = client.post(f"/nhap-lieu/goi/{package.id}/nhan/")
    assert asked.status_code == 422
    assert "kết hôn" in asked.content.decode()
    client.post(f"/nhap-lieu/goi/{package.id}/nhan/", {"reason": "người dân chờ"})
    package.refresh_from_db()
    assert (package.state, package.gate_reason) == ("out", "người dân chờ")


def test_whoever_has_not_signed_is_led_to_the_pledge_and_signs_it_there(in_scope: Any) -> None:
    team = a_team(signed=False)
    in_scope(team.office)
    package, client = a_package(team), client_of(team, "helper")
    assert client.post(f"/nhap-lieu/goi/{package.id}/nhan/")["Location"] == "/nhap-lieu/cam-ket/"
    page = client.get("/nhap-lieu/cam-ket/")
    version = page.context["text"].version
    wrong = client.post("/nhap-lieu/cam-ket/", {"version": version, "signed_name": "Ai Đó"})
    assert wrong.status_code == 422
    assert not Pledge.objects.exists()
    done = client.post("/nhap-lieu/cam-ket/", {"version": version, "signed_name": f" {NAMES['helper'].upper()} "})
    assert done["Location"] == "/nhap-lieu/"
    assert NAMES["helper"] in client.get("/nhap-lieu/cam-ket/in/").content.decode()
    client.post(f"/nhap-lieu/goi/{package.id}/nhan/")
    package.refresh_from_db()
    assert package.state == "out"


def test_the_leader_sees_every_package_and_narrows_the_list(team: Team) -> None:
    book = a_listed_book(team)
    first = checked_out(team, a_package(team, book))
    second = a_package(team, book, first=10)
    client = client_of(team, "leader")

    def shown(query: str) -> set[str]:
        page = client.get(f"/nhap-lieu/goi/{query}").content.decode()
        return {str(package.id) for package in (first, second) if f"row-{package.id}" in page}

    both = {str(first.id), str(second.id)}
    assert shown("") == both
    assert shown("?trang_thai=out") == {str(first.id)}
    assert shown(f"?nguoi={team.keyer.officer_id}") == {str(first.id)}
    assert shown("?so=1/2016&loai=KS") == both
    assert shown("?so=01/2015") == set()
    assert shown("?so=%27&trang_thai=nothing&page=x") == both  # what no filter knows narrows nothing


def test_the_leader_cuts_a_book_assigns_takes_back_and_withdraws(team: Team) -> None:
    book, client = a_listed_book(team), client_of(team, "leader")
    assert f"/nhap-lieu/goi/lap/{book.id}/" in client.get("/nhap-lieu/goi/lap/").content.decode()
    form = client.get(f"/nhap-lieu/goi/lap/{book.id}/").context["form"]
    given = {
        "source": "numbers", "first": 1, "last": 4, "year": 2016, "size": 4, "mode": "review",
        "request_key": str(form["request_key"].value()),
    }  # fmt: skip
    assert client.post(f"/nhap-lieu/goi/lap/{book.id}/", {**given, "first": ""}).status_code == 422
    assert client.post(f"/nhap-lieu/goi/lap/{book.id}/", given).status_code == 302
    package = KeyingPackage.objects.get()
    address = f"/nhap-lieu/goi/{package.id}/"
    client.post(f"{address}giao/", {"officer": str(team.keyer.officer_id)})
    package.refresh_from_db()
    assert package.assigned_to == team.keyer.officer_id
    client.post(f"{address}giao/", {"officer": "x"})
    checked_out(team, package)
    client.post(f"{address}thu-hoi/", {"reason": "mất máy"})
    page = client.get(address).content.decode()
    assert "mất máy" in page
    client.post(f"{address}rut/", {"reason": "nhầm sổ"})
    package.refresh_from_db()
    assert package.state == "withdrawn"


def test_a_book_is_cut_from_its_scans_while_some_are_in_no_package(team: Team) -> None:
    book, client = a_listed_book(team), client_of(team, "leader")
    scanned_cases(team, book, counts=(3,))

    def sources() -> list[str]:
        page = client.get(f"/nhap-lieu/goi/lap/{book.id}/")
        return [value for value, _ in page.context["form"].fields["source"].choices]

    assert sources() == ["scans", "numbers"]
    given = {"source": "scans", "size": 2, "mode": "double", "request_key": str(uuid4())}
    assert client.post(f"/nhap-lieu/goi/lap/{book.id}/", given).status_code == 302
    assert sorted(KeyingPackage.objects.values_list("items_total", "mode")) == [(1, "double"), (2, "double")]
    assert sources() == ["numbers"]


def test_a_checker_returns_a_package_with_a_reason_its_keyer_reads(team: Team) -> None:
    package = checked_out(team)
    keyer = client_of(team, "keyer")
    address = f"/nhap-lieu/goi/{package.id}/tra/"
    seen = keyer.get(address).context["form"]["seen"].value()
    keyer.post(address, {"seen": seen, "looked": "on", "reason": "hết ca"})
    client_of(team, "checker").post(f"/nhap-lieu/goi/{package.id}/tra-lai/", {"reason": "sai năm sinh"})
    assert "sai năm sinh" in keyer.get("/nhap-lieu/").content.decode()


def test_a_helper_opens_his_own_package_and_nothing_else(team: Team) -> None:
    book = a_listed_book(team)
    own, other = a_package(team, book), checked_out(team, a_package(team, book, first=10))
    checked_out(team, own, by="helper")
    client = client_of(team, "helper")
    answers = {
        address: client.get(address).status_code
        for address in (
            "/nhap-lieu/", "/nhap-lieu/cam-ket/", f"/nhap-lieu/goi/{own.id}/", f"/nhap-lieu/goi/{own.id}/du-lieu.json",
            f"/nhap-lieu/goi/{other.id}/", f"/nhap-lieu/goi/{other.id}/du-lieu.json", "/nhap-lieu/goi/",
            "/nhap-lieu/goi/lap/", f"/nhap-lieu/goi/lap/{book.id}/",
        )
    }  # fmt: skip
    assert list(answers.values()) == [200, 200, 200, 200, 404, 404, 403, 403, 403]
    for act in ("giao", "thu-hoi", "rut", "tra-lai"):
        assert client.post(f"/nhap-lieu/goi/{own.id}/{act}/", {"reason": "x"}).status_code == 403
    page = client.get(f"/nhap-lieu/goi/{own.id}/").content.decode()
    assert "/truong-hop/" not in page
    assert "/nhap-lieu/anh/" not in page


def test_the_home_shows_no_more_than_may_be_taken(team: Team) -> None:
    book = a_listed_book(team)
    for_another = a_package(team, book)
    elsewhere = a_package(team, a_listed_book(team, number="02"))
    free = a_package(team, book, first=10)
    with office_scope([team.office.id]):
        KeyingPackage.objects.filter(id=for_another.id).update(assigned_to=team.keyer2.officer_id)
        BookWork.objects.filter(book=elsewhere.book).update(place="police")
    page = client_of(team, "keyer").get("/nhap-lieu/").content.decode()
    assert [str(package.id) in page for package in (for_another, elsewhere, free)] == [False, False, True]


def test_today_counts_what_this_officer_keyed(team: Team) -> None:
    page = client_of(team, "keyer").get("/nhap-lieu/")
    assert page.context["today"] == {"cases": 0, "an_hour": None, "norm": 300}


def test_a_case_somebody_waits_for_is_found_by_its_number(team: Team) -> None:
    book, client = a_listed_book(team), client_of(team, "leader")
    cases = scanned_cases(team, book, counts=(3,))
    address = f"/nhap-lieu/goi/lap/{book.id}/theo-yeu-cau/"
    for nothing in ("", "x", "99", "2/1999", "2b"):
        assert client.post(address, {"number": nothing})["Location"] == f"/nhap-lieu/goi/lap/{book.id}/"
    assert not KeyingPackage.objects.exists()
    made = client.post(address, {"number": " 2/2016 "})
    package = KeyingPackage.objects.get()
    assert made["Location"] == f"/nhap-lieu/goi/{package.id}/"
    assert package.is_on_demand
    assert [item.scanned_case_id for item in items_of(team, package)] == [cases[1].id]


def test_what_was_given_up_or_doubtful_is_shown_before_a_package_is_handed_in(team: Team) -> None:
    package, client = checked_out(team, a_package(team, count=3)), client_of(team, "keyer")
    rows = [values_of(1), values_of(2, mother_full_name={"text": "", "reason": "illegible"}), None]
    said = [
        an_item(package, place, row or {}, kind="key", **({} if row else {"state": "void", "reason": "gạch chéo"}))
        for place, row in zip(items_of(team, package), rows, strict=True)
    ]
    receive_items(actor=team.keyer, at=AT, items=said)
    assert f"/nhap-lieu/goi/{package.id}/tra/" in client.get("/nhap-lieu/").content.decode()
    page = client.get(f"/nhap-lieu/goi/{package.id}/tra/")
    text = page.content.decode()
    assert "Không đọc được: Họ, chữ đệm, tên người mẹ" in text and "gạch chéo" in text
    assert "reason" not in page.context["form"].fields
    client.post(f"/nhap-lieu/goi/{package.id}/tra/", {"seen": page.context["form"]["seen"].value(), "looked": "on"})
    package.refresh_from_db()
    assert package.state == "released"
