"""The tracking list in tables: verdicts field by field, what follows in law, when an item may be closed."""

from __future__ import annotations

import itertools

import pytest

from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.rules.tracking_values import register_field, right_value, value_for_book
from hotich.reconciliation.rules.tracking_workflow import (
    AGE_BANDS,
    ITEM,
    NOT_CLOSED,
    Judged,
    acts,
    band_of,
    heaviest,
    is_unknown_number,
    judged_fields,
    may_close,
    tasks_needed,
    verdict_of,
)
from hotich.registers.types import REGISTER_TYPES, version_for

NAME, BIRTH = Judged("full_name", "Trần Văn Bách", "Trần Văn Bạch"), Judged("birth", "1970", "1971")
NUMBER = Judged("personal_id", "001170000123", "001170000132")
ADJUSTABLE = frozenset({"full_name", "birth"})


def judge(*given: tuple[str, str]) -> tuple[Judged, ...]:
    return judged_fields([NAME, BIRTH], dict(zip(("full_name", "birth"), given, strict=False)))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([("book", "")], "verdict_missing"),
        ([("book", ""), ("", "1972")], "verdict_missing"),
        ([("book", ""), ("perhaps", "")], "verdict_unknown"),
        ([("book", ""), ("both_wrong", " ")], "right_value_missing"),
        ([("book", ""), ("both_wrong", "1971")], "right_value_is_wrong_one"),
        ([("book", ""), ("both_wrong", "1970")], "right_value_is_wrong_one"),
        ([("book", ""), ("keying_error", "1970")], "right_value_is_wrong_one"),
        ([("other_person", ""), ("book", "")], "verdict_other_person_mixed"),
    ],
)
def test_a_verdict_that_is_not_whole_is_refused(given: list[tuple[str, str]], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        judge(*given)
    assert refused.value.code == code


def test_the_side_that_is_right_tells_what_is_right_whatever_was_typed() -> None:
    made = judge(("book", "something else"), ("population", ""))
    assert [each.right for each in made] == ["Trần Văn Bách", "1971"]


def test_our_typing_error_is_what_the_population_database_says_unless_the_book_shows_something_else() -> None:
    assert judge(("book", ""), ("keying_error", ""))[1].right == "1971"
    assert judge(("book", ""), ("keying_error", "1972"))[1].right == "1972"


def test_a_number_nobody_is_known_under_is_right_wrong_or_misread_but_nobody_elses() -> None:
    unknown = Judged("personal_id", "001170000123", "")
    assert is_unknown_number(unknown) and not is_unknown_number(NUMBER)

    def one(verdict: str, right: str = "") -> Judged:
        return judged_fields([unknown], {"personal_id": (verdict, right)})[0]

    assert one("book").right == "001170000123"
    assert tasks_needed([one("book")], ADJUSTABLE) == ()  # he is entered anew with it
    assert tasks_needed([one("population")], ADJUSTABLE) == ("legal_correction",)
    assert tasks_needed([one("keying_error", "001170000132")], ADJUSTABLE) == ("keying_repair",)
    for verdict, code in (("other_person", "verdict_nobody_found"), ("keying_error", "right_value_missing")):
        with pytest.raises(RuleBroken) as refused:
            one(verdict)
        assert refused.value.code == code


def test_fields_that_differ_in_their_verdict_make_both_sides_wrong_and_the_same_verdict_stands_alone() -> None:
    assert verdict_of(judge(("book", ""), ("book", ""))) == "book"
    assert verdict_of(judge(("book", ""), ("population", ""))) == "both_wrong"
    assert verdict_of(judge(("other_person", ""), ("other_person", ""))) == "other_person"
    assert verdict_of(()) == ""


@pytest.mark.parametrize(
    ("verdict", "right", "tasks"),
    [
        ("book", "", ("population_adjustment",)),
        ("population", "", ("legal_correction",)),
        ("both_wrong", "1972", ("legal_correction", "population_adjustment")),
        ("keying_error", "", ("keying_repair",)),
        ("keying_error", "1972", ("keying_repair", "population_adjustment")),
        ("other_person", "", ()),
    ],
)
def test_repair_correction_and_adjustment_are_three_different_things(
    verdict: str, right: str, tasks: tuple[str, ...]
) -> None:
    assert tasks_needed(judged_fields([BIRTH], {"birth": (verdict, right)}), ADJUSTABLE) == tasks


def test_a_number_is_never_adjusted_by_a_request() -> None:
    assert tasks_needed(judged_fields([NUMBER], {"personal_id": ("book", "")}), ADJUSTABLE) == ()


def test_the_heaviest_task_names_the_item() -> None:
    assert heaviest(["population_adjustment", "legal_correction"]) == "legal_correction"
    assert heaviest([]) == "none"


@pytest.mark.parametrize(
    ("needed", "started", "options", "code"),
    [
        ([], [], {"verdict": ""}, "tracking_without_verdict"),
        (["keying_repair"], [], {}, "tracking_tasks_left"),
        (["keying_repair"], [], {"words": "Đã sửa khi rà soát sổ"}, ""),
        (["keying_repair"], ["keying_repair"], {}, ""),
        (["legal_correction"], ["legal_correction"], {}, "tracking_citizen_not_contacted"),
        (["legal_correction"], [], {"words": "Công dân không yêu cầu"}, "tracking_citizen_not_contacted"),
        (["legal_correction"], ["legal_correction"], {"contacts": 1}, ""),
        ([], [], {}, ""),
    ],
)
def test_an_item_is_closed_when_what_follows_was_begun_or_it_is_said_why_not(
    needed: list[str], started: list[str], options: dict[str, object], code: str
) -> None:
    told = {"verdict": "book", "contacts": 0, "words": ""} | options
    assert may_close(needed, started, **told) == code  # type: ignore[arg-type]


def test_nothing_is_closed_before_a_verdict_and_everything_may_come_back() -> None:
    assert {state for state in ITEM if "close" in acts(ITEM, state)} == {"verified", "contacting"}
    assert all("found_again" in acts(ITEM, state) for state in ITEM)
    assert frozenset(ITEM) - NOT_CLOSED == {"closed"}


def test_the_bands_of_age_leave_no_day_out() -> None:
    assert [band_of(days) for days in (0, 5, 6, 10, 11, 22, 23, 66, 67, 4000)] == [
        "week", "week", "fortnight", "fortnight", "month", "month", "quarter", "quarter", "older", "older",
    ]  # fmt: skip
    assert all(first.most is not None and first.most + 1 == second.least
               for first, second in itertools.pairwise(AGE_BANDS))  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "typed", "kept", "for_book"),
    [
        ("birth", "3/5/1961", "1961-05-03", "03/05/1961"),
        ("birth", "5/1961", "1961-05", "05/1961"),
        ("birth", " 1961 ", "1961", "1961"),
        ("sex", "Nữ", "2", "2"),
        ("full_name", " Trần  Văn Bách ", "Trần Văn Bách", "Trần Văn Bách"),
        ("birth", "", "", ""),
    ],
)
def test_what_is_right_is_kept_as_the_partner_has_it_and_goes_to_the_book_as_it_is_keyed(
    fact: str, typed: str, kept: str, for_book: str
) -> None:
    assert right_value(fact, typed) == kept
    assert kept == "" or value_for_book(fact, kept) == for_book


