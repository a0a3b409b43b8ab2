"""Which rows answer, in what order, and the reasons said for each."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

import pytest

from hotich.records.rules.search_question import understand_text
from hotich.records.rules.search_ranking import Candidate, Hit, Mark, rank_candidates

SPACE = UUID(int=7)


def row(name: str, born: str = "", role: str = "child", **more: object) -> Candidate:
    """`born`: 1987-03-05 or 1987."""
    earliest = latest = None
    if len(born) == 4:
        earliest, latest = date(int(born), 1, 1), date(int(born), 12, 31)
    elif born:
        earliest = latest = date.fromisoformat(born)
    own = uuid5(SPACE, f"{name}{born}{role}")
    return Candidate(own, own, role, name, earliest, latest, **more)  # type: ignore[arg-type]


def ranked(text: str, *rows: Candidate) -> list[Hit]:
    return rank_candidates(understand_text(text), rows)


def names(text: str, *rows: Candidate) -> list[str]:
    return [hit.candidate.full_name for hit in ranked(text, *rows)]


def codes(text: str, candidate: Candidate) -> list[str]:
    hits = ranked(text, candidate)
    return [reason.code.removeprefix("found_") for reason in hits[0].reasons] if hits else []


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("nguyen thi lan 1987", "Nguyễn Thị Lan", "name_same"),
        ("Nguyễn Thị Lan 1987", "Nguyễn Thị Lan", "name_same"),
        ("Hoàng Thị Hoà 1987", "Hoàng Thị Hòa", "name_same"),
        ("Hoàng Thị Hoa 1987", "Hoàng Thị Hòa", "name_tones"),
        ("nguyen thi lam 1987", "Nguyễn Thị Lan", "name_slip"),
        ("ngyuen thi lan 1987", "Nguyễn Thị Lan", "name_slip"),
        ("nguyen thilan 1987", "Nguyễn Thị Lan", "name_slip"),
        ("le van chung 1987", "Lê Văn Trung", "name_sound"),
        ("lan nguyen thi 1987", "Nguyễn Thị Lan", "name_order"),
        ("nguyen lan 1987", "Nguyễn Thị Lan", "name_part"),
    ],
)
def test_how_a_name_answers(text: str, name: str, expected: str) -> None:
    assert codes(text, row(name, "1987-03-05")) == [expected, "birth_year"]


@pytest.mark.parametrize(
    ("asked", "born", "expected"),
    [
        ("05/03/1987", "1987-03-05", "birth_same"),
        ("03/05/1987", "1987-03-05", "birth_exchanged"),
        ("05/03/1988", "1987-03-05", "birth_near_year"),
        ("06/03/1987", "1987-03-05", "birth_figure"),
        ("05/03/1987", "1987", "birth_within"),
        ("03/1987", "1987-03-05", "birth_month"),
        ("1987", "1987-03-05", "birth_year"),
        ("1987", "1986-12-31", "birth_near_year"),
        ("05/03/1987", "", "birth_unknown"),
    ],
)
def test_how_a_birth_answers(asked: str, born: str, expected: str) -> None:
    assert codes(f"nguyen thi lan {asked}", row("Nguyễn Thị Lan", born)) == ["name_same", expected]


def test_an_informant_without_a_birth_does_not_answer_a_birth() -> None:
    assert ranked("nguyen thi lan 1987", row("Nguyễn Thị Lan", role="informant")) == []
    assert ranked("nguyen thi lan 1987", row("Nguyễn Thị Lan", role="mother"))
    assert ranked("nguyen thi lan", row("Nguyễn Thị Lan", role="informant"))


def test_a_birth_years_away_is_another_person() -> None:
    assert ranked("nguyen thi lan 1987", row("Nguyễn Thị Lan", "1990-03-05")) == []
    assert ranked("nguyen thi lan 05/03/1987", row("Nguyễn Thị Lan", "1989-03-05")) == []


def test_a_name_some_letters_away_is_an_answer_only_with_the_very_day() -> None:
    assert codes("nguyen thi lan 05/03/1987", row("Nguyễn Thị Loan Anh", "1987-03-05")) == []
    assert codes("nguyan thy lan 05/03/1987", row("Nguyễn Thị Lan", "1987-03-05")) == ["name_near", "birth_same"]
    assert ranked("nguyan thy lan 1987", row("Nguyễn Thị Lan", "1987-03-05")) == []
    assert ranked("nguyan thy lan 05/03/1988", row("Nguyễn Thị Lan", "1987-03-05")) == []


def test_the_better_answer_comes_first() -> None:
    lan, tones = row("Nguyễn Thị Lan", "1987-03-05"), row("Nguyễn Thị Lân", "1987-03-05")
    slip, figure = row("Nguyễn Thị Lam", "1987-03-05"), row("Nguyễn Thị Lan", "1987-03-06")
    unknown = row("Nguyễn Thị Lân")
    found = ranked("Nguyễn Thị Lân 05/03/1987", unknown, slip, figure, lan, tones)
    assert [hit.candidate for hit in found] == [tones, lan, slip, figure, unknown]


def test_tones_that_were_not_typed_exclude_nobody() -> None:
    assert names("nguyen thi hoa 1987", row("Nguyễn Thị Hòa", "1987"), row("Nguyễn Thị Hoa", "1987")) == [
        "Nguyễn Thị Hòa",
        "Nguyễn Thị Hoa",
    ]


def test_a_relative_of_the_role_asked_for_counts_more() -> None:
    mother = row("Trần Văn Bảy", "1987", relatives=(("mother", "Lê Thị Tư"), ("father", "Trần Văn Sáu")))
    informant = row("Trần Văn Bảy", "1988", relatives=(("informant", "Lê Thị Tư"),))
    stranger = row("Trần Văn Bảy", "1989", relatives=(("mother", "Bùi Thị Nga"),))
    found = ranked("tran van bay mẹ le thi tu", informant, stranger, mother)
    assert [hit.candidate for hit in found] == [mother, informant]
    assert found[0].reasons[1].params == {"role": "mother", "name": "Lê Thị Tư"}


def test_a_relative_may_be_misspelt_or_named_in_part() -> None:
    candidate = row("Trần Văn Bảy", "1987", relatives=(("mother", "Lê Thị Tư"),))
    assert codes("tran van bay mẹ le thi tue", candidate) == ["name_same", "relative_near"]
    assert codes("tran van bay mẹ Tư", candidate)[:1] == ["name_same"]
    assert ranked("tran van bay mẹ le thi tuyet", candidate) == []


def test_a_number_answers_whatever_the_name() -> None:
    candidate = row("Trần Văn Bảy", "1987", by_document="personal_id")
    assert codes("012345678912", candidate) == ["personal_id"]
    assert codes("Lê Thị Tư 012345678912", candidate) == ["personal_id"]


def test_the_words_of_the_name_are_marked() -> None:
    (hit,) = ranked("nguyen thi lam 1987", row("Nguyễn Thị Lan", "1987"))
    assert hit.words == (("Nguyễn", Mark.SAME), ("Thị", Mark.SAME), ("Lan", Mark.NEAR))
    (hit,) = ranked("nguyen lan 1987", row("Nguyễn Thị Lan", "1987"))
    assert [mark for _, mark in hit.words] == [Mark.SAME, Mark.NONE, Mark.SAME]
    (hit,) = ranked("h hen nie 1990", row("H'Hen Niê", "1990"))
    assert [mark for _, mark in hit.words] == [Mark.SAME, Mark.SAME]


def test_of_many_at_once_the_same_answer_as_each_alone() -> None:
    some = ("Nguyễn Thị Lan", "Nguyễn Thị Làn", "Nguyễn Lan", "Nguyễn Thị Ngọc Lan", "Lan Nguyễn Thị", "Nguyễn Thị Lam",
            "Nguyễn Thị Loan", "Nguyễn Văn Lan", "Trần Văn Bảy", "Ngyễn Thịlan", "Nguyễn Thị Nan", "Lan")  # fmt: skip
    rows = [row(name, born) for name in some for born in ("1987-03-05", "1987-05-03", "1986-03-05", "1987", "1985")]
    for text in ("nguyen thi lan 05/03/1987", "Nguyễn Thị Lan 1987", "nguyen lan 1987", "nguyan thy lan 05/03/1987",
                 "nguyen thi lan", "lan nguyen thi 1987"):  # fmt: skip
        alone = sorted((hit for each in rows for hit in ranked(text, each)), key=lambda hit: -hit.score)
        assert ranked(text, *rows) == alone, text
