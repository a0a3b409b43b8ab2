"""Columns of the import workbooks, in order, and the code lists of their second sheet.

Where the Ministry's key is known it is used; otherwise the column is our English code (registers.md 1.4).
"""

from __future__ import annotations

_ID = ("type", "other", "number", "issue_date", "issuer")
_BOOK = ["so", "quyenSo", "trangSo"]
_SIGNED = ["nguoiKy", "chucVuNguoiKy"]
_FOREIGN = ["soDangKyNuocNgoai", "ngayDangKyNuocNgoai", "cqNuocNgoaiDaDangKy", "qgNuocNgoaiDaDangKy"]
_PAPER = ["LoaiGiayToTuyThan", "GiayToKhac", "SoGiayToTuyThan", "NgayCapGiayToTuyThan", "NoiCapGiayToTuyThan"]


def _with(prefix: str, *names: str) -> list[str]:
    return [prefix + name for name in names]


def _papers(role: str) -> list[str]:
    return [f"{role}_id_doc_{part}" for part in _ID]


def _declared(prefix: str) -> list[str]:
    return [prefix, *_with(prefix, "NgayGhiChuTuyenBo", "CanCuTuyenBo", "NgayGhiChuHuyTuyenBo")]


def _birth_parent(prefix: str) -> list[str]:
    return _with(
        prefix,
        "SoDinhDanhCaNhan",
        "HoTen",
        "NgaySinh",
        "DanToc",
        "QuocTich",
        "QuocTichStr",
        "QuocTichKhac",
        "QuocTichKhacStr",
        "LoaiCuTru",
        "NoiCuTru",
        "LoaiGiayToTuyThan",
        "SoGiayToTuyThan",
    )


def _party(prefix: str, *, native: bool = False) -> list[str]:
    names = [
        "HoTen",
        "NgaySinh",
        "DanToc",
        "QuocTich",
        "QuocTichKhac",
        *(["QueQuan"] if native else []),
        "LoaiCuTru",
        "NoiCuTru",
        *_PAPER,
    ]
    return _with(prefix, *names)


def _english(role: str, *parts: str) -> list[str]:
    found: list[str] = []
    for part in parts:
        found += _papers(role) if part == "paper" else [f"{role}_{part}"]
    return found


_WHOLE = ("full_name", "sex", "birth_date", "ethnicity", "nationality", "paper", "usual_residence")
_NO_SEX = ("full_name", "birth_date", "ethnicity", "nationality", "paper", "usual_residence")
_NO_HOME = ("full_name", "sex", "birth_date", "ethnicity", "nationality", "paper")
_INFORMANT = ["informant_full_name", *_papers("informant")]
_TAIL = ["signatory_name", "signatory_title", "recording_officer_name", "remarks"]
_ASKED = ["nycHoTen", "nycQuanHe", *_with("nyc", *_PAPER)]

