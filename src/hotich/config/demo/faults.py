"""Faults put into the rows on purpose, each written down, at most one in a row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from hotich.config.demo.model import Book, Damage, Mix, Planted, Row
from hotich.config.demo.wording import date_words, tens

ILLEGIBLE = "[không đọc được]"
FULL_DATE = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")
NAMES = {
    "KS": ("nksHoTen", "meHoTen", "chaHoTen"),
    "KH": ("chongHoTen", "voHoTen"),
    "KT": ("nktHoTen",),
    "CMC": ("cmHoTen", "ncHoTen"),
    "HN": ("nxnHoTen",),
    "GH": ("guardian_full_name", "ward_full_name"),
    "CDGH": ("guardian_full_name", "ward_full_name"),
    "TD": ("subject_full_name",),
    "LH": ("husband_full_name", "wife_full_name"),
    "CN": ("adoptee_full_name", "adoptive_father_full_name"),
}
# the main date of the event: birth of the child, death, birth of a party
EVENT_DATES = {
    "KS": "nksNgaySinh",
    "KT": "nktNgayChet",
    "HN": "nxnNgaySinh",
    "KH": "voNgaySinh",
    "CMC": "ncNgaySinh",
    "GH": "ward_birth_date",
    "CDGH": "ward_birth_date",
    "CN": "adoptee_birth_date",
    "TD": "target_registration_date",
    "LH": "judgment_date",
}
DATE_WORDS = {"KS": ("nksNgaySinh", "nksNgaySinhBangChu"), "KT": ("nktNgayChet", "nktNgayChetGhiBangChu")}
CODES = {
    "KS": ("nksGioiTinh", "loaiDangKy", "nksLoaiKhaiSinh"),
    "KH": ("loaiDangKy", "voLoaiCuTru"),
    "KT": ("nktGioiTinh", "loaiDangKy"),
    "CMC": ("loaiXacNhan",),
    "HN": ("nxnLoaiMucDichSuDung",),
    "GH": ("guardianship_type",),
    "CDGH": ("guardianship_type",),
    "TD": ("change_type",),
    "LH": ("dissolution_type",),
    "CN": ("adoptee_sex",),
}
BLANKS = {
    "KS": ("ngayDangKy", "nksHoTen", "nksGioiTinh"),
    "KH": ("ngayDangKy", "chongHoTen"),
    "KT": ("nktHoTen", "nktNgayChet"),
    "CMC": ("cmHoTen",),
    "HN": ("nxnTinhTrangHonNhan",),
    "GH": ("registration_date", "ward_full_name"),
    "CDGH": ("guardian_full_name",),
    "TD": ("new_value",),
    "LH": ("judgment_number",),
    "CN": ("adoptee_full_name",),
}
ILLEGIBLE_CELLS = {
    "KS": ("meNoiCuTru", "chaHoTen", "nksNoiSinh", "meHoTen"),
    "KH": ("voNoiCuTru", "voHoTen"),
    "KT": ("nktNguyenNhanChet", "nktNoiChet"),
    "CMC": ("cmNoiCuTru",),
    "HN": ("nxnNoiCuTru",),
}
ID_COLUMN = re.compile(r"(SoDinhDanh(CaNhan)?|SoGiayToTuyThan|_id_doc_number)$")


@dataclass(slots=True)
class Change:
    """What a fault does: new text of a column (and of others that go with it), or damage of the cell."""

    column: str
    after: str
    also: Row
    damage: Damage | None = None


Fault = Callable[[Random, Book, int], Change | None]


def _pick(rng: Random, row: Row, columns: tuple[str, ...]) -> str:
    filled = [column for column in columns if row.get(column)]
    return rng.choice(filled) if filled else ""


def _set(column: str, after: str, **also: str) -> Change | None:
    return Change(column, after, also) if column else None


def _registered_year(row: Row) -> int:
    return int(row["so"][-4:])


def _with_year(text: str, year: int) -> str:
    return text[:-4] + str(year)


def wrong_number_year(rng: Random, book: Book, index: int) -> Change | None:
    """The year of the number is not the year of registration."""
    number = book.rows[index]["so"]
    return None if book.letters == "TD" else _set("so", _with_year(number, int(number[-4:]) + rng.choice((-1, 1))))


def impossible_date(rng: Random, book: Book, index: int) -> Change | None:
    """30 February."""
    column, row = EVENT_DATES[book.letters], book.rows[index]
    if not FULL_DATE.fullmatch(row.get(column, "")):
        return None
    words = DATE_WORDS.get(book.letters, ("", ""))[1]
    return Change(column, f"30.02.{row[column][-4:]}", {words: ""} if words else {})


def words_disagree(rng: Random, book: Book, index: int) -> Change | None:
    """The date in words names another day."""
    columns, row = DATE_WORDS.get(book.letters), book.rows[index]
    if columns is None or not row.get(columns[1]):
        return None
    day = int(row[columns[0]][:2])
    other = day % 28 + 1
    return _set(columns[1], row[columns[1]].replace(f"Ngày {tens(day)} ", f"Ngày {tens(other)} ", 1))


def _numeric_cell(rng: Random, row: Row, accept: Callable[[str, str], bool], damage: Damage) -> Change | None:
    columns = [column for column, text in row.items() if accept(column, text)]
    if not columns:
        return None
    column = rng.choice(columns)
    return Change(column, row[column], {}, damage)


def lost_leading_zero(rng: Random, book: Book, index: int) -> Change | None:
    """Excel took an identity number for a number; the row keeps the number with its zero."""
    return _numeric_cell(
        rng,
        book.rows[index],
        lambda column, text: bool(ID_COLUMN.search(column)) and text.isdigit() and text.startswith("0"),
        "number",
    )


def date_cell(rng: Random, book: Book, index: int) -> Change | None:
    """Excel took a date text for a date."""
    return _numeric_cell(
        rng, book.rows[index], lambda column, text: bool(FULL_DATE.fullmatch(text)) and int(text[-4:]) >= 1901, "date"
    )


def float_cell(rng: Random, book: Book, index: int) -> Change | None:
    """Excel holds a page or a code as 12.0."""
    return _numeric_cell(
        rng,
        book.rows[index],
        lambda column, text: text.isdigit() and len(text) < 4 and not text.startswith("0"),
        "float",
    )


def mother_younger(rng: Random, book: Book, index: int) -> Change | None:
    """The mother is born after her child."""
    row = book.rows[index]
    child, mother = row.get("nksNgaySinh", ""), row.get("meNgaySinh", "")
    if book.letters != "KS" or not child or not mother[-4:].isdigit() or "meSoDinhDanhCaNhan" in row:
        return None
    return _set("meNgaySinh", _with_year(mother, int(child[-4:]) + 2))


def duplicate_number(rng: Random, book: Book, index: int) -> Change | None:
    """Two entries of one book bear one number."""
    if index == 0 or book.letters == "TD":
        return None
    before, number = book.rows[index - 1]["so"], book.rows[index]["so"]
    return _set("so", before) if before != number and before[-4:] == number[-4:] else None


def unknown_code(rng: Random, book: Book, index: int) -> Change | None:
    """A code that is in no list."""
    return _set(_pick(rng, book.rows[index], CODES[book.letters]), rng.choice(("9", "17", "X")))


def marriage_under_age(rng: Random, book: Book, index: int) -> Change | None:
    """The wife is fourteen on the day of the marriage."""
    row = book.rows[index]
    birth = row.get("voNgaySinh", "")
    if book.letters != "KH" or not birth[-4:].isdigit() or row.get("voSoGiayToTuyThan") or row["loaiDangKy"] != "1":
        return None
    return _set("voNgaySinh", _with_year(birth, _registered_year(row) - 14))


def name_with_digits(rng: Random, book: Book, index: int) -> Change | None:
    """A slip of the keyboard leaves a digit in a name."""
    row = book.rows[index]
    column = _pick(rng, row, NAMES[book.letters])
    return _set(column, row[column] + str(rng.randrange(1, 10))) if column else None


def future_date(rng: Random, book: Book, index: int) -> Change | None:
    """A year two hundred years too late."""
    column, row = EVENT_DATES[book.letters], book.rows[index]
    if not FULL_DATE.fullmatch(row.get(column, "")) or book.letters not in ("KS", "KT", "GH"):
        return None
    words = DATE_WORDS.get(book.letters, ("", ""))[1]
    return Change(column, _with_year(row[column], int(row[column][-4:]) + 200), {words: ""} if words else {})


def registered_before_birth(rng: Random, book: Book, index: int) -> Change | None:
    """The child is born in the year after its registration."""
    row = book.rows[index]
    match = FULL_DATE.fullmatch(row.get("nksNgaySinh", ""))
    if book.letters != "KS" or match is None or row.get("nksSoDinhDanh") or match[1] == "29":
        return None
    year = _registered_year(row) + 1
    changed = f"{match[1]}.{match[2]}.{year}"
    words = date_words(date(year, int(match[2]), int(match[1]))) if row.get("nksNgaySinhBangChu") else ""
    return _set("nksNgaySinh", changed, nksNgaySinhBangChu=words)


def illegible(rng: Random, book: Book, index: int) -> Change | None:
    """The officer could not read the cell and says so."""
    return _set(_pick(rng, book.rows[index], ILLEGIBLE_CELLS.get(book.letters, ())), ILLEGIBLE)


def blank_field(rng: Random, book: Book, index: int) -> Change | None:
    """A cell that must not be empty is empty."""
    return _set(_pick(rng, book.rows[index], BLANKS[book.letters]), "")


def sex_digit_swapped(rng: Random, book: Book, index: int) -> Change | None:
    """The fourth digit of the personal number says the other sex."""
    number = book.rows[index].get("nksSoDinhDanh", "")
    return _set("nksSoDinhDanh", f"{number[:3]}{int(number[3]) ^ 1}{number[4:]}") if len(number) == 12 else None


FAULTS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        wrong_number_year,
        impossible_date,
        words_disagree,
        lost_leading_zero,
        date_cell,
        float_cell,
        mother_younger,
        duplicate_number,
        unknown_code,
        marriage_under_age,
        name_with_digits,
        future_date,
        registered_before_birth,
        illegible,
        blank_field,
        sex_digit_swapped,
    )
}


def plant(books: list[Book], rng: Random, mix: Mix) -> list[Planted]:
    """Change rows of the books in place; returns what was done. A kind with a rate above 0 is planted at least once."""
    spots = [(book, index) for book in books for index in range(len(book.rows))]
    total, taken, planted = len(spots), set[tuple[str, int]](), list[Planted]()
    for kind, rate in mix.rates().items():
        if kind not in FAULTS or rate <= 0:
            continue
        missing = max(1, round(rate * total / 1000))
        rng.shuffle(spots)
        for book, index in spots:
            if not missing:
                break
            # the row before a doubled number must stay as it is, so neighbours of a fault are spared
            if taken & {(book.key, index + step) for step in (-1, 0, 1)}:
                continue
            change = FAULTS[kind](rng, book, index)
            if change is not None:
                planted.append(_apply(book, index, kind, change))
                taken.add((book.key, index))
                missing -= 1
    return planted


def _apply(book: Book, index: int, kind: str, change: Change) -> Planted:
    row = book.rows[index]
    before = row.get(change.column, "")
    if change.damage:
        book.damage[index, change.column] = change.damage
    for column, text in {change.column: change.after, **change.also}.items():
        if text:
            row[column] = text
        else:
            row.pop(column, None)
    return Planted(book.key, index, change.column, kind, before, change.after)
