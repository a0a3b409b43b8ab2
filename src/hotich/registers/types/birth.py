"""The birth register, Sổ đăng ký khai sinh (registers.md 1.4.1; Luật Hộ tịch art. 14). A new field is one line, here."""
# ruff: noqa: E501 – a field is one line

from __future__ import annotations

from hotich.registers.types import parts
from hotich.registers.types.declaration import Era, Label, Participant, RegisterType, Section
from hotich.registers.types.parts import (
    COND,
    MIN,
    OPT,
    REC,
    Fields,
    code,
    date,
    date_words,
    name,
    personal_id,
    place,
    section,
    text,
)

TEMPLATE = "Biểu nhập dữ liệu khai sinh của Bộ Tư pháp (10/2024)"


# fmt: off
def _parent(prefix: str, key: str, of: str, en: str) -> Fields:
    return (
        personal_id(f"{prefix}_personal_id", f"Số định danh {of}", f"Personal identification number of the {en}", OPT, f"{key}SoDinhDanhCaNhan"),
        name(f"{prefix}_full_name", f"Họ, chữ đệm, tên {of}", f"Full name of the {en}", MIN, f"{key}HoTen"),
        date(f"{prefix}_birth_date", f"Ngày, tháng, năm sinh {of}", f"Date of birth of the {en}", MIN, f"{key}NgaySinh"),
        code(f"{prefix}_ethnicity", f"Dân tộc {of}", f"Ethnicity of the {en}", MIN, f"{key}DanToc", "ethnicity"),
        code(f"{prefix}_nationality", f"Quốc tịch {of}", f"Nationality of the {en}", MIN, f"{key}QuocTich", "nationality"),
        text(f"{prefix}_nationality_text", f"Quốc tịch {of} (chữ)", f"Nationality of the {en} (words of the book)", OPT, f"{key}QuocTichStr", max_length=200),
        code(f"{prefix}_other_nationality", f"Quốc tịch khác {of}", f"Other nationality of the {en}", OPT, f"{key}QuocTichKhac", "nationality"),
        text(f"{prefix}_other_nationality_text", f"Quốc tịch khác {of} (chữ)", f"Other nationality of the {en} (words of the book)", OPT, f"{key}QuocTichKhacStr", max_length=200),
        code(f"{prefix}_residence_type", f"Loại cư trú {of}", f"Kind of residence of the {en}", MIN, f"{key}LoaiCuTru", "residence_type"),
        place(f"{prefix}_usual_residence", f"Nơi cư trú {of}", f"Usual residence of the {en}", REC, f"{key}NoiCuTru"),
        code(f"{prefix}_id_doc_type", f"Loại giấy tờ tùy thân {of}", f"Identity document of the {en}: type", OPT, f"{key}LoaiGiayToTuyThan", "id_doc_type"),
        parts.id_number(f"{prefix}_id_doc_number", f"Số giấy tờ tùy thân {of}", f"Identity document of the {en}: number", OPT, f"{key}SoGiayToTuyThan"),
    )


def _declaration(code_name: str, key: str, of: str, en: str, revoked_key: str, *, short: bool) -> Fields:
    """Court declaration (missing, incapable) and its revocation, noted in the entry later."""
    tail_vi, tail_en = ("", "") if short else (f" {of}", f" ({en})")
    return (
        date(f"{code_name}_declared_note_date", f"Ngày ghi chú tuyên bố{tail_vi}", f"Date of the note of the declaration{tail_en}", COND, f"{key}NgayGhiChuTuyenBo"),
        text(f"{code_name}_declared_basis", f"Căn cứ tuyên bố{tail_vi}", f"Basis of the declaration{tail_en}", COND, f"{key}CanCuTuyenBo"),
        date(f"{code_name}_revoked_note_date", f"Ngày ghi chú hủy tuyên bố{tail_vi}", f"Date of the note of the revocation{tail_en}", COND, f"{key}NgayGhiChuHuyTuyenBo"),
        text(f"{code_name}_revoked_basis", f"Căn cứ hủy tuyên bố{tail_vi}", f"Basis of the revocation{tail_en}", COND, revoked_key),
    )


HEAD = section("head", "Thông tin đăng ký", "Registration", (
    *parts.number_and_page(),
    parts.registration_date(column="ngayDangKy"),
    parts.registration_type("registration_type_birth", "loaiDangKy"),
    parts.registration_office(column="noiDangKy"),
    *parts.signatory(),
    parts.recording_officer(),
    parts.remarks(),
), TEMPLATE)

CHILD = section("child", "Người được khai sinh", "Child", (
    personal_id("child_personal_id", "Số định danh cá nhân", "Personal identification number", OPT, "nksSoDinhDanh"),
    name("child_full_name", "Họ, chữ đệm, tên người được khai sinh", "Full name of the child", MIN, "nksHoTen"),
    code("child_sex", "Giới tính", "Sex", MIN, "nksGioiTinh", "sex"),
    date("child_birth_date", "Ngày, tháng, năm sinh", "Date of birth", MIN, "nksNgaySinh"),
    date_words("child_birth_date_words", "Ngày sinh ghi bằng chữ", "Date of birth in words", REC, "nksNgaySinhBangChu"),
    place("child_birth_place", "Nơi sinh (chi tiết)", "Place of birth", REC, "nksNoiSinh"),
    code("child_birth_place_admin_code", "Nơi sinh – mã tỉnh/ĐVHC", "Place of birth – province or country", OPT, "nksNoiSinhDVHC", "birth_place_unit"),
    place("child_native_place", "Quê quán", "Native place", REC, "nksQueQuan"),
    code("child_ethnicity", "Dân tộc", "Ethnicity", MIN, "nksDanToc", "ethnicity", carry=True),
    code("child_nationality", "Quốc tịch", "Nationality", MIN, "nksQuocTich", "nationality", carry=True),
    text("child_nationality_text", "Quốc tịch (chữ như trong sổ)", "Nationality (words of the book)", OPT, "nksQuocTichStr", max_length=200),
    code("child_other_nationality", "Quốc tịch khác", "Other nationality", OPT, "nksQuocTichKhac", "nationality"),
    text("child_other_nationality_text", "Quốc tịch khác (chữ)", "Other nationality (words of the book)", OPT, "nksQuocTichKhacStr", max_length=200),
    code("birth_case_type", "Loại khai sinh (trường hợp)", "Kind of birth case", REC, "nksLoaiKhaiSinh", "birth_case_type"),
), TEMPLATE)

