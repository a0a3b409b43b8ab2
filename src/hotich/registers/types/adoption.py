"""The adoption register, Sổ đăng ký nuôi con nuôi (registers.md 1.4.10; Luật Nuôi con nuôi 2010).

Who gave the child is restricted: it tells the origin of an adopted child.
"""
# ruff: noqa: E501 – a field is one line

from __future__ import annotations

from dataclasses import replace

from hotich.registers.types import parts
from hotich.registers.types.declaration import Era, Label, RegisterType, Section
from hotich.registers.types.parts import COND, REC, Fields, date, section, text

FORM = "Mẫu sổ đăng ký nuôi con nuôi"
ADULTS = (
    ("adoptive_father", "Cha nuôi (Ông)", "cha nuôi (Ông)", "Adoptive father", "adoptive father"),
    ("adoptive_mother", "Mẹ nuôi (Bà)", "mẹ nuôi (Bà)", "Adoptive mother", "adoptive mother"),
    ("giving_father", "Bên giao – Ông", "bên giao – Ông", "Giving party, man", "giving father"),
    ("giving_mother", "Bên giao – Bà", "bên giao – Bà", "Giving party, woman", "giving mother"),
)


def _adult(prefix: str, of: str, en: str) -> Fields:
    fields = parts.book_person(prefix, of, en, sex=False)
    return tuple(replace(f, restricted=True) for f in fields) if prefix.startswith("giving_") else fields


# fmt: off
BASE: tuple[Section, ...] = (
    section("head", "Thông tin đăng ký", "Registration", (
        *parts.number_and_page(),
        parts.registration_date("Ngày đăng ký"),
        parts.registration_office(),
    ), FORM),
    section("adoptee", "Con nuôi", "Adoptee", parts.book_person("adoptee", "con nuôi", "adoptee"), FORM),
    *(section(prefix, vi, en, _adult(prefix, of, person), FORM) for prefix, vi, of, en, person in ADULTS),
    section("handover", "Bên giao con nuôi", "Handing over", (
        text("giving_party_relationship", "Quan hệ của bên giao với trẻ", "Relationship of the giving party to the child", REC, code_list="relationship", restricted=True, max_length=100),
        text("institution_name", "Tên cơ sở nuôi dưỡng", "Institution", COND, restricted=True, max_length=300),
        text("institution_representative", "Đại diện cơ sở: họ tên, chức vụ", "Representative of the institution: name, title", COND, restricted=True, max_length=200),
    ), FORM),
    section("certificate", "Giấy chứng nhận", "Certificate", (
        text("certificate_number", "Giấy chứng nhận/Quyết định số", "Number of the certificate or decision", REC, max_length=100),
        date("certificate_date", "Ngày cấp giấy chứng nhận/quyết định", "Date of the certificate or decision", REC),
    ), FORM),
    section("end", "Người ký và ghi chú", "Signature and annotations", (
        *parts.signatory(keys=False),
        parts.recording_officer(keys=False),
        parts.remarks("Ghi chú (chấm dứt nuôi con nuôi…)", keys=False),
    ), FORM),
)
# fmt: on

PARTICIPANTS = (
    parts.participant("adoptee", "adoptee_sex"),
    parts.participant("adoptive_father", "=1"),
    parts.participant("adoptive_mother", "=2"),
    parts.participant("giving_father", "=1", restricted=True),
    parts.participant("giving_mother", "=2", restricted=True),
)

REGISTER = RegisterType(
    "CN",
    "adoption",
    Label("Sổ đăng ký nuôi con nuôi", "Adoption register"),
    Label("Nuôi con nuôi", "Adoptions"),
    {era: parts.version("CN", era, BASE, PARTICIPANTS) for era in (Era.ND83, Era.ND158, Era.L2014, Era.LIVE)},
    legal_ref="Luật Nuôi con nuôi 2010, Điều 22",
    api_noun="child-adoption-registration",
)
