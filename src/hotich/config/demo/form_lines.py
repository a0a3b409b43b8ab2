"""Which cells a printed entry shows, under which labels."""

from __future__ import annotations

from hotich.config.demo.model import Row

SEXES = {"1": "Nam", "2": "Nữ", "3": "Không xác định"}
TITLES = {
    "KS": "Sổ đăng ký khai sinh",
    "KH": "Sổ đăng ký kết hôn",
    "KT": "Sổ đăng ký khai tử",
    "CMC": "Sổ đăng ký nhận cha, mẹ, con",
    "HN": "Sổ cấp Giấy xác nhận tình trạng hôn nhân",
    "GH": "Sổ đăng ký giám hộ",
    "CDGH": "Sổ đăng ký chấm dứt giám hộ",
    "TD": "Sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc",
    "LH": "Sổ ghi chú ly hôn, hủy việc kết hôn",
    "CN": "Sổ đăng ký nuôi con nuôi",
}
_PARTY = "{who}|{0}HoTen;Ngày sinh, dân tộc, quốc tịch|{0}NgaySinh,{0}DanToc,{0}QuocTich;Nơi cư trú|{0}NoiCuTru"
_PAPER = ";Giấy tờ tùy thân số|{0}SoGiayToTuyThan,{0}NgayCapGiayToTuyThan"
_ENGLISH = (
    "{who}|{0}_full_name;Ngày sinh, dân tộc, quốc tịch|{0}_birth_date,{0}_ethnicity,{0}_nationality;"
    "Nơi cư trú|{0}_usual_residence;Giấy tờ tùy thân số|{0}_id_doc_number"
)


def _party(prefix: str, who: str, *, paper: bool = True) -> str:
    return (_PARTY + (_PAPER if paper else "")).format(prefix, who=who)


def _english(role: str, who: str) -> str:
    return _ENGLISH.format(role, who=who)


# label|columns;label|columns … ; the cells of one line are joined by commas
FORMS: dict[str, str] = {
    "KS": ";".join(
        (
            "Họ, chữ đệm, tên|nksHoTen;Giới tính|nksGioiTinh;Ngày, tháng, năm sinh|nksNgaySinh",
            "Ghi bằng chữ|nksNgaySinhBangChu;Nơi sinh|nksNoiSinh;Dân tộc, quốc tịch|nksDanToc,nksQuocTich",
            "Quê quán|nksQueQuan;Số định danh cá nhân|nksSoDinhDanh",
            _party("me", "Họ, chữ đệm, tên người mẹ", paper=False),
            _party("cha", "Họ, chữ đệm, tên người cha", paper=False),
            "Họ, chữ đệm, tên người đi khai sinh|nycHoTen,nycQuanHe;Ghi chú|ghiChu",
        )
    ),
    "KH": ";".join(
        (
            _party("chong", "Họ, chữ đệm, tên chồng"),
            _party("vo", "Họ, chữ đệm, tên vợ"),
            "Ghi chú|ghiChu,huyKetHonCanCu",
        )
    ),
    "KT": ";".join(
        (
            _party("nkt", "Họ, chữ đệm, tên người chết"),
            "Giới tính|nktGioiTinh",
            "Đã chết vào|nktGioPhutChet,nktNgayChet;Ghi bằng chữ|nktNgayChetGhiBangChu;Nơi chết|nktNoiChet",
            "Nguyên nhân chết|nktNguyenNhanChet;Giấy báo tử|gbtSo,gbtNgay,gbtCoQuanCap",
            "Họ, chữ đệm, tên người đi khai tử|nycHoTen,nycQuanHe",
        )
    ),
    "CMC": ";".join(
        (
            _party("cm", "Họ, chữ đệm, tên cha/mẹ"),
            _party("nc", "Họ, chữ đệm, tên con"),
            "Quyết định số|quyetDinhSo;Người yêu cầu|nycHoTen",
        )
    ),
    "HN": ";".join(
        (
            _party("nxn", "Họ, chữ đệm, tên"),
            "Giới tính|nxnGioiTinh",
            "Tình trạng hôn nhân|nxnTinhTrangHonNhan;Mục đích sử dụng|nxnMucDichSuDung",
        )
    ),
    "GH": ";".join(
        (
            _english("guardian", "Người giám hộ"),
            "Người giám hộ thứ hai|guardian_full_name_2",
            _english("ward", "Người được giám hộ"),
            "Căn cứ|guardianship_basis",
        )
    ),
    "CDGH": ";".join(
        (
            _english("guardian", "Người giám hộ"),
            _english("ward", "Người được giám hộ"),
            "Đã đăng ký giám hộ số, ngày|origin_registration_number,origin_registration_date",
            "Lý do chấm dứt|termination_reason;Người giám hộ mới|new_guardian_full_name",
        )
    ),
    "TD": ";".join(
        (
            _english("subject", "Họ, chữ đệm, tên"),
            "Giấy tờ hộ tịch|target_record_type,target_registration_number,target_registration_date",
            "Nơi đăng ký trước đây|target_registration_office;Từ|old_value;Thành|new_value;Căn cứ|legal_basis",
        )
    ),
    "LH": ";".join(
        (
            _english("husband", "Chồng"),
            _english("wife", "Vợ"),
            "Giấy chứng nhận kết hôn|origin_marriage_number,origin_marriage_date,origin_marriage_office",
            "Bản án, quyết định|judgment_number,judgment_date,judgment_authority,judgment_country",
        )
    ),
    "CN": ";".join(
        (
            _english("adoptee", "Con nuôi"),
            _english("adoptive_father", "Cha nuôi"),
            _english("adoptive_mother", "Mẹ nuôi"),
            "Bên giao con nuôi|giving_father_full_name,giving_mother_full_name,institution_name",
            "Quan hệ với trẻ|giving_party_relationship;Giấy chứng nhận số, ngày|certificate_number,certificate_date",
        )
    ),
}


def lines_of(letters: str, row: Row) -> list[dict[str, str]]:
    """The filled lines of an entry: [{"label": …, "value": …}]."""
    lines: list[dict[str, str]] = []
    for part in FORMS[letters].split(";"):
        label, _, columns = part.partition("|")
        values = [
            SEXES.get(row[column], row[column]) if column.endswith("GioiTinh") else row[column]
            for column in columns.split(",")
            if row.get(column)
        ]
        lines.append({"label": label, "value": ", ".join(values)})
    return lines
