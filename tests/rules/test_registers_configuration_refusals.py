"""What no change of the configuration may say, lists of days that are pasted, and the file that is handed on."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotich.kernel.problems import RuleBroken
from hotich.registers.rules.configuration import Configuration, LocalChange, shipped, snapshot_of
from hotich.registers.rules.configuration_change import change_of, read_days, refuse_impossible
from hotich.registers.rules.configuration_file import read_file, write_file
from hotich.registers.rules.messages import MESSAGES


def a(kind: str, key: str, value: dict[str, Any], source: str = "QĐ 1", **more: Any) -> LocalChange:
    return change_of(kind, key, value, source=source, **more)


WRONG = [
    (a("weather", "x", {}), "configuration_kind_unknown"),
    (a("parameter", "no_such", {"value": 1}), "configuration_key_unknown"),
    (a("parameter", "adult_age", {"value": 18}, source=" "), "configuration_source_missing"),
    (a("parameter", "adult_age", {"value": "18"}), "configuration_value_not_number"),
    (a("parameter", "adult_age", {"value": True}), "configuration_value_not_number"),
    (a("parameter", "adult_age", {"value": 180}), "configuration_value_out_of_range"),
    (a("parameter", "mother_gap_min", {"value": 9}), "configuration_value_out_of_order"),
    (a("parameter", "adult_age", {}), "configuration_value_malformed"),
    (
        a("parameter", "adult_age", {"value": 18}, source="Bộ luật Dân sự năm 2015, Điều 20"),
        "configuration_changes_nothing",
    ),
    (
        a("parameter", "adult_age", {"value": 19}, valid_from=date(2026, 1, 2), valid_to=date(2026, 1, 1)),
        "configuration_period_reversed",
    ),
    (a("code", "no_list/1", {"action": "add"}), "configuration_key_unknown"),
    (a("code", "sex/mã mới", {"action": "add", "vi": "x"}), "configuration_key_unknown"),
    (a("code", "sex/1", {"action": "add", "vi": "Khác"}), "code_already_there"),
    (a("code", "sex/9", {"action": "end"}, valid_to=date(2026, 1, 1)), "configuration_code_unknown"),
    (a("code", "sex/9", {"action": "add"}), "code_label_missing"),
    (a("code", "sex/9", {"action": "add", "vi": "Đàn ông"}), "code_word_taken"),
    (a("code", "sex/1", {"action": "words", "words": ["gái"]}), "code_word_taken"),
    (a("code", "sex/1", {"action": "words"}), "code_words_missing"),
    (a("code", "sex/1", {"action": "words", "words": ["x" * 201]}), "code_text_too_long"),
    (a("code", "sex/1", {"action": "end"}), "code_end_missing"),
    (a("code", "change_type/6", {"action": "end"}, valid_to=date(2000, 1, 1)), "code_ends_before_it_begins"),
    (a("code", "sex/1", {"action": "map", "target": "77"}), "code_target_unknown"),
    (a("code", "sex/1", {"action": "map", "target": "1"}), "code_target_unknown"),
    (a("code", "residence_type/2", {"action": "map", "target": "3"}), "code_target_unverified"),
    (a("code", "sex/1", {"action": "vanish"}), "configuration_value_malformed"),
    (a("calendar", "27", {"days": []}), "calendar_year_out_of_range"),
    (a("calendar", "2027", {"days": []}), "calendar_has_no_days"),
    (a("calendar", "2027", {"days": [["2026-01-01", False, ""]]}), "calendar_day_of_other_year"),
    (a("calendar", "2027", {"days": [["2027-01-01", False, ""]] * 2}), "calendar_day_twice"),
    (a("calendar", "2027", {"days": ["2027-01-01"]}), "configuration_value_malformed"),
    (a("era", "ND84", {"law": "x"}), "configuration_key_unknown"),
    (a("era", "ND83", {"law": " "}), "era_law_missing"),
    (a("era", "ND83", {"law": "x", "first": "2006-01-01", "last": "2005-01-01"}), "configuration_period_reversed"),
    (a("era", "ND83", {"law": "x", "first": "soon"}), "configuration_value_malformed"),
]


@pytest.mark.parametrize(("change", "refusal"), WRONG, ids=[f"{n}-{code}" for n, (_, code) in enumerate(WRONG)])
def test_what_cannot_be_is_refused_by_its_code(change: LocalChange, refusal: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        refuse_impossible(change, shipped())
    assert refused.value.code == refusal and refusal in MESSAGES


def test_what_makes_sense_is_let_through() -> None:
    for change in (
        a("parameter", "adult_age", {"value": 19}, valid_from=date(2027, 1, 1)),
        a("code", "sex/4", {"action": "add", "vi": "Liên giới tính", "words": ["lưỡng tính"]}),
        a("calendar", "2027", {"days": [["2027-01-01", False, "Tết Dương lịch"]]}),
        a("era", "ND83", {"law": "NĐ 83", "first": None, "last": "2006-03-31"}),
    ):
        refuse_impossible(change, shipped())


def test_a_change_is_judged_beside_those_before_it() -> None:
    added = a("code", "sex/4", {"action": "add", "vi": "Liên giới tính"}, verified=True)
    mapped = a("code", "sex/3", {"action": "map", "target": "4"})
    refuse_impossible(mapped, snapshot_of(Configuration("x", date(2026, 1, 1), (added,))))
    with pytest.raises(RuleBroken, match="code_target_unknown"):
        refuse_impossible(mapped, shipped())


# ---- a pasted list


def test_a_pasted_notice_becomes_days_off_and_days_worked() -> None:
    text = "01/01/2027 Tết Dương lịch\n\n• 5/2/2027 – 7/2/2027: Tết Nguyên đán\n08-05-2027\tlàm bù ngày 30/4"
    assert read_days(text) == [
        ["2027-01-01", False, "Tết Dương lịch"],
        ["2027-02-05", False, "Tết Nguyên đán"],
        ["2027-02-06", False, "Tết Nguyên đán"],
        ["2027-02-07", False, "Tết Nguyên đán"],
        ["2027-05-08", True, "làm bù ngày 30/4"],
    ]


@pytest.mark.parametrize("line", ["mùng một Tết", "31/02/2027 x", "5/3/2027 - 1/3/2027", "1/1/2027 - 1/1/2037"])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        read_days(f"01/01/2027 x\n{line}")
    assert (refused.value.code, refused.value.params["number"]) == ("calendar_line_unreadable", 2)


# ---- the file

CHANGES = [
    a("parameter", "adult_age", {"value": 19}, valid_from=date(2027, 1, 1), verified=True),
    a("code", "sex/4", {"action": "add", "vi": "Liên giới tính", "words": ["lưỡng tính"]}),
]
FILE = write_file(CHANGES, at=datetime(2026, 11, 25, tzinfo=UTC), office="Sở Tư pháp")


def test_a_file_comes_back_as_it_went() -> None:
    assert read_file(FILE) == CHANGES
    assert read_file(b"\xef\xbb\xbf" + FILE) == CHANGES


def changed(act: Callable[[dict[str, Any]], Any]) -> bytes:
    data = json.loads(FILE)
    act(data)
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"{", "configuration_file_unreadable"),
        (b"\xff\xfe", "configuration_file_unreadable"),
        (b"[" * 100_000, "configuration_file_unreadable"),
        (b"x" * 1_000_001, "configuration_file_too_large"),
        (b"[]", "configuration_file_of_other_format"),
        (changed(lambda d: d.update(edition=3)), "configuration_file_of_other_format"),
        (changed(lambda d: d.update(changes=[])), "configuration_file_empty"),
        (changed(lambda d: d.update(changes={"a": 1})), "configuration_file_empty"),
        (changed(lambda d: d["changes"].append(5)), "configuration_file_line"),
        (changed(lambda d: d["changes"][0].update(value=[1])), "configuration_file_line"),
        (changed(lambda d: d["changes"][0].update(valid_from="soon")), "configuration_file_line"),
        (changed(lambda d: d["changes"][0].update(verified="yes")), "configuration_file_line"),
        (changed(lambda d: d["changes"][0].pop("source")), "configuration_file_line"),
        (changed(lambda d: d["changes"][0]["value"].update(value=21)), "configuration_file_damaged"),
    ],
)
def test_a_file_that_is_no_good_is_refused_by_its_code(content: bytes, refusal: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        read_file(content)
    assert refused.value.code == refusal and refusal in MESSAGES


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(kind=st.sampled_from(["parameter", "code", "calendar", "era"]), key=st.sampled_from(["adult_age", "sex/1", "sex/z",
       "2027", "ND83", ""]), value=st.dictionaries(st.sampled_from(["value", "action", "vi", "words", "target", "days",
       "first", "last", "law"]), _json))  # fmt: skip
def test_no_content_of_a_file_breaks_the_program(kind: str, key: str, value: dict[str, Any]) -> None:
    try:
        refuse_impossible(a(kind, key, value), shipped())
    except RuleBroken as refused:
        assert refused.code in MESSAGES
