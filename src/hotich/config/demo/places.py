"""Where the demo happens: three communes of two provinces, two that go on in 2025 and one merged out of older ones.

With the districts gone every office is new from 01/07/2025; the old ones keep their code with the year of closing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hotich.config.demo.model import Office

MERGER = date(2025, 7, 1)  # two levels of local government: districts end, communes are rearranged
LAST_OLD_DAY = date(2025, 6, 30)
LAST_DAY = date(2025, 10, 31)  # nothing of the demo happens later, whatever today's date is


@dataclass(frozen=True, slots=True)
class Community:
    """People who live in one place; `old_office` registered for them before the merger of 2025.

    `mix` is the share of peoples among the first families; `go_live` the day of the move to the Ministry's software.
    """

    key: str
    office: str
    old_office: str
    commune: str
    old_commune: str
    district: str
    district_code: str
    province: str
    province_code: str
    old_province: str
    go_live: date
    mix: dict[str, float]
    villages: tuple[str, ...]
    minority_villages: tuple[str, ...]
    weight: float

    def office_at(self, day: date) -> str:
        """Code of the office that registered on a day."""
        return self.old_office if day < MERGER else self.office

    def place_at(self, day: date) -> str:
        """The commune with what it belonged to on a day, as books print it."""
        if day >= MERGER:
            return f"xã {self.commune}, tỉnh {self.province}"
        province = self.old_province if day < date(1999, 1, 1) else self.province
        return f"xã {self.old_commune}, huyện {self.district}, tỉnh {province}"

    def office_text(self, day: date) -> str:
        """Name of the registering office as printed in a book of that day."""
        return f"UBND {self.place_at(day)}"

    def district_office_text(self, day: date) -> str:
        """Who noted foreign matters: the department of justice to 2015, the district to mid-2025, then the commune."""
        if day < date(2016, 1, 1):
            return f"Sở Tư pháp tỉnh {self.province}"
        return f"UBND huyện {self.district}, tỉnh {self.province}" if day < MERGER else self.office_text(day)

    def era_at(self, day: date) -> str:
        """Code of the era of a registration (registers.md 1.1)."""
        if day < date(1999, 1, 1):
            return "PRE1999"
        if day < date(2006, 4, 1):
            return "ND83"
        if day < date(2016, 1, 1):
            return "ND158"
        return "L2014" if day < self.go_live else "LIVE"


COMMUNITIES: tuple[Community, ...] = (
    Community(
        key="A",
        office="24529",
        old_office="24529-2025",
        commune="Vụ Bổn",
        old_commune="Vụ Bổn",
        district="Krông Pắc",
        district_code="654",
        province="Đắk Lắk",
        province_code="066",
        old_province="Đắc Lắc",
        go_live=date(2018, 10, 1),
        mix={"Kinh": 0.56, "Ê-đê": 0.20, "Nùng": 0.10, "Tày": 0.06, "Mông": 0.08},
        villages=tuple(f"thôn {number}" for number in range(1, 13)),
        minority_villages=("buôn Ea Nông", "buôn Krai", "buôn Hằng"),
        weight=0.40,
    ),
    Community(
        key="B",
        office="24985",
        old_office="24985-2025",
        commune="Ninh Gia",
        old_commune="Ninh Gia",
        district="Đức Trọng",
        district_code="678",
        province="Lâm Đồng",
        province_code="068",
        old_province="Lâm Đồng",
        go_live=date(2019, 4, 1),
        mix={"Kinh": 0.62, "Cơ-ho": 0.24, "Nùng": 0.06, "Khơ-me": 0.08},
        villages=("thôn Đăng Hòa", "thôn Thạnh Bình", "thôn Tân Phú", "thôn 1", "thôn 2", "thôn 3"),
        minority_villages=("thôn Đà R'Giềng", "thôn K'Nai"),
        weight=0.36,
    ),
    Community(
        key="C",
        office="24598",
        old_office="24601-2025",
        commune="Đắk Phơi",
        old_commune="Đắk Nuê",
        district="Lắk",
        district_code="656",
        province="Đắk Lắk",
        province_code="066",
        old_province="Đắc Lắc",
        go_live=date(2018, 10, 1),
        mix={"Kinh": 0.30, "Mnông": 0.36, "Ê-đê": 0.12, "Mông": 0.16, "Tày": 0.06},
        villages=("thôn Yên Thành", "thôn Cao Bằng", "thôn Đoàn Kết"),
        minority_villages=("buôn Mih", "buôn Triă", "buôn Kdiê"),
        weight=0.24,
    ),
)

_BY_KEY = {item.key: item for item in COMMUNITIES}

# Where families of each people came from: (text in the book, code of the province in identity numbers).
ORIGINS: dict[str, tuple[tuple[str, str], ...]] = {
    "Kinh": (
        ("huyện Quỳnh Lưu, tỉnh Nghệ An", "040"),
        ("huyện Thọ Xuân, tỉnh Thanh Hóa", "038"),
        ("huyện Quế Sơn, tỉnh Quảng Nam", "049"),
        ("huyện Phù Mỹ, tỉnh Bình Định", "052"),
        ("huyện Giao Thủy, tỉnh Nam Định", "036"),
        ("huyện Kim Động, tỉnh Hưng Yên", "033"),
        ("huyện Đức Thọ, tỉnh Hà Tĩnh", "042"),
        ("huyện Mộ Đức, tỉnh Quảng Ngãi", "051"),
        ("huyện Kiến Xương, tỉnh Thái Bình", "034"),
        ("huyện Phú Vang, tỉnh Thừa Thiên Huế", "046"),
    ),
    "Nùng": (("huyện Bắc Sơn, tỉnh Lạng Sơn", "020"), ("huyện Quảng Hòa, tỉnh Cao Bằng", "004")),
    "Tày": (("huyện Hà Quảng, tỉnh Cao Bằng", "004"), ("huyện Chợ Đồn, tỉnh Bắc Kạn", "006")),
    "Mông": (("huyện Mường Khương, tỉnh Lào Cai", "010"), ("huyện Đồng Văn, tỉnh Hà Giang", "002")),
    "Khơ-me": (("huyện Mỹ Xuyên, tỉnh Sóc Trăng", "094"), ("huyện Trà Cú, tỉnh Trà Vinh", "084")),
}
NATIVE_HERE = frozenset({"Ê-đê", "Cơ-ho", "Mnông"})  # peoples at home in these communes
MATRILINEAL = NATIVE_HERE  # the child belongs to the mother's clan


def offices() -> tuple[Office, ...]:
    """The three living offices, then the three closed ones whose books they keep, in the same order."""
    living = [
        Office(
            item.office,
            f"UBND {item.place_at(MERGER)}",
            item.province_code[1:],
            "",
            item.office,
            valid_from=MERGER,
        )
        for item in COMMUNITIES
    ]
    closed = [
        Office(
            item.old_office,
            f"UBND {item.place_at(LAST_OLD_DAY)}",
            item.province_code[1:],
            item.district_code,
            item.old_office.split("-")[0],
            valid_to=LAST_OLD_DAY,
            successor=item.office,
        )
        for item in COMMUNITIES
    ]
    return (*living, *closed)


def community(key: str) -> Community:
    """One of the three communities."""
    return _BY_KEY[key]
