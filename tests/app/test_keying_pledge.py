"""The pledge of confidentiality: who signs, by which name, once for each wording and office; work left open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hotich.accounts.queries import open_work_at
from hotich.audit.models import Entry as AuditEntry
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import Pledge
from hotich.keying.queries.pledges import must_still_sign
from hotich.keying.rules import pledge as rules
from hotich.keying.services.pledges import sign_pledge
from tests.app.keying_parts import AT, NAMES, Team, a_package, a_team, checked_out, sign

pytestmark = pytest.mark.django_db
VERSION = rules.text_on(AT.date()).version


@pytest.fixture
def team(in_scope: Any) -> Team:
    found = a_team(signed=False)
    in_scope(found.office)
    return found


def test_helpers_and_keyers_sign_and_officials_of_the_register_do_not(team: Team) -> None:
    must = {name for name in team.accounts if must_still_sign(getattr(team, name), AT.date())}
    assert {"keyer", "keyer2", "helper"} <= must
    assert "officer" not in must
    assert checked_out(team, by="officer").state == "out"


def test_without_the_pledge_no_package_is_taken(team: Team) -> None:
    package = a_package(team)
    with pytest.raises(RuleBroken, match="pledge_missing"):
        checked_out(team, package, by="helper")
    sign(team, "helper")
    assert checked_out(team, package, by="helper").state == "out"


@pytest.mark.parametrize("name", ["", "  ", "Hồ Văn", "Ho Van Giup", "Đỗ Văn Nhập"])
def test_another_name_than_ones_own_signs_nothing(team: Team, name: str) -> None:
    with pytest.raises(RuleBroken, match="signed_name_differs"):
        sign_pledge(actor=team.helper, at=AT, version=VERSION, signed_name=name)
    assert not Pledge.objects.exists()


def test_letter_case_and_spaces_of_the_name_do_not_matter(team: Team) -> None:
    made = sign_pledge(actor=team.helper, at=AT, version=VERSION, signed_name="  HỒ  Văn giúp ")
    assert made.signed_name == NAMES["helper"], "kept as his account has it"


def test_signing_twice_is_one_pledge_and_one_act(team: Team) -> None:
    sign(team, "helper")
    sign(team, "helper")
    assert Pledge.objects.count() == 1
    assert AuditEntry.objects.filter(verb="pledge.signed").count() == 1


def test_a_new_wording_is_signed_anew_and_an_old_page_signs_nothing(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(team, "helper")
    first = rules.TEXTS[0]
    newer = rules.PledgeText(
        "2026-2", date(2026, 11, 20), first.title, first.opening, first.points, first.closing, "Nghị định mới", True
    )
    monkeypatch.setattr(rules, "TEXTS", (first, newer))
    assert must_still_sign(team.helper, AT.date())
    with pytest.raises(RuleBroken, match="pledge_text_changed"):
        sign_pledge(actor=team.helper, at=AT, version=first.version, signed_name=NAMES["helper"])
    sign_pledge(actor=team.helper, at=AT, version="2026-2", signed_name=NAMES["helper"])
    assert not must_still_sign(team.helper, AT.date())


def test_nobody_signs_for_another_nor_without_the_right_to_key(team: Team) -> None:
    own = team.helper
    lent = Actor(own.login, own.office_id, own.officer_id, own.office_ids, own.rights, on_behalf_of=1)
    with pytest.raises(RuleBroken, match="pledge_on_behalf"):
        sign_pledge(actor=lent, at=AT, version=VERSION, signed_name=NAMES["helper"])
    with pytest.raises(RuleBroken, match="not_allowed"):
        sign_pledge(actor=team.checker, at=AT, version=VERSION, signed_name=NAMES["checker"])


def test_packages_in_work_are_counted_before_accounts_are_locked(team: Team) -> None:
    sign(team, "helper")
    checked_out(team, a_package(team), by="helper")
    found = open_work_at(team.office.id)[team.office.id]
    assert (found.total, found.by_officer) == (1, {team.helper.officer_id: 1})
