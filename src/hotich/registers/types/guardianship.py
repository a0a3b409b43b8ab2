"""The guardianship register, Sổ đăng ký giám hộ (registers.md 1.4.6; Luật Hộ tịch art. 19–21)."""

from __future__ import annotations

from dataclasses import replace

from hotich.registers.types import parts
from hotich.registers.types.declaration import Era, Label, RegisterType, Section
from hotich.registers.types.parts import MIN, OPT, Fields, code, section, text

FORM = "Mẫu sổ đăng ký giám hộ, Thông tư 15/2015/TT-BTP"


def _second_guardian() -> Fields:
    """The guardian's fields again: at most two people guard one ward. A second guardian is never demanded."""
    made = parts.book_person("guardian", "người giám hộ thứ hai", "second guardian", suffix="_2")
    return tuple(replace(f, repeat_of=f.code.removesuffix("_2"), need=OPT if f.need is MIN else f.need) for f in made)


# fmt: off
BASE: tuple[Section, ...] = (
    section("head", "Thông tin đăng ký", "Registration", (
        *parts.number_and_page(),
        parts.registration_date(),
        parts.registration_type("registration_type_guardianship"),
        parts.registration_office(),
        code("guardianship_type", "Hình thức giám hộ", "Kind of guardianship", MIN, "", "guardianship_type"),
    ), FORM),
    section("guardian", "Người giám hộ", "Guardian", parts.book_person("guardian", "người giám hộ", "guardian"), FORM),
    section("guardian_2", "Người giám hộ thứ hai", "Second guardian", _second_guardian(), FORM),
    section("ward", "Người được giám hộ", "Ward", parts.book_person("ward", "người được giám hộ", "ward"), FORM),
    section("basis", "Căn cứ", "Basis", (
        text("guardianship_basis", "Lý do/căn cứ giám hộ", "Reason or basis of the guardianship", OPT),
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

PARTICIPANTS = (
    parts.participant("guardian", "guardian_sex"),
    parts.participant("guardian", "guardian_sex_2", role="guardian_2", suffix="_2"),
    parts.participant("ward", "ward_sex"),
    parts.INFORMANT,
)

# until 2015 the committee took a decision; its number is the basis
OLD_BASIS = {
    "guardianship_basis": {
        "label": Label("Quyết định công nhận giám hộ số", "Number of the decision recognising the guardianship")
    }
}

SECTIONS: dict[Era, tuple[Section, ...]] = {
    Era.ND83: parts.adapt(BASE, OLD_BASIS),
    Era.ND158: parts.adapt(BASE, OLD_BASIS),
    Era.L2014: BASE,
    Era.LIVE: BASE,
}

REGISTER = RegisterType(
    "GH",
    "guardianship",
    Label("Sổ đăng ký giám hộ", "Guardianship register"),
    Label("Giám hộ", "Guardianships"),
    {era: parts.version("GH", era, sections, PARTICIPANTS) for era, sections in SECTIONS.items()},
    legal_ref="Luật Hộ tịch 2014, Điều 19–21",
    api_noun="guardianship",
)
