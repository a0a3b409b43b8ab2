"""Where citizens live: a list that is given (`--places`), or a few communes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """A commune of today with its province; codes are those of the General Statistics Office."""

    commune_code: str
    commune: str
    province_code: str
    province: str

    @property
    def text(self) -> str:
        """As it is written in papers."""
        return f"{self.commune}, {self.province}"


# enough for tests; the installation hands over the whole list
FEW = (
    Place("24529", "Xã Vụ Bổn", "66", "Tỉnh Đắk Lắk"),
    Place("24598", "Xã Đắk Phơi", "66", "Tỉnh Đắk Lắk"),
    Place("24985", "Xã Ninh Gia", "68", "Tỉnh Lâm Đồng"),
    Place("00004", "Phường Ba Đình", "01", "Thành phố Hà Nội"),
    Place("26734", "Phường Sài Gòn", "79", "Thành phố Hồ Chí Minh"),
)
MOST_OF_ALL = {"24529": 25, "24598": 15, "24985": 22}
"""In these communes lives so much of the demo population, in thousandths of all: there are namesakes to be told apart."""
SHARE_OF_NEIGHBOURS = 0.25  # of the citizens live elsewhere in the provinces of those communes


def read_places(file: Path | None) -> tuple[Place, ...]:
    """Rows of a CSV with the columns of `Place`."""
    if file is None:
        return FEW
    with file.open(encoding="utf-8", newline="") as stream:
        return tuple(Place(**row) for row in csv.DictReader(stream))


def weights_of(places: tuple[Place, ...]) -> list[float]:
    """How likely somebody lives in each of them; they add up to one."""
    known = {place.commune_code: MOST_OF_ALL.get(place.commune_code, 0) / 1000 for place in places}
    near = {place.province_code for place in places if known[place.commune_code]}
    neighbours = [place for place in places if place.province_code in near and not known[place.commune_code]]
    others = [place for place in places if place.province_code not in near]
    rest = 1 - sum(known.values())
    share = SHARE_OF_NEIGHBOURS if neighbours and others else (1.0 if neighbours else 0.0)
    for group, part in ((neighbours, rest * share), (others, rest * (1 - share))):
        for place in group:
            known[place.commune_code] = part / len(group)
    total = sum(known.values())
    return [known[place.commune_code] / total for place in places]
