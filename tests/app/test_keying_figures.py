"""Figures of keying: speed, errors measured from blind checks, alarms; whose they are and who may see them (H7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from hotich.database.scope import office_scope
from hotich.intake.models import Case
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import Entry, KeyingPackage, SecondKeying
from hotich.keying.queries.alarms import alarms
from hotich.keying.queries.figures import (
    Period,
    cases_by_day,
    checked,
    errors_by_officer,
    keyed_again,
    measured,
    packages_in_work,
    period_of,
    sums_by_office,
    sums_by_officer,
    waiting,
)
from hotich.keying.queries.figures import keyed as keyed_in
from hotich.keying.rules.figures import Errors, Work
from hotich.keying.services.differences import decide_difference
from hotich.keying.services.review import finish_check, review_entry, start_check
from tests.app.keying_checking_parts import VOID, differences_of, entries_of, give, keyed, now, values_of
from tests.app.keying_parts import AT, Team, a_listed_book, a_team

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture
def team() -> Team:
    return a_team()


def period(team: Team, first: date = DAY, last: date = DAY, officer: int | None = None) -> Period:
    return Period(first, last, (team.office.id,), officer)


def change(team: Team, package: KeyingPackage, **columns: Any) -> None:
    """The same columns in every entry of a package."""
    with office_scope([team.office.id]):
        Entry.objects.filter(package=package).update(**columns)


def errors_of(team: Team, of: Period | None = None) -> dict[int, Errors]:
    with office_scope([team.office.id]):
        return errors_by_officer(measured(of or period(team)))


# ---- work


def test_cases_strokes_and_time_add_up_by_keyer_and_office_and_void_numbers_are_no_cases(team: Team) -> None:
    package = keyed(team, [values_of(1), values_of(2), VOID])
    change(team, package, strokes=150, active_ms=60_000, characters=300, fields_filled=25)
    with office_scope([team.office.id]):
        done = keyed_in(period(team))
    wanted = Work(2, 300, 120_000, 600, 50)
    assert sums_by_officer(done) == {team.keyer.officer_id: wanted}
    assert sums_by_office(done) == {team.office.id: wanted}
    assert wanted.cases_an_hour == 60.0


def test_a_case_counts_on_the_day_in_vietnam_when_the_server_received_it_first(team: Team) -> None:
    package = keyed(team, [values_of(1), values_of(2)])
    first, second = entries_of(team, package)
    late = AT.replace(hour=16, minute=59)  # 23:59 in Vietnam
    with office_scope([team.office.id]):
        Entry.objects.filter(id=first.id).update(first_received_at=late, received_at=late + timedelta(days=3))
        Entry.objects.filter(id=second.id).update(first_received_at=late + timedelta(minutes=1))
        both = period(team, DAY, DAY + timedelta(days=2))
        assert cases_by_day(keyed_in(both), both) == [1, 1, 0]
        assert sum(each.work.cases for each in keyed_in(period(team))) == 1


def test_checks_count_for_the_checker(team: Team) -> None:
    package = keyed(team)
    start_check(actor=team.checker, at=AT, package_id=package.id)
    for entry in entries_of(team, package):
        review_entry(actor=team.checker, at=AT, entry_id=entry.id, version=now(team, entry).version)
    with office_scope([team.office.id]):
        assert sums_by_officer(checked(period(team))) == {team.checker.officer_id: Work(3)}
        assert keyed_again(period(team)) == []


# ---- errors


def test_a_wrong_critical_field_counts_against_the_first_keyer_with_its_characters(team: Team) -> None:
    package = keyed(team, [values_of(1, child_full_name="Trần Văn Amm"), values_of(2)], mode="blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    for place, number in enumerate((1, 2)):
        give(team, package, place, values_of(number, child_full_name="Trần Văn Am"), kind="critical")
    assert errors_of(team)[team.keyer.officer_id].undecided == 2  # the second one differs too: another name
    for entry in entries_of(team, package):
        for difference in differences_of(team, entry):
            decision = "second" if entry.item.number == 1 else "first"
            decide_difference(
                actor=team.checker, at=AT, difference_id=difference.id, decision=decision, reason="Đã xem sổ"
            )
    found = errors_of(team)[team.keyer.officer_id]
    assert (found.undecided, found.key_fields.cases, found.key_fields.errors) == (0, 2, 1)
    assert found.key_fields.units == 2 * len(_critical_filled())
    assert found.fields.units == found.characters.units == 0  # no case was keyed again whole
    assert team.checker.officer_id not in errors_of(team)  # blind critical measures the first keyer alone


def _critical_filled() -> list[str]:
    from hotich.keying.rules.comparison import critical_fields
    from hotich.registers.types import version_by_id

    return [code for code in critical_fields(version_by_id("KS-L2014-1")) if values_of(1).get(code)]


def test_double_keying_measures_both_and_what_is_undecided_measures_nobody(team: Team) -> None:
    package = keyed(team, [values_of(1, child_full_name="Trần Văn Am"), values_of(2)], mode="double")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, values_of(1, child_full_name="Trần Văn An"), kind="double")
    give(team, package, 1, values_of(2), kind="double")
    filled = sum(bool(raw) for raw in values_of(1).values())
    found = errors_of(team)
    for name in ("keyer", "checker"):
        errors = found[getattr(team, name).officer_id]
        assert (errors.undecided, errors.fields.units, errors.fields.errors) == (1, 2 * filled - 1, 0)
    [difference] = differences_of(team, entries_of(team, package)[0])
    decide_difference(actor=team.checker2, at=AT, difference_id=difference.id, decision="first", reason="Sổ ghi rõ")
    found = errors_of(team)
    assert found[team.keyer.officer_id].fields.errors == 0
    wrong = found[team.checker.officer_id]
    assert (wrong.fields.errors, wrong.fields.units, wrong.characters.errors) == (1, 2 * filled, 1)
    texts = [raw if isinstance(raw, str) else raw.get("text", "") for n in (1, 2) for raw in values_of(n).values()]
    wanted = sum(map(len, texts)) - len(values_of(1)["child_full_name"]) + len("Trần Văn Am")
    assert wrong.characters.units == wanted


def test_fields_empty_in_both_keyings_and_a_reviewers_corrections_are_in_no_rate(team: Team) -> None:
    from hotich.keying.services.review import Change

    package = keyed(team, [values_of(1)])
    [entry] = entries_of(team, package)
    start_check(actor=team.checker, at=AT, package_id=package.id)
    review_entry(
        actor=team.checker, at=AT, entry_id=entry.id, version=now(team, entry).version,
        changes={"child_full_name": Change("Trần Văn Khác", "Sổ ghi khác")},
    )  # fmt: skip
    assert errors_of(team) == {}


def test_figures_of_one_officer_are_his_alone(team: Team) -> None:
    book = a_listed_book(team)
    keyed(team, [values_of(1)], book=book)
    keyed(team, [values_of(2), values_of(3)], book=book, first=2, by="keyer2")
    with office_scope([team.office.id]):
        own = sums_by_officer(keyed_in(period(team, officer=team.keyer2.officer_id)))
    assert {officer: work.cases for officer, work in own.items()} == {team.keyer2.officer_id: 2}


def test_who_may_not_watch_sees_himself_and_nobody_else(team: Team) -> None:
    given = {"first": DAY, "last": DAY}
    own = period_of(team.keyer, **given, officer=team.keyer.officer_id)
    assert own.officer == team.keyer.officer_id
    for officer in (None, team.keyer2.officer_id):
        with pytest.raises(RuleBroken, match="not_allowed"):
            period_of(team.keyer, **given, officer=officer)
    assert set(period_of(team.leader, **given).offices) == team.leader.office_ids >= {team.office.id}


@pytest.mark.parametrize(
    ("days", "office", "code"),
    [(-1, None, "period_malformed"), (92, None, "period_too_long"), (0, 1, "office_not_in_scope")],
)
def test_a_question_is_bounded(team: Team, days: int, office: int | None, code: str) -> None:
    with pytest.raises(RuleBroken, match=code):
        period_of(team.leader, DAY, DAY + timedelta(days=days), office=office)


def test_another_office_counts_nothing_here(team: Team) -> None:
    keyed(team)
    with office_scope([team.office.id + 1]):
        assert keyed_in(period(team)) == measured(period(team)) == alarms(period(team)) == []


# ---- alarms


def codes(team: Team) -> list[tuple[str, int]]:
    with office_scope([team.office.id]):
        return [(alarm.code, alarm.officer) for alarm in alarms(period(team))]


def test_fast_empty_and_copied_cases_and_a_wrong_clock_are_alarms(team: Team) -> None:
    same = [values_of(number, mother_full_name="Lò Thị Mẹ") for number in range(1, 31)]
    for place, values in enumerate(same):
        values["child_full_name"] = f"Lò {'ABCDEGHIKL'[place // 10]}an {'ABCDEGHIKL'[place % 10]}ang"
    package = keyed(team, same)
    change(team, package, active_ms=60_000, strokes=150)
    keyer = team.keyer.officer_id
    assert {code for code, _ in codes(team)} == {"same_value"}
    with office_scope([team.office.id]):
        told = {alarm.params["field"] for alarm in alarms(period(team)) if alarm.code == "same_value"}
    assert "mother_full_name" in told and "child_full_name" not in told and "registration_date" not in told
    change(team, package, active_ms=4_000, clock_error=-86_400_000)
    with office_scope([team.office.id]):
        keep = {"child_full_name": "Lò Văn An", "registration_number": "1/2016"}
        Case.objects.filter(batch=package.batch_id).update(as_recorded=keep)
    found = codes(team)
    assert {("impossible_speed", keyer), ("clock_error", keyer), ("empty_fields", keyer)} <= set(found)
    assert found[0][0] == "impossible_speed"


def test_checks_in_seconds_without_a_finding_are_an_alarm(team: Team) -> None:
    package = keyed(team, [values_of(number) for number in range(1, 21)])
    change(team, package, active_ms=60_000, check_state="passed", checker=team.checker.officer_id)
    with office_scope([team.office.id]):
        for place, entry in enumerate(Entry.objects.filter(package=package).order_by("id")):
            entry.checked_at = AT + timedelta(seconds=2 * place)
            entry.save()
    assert ("rubber_stamp", team.checker.officer_id) in codes(team)
    with office_scope([team.office.id]):  # the same number of checks, with time to look
        for place, entry in enumerate(Entry.objects.filter(package=package).order_by("id")):
            entry.checked_at = AT + timedelta(seconds=20 * place)
            entry.save()
    assert ("rubber_stamp", team.checker.officer_id) not in codes(team)


def test_second_keyings_in_seconds_that_never_differ_are_an_alarm(team: Team) -> None:
    package = keyed(team, [values_of(number) for number in range(1, 21)])
    with office_scope([team.office.id]):
        SecondKeying.objects.bulk_create(
            SecondKeying(
                id=uuid4(), origin_office_id=team.office.id, entry=entry, kind="critical", values={}, of_revision=1,
                keyer=team.checker.officer_id, saved_at=AT, received_at=AT, active_ms=900,
            )
            for entry in Entry.objects.filter(package=package)
        )  # fmt: skip
    assert ("rubber_stamp", team.checker.officer_id) in codes(team)


# ---- what is in work


def test_packages_in_work_tell_how_far_they_are_and_what_waits(team: Team) -> None:
    package = keyed(team, [values_of(1), values_of(2), VOID])
    with office_scope([team.office.id]):
        [line] = packages_in_work([team.office.id])
        assert (line.package.id, line.done, line.last_save) == (package.id, 3, AT)
        assert {each.state: (each.count, each.oldest) for each in waiting([team.office.id])} == {
            "pending": (3, AT), "differs": (0, None), "returned": (0, None),
        }  # fmt: skip
    start_check(actor=team.checker, at=AT, package_id=package.id)
    for entry in entries_of(team, package):
        review_entry(actor=team.checker, at=AT, entry_id=entry.id, version=now(team, entry).version)
    finish_check(actor=team.checker, at=AT, package_id=package.id)
    with office_scope([team.office.id]):
        assert packages_in_work([team.office.id]) == []
