"""What a browser sends is read strictly, and refused item by item with a code."""

from __future__ import annotations

import unicodedata
from typing import Any
from uuid import uuid4

import pytest

from hotich.kernel.problems import RuleBroken
from hotich.keying.rules.doubt import Keyed, doubt_of
from hotich.keying.rules.sync import MOST_ITEMS, accepted_version, editions_taken, parse_body, parse_item, unconfirmed

NOW = 1_763_900_000_000


def _raw(**changes: Any) -> dict[str, Any]:
    return {
        "client_id": str(uuid4()), "package": str(uuid4()), "item": str(uuid4()), "after": None, "revision": 1,
        "kind": "key", "schema_version": "KS-L2014-1", "state": "case", "reason": "", "values": {"page_no": "7"},
        "annotations": [], "confirmed": [], "saved_at": NOW, "strokes": 10, "active_ms": 500, "number": None,
        "number_suffix": "",
    } | changes  # fmt: skip


def _refusal(**changes: Any) -> tuple[str, str]:
    with pytest.raises(RuleBroken) as refused:
        parse_item(_raw(**changes))
    return refused.value.code, refused.value.field


def test_texts_become_nfc_without_blanks_and_words_stay_as_they_are() -> None:
    typed = unicodedata.normalize("NFD", "  Nguyễn  Thị   Hòa ")
    item = parse_item(_raw(values={"child_full_name": typed, "page_no": "  ", "note": None}))
    assert item.values == {"child_full_name": "Nguyễn Thị Hòa"}
    assert item.characters == len("Nguyễn Thị Hòa")


