"""An officer decides who is who from the page of a person: candidates, splitting, undoing; and who may."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from records_support import AT, acting, actor_at, enter, offices

from hotich.audit.models import Entry
from hotich.kernel.problems import RuleBroken
from hotich.persons import services
from hotich.persons.models import LinkDecision, PersonLink
from hotich.persons.queries.candidates import Candidate, candidates_for
from hotich.records.models import Participant, Record
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

COUPLE = {"husband_full_name": "Đặng Văn Quảng", "husband_birth_date": "02/03/1970", "wife_full_name": "Lê Thị Cúc"}


def child_of(father: str, birth: str, **more: Any) -> dict[str, Any]:
    return {"child_full_name": "Đặng Thị Dịu", "child_sex": "2", "child_birth_date": "05/01/2001",
            "father_full_name": father, "father_birth_date": birth} | more  # fmt: skip


def who(record: Record, role: str) -> Participant:
    return Participant.objects.get(record=record, role=role)


def person_of(record: Record, role: str) -> UUID:
    return PersonLink.objects.get(participant__record=record, participant__role=role).person_id


def found_for(record: Record, role: str, *places: Office, **more: Any) -> list[Candidate]:
    links = PersonLink.objects.filter(person_id=person_of(record, role)).select_related("participant")
    return candidates_for(list(links), actor_at(*places, **more))


def signed_in(office: Office, role: str = "civil_status_officer") -> Client:
    client = Client()
    client.force_login(
        make_officer(role.replace("_", "."), office=office, role=role), settings.AUTHENTICATION_BACKENDS[-1]
    )
    return client


def test_candidates_have_the_same_name_and_a_birth_that_may_be_the_same_the_likeliest_first() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **COUPLE)
        year_only = enter(actor, office, "KS", year=2001, **child_of("Đặng Văn Quảng", "1970"))
        without_marks = enter(actor, office, "KS", year=2002, **child_of("DANG VAN QUANG", "02/03/1970"))
        same = enter(actor, office, "KS", year=2003, **child_of("Đặng Văn Quảng", "02/03/1970"))
        enter(actor, office, "KS", year=2004, **child_of("Đặng Văn Quảng", "02/03/1971"))  # another birth
        enter(actor, office, "KS", year=2005, **child_of("Đặng Văn Quang Huy", "02/03/1970"))  # another name
        enter(actor, office, "KS", year=2006, **child_of("Đặng Văn Quảng", ""))  # nothing known
        enter(actor, office, "KT", year=2007, deceased_full_name="Đặng Văn Quảng", deceased_sex="2",
              deceased_birth_date="02/03/1970")  # fmt: skip
        found = found_for(marriage, "husband", office)
        assert [item.participant.record_id for item in found] == [same.id, without_marks.id, year_only.id]
        assert [(item.same_birth, item.same_accents) for item in found] == [(True, True), (True, False), (False, True)]


def test_candidates_are_of_ones_own_offices_and_at_most_twenty() -> None:
    mine, other = offices(2)
    with acting(other) as actor:
        enter(actor, other, "KS", year=2001, **child_of("Đặng Văn Quảng", "02/03/1970"))
    with acting(mine) as actor:
        marriage = enter(actor, mine, "KH", year=1995, **COUPLE)
        assert found_for(marriage, "husband", mine) == []
        for _ in range(22):
            enter(actor, mine, "KS", year=2001, **child_of("Đặng Văn Quảng", "1970"))
        assert len(found_for(marriage, "husband", mine)) == 20
        with pytest.raises(RuleBroken) as refused:
            found_for(marriage, "husband", mine, rights=frozenset({"person.read"}))
        assert refused.value.code == "not_allowed"


def test_who_may_not_see_restricted_facts_gets_no_candidate_from_an_adoption() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        adoption = enter(actor, office, "CN", year=2018, adoptee_full_name="Ngô Thị Lan", adoptee_birth_date="01/02/2015",
                         giving_mother_full_name="Bùi Thị Nga", giving_mother_birth_date="03/04/1990",
                         adoptive_father_full_name="Ngô Văn Minh")  # fmt: skip
        marriage = enter(actor, office, "KH", year=2019, husband_full_name="Lý Văn Sáu", wife_full_name="Bùi Thị Nga",
                         wife_birth_date="03/04/1990")  # fmt: skip
        narrow = frozenset({"person.read", "person.decide_links"})
        assert [item.participant.record_id for item in found_for(marriage, "wife", office)] == [adoption.id]
        assert found_for(marriage, "wife", office, rights=narrow) == []


def test_an_officer_joins_two_from_the_page_and_undoes_it_with_reasons() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **COUPLE)
        birth = enter(actor, office, "KS", year=2001, **child_of("Đặng Văn Quảng", "1970"))
        client = signed_in(office)
        url = reverse("persons:person", args=[person_of(marriage, "husband")])
        page = client.get(url).content.decode()
        assert "Người có thể trùng" in page
        assert "trùng họ tên, ngày sinh không mâu thuẫn" in page
        pair = {"first": str(who(marriage, "husband").id), "second": str(who(birth, "father").id)}
        act = reverse("persons:decide_link", args=[person_of(marriage, "husband")])
        assert client.post(act, pair | {"reason": "Đã xác minh"}).status_code == 302  # neither yes nor no
        assert client.post(act, pair | {"decision": "same", "reason": " "}).status_code == 302
        assert LinkDecision.objects.count() == 0
        client.post(act, pair | {"decision": "same", "reason": "Đã xác minh"})
        assert person_of(marriage, "husband") == person_of(birth, "father")
        url = reverse("persons:person", args=[person_of(marriage, "husband")])
        page = client.get(url).content.decode()
        assert "Đã xác minh" in page
        assert "Do công chức xác định" in page
        undo = reverse("persons:withdraw_decision", args=[person_of(birth, "father"), LinkDecision.objects.get().id])
        client.post(undo, {"reason": ""})
        assert LinkDecision.objects.count() == 1
        client.post(undo, {"reason": "Nhầm người"})
        assert person_of(marriage, "husband") != person_of(birth, "father")
        assert Entry.objects.filter(verb="link.decision_withdrawn").count() == 1


def test_two_decided_apart_are_no_longer_offered() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **COUPLE)
        birth = enter(actor, office, "KS", year=2001, **child_of("Đặng Văn Quảng", "1970"))
        assert len(found_for(marriage, "husband", office)) == 1
        services.decide_link(actor=actor, at=AT, first_id=who(marriage, "husband").id,
                             second_id=who(birth, "father").id, same=False, reason="Hai người")  # fmt: skip
        assert found_for(marriage, "husband", office) == []


def test_an_entry_split_off_stays_apart_from_everybody_it_shares_a_number_with() -> None:
    (office,) = offices(1)
    card = {"father_id_doc_type": "1", "father_id_doc_number": "210111222"}
    with acting(office) as actor:
        births = [enter(actor, office, "KS", year=2001 + place, **child_of("Đặng Văn Quảng", "1970", **card))
                  for place in range(4)]  # fmt: skip
        assert len({person_of(birth, "father") for birth in births}) == 1
        wrong = who(births[1], "father")
        client = signed_in(office)
        person = person_of(births[0], "father")
        assert "Tách Khai sinh" in client.get(reverse("persons:person", args=[person])).content.decode()
        act = reverse("persons:split_off", args=[person])
        client.post(act, {"participant": str(wrong.id), "reason": "Gõ nhầm số của người khác"})
        assert LinkDecision.objects.filter(same=False).count() == 3
        others = {person_of(birth, "father") for birth in births if birth != births[1]}
        assert len(others) == 1
        assert person_of(births[1], "father") not in others
        stranger = who(births[0], "child")
        assert client.post(act, {"participant": str(stranger.id), "reason": "x"}).status_code == 404


def test_who_may_only_read_sees_no_candidates_and_decides_nothing() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **COUPLE)
        birth = enter(actor, office, "KS", year=2001, **child_of("Đặng Văn Quảng", "1970"))
        client = signed_in(office, "commune_leader")
        person = person_of(marriage, "husband")
        page = client.get(reverse("persons:person", args=[person])).content.decode()
        assert "Người có thể trùng" not in page
        given = {"first": str(who(marriage, "husband").id), "second": str(who(birth, "father").id), "decision": "same",
                 "reason": "x"}  # fmt: skip
        assert client.post(reverse("persons:decide_link", args=[person]), given).status_code == 403
        assert client.post(reverse("persons:split_off", args=[person]), given).status_code == 403
