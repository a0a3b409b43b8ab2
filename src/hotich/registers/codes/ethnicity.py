"""Ethnic groups of Viet Nam: official codes of Quyết định 121-TCTK/PPCĐ of 2 March 1979, with old and local names.

Workbooks carry the name. Hospitals number the groups otherwise, so a number in a book is never taken unasked.
"""

from __future__ import annotations

from datetime import date

from hotich.registers.codes.code_list import Code, CodeList, Doubt
from hotich.registers.types.declaration import Label as L

DECIDED = date(1979, 3, 2)

_GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("01", "Kinh", ()),
    ("02", "Tày", ("Tày (Thổ)",)),
    ("03", "Thái", ("Thái đen", "Thái trắng", "Tày Mười", "Hàng Tổng")),
    ("04", "Hoa", ("Hán", "Triều Châu", "Quảng Đông", "Phúc Kiến", "Việt gốc Hoa", "Hoa kiều", "Người Hoa")),
    ("05", "Khơ-me", ("Khmer", "Khơ me", "Miên", "Việt gốc Miên", "Cao Miên", "Khơ-mer")),
    ("06", "Mường", ()),
    ("07", "Nùng", ()),
    ("08", "Mông", ("Hmông", "H'Mông", "Mông (HMông)", "Mèo", "Mán trắng", "Mẹo", "Mông (Hmông)")),
    ("09", "Dao", ()),
    ("10", "Gia-rai", ("Jrai", "Gia Rai", "Giơ-rai", "J'rai")),
    ("11", "Ngái", ()),
    ("12", "Ê-đê", ("Ra-đê", "Rađê", "Rhadé", "Êđê")),
    ("13", "Ba-na", ("Bana", "Bahnar", "Rơ-ngao")),
    ("14", "Xơ-đăng", ("Sơ-đăng", "Sedang", "Ca-dong", "Xê-đăng")),
    ("15", "Sán Chay", ("Cao Lan", "Sán Chỉ", "Cao Lan-Sán Chỉ", "Sán Chay (Cao Lan - Sán Chỉ)", "Sán Chí")),
    ("16", "Cơ-ho", ("K'ho", "Kơ-ho", "Lạch", "Lạt", "K Ho", "Koho")),
    ("17", "Chăm", ("Chàm", "Hroi", "H'roi", "Chiêm Thành")),
    ("18", "Sán Dìu", ("Trại", "Quần Cộc", "Sán Dìu (Trại)")),
    ("19", "Hrê", ("H'rê", "Hre")),
    ("20", "Mnông", ("M'nông", "Mơ-nông")),
    ("21", "Ra-glai", ("Raglai", "Ra-glay", "Rắc-lây")),
    ("22", "Xtiêng", ("Stiêng", "X'tiêng", "S'tiêng")),
    ("23", "Bru-Vân Kiều", ("Vân Kiều", "Bru", "Bru - Vân Kiều")),
    ("24", "Thổ", ()),
    ("25", "Giáy", ("Nhắng",)),
    ("26", "Cơ-tu", ("Ca-tu", "Cà-tu", "Katu", "K'tu")),
    ("27", "Gié-Triêng", ("Giẻ-Triêng", "Gié", "Triêng", "Dẻ")),
    ("28", "Mạ", ("Châu Mạ", "Chau Ma")),
    ("29", "Khơ-mú", ("Khơ Mú", "Khmu")),
    ("30", "Co", ("Cor", "Cùa", "Kor")),
    ("31", "Ta-ôi", ("Tà-ôi", "Tà Ôi")),
    ("32", "Chơ-ro", ("Châu Ro", "Chơ Ro", "Chrau")),
    ("33", "Kháng", ()),
    ("34", "Xinh-mun", ("Xinh Mun", "Sinh-mun")),
    ("35", "Hà Nhì", ()),
    ("36", "Chu-ru", ("Chu Ru", "Churu")),
    ("37", "Lào", ()),
    ("38", "La Chí", ()),
    ("39", "La Ha", ()),
    ("40", "Phù Lá", ("Phù La",)),
    ("41", "La Hủ", ()),
    ("42", "Lự", ()),
    ("43", "Lô Lô", ()),
    ("44", "Chứt", ()),
    ("45", "Mảng", ()),
    ("46", "Pà Thẻn", ("Pà Hưng",)),
    ("47", "Cơ Lao", ("Cờ Lao",)),
    ("48", "Cống", ()),
    ("49", "Bố Y", ()),
    ("50", "Si La", ()),
    ("51", "Pu Péo", ()),
    ("52", "Brâu", ()),
    ("53", "Ơ Đu", ()),
    ("54", "Rơ-măm", ("Rơ Măm",)),
)

ETHNICITY = CodeList(
    "ethnicity",
    L("Dân tộc", "Ethnicity"),
    (
        *(Code(code, L(name, name), aliases) for code, name, aliases in _GROUPS),
        Code("55", L("Người nước ngoài", "Foreigner"), ("99", "Nước ngoài", "Ngoại quốc")),
        Code("56", L("Khác", "Other"), ("Dân tộc khác",), verified=False),
    ),
    exchange="name",
    source="Quyết định 121-TCTK/PPCĐ ngày 02/3/1979; tên gọi khác trong sổ cũ là quy ước của phần mềm",
    prefixes=("dân tộc", "người", "dt"),
    confirm_numbers=True,
    doubts=(
        Doubt("Mán", ("09", "15", "18", "03")),
        Doubt("Xá", ("09", "29", "33", "34", "39")),
        # before the official list "Thổ" was also said of the Tày in the North-East and of the Khơ-me in the South
        Doubt("Thổ", ("02", "24", "05"), valid_to=DECIDED),
        Doubt("Pa-cô", ("31", "23")),
        Doubt("Chil", ("16", "20")),
        Doubt("Cil", ("16", "20")),
        Doubt("Thượng", ("10", "12", "13", "14", "16", "20")),
        # in old books "Việt" means Kinh, but it may also be the nationality in the wrong column
        Doubt("Việt", ("01",)),
        Doubt("Việt Nam", ("01",)),
        Doubt("VN", ("01",)),
    ),
)

LISTS = (ETHNICITY,)
