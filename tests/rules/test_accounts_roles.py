"""The table of roles and rights, and the separation of duties it keeps."""

from __future__ import annotations

import pytest

from hotich.accounts.rules.roles import RIGHTS, RIGHTS_ON_CITIZENS_DATA, ROLES, incompatible_roles, rights_of


def test_every_right_in_the_table_is_a_known_right() -> None:
    assert {right for role in ROLES.values() for right in role.rights} <= set(RIGHTS)


def test_every_right_is_given_by_some_role() -> None:
    assert set(RIGHTS) == {right for role in ROLES.values() for right in role.rights}


def test_the_roles_of_the_law_and_of_digitisation_are_there() -> None:
    assert set(ROLES) == {
        "one_stop_clerk", "civil_status_officer", "commune_leader", "district_archive", "department_of_justice",
        "ministry", "mission_officer", "mission_head", "keyer", "keying_helper", "keying_leader",
        "checker", "approver", "police_verifier", "technical_administrator", "auditor",
    }  # fmt: skip


@pytest.mark.parametrize("code", sorted(ROLES))
def test_no_role_both_edits_and_approves(code: str) -> None:
    rights = ROLES[code].rights
    assert not {"case.edit", "case.approve"} <= rights
    assert not {"record.repair", "record.approve_repair"} <= rights


@pytest.mark.parametrize("code", ["technical_administrator", "auditor"])
def test_who_looks_after_machines_or_watches_reads_no_citizens_data(code: str) -> None:
    assert not ROLES[code].rights & RIGHTS_ON_CITIZENS_DATA


def test_every_right_that_opens_records_counts_as_citizens_data() -> None:
    assert {"record.read", "case.read", "person.read", "restricted.read", "book.read"} <= RIGHTS_ON_CITIZENS_DATA
    assert not {"audit.read", "officer.manage", "technical.manage"} & RIGHTS_ON_CITIZENS_DATA


def test_the_district_archive_only_reads() -> None:
    assert all(right.endswith(".read") for right in ROLES["district_archive"].rights)


def test_a_helper_at_keying_sees_the_pages_of_his_package_and_nothing_else() -> None:
    assert ROLES["keying_helper"].rights & RIGHTS_ON_CITIZENS_DATA == {"keying.key"}


@pytest.mark.parametrize("code", sorted(ROLES))
def test_no_role_both_keys_and_accepts_what_was_keyed(code: str) -> None:
    assert not {"keying.key", "keying.accept"} <= ROLES[code].rights


@pytest.mark.parametrize(
    "code",
    ["keyer", "keying_helper", "keying_leader", "checker", "one_stop_clerk", "police_verifier", "approver", "ministry"],
)
def test_restricted_facts_stay_hidden_from_roles_that_need_them_not(code: str) -> None:
    assert "restricted.read" not in ROLES[code].rights


def test_rights_of_several_roles_are_joined() -> None:
    assert rights_of(["keyer", "approver"]) == ROLES["keyer"].rights | ROLES["approver"].rights


def test_a_code_that_is_no_role_gives_no_right() -> None:
    assert rights_of(["superuser"]) == frozenset()


def test_auditor_and_technical_administrator_hold_no_second_role() -> None:
    assert incompatible_roles(["auditor", "keyer"]) == {"auditor"}
    assert incompatible_roles(["technical_administrator", "auditor"]) == {"technical_administrator", "auditor"}
    assert incompatible_roles(["keyer", "checker"]) == frozenset()
    assert incompatible_roles(["auditor"]) == frozenset()
