"""Which names somebody had before: only those that were in force, and closed where they tell what is closed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from hotich.records.rules.former_names import Former, former_names
from hotich.records.rules.search_question import understand_text
from hotich.records.rules.search_ranking import Candidate, rank_candidates

BOOK = {"child_full_name": "Nguyễn Thị Tý", "child_sex": "Nữ"}


@dataclass
class Note:
    new_value: str | None
    sequence: int
    field: str = "child_full_name"
    in_force: bool = True
    restricted: bool = False


def test_the_name_of_the_book_and_every_one_in_between_is_former() -> None:
    notes = [Note("Nguyễn Thị Thảo", 2), Note("Nguyễn Thị Tí", 1)]
    assert former_names(BOOK, notes, "child_full_name") == [
        Former("Nguyễn Thị Tý", False), Former("Nguyễn Thị Tí", False)]  # fmt: skip


def test_a_note_taken_back_or_of_another_field_makes_no_former_name() -> None:
    notes = [Note("Sai", 1, in_force=False), Note("Nam", 2, field="child_sex")]
    assert former_names(BOOK, notes, "child_full_name") == []


def test_a_name_that_came_back_is_the_present_one() -> None:
    notes = [Note("Nguyễn Thị Thảo", 1), Note("Nguyễn Thị  Tý", 2)]
    assert former_names(BOOK, notes, "child_full_name") == [Former("Nguyễn Thị Thảo", False)]


def test_what_stood_before_a_restricted_note_is_restricted_and_what_stood_after_it_is_not() -> None:
    notes = [Note("Trần An", 1), Note("Lê An", 2, restricted=True), Note("Lê Bình", 3)]
    assert former_names(BOOK, notes, "child_full_name") == [
        Former("Nguyễn Thị Tý", True), Former("Trần An", True), Former("Lê An", False)]  # fmt: skip


def test_a_name_taken_away_leaves_the_one_of_the_book_as_former() -> None:
    assert former_names(BOOK, [Note(None, 1)], "child_full_name") == [Former("Nguyễn Thị Tý", False)]


def test_the_answer_by_a_former_name_says_which_and_ranks_like_any_other() -> None:
    person = Candidate(uuid4(), uuid4(), "child", "Nguyễn Thị Thảo", former=("Nguyễn Thị Tý",))
    namesake = Candidate(uuid4(), uuid4(), "child", "Nguyễn Thị Ty")
    hits = rank_candidates(understand_text("nguyen thi ty"), [person, namesake])
    assert [hit.candidate for hit in hits] == [person, namesake]
    assert [(hit.reasons[0].code, hit.reasons[0].former) for hit in hits] == [
        ("found_name_same", "Nguyễn Thị Tý"), ("found_name_same", "")]  # fmt: skip
