"""The register of recognition of father, mother, child (registers.md 1.4.4; Luật Hộ tịch art. 24–25)."""
# ruff: noqa: E501 – a field is one line

from __future__ import annotations

from hotich.registers.types import parts
from hotich.registers.types.declaration import Era, Label, RegisterType, Section
from hotich.registers.types.parts import MIN, OPT, REC, Fields, code, name, section, text

TEMPLATE = "Biểu nhập dữ liệu nhận cha, mẹ, con của Bộ Tư pháp (50 cột)"

# fmt: off
BASE: tuple[Section, ...] = (
    section("head", "Thông tin đăng ký", "Registration", (
        *parts.number_and_page(),
        text("decision_number", "Số trích lục (Quyết định số)", "Number of the extract (or of the decision)", MIN, "quyetDinhSo", max_length=100),
        parts.registration_date(column="ngayDangKy"),
        parts.registration_type("registration_type_recognition", "loaiDangKy"),
        code("recognition_direction", "Loại xác nhận", "Who recognises whom", MIN, "loaiXacNhan", "recognition_direction"),
        parts.registration_office(column="noiDangKy"),
        *parts.signatory(),
        parts.recording_officer(),
        parts.remarks(),
    ), TEMPLATE),
    section("parent", "Cha hoặc mẹ", "Father or mother", parts.template_person("parent", "cm", "cha/mẹ", "parent", native_place=True), TEMPLATE),
    section("child", "Người con", "Child", parts.template_person("child", "nc", "người con", "child", native_place=True), TEMPLATE),
    section("informant", "Người yêu cầu", "Informant", (
        name("informant_full_name", "Họ tên người yêu cầu", "Full name of the informant", REC, "nycHoTen"),
        text("informant_rel_to_recognised", "Quan hệ với người được nhận", "Relationship of the informant to the recognised", REC, "nycQHNguoiDuocNhan", code_list="relationship", max_length=100),
        text("informant_rel_to_recogniser", "Quan hệ với người nhận", "Relationship of the informant to the recogniser", REC, "nycQHNguoiNhan", code_list="relationship", max_length=100),
        *parts.id_document("informant", "nyc", "người yêu cầu", "informant"),
    ), TEMPLATE),
    section("foreign", "Đã đăng ký ở nước ngoài", "Registered abroad", parts.foreign_registration(), TEMPLATE),
)

# some variants of the template carry the two sexes; they are accepted, and no template of ours asks for them
SOME_TEMPLATES: Fields = (
    code("parent_sex", "Giới tính cha/mẹ", "Sex of the parent", OPT, "cmGioiTinh", "sex"),
    code("child_sex", "Giới tính người con", "Sex of the child", OPT, "ncGioiTinh", "sex"),
)
# fmt: on

PARTICIPANTS = (
    # who recognises tells the sex of the parent: the father (1, 3) or the mother (2, 4)
    parts.participant(
        "parent",
        "parent_sex",
        sex_fallback="recognition_direction",
        sex_of_code={"1": "1", "2": "2", "3": "1", "4": "2"},
    ),
    parts.participant("child", "child_sex"),
    parts.INFORMANT,
)

# until 2015 the committee took a decision, and the register asks for its number; the live register has none
OLD_DECISION = {
    "decision_number": {
        "label": Label("Quyết định số (công nhận việc nhận cha, mẹ, con)", "Number of the decision of recognition")
    }
}

SECTIONS: dict[Era, tuple[Section, ...]] = {
    Era.ND83: parts.adapt(BASE, OLD_DECISION, SOME_TEMPLATES),
    Era.ND158: parts.adapt(BASE, OLD_DECISION, SOME_TEMPLATES),
    Era.L2014: parts.adapt(BASE, {}, SOME_TEMPLATES),
    Era.LIVE: parts.adapt(BASE, {"decision_number": {"need": OPT}}, SOME_TEMPLATES),
}

REGISTER = RegisterType(
    "CMC",
    "parent_child_recognition",
    Label("Sổ đăng ký nhận cha, mẹ, con", "Register of recognition of parent and child"),
    Label("Nhận cha, mẹ, con", "Recognitions"),
    {era: parts.version("CMC", era, sections, PARTICIPANTS) for era, sections in SECTIONS.items()},
    legal_ref="Luật Hộ tịch 2014, Điều 24–25",
    api_noun="parent-child",
)
