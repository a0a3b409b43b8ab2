"""The death register, Sổ đăng ký khai tử (registers.md 1.4.3; Luật Hộ tịch art. 32–34)."""
# ruff: noqa: E501 – a field is one line

from __future__ import annotations

from hotich.registers.types import parts
from hotich.registers.types.declaration import Era, Label, RegisterType, Section
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
    place,
    section,
    text,
    time,
)

TEMPLATE = "Biểu nhập dữ liệu khai tử của Bộ Tư pháp (48 cột)"

# fmt: off
BASE: tuple[Section, ...] = (
    section("head", "Thông tin đăng ký", "Registration", (
        *parts.number_and_page(),
        parts.registration_date(column="ngayDangKy"),
        parts.registration_type("registration_type_death", "loaiDangKy"),
        parts.registration_office(column="noiDangKy"),
        *parts.signatory(),
        parts.recording_officer(),
        parts.remarks(),
    ), TEMPLATE),
    section("deceased", "Người chết", "Deceased", parts.template_person("deceased", "nkt", "người chết", "deceased", sex=True), TEMPLATE),
    section("death", "Việc chết", "Death", (
        date("death_date", "Ngày, tháng, năm chết", "Date of death", MIN, "nktNgayChet"),
        date_words("death_date_words", "Ngày chết ghi bằng chữ", "Date of death in words", OPT, "nktNgayChetGhiBangChu"),
        time("death_time", "Giờ, phút chết", "Time of death", OPT, "nktGioPhutChet"),
        place("death_place", "Nơi chết", "Place of death", REC, "nktNoiChet"),
        text("cause_of_death", "Nguyên nhân chết", "Cause of death", REC, "nktNguyenNhanChet", restricted=True),
        code("death_declaration_status", "Tình trạng tuyên bố chết", "Declared dead by a court", COND, "nktTinhTrangTuyenBoViecChet", "declaration_status"),
        date("death_declared_note_date", "Ngày ghi chú tuyên bố chết", "Date of the note of the declaration", COND, "nktNgayGhiChuTuyenBoViecChet"),
        text("death_declared_basis", "Căn cứ tuyên bố chết", "Basis of the declaration", COND, "nktCanCuTuyenBoViecChet"),
        date("death_revoked_note_date", "Ngày ghi chú hủy tuyên bố chết", "Date of the note of the revocation", COND, "nktNgayGhiChuHuyTuyenBoViecChet"),
        text("death_revoked_basis", "Căn cứ hủy tuyên bố chết", "Basis of the revocation", COND, "nktCanCuHuyTuyenBoViecChet"),
    ), TEMPLATE),
    section("notice", "Giấy báo tử hoặc giấy tờ thay thế", "Death notice or substitute", (
        code("death_notice_type", "Loại giấy báo tử/thay thế", "Kind of death notice", REC, "gbtLoai", "death_notice_type"),
        text("death_notice_number", "Số giấy báo tử", "Number of the death notice", OPT, "gbtSo", max_length=100),
        date("death_notice_date", "Ngày cấp giấy báo tử", "Date of the death notice", OPT, "gbtNgay"),
        text("death_notice_issuer", "Cơ quan cấp giấy báo tử", "Issuer of the death notice", OPT, "gbtCoQuanCap"),
    ), TEMPLATE),
    section("informant", "Người đi đăng ký", "Informant", parts.informant(), TEMPLATE),
    section("foreign", "Đã đăng ký ở nước ngoài", "Registered abroad", parts.foreign_registration(), TEMPLATE),
)

OLD_COLUMNS: Fields = (
    text("deceased_occupation", "Nghề nghiệp người chết", "Occupation of the deceased", OPT, "extra_deceased_occupation", verified=False, max_length=100),
    name("witness_1_name", "Người làm chứng thứ nhất", "First witness", OPT, "extra_witness_1_name", verified=False),
    name("witness_2_name", "Người làm chứng thứ hai", "Second witness", OPT, "extra_witness_2_name", verified=False),
)
# fmt: on

PARTICIPANTS = (parts.participant("deceased", "deceased_sex"), parts.INFORMANT)

# until 2015 the entry carries the number of the certificate that was handed out, not that of an extract
OLD_NUMBER = {"registration_number": {"label": Label("Số giấy chứng tử", "Number of the death certificate")}}
RARE_BEFORE_1999 = (
    "page_no",
    "registration_type",
    "deceased_ethnicity",
    "deceased_nationality",
    "deceased_residence_type",
    "deceased_id_doc_type",
    "deceased_id_doc_number",
)

SECTIONS: dict[Era, tuple[Section, ...]] = {
    Era.PRE1999: parts.adapt(BASE, OLD_NUMBER | parts.relaxed(RARE_BEFORE_1999), OLD_COLUMNS),
    Era.ND83: parts.adapt(BASE, OLD_NUMBER),
    Era.ND158: parts.adapt(BASE, OLD_NUMBER),
    Era.L2014: BASE,
    Era.LIVE: BASE,
}

REGISTER = RegisterType(
    "KT",
    "death",
    Label("Sổ đăng ký khai tử", "Death register"),
    Label("Khai tử", "Deaths"),
    {era: parts.version("KT", era, sections, PARTICIPANTS) for era, sections in SECTIONS.items()},
    legal_ref="Luật Hộ tịch 2014, Điều 32–34",
    api_noun="death",
)
