"""The list for "province or country of birth": the 63 provinces by the statistics office's numbers, then countries.

The numbers outlived the mergers of 1 July 2025: the 34 provinces of today each keep one of them.
"""

from __future__ import annotations

from hotich.registers.codes.code_list import Code, CodeList
from hotich.registers.codes.nationality import NATIONALITY
from hotich.registers.types.declaration import Label as L

_PROVINCES = """01 Hà Nội|02 Hà Giang|04 Cao Bằng|06 Bắc Kạn|08 Tuyên Quang|10 Lào Cai|11 Điện Biên|12 Lai Châu
|14 Sơn La|15 Yên Bái|17 Hòa Bình|19 Thái Nguyên|20 Lạng Sơn|22 Quảng Ninh|24 Bắc Giang|25 Phú Thọ|26 Vĩnh Phúc
|27 Bắc Ninh
|30 Hải Dương|31 Hải Phòng|33 Hưng Yên|34 Thái Bình|35 Hà Nam|36 Nam Định|37 Ninh Bình|38 Thanh Hóa|40 Nghệ An
|42 Hà Tĩnh|44 Quảng Bình|45 Quảng Trị|46 Thừa Thiên Huế|48 Đà Nẵng|49 Quảng Nam|51 Quảng Ngãi|52 Bình Định|54 Phú Yên
|56 Khánh Hòa|58 Ninh Thuận|60 Bình Thuận|62 Kon Tum|64 Gia Lai|66 Đắk Lắk|67 Đắk Nông|68 Lâm Đồng|70 Bình Phước
|72 Tây Ninh|74 Bình Dương|75 Đồng Nai|77 Bà Rịa - Vũng Tàu|79 Thành phố Hồ Chí Minh|80 Long An|82 Tiền Giang|83 Bến Tre
|84 Trà Vinh|86 Vĩnh Long|87 Đồng Tháp|89 An Giang|91 Kiên Giang|92 Cần Thơ|93 Hậu Giang|94 Sóc Trăng|95 Bạc Liêu
|96 Cà Mau"""

_OTHER_NAMES = {
    "46": ("Huế", "Thành phố Huế"),
    "66": ("Đắc Lắc", "Đắk Lăk", "Daklak"),
    "67": ("Đắc Nông",),
    "77": ("BR-VT", "Bà Rịa Vũng Tàu"),
    "79": ("TP.HCM", "TPHCM", "Hồ Chí Minh", "TP Hồ Chí Minh"),
}


def _province(line: str) -> Code:
    number, name = line.strip().split(" ", 1)
    return Code(number, L(name, name), (*_OTHER_NAMES.get(number, ()), f"0{number}"))


BIRTH_PLACE_UNIT = CodeList(
    "birth_place_unit",
    L("Tỉnh hoặc quốc gia nơi sinh", "Province or country of birth"),
    (
        *(_province(line) for line in _PROVINCES.split("|")),
        *(entry for entry in NATIONALITY.entries if len(entry.code) == 2 and entry.code not in ("VN", "XX", "ZZ")),
    ),
    exchange="number",
    source="Mã số của cơ quan thống kê; cách ghi quốc gia trong biểu nhập chưa rõ",
    verified=False,
    prefixes=("tỉnh", "thành phố", "tp"),
)

LISTS = (BIRTH_PLACE_UNIT,)
