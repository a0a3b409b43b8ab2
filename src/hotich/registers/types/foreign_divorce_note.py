"""The register of foreign divorces and annulments (registers.md 1.4.9; Luật Hộ tịch art. 48; Nghị định 123/2015 art. 37–39).

The printed form was not seen: the list of fields is from memory of Thông tư 04/2020 and marked so.
"""
# ruff: noqa: E501 – a field is one line

from __future__ import annotations

from dataclasses import replace

from hotich.registers.types import parts
from hotich.registers.types.declaration import Era, Label, RegisterType, Section
from hotich.registers.types.parts import MIN, OPT, REC, code, date, section, text

FORM = "Thông tư 04/2020/TT-BTP, Phụ lục 4 (chưa kiểm chứng)"

# fmt: off
LISTED: tuple[Section, ...] = (
    section("head", "Thông tin ghi chú", "Registration", (
        *parts.number_and_page(),
        parts.registration_date("Ngày ghi chú (đăng ký)"),
        parts.registration_office(),
        code("dissolution_type", "Loại việc", "Kind of dissolution", MIN, "", "dissolution_type"),
    ), FORM),
    section("husband", "Chồng", "Husband", parts.book_person("husband", "chồng", "husband", sex=False), FORM),
    section("wife", "Vợ", "Wife", parts.book_person("wife", "vợ", "wife", sex=False), FORM),
    section("origin", "Việc kết hôn đã đăng ký", "The marriage", (
        text("origin_marriage_number", "Giấy chứng nhận kết hôn/ghi chú kết hôn: số", "Marriage certificate or note: number", REC, max_length=100),
        date("origin_marriage_date", "Giấy chứng nhận kết hôn/ghi chú kết hôn: ngày", "Marriage certificate or note: date", REC),
        text("origin_marriage_office", "Giấy chứng nhận kết hôn/ghi chú kết hôn: cơ quan cấp", "Marriage certificate or note: office", REC, max_length=300),
    ), FORM),
    section("judgment", "Bản án, quyết định, thỏa thuận", "Judgment, decision, agreement", (
        text("judgment_number", "Bản án/quyết định/thỏa thuận: số", "Judgment or decision: number", MIN, max_length=100),
        date("judgment_date", "Ngày bản án/quyết định", "Judgment or decision: date", MIN),
        text("judgment_authority", "Cơ quan nước ngoài ban hành", "Foreign authority", MIN),
        code("judgment_country", "Quốc gia", "Country", MIN, "", "nationality"),
        date("effective_date", "Ngày có hiệu lực", "Date of effect", OPT),
    ), FORM),
    section("informant", "Người đi đăng ký", "Informant", parts.informant(keys=False), FORM),
    section("end", "Người ký và ghi chú", "Signature and annotations", (
        *parts.signatory(keys=False),
        parts.recording_officer(keys=False),
        parts.remarks(keys=False),
    ), FORM),
)
# fmt: on

# number, book, page and office stand in every register; only the rest is unverified
SURE = ("registration_number", "register_book_no", "page_no", "registration_date", "registration_office", "remarks")
BASE = tuple(
    replace(s, fields=tuple(f if f.code in SURE else replace(f, verified=False) for f in s.fields)) for s in LISTED
)

PARTICIPANTS = (parts.participant("husband", "=1"), parts.participant("wife", "=2"), parts.INFORMANT)

VERSIONS = {era: parts.version("LH", era, BASE, PARTICIPANTS) for era in (Era.L2014, Era.LIVE)}
VERSIONS |= {Era.ND158: parts.version("LH", Era.ND158, BASE, PARTICIPANTS, verified=False)}  # departments of justice

REGISTER = RegisterType(
    "LH",
    "foreign_divorce_note",
    Label("Sổ ghi chú ly hôn, hủy việc kết hôn", "Register of foreign divorces and annulments"),
    Label("Ghi chú ly hôn, hủy việc kết hôn", "Foreign divorces"),
    VERSIONS,
    legal_ref="Luật Hộ tịch 2014, Điều 48; Nghị định 123/2015/NĐ-CP, Điều 37–39",
    api_noun="foreign-divorce/cancel-marriage",
)