def test_reasons_are_kept_and_the_mark_for_illegible_is_one() -> None:
    values = {"a": {"text": "", "reason": "illegible"}, "b": "[không đọc được]", "c": {"text": "Lan", "reason": ""}}
    item = parse_item(_raw(values=values))
    assert item.values == {
        "a": {"text": "", "reason": "illegible"},
        "b": {"text": "", "reason": "illegible"},
        "c": "Lan",
    }


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"client_id": "x"}, "sync_item_malformed", "client_id"),
        ({"package": None}, "sync_item_malformed", "package"),
        ({"item": None}, "sync_place_missing", "item"),
        ({"revision": 0}, "sync_item_malformed", "revision"),
        ({"revision": True}, "sync_item_malformed", "revision"),
        ({"kind": "other"}, "sync_item_malformed", "kind"),
        ({"state": "gone"}, "sync_item_malformed", "state"),
        ({"state": "void", "reason": " "}, "sync_reason_missing", "reason"),
        ({"values": []}, "sync_item_malformed", "values"),
        ({"values": {"page_no": 7}}, "sync_item_malformed", "page_no"),
        ({"values": {"page_no": {"text": "", "reason": "tired"}}}, "sync_item_malformed", "page_no"),
        ({"values": {"page_no": "x" * 4001}}, "sync_item_too_long", "page_no"),
        ({"values": {"page_no": "\ud83d"}}, "sync_item_malformed", "page_no"),
        ({"values": {str(place): "x" for place in range(201)}}, "sync_item_malformed", "values"),
        ({"annotations": [{"kind": "correction"}]}, "sync_annotation_malformed", "annotations"),
        ({"annotations": [{"kind": "other", "text": "x"}] * 41}, "sync_item_malformed", "annotations"),
        ({"confirmed": ["x"]}, "sync_item_malformed", "confirmed"),
        ({"saved_at": "today"}, "sync_item_malformed", "saved_at"),
        ({"strokes": -1}, "sync_item_malformed", "strokes"),
        ({"number": 0}, "sync_item_malformed", "number"),
        ({"number_suffix": "abcdefghi"}, "sync_item_too_long", "number_suffix"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_field(changes: dict[str, Any], code: str, field: str) -> None:
    assert _refusal(**changes) == (code, field)


def test_one_bad_item_is_refused_by_itself_and_the_others_are_read() -> None:
    good, bad = _raw(), _raw(revision="three")
    parsed = parse_body({"clock": NOW, "items": [good, bad]})
    assert [str(item.client_id) for item in parsed.items] == [good["client_id"]]
    assert [(each.client_id, each.result, each.code) for each in parsed.refused] == [
        (bad["client_id"], "refused", "sync_item_malformed")
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "sync_body_malformed"),
        ({"clock": NOW}, "sync_body_malformed"),
        ({"clock": NOW, "items": ["x"]}, "sync_body_malformed"),
        ({"clock": NOW, "items": [{"client_id": "x"}]}, "sync_body_malformed"),
        ({"clock": "noon", "items": []}, "sync_item_malformed"),
        ({"clock": NOW, "items": [None] * (MOST_ITEMS + 1)}, "sync_too_many_items"),
    ],
)
def test_a_body_that_cannot_be_answered_is_refused_whole(body: object, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        parse_body(body)
    assert refused.value.code == code


def test_a_clock_that_says_1980_is_told_and_not_refused() -> None:
    long_ago = 315_532_800_000
    assert parse_body({"clock": long_ago, "items": [_raw(saved_at=long_ago)]}).items[0].saved_at == long_ago


def test_notes_keep_what_a_record_keeps_and_nothing_else() -> None:
    note = {
        "kind": "correction",
        "field": "child_birth_date",
        "new_value": "05.03.1978",
        "text": " Cải  chính ",
        "x": 1,
    }
    item = parse_item(_raw(annotations=[note]))
    assert list(item.annotations) == [
        {"kind": "correction", "text": "Cải chính", "field": "child_birth_date", "new_value": "05.03.1978"}
    ]


def test_warnings_that_were_confirmed_are_not_asked_again() -> None:
    warning = {"code": "w", "field": "a", "severity": "warning"}
    error = {"code": "e", "field": "a", "severity": "error"}
    assert unconfirmed([warning, error], []) == [warning]
    assert unconfirmed([warning, error], [{"code": "w", "field": "a", "reason": "đúng như sổ"}]) == []
    assert unconfirmed([warning], [{"code": "w", "field": "b", "reason": ""}]) == [warning]


def test_the_form_of_the_package_is_taken_and_the_edition_before_it() -> None:
    assert accepted_version("KS-L2014-1", "KS-L2014-1").id == "KS-L2014-1"
    for expected, given in (("KS-L2014-1", "KH-L2014-1"), ("KS-L2014-1", "KS-ND158-1"), ("KS-L2014-1", "KS-L2014-9")):
        with pytest.raises(RuleBroken, match="schema_version_refused"):
            accepted_version(expected, given)
    assert editions_taken(["one", "two", "three"], "three") == ("two", "three")
    assert editions_taken(["one", "two"], "one") == ("one",)


def _keyed(**changes: Any) -> Keyed:
    facts: dict[str, Any] = {
        "values": {"a": "x" * 100}, "problems": [], "confirmed": [], "notes": 0, "characters": 100, "strokes": 120,
        "active_ms": 60_000,
    }  # fmt: skip
    return Keyed(**(facts | changes))


def test_every_sign_of_doubt_counts_and_none_is_nought() -> None:
    warning = {"code": "w", "field": "a", "severity": "warning"}
    assert doubt_of(_keyed(), 12) == 0
    said = [{"code": "w", "field": "a", "reason": "đúng"}]
    signs: list[dict[str, Any]] = [
        {"problems": [warning]},
        {"notes": 1},
        {"active_ms": 5_000},
        {"strokes": 5},
        {"values": {"a": {"text": "", "reason": "illegible"}, "b": "x"}},
    ]
    assert all(doubt_of(_keyed(**sign), 12) > 0 for sign in signs)
    assert doubt_of(_keyed(problems=[warning], confirmed=said), 12) < doubt_of(_keyed(problems=[warning]), 12)
