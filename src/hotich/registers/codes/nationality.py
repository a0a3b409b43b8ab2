"""Nationalities and countries. Workbooks carry the Vietnamese name; we keep ISO 3166-1 alpha-2.

States that no longer exist have the codes of ISO 3166-3. "XX" (no nationality) and "ZZ" (not known) are user-assigned.
"""
# ruff: noqa: E501 – an entry is one line

from __future__ import annotations

from datetime import date

from hotich.registers.codes.code_list import Code, CodeList, Doubt
from hotich.registers.codes.countries import COUNTRIES
from hotich.registers.types.declaration import Label as L

# fmt: off
_FORMER = (
    Code("SUHH", L("Liên Xô", "USSR"), ("Liên bang Xô viết", "Liên bang Cộng hòa xã hội chủ nghĩa Xô viết", "Xô viết"), valid_to=date(1991, 12, 31)),
    Code("CSHH", L("Tiệp Khắc", "Czechoslovakia"), (), valid_to=date(1992, 12, 31)),
    Code("YUCS", L("Nam Tư", "Yugoslavia"), (), valid_to=date(2003, 2, 4)),
    Code("DDDE", L("Cộng hòa Dân chủ Đức", "German Democratic Republic"), ("CHDC Đức", "Đông Đức"), valid_to=date(1990, 10, 2)),
)
_NONE = (
    Code("XX", L("Người không quốc tịch", "Stateless"), ("Không quốc tịch", "Stateless person", "Vô quốc tịch")),
    Code("ZZ", L("Không có thông tin", "Not known"), ("Không xác định", "Không rõ", "Chưa xác định")),
)

NATIONALITY = CodeList(
    "nationality",
    L("Quốc tịch, quốc gia", "Nationality, country"),
    (*(Code(code, L(vi, en), others) for code, vi, en, others in COUNTRIES), *_FORMER, *_NONE),
    exchange="name",
    source="ISO 3166-1; tên tiếng Việt thông dụng. Mã số của Bộ Tư pháp chưa rõ",
    prefixes=("quốc tịch", "nước", "người"),
    doubts=(
        # the ethnicity in the wrong column
        Doubt("Kinh", ("VN",)),
        Doubt("Hoa", ("CN", "TW", "VN")),
        Doubt("Việt", ("VN",)),
        Doubt("Nước ngoài", ()),
        # Mỹ, Áo, Bỉ in capitals without accents, or the codes of three other countries
        Doubt("MY", ("US", "MY")),
        Doubt("AO", ("AT", "AO")),
        Doubt("BI", ("BE", "BI")),
    ),
)
# fmt: on

LISTS = (NATIONALITY,)
