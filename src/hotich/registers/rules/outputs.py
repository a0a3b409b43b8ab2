"""What is made from a declaration: the JSON Schema of a case, the data dictionary, the layout of the form."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from hotich.registers.codes import CODE_LISTS, exchange_text, label_of
from hotich.registers.rules.values import ILLEGIBLE_MARK, Reason
from hotich.registers.types.declaration import Field, Kind, Label, Need, RegisterVersion

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_TEXT = 10_000  # no cell of a book is longer; Field.max_length is what the Ministry stores, and a check

# fmt: off
KIND_LABELS: dict[Kind, Label] = {
    Kind.TEXT: Label("Chữ", "Text"),
    Kind.LONG_TEXT: Label("Văn bản", "Long text"),
    Kind.NAME: Label("Họ tên", "Name"),
    Kind.DATE: Label("Ngày (có thể thiếu)", "Date (may be partial)"),
    Kind.DATE_WORDS: Label("Ngày ghi bằng chữ", "Date in words"),
    Kind.TIME: Label("Giờ, phút", "Time"),
    Kind.CODE: Label("Danh mục", "Code"),
    Kind.PLACE: Label("Địa danh", "Place"),
    Kind.OFFICE: Label("Cơ quan đăng ký", "Registering office"),
    Kind.REGISTRATION_NUMBER: Label("Số đăng ký", "Registration number"),
    Kind.BOOK_NUMBER: Label("Quyển số", "Book number"),
    Kind.PAGE_NUMBER: Label("Trang số", "Page number"),
    Kind.PERSONAL_ID: Label("Số định danh cá nhân", "Personal identification number"),
    Kind.ID_NUMBER: Label("Số giấy tờ", "Document number"),
}

NEED_LABELS: dict[Need, Label] = {
    Need.KEY: Label("Khóa: phải có giá trị hoặc lý do", "Key: a value or a reason"),
    Need.MINIMUM: Label("Tối thiểu: bỏ trống phải có lý do", "Minimum: a blank needs a reason"),
    Need.RECORDED: Label("Nhập nếu sổ có ghi", "Entered if the book has it"),
    Need.OPTIONAL: Label("Không bắt buộc", "Optional"),
    Need.CONDITIONAL: Label("Có điều kiện", "Conditional"),
}

HINTS: dict[Kind, Label] = {
    Kind.DATE: Label("Ghi như trong sổ: 05.03.1978, 03.1978, 1978 hoặc 34 tuổi", "As in the book: 05.03.1978, 03.1978, 1978, or an age such as 34 tuổi"),  # noqa: E501
    Kind.DATE_WORDS: Label("Ví dụ: Ngày năm tháng ba năm một nghìn chín trăm bảy mươi tám", "The date written out, as in the book"),  # noqa: E501
    Kind.TIME: Label("Ví dụ: 14 giờ 30 hoặc 14:30", "For example 14:30"),
    Kind.PLACE: Label("Từ nhỏ đến lớn, như trong sổ: xã, huyện, tỉnh", "From small to large, as in the book: commune, district, province"),  # noqa: E501
    Kind.OFFICE: Label("Tên đầy đủ của cơ quan như trong sổ", "The office's full name, as in the book"),
    Kind.REGISTRATION_NUMBER: Label("Số và năm: 123/2006", "Number and year: 123/2006"),
    Kind.BOOK_NUMBER: Label("Quyển và năm: 01/2006", "Book and year: 01/2006"),
    Kind.PERSONAL_ID: Label("12 chữ số", "12 digits"),
}
# fmt: on


def text_in(label: Label, lang: str) -> str:
    """A label in "vi" or "en"."""
    return label.en if lang == "en" else label.vi


# ---- JSON Schema


def json_schema(version: RegisterVersion, lang: str = "vi") -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the values of a case, as recorded, in this version.

    Values are the words of the book, so codes are listed as examples, not as an enumeration. Required are the key
    fields: each with a text or a reason.
    """
    return {
        "$schema": DIALECT,
        "$id": f"urn:hotich:register:{version.id}",
        "title": version.id,
        "type": "object",
        "additionalProperties": False,
        "required": [field.code for field in version.fields if field.need is Need.KEY],
        "properties": {field.code: _property(field, lang) for field in version.fields},
        "$defs": {"text": {"type": "string", "maxLength": MAX_TEXT}, "reasoned": _reasoned()},
    }


