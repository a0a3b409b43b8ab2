"""The register of certificates of marital status (registers.md 1.4.5; Nghị định 123/2015/NĐ-CP art. 21–23)."""
# ruff: noqa: E501 – a field is one line

from __future__ import annotations

from hotich.registers.types import parts
from hotich.registers.types.declaration import Era, Label, RegisterType, Section
from hotich.registers.types.parts import MIN, OPT, code, date, place, section, text

TEMPLATE = "Biểu nhập dữ liệu xác nhận tình trạng hôn nhân của Bộ Tư pháp (35 cột)"

# fmt: off
BASE: tuple[Section, ...] = (
    section("head", "Thông tin đăng ký", "Registration", (
        *parts.number_and_page(),
        parts.registration_date("Ngày, tháng, năm cấp", "ngayDangKy"),
        parts.registration_office("Nơi cấp", "noiCap"),  # this template alone says noiCap
        *parts.signatory(),
        parts.recording_officer(),
        parts.remarks(),
    ), TEMPLATE),
    section("subject", "Người được xác nhận", "Person certified", parts.template_person("subject", "nxn", "người được xác nhận", "person certified", sex=True, id_need=OPT), TEMPLATE),
    section("certificate", "Nội dung xác nhận", "What is certified", (
        place("status_period_residence", "Trong thời gian cư trú tại", "While residing at", OPT, "nxnThoiGianCuTruTai"),
        date("status_period_from", "Từ ngày", "From", OPT, "nxnThoiGianCuTruTu"),
        date("status_period_to", "Đến ngày", "To", OPT, "nxnThoiGianCuTruDen"),
        text("marital_status_text", "Tình trạng hôn nhân", "Marital status", MIN, "nxnTinhTrangHonNhan", code_list="marital_status"),
        code("purpose_type", "Loại mục đích sử dụng", "Kind of purpose", MIN, "nxnLoaiMucDichSuDung", "certificate_purpose"),
        text("purpose_text", "Mục đích sử dụng", "Purpose", MIN, "nxnMucDichSuDung"),
    ), TEMPLATE),
    section("informant", "Người yêu cầu", "Informant", parts.informant(), TEMPLATE),
)
# fmt: on

PARTICIPANTS = (parts.participant("subject", "subject_sex"), parts.INFORMANT)

VERSIONS = {era: parts.version("HN", era, BASE, PARTICIPANTS) for era in (Era.ND158, Era.L2014, Era.LIVE)}
VERSIONS |= {Era.ND83: parts.version("HN", Era.ND83, BASE, PARTICIPANTS, verified=False)}  # kept in some places only

REGISTER = RegisterType(
    "HN",
    "marital_status_certificate",
    Label("Sổ cấp Giấy xác nhận tình trạng hôn nhân", "Register of certificates of marital status"),
    Label("Xác nhận tình trạng hôn nhân", "Marital status certificates"),
    VERSIONS,
    legal_ref="Nghị định 123/2015/NĐ-CP, Điều 21–23",
    api_noun="marital",
)
