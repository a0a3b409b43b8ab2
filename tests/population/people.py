"""Families with their children, and register entries about them, drawn from a seed. Nothing here is a real person.

`draw(...)` gives two lists of rows in the form `hotich match` reads, and the truth: record id -> person id, None for people
who are not in the population – each of those has a sibling in it, whose parents and home agree.
Error rates are of our own choosing (`Errors`); real ones are not known. `close_siblings` puts the children of a family within
eighteen years, with twins.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field
from typing import Any

# Common surnames with rough weights, and syllables of middle and given names; the second set holds other, rarer words.
SURNAMES = {
    "Nguyễn": 380, "Trần": 110, "Lê": 95, "Phạm": 70, "Hoàng": 50, "Phan": 45, "Vũ": 39, "Đặng": 21, "Bùi": 20, "Đỗ": 14,
    "Hồ": 13, "Ngô": 13, "Dương": 10, "Lý": 5, "Đinh": 8, "Trịnh": 6, "Mai": 5, "Cao": 4, "Lương": 4, "Hà": 4,
}  # fmt: skip
OTHER_SURNAMES = {
    "Vi": 30, "Lò": 60, "Quàng": 40, "Giàng": 35, "Sùng": 20, "Rơ Châm": 12, "Siu": 18, "Danh": 25, "Thạch": 22, "Kim": 15,
    "Chẩu": 10, "Ma": 14, "Triệu": 20, "Bàn": 18, "Đàm": 12, "Nông": 40, "Hoàng": 30, "Nguyễn": 60,
}  # fmt: skip


def _words(text: str) -> list[str]:
    return text.split()


MIDDLES = (
    (
        _words("Văn Hữu Đức Quốc Minh Công Xuân Đình Thành Anh Ngọc Trọng Duy Gia"),
        [60, 9, 9, 6, 6, 5, 5, 4, 4, 3, 3, 3, 2, 2],
    ),
    (_words("Thị Ngọc Thanh Thu Kim Mỹ Hồng Bích Phương Minh Thùy Hoài"), [65, 6, 5, 4, 4, 3, 3, 3, 2, 2, 2, 2]),
)
GIVENS = (
    _words(
        "Hùng Dũng Tuấn Nam Hải Sơn Long Thắng Bình Minh Quang Tâm Phúc Lộc Trung Kiên Khoa Hiếu Toàn Vinh Đạt Cường Hòa "
        "Thanh Tùng An Đông Nghĩa Phong Hưng Tài Khánh Quý Giang"
    ),
    _words(
        "Lan Hoa Hương Mai Hằng Nga Thủy Linh Trang Hà Huệ Loan Thảo Yến Nhung Hạnh Phượng Oanh Tuyết Vân Dung Hiền Liên "
        "Ngân Xuân Thơm Bình Thanh Nguyệt Hòa Quỳnh Chi Trâm Giang"
    ),
)
OTHER_GIVENS = (
    _words(
        "Pó Sáy Dế Chinh Tủa Páo Lử Thào Vảng Khăm Bun Phia Nghì Rin Briu Hlăk Ksor Đăm Thoại Khuê Sử Chung Lân Bắc Đoài"
    ),
    _words("Mẩy Dợ Máy Xoan Chía Vàng Pai Ên Nhình Thíu Pẩu Lịu Bơ Hlim Rơ Chăm Kiểu Sa Thùa Nhạn Đào Cúc Sen Bưởi Nụ"),
)
CONFUSED = (("s", "x"), ("tr", "ch"), ("gi", "d"), ("l", "n"), ("ng", "n"), ("v", "d"), ("i", "y"))
TONES = "\u0300\u0301\u0303\u0309\u0323"


@dataclass(frozen=True, slots=True)
class Errors:
    """Shares of records in which something is wrong."""

    marks_lost: float = 0.10
    slip: float = 0.08
    tone: float = 0.06
    middle_lost: float = 0.03
    father_missing: float = 0.12
    mother_missing: float = 0.06
    year_only: float = 0.08
    swapped: float = 0.03
    day: float = 0.03
    january: float = 0.02
    year: float = 0.025
    moved: float = 0.25
    sex: float = 0.005
    with_id: float = 0.15


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows of a population and of registers, and whom each record is about."""

    persons: list[dict[str, Any]]
    records: list[dict[str, Any]]
    truth: dict[str, str | None] = field(default_factory=dict)


