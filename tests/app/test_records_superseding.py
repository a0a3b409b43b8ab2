"""A re-registration names the older entry it stands in for; waiting repairs are listed with what to do."""

from __future__ import annotations

from typing import Any

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from records_support import AT, acting, actor_at, enter, offices

from hotich.kernel.problems import RuleBroken
from hotich.persons.models import PersonLink
from hotich.persons.services import supersede_record
from hotich.records.models import Record
from hotich.records.queries import count_repairs_to_decide
from hotich.records.services import propose_repair
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

CHILD = {"child_full_name": "Phan Thị Mơ", "child_sex": "2", "child_birth_date": "02/03/1988"}


def signed_in(office: Office, role: str = "civil_status_officer") -> Client:
    client = Client()
    client.force_login(
        make_officer(role.replace("_", "."), office=office, role=role), settings.AUTHENTICATION_BACKENDS[-1]
    )
    return client


def two(actor: Any, office: Office) -> tuple[Record, Record]:
    older = enter(actor, office, "KS", year=1988, number=12, era="ND83", **CHILD)
    newer = enter(actor, office, "KS", year=2018, number=3, registration_type="Đăng ký lại", **CHILD)
    return older, newer


def test_the_older_entry_is_found_by_book_and_number_shown_and_then_superseded() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        older, newer = two(actor, office)
        client = signed_in(office)
        url = reverse("persons:supersede", args=[newer.id])
        assert url in client.get(reverse("records:record", args=[newer.id])).content.decode()
        given = {"book": "01/1988", "number": "12/1988"}
        page = client.post(url, given).content.decode()
        assert "Xác nhận thay thế" in page
        older.refresh_from_db()
        assert older.state == "in_force"  # shown, not done
        assert client.post(url, given | {"older": str(older.id)}).status_code == 302
        older.refresh_from_db()
        newer.refresh_from_db()
        assert (older.state, newer.supersedes_id) == ("superseded", older.id)
        assert not PersonLink.objects.filter(participant__record=older).exists()
        page = client.get(reverse("records:record", args=[newer.id])).content.decode()
        assert "Thay thế cho" in page
        assert url not in page  # once is enough
        assert "Được thay thế bởi" in client.get(reverse("records:record", args=[older.id])).content.decode()


@pytest.mark.parametrize("given", [{"book": "01/1988", "number": "13/1988"}, {"book": "chín", "number": "12/1988"}])
def test_an_older_entry_that_is_not_there_is_told_at_the_field(given: dict[str, str]) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        _older, newer = two(actor, office)
        page = signed_in(office).post(reverse("persons:supersede", args=[newer.id]), given).content.decode()
        assert "Không tìm thấy đúng một bản ghi có số và quyển này" in page
        assert "Xác nhận thay thế" not in page


def test_only_a_later_re_registration_of_the_same_register_supersedes() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        older, newer = two(actor, office)
        plain = enter(actor, office, "KS", year=2019, **CHILD)
        marriage = enter(actor, office, "KH", year=1990, husband_full_name="Cao Văn Rạng", wife_full_name="Lý Thị Sen")
        later = enter(actor, office, "KS", year=2020, **CHILD)
        for first, second, code in (
            (older, plain, "not_registered_again"), (marriage, newer, "supersedes_another_type"),
            (later, newer, "superseded_by_older"), (newer, newer, "supersedes_itself"),
        ):  # fmt: skip
            with pytest.raises(RuleBroken) as refused:
                supersede_record(actor=actor, at=AT, record_id=first.id, by_record_id=second.id)
            assert refused.value.code == code
        client = signed_in(office)
        assert client.get(reverse("persons:supersede", args=[plain.id])).status_code == 404
        leader = signed_in(office, "commune_leader")
        assert leader.get(reverse("persons:supersede", args=[newer.id])).status_code == 403


def test_waiting_repairs_are_listed_and_counted_for_those_who_decide() -> None:
    mine, other = offices(2)
    with acting(other) as actor:
        away = enter(actor, other, "KS", year=2008, **CHILD)
        propose_repair(actor=actor, at=AT, record_id=away.id, version=1, values={"page_no": "9"}, reason="Nơi khác")
    with acting(mine) as actor:
        birth = enter(actor, mine, "KS", year=2008, number=41, **CHILD)
        wanted = {"child_full_name": "Phan Thị Mới"}
        propose_repair(actor=actor, at=AT, record_id=birth.id, version=1, values=wanted, reason="Gõ sai tên")
        assert count_repairs_to_decide(actor) == 0  # one's own
        assert count_repairs_to_decide(actor_at(mine, officer=2)) == 1
        assert count_repairs_to_decide(actor_at(mine, officer=2, rights=frozenset({"record.read"}))) == 0
        page = signed_in(mine, "commune_leader").get("/sua-loi/").content.decode()
        assert "Xem và quyết định" in page
        assert reverse("records:record", args=[birth.id]) in page
        assert "Gõ sai tên" in page
        assert "Nơi khác" not in page
        page = signed_in(mine).get("/sua-loi/").content.decode()
        assert "chờ duyệt" in page
        assert "Xem và quyết định" not in page
        assert signed_in(mine, "keyer").get("/sua-loi/").status_code == 403


def test_the_list_names_no_restricted_field_to_who_may_not_see_it() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        adoption = enter(actor, office, "CN", adoptee_full_name="Ngô Thị Lan", adoptive_father_full_name="Ngô Văn Minh")
        propose_repair(actor=actor, at=AT, record_id=adoption.id, version=1,
                       values={"giving_mother_full_name": "Bùi Thị Nga"}, reason="Bỏ sót")  # fmt: skip
        page = signed_in(office, "approver").get("/sua-loi/").content.decode()
        assert "(hạn chế xem)" in page
        assert "Bùi Thị Nga" not in page
