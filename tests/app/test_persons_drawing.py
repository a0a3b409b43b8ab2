"""Conclusions: the same whatever the order, gone without a trace when a record is annulled, right after a repair."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records_support import AT, acting, actor_at, enter, enter_all, offices, ruling, values

from hotich.database.scope import office_scope
from hotich.persons import services
from hotich.persons.models import Kinship, LookUp, Person, PersonLink, StatusFact
from hotich.persons.services import draw_conclusions
from hotich.records.models import Participant, Record
from hotich.records.services import propose_repair
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

HUSBAND = {"husband_full_name": "Trần Văn Bách", "husband_birth_date": "02/03/1970",
           "husband_id_doc_type": "1", "husband_id_doc_number": "210111222"}  # fmt: skip
WIFE = {"wife_full_name": "Lê Thị Cúc", "wife_birth_date": "1972",
        "wife_id_doc_type": "1", "wife_id_doc_number": "210333444"}  # fmt: skip


def couple() -> dict[str, Any]:
    return HUSBAND | WIFE


def child(name: str, born: str) -> dict[str, Any]:
    return {"child_full_name": name, "child_sex": "1", "child_birth_date": born,
            "father_full_name": "Trần Văn Bách", "father_birth_date": "1970",
            "father_id_doc_type": "1", "father_id_doc_number": "210111222",
            "mother_full_name": "Lê Thị Cúc", "mother_birth_date": "1972",
            "mother_id_doc_type": "1", "mother_id_doc_number": "210333444"}  # fmt: skip


def snapshot() -> tuple[Any, ...]:
    """Everything that was concluded, as seen by whoever sees all offices of the test."""
    return (
        sorted(PersonLink.objects.values_list("participant_id", "person_id", "rule")),
        sorted(Kinship.objects.values_list("id", "person_id", "relative_id", "kind", "valid_to", "ended_by"), key=str),
        sorted(StatusFact.objects.values_list("id", "person_id", "spouse_id", "kind", "earliest", "latest"), key=str),
    )


def forget() -> None:
    for model in (Kinship, StatusFact, PersonLink):
        model.objects.all().delete()


def person_of(record: Record, role: str) -> UUID:
    return PersonLink.objects.get(participant__record=record, participant__role=role).person_id


def village(places: list[Office]) -> list[Record]:
    """Two offices, one family: a marriage, two births, a death declared elsewhere, and a slip in a number."""
    first, second = places
    with acting(*places) as actor:
        records = enter_all(actor, first, [
            ("KH", values("KH", year=1995, **couple())),
            ("KS", values("KS", year=2001, **child("Trần Văn Dũng", "05/01/2001"))),
            # the same document number, but a woman: keyed wrongly, never linked
            ("KH", values("KH", year=2005, husband_full_name="Phạm Văn Em", husband_birth_date="1980",
                          wife_full_name="Hồ Thị Gấm", wife_birth_date="1981",
                          wife_id_doc_type="1", wife_id_doc_number="210111222")),
        ])  # fmt: skip
        records += enter_all(actor, second, [
            ("KS", values("KS", year=2004, **child("Trần Văn Hải", "07/02/2004"))),
            ("KT", values("KT", year=2015, deceased_full_name="Trần Văn Bách", deceased_sex="1",
                          deceased_birth_date="1970", deceased_id_doc_type="1", deceased_id_doc_number="210111222",
                          death_date="01/03/2015")),
            ("KH", values("KH", year=2018, husband_full_name="Võ Văn Ích", husband_birth_date="1969", **WIFE)),
        ])  # fmt: skip
    return records


def test_any_order_of_records_gives_the_same_persons_edges_and_facts() -> None:
    places = offices(2)
    records = village(places)
    actor = actor_at(*places)
    with office_scope(actor.office_ids):
        draw_conclusions(actor=actor, at=AT, record_ids=[record.id for record in records])
        expected = snapshot()
        assert len(expected[1]) == 7
        assert len({person for _, person, _ in expected[0]}) == 7

        @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(st.permutations(records), st.integers(1, 3))
        def drawn_in_another_order(order: list[Record], step: int) -> None:
            forget()
            for start in range(0, len(order), step):
                draw_conclusions(actor=actor, at=AT, record_ids=[record.id for record in order[start : start + step]])
            assert snapshot() == expected

        drawn_in_another_order()


def test_offices_that_draw_apart_come_to_the_same_as_one_that_sees_all() -> None:
    places = offices(2)
    records = village(places)
    with acting(*places) as actor:
        draw_conclusions(actor=actor, at=AT, record_ids=[record.id for record in records])
        expected = snapshot()
        forget()
    for record in reversed(records):
        home = next(office for office in places if office.id == record.origin_office_id)
        with acting(home) as actor:
            draw_conclusions(actor=actor, at=AT, record_ids=[record.id])
    with acting(*places):
        assert snapshot() == expected
        looked = set(LookUp.objects.filter(rows__gt=0).values_list("purpose", flat=True))
    assert looked == {"draw_conclusions"}


def test_drawing_leaves_the_scope_as_it_was() -> None:
    places = offices(2)
    records = village(places)
    with acting(places[0]) as actor:
        draw_conclusions(actor=actor, at=AT, record_ids=[records[0].id])
        assert set(Participant.objects.values_list("origin_office_id", flat=True)) == {places[0].id}


def test_one_identity_number_makes_one_person_across_roles_and_offices() -> None:
    places = offices(2)
    records = village(places)
    with acting(*places) as actor:
        draw_conclusions(actor=actor, at=AT, record_ids=[record.id for record in records])
        marriage, birth, other_couple, second_birth, death, _ = records
        father = person_of(birth, "father")
        assert {person_of(marriage, "husband"), person_of(second_birth, "father"), person_of(death, "deceased")} == {
            father
        }
        # sex forbids it
        assert person_of(other_couple, "wife") != father
        assert father == min(PersonLink.objects.filter(person_id=father).values_list("participant_id", flat=True))


def test_a_person_is_seen_only_through_a_link_of_ones_own_offices() -> None:
    places = offices(3)
    with acting(places[0]) as actor:
        enter(actor, places[0], "KH", year=1995, **couple())
        assert Person.objects.count() == 2
    with acting(places[2]):
        assert Person.objects.count() == 0


def test_a_death_ends_the_marriage_that_another_office_registered() -> None:
    first, second = offices(2)
    with acting(first) as actor:
        marriage = enter(actor, first, "KH", year=1995, **couple())
        assert Kinship.objects.get(record=marriage).ended_by == ""
    with acting(second) as actor:
        enter(actor, second, "KT", year=2015, deceased_full_name="Trần Văn Bách", deceased_sex="1",
              deceased_birth_date="1970", deceased_id_doc_type="1", deceased_id_doc_number="210111222",
              death_date="01/03/2015")  # fmt: skip
    with acting(first):
        edge = Kinship.objects.get(record=marriage)
        assert (edge.ended_by, str(edge.valid_to)) == ("death", "2015-03-01")


def test_annulling_a_record_is_as_if_it_had_never_been_entered() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KH", year=1995, **couple())
        enter(actor, office, "KS", year=2001, **child("Trần Văn Dũng", "05/01/2001"))
        expected = snapshot()
        death = enter(actor, office, "KT", year=2015, deceased_full_name="Trần Văn Bách", deceased_sex="1",
                      deceased_birth_date="1970", deceased_id_doc_type="1", deceased_id_doc_number="210111222",
                      death_date="01/03/2015")  # fmt: skip
        again = enter(actor, office, "KH", year=2018, husband_full_name="Võ Văn Ích", husband_birth_date="1969", **WIFE)
        assert snapshot() != expected
        services.annul_record(actor=actor, at=AT, record_id=death.id, decision=ruling("Quyết định 1/QĐ-UBND"))
        services.annul_record(actor=actor, at=AT, record_id=again.id, decision=ruling("Quyết định 2/QĐ-UBND"))
        assert snapshot() == expected


def test_a_repair_of_an_identity_number_moves_the_participant_to_its_person() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **couple())
        wrong = child("Trần Văn Dũng", "05/01/2001") | {"father_id_doc_number": "210111229"}
        birth = enter(actor, office, "KS", year=2001, **wrong)
        assert person_of(birth, "father") != person_of(marriage, "husband")
        repair = propose_repair(
            actor=actor,
            at=AT,
            record_id=birth.id,
            version=1,
            values={"father_id_doc_number": "210111222"},
            reason="Gõ sai",
        )
    with acting(office, officer=2) as actor:
        services.decide_repair(actor=actor, at=AT, repair_id=repair.id, approve=True)
        assert person_of(birth, "father") == person_of(marriage, "husband")


def test_a_decision_joins_and_parts_and_its_withdrawal_puts_everything_back() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **couple())
        nobody = {"father_id_doc_number": "", "father_id_doc_type": ""}
        birth = enter(actor, office, "KS", year=2001, **(child("Trần Văn Dũng", "05/01/2001") | nobody))
        before = snapshot()
        father = Participant.objects.get(record=birth, role="father")
        husband = Participant.objects.get(record=marriage, role="husband")
        decision = services.decide_link(
            actor=actor, at=AT, first_id=father.id, second_id=husband.id, same=True, reason="Đã xác minh"
        )
        assert person_of(birth, "father") == person_of(marriage, "husband")
        assert PersonLink.objects.get(participant=father).rule == "decision"
        mother = Participant.objects.get(record=birth, role="mother")
        wife = Participant.objects.get(record=marriage, role="wife")
        services.decide_link(actor=actor, at=AT, first_id=mother.id, second_id=wife.id, same=False, reason="Hai người")
        assert person_of(birth, "mother") != person_of(marriage, "wife")
        services.withdraw_link_decision(actor=actor, at=AT, decision_id=decision.id, reason="Nhầm")
        assert person_of(birth, "father") != person_of(marriage, "husband")
        assert snapshot()[0] != before[0]  # the other decision still stands


def test_a_former_id_leads_to_who_the_person_is_now() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        records = [enter(actor, office, "KH", husband_full_name="Trần Văn Bách", wife_full_name="Lê Thị Cúc")
                   for _ in range(3)]  # fmt: skip
        wives = sorted(Participant.objects.get(record=record, role="wife").id for record in records)
        for first, second in ((wives[1], wives[2]), (wives[0], wives[1])):
            services.decide_link(
                actor=actor, at=AT, first_id=first, second_id=second, same=True, reason="Cùng một người"
            )
        now = set(PersonLink.objects.filter(participant_id__in=wives).values_list("person_id", flat=True))
        assert now == {wives[0]}
        assert {Person.objects.get(id=each).merged_into_id for each in wives[1:]} == {wives[0]}
        assert Person.objects.get(id=wives[0]).merged_into_id is None
        services.annul_record(actor=actor, at=AT, record_id=records[0].id, decision=ruling("QĐ 1"))


def test_adoption_makes_restricted_edges_and_its_end_ends_them() -> None:
    from hotich.records.services import AnnotationDraft

    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "CN", year=2018, adoptee_full_name="Ngô Thị Lan", adoptee_sex="2",
                       adoptee_birth_date="2012", adoptive_father_full_name="Ngô Văn Minh",
                       giving_mother_full_name="Bùi Thị Nga", giving_party_relationship="Mẹ đẻ")  # fmt: skip
        edges = {edge.kind: edge for edge in Kinship.objects.filter(record=record)}
        assert set(edges) == {"adoptive_father", "mother"}
        assert all(edge.restricted for edge in edges.values())
        note = AnnotationDraft(kind="adoption_end", text="Chấm dứt", basis_number="2/QĐ", basis_authority="Tòa án",
                               basis_date_text="03/04/2020")  # fmt: skip
        services.annotate_record(actor=actor, at=AT, record_id=record.id, drafts=[note])
        ended = Kinship.objects.get(record=record, kind="adoptive_father")
        assert (ended.ended_by, str(ended.valid_to)) == ("adoption_end", "2020-04-03")


def test_an_end_of_guardianship_in_its_own_register_ends_the_edge() -> None:
    (office,) = offices(1)
    who = {"guardian_full_name": "Đỗ Văn Oanh", "guardian_birth_date": "1960", "guardian_id_doc_type": "1",
           "guardian_id_doc_number": "210999888", "ward_full_name": "Đỗ Thị Phúc", "ward_birth_date": "2010",
           "ward_id_doc_type": "1", "ward_id_doc_number": "210999777"}  # fmt: skip
    with acting(office) as actor:
        end = enter(actor, office, "CDGH", year=2019, **who, origin_registration_number="900/2017")
        begin = enter(actor, office, "GH", year=2017, number=900, **who)
        assert Kinship.objects.get(record=begin).ended_by == "termination"
        services.annul_record(actor=actor, at=AT, record_id=end.id, decision=ruling("QĐ 3"))
        begin.refresh_from_db()
        assert begin.annotations.get().in_force is False  # written by the annulled entry, withdrawn with it
        assert Kinship.objects.get(record=begin).ended_by == ""
