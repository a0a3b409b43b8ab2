"""The register of changes, corrections, supplements and re-determination of ethnicity (registers.md 1.4.8).

A case may change several fields. In a workbook it then has one row for each, with the same registration number
(Luật Hộ tịch art. 26–29).
"""
# ruff: noqa: E501 – a field is one line

from __future__ import annotations

from hotich.registers.types import parts
from hotich.registers.types.declaration import Era, Label, RegisterType, Section
from hotich.registers.types.parts import MIN, OPT, code, date, section, text

FORM = "Mẫu sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc, Thông tư 15/2015/TT-BTP"
OF = "người được thay đổi, cải chính"

# fmt: off
BASE: tuple[Section, ...] = (
    section("head", "Thông tin đăng ký", "Registration", (
        *parts.number_and_page(),
        parts.registration_date(),
        code("change_type", "Loại việc", "Kind of change", MIN, "", "change_type"),
        parts.registration_office(),
    ), FORM),
    section("subject", "Người được thay đổi, cải chính, bổ sung", "Person concerned", parts.book_person("subject", OF, "person concerned"), FORM),
    section("target", "Giấy tờ hộ tịch được thay đổi", "The entry that is changed", (
        code("target_record_type", "Tên giấy tờ hộ tịch được thay đổi", "Register of the entry", MIN, "", "register_type"),
        text("target_registration_number", "Số giấy tờ hộ tịch", "Number of the entry", MIN, max_length=100),
        text("target_register_book_no", "Quyển số giấy tờ hộ tịch", "Book of the entry", OPT, max_length=100),
        date("target_registration_date", "Ngày cấp/đăng ký giấy tờ hộ tịch", "Date of the entry", MIN),
        text("target_registration_office", "Nơi cấp/đăng ký giấy tờ hộ tịch", "Office of the entry", MIN, max_length=300),
    ), FORM),
    section("change", "Nội dung thay đổi", "The change", (
        code("changed_field", "Nội dung: trường được thay đổi", "Field that is changed", MIN, "", "changed_field"),
        text("old_value", "Từ", "From", MIN),
        text("new_value", "Thành", "To", MIN),
        text("legal_basis", "Lý do / căn cứ (quyết định, bản án)", "Reason or basis (decision, judgment)", OPT),
    ), FORM),
    section("informant", "Người đi đăng ký", "Informant", parts.informant(keys=False), FORM),
    section("end", "Người ký và ghi chú", "Signature and annotations", (
        *parts.signatory(keys=False),
        parts.recording_officer(keys=False),
        parts.remarks(keys=False),
    ), FORM),
    section("foreign", "Đã đăng ký ở nước ngoài", "Registered abroad", parts.foreign_registration(), FORM),
)
# fmt: on

PARTICIPANTS = (parts.participant("subject", "subject_sex"), parts.INFORMANT)
CHANGED = ("changed_field", "old_value", "new_value")

REGISTER = RegisterType(
    "TD",
    "civil_status_change",
    Label(
        "Sổ đăng ký thay đổi, cải chính, bổ sung hộ tịch, xác định lại dân tộc",
        "Register of changes, corrections, supplements and re-determination of ethnicity",
    ),
    Label("Thay đổi, cải chính, bổ sung", "Changes and corrections"),
    {
        era: parts.version("TD", era, BASE, PARTICIPANTS, row_fields=CHANGED)
        for era in (Era.ND83, Era.ND158, Era.L2014, Era.LIVE)
    },
    legal_ref="Luật Hộ tịch 2014, Điều 26–29",
    api_noun="correction_civil",
)
