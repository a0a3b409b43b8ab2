"""Duplicates and families are proposed with evidence, within one's offices, never of what is closed, never twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from records_support import AT, acting, actor_at, enter, offices

from hotich.audit.models import Entry
from hotich.kernel.problems import RuleBroken
from hotich.persons import services as persons
from hotich.persons.models import Kinship, LinkDecision, PersonLink
from hotich.reconciliation.models import LinkProposal
from hotich.reconciliation.queries.link_bulks import qualifying
from hotich.reconciliation.queries.proposals import open_of_earlier_rules
from hotich.reconciliation.rules.families import RULE_VERSION
from hotich.reconciliation.services.link_search import Searched, search_for_links
from hotich.reconciliation.services.proposals import decide_proposal, undo_proposal
from hotich.reconciliation.views.proposal_words import caution, evidence_lines
from hotich.records.models import Participant, Record
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

COUPLE = {"husband_full_name": "Đặng Văn Quảng", "husband_birth_date": "02/03/1970",
          "wife_full_name": "Lê Thị Cúc", "wife_birth_date": "04/05/1972"}  # fmt: skip
PARENTS = {"father_full_name": "Đặng Văn Quảng", "father_birth_date": "02/03/1970", "mother_full_name": "Lê Thị Cúc",
           "mother_birth_date": "1972"}  # fmt: skip


def birth(name: str, born: str, **more: Any) -> dict[str, Any]:
    return {"child_full_name": name, "child_sex": "2", "child_birth_date": born} | PARENTS | more


def search(actor: Any, office: Office, **more: Any) -> Searched:
    return search_for_links(actor=actor, at=AT, office_id=office.id, **more)


def found() -> set[tuple[str, frozenset[str]]]:
    return {
        (row.kind, frozenset((row.first.role, row.second.role)))
        for row in LinkProposal.objects.filter(state="open").select_related("first", "second")
    }


def person_of(record: Record, role: str) -> object:
    return PersonLink.objects.get(participant__record=record, participant__role=role).person_id


def proposal_of(kind: str, *roles: str) -> LinkProposal:
    (one,) = [
        row
        for row in LinkProposal.objects.filter(kind=kind).select_related("first", "second")
        if {row.first.role, row.second.role} == set(roles)
    ]
    return one


def test_parents_are_found_in_another_book_and_a_birth_entered_twice_with_a_slip() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KH", year=1995, **COUPLE)
        enter(actor, office, "KS", year=2001, **birth("Đặng Thị Dịu", "05/01/2001"))
        enter(actor, office, "KS", year=2006, **birth("Đặng Thị Diu", "05/01/2001"))
        enter(actor, office, "KS", year=2006, **birth("Phạm Văn Xa", "09/09/1999", father_full_name="Phạm Văn Ba",
              father_birth_date="1950", mother_full_name="Hồ Thị Na", mother_birth_date="1960"))  # fmt: skip
        done = search(actor, office)
        assert done.after is None
        assert done.participants == 11
        assert found() >= {
            ("duplicate_record", frozenset({"child"})),
            ("parent", frozenset({"father", "husband"})),
            ("parent", frozenset({"mother", "wife"})),
        }
        names = {row.first.full_name for row in LinkProposal.objects.select_related("first")}
        assert "Phạm Văn Xa" not in names
        one = proposal_of("duplicate_record", "child", "child")
        evidence = {each["field"]: each["level"] for each in one.evidence}
        assert (evidence["birth"], evidence["mother"], evidence["father"]) == ("exact", "exact", "exact")
        assert evidence["name"] != "exact"
        assert PersonLink.objects.exclude(rule="alone").count() == 0  # likeness links nobody
        again = search(actor, office)
        assert (again.proposed, again.stale) == (0, 0)
        entry = Entry.objects.filter(verb="proposals.searched").first()
        assert entry is not None
        assert "Đặng" not in str(entry.facts)


def test_without_births_the_names_of_a_couple_speak_and_a_name_alone_does_not() -> None:
    (office,) = offices(1)
    bare = {"father_birth_date": "", "mother_birth_date": ""}
    with acting(office) as actor:
        enter(actor, office, "KS", year=1985, **birth("Đặng Thị Dịu", "05/01/1985", **bare))
        enter(actor, office, "KS", year=1988, **birth("Đặng Thị Mai", "07/08/1988", **bare))
        enter(actor, office, "KS", year=1989, **birth("Đặng Văn Tư", "07/08/1989", **bare | {
            "mother_full_name": "Ngô Thị Khác"}))  # fmt: skip
        search(actor, office)
        assert found() == {("same_person", frozenset({"father"})), ("same_person", frozenset({"mother"}))}


def test_what_a_family_forbids_is_not_proposed() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", year=2001, **birth("Đặng Thị Dịu", "05/01/2001"))
        # the bride would have been nine
        enter(actor, office, "KT", year=2000, deceased_full_name="Lê Thị Cúc", deceased_sex="2",
              deceased_birth_date="1972", death_date="01/02/1999")  # fmt: skip
        enter(actor, office, "KH", year=2019, husband_full_name="Bùi Văn An", husband_birth_date="1990",
              wife_full_name="Lê Thị Cúc", wife_birth_date="1992")  # fmt: skip
        search(actor, office)
        assert found() == set()


def test_restricted_people_and_adoptions_are_never_proposed() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "CN", year=2018, adoptee_full_name="Ngô Thị Lan", adoptee_birth_date="01/02/2015",
              giving_mother_full_name="Lê Thị Cúc", giving_mother_birth_date="04/05/1972",
              adoptive_father_full_name="Ngô Văn Minh")  # fmt: skip
        enter(actor, office, "KH", year=1995, **COUPLE)
        search(actor, office)
        assert LinkProposal.objects.count() == 0


def test_accepting_draws_the_family_and_undoing_it_is_as_if_nothing_had_been_said() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **COUPLE)
        child = enter(actor, office, "KS", year=2001, **birth("Đặng Thị Dịu", "05/01/2001"))
        search(actor, office)
        before = sorted(PersonLink.objects.values_list("participant_id", "person_id"))
        one = proposal_of("parent", "father", "husband")
        decide_proposal(actor=actor, at=AT, proposal_id=one.id, same=True, reason="Xem sổ gốc")
        assert person_of(marriage, "husband") == person_of(child, "father")
        assert Kinship.objects.get(record=child, kind="father").relative_id == person_of(marriage, "husband")
        one.refresh_from_db()
        assert (one.state, one.by_rule, one.decided_by) == ("accepted", "", 1)
        assert search(actor, office).proposed == 0  # decided ones are left alone
        undo_proposal(actor=actor, at=AT, proposal_id=one.id, reason="Nhầm")
        assert sorted(PersonLink.objects.values_list("participant_id", "person_id")) == before
        assert LinkDecision.objects.count() == 0
        decide_proposal(actor=actor, at=AT, proposal_id=one.id, same=False, reason="Hai người")
        assert LinkDecision.objects.get().same is False
        verbs = set(Entry.objects.filter(subject_kind="proposal").values_list("verb", flat=True))
        assert verbs == {"proposal.accepted", "proposal.undone", "proposal.rejected"}


def test_who_may_and_what_is_refused() -> None:
    mine, other = offices(2)
    with acting(mine) as actor:
        enter(actor, mine, "KH", year=1995, **COUPLE)
        enter(actor, mine, "KS", year=2001, **birth("Đặng Thị Dịu", "05/01/2001"))
        search(actor, mine)
        one = proposal_of("parent", "father", "husband")
        reader = actor_at(mine, rights=frozenset({"person.read"}))
        with pytest.raises(RuleBroken) as refused:
            search(reader, mine)
        assert refused.value.code == "not_allowed"
        with pytest.raises(RuleBroken) as refused:
            search(actor, other)
        assert refused.value.code == "office_not_in_scope"
        for asking, reason, code in (
            (reader, "vì", "not_allowed"), (actor, " ", "reason_missing"), (actor_at(other), "vì", "proposal_unknown"),
        ):  # fmt: skip
            with pytest.raises(RuleBroken) as refused:
                decide_proposal(actor=asking, at=AT, proposal_id=one.id, same=True, reason=reason)
            assert refused.value.code == code
        with pytest.raises(RuleBroken) as refused:
            undo_proposal(actor=actor, at=AT, proposal_id=one.id, reason="vì")
        assert refused.value.code == "proposal_not_decided"
        decide_proposal(actor=actor, at=AT, proposal_id=one.id, same=True, reason="vì")
        with pytest.raises(RuleBroken) as refused:
            decide_proposal(actor=actor, at=AT, proposal_id=one.id, same=False, reason="vì")
        assert refused.value.code == "proposal_settled"


def test_a_proposal_the_records_no_longer_allow_is_closed_and_refused() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **COUPLE)
        enter(actor, office, "KS", year=2001, **birth("Đặng Thị Dịu", "05/01/2001"))
        search(actor, office)
        one = proposal_of("parent", "father", "husband")
        husband = Participant.objects.get(record=marriage, role="husband").id
        father = Participant.objects.get(role="father").id
        persons.decide_link(actor=actor, at=AT, first_id=husband, second_id=father, same=True, reason="Từ trang khác")
        with pytest.raises(RuleBroken) as refused:
            decide_proposal(actor=actor, at=AT, proposal_id=one.id, same=True, reason="vì")
        assert refused.value.code == "proposal_stale"
        assert search(actor, office).stale == 1
        one.refresh_from_db()
        assert one.state == "stale"


def test_what_an_earlier_rule_weighed_is_told_and_weighed_anew_by_the_next_search() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", year=2001, **birth("Đặng Thị Dịu", "05/01/2001"))
        enter(actor, office, "KS", year=2006, **birth("Đặng Thị Diu", "05/01/2001"))
        enter(actor, office, "KS", year=2008, **birth("Phạm Văn Xa", "09/09/1999"))
        search(actor, office)
        one = proposal_of("duplicate_record", "child", "child")
        assert open_of_earlier_rules(actor) == 0 and one in qualifying(actor, one.kind, 1)
        bits, gone = one.score, Participant.objects.get(role="child", full_name="Phạm Văn Xa")
        LinkProposal.objects.filter(id=one.id).update(rule_version=RULE_VERSION - 1, score=99)
        other = LinkProposal.objects.create(
            origin_office=office, kind="same_person", first=one.first, second=gone, score=99, proposed_at=AT
        )  # only an earlier rule said so
        assert open_of_earlier_rules(actor) == 2
        assert one not in qualifying(actor, one.kind, 1)  # none is accepted unseen by what it once weighed
        done = search(actor, office)
        assert (done.proposed, done.freshened, done.stale) == (0, 1, 1)
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.state, one.score, other.state) == ("open", bits, "stale")
        assert open_of_earlier_rules(actor) == 0
        assert search(actor, office).freshened == 0


def test_a_rule_joins_only_where_the_office_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **COUPLE)
        child = enter(actor, office, "KS", year=2001, **birth("Đặng Thị Dịu", "05/01/2001"))
        assert search(actor, office).by_rule == 0
        monkeypatch.setattr(
            "hotich.reconciliation.services.proposals.constant",
            lambda code: {"population_links_by_rule": 1, "population_rule_bits": 12}.get(code) or {
                "population_parent_age_least": 12, "population_parent_age_most": 60}[code],
        )  # fmt: skip
        assert search(actor, office).by_rule == 1  # the father: the mother's day of birth is not told by one entry
        assert person_of(marriage, "husband") == person_of(child, "father")
        assert person_of(marriage, "wife") != person_of(child, "mother")
        one = proposal_of("parent", "father", "husband")
        assert (one.state, one.by_rule, one.decided_by) == ("accepted", "sure_by_rule", None)
        undo_proposal(actor=actor, at=AT, proposal_id=one.id, reason="Không chắc")
        assert search(actor, office).by_rule == 0  # never again by itself


def test_namesakes_who_agree_only_in_a_year_written_as_the_first_of_january_are_left_to_a_human() -> None:
    (office,) = offices(1)
    least = 10  # bits from which an office may have proposals accepted in bulk
    with acting(office) as actor:
        for place, (day, name) in enumerate([("01/01/1970", "Giàng A Páo"), ("05/03/1970", "Thào A Sính")]):
            enter(actor, office, "KT", year=2010, number=2 * place + 1, deceased_full_name=name, deceased_sex="1",
                  deceased_birth_date=day, death_date="01/02/2010")  # fmt: skip
            enter(actor, office, "KH", year=1995, number=2 * place + 2, husband_full_name=name, husband_birth_date=day,
                  wife_full_name=f"Lê Thị {name.split()[2]}", wife_birth_date="1972")  # fmt: skip
        search(actor, office)
        rows = {row.first.full_name: row for row in LinkProposal.objects.select_related("first")}
        january, march = rows["Giàng A Páo"], rows["Thào A Sính"]
        assert {each["field"]: each["level"] for each in january.evidence}["birth"] == "january"
        assert january.score < least < march.score
        with translation.override("vi"):
            assert ("01/01" in caution(january), caution(march)) == (True, "")
            assert "Ngày sinh giống hệt" in str(evidence_lines(march))
