"""Building blocks of the declarations: makers of single fields, and the blocks that many registers share.

A maker takes (code, Vietnamese label, English label, need, import key). The import key is "" where no template
of the Ministry is known; the heading is then our English code.
"""
# ruff: noqa: E501 – a field is one line

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hotich.registers.types.declaration import (
    Era,
    Field,
    Kind,
    Label,
    Need,
    Participant,
    RegisterVersion,
    Section,
)
from hotich.registers.types.eras import ERA_PERIODS

KEY, MIN, REC, OPT, COND = Need.KEY, Need.MINIMUM, Need.RECORDED, Need.OPTIONAL, Need.CONDITIONAL

Fields = tuple[Field, ...]
Changes = Mapping[str, Mapping[str, Any]]


def _maker(kind: Kind, max_length: int = 500) -> Callable[..., Field]:
    def make(code: str, vi: str, en: str, need: Need = OPT, column: str = "", **more: Any) -> Field:
        more.setdefault("max_length", max_length)
        return Field(code, Label(vi, en), kind, need, column=column, **more)

    return make


text = _maker(Kind.TEXT)
long_text = _maker(Kind.LONG_TEXT, 10_000)
name = _maker(Kind.NAME, 100)
date = _maker(Kind.DATE, 60)
date_words = _maker(Kind.DATE_WORDS, 200)
time = _maker(Kind.TIME, 40)
place = _maker(Kind.PLACE)
office = _maker(Kind.OFFICE, 300)
personal_id = _maker(Kind.PERSONAL_ID, 12)
id_number = _maker(Kind.ID_NUMBER, 30)


def code(name: str, vi: str, en: str, need: Need, column: str, code_list: str, **more: Any) -> Field:
    """A field whose values are those of a code list (registers.codes)."""
    more.setdefault("max_length", 200)
    return Field(name, Label(vi, en), Kind.CODE, need, code_list=code_list, column=column, **more)


def section(code: str, vi: str, en: str, fields: Fields, source: str = "") -> Section:
    """A section; `source` goes to every field that names none of its own."""
    return Section(code, Label(vi, en), tuple(replace(f, source=f.source or source) for f in fields))


# ---- the head of an entry


# fmt: off
def number_and_page(number_vi: str = "Số (số đăng ký)") -> Fields:
    """Number, book and page: what finds an entry on paper."""
    return (
        Field("registration_number", Label(number_vi, "Registration number"), Kind.REGISTRATION_NUMBER, KEY, column="so", max_length=30),
        Field("register_book_no", Label("Quyển số", "Book number"), Kind.BOOK_NUMBER, KEY, column="quyenSo", max_length=40, carry=True),
        Field("page_no", Label("Trang số", "Page number"), Kind.PAGE_NUMBER, MIN, column="trangSo", max_length=10),
    )


def registration_date(vi: str = "Ngày, tháng, năm đăng ký", column: str = "") -> Field:
    """The date of registration; the whole date is asked for (R-REGDATE)."""
    return date("registration_date", vi, "Date of registration", KEY, column, carry=True)


def registration_type(code_list: str, column: str = "") -> Field:
    """In time, late, again, or entered from abroad."""
    return code("registration_type", "Loại đăng ký", "Type of registration", MIN, column, code_list, carry=True)


def registration_office(vi: str = "Nơi đăng ký", column: str = "") -> Field:
    """The office that registered, in full as the book prints it."""
    return office("registration_office", vi, "Place of registration", KEY, column, carry=True)


def signatory(keys: bool = True) -> Fields:
    """Who signed, with the title; `keys`: the register has an import template."""
    return (
        name("signatory_name", "Họ tên người ký", "Name of the signatory", REC, "nguoiKy" if keys else "", carry=True),
        text("signatory_title", "Chức vụ người ký", "Title of the signatory", REC, "chucVuNguoiKy" if keys else "", carry=True, max_length=100),
    )


def recording_officer(keys: bool = True) -> Field:
    """The officer who wrote the entry."""
    return name("recording_officer_name", "Người thực hiện (cán bộ ghi sổ)", "Recording officer", REC,
                "nguoiThucHien" if keys else "", carry=True)


def remarks(vi: str = "Ghi chú", keys: bool = True) -> Field:
    """The column of annotations, word for word."""
    return long_text("remarks", vi, "Annotations (remarks column)", REC, "ghiChu" if keys else "")


# ---- identity documents

