"""Local changes of thresholds, codes, days and eras: what holds on a day, and how cases are judged by it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from hotich.intake.rules.helping_process import examine_chunk
from hotich.intake.rules.row_examination import Setting, era_of
from hotich.kernel.working_days import calendar_of, holiday_name, is_decided, is_working_day
from hotich.registers.codes import CODE_LISTS, Ambiguous, exchange_text, find, label_of
from hotich.registers.rules.checks import BY_CODE
from hotich.registers.rules.configuration import Configuration, LocalChange, is_legal, shipped, snapshot_of
from hotich.registers.rules.configuration_change import change_of
from hotich.registers.rules.examine import examine
from hotich.registers.rules.outputs import choices
from hotich.registers.rules.parameters import DEFINITIONS, PARAMETERS, constant, parameter, threshold
from hotich.registers.rules.snapshot import Snapshot, active, install, using
from hotich.registers.types import version_for
from hotich.registers.types.declaration import Channel, Era

DAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    install(shipped())


def with_changes(*changes: LocalChange, day: date = DAY) -> Snapshot:
    return snapshot_of(Configuration("test", day, changes))


def age(value: int, start: date | None = None, end: date | None = None, key: str = "mother_gap_max") -> LocalChange:
    return change_of("parameter", key, {"value": value}, source="QĐ 1", valid_from=start, valid_to=end)


def code(name: str, action: str, start: date | None = None, end: date | None = None, **more: object) -> LocalChange:
    return change_of(
        "code", name, {"action": action, **more}, source="QĐ 2", verified=True, valid_from=start, valid_to=end
    )


def findings(mother: str, registered: str = "15/06/2018") -> set[str]:
    year = registered[-4:]
    recorded = {
        "registration_number": f"12/{year}", "register_book_no": f"01/{year}", "registration_date": registered,
        "registration_office": "UBND", "child_full_name": "Trần An", "child_birth_date": registered,
        "mother_full_name": "Lê Bình", "mother_birth_date": mother,
    }  # fmt: skip
    found = examine(version_for("KS", Era.L2014), recorded, channel=Channel.HISTORICAL)
    return {problem.code for problem in found.problems}


# ---- thresholds


def test_the_latest_decision_that_covers_a_day_holds_and_else_what_is_shipped() -> None:
    snapshot = with_changes(age(50, date(2020, 1, 1)), age(52, date(2024, 1, 1), date(2024, 12, 31)))
    days = {date(2019, 12, 31): 55, date(2020, 1, 1): 50, date(2024, 6, 1): 52, date(2025, 1, 1): 50}
    assert {day: snapshot.value("mother_gap_max", day) for day in days} == days


def test_an_old_case_keeps_the_judgement_of_its_day() -> None:
    with using(with_changes(age(30, date(2017, 1, 1)))):
        assert "mother_age_unusual" in findings("01/02/1980", "15/06/2018")
        assert "mother_age_unusual" not in findings("01/02/1976", "15/06/2016")
    assert "mother_age_unusual" not in findings("01/02/1980", "15/06/2018")


def test_a_threshold_without_a_day_is_that_of_today() -> None:
    install(with_changes(age(30, date(2026, 1, 1)), day=date(2026, 6, 1)))
    assert constant("mother_gap_max") == 30
    install(with_changes(age(30, date(2026, 1, 1)), day=date(2025, 6, 1)))
    assert constant("mother_gap_max") == threshold("mother_gap_max", None) == 55


def test_a_law_of_tomorrow_says_nothing_about_a_case_of_today() -> None:
    with using(with_changes(age(21, date(2027, 1, 1), key="marriage_age_man"))):
        assert parameter("marriage_age_man", date(2026, 12, 31)) == 20
        assert parameter("marriage_age_man", date(2027, 1, 1)) == 21


def test_another_thread_is_not_touched_by_what_one_thread_tries() -> None:
    seen: list[int] = []
    with using(with_changes(age(30))):
        other = Thread(target=lambda: seen.append(constant("mother_gap_max")))
        other.start()
        other.join()
        assert constant("mother_gap_max") == 30
    assert seen == [55]


def test_a_helping_process_judges_by_the_configuration_it_is_given() -> None:
    version = version_for("KS", Era.L2014)
    columns = tuple(enumerate(item for item in version.fields))
    by_code = {item.code: place for place, item in columns}
    row = [""] * len(columns)
    for name, text in {"registration_number": "1/2018", "registration_date": "15/06/2018", "mother_full_name": "Lê Bình",
                       "child_birth_date": "15/06/2018", "mother_birth_date": "01/02/1980"}.items():  # fmt: skip
        row[by_code[name]] = text
    configuration = Configuration("other", DAY, (age(30),))
    found = {}
    for token, given in (("a", None), ("b", configuration)):
        result = examine_chunk(token, Setting("KS", columns, configuration=given), [(2, tuple(row))])[0]
        found[token] = {problem[0] for problem in result.problems}
    assert "mother_age_unusual" not in found["a"]
    assert found["b"] - found["a"] == {"mother_age_unusual"}


def test_every_threshold_has_a_definition_that_its_shipped_values_keep() -> None:
    assert {item.code for item in PARAMETERS} == set(DEFINITIONS)
    for item in PARAMETERS:
        found = DEFINITIONS[item.code]
        assert found.unit == item.unit and found.lowest <= item.value <= found.highest, item.code


def test_the_checks_named_beside_a_threshold_are_those_that_ask_it() -> None:
    asked: dict[str, set[str]] = {name: set() for name in DEFINITIONS}
    for check in BY_CODE.values():
        if check.run is not None:
            for name in _thresholds_of(check.run.__module__, check.run.__name__):
                asked[name].add(check.code)
    # one function knows both ages and is told the sex
    asked["marriage_age_man"].remove("wife_under_age")
    asked["marriage_age_woman"].remove("husband_under_age")
    assert asked == {name: set(found.checks) for name, found in DEFINITIONS.items()}


def _thresholds_of(module: str, name: str) -> set[str]:
    """The thresholds that a function of a module names, and those of the functions it calls there."""
    path = Path(__file__).resolve().parents[2] / "src" / (module.replace(".", "/") + ".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bodies: dict[str, ast.AST] = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            bodies[node.targets[0].id] = node.value
    found: set[str] = set()
    seen: set[str] = set()
    todo = [name]
    while todo:
        part = todo.pop()
        if part in seen or part not in bodies:
            continue
        seen.add(part)
        for inner in ast.walk(bodies[part]):
            if isinstance(inner, ast.Constant) and inner.value in DEFINITIONS:
                found.add(inner.value)
            elif isinstance(inner, ast.Name):
                todo.append(inner.id)
    return found


# ---- codes


def test_an_added_code_is_read_and_offered_and_a_reader_that_knew_the_list_learns_it() -> None:
    assert examine(version_for("KS", Era.L2014), {"child_sex": "liên giới tính"}, channel=Channel.HISTORICAL)
    install(with_changes(code("sex/4", "add", vi="Liên giới tính", en="Intersex", words=["lưỡng tính"])))
    assert find("sex", "LƯỠNG TÍNH") == "4"
    assert ("4", "4 – Liên giới tính") in choices("sex")
    found = examine(version_for("KS", Era.L2014), {"child_sex": "liên giới tính"}, channel=Channel.HISTORICAL)
    assert found.standard["child_sex"]["value"] == "4"


def test_a_code_that_ended_stays_readable_and_its_words_belong_to_its_time() -> None:
    install(with_changes(code("residence_type/3", "end", None, date(2020, 12, 31))))
    assert label_of("residence_type", "3") == "Nơi ở hiện tại"
    assert find("residence_type", "nơi ở hiện tại", date(2020, 6, 1)) == "3"
    assert find("residence_type", "nơi ở hiện tại", date(2021, 6, 1)) is None


def test_a_new_name_holds_from_its_day_and_the_former_one_is_still_read() -> None:
    install(with_changes(code("sex/3", "rename", date(2025, 1, 1), vi="Giới tính khác", en="Other")))
    assert label_of("sex", "3") == "Giới tính khác"
    assert label_of("sex", "3", on=date(2020, 1, 1)) == "Không xác định"
    assert find("sex", "không xác định", date(2026, 1, 1)) == "3"
    assert find("sex", "giới tính khác", date(2020, 1, 1)) is None
    assert [value for value, _ in choices("sex")] == ["1", "2", "3"]


def test_words_of_an_unverified_code_are_read_as_the_verified_one_it_gave_way_to() -> None:
    install(with_changes(code("residence_type/3", "map", date(2022, 1, 1), target="2")))
    assert find("residence_type", "nơi ở hiện tại", date(2023, 1, 1)) == "2"
    assert find("residence_type", "nơi ở hiện tại", date(2021, 1, 1)) == "3"
    assert label_of("residence_type", "3") == "Nơi ở hiện tại"
    assert exchange_text("residence_type", "3") == "3"
    assert "3" not in [value for value, _ in choices("residence_type")]


def test_other_words_are_added_and_a_code_is_called_verified_with_its_source() -> None:
    install(with_changes(code("sex/2", "words", words=["con nữ"]), code("residence_type/3", "verify")))
    assert find("sex", "con nữ") == "2"
    entry = CODE_LISTS["residence_type"].by_code["3"]
    assert entry.verified and entry.source == "QĐ 2"


def test_a_list_nobody_changed_is_the_shipped_one() -> None:
    install(with_changes(code("sex/4", "add", vi="Khác", words=[])))
    assert active().lists["ethnicity"] is shipped().lists["ethnicity"]
    assert isinstance(find("ethnicity", "Mán"), Ambiguous)


# ---- days and eras


def test_the_days_of_a_year_overrule_the_reckoned_ones() -> None:
    assert is_working_day(date(2027, 4, 29)) and not is_decided(2027)
    days = [["2027-04-29", False, "hoán đổi"], ["2027-05-08", True, "làm bù"]]
    install(with_changes(change_of("calendar", "2027", {"days": days}, source="TB 9", verified=True)))
    assert not is_working_day(date(2027, 4, 29)) and holiday_name(date(2027, 4, 29)) == "hoán đổi"
    assert is_working_day(date(2027, 5, 8)) and is_decided(2027)
    assert (date(2027, 5, 8), True, "làm bù") in calendar_of(2027)


def test_an_era_may_end_on_another_day() -> None:
    recorded = {"registration_date": "15/06/2006", "registration_number": "1/2006"}
    assert era_of(recorded) is Era.ND158
    value = {"first": "1999-01-01", "last": "2006-12-31", "law": "NĐ 83"}
    install(with_changes(change_of("era", "ND83", value, source="QĐ 3", verified=True)))
    assert era_of(recorded) is Era.ND83


def test_an_entry_is_within_its_era_as_the_era_in_force_says() -> None:
    recorded = {"registration_date": "15/06/2012", "registration_number": "1/2012"}

    def judged() -> bool:
        found = examine(version_for("KS", Era.ND83), recorded, channel=Channel.HISTORICAL)
        return "registered_outside_era" in {problem.code for problem in found.problems}

    assert judged()
    value = {"first": "1999-01-01", "last": "2012-12-31", "law": "NĐ 83"}
    with using(with_changes(change_of("era", "ND83", value, source="QĐ 3", verified=True))):
        assert not judged()


@pytest.mark.parametrize(
    ("kind", "key", "legal"),
    [
        ("parameter", "marriage_age_man", True), ("parameter", "mother_gap_max", False), ("code", "sex/4", True),
        ("code", "relationship/x", False), ("calendar", "2027", True), ("era", "ND83", True),
    ],
)  # fmt: skip
def test_it_is_declared_what_needs_a_second_person(kind: str, key: str, legal: bool) -> None:
    assert is_legal(kind, key) is legal
