"""Identity papers of invented people: numbers have the structure of the law and a random part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hotich.config.demo.model import Person
from hotich.config.demo.wording import years_later

# Leading digits of nine-digit identity cards by province of issue.
OLD_ID_PREFIX = {
    "066": "24",
    "068": "25",
    "040": "18",
    "038": "17",
    "049": "20",
    "052": "21",
    "036": "16",
    "033": "14",
    "042": "18",
    "051": "21",
    "034": "15",
    "046": "19",
    "020": "08",
    "004": "08",
    "006": "09",
    "010": "06",
    "002": "07",
    "094": "36",
    "084": "33",
}
PROVINCE_NAMES = {"066": "Đắk Lắk", "068": "Lâm Đồng"}
CARD_START, CHIP_START, NEW_CARD = date(2016, 7, 1), date(2021, 3, 1), date(2024, 7, 1)


@dataclass(frozen=True, slots=True)
class Paper:
    """An identity paper as written in a book; empty where the person had none."""

    kind: str = "0"
    number: str = ""
    issued: date | None = None
    issuer: str = ""
    other: str = ""


class Numbers:
    """Deals out identity numbers, none of them twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._used: set[str] = set()

    def _fresh(self, prefix: str, digits: int) -> str:
        while True:
            number = f"{prefix}{self._rng.randrange(10**digits):0{digits}d}"
            if number not in self._used:
                self._used.add(number)
                return number

    def personal_id(self, province: str, sex: str, birth: date) -> str:
        """Twelve digits: province, century and sex, two digits of the year of birth, six at random."""
        century = (birth.year // 100 - 19) * 2 + (sex == "2")
        return self._fresh(f"{province}{century}{birth.year % 100:02d}", 6)

    def old_id(self, province: str) -> str:
        """Nine digits of the identity card issued before 2016."""
        return self._fresh(OLD_ID_PREFIX[province], 7)

    def passport(self) -> str:
        """One letter and seven digits."""
        return self._fresh(self._rng.choice("BCMN"), 7)


def issue_dates(rng: Random, birth: date) -> tuple[date | None, date | None]:
    """When the old card and the new one were issued (None: never): from 15 on, the new one in campaigns."""
    first = max(years_later(birth, 15), date(1978, 6, 1)) + timedelta(days=rng.randrange(900))
    old = first if first < date(2018, 1, 1) else None
    start = max(years_later(birth, 14), CHIP_START if rng.random() < 0.8 else CARD_START)
    return old, start + timedelta(days=rng.randrange(420))


def paper_at(person: Person, day: date) -> Paper:
    """The paper a person would show on a day."""
    if person.passport:
        return Paper("2", person.passport, None, "")
    if person.card_issued and person.card_issued <= day:
        bureau = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
        return Paper(
            "4", person.personal_id, person.card_issued, "Bộ Công an" if person.card_issued >= NEW_CARD else bureau
        )
    if person.old_id_issued and person.old_id_issued <= day:
        return Paper("1", person.old_id, person.old_id_issued, f"Công an tỉnh {PROVINCE_NAMES[person.issuer_province]}")
    return Paper()