def draw(
    *, persons: int, records: int, seed: int = 1, close_siblings: bool = False, other_names: bool = False,
    errors: Errors | None = None, absent: float = 0.2,
) -> Drawn:  # fmt: skip
    """So many persons in families of two to four, and so many records, a share of them about people who are absent."""
    chance = random.Random(seed)
    names = _Names(chance, other=other_names)
    everybody: list[dict[str, Any]] = []
    while len(everybody) < persons + int(records * absent):
        everybody += _family(chance, names, close_siblings, len(everybody))
    wanted = min(int(records * absent), len(everybody) // 3)
    gone, left = _taken_out(everybody, wanted, chance)
    found, wrong = chance.choices(left, k=records - len(gone)), errors or Errors()
    truth: dict[str, str | None] = {}
    made = []
    for place, person in enumerate([*found, *gone]):
        identity = f"r{place:07}"
        made.append({**_entry(chance, person, wrong, known=place < len(found)), "id": identity})
        truth[identity] = person["id"] if place < len(found) else None
    chance.shuffle(made)
    return Drawn(left[:], made, truth)


def _taken_out(everybody: list[dict[str, Any]], wanted: int, chance: random.Random) -> tuple[list[Any], list[Any]]:
    """People who are not in the population, each with a sibling who is."""
    families: dict[str, list[dict[str, Any]]] = {}
    for person in everybody:
        families.setdefault(person["family"], []).append(person)
    gone = [chance.choice(each) for each in chance.sample([f for f in families.values() if len(f) > 1], wanted)]
    names = {person["id"] for person in gone}
    return gone, [person for person in everybody if person["id"] not in names]


class _Names:
    def __init__(self, chance: random.Random, *, other: bool) -> None:
        self.chance = chance
        self.surnames, self.givens = (OTHER_SURNAMES, OTHER_GIVENS) if other else (SURNAMES, GIVENS)

    def surname(self) -> str:
        return self.chance.choices(list(self.surnames), list(self.surnames.values()))[0]

    def name(self, surname: str, sex: int) -> str:
        words, weights = MIDDLES[sex - 1]
        middle = self.chance.choices(words, weights, k=2 if self.chance.random() < 0.22 else 1)
        return " ".join([surname, *dict.fromkeys(middle), self.chance.choice(self.givens[sex - 1])])


def _family(chance: random.Random, names: _Names, close: bool, start: int) -> list[dict[str, Any]]:
    surname, province = names.surname(), chance.randrange(1, 35)
    shared = {
        "family": f"f{start}",
        "father_name": names.name(surname, 1),
        "mother_name": names.name(names.surname(), 2),
        "province_code": f"{province:02}",
        "commune_code": f"{province:02}{chance.randrange(97):03}",
    }
    children: list[dict[str, Any]] = []
    first, day = chance.randrange(1935, 2010), ""
    for number in range(chance.choices([1, 2, 3, 4], [25, 40, 25, 10])[0]):
        sex = chance.choice([1, 2])
        twin = close and children and chance.random() < 0.02
        year = first + chance.randrange(18) if close else chance.randrange(1935, 2015)
        if not twin:
            day = f"{year}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        unknown = chance.random() < (0.25 if year < 1970 else 0.06 if year < 1990 else 0.01)
        children.append({
            **shared, "id": f"p{start + number:08}", "full_name": names.name(surname, sex),
            "sex": ("male", "female")[sex - 1], "birth_date": day[:4] if unknown else day,
            "personal_id": f"100{start + number:09}",
        })  # fmt: skip
    return children


def _entry(chance: random.Random, person: dict[str, Any], wrong: Errors, *, known: bool) -> dict[str, Any]:
    """What a register says of a person, with the errors of pens and keys."""
    moved = chance.random() < wrong.moved
    province = f"{chance.randrange(1, 35):02}" if moved and chance.random() < 0.7 else person["province_code"]
    other = {"male": "female", "female": "male"}
    return {
        "full_name": _written(chance, person["full_name"], wrong),
        "birth_date": _dated(chance, person["birth_date"], wrong),
        "sex": other[person["sex"]] if chance.random() < wrong.sex else person["sex"],
        "father_name": _parent(chance, person["father_name"], wrong, wrong.father_missing),
        "mother_name": _parent(chance, person["mother_name"], wrong, wrong.mother_missing),
        "province_code": province,
        "commune_code": f"{province}{chance.randrange(97):03}" if moved else person["commune_code"],
        "personal_id": person["personal_id"] if known and chance.random() < wrong.with_id else None,
    }


def _parent(chance: random.Random, name: str, wrong: Errors, missing: float) -> str | None:
    return None if chance.random() < missing else _written(chance, name, wrong)


def _written(chance: random.Random, name: str, wrong: Errors) -> str:
    at = chance.random()
    if at < (edge := wrong.marks_lost):
        return _bare(name)
    if at < (edge := edge + wrong.slip):
        return _slipped(chance, name)
    if at < (edge := edge + wrong.tone):
        return _toned(chance, name)
    return _shortened(name) if at < edge + wrong.middle_lost else name


def _bare(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in letters if not unicodedata.combining(char))


def _slipped(chance: random.Random, name: str) -> str:
    pairs = [(a, b) for pair in CONFUSED for a, b in (pair, pair[::-1]) if a in name.lower()]
    if pairs and chance.random() < 0.6:
        a, b = chance.choice(pairs)
        at = name.lower().index(a)
        put = b.capitalize() if name[at].isupper() else b
        return name[:at] + put + name[at + len(a) :]
    at = chance.randrange(1, len(name) - 1)
    return name[:at] + name[at + 1 :] if name[at] != " " else name


def _toned(chance: random.Random, name: str) -> str:
    letters = list(unicodedata.normalize("NFD", name))
    places = [place for place, char in enumerate(letters) if char in TONES]
    if places:
        letters[chance.choice(places)] = chance.choice(TONES)
    return unicodedata.normalize("NFC", "".join(letters))


def _shortened(name: str) -> str:
    parts = name.split()
    return " ".join([parts[0], *parts[2:]]) if len(parts) > 2 else name


def _dated(chance: random.Random, day: str, wrong: Errors) -> str:
    if len(day) == 4:
        return day
    year, month, number = day.split("-")
    at = chance.random()
    for share, value in (
        (wrong.year_only, year), (wrong.swapped, f"{year}-{number}-{month}" if int(number) < 13 else day),
        (wrong.day, f"{year}-{month}-{chance.randrange(1, 29):02}"), (wrong.january, f"{year}-01-01"),
        (wrong.year, f"{int(year) + chance.choice([-1, 1, 10, -10])}-{month}-{number}"),
    ):  # fmt: skip
        if at < share:
            return value
        at -= share
    return day