DECLARATIONS = section("declarations", "Tuyên bố mất tích, mất hoặc hạn chế năng lực hành vi", "Declarations by a court", (
    code("missing_declaration_status", "Mất tích", "Declared missing", COND, "nksMatTich", "declaration_status"),
    *_declaration("missing", "nksMatTich", "mất tích", "missing", "nksMatTichCanCuHuyTuyenBo", short=False),
    code("incapacity_declaration_status", "Mất/hạn chế năng lực hành vi", "Declared incapable", COND, "nksHanCheNangLucHanhVi", "declaration_status"),
    # the template's own heading has "Ngay" in the basis of the revocation; it is kept so that files match
    *_declaration("incapacity", "nksHanCheNangLucHanhVi", "mất/hạn chế năng lực hành vi", "incapable", "nksHanCheNangLucHanhViNgayCanCuHuyTuyenBo", short=False),
), TEMPLATE)

BASE: tuple[Section, ...] = (
    HEAD,
    CHILD,
    DECLARATIONS,
    section("mother", "Người mẹ", "Mother", _parent("mother", "me", "người mẹ", "mother"), TEMPLATE),
    section("father", "Người cha", "Father", _parent("father", "cha", "người cha", "father"), TEMPLATE),
    section("informant", "Người đi đăng ký", "Informant", parts.informant(), TEMPLATE),
    section("foreign", "Đã đăng ký ở nước ngoài", "Registered abroad", parts.foreign_registration(), TEMPLATE),
)

PARTICIPANTS = (
    Participant("child", "child_full_name", "child_sex", "child_birth_date", "child_personal_id",
                ethnicity="child_ethnicity", nationality="child_nationality"),
    *(Participant(role, f"{role}_full_name", sex, f"{role}_birth_date", f"{role}_personal_id", f"{role}_id_doc_type", f"{role}_id_doc_number",
                  f"{role}_ethnicity", f"{role}_nationality", f"{role}_usual_residence")
      for role, sex in (("mother", "=2"), ("father", "=1"))),
    parts.INFORMANT,
)

# columns of the oldest books that no template has; occupation and witnesses stood in them (registers.md 1.2)
OLD_COLUMNS: Fields = (
    text("mother_occupation", "Nghề nghiệp người mẹ", "Occupation of the mother", OPT, "extra_mother_occupation", verified=False, max_length=100),
    text("father_occupation", "Nghề nghiệp người cha", "Occupation of the father", OPT, "extra_father_occupation", verified=False, max_length=100),
    name("witness_1_name", "Người làm chứng thứ nhất", "First witness", OPT, "extra_witness_1_name", verified=False),
    name("witness_2_name", "Người làm chứng thứ hai", "Second witness", OPT, "extra_witness_2_name", verified=False),
)
# fmt: on

NUMBERS = ("child_personal_id", "mother_personal_id", "father_personal_id")  # in the book from 2016 on (art. 14)
WORDS_OF_NATIONALITY = tuple(f.code for s in BASE for f in s.fields if f.code.endswith("nationality_text"))
OLD_BOOK = parts.hidden(NUMBERS) | parts.hidden(WORDS_OF_NATIONALITY)
RARE_BEFORE_1999 = (
    "page_no",
    "registration_type",
    "child_native_place",
    "child_ethnicity",
    "child_nationality",
    *(f"{who}_{what}" for who in ("mother", "father") for what in ("ethnicity", "nationality", "residence_type")),
)

SECTIONS: dict[Era, tuple[Section, ...]] = {
    Era.PRE1999: parts.adapt(BASE, OLD_BOOK | parts.relaxed(RARE_BEFORE_1999), OLD_COLUMNS),
    Era.ND83: parts.adapt(BASE, OLD_BOOK),
    Era.ND158: parts.adapt(BASE, OLD_BOOK),
    Era.L2014: BASE,
    Era.LIVE: parts.adapt(BASE, {"child_personal_id": {"need": MIN}}),
}

COLUMN_SETS = {
    "70": parts.columns(BASE, number_rows=True),
    "60": parts.columns(BASE, without=(*NUMBERS, *WORDS_OF_NATIONALITY)),
}

REGISTER = RegisterType(
    "KS",
    "birth",
    Label("Sổ đăng ký khai sinh", "Birth register"),
    Label("Khai sinh", "Births"),
    {
        era: parts.version("KS", era, sections, PARTICIPANTS, column_sets=COLUMN_SETS)
        for era, sections in SECTIONS.items()
    },
    legal_ref="Luật Hộ tịch 2014, Điều 13–16",
    api_noun="birth",
)
