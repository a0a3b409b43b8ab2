"""The register of ends and changes of guardianship (registers.md 1.4.7; Luật Hộ tịch art. 22–23)."""
# ruff: noqa: E501 – a field is one line

from __future__ import annotations

from dataclasses import replace

from hotich.registers.types import parts
from hotich.registers.types.declaration import Era, Label, RegisterType, Section
from hotich.registers.types.parts import COND, MIN, REC, Fields, code, date, section, text

FORM = "Mẫu sổ đăng ký chấm dứt giám hộ, Thông tư 15/2015/TT-BTP"


def _new_guardian() -> Fields:
    """Who follows when the guardian changes; the new guardianship has an entry of its own as well."""
    return tuple(replace(f, need=COND) for f in parts.book_person("new_guardian", "người giám hộ mới", "new guardian"))


# fmt: off
BASE: tuple[Section, ...] = (
    section("head", "Thông tin đăng ký", "Registration", (
        *parts.number_and_page(),
        parts.registration_date(),
        parts.registration_type("registration_type_guardianship"),
        parts.registration_office(),
        code("guardianship_type", "Hình thức giám hộ", "Kind of guardianship", MIN, "", "guardianship_type"),
    ), FORM),
    section("guardian", "Người giám hộ", "Guardian", parts.book_person("guardian", "người giám hộ", "guardian", residence=False), FORM),
    section("ward", "Người được giám hộ", "Ward", parts.book_person("ward", "người được giám hộ", "ward", residence=False), FORM),
    section("origin", "Việc giám hộ đã đăng ký", "The guardianship that ends", (
        text("origin_registration_number", "Đã đăng ký giám hộ: số", "Guardianship registered: number", REC, max_length=100),
        date("origin_registration_date", "Đã đăng ký giám hộ: ngày", "Guardianship registered: date", REC),
        text("termination_reason", "Lý do chấm dứt giám hộ", "Reason of the end", REC),
    ), FORM),
    section("new_guardian", "Người giám hộ mới (thay đổi giám hộ)", "New guardian (on a change)", _new_guardian(), FORM),
    section("informant", "Người đi đăng ký", "Informant", parts.informant(keys=False), FORM),
    section("end", "Người ký và ghi chú", "Signature and annotations", (
        *parts.signatory(keys=False),
        parts.recording_officer(keys=False),
        parts.remarks(keys=False),
    ), FORM),
)
# fmt: on

PARTICIPANTS = (
    parts.participant("guardian", "guardian_sex", residence=False),
    parts.participant("ward", "ward_sex", residence=False),
    parts.participant("new_guardian", "new_guardian_sex"),
    parts.INFORMANT,
)

REGISTER = RegisterType(
    "CDGH",
    "guardianship_termination",
    Label("Sổ đăng ký chấm dứt (thay đổi) giám hộ", "Register of ends (changes) of guardianship"),
    Label("Chấm dứt, thay đổi giám hộ", "Ends of guardianship"),
    {era: parts.version("CDGH", era, BASE, PARTICIPANTS) for era in (Era.L2014, Era.LIVE)},
    legal_ref="Luật Hộ tịch 2014, Điều 22–23",
    api_noun="guardianship",
)
