"""Which readings are pointed out to a leader, and which are not."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotich.persons.rules.look_up_purposes import PURPOSES, fault_of
from hotich.persons.rules.oversight import RULES, Limits, Look, findings
from hotich.records.rules.reading_budget import ALARM, STOPPED, Day, budget_for, verdict

MONDAY = datetime(2026, 11, 23, 9, 0)
LIMITS = Limits()


def look(minute: float = 0, *, officer: int = 1, subject: str = "a", **more: object) -> Look:
    return Look(MONDAY + timedelta(minutes=minute), officer, 5, subject, **more)  # type: ignore[arg-type]


def rules_of(*looks: Look, **more: object) -> list[str]:
    return [finding.rule for finding in findings(looks, LIMITS, **more)]  # type: ignore[arg-type]


def test_an_ordinary_day_is_not_odd() -> None:
    assert rules_of(*(look(10 * step, subject=str(step)) for step in range(30))) == []


def test_the_night_and_the_weekend_are_odd_one_finding_an_officer_and_day() -> None:
    night, saturday = look(60 * 12), look(60 * 24 * 5)
    assert rules_of(night, look(60 * 12 + 5), saturday) == ["outside_hours", "outside_hours"]
    assert findings([night, look(60 * 12 + 5)], LIMITS)[0].count == 2


def test_the_first_and_last_hour_belong_to_the_day() -> None:
    assert rules_of(look(-120), look(60 * 10 - 1)) == []
    assert rules_of(look(-121)) == rules_of(look(60 * 10)) == ["outside_hours"]


def test_twenty_people_in_ten_minutes_are_odd_and_nineteen_are_not() -> None:
    assert rules_of(*(look(step / 2, subject=str(step)) for step in range(20))) == ["many_at_once"]
    assert rules_of(*(look(step / 2, subject=str(step)) for step in range(19))) == []
    # the same one again and again is work on one case
    assert rules_of(*(look(step / 2) for step in range(40))) == []


def test_one_person_whom_four_officers_look_at_within_a_week_is_odd() -> None:
    four = [look(60 * 24 * (officer % 3), officer=officer) for officer in range(4)]
    (finding,) = findings(four, LIMITS)
    assert (finding.rule, finding.officer, finding.count, finding.subjects) == ("many_readers", None, 4, ("a",))
    assert rules_of(*(look(60 * 24 * 7 * officer, officer=officer) for officer in range(4))) == []


def test_look_ups_without_an_act_without_a_hit_and_for_one_case_are_odd() -> None:
    assert rules_of(look(rows=2, acted=False)) == ["no_act"]
    assert rules_of(look(rows=2, acted=True)) == []
    assert rules_of(*(look(step, rows=0) for step in range(3))) == ["empty_again"]
    assert rules_of(*(look(step, rows=0) for step in range(2))) == []
    many = [look(step, rows=1, dossier="H1-001", question=str(step)) for step in range(10)]
    assert rules_of(*many) == ["one_case_many"]
    assert rules_of(*(look(step, rows=1, dossier="H1-001", question="q") for step in range(10))) == []


def test_alarms_of_the_budget_are_findings() -> None:
    assert rules_of(alarms=[look(rows=151)]) == ["over_budget"]


@given(
    st.lists(
        st.builds(
            look,
            st.integers(0, 60 * 24 * 20),
            officer=st.integers(1, 6),
            subject=st.sampled_from("abcdef"),
            rows=st.none() | st.integers(0, 20),
            dossier=st.sampled_from(["", "H1", "H2"]),
            question=st.sampled_from("xyz"),
            acted=st.booleans(),
        ),
        max_size=60,
    )
)
def test_whatever_was_read_findings_are_newest_first_and_of_known_rules(looks: list[Look]) -> None:
    found = findings(looks, LIMITS)
    assert [finding.last for finding in found] == sorted((finding.last for finding in found), reverse=True)
    assert {finding.rule for finding in found} <= set(RULES)
    assert all(finding.count > 0 and finding.first <= finding.last for finding in found)


def test_the_alarm_comes_once_and_the_limit_until_a_reason_is_given() -> None:
    def at(read: int, *, known: bool = False, alarms: int = 0, reasons: int = 0) -> str:
        return verdict(Day(read, known, alarms, reasons), alarm=3, limit=5)

    assert [at(2), at(3), at(3, alarms=1), at(5, alarms=1)] == ["", ALARM, "", STOPPED]
    # whoever is read already may be read again; a reason is good for as many again
    assert [at(5, known=True), at(5, alarms=1, reasons=1), at(10, alarms=1, reasons=1)] == ["", "", STOPPED]


def test_the_budget_is_that_of_the_post() -> None:
    assert budget_for({"record.annotate"}).alarm == "reading_alarm_officer"
    assert budget_for({"case.approve", "record.annotate"}).alarm == "reading_alarm_leader"
    assert budget_for({"unit.manage", "case.approve"}).limit == "reading_limit_department"
    assert budget_for(set()).limit == "reading_limit_other"


def test_every_purpose_but_another_one_names_its_legal_basis() -> None:
    assert [code for code, purpose in PURPOSES.items() if not purpose.basis] == ["other"]
    assert fault_of("extract_copy", "", "H24.01-0001") is None
    assert fault_of("other", "đối chiếu hồ sơ lưu", "Đ12/2026") is None
