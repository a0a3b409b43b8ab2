"""Who acts for a command: the officer named, or on demo state the keyer of the office that keeps the books."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from hotich.accounts.queries import actor_for, command_actor, officer_by_login, posts_of
from hotich.accounts.services import give_post
from hotich.database.scope import office_scope
from hotich.intake.models import Case
from hotich.intake.queries.actors import actor_of_login
from hotich.intake.services import approve_batch, approve_cases, correct_case
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from tests.app.accounts_parts import make_officer, open_offices
from tests.app.intake_parts import AT, bring_in, rows_of, workbook

pytestmark = pytest.mark.django_db


def test_on_demo_state_the_keyer_imports_and_the_officer_does_what_a_keyer_may_not(settings: Any) -> None:
    settings.DEMO = True
    office = open_offices(1)[0]
    make_officer("a.cong.chuc", office=office, role="civil_status_officer", totp=False)
    make_officer("m.duyet", office=office, role="approver", totp=False)
    make_officer("z.nhap.lieu", office=office, role="keyer", totp=False)
    assert actor_of_login("", office, "case.import").login == "z.nhap.lieu"
    assert actor_of_login("", office, "batch.withdraw").login == "z.nhap.lieu"
    assert actor_of_login("", office, "dispatch.send").login == "a.cong.chuc"
    assert actor_of_login("", office, "case.approve").login == "m.duyet"
    assert actor_of_login("a.cong.chuc", office, "case.import").login == "a.cong.chuc"


def test_a_keyer_of_another_office_is_not_taken(settings: Any) -> None:
    settings.DEMO = True
    office, other = open_offices(2)
    make_officer("a.nhap.lieu", office=other, role="keyer", totp=False)
    make_officer("z.cong.chuc", office=office, role="civil_status_officer", totp=False)
    assert actor_of_login("", office, "case.import").login == "z.cong.chuc"


def test_without_demo_state_somebody_must_be_named(settings: Any) -> None:
    settings.DEMO = False
    office = open_offices(1)[0]
    make_officer("z.nhap.lieu", office=office, role="keyer", totp=False)
    with pytest.raises(RuleBroken, match="actor_needed"):
        actor_of_login("", office, "case.import")


def _of_both_roles(login: str) -> Actor:
    """An officer who may import as well as approve, as accounts make one of two posts at an office."""
    office = open_offices(1)[0]
    officer = make_officer(login, office=office, role="keyer", totp=False)
    give_post(
        actor=command_actor(), at=AT, officer_id=officer.id, office_id=office.id, role="approver",
        valid_from=date(2025, 7, 1),
    )  # fmt: skip
    actor = actor_for(officer_by_login(login), posts_of(officer)[0].id)
    assert actor.may("case.import") and actor.may("case.approve")
    return actor


def test_an_officer_of_both_roles_approves_what_others_brought_and_nothing_of_his_own_hand() -> None:
    office = open_offices(1)[0]
    both, second = _of_both_roles("ca.hai"), _of_both_roles("nguoi.khac")
    with office_scope([office.id]):
        batch = UUID(bring_in(office, workbook(rows_of("KS", 3)), actor=both)["batch"])
        cases = list(Case.objects.order_by("row_number"))
        for refused in (
            lambda: approve_batch(actor=both, at=AT, batch_id=batch),
            lambda: approve_cases(actor=both, at=AT, case_ids=[cases[0].id]),
        ):
            with pytest.raises(RuleBroken, match="second_person_required"):
                refused()
        # who changed one row may approve the others one by one, but neither that one nor the batch
        values = {**cases[0].as_recorded, "page_no": "9"}
        correct_case(actor=second, at=AT, case_id=cases[0].id, values=values, version=1)
        with pytest.raises(RuleBroken, match="second_person_required"):
            approve_batch(actor=second, at=AT, batch_id=batch)
        with pytest.raises(RuleBroken, match="second_person_required"):
            approve_cases(actor=second, at=AT, case_ids=[cases[0].id])
        assert len(approve_cases(actor=second, at=AT, case_ids=[cases[1].id]).approved) == 1
        third = _of_both_roles("nguoi.thu.ba")
        assert len(approve_batch(actor=third, at=AT, batch_id=batch).approved) == 2