def _reasoned() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["text", "reason"],
        "properties": {
            "text": {"$ref": "#/$defs/text"},
            "reason": {"enum": [reason.value for reason in Reason if reason]},
        },
    }


def _property(field: Field, lang: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "title": text_in(field.label, lang),
        "anyOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/reasoned"}],
        "x-kind": field.kind.value,
        "x-need": field.need.value,
        "x-column": field.import_key,
    }
    if field.code_list:
        made["x-code-list"] = field.code_list
        made["examples"] = [value for value, _ in choices(field.code_list, lang)]
    if field.restricted:
        made["x-restricted"] = True
    return made


# ---- data dictionary


@dataclass(frozen=True, slots=True)
class DictionaryRow:
    """One line of the data dictionary page. `templates`: names of the column sets that have the field."""

    number: int
    section: Label
    code: str
    column: str
    label: Label
    kind: Label
    need: Need
    need_label: Label
    code_list: str
    max_length: int
    source: str
    templates: tuple[str, ...]
    verified: bool
    restricted: bool
    on_form: bool


def dictionary_rows(version: RegisterVersion) -> list[DictionaryRow]:
    """The fields of a version in the order of the book, with all that the data dictionary shows."""
    rows: list[DictionaryRow] = []
    for section in version.sections:
        for field in section.fields:
            rows.append(_dictionary_row(version, section.label, field, len(rows) + 1))
    return rows


def _dictionary_row(version: RegisterVersion, section: Label, field: Field, number: int) -> DictionaryRow:
    return DictionaryRow(
        number=number,
        section=section,
        code=field.code,
        column=field.import_key,
        label=field.label,
        kind=KIND_LABELS[field.kind],
        need=field.need,
        need_label=NEED_LABELS[field.need],
        code_list=field.code_list,
        max_length=field.max_length,
        source=field.source,
        templates=tuple(name for name, keys in version.column_sets.items() if field.import_key in keys),
        verified=field.verified and version.verified,
        restricted=field.restricted,
        on_form=field.on_form,
    )


# ---- form


@dataclass(frozen=True, slots=True)
class FormSection:
    """A group of the form, with the fields that it shows."""

    code: str
    label: Label
    fields: tuple[Field, ...]


def form_layout(
    version: RegisterVersion, *, also: Collection[str] = (), restricted: bool = True
) -> tuple[FormSection, ...]:
    """The sections of the form in the order of the book.

    `also`: fields to show although books of this era have no such column (a workbook had a value); `restricted`
    False leaves out what the reader may not see. Sections without a field are left out.
    """
    made = (
        FormSection(
            section.code,
            section.label,
            tuple(
                field
                for field in section.fields
                if (field.on_form or field.code in also) and (restricted or not field.restricted)
            ),
        )
        for section in version.sections
    )
    return tuple(section for section in made if section.fields)


def choices(list_name: str, lang: str = "vi") -> list[tuple[str, str]]:
    """The values a workbook may carry for a code list, each with its name."""
    found = CODE_LISTS[list_name]
    made = []
    for entry in found.in_use:
        value, name = exchange_text(found, entry.code), label_of(found, entry.code, lang)
        made.append((value, name if value == name or found.exchange == "name" else f"{value} – {name}"))
    return made


def hint(field: Field, lang: str = "vi") -> str:
    """What the form says under a field; "" if nothing need be said."""
    label = HINTS.get(field.kind)
    return text_in(label, lang) if label else ""


def illegible_example(lang: str = "vi") -> str:
    """How to say that something cannot be read."""
    return f"Cannot be read: {ILLEGIBLE_MARK}" if lang == "en" else f"Không đọc được thì ghi {ILLEGIBLE_MARK}"
