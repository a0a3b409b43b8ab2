"""The marriage register, Sổ đăng ký kết hôn (registers.md 1.4.2; Luật Hộ tịch art. 17–18)."""
# ruff: noqa: E501 – a field is one line

from __future__ import annotations

from hotich.registers.types import parts
from hotich.registers.types.declaration import Era, Label, RegisterType, Section
from hotich.registers.types.parts import COND, OPT, Fields, code, date, name, section, text

TEMPLATE = "Biểu nhập dữ liệu kết hôn của Bộ Tư pháp (44 cột)"

# fmt: off
BASE: tuple[Section, ...] = (
    section("head", "Thông tin đăng ký", "Registration", (
        *parts.number_and_page(),
        parts.registration_date(column="ngayDangKy"),
        parts.registration_type("registration_type_marriage", "loaiDangKy"),
        parts.registration_office(column="noiDangKy"),
        *parts.signatory(),
        date("marriage_effective_date", "Ngày xác lập quan hệ hôn nhân", "Date the marriage took effect", OPT, "ngayXacLapQuanHeHonNhan"),
        parts.recording_officer(),
        parts.remarks(),
    ), TEMPLATE),
    section("status", "Ly hôn, hủy hoặc công nhận việc kết hôn", "Divorce, annulment or recognition", (
        code("marriage_status", "Tình trạng kết hôn (ghi chú sau)", "Status of the marriage (noted later)", OPT, "tinhTrangKetHon", "marriage_status"),
        date("dissolution_note_date", "Ngày ghi chú hủy/ly hôn", "Date of the note of divorce or annulment", COND, "huyKetHonNgayGhiChu"),
        text("dissolution_basis", "Căn cứ hủy/ly hôn", "Basis of the divorce or annulment", COND, "huyKetHonCanCu"),
        date("recognition_note_date", "Ngày ghi chú công nhận kết hôn", "Date of the note of recognition", COND, "congNhanKetHonNgayGhiChu"),
        text("recognition_basis", "Căn cứ công nhận kết hôn", "Basis of the recognition", COND, "congNhanKetHonCanCu"),
    ), TEMPLATE),
    section("husband", "Chồng", "Husband", parts.template_person("husband", "chong", "chồng", "husband"), TEMPLATE),
    section("wife", "Vợ", "Wife", parts.template_person("wife", "vo", "vợ", "wife"), TEMPLATE),
    section("foreign", "Đã đăng ký ở nước ngoài", "Registered abroad", parts.foreign_registration(), TEMPLATE),
)

MARRIAGE_ORDER: Fields = (
    text("husband_marriage_order", "Chồng kết hôn lần thứ mấy", "Which marriage of the husband", OPT, "extra_husband_marriage_order", verified=False, max_length=40),
    text("wife_marriage_order", "Vợ kết hôn lần thứ mấy", "Which marriage of the wife", OPT, "extra_wife_marriage_order", verified=False, max_length=40),
)

OLD_COLUMNS: Fields = (
    text("husband_occupation", "Nghề nghiệp chồng", "Occupation of the husband", OPT, "extra_husband_occupation", verified=False, max_length=100),
    text("wife_occupation", "Nghề nghiệp vợ", "Occupation of the wife", OPT, "extra_wife_occupation", verified=False, max_length=100),
    name("witness_1_name", "Người làm chứng thứ nhất", "First witness", OPT, "extra_witness_1_name", verified=False),
    name("witness_2_name", "Người làm chứng thứ hai", "Second witness", OPT, "extra_witness_2_name", verified=False),
    *MARRIAGE_ORDER,
)
# fmt: on

PARTICIPANTS = (
    parts.participant("husband", "=1"),
    parts.participant("wife", "=2"),
)

COUPLE_BEFORE_1999 = tuple(
    f"{who}_{what}"
    for who in ("husband", "wife")
    for what in ("ethnicity", "nationality", "residence_type", "id_doc_type", "id_doc_number")
)
RARE_BEFORE_1999 = ("page_no", "registration_type", *COUPLE_BEFORE_1999)

SECTIONS: dict[Era, tuple[Section, ...]] = {
    Era.PRE1999: parts.adapt(BASE, parts.relaxed(RARE_BEFORE_1999), OLD_COLUMNS),
    Era.ND83: parts.adapt(BASE, {}, MARRIAGE_ORDER),
    Era.ND158: parts.adapt(BASE, {}, MARRIAGE_ORDER),
    Era.L2014: BASE,
    Era.LIVE: BASE,
}

REGISTER = RegisterType(
    "KH",
    "marriage",
    Label("Sổ đăng ký kết hôn", "Marriage register"),
    Label("Kết hôn", "Marriages"),
    {era: parts.version("KH", era, sections, PARTICIPANTS) for era, sections in SECTIONS.items()},
    legal_ref="Luật Hộ tịch 2014, Điều 17–18",
    api_noun="marriage",
)
