"""Pages of checking: nobody sees a first value before his second, whatever the address; acts lead on; empty states."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from hotich.keying.services.review import finish_check, return_entry, start_check
from tests.app.accounts_parts import open_offices
from tests.app.keying_checking_parts import VOID, case_of, differences_of, entries_of, give, keyed, now, values_of
from tests.app.keying_parts import AT, Team, a_team

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = "Khuất Thị Nguyệt Cầm"  # a name nobody else has: wherever it shows, a first value has leaked


@pytest.fixture
def team() -> Team:
    return a_team()


def as_(team: Team, name: str) -> Client:
    client = Client()
    client.force_login(team.accounts[name], backend=BACKEND)
    return client


def rows(count: int = 2) -> list[dict[str, str]]:
    return [values_of(number, child_full_name=SECRET, mother_full_name=SECRET) for number in range(1, count + 1)]


def test_no_address_gives_a_first_value_to_whoever_still_has_to_key_it_a_second_time(team: Team) -> None:
    package = keyed(team, rows(), mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    [entry, _] = entries_of(team, package)
    asked = [
        reverse("keying:checking"),
        reverse("keying:check_package", args=[package.id]),
        reverse("keying:check_data", args=[package.id]),
        reverse("keying:check_data", args=[package.id]) + "?loai=critical",
        reverse("keying:check_data", args=[package.id]) + "?loai=sample",
        reverse("keying:check_entry", args=[entry.id]),
        reverse("intake:case", args=[entry.case_id]),
        reverse("intake:batch", args=[package.batch_id]),
        reverse("intake:batches"),
        reverse("intake:held"),
        reverse("intake:home"),
    ]
    client = as_(team, "checker")
    for address in asked:
        answer = client.get(address)
        shown = (
            json.dumps(answer.json(), ensure_ascii=False)
            if "json" in answer["Content-Type"]
            else answer.content.decode()
        )
        assert SECRET not in shown, address
    for act in ("check_decide", "check_entry"):
        answer = client.post(reverse(f"keying:{act}", args=[entry.id]), {"version": "1"}, follow=True)
        assert SECRET not in answer.content.decode(), act
    assert now(team, entry).check_state == "pending"


def test_the_values_open_with_the_second_keying_and_no_sooner(team: Team) -> None:
    package = keyed(team, rows(1), mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    [entry] = entries_of(team, package)
    address = reverse("keying:check_entry", args=[entry.id])
    client = as_(team, "checker")
    assert client.get(address).status_code == 409
    give(team, package, 0, values_of(1))
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Khuất" in answer.content.decode()


def test_the_second_keying_loads_places_and_the_fields_asked_of_those_that_wait(team: Team) -> None:
    package = keyed(team, [*rows(2), VOID], mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, values_of(1, child_full_name=SECRET, mother_full_name=SECRET))
    client = as_(team, "checker")
    made = client.get(reverse("keying:check_data", args=[package.id])).json()
    assert (made["package"]["kind"], [item["number"] for item in made["items"]]) == ("critical", [2])
    assert [item["entry"] for item in made["items"]] == [None]
    asked = [field["code"] for section in made["form"]["sections"] for field in section["fields"]]
    assert "child_full_name" in asked and "child_birth_place" not in asked
    refused = as_(team, "checker2").get(reverse("keying:check_data", args=[package.id]))
    assert (refused.status_code, refused.json()["code"]) == (422, "check_not_yours")


def test_a_keyer_with_the_right_to_check_is_told_that_others_check_his_work(team: Team) -> None:
    package = keyed(team, rows(1), by="officer")
    [entry] = entries_of(team, package)
    client = as_(team, "officer")
    assert "Người khác sẽ kiểm tra" in client.get(reverse("keying:check_package", args=[package.id])).content.decode()
    closed = client.get(reverse("keying:check_entry", args=[entry.id]))
    assert closed.status_code == 409 and SECRET not in closed.content.decode()
    assert as_(team, "keyer2").get(reverse("keying:checking")).status_code == 403


def test_what_is_right_passes_with_one_key_and_leads_to_the_next(team: Team) -> None:
    package = keyed(team, [values_of(1), values_of(2)])
    client = as_(team, "checker")
    client.post(reverse("keying:check_start", args=[package.id]))
    first, second = entries_of(team, package)
    page = client.get(reverse("keying:check_entry", args=[first.id]))
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"version": str(first.version)}
    answer = client.post(reverse("keying:check_entry", args=[first.id]), sent)
    assert (answer.status_code, answer["Location"]) == (302, reverse("keying:check_entry", args=[second.id]))
    assert now(team, first).check_state == "passed"


def test_a_correction_asks_why_and_keeps_what_was_typed_until_it_is_told(team: Team) -> None:
    package = keyed(team, [values_of(1)])
    start_check(actor=team.checker, at=AT, package_id=package.id)
    [entry] = entries_of(team, package)
    client, address = as_(team, "checker"), reverse("keying:check_entry", args=[entry.id])
    form = client.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"version": str(entry.version)}
    sent |= {"child_full_name": "Nguyễn Minh Hạ"}
    asked = client.post(address, sent)
    assert asked.status_code == 422
    assert "Hãy chọn lý do sửa" in asked.content.decode() and "Nguyễn Minh Hạ" in asked.content.decode()
    client.post(address, sent | {"reason_code": "misread", "reason_words": "dấu nặng"})
    [row] = differences_of(team, entry)
    assert (row.reason, row.value) == ("misread: dấu nặng", "Nguyễn Minh Hạ")


def test_differences_are_shown_as_a_and_b_and_decided_without_telling_who_keyed_which(team: Team) -> None:
    package = keyed(team, [values_of(1)], mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, values_of(1, child_full_name="Nguyễn Minh Hạ", father_birth_date="1989"))
    [entry] = entries_of(team, package)
    client = as_(team, "checker")
    page = client.get(reverse("keying:check_entry", args=[entry.id])).content.decode()
    assert "Đỗ Văn Nhập" not in page and "Lý Thị Kiểm" not in page.split("<main")[1].split("</main>")[0]
    decide = reverse("keying:check_decide", args=[entry.id])
    name, birth = differences_of(team, entry)
    sent = {
        f"d{name.id.hex}-choice": "other", f"d{name.id.hex}-value": "[không đọc được]",
        f"d{name.id.hex}-reason_code": "illegible",
    }  # fmt: skip
    assert client.post(decide, sent).status_code == 422  # one has no choice: nothing is kept
    sent |= {f"d{birth.id.hex}-choice": "a", f"d{birth.id.hex}-reason_code": "scan_clear"}
    answer = client.post(decide, sent)
    assert answer["Location"] == reverse("keying:check_package", args=[package.id])
    assert case_of(team, entry).as_recorded["child_full_name"] == {"text": "", "reason": "illegible"}
    undone = client.post(reverse("keying:difference_undo", args=[birth.id]), follow=True)
    assert "Đã hoàn tác quyết định" in undone.content.decode()
    assert now(team, entry).check_state == "differs"


def test_an_entry_is_returned_with_a_reason_and_the_package_follows(team: Team) -> None:
    package = keyed(team, [values_of(1)])
    start_check(actor=team.checker, at=AT, package_id=package.id)
    [entry] = entries_of(team, package)
    client = as_(team, "checker")
    client.post(reverse("keying:check_return", args=[entry.id]), {"reason": "nhầm trang"})
    page = client.get(reverse("keying:check_package", args=[package.id])).content.decode()
    assert "Kết thúc, trả gói về người nhập" in page
    done = client.post(reverse("keying:check_finish", args=[package.id]), follow=True)
    assert "Gói đã quay về người nhập" in done.content.decode()
    assert "Không có gói nào chờ kiểm tra" in done.content.decode()
    home = as_(team, "keyer").get(reverse("keying:home")).content.decode()
    assert '<b class="num">1/2016</b> nhầm trang' in home, "its keyer reads which case came back, and why"


def test_a_stranger_learns_nothing_of_a_package_of_another_office(team: Team) -> None:
    package = keyed(team, rows(1))
    [entry] = entries_of(team, package)
    other = a_team(next(office for office in open_offices(3) if office.id != team.office.id), mark="-b")
    client = as_(other, "checker")
    for address in (
        reverse("keying:check_package", args=[package.id]), reverse("keying:check_entry", args=[entry.id]),
        reverse("keying:check_data", args=[package.id]),
    ):  # fmt: skip
        assert client.get(address).status_code == 404


def test_how_many_cases_came_back_is_told_in_the_language_of_the_page(team: Team) -> None:
    package = keyed(team, rows(2))
    start_check(actor=team.checker, at=AT, package_id=package.id)
    for entry in entries_of(team, package):
        return_entry(actor=team.checker, at=AT, entry_id=entry.id, reason="Nhập lại tên")
    finish_check(actor=team.checker, at=AT, package_id=package.id)
    client, address = as_(team, "keyer"), reverse("keying:home")
    assert "2 trường hợp bị trả lại" in client.get(address).content.decode()
    client.cookies["django_language"] = "en"
    shown = client.get(address).content.decode()
    assert "2 cases returned" in shown
    assert "trường hợp bị trả lại" not in shown


def test_the_letters_the_hint_names_stand_beside_the_values(team: Team) -> None:
    package = keyed(team, rows(1), mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, values_of(1))
    [entry] = entries_of(team, package)
    shown = as_(team, "checker").get(reverse("keying:check_entry", args=[entry.id])).content.decode()
    for letter in "AB":
        assert f'<b class="choice-letter">{letter}</b>' in shown
