"""What is written on the pages: random combinations of common names, days and places."""

from __future__ import annotations

import random

FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Đinh",
    "Tạ",
    "Quách",
    "Lưỡng",
]
MIDDLE = [
    "Văn",
    "Thị",
    "Hữu",
    "Đức",
    "Minh",
    "Ngọc",
    "Thanh",
    "Quốc",
    "Xuân",
    "Kim",
    "Mỹ",
    "Bảo",
    "Gia",
    "Tuấn",
    "Phương",
    "Thùy",
]
GIVEN = [
    "Anh",
    "Bình",
    "Dũng",
    "Đạt",
    "Giang",
    "Hằng",
    "Hưởng",
    "Khánh",
    "Lệ",
    "Mẫn",
    "Nghĩa",
    "Nhữ",
    "Oanh",
    "Phượng",
    "Sửu",
    "Tấn",
    "Thủy",
    "Yến",
    "Ở",
]
COMMUNE = ["Phú Thượng", "Đông Hưởng", "Mỹ Đức", "Tân Quới", "Vĩnh Lộc", "Hương Sơn", "Đại Nghĩa", "Yên Sở", "Cẩm Phả"]
DISTRICT = [
    "Ứng Hòa",
    "Tiên Lữ",
    "Mường Tè",
    "Đắk Song",
    "Phú Vang",
    "Gò Quao",
    "Kỳ Anh",
    "Quỳ Hợp",
    "Yên Lập",
    "Vũ Thư",
]
PROVINCE = [
    "Hà Nội",
    "Hưng Yên",
    "Lai Châu",
    "Đắk Nông",
    "Thừa Thiên Huế",
    "Kiên Giang",
    "Hà Tĩnh",
    "Nghệ An",
    "Phú Thọ",
]
NOTES = ["Đã cấp bản sao", "Quá hạn", "Con nuôi", "Cải chính"]
MARGIN_NOTES = ["Cải chính năm sinh", "Đã ly hôn", "Xác nhận cha con", "Cấp lại 1998", "Xem QĐ số 12"]

Field = tuple[str, str]
"""A printed label and the handwritten value behind it."""


def person(rng: random.Random) -> str:
    return f"{rng.choice(FAMILY)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"


def day(rng: random.Random) -> str:
    return f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{rng.randint(1948, 2006)}"


def place(rng: random.Random) -> str:
    return f"xã {rng.choice(COMMUNE)}, huyện {rng.choice(DISTRICT)}, tỉnh {rng.choice(PROVINCE)}"


def _parent(rng: random.Random, role: str) -> list[Field]:
    return [
        (f"Họ, chữ đệm, tên người {role}:", person(rng)),
        ("Năm sinh, dân tộc, quốc tịch:", f"{rng.randint(1930, 1985)}, Kinh, Việt Nam"),
        ("Nơi cư trú:", place(rng)),
    ]


def birth_fields(rng: random.Random) -> list[Field]:
    """The fields of one birth entry, in the order of the form."""
    in_words, sex = rng.choice(["mồng ba", "mười lăm", "hai mươi tư"]), rng.choice(["Nam", "Nữ"])
    ethnicity = rng.choice(["Kinh", "Tày", "Mường", "Ê Đê"])
    return [
        ("Họ, chữ đệm, tên:", person(rng)),
        ("Ngày, tháng, năm sinh:", f"{day(rng)} ghi bằng chữ: ngày {in_words}"),
        ("Giới tính:", f"{sex} Dân tộc: {ethnicity} Quốc tịch: Việt Nam"),
        ("Nơi sinh:", place(rng)),
        ("Quê quán:", place(rng)),
        *_parent(rng, "mẹ"),
        *_parent(rng, "cha"),
        ("Họ, chữ đệm, tên người đi đăng ký:", person(rng)),
        ("Giấy tờ tùy thân:", f"CMND số {rng.randint(10**8, 10**9 - 1)} cấp ngày {day(rng)}"),
        ("Ngày đăng ký:", day(rng)),
        ("Số:", f"{rng.randint(1, 320)}/{rng.randint(1960, 2006)}"),
    ]


def table_cells(rng: random.Random, number: int) -> list[list[str]]:
    """The cells of one row of a ruled table, each with its lines of writing."""
    birthplace = [f"xã {rng.choice(COMMUNE)},", f"huyện {rng.choice(DISTRICT)}, {rng.choice(PROVINCE)}"]
    return [
        [str(number)],
        [person(rng)],
        [day(rng)],
        birthplace,
        [person(rng), person(rng)],
        [rng.choice(NOTES)],
    ]