COLUMNS: dict[str, list[str]] = {
    "KS": [
        *_BOOK,
        "ngayDangKy",
        "loaiDangKy",
        "noiDangKy",
        *_SIGNED,
        "nguoiThucHien",
        "ghiChu",
        "nksSoDinhDanh",
        *_with(
            "nks",
            "HoTen",
            "GioiTinh",
            "NgaySinh",
            "NgaySinhBangChu",
            "NoiSinh",
            "NoiSinhDVHC",
            "QueQuan",
            "DanToc",
            "QuocTich",
            "QuocTichStr",
            "QuocTichKhac",
            "QuocTichKhacStr",
            "LoaiKhaiSinh",
        ),
        *_declared("nksMatTich"),
        "nksMatTichCanCuHuyTuyenBo",
        *_declared("nksHanCheNangLucHanhVi"),
        "nksHanCheNangLucHanhViNgayCanCuHuyTuyenBo",
        *_birth_parent("me"),
        *_birth_parent("cha"),
        *_ASKED,
        *_FOREIGN,
    ],
    "KH": [
        *_BOOK,
        "ngayDangKy",
        "loaiDangKy",
        "noiDangKy",
        *_SIGNED,
        "ngayXacLapQuanHeHonNhan",
        "nguoiThucHien",
        "ghiChu",
        "tinhTrangKetHon",
        "huyKetHonNgayGhiChu",
        "huyKetHonCanCu",
        "congNhanKetHonNgayGhiChu",
        "congNhanKetHonCanCu",
        *_party("chong"),
        *_party("vo"),
        *_FOREIGN,
    ],
    "KT": [
        *_BOOK,
        "ngayDangKy",
        "loaiDangKy",
        "noiDangKy",
        *_SIGNED,
        "nguoiThucHien",
        "ghiChu",
        *_with(
            "nkt",
            "HoTen",
            "GioiTinh",
            "NgaySinh",
            "DanToc",
            "QuocTich",
            "QuocTichKhac",
            "LoaiCuTru",
            "NoiCuTru",
            *_PAPER,
            "NgayChet",
            "NgayChetGhiBangChu",
            "GioPhutChet",
            "NoiChet",
            "NguyenNhanChet",
            "TinhTrangTuyenBoViecChet",
            "NgayGhiChuTuyenBoViecChet",
            "CanCuTuyenBoViecChet",
            "NgayGhiChuHuyTuyenBoViecChet",
            "CanCuHuyTuyenBoViecChet",
        ),
        "gbtLoai",
        "gbtSo",
        "gbtNgay",
        "gbtCoQuanCap",
        *_ASKED,
        *_FOREIGN,
    ],
    "CMC": [
        *_BOOK,
        "quyetDinhSo",
        "ngayDangKy",
        "loaiDangKy",
        "loaiXacNhan",
        "noiDangKy",
        *_SIGNED,
        "nguoiThucHien",
        "ghiChu",
        *_party("cm", native=True),
        *_party("nc", native=True),
        "nycHoTen",
        "nycQHNguoiDuocNhan",
        "nycQHNguoiNhan",
        *_with("nyc", *_PAPER),
        *_FOREIGN,
    ],
    "HN": [
        *_BOOK,
        "ngayDangKy",
        "noiCap",
        *_SIGNED,
        "nguoiThucHien",
        "ghiChu",
        *_with(
            "nxn",
            "HoTen",
            "GioiTinh",
            "NgaySinh",
            "DanToc",
            "QuocTich",
            "QuocTichKhac",
            "LoaiCuTru",
            "NoiCuTru",
            *_PAPER,
            "ThoiGianCuTruTai",
            "ThoiGianCuTruTu",
            "ThoiGianCuTruDen",
            "TinhTrangHonNhan",
            "LoaiMucDichSuDung",
            "MucDichSuDung",
        ),
        *_ASKED,
    ],
    "GH": [
        *_BOOK,
        "registration_date",
        "registration_type",
        "registration_office",
        "guardianship_type",
        *_english("guardian", *_WHOLE),
        *[name + "_2" for name in _english("guardian", *_WHOLE)],
        *_english("ward", *_WHOLE),
        "guardianship_basis",
        *_INFORMANT,
        *_TAIL,
        *_FOREIGN,
    ],
    "CDGH": [
        *_BOOK,
        "registration_date",
        "registration_type",
        "registration_office",
        "guardianship_type",
        *_english("guardian", *_NO_HOME),
        *_english("ward", *_NO_HOME),
        "origin_registration_number",
        "origin_registration_date",
        "termination_reason",
        *_english("new_guardian", *_WHOLE),
        *_INFORMANT,
        *_TAIL,
    ],
    "TD": [
        *_BOOK,
        "registration_date",
        "change_type",
        "registration_office",
        *_english("subject", *_WHOLE),
        "target_record_type",
        "target_registration_number",
        "target_register_book_no",
        "target_registration_date",
        "target_registration_office",
        "changed_field",
        "old_value",
        "new_value",
        "legal_basis",
        *_INFORMANT,
        *_TAIL,
        *_FOREIGN,
    ],
    "LH": [
        *_BOOK,
        "registration_date",
        "registration_office",
        "dissolution_type",
        *_english("husband", *_NO_SEX),
        *_english("wife", *_NO_SEX),
        "origin_marriage_number",
        "origin_marriage_date",
        "origin_marriage_office",
        "judgment_number",
        "judgment_date",
        "judgment_authority",
        "judgment_country",
        "effective_date",
        *_INFORMANT,
        *_TAIL,
    ],
    "CN": [
        *_BOOK,
        "registration_date",
        "registration_office",
        *_english("adoptee", *_WHOLE),
        *[
            name
            for role in ("adoptive_father", "adoptive_mother", "giving_father", "giving_mother")
            for name in _english(role, *_NO_SEX)
        ],
        "giving_party_relationship",
        "institution_name",
        "institution_representative",
        "certificate_number",
        "certificate_date",
        *_TAIL,
    ],
}
# The older birth template lacks these; the newer one has a column STT in front.
NEW_BIRTH_COLUMNS = frozenset(
    {
        "nksSoDinhDanh",
        "meSoDinhDanhCaNhan",
        "chaSoDinhDanhCaNhan",
        "nksQuocTichStr",
        "nksQuocTichKhacStr",
        "meQuocTichStr",
        "meQuocTichKhacStr",
        "chaQuocTichStr",
        "chaQuocTichKhacStr",
    }
)

