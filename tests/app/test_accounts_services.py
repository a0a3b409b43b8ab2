"""Accounts, posts and what they let an officer do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from hotich.accounts import services
from hotich.accounts.models import Officer, Post
from hotich.accounts.queries import (
    actor_for,
    command_actor,
    current_post,
    officer_by_login,
    officers_of_office,
    posts_of,
    system_actor,
)  # fmt: skip
from hotich.audit.models import Entry
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.accounts_parts import AT, PASSWORD, make_officer, open_offices

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def refused(code: str) -> Any:
    return pytest.raises(RuleBroken, check=lambda error: error.code == code)


def give(officer: Officer, office: Office, role: str, actor: Any = None, **days: date) -> Post:
    return services.give_post(
        actor=actor or command_actor(), at=AT, officer_id=officer.id, office_id=office.id, role=role,
        **({"valid_from": date(2025, 7, 1)} | days),
    )  # fmt: skip


def test_a_new_officer_gets_a_password_to_change_and_no_right() -> None:
    officer, password = services.create_officer(
        actor=command_actor(), at=AT, login=" Moi.Thu ", full_name=" Tạ  Ngọc Thử "
    )
    assert (officer.username, officer.full_name, officer.must_change_password) == ("moi.thu", "Tạ Ngọc Thử", True)
    assert officer.check_password(password)
    assert actor_for(officer).rights == frozenset()


@pytest.mark.parametrize("login", ["", "ab", "có dấu", "a b c", ".abc", "abc-", "x" * 61])
def test_a_malformed_login_name_is_refused(login: str) -> None:
    with refused("login_malformed"):
        services.create_officer(actor=command_actor(), at=AT, login=login, full_name="Tạ Ngọc Thử")


def test_a_login_name_is_given_once_whatever_its_case() -> None:
    make_officer("lan.thu")
    with refused("login_taken"):
        services.create_officer(actor=command_actor(), at=AT, login="LAN.thu", full_name="Tạ Ngọc Thử")
    assert Officer.objects.filter(username="lan.thu").count() == 1


def test_who_may_not_manage_makes_no_officer() -> None:
    with refused("not_allowed"):
        services.create_officer(actor=system_actor(), at=AT, login="moi.thu", full_name="Tạ Ngọc Thử")


def test_an_actor_holds_the_rights_and_offices_of_the_post_in_use() -> None:
    here, there = open_offices()
    officer = make_officer(office=here, role="keyer")
    second = give(officer, there, "approver", valid_from=date(2025, 8, 1))
    actor = actor_for(officer, on=TODAY)
    assert actor.office_id == here.id and here.id in actor.office_ids and there.id not in actor.office_ids
    assert actor.may("case.edit") and not actor.may("case.approve")
    other = actor_for(officer, second.id, on=TODAY)
    assert other.office_id == there.id and other.may("case.approve") and not other.may("case.edit")


def test_the_books_of_closed_offices_come_with_the_office_that_keeps_them() -> None:
    from hotich.units.models import OfficeSuccession

    kept = OfficeSuccession.objects.filter(is_default=True, successor__valid_to__isnull=True).first()
    assert kept is not None
    officer = make_officer(office=kept.successor)
    assert {kept.predecessor_id, kept.successor_id} <= actor_for(officer, on=TODAY).office_ids


def test_roles_at_one_office_are_joined() -> None:
    (here,) = open_offices(1)
    officer = make_officer(office=here, role="keyer")
    give(officer, here, "checker")
    give(officer, here, "district_archive")
    assert actor_for(officer, on=TODAY).may("case.edit") and actor_for(officer, on=TODAY).may("record.read")


def test_a_post_gives_rights_from_its_first_to_its_last_day() -> None:
    (here,) = open_offices(1)
    officer = make_officer()
    give(officer, here, "keyer", valid_from=date(2026, 1, 10), valid_to=date(2026, 1, 20))
    held = [bool(actor_for(officer, on=date(2026, 1, day)).rights) for day in (9, 10, 20, 21)]
    assert held == [False, True, True, False]


def test_a_post_of_somebody_else_is_not_used() -> None:
    here, there = open_offices()
    officer, other = make_officer(office=here), make_officer("khac.thu", office=there)
    foreign = posts_of(other, on=TODAY)[0]
    post = current_post(officer, foreign.id, on=TODAY)
    assert post is not None and post.officer_id == officer.id


def test_a_locked_officer_has_no_right() -> None:
    (here,) = open_offices(1)
    officer = make_officer(office=here)
    services.lock_officer(actor=command_actor(), at=AT, officer_id=officer.id)
    assert actor_for(Officer.objects.get(id=officer.id), on=TODAY).rights == frozenset()


def test_ending_a_post_ends_its_rights() -> None:
    (here,) = open_offices(1)
    officer = make_officer(office=here, role="keyer")
    services.end_post(
        actor=command_actor(), at=AT, officer_id=officer.id, office_id=here.id, role="keyer", valid_to=date(2026, 3, 1)
    )
    assert posts_of(officer, on=TODAY) == []
    with refused("post_unknown"):
        services.end_post(
            actor=command_actor(), at=AT, officer_id=officer.id, office_id=here.id, role="keyer", valid_to=TODAY
        )


@pytest.mark.parametrize(
    ("role", "days", "code"),
    [
        ("superuser", {}, "role_unknown"),
        ("civil_status_officer", {}, "post_held_already"),
        ("auditor", {}, "roles_incompatible"),
        ("checker", {"valid_to": date(2025, 6, 1)}, "post_ends_before_it_begins"),
    ],
)
def test_a_wrong_post_is_refused(role: str, days: dict[str, date], code: str) -> None:
    (here,) = open_offices(1)
    officer = make_officer(office=here)
    with refused(code):
        give(officer, here, role, **days)


def test_nobody_works_at_an_office_after_it_closed() -> None:
    closed = Office.objects.filter(valid_to__lt=date(2026, 1, 1)).first()
    assert closed is not None
    with refused("office_closed"):
        give(make_officer(), closed, "keyer", valid_from=date(2026, 1, 1))


def _department() -> tuple[Any, Office, Office]:
    (here,) = open_offices(1)
    assert here.unit is not None
    far = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(unit__parent=here.unit.parent).first()
    assert far is not None
    return actor_for(make_officer("so.thu", office=here, role="department_of_justice"), on=TODAY), here, far


def test_a_department_of_justice_looks_after_its_own_province_only() -> None:
    department, here, far = _department()
    officer = make_officer()
    give(officer, here, "keyer", actor=department)
    with refused("not_allowed"):
        give(officer, far, "keyer", actor=department)


def test_a_department_of_justice_gives_no_central_role() -> None:
    department, here, _ = _department()
    with refused("role_is_central"):
        give(make_officer(), here, "technical_administrator", actor=department)


def test_a_department_of_justice_does_not_touch_a_technical_administrator() -> None:
    department, here, _ = _department()
    administrator = make_officer(office=here, role="technical_administrator")
    with refused("not_allowed"):
        services.reset_password(actor=department, at=AT, officer_id=administrator.id)


def test_nobody_gives_himself_a_role_or_unlocks_himself() -> None:
    (here,) = open_offices(1)
    officer = make_officer(office=here, role="technical_administrator")
    actor = actor_for(officer, on=TODAY)
    with refused("own_account"):
        give(officer, here, "civil_status_officer", actor=actor)
    with refused("own_account"):
        services.unlock_officer(actor=actor, at=AT, officer_id=officer.id)


def test_a_reset_password_is_to_be_changed_and_ends_sessions() -> None:
    officer = make_officer()
    before = officer.get_session_auth_hash()
    password = services.reset_password(actor=command_actor(), at=AT, officer_id=officer.id)
    officer.refresh_from_db()
    assert officer.check_password(password) and officer.must_change_password
    assert officer.get_session_auth_hash() != before


def test_a_reset_second_factor_is_gone_and_ends_sessions() -> None:
    officer = make_officer()
    before = officer.get_session_auth_hash()
    services.reset_second_factor(actor=command_actor(), at=AT, officer_id=officer.id)
    officer.refresh_from_db()
    assert not Authenticator.objects.filter(user=officer).exists()
    assert officer.get_session_auth_hash() != before


def test_the_seed_of_the_second_factor_is_not_stored_in_the_clear() -> None:
    from tests.app.accounts_parts import SECRET

    officer = make_officer()
    stored = Authenticator.objects.get(user=officer).data["secret"]
    assert SECRET not in stored and len(stored) > len(SECRET)


def test_what_is_done_to_an_account_is_audited_without_the_name() -> None:
    (here,) = open_offices(1)
    officer = make_officer(office=here)
    services.reset_password(actor=command_actor(), at=AT, officer_id=officer.id)
    services.lock_officer(actor=command_actor(), at=AT, officer_id=officer.id)
    entries = Entry.objects.filter(subject_kind="officer", subject_id=str(officer.id)).order_by("sequence")
    assert [entry.verb for entry in entries] == [
        "officer.created", "officer.post_given", "officer.password_reset", "officer.locked",
    ]  # fmt: skip
    assert entries[1].facts["role"] == "civil_status_officer" and entries[1].subject_office_id == here.id
    assert all(officer.full_name not in str(entry.facts) and PASSWORD not in str(entry.facts) for entry in entries)


def test_a_refused_act_leaves_no_trace() -> None:
    (here,) = open_offices(1)
    officer = make_officer(office=here)
    before = Entry.objects.count()
    with refused("post_held_already"):
        give(officer, here, "civil_status_officer")
    assert Entry.objects.count() == before and Post.objects.filter(officer=officer).count() == 1


def test_officers_of_an_office_are_those_with_a_post_there() -> None:
    here, there = open_offices()
    one, _ = make_officer(office=here), make_officer("khac.thu", office=there)
    assert list(officers_of_office(here.id, on=TODAY)) == [one]


def test_an_unknown_login_name_is_refused_by_code() -> None:
    with refused("officer_unknown"):
        officer_by_login("khong.co")
