"""How an entry of the practice book looks on paper: lines of a form, where each field stands. Millimetres."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hotich.keying.rules.practice.book import PracticeCase

WIDTH, TOP, LINE, BOTTOM, SIDE = 190.0, 34.0, 9.5, 32.0, 9.0
MARGIN_WIDE = 36.0  # of the column for notes

# lines of the form: (label, field, share of the line)
Line = tuple[tuple[str, str, float], ...]
LINES: Mapping[str, tuple[Line, ...]] = {
    "KS": (
        (("Họ, chữ đệm, tên", "child_full_name", 0.72), ("Giới tính", "child_sex", 0.28)),
        (("Ngày sinh", "child_birth_date", 0.38), ("Dân tộc", "child_ethnicity", 0.26),
         ("Quốc tịch", "child_nationality", 0.36)),
        (("Bằng chữ", "child_birth_date_words", 1.0),),
        (("Nơi sinh", "child_birth_place", 1.0),),
        (("Quê quán", "child_native_place", 1.0),),
        (("Họ tên mẹ", "mother_full_name", 0.68), ("Năm sinh", "mother_birth_date", 0.32)),
        (("Dân tộc", "mother_ethnicity", 0.26), ("Quốc tịch", "mother_nationality", 0.36),
         ("Cư trú", "mother_residence_type", 0.38)),
        (("Nơi cư trú", "mother_usual_residence", 1.0),),
        (("Họ tên cha", "father_full_name", 0.68), ("Năm sinh", "father_birth_date", 0.32)),
        (("Dân tộc", "father_ethnicity", 0.26), ("Quốc tịch", "father_nationality", 0.36),
         ("Cư trú", "father_residence_type", 0.38)),
        (("Nơi cư trú", "father_usual_residence", 1.0),),
        (("Người đi khai sinh", "informant_full_name", 0.68), ("Quan hệ", "informant_relationship", 0.32)),
        (("Loại đăng ký", "registration_type", 1.0),),
    ),
    "KH": (
        (("Họ tên chồng", "husband_full_name", 0.66), ("Ngày sinh", "husband_birth_date", 0.34)),
        (("Dân tộc", "husband_ethnicity", 0.26), ("Quốc tịch", "husband_nationality", 0.36),
         ("Cư trú", "husband_residence_type", 0.38)),
        (("Nơi cư trú", "husband_usual_residence", 1.0),),
        (("Giấy tờ", "husband_id_doc_type", 0.5), ("Số", "husband_id_doc_number", 0.5)),
        (("Họ tên vợ", "wife_full_name", 0.66), ("Ngày sinh", "wife_birth_date", 0.34)),
        (("Dân tộc", "wife_ethnicity", 0.26), ("Quốc tịch", "wife_nationality", 0.36),
         ("Cư trú", "wife_residence_type", 0.38)),
        (("Nơi cư trú", "wife_usual_residence", 1.0),),
        (("Giấy tờ", "wife_id_doc_type", 0.5), ("Số", "wife_id_doc_number", 0.5)),
        (("Loại đăng ký", "registration_type", 1.0),),
    ),
    "KT": (
        (("Họ tên người chết", "deceased_full_name", 0.72), ("Giới tính", "deceased_sex", 0.28)),
        (("Năm sinh", "deceased_birth_date", 0.3), ("Dân tộc", "deceased_ethnicity", 0.3),
         ("Quốc tịch", "deceased_nationality", 0.4)),
        (("Cư trú", "deceased_residence_type", 0.38), ("tại", "deceased_usual_residence", 0.62)),
        (("Giấy tờ", "deceased_id_doc_type", 0.5), ("Số", "deceased_id_doc_number", 0.5)),
        (("Chết ngày", "death_date", 0.5), ("Lúc", "death_time", 0.5)),
        (("Nơi chết", "death_place", 1.0),),
        (("Nguyên nhân chết", "cause_of_death", 1.0),),
        (("Người đi khai tử", "informant_full_name", 0.68), ("Quan hệ", "informant_relationship", 0.32)),
        (("Loại đăng ký", "registration_type", 1.0),),
    ),
}  # fmt: skip
TITLES = {"KS": "Sổ đăng ký khai sinh", "KH": "Sổ đăng ký kết hôn", "KT": "Sổ đăng ký khai tử"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One label with what is written behind it."""

    label: str
    value: str
    share: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything the printer needs to draw an entry."""

    title: str
    office: str
    number: str
    book: str
    page: str
    day: str
    recorder: str
    signatory: str
    signatory_title: str
    lines: tuple[tuple[Cell, ...], ...]
    margin: str
    is_void: bool
    height: float


def picture_of(case: PracticeCase, word_of: Callable[[str, str], str]) -> Picture:
    """The entry as it is drawn. `word_of(field, text)`: what the book writes for a code ("1" -> "Nam")."""

    def written(code: str) -> str:
        if code in case.shown:
            return case.shown[code]
        value = case.values.get(code, "")
        return word_of(code, value) if isinstance(value, str) else ""

    lines = LINES[case.letters]
    example = case if case.state == "case" else None
    return Picture(
        title=TITLES[case.letters],
        office=written("registration_office") or "UBND xã An Lành",
        number=f"{case.number:02d}{case.suffix}",
        book=written("register_book_no") or "01/2009",
        page=written("page_no"),
        day=written("registration_date"),
        recorder=written("recording_officer_name"),
        signatory=written("signatory_name"),
        signatory_title=written("signatory_title"),
        lines=tuple(
            tuple(Cell(label, written(code) if example else "", share) for label, code, share in line) for line in lines
        ),
        margin=case.margin,
        is_void=case.state == "void",
        height=height_of(case.letters),
    )


def height_of(letters: str) -> float:
    """The height of a drawn entry."""
    return TOP + LINE * len(LINES[letters]) + BOTTOM


def regions_of(letters: str) -> dict[str, list[float]]:
    """Where the fields of a register stand on the drawn entries, in shares of the picture."""
    high = height_of(letters)
    wide = WIDTH - 2 * SIDE - MARGIN_WIDE
    made: dict[str, list[float]] = {}

    def place(code: str, left: float, top: float, right: float, bottom: float) -> None:
        made[code] = [round(left / WIDTH, 4), round(top / high, 4), round(right / WIDTH, 4), round(bottom / high, 4)]

    place("registration_office", SIDE, 4, WIDTH * 0.5, 14)
    place("register_book_no", WIDTH * 0.5, 4, WIDTH * 0.78, 14)
    place("page_no", WIDTH * 0.72, 4, WIDTH - SIDE, 14)
    place("registration_number", WIDTH * 0.25, 14, WIDTH * 0.75, TOP)
    for row, line in enumerate(LINES[letters]):
        left, top = SIDE, TOP + row * LINE
        for _label, code, share in line:
            place(code, left, top, left + share * wide, top + LINE)
            left += share * wide
    foot = TOP + LINE * len(LINES[letters])
    place("registration_date", SIDE + wide / 2, foot, SIDE + wide, foot + 9)
    place("signatory_title", SIDE + wide / 2, foot + 7, SIDE + wide, foot + 16)
    place("signatory_name", SIDE + wide / 2, foot + 14, SIDE + wide, foot + 29)
    place("recording_officer_name", SIDE, foot + 7, SIDE + wide / 2, foot + 29)
    place("remarks", SIDE + wide, TOP, WIDTH, foot)
    return made
