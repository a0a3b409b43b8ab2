"""Who may be entered anew, the life of a request, signed files, the words of the partner, the breaker, one day compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.adapters import Context, PartnerRefused, PartnerUnreachable, wire
from hotich.reconciliation.adapters.breaker import Breaker
from hotich.reconciliation.rules.agreement import Told, compare_day
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.reconciliation.rules.creation import creation_refusal
from hotich.reconciliation.rules.questions import Question
from hotich.reconciliation.rules.request_workflow import REQUEST, seconds_until_next
from hotich.reconciliation.rules.signed_lines import read_answers, write_lines
from hotich.records.rules.workflow import next_state

FACTS = BookFacts("child", "Đinh Thị Thử", "1987-03", "2", residence="Thôn 1", province_code="66", register="KS")
DAY = date(2026, 11, 25)
AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
ID = UUID("01900000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("absence", "words", "facts", "is_needed", "code"),
    [
        ("never_collected", "", FACTS, False, ""),
        ("newborn", "", FACTS, False, ""),
        ("abroad", "", FACTS, False, ""),
        ("", "vì sao", FACTS, False, "creation_needs_reason"),
        ("foreign", "cần", FACTS, True, "creation_of_foreigner"),
        ("never_collected", "", replace(FACTS, nationality="Lào"), False, "creation_of_foreigner"),
        ("never_collected", "", replace(FACTS, nationality="Người không quốc tịch"), False, "creation_of_foreigner"),
        ("never_collected", "", replace(FACTS, nationality="Việt Nam"), False, ""),
        ("never_collected", "", replace(FACTS, nationality="Hoa"), False, ""),
        ("dead", "mất năm 1990", FACTS, False, "creation_of_dead_without_need"),
        ("dead", " ", FACTS, True, "creation_of_dead_without_need"),
        ("dead", "để trích lục cho con", FACTS, True, ""),
        ("never_collected", "", replace(FACTS, register="KT", role="deceased"), False, "creation_of_dead_without_need"),
        ("other", " ", FACTS, False, "creation_needs_words"),
        ("other", "mất giấy tờ", FACTS, False, ""),
        ("never_collected", "", replace(FACTS, birth=""), False, "creation_facts_missing"),
        ("never_collected", "", replace(FACTS, sex=""), False, "creation_facts_missing"),
    ],
)
def test_nobody_is_entered_without_a_reason_and_no_foreigner_ever(
    absence: str, words: str, facts: BookFacts, is_needed: bool, code: str
) -> None:
    assert creation_refusal(absence, words, facts, is_needed=is_needed) == code


def test_a_number_of_the_book_that_nobody_is_known_under_is_verified_before_anybody_is_entered() -> None:
    numbered = replace(FACTS, personal_id="066187000012")
    assert creation_refusal("never_collected", "", numbered) == "creation_number_unverified"
    assert creation_refusal("dead", "để trích lục cho con", numbered, is_needed=True) == "creation_number_unverified"
    assert creation_refusal("never_collected", "", numbered, is_number_verified=True) == ""
    lao = replace(numbered, nationality="Lào")  # whose number it is does not matter: never
    assert creation_refusal("never_collected", "", lao, is_number_verified=True) == "creation_of_foreigner"
    nameless = replace(numbered, full_name="")
    assert creation_refusal("never_collected", "", nameless, is_number_verified=True) == "creation_facts_missing"


def test_an_unclear_request_is_never_sent_again_before_it_was_asked_about() -> None:
    assert "take_up" not in REQUEST["unclear"] and "cancel" not in REQUEST["unclear"]
    assert next_state(REQUEST, "unclear", "never_arrived") == "queued"
    for state in ("waiting", "in_file", "suspected", "done", "refused", "cancelled"):
        with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
            next_state(REQUEST, state, "take_up")


def test_the_pauses_grow_to_an_hour_and_end_never() -> None:
    assert [seconds_until_next(n) for n in (1, 2, 3, 7, 50, 10_000)] == [60, 120, 240, 3600, 3600, 3600]


def _answers(*lines: dict[str, Any], secret: str = "s") -> bytes:
    return write_lines(lines, office="24529", made_at=AT, client="hotich", secret=secret)


def test_a_signed_file_is_read_back_under_a_present_or_a_former_secret() -> None:
    content = _answers({"MaYeuCau": str(ID), "response": {"error_code": "0"}})
    read = read_answers(content, secrets=["new", "s"])
    assert [(each.line, each.request_id) for each in read.answers] == [(2, ID)]
    assert read.header["office"] == "24529"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.replace(b'"0"', b'"1"'), "exchange_file_signature"),
        (lambda text: text.replace(b"24529", b"24530"), "exchange_file_signature"),
        (lambda text: b"\n".join(text.split(b"\n")[:1] + text.split(b"\n")[2:]), "exchange_file_signature"),
        (lambda text: b"", "exchange_file_unreadable"),
        (lambda text: b"\xff\xfe\n\x00", "exchange_file_unreadable"),
        (lambda text: b"[]\n[]", "exchange_file_unreadable"),
        (lambda text: b'{}\n{"signature":7}', "exchange_file_signature"),
    ],
)
def test_a_file_that_was_touched_is_refused_whole(change: Any, code: str) -> None:
    content = change(_answers({"MaYeuCau": str(ID), "response": {"error_code": "0"}}))
    with pytest.raises(RuleBroken) as refused:
        read_answers(content, secrets=["s"])
    assert refused.value.code == code


def test_signed_lines_that_are_no_answers_are_refused_by_their_place() -> None:
    with pytest.raises(RuleBroken) as refused:
        read_answers(_answers({"MaYeuCau": str(ID), "response": {}}, {"MaYeuCau": "x", "response": {}}), secrets=["s"])
    assert (refused.value.code, refused.value.params["line"]) == ("exchange_file_unreadable", 3)


def test_what_is_sent_has_neither_residence_nor_blanks_and_names_who_asks() -> None:
    body = wire.creation_body(FACTS, "never_collected", ["CD1"])
    assert body["CongDan"]["HoVaTen"] == {"Ho": "Đinh", "ChuDem": "Thị", "Ten": "Thử"}
    assert not {"NoiThuongTru", "HoVaTenCha"} & set(body["CongDan"])
    assert (body["LyDo"], body["KhacVoi"], body["CongDan"]["NgayThangNamSinh"]) == (
        "never_collected",
        ["CD1"],
        "1987-03",
    )
    head = wire.header(Context(ID, "digitisation", "24529", "7"))
    assert (head["MaYeuCau"], head["MaDVC"], head["MaDonVi"], head["MaCanBo"]) == (
        str(ID),
        "digitisation",
        "24529",
        "7",
    )
    assert wire.question_body(Question(full_name="Đinh Thị Thử", birth="1987")) == {
        "HoVaTen": "Đinh Thị Thử", "NgayThangNamSinh": "1987",
    }  # fmt: skip


def _envelope(response: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": "200", "status": "OK", "correlationId": str(ID), "response": response} | more


_ENTERED = {"MaCongDan": "CD1", "SoDinhDanh": "066187000001", "TrangThai": "da_cap"}
GOOD = {"error_code": "0", "BienNhan": "BN1", "data": [_ENTERED]}


@pytest.mark.parametrize(
    "told",
    [
        None, "x", [], {}, {"code": "200"}, _envelope({}), _envelope({"message": "OK"}),
        _envelope(GOOD, code="500"), _envelope(GOOD, correlationId=str(uuid4())),
    ],
)  # fmt: skip
def test_what_is_no_answer_to_this_request_leaves_it_unclear(told: Any) -> None:
    with pytest.raises(PartnerUnreachable):
        wire.response_of(told, ID)


@pytest.mark.parametrize(
    "row",
    [
        {}, {"TrangThai": "?"}, {"TrangThai": "da_cap"}, {"TrangThai": "da_cap", "SoDinhDanh": "06618700000"},
        {"TrangThai": "da_cap", "SoDinhDanh": "06618700000A"}, {"TrangThai": "nghi_trung", "NghiTrung": [{}]}, "x",
    ],
)  # fmt: skip
def test_a_creation_without_a_whole_number_is_no_answer(row: Any) -> None:
    with pytest.raises(PartnerUnreachable):
        wire.answer_of({"error_code": "0", "data": [row]})


def test_a_good_answer_and_a_no_are_told_apart() -> None:
    answer = wire.answer_of(wire.response_of(_envelope(GOOD), ID))
    assert (answer.state, answer.personal_id, answer.ref, answer.receipt) == ("done", "066187000001", "CD1", "BN1")
    with pytest.raises(PartnerRefused) as refused:
        wire.response_of(_envelope({"error_code": "BAD_REQUEST", "message": "thiếu"}), ID)
    assert refused.value.args == ("BAD_REQUEST", "thiếu")


def test_the_breaker_lets_one_try_after_its_rest_and_closes_on_success() -> None:
    moment = [0.0]
    breaker = Breaker(limit=2, rest=10, now=lambda: moment[0])
    breaker.failed()
    assert breaker.lets_through()
    breaker.failed()
    assert not breaker.lets_through()
    moment[0] = 10.0
    assert breaker.lets_through() and not breaker.lets_through()
    breaker.succeeded()
    assert breaker.lets_through() and breaker.lets_through()


def _told(number: int, state: str = "done", receipt: str = "BN", kind: str = "create", day: date = DAY) -> Told:
    return Told(UUID(int=number), kind, state, receipt, day)


def test_a_day_that_agrees_has_no_faults_even_where_we_heard_of_it_a_day_later() -> None:
    ours = [_told(1), _told(2, day=date(2026, 11, 26)), _told(3, "refused", ""), _told(4, "queued", "")]
    assert compare_day(day=DAY, ours=ours, theirs=[_told(1), _told(2)]) == []


def test_a_suspicion_that_was_looked_into_here_is_no_fault_a_taken_back_creation_is() -> None:
    ours, theirs = [_told(1, "cancelled"), _told(2, "cancelled")], [_told(1, "suspected"), _told(2)]
    [fault] = compare_day(day=DAY, ours=ours, theirs=theirs)
    assert (UUID(fault["request_id"]).int, fault["fault"]) == (2, "differs")


def test_faults_are_found_both_ways() -> None:
    ours = [_told(1), _told(2, "unclear", ""), _told(3, receipt="BN3")]
    theirs = [_told(2), _told(3, receipt="BN4"), _told(9)]
    found = {(UUID(each["request_id"]).int, each["fault"]) for each in compare_day(day=DAY, ours=ours, theirs=theirs)}
    assert found == {(1, "missing_there"), (2, "differs"), (3, "differs"), (9, "missing_here")}
