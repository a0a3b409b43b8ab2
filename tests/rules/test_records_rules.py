"""Rules of records on paper: current view, gaps, workflow, restricted facts, keys, requests between entries."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from hotich.files.rules.sealing import SealBroken, key_of, seal, unseal
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.rules import requests, workflow
from hotich.records.rules.current_view import current_view
from hotich.records.rules.keys import id_number_key, personal_id_key, personal_number
from hotich.records.rules.numbers import gaps
from hotich.records.rules.participants import participants_of
from hotich.records.rules.restricted import restricted_fields, sees_restricted, values_shown
from hotich.registers.rules.values import Recorded
from hotich.registers.types import REGISTER_TYPES, version_for


@dataclass
class Note:
    sequence: int
    field: str = ""
    new_value: Recorded | None = None
    in_force: bool = True


BOOK = {"child_full_name": "A", "child_sex": "Nam", "remarks": "x"}


def test_annotations_apply_in_order_and_the_book_stays_as_it_was() -> None:
    notes = [Note(2, "child_full_name", "C"), Note(1, "child_full_name", "B"), Note(3, "child_sex", None), Note(4)]
    view = current_view(BOOK, notes)
    assert view.values == {"child_full_name": "C", "remarks": "x"}
    assert {code: change.sequence for code, change in view.changes.items()} == {"child_full_name": 2, "child_sex": 3}
    assert BOOK["child_full_name"] == "A"


def test_a_withdrawn_annotation_and_one_that_goes_back_change_nothing() -> None:
    assert current_view(BOOK, [Note(1, "child_full_name", "B", in_force=False)]).changes == {}
    there_and_back = [Note(1, "child_full_name", "B"), Note(2, "child_full_name", "A")]
    assert current_view(BOOK, there_and_back).changes == {}
    assert current_view(BOOK, [Note(1, "child_ethnicity", "Kinh")]).changes["child_ethnicity"].recorded is None


@pytest.mark.parametrize(
    ("numbers", "limits", "expected"),
    [
        ([1, 2, 3], {}, []),
        ([5, 2, 9], {}, [(3, 4), (6, 8)]),
        ([2, 2, 4], {"first": 1, "last": 6}, [(1, 1), (3, 3), (5, 6)]),
        ([], {"first": 1, "last": 3}, [(1, 3)]),
        ([], {}, []),
        ([9], {"first": 1, "last": 3}, [(1, 3)]),
    ],
)
def test_gaps_are_numbers_nobody_knows_about(
    numbers: list[int], limits: dict[str, int], expected: list[object]
) -> None:
    assert [(gap.first, gap.last) for gap in gaps(numbers, **limits)] == expected


@pytest.mark.parametrize("table", [workflow.RECORD, workflow.NOTICE, workflow.REPAIR])
def test_every_act_leads_to_a_state_of_its_table(table: workflow.Table) -> None:
    assert {state for row in table.values() for state in row.values()} <= set(table)


def test_an_act_out_of_its_state_is_refused() -> None:
    assert workflow.next_state(workflow.RECORD, "in_force", "annul") == "annulled"
    with pytest.raises(RuleBroken) as refused:
        workflow.next_state(workflow.RECORD, "annulled", "annul")
    assert refused.value.code == "act_not_allowed_in_state"


def test_cause_of_death_and_whoever_gave_a_child_away_are_hidden_without_the_right() -> None:
    assert "cause_of_death" in restricted_fields(version_for("KT", "L2014"))
    adoption = version_for("CN", "L2014")
    values = {"giving_mother_full_name": "B", "adoptee_full_name": "C"}
    assert values_shown(adoption, values, sees=True).values == values
    shown = values_shown(adoption, values, sees=False)
    assert (shown.values, shown.hidden) == ({"adoptee_full_name": "C"}, {"giving_mother_full_name"})
    assert not sees_restricted(Actor("x", 1))
    assert sees_restricted(Actor("x", 1, rights=frozenset({"restricted.read"})))


def test_keys_are_equal_for_one_number_however_written_and_tell_nothing_without_the_secret() -> None:
    assert id_number_key("s", "1", "210 111.222") == id_number_key("s", "1", "210111222")
    assert id_number_key("s", "1", "210111222") != id_number_key("t", "1", "210111222")
    assert id_number_key("s", "1", "210111222") != id_number_key("s", "2", "210111222")
    assert id_number_key("s", "8", "210111222") == id_number_key("s", "", "210111222") == personal_id_key("s", "") == ""


@pytest.mark.parametrize(
    ("own", "kind", "number", "found"),
    [
        ("001190001234", "", "", "001190001234"),
        ("", "4", "001190001234", "001190001234"),
        ("", "8", "001190001234", "001190001234"),
        ("", "1", "001190001234", ""),
        ("", "4", "999990001234", ""),
        ("12345", "4", "123456789", ""),
    ],
)
def test_the_number_of_a_citizen_card_is_the_personal_number(own: str, kind: str, number: str, found: str) -> None:
    assert personal_number(own, kind, number) == found


def test_every_register_names_its_participants_and_their_ids_are_stable() -> None:
    record = UUID(int=1)
    for letters, register in REGISTER_TYPES.items():
        for version in register.every_version:
            values = {person.name: "Lê Thị A" for person in version.participants}
            roles = list(participants_of(version, values, record_id=record, registration_year=2018, secret="s"))
            assert [role.role for role in roles] == [person.role for person in version.participants]
            again = participants_of(version, values, record_id=record, registration_year=2018, secret="s")
            assert [role.id for role in again] == [role.id for role in roles]
            assert set(requests.MAIN_ROLES[letters]) <= {person.role for person in version.participants}


@pytest.mark.parametrize(
    ("letters", "changed", "role", "code"),
    [
        ("KS", "full_name", "child", "child_full_name"),
        ("KS", "father_birth_date", "child", "father_birth_date"),
        ("KH", "full_name", "wife", "wife_full_name"),
        ("KT", "death_date", "deceased", "death_date"),
        ("GH", "full_name", "guardian_2", "guardian_full_name_2"),
        ("KH", "birth_place", "wife", ""),
    ],
)
def test_a_changed_field_means_the_field_of_whom_it_is_about(letters: str, changed: str, role: str, code: str) -> None:
    assert requests.field_to_change(version_for(letters, "L2014"), changed, role) == code


def test_a_sealed_file_opens_only_with_its_key_its_hash_and_whole() -> None:
    import hashlib

    key, content = key_of("secret"), b"a scan"
    sha256 = hashlib.sha256(content).hexdigest()
    sealed = seal(key, content, sha256)
    assert content not in sealed
    assert unseal(key, sealed, sha256) == content
    for wrong in (lambda: unseal(key_of("other"), sealed, sha256), lambda: unseal(key, sealed, "0" * 64),
                  lambda: unseal(key, sealed[:-1], sha256), lambda: unseal(key, content, sha256)):  # fmt: skip
        with pytest.raises(SealBroken):
            wrong()


def test_a_note_of_adoption_closes_remarks_and_scan_to_those_without_the_right() -> None:
    from hotich.records.rules.restricted import scan_shown, values_shown
    from hotich.registers.types import version_for

    birth = version_for("KS", "ND158")
    noted = {"child_full_name": "Lò Thị Hoa", "remarks": "Đã đăng ký nuôi con nuôi số 03/2010"}
    plain = {"child_full_name": "Lò Thị Hoa", "remarks": "Cải chính ngày sinh"}
    assert values_shown(birth, noted, sees=False).hidden == {"remarks"}
    assert values_shown(birth, plain, sees=False).hidden == set()
    assert values_shown(birth, noted, sees=True).hidden == set()
    assert [scan_shown("KS", each, sees=False) for each in (noted, plain)] == [False, True]
    assert scan_shown("CN", plain, sees=False) is False