_KINDS = "0 Không có thông tin;1 Đăng ký đúng hạn;2 Đăng ký lại;3 Ghi vào sổ việc đã đăng ký ở nước ngoài;4 Quá hạn"
_PAPERS = (
    "0 Để trống;1 CMND;2 Hộ chiếu;3 Thẻ thường trú;4 Thẻ căn cước công dân;5 Chứng minh quân đội nhân dân;"
    "6 Chứng minh sĩ quan quân đội;7 Chứng minh công an nhân dân;8 Giấy tờ khác"
)
_SEX = "1 Nam;2 Nữ;3 Không xác định"
CODE_LISTS: dict[str, dict[str, str]] = {
    "KS": {
        "loaiDangKy": _KINDS,
        "nksGioiTinh": _SEX,
        "nksLoaiKhaiSinh": "1 Đã xác định được cả cha lẫn mẹ;2 Chưa xác định được mẹ;3 Chưa xác định được cha;"
        "4 Chưa xác định được cả cha lẫn mẹ;5 Trẻ bị bỏ rơi",
        "meLoaiCuTru": "0 Không có thông tin;1 Thường trú;2 Tạm trú",
        "nycLoaiGiayToTuyThan": _PAPERS,
    },
    "KH": {"loaiDangKy": "1 Đăng ký lần đầu;2 Đăng ký lại;3 Ghi chú kết hôn", "chongLoaiGiayToTuyThan": _PAPERS},
    "KT": {
        "loaiDangKy": _KINDS,
        "nktGioiTinh": _SEX,
        "nktLoaiGiayToTuyThan": _PAPERS,
        "gbtLoai": "0 Không có thông tin;1 Giấy báo tử;6 Biên bản xác nhận việc chết",
    },
    "CMC": {"loaiXacNhan": "1 Cha nhận con;2 Mẹ nhận con;3 Con nhận cha;4 Con nhận mẹ", "cmLoaiGiayToTuyThan": _PAPERS},
    "HN": {
        "nxnGioiTinh": _SEX,
        "nxnLoaiMucDichSuDung": "1 Kết hôn trong nước với người Việt Nam;"
        "2 Trong nước với người nước ngoài;3 Ở nước ngoài với người Việt Nam;4 Ở nước ngoài với người nước ngoài;"
        "5 Mục đích khác",
    },
    "GH": {"guardianship_type": "1 Giám hộ cử;2 Giám hộ đương nhiên", "guardian_sex": _SEX},
    "CDGH": {"guardianship_type": "1 Giám hộ cử;2 Giám hộ đương nhiên", "guardian_sex": _SEX},
    "TD": {"change_type": "1 Thay đổi;2 Cải chính;3 Bổ sung;4 Xác định lại dân tộc", "subject_sex": _SEX},
    "LH": {"dissolution_type": "1 Ly hôn;2 Hủy việc kết hôn"},
    "CN": {"adoptee_sex": _SEX, "adoptee_id_doc_type": _PAPERS},
}


def columns_of(letters: str, template: int = 0) -> list[str]:
    """Import columns of a register in order; for births `template` 60 leaves out the newer ones, 70 adds STT."""
    columns = COLUMNS[letters]
    if template == 60:
        return [name for name in columns if name not in NEW_BIRTH_COLUMNS]
    return ["STT", *columns] if template == 70 else columns