@pytest.mark.parametrize(("fact", "typed"), [("birth", "năm con gà"), ("sex", "khác")])
def test_a_right_value_nobody_can_read_is_refused(fact: str, typed: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        right_value(fact, typed)
    assert refused.value.code == "right_value_unreadable"


def test_a_fact_stands_in_the_fields_of_its_participant_and_parents_and_spouse_in_their_own() -> None:
    birth, marriage = version_for("KS", "L2014"), version_for("KH", "L2014")
    assert register_field(birth, "child", "full_name") == "child_full_name"
    assert register_field(birth, "child", "mother_name") == "mother_full_name"
    assert register_field(birth, "child", "native_place") == "child_native_place"
    assert register_field(birth, "mother", "sex") == ""  # said by the role
    assert register_field(marriage, "wife", "spouse_name") == "husband_full_name"
    assert register_field(marriage, "wife", "native_place") == ""
    assert register_field(marriage, "nobody", "full_name") == ""


def test_every_field_found_is_a_field_of_its_register() -> None:
    facts = ("full_name", "birth", "sex", "personal_id", "old_id", "father_name", "mother_name", "spouse_name",
             "ethnicity", "nationality", "native_place")  # fmt: skip
    for kind in REGISTER_TYPES.values():
        for version in kind.every_version:
            codes = {field.code for field in version.fields} | {""}
            for person in version.participants:
                assert {register_field(version, person.role, fact) for fact in facts} <= codes
