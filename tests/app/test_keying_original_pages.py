"""The pages of the second original: what waits, two texts side by side, a decision, and the evidence beside the record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hotich.database.scope import office_scope
from hotich.digitisation.models import ScanPage
from hotich.intake.services.approval import approve_cases
from hotich.keying.models import PackageItem
from hotich.keying.queries.undecided import count_undecided, pairs_with_undecided, waiting_alone, waiting_pairs
from hotich.keying.services.review import start_check
from tests.app.keying_checking_parts import entries_of, values_of
from tests.app.keying_parts import AT, Team, a_team, scanned_cases
from tests.app.test_digitisation_batches import other_office
from tests.app.test_keying_check_pages import as_
from tests.app.test_keying_original_decisions import OTHER_NAME, both, case_of, pair_at, services
from tests.app.test_keying_package_data import with_flats
from tests.app.test_keying_regions import rules_at
from tests.app.test_keying_regions import save as save_map

pytestmark = pytest.mark.django_db
FIELD = "p-child_full_name"


@pytest.fixture
def team() -> Team:
    return a_team()


def text_of(client: Client, name: str, *args: object, status: int = 200) -> str:
    answer = client.get(reverse(f"keying:{name}", args=args))
    assert answer.status_code == status
    return answer.content.decode()


def test_a_checker_finds_both_texts_from_the_queue_and_decides_with_a_reason(team: Team) -> None:
    one, two = both(team, [values_of(1), values_of(2)], [values_of(1, child_full_name=OTHER_NAME), values_of(2)])
    [second, same] = entries_of(team, two)
    client = as_(team, "checker")
    address = reverse("keying:original", args=[second.id])
    assert reverse("keying:originals", args=[one.book_id]) in text_of(client, "checking")
    listed = text_of(client, "originals", one.book_id)
    assert address in listed
    assert "Xác nhận 1 trường hợp như nhau" in listed
    shown = text_of(client, "original", second.id)
    assert "Bản lưu cấp xã" in shown
    assert "Bản lưu cấp huyện" in shown
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    sent = {"seen": seen, f"{FIELD}-choice": "second"}
    without = client.post(address, sent)
    assert without.status_code == 422
    assert "Hãy chọn lý do, hoặc ghi rõ lý do khác." in without.content.decode()
    done = client.post(address, {**sent, f"{FIELD}-reason_code": "original_clearer"})
    assert (done.status_code, done["Location"]) == (302, reverse("keying:originals", args=[two.book_id]))
    client.post(reverse("keying:originals_equal", args=[one.book_id]))
    assert case_of(team, same).state == "withdrawn"
    closed = text_of(client, "original", second.id)
    assert OTHER_NAME in closed
    assert reverse("keying:original_undo", args=[second.id]) in closed


def test_both_scans_follow_the_point_each_by_the_map_on_its_own_picture(team: Team) -> None:
    one, two = both(team, [values_of(1)], [values_of(1, child_full_name=OTHER_NAME)])
    with office_scope([team.office.id]):
        for package, down in ((one, 0.0), (two, 20.0)):
            [case] = scanned_cases(team, package.book, counts=(1,))
            PackageItem.objects.filter(package=package).update(scanned_case=case)
            with_flats(team, package)
            ScanPage.objects.filter(id=case.parts[0]["page"]).update(ruling=rules_at(down))
        save_map(team, one.book)
    [second] = entries_of(team, two)
    shown = text_of(as_(team, "checker"), "original", second.id)
    boxes = [line.split('"')[0] for line in shown.split('data-field="child_full_name" data-box="')[1:]]
    assert len(boxes) == 2
    first_top, second_top = (float(box.split(",")[1]) for box in boxes)
    assert first_top == 0.2
    assert 0.08 < second_top - first_top < 0.1


def test_the_page_of_an_entry_leads_to_the_two_originals_and_its_keyer_sees_neither_text(team: Team) -> None:
    _, two = both(team, [values_of(1)], [values_of(1, child_full_name=OTHER_NAME)])
    [second] = entries_of(team, two)
    start_check(actor=team.checker, at=AT, package_id=two.id)
    client = as_(team, "checker")
    answer = client.get(reverse("keying:check_entry", args=[second.id]))
    assert answer["Location"] == reverse("keying:original", args=[second.id])
    assert "Quyết định bên bản lưu kia" in text_of(client, "check_package", two.id)
    team.accounts["keyer2"].posts.update(role="checker")
    shown = text_of(as_(team, "keyer2"), "original", second.id, status=409)
    assert OTHER_NAME not in shown


def test_only_in_the_district_is_entered_or_not_from_the_list(team: Team) -> None:
    one, two = both(team, [values_of(1)], [values_of(1), values_of(2), values_of(3)])
    _, own, dropped = entries_of(team, two)
    client = as_(team, "checker")
    shown = text_of(client, "originals", one.book_id)
    assert "Chỉ có ở bản lưu cấp huyện" in shown
    for entry, act in ((own, "own"), (dropped, "dismiss")):
        sent = {"act": act, "reason": "Bản xã mất tờ 3"}
        client.post(reverse("keying:original_alone", args=[entry.id]), sent)
    assert [case_of(team, each).state for each in (own, dropped)] == ["checking", "withdrawn"]
    client.post(reverse("keying:original_undo", args=[dropped.id]))
    assert case_of(team, dropped).state == "checking"


def test_the_record_shows_what_the_other_original_says(team: Team) -> None:
    one, two = both(team, [values_of(1)], [values_of(1, child_full_name=OTHER_NAME)])
    [first], [second] = entries_of(team, one), entries_of(team, two)
    client = as_(team, "checker")
    seen = text_of(client, "original", second.id).split('name="seen" value="')[1].split('"')[0]
    sent = {"seen": seen, f"{FIELD}-choice": "first", f"{FIELD}-reason_code": "original_clearer"}
    client.post(reverse("keying:original", args=[second.id]), sent)
    approve_cases(actor=team.approver, at=AT, case_ids=[first.case_id])
    officer = as_(team, "officer")
    page = officer.get(reverse("records:record", args=[case_of(team, first).record_id])).content.decode()
    address = reverse("keying:original_of_record", args=[case_of(team, first).record_id])
    assert address in page
    beside = officer.get(address).content.decode()
    assert OTHER_NAME in beside
    assert "Bản được chọn ghi rõ, đủ hơn" in beside


def test_other_offices_find_nothing(team: Team) -> None:
    one, two = both(team, [values_of(1)], [values_of(1)])
    [second] = entries_of(team, two)
    assert pair_at(team, one.book) is not None
    stranger = as_(a_team(other_office(team.office), mark="x", signed=False), "checker")
    text_of(stranger, "originals", one.book_id, status=404)
    text_of(stranger, "original", second.id, status=404)
    for name in ("original_alone", "original_undo"):
        answer = stranger.post(reverse(f"keying:{name}", args=[second.id]), {"act": "own", "reason": "x"})
        assert answer.status_code == 404
    assert services.OriginalDecision.objects.count() == 0


def test_the_queue_counts_what_the_page_of_the_pair_lists_and_loads_no_case(
    team: Team, django_assert_max_num_queries: Any
) -> None:
    numbers = range(1, 6)
    rows = [values_of(number, child_full_name=OTHER_NAME) for number in numbers]
    one, _two = both(team, [values_of(1), values_of(2), values_of(3)], rows)
    with office_scope([team.office.id]):
        pair = pair_at(team, one.book)
        with django_assert_max_num_queries(6):
            [found] = pairs_with_undecided(team.checker)
        assert (found.pair.first.id, found.pair.second.id) == (pair.first.id, pair.second.id)
        assert (found.beside, found.alone) == (len(waiting_pairs(pair)), len(waiting_alone(pair))) == (3, 2)
        assert count_undecided(one.book) == 5


def test_cases_only_the_district_has_are_in_the_queue_when_nothing_else_waits(team: Team) -> None:
    one, two = both(team, [values_of(1)], [values_of(1), values_of(2)])
    services.settle_equal_originals(actor=team.checker, at=AT, pair=pair_at(team, one.book))
    client = as_(team, "checker")
    address = reverse("keying:originals", args=[one.book_id])
    assert address in text_of(client, "checking")
    start_check(actor=team.checker, at=AT, package_id=two.id)
    assert "chỉ có ở bản lưu cấp huyện" in text_of(client, "check_package", two.id)
    [_, own] = entries_of(team, two)
    services.enter_as_own(actor=team.checker, at=AT, entry_id=own.id, reason="Bản xã mất tờ 3")
    assert address not in text_of(client, "checking")