def id_document(prefix: str, key: str, of: str, en: str, *, need: Need = OPT, suffix: str = "") -> Fields:
    """The five fields of an identity document; `key` "" for registers without an import template."""
    def column(stem: str) -> str:
        return f"{key}{stem}" if key else ""

    return (
        code(f"{prefix}_id_doc_type{suffix}", f"Loại giấy tờ tùy thân {of}", f"Identity document of the {en}: type", need, column("LoaiGiayToTuyThan"), "id_doc_type"),
        text(f"{prefix}_id_doc_other{suffix}", f"Tên giấy tờ khác {of}", f"Identity document of the {en}: other kind", COND, column("GiayToKhac"), max_length=100),
        id_number(f"{prefix}_id_doc_number{suffix}", f"Số giấy tờ tùy thân {of}", f"Identity document of the {en}: number", need, column("SoGiayToTuyThan")),
        date(f"{prefix}_id_doc_issue_date{suffix}", f"Ngày cấp giấy tờ {of}", f"Identity document of the {en}: date of issue", OPT, column("NgayCapGiayToTuyThan")),
        text(f"{prefix}_id_doc_issuer{suffix}", f"Nơi cấp giấy tờ {of}", f"Identity document of the {en}: issuer", OPT, column("NoiCapGiayToTuyThan"), max_length=200),
    )


# ---- persons

def template_person(prefix: str, key: str, of: str, en: str, *, sex: bool = False, native_place: bool = False,
                    id_need: Need = MIN) -> Fields:
    """A person in the registers that have an import template (marriage, death, recognition, certificate)."""
    fields = [name(f"{prefix}_full_name", f"Họ, chữ đệm, tên {of}", f"Full name of the {en}", MIN, f"{key}HoTen")]
    if sex:
        fields.append(code(f"{prefix}_sex", f"Giới tính {of}", f"Sex of the {en}", MIN, f"{key}GioiTinh", "sex"))
    fields += [
        date(f"{prefix}_birth_date", f"Ngày, tháng, năm sinh {of}", f"Date of birth of the {en}", MIN, f"{key}NgaySinh"),
        code(f"{prefix}_ethnicity", f"Dân tộc {of}", f"Ethnicity of the {en}", MIN, f"{key}DanToc", "ethnicity"),
        code(f"{prefix}_nationality", f"Quốc tịch {of}", f"Nationality of the {en}", MIN, f"{key}QuocTich", "nationality"),
        code(f"{prefix}_other_nationality", f"Quốc tịch khác {of}", f"Other nationality of the {en}", OPT, f"{key}QuocTichKhac", "nationality"),
    ]
    if native_place:
        fields.append(place(f"{prefix}_native_place", f"Quê quán {of}", f"Native place of the {en}", OPT, f"{key}QueQuan"))
    fields += [
        code(f"{prefix}_residence_type", f"Loại cư trú {of}", f"Kind of residence of the {en}", MIN, f"{key}LoaiCuTru", "residence_type"),
        place(f"{prefix}_usual_residence", f"Nơi cư trú {of}", f"Usual residence of the {en}", REC, f"{key}NoiCuTru"),
    ]
    return (*fields, *id_document(prefix, key, of, en, need=id_need))


def book_person(prefix: str, of: str, en: str, *, sex: bool = True, residence: bool = True, suffix: str = "") -> Fields:
    """A person in the registers known from their printed books only."""
    fields = [name(f"{prefix}_full_name{suffix}", f"Họ, chữ đệm, tên {of}", f"Full name of the {en}", MIN)]
    if sex:
        fields.append(code(f"{prefix}_sex{suffix}", f"Giới tính {of}", f"Sex of the {en}", REC, "", "sex"))
    fields += [
        date(f"{prefix}_birth_date{suffix}", f"Ngày sinh {of}", f"Date of birth of the {en}", REC),
        code(f"{prefix}_ethnicity{suffix}", f"Dân tộc {of}", f"Ethnicity of the {en}", REC, "", "ethnicity"),
        code(f"{prefix}_nationality{suffix}", f"Quốc tịch {of}", f"Nationality of the {en}", REC, "", "nationality"),
        *id_document(prefix, "", of, en, suffix=suffix),
    ]
    if residence:
        fields.append(place(f"{prefix}_usual_residence{suffix}", f"Nơi cư trú {of}", f"Usual residence of the {en}", REC))
    return tuple(fields)


def informant(keys: bool = True) -> Fields:
    """Who came to register: name, relationship, identity document. Without `keys` the book asks no relationship."""
    if not keys:
        return (name("informant_full_name", "Họ tên người đi đăng ký", "Full name of the informant", REC),
                *id_document("informant", "", "người đi đăng ký", "informant"))
    return (
        name("informant_full_name", "Họ tên người đi đăng ký / người yêu cầu", "Full name of the informant", REC, "nycHoTen"),
        text("informant_relationship", "Quan hệ với người được đăng ký", "Relationship of the informant", REC, "nycQuanHe", code_list="relationship", max_length=100),
        *id_document("informant", "nyc", "người yêu cầu", "informant"),
    )


def foreign_registration() -> Fields:
    """The four fields of an event that was first registered abroad."""
    return (
        text("foreign_registration_number", "Số đăng ký ở nước ngoài", "Number of the registration abroad", COND, "soDangKyNuocNgoai", max_length=100),
        date("foreign_registration_date", "Ngày đăng ký ở nước ngoài", "Date of the registration abroad", COND, "ngayDangKyNuocNgoai"),
        text("foreign_authority", "Cơ quan nước ngoài đã đăng ký", "Foreign authority that registered", COND, "cqNuocNgoaiDaDangKy"),
        code("foreign_country", "Quốc gia đã đăng ký", "Country of the registration abroad", COND, "qgNuocNgoaiDaDangKy", "nationality"),
    )
# fmt: on


def participant(
    prefix: str, sex: str, *, role: str = "", suffix: str = "", residence: bool = True, **more: Any
) -> Participant:
    """The participant whose fields are named `prefix_…suffix`; `sex` as in Participant. The role is the prefix."""

    def of(what: str) -> str:
        return f"{prefix}_{what}{suffix}"

    return Participant(
        role or prefix,
        of("full_name"),
        sex,
        of("birth_date"),
        id_type=of("id_doc_type"),
        id_number=of("id_doc_number"),
        ethnicity=of("ethnicity"),
        nationality=of("nationality"),
        residence=of("usual_residence") if residence else "",
        **more,
    )


INFORMANT = Participant(
    "informant", "informant_full_name", id_type="informant_id_doc_type", id_number="informant_id_doc_number"
)


# ---- versions


def adapt(sections: tuple[Section, ...], changes: Changes, extra: Fields = ()) -> tuple[Section, ...]:
    """The sections with some fields changed: {code: {attribute: value}}; `extra` fields follow at the end.

    Raises LookupError for a change of a field that is not there, so that a slip shows at import.
    """
    missing = set(changes) - {f.code for s in sections for f in s.fields}
    if missing:
        raise LookupError(f"no such fields: {sorted(missing)}")
    made = tuple(
        replace(s, fields=tuple(replace(f, **changes[f.code]) if f.code in changes else f for f in s.fields))
        for s in sections
    )
    if extra:
        made += (section("extra", "Cột khác của sổ cũ", "Other columns of the old book", extra),)
    return made


def relaxed(codes: tuple[str, ...], need: Need = REC) -> dict[str, dict[str, Any]]:
    """The change that asks less of these fields, for books that often lack them."""
    return {item: {"need": need} for item in codes}


def hidden(codes: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The change that keeps these fields importable but off the form."""
    return {item: {"on_form": False, "need": OPT} for item in codes}


def columns(
    sections: tuple[Section, ...], *, number_rows: bool = False, without: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The headings of a template in order: every field but the extra ones and those `without`, after STT if wanted."""
    keys = tuple(f.import_key for s in sections if s.code != "extra" for f in s.fields if f.code not in without)
    return ("STT", *keys) if number_rows else keys


def version(
    letters: str,
    era: Era,
    sections: tuple[Section, ...],
    participants: tuple[Participant, ...],
    *,
    column_sets: Mapping[str, tuple[str, ...]] | None = None,
    edition: int = 1,
    **more: Any,
) -> RegisterVersion:
    """A register in an era, valid as long as the era's forms were unless `valid_from`, `valid_to` say otherwise.

    `edition` counts the versions within the era; a second one leaves the first to the records that have it.
    """
    period = ERA_PERIODS[era]
    more.setdefault("source", period.law)
    return RegisterVersion(
        f"{letters}-{era}-{edition}",
        letters,
        era,
        more.pop("valid_from", period.valid_from),
        more.pop("valid_to", period.valid_to),
        sections,
        participants,
        column_sets=column_sets or {"default": columns(sections)},
        **more,
    )
