"""What a later entry asks to be noted beside an earlier one (Luật Hộ tịch 2014, Điều 28–30; registers.md 2.5).

Entries of changes, foreign divorces and ends of guardianship name the entry they change by its number; recognitions
and adoptions name the child, whose birth entry is found by identity number only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotich.kernel.dates import DateError, parse_date
from hotich.kernel.names import match_key
from hotich.records.rules.participants import Role, standard_code
from hotich.registers.rules.reading import read_number
from hotich.registers.rules.values import AsRecorded, Recorded, text_of
from hotich.registers.types.declaration import Kind, RegisterVersion

SOURCES = frozenset({"TD", "LH", "CDGH", "CMC", "CN"})
MAIN_ROLES: Mapping[str, tuple[str, ...]] = {
    "KS": ("child",),
    "KH": ("husband", "wife"),
    "KT": ("deceased",),
    "CMC": ("child", "parent"),
    "HN": ("subject",),
    "GH": ("ward", "guardian", "guardian_2"),
    "CDGH": ("ward", "guardian"),
    "CN": ("adoptee",),
    "LH": ("husband", "wife"),
    "TD": ("subject",),
}
KIND_OF_CHANGE = {"1": "change", "2": "correction", "3": "supplement", "4": "ethnicity", "5": "change",
                  "6": "correction", "7": "sex"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """One annotation as the later entry words it. `changed` is a code of `changed_field`, "" for a note of no field."""

    kind: str
    changed: str = ""
    old_value: Recorded | None = None
    new_value: Recorded | None = None
    text: str = ""
    basis_number: str = ""
    basis_date_text: str = ""
    basis_authority: str = ""
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """The entry to annotate, and what to write there.

    `key` finds it (`number_key` or `identity_key`); `subjects` are match keys of names one of which must stand in it,
    so that a slip in a number never touches a stranger's entry.
    """

    key: str
    register_type: str
    number_text: str
    book: str
    office_text: str
    date_text: str
    subjects: tuple[str, ...]
    sex: str = ""
    drafts: tuple[Draft, ...] = field(default_factory=tuple)


def number_key(register_type: str, number: int, suffix: str, year: int) -> str:
    """Finds an entry by what the law's papers quote: register, number and year."""
    return f"{register_type}|{number}{suffix}|{year}"


def identity_keys(register_type: str, roles: Iterator[Role] | list[Role], role: str) -> list[str]:
    """Finds an entry by the identity of one of its participants."""
    found = [key for item in roles if item.role == role for key in (item.personal_id_key, item.id_number_key) if key]
    return [f"{register_type}|{key}" for key in found]


def requests_of(version: RegisterVersion, values: AsRecorded, roles: list[Role], items: Any = None) -> list[Request]:
    """What this entry asks for; empty when it names no entry that could be found.

    `items`: the rows of a case that changes several fields, [{changed_field, old_value, new_value, …}].
    """
    maker = {"TD": _of_change, "LH": _of_divorce, "CDGH": _of_guardianship_end, "CMC": _of_recognition,
             "CN": _of_adoption}.get(version.letters)  # fmt: skip
    return list(maker(version, values, roles, items)) if maker else []


def _by_number(
    register_type: str,
    number_text: str,
    date_text: str,
    office_text: str,
    roles: list[Role],
    main: tuple[str, ...],
    drafts: tuple[Draft, ...],
    book: str = "",
) -> Iterator[Request]:
    number = read_number(number_text)
    if number is None or not register_type:
        return
    year = number.year or _year(date_text)
    if year is None:
        return
    people = [role for role in roles if role.role in main and role.match_key]
    if not people:
        return
    yield Request(
        number_key(register_type, number.number, number.suffix, year),
        register_type,
        number_text,
        book,
        office_text,
        date_text,
        tuple(role.match_key for role in people),
        people[0].sex if len(people) == 1 else "",
        drafts,
    )


def _year(date_text: str) -> int | None:
    try:
        return parse_date(date_text).year if date_text else None
    except DateError:
        return None


def _of_change(version: RegisterVersion, values: AsRecorded, roles: list[Role], items: Any) -> Iterator[Request]:
    fields = {item.code: item for item in version.fields}
    kind = KIND_OF_CHANGE.get(standard_code(fields, values, "change_type"), "change")
    drafts = []
    for row in items or [values]:
        changed = standard_code(fields, row, "changed_field")
        basis = text_of(row, "legal_basis") or text_of(values, "legal_basis")
        own = {"nationality": "nationality", "sex": "sex"}.get(changed, kind)
        words = text_of(row, "changed_field")
        old, new = row.get("old_value"), row.get("new_value")
        if not (words or new):
            continue
        drafts.append(
            Draft(
                own,
                "" if changed == "other" else changed,
                old,
                new,
                change_text(words, old, new),
                basis[:100],
                text_of(values, "registration_date"),
                text_of(values, "registration_office")[:200],
                restricted=own == "sex",
            )
        )
    if drafts:
        yield from _by_number(
            standard_code(fields, values, "target_record_type"),
            text_of(values, "target_registration_number"),
            text_of(values, "target_registration_date"),
            text_of(values, "target_registration_office"),
            roles,
            ("subject",),
            tuple(drafts),
            text_of(values, "target_register_book_no"),
        )


def change_text(words: str, old: Recorded | None, new: Recorded | None) -> str:
    """The wording of the printed forms: "Thay đổi từ … thành …"."""
    before, after = text_of({"v": old or ""}, "v"), text_of({"v": new or ""}, "v")
    if not before and not after:
        return words
    if not before:
        return f"{words}: bổ sung “{after}”"
    return f"{words}: thay đổi từ “{before}” thành “{after}”"


def _of_divorce(version: RegisterVersion, values: AsRecorded, roles: list[Role], items: Any) -> Iterator[Request]:
    fields = {item.code: item for item in version.fields}
    annulled = standard_code(fields, values, "dissolution_type") == "2"
    draft = Draft(
        "annulment" if annulled else "divorce",
        text="Hủy việc kết hôn" if annulled else "Ly hôn",
        basis_number=text_of(values, "judgment_number")[:100],
        basis_date_text=text_of(values, "judgment_date")[:40],
        basis_authority=text_of(values, "judgment_authority")[:200],
    )
    yield from _by_number(
        "KH",
        text_of(values, "origin_marriage_number"),
        text_of(values, "origin_marriage_date"),
        text_of(values, "origin_marriage_office"),
        roles,
        ("husband", "wife"),
        (draft,),
    )


def _of_guardianship_end(
    version: RegisterVersion, values: AsRecorded, roles: list[Role], items: Any
) -> Iterator[Request]:
    draft = Draft(
        "guardianship_end",
        text=text_of(values, "termination_reason") or "Chấm dứt giám hộ",
        basis_number=text_of(values, "registration_number")[:100],
        basis_date_text=text_of(values, "registration_date")[:40],
        basis_authority=text_of(values, "registration_office")[:200],
    )
    yield from _by_number(
        "GH",
        text_of(values, "origin_registration_number"),
        text_of(values, "origin_registration_date"),
        text_of(values, "registration_office"),
        roles,
        ("ward",),
        (draft,),
    )


def _of_recognition(version: RegisterVersion, values: AsRecorded, roles: list[Role], items: Any) -> Iterator[Request]:
    parent = next((role for role in roles if role.role == "parent"), None)
    if parent is None or parent.sex not in ("1", "2"):
        return
    which = "father" if parent.sex == "1" else "mother"
    basis = (text_of(values, "decision_number") or text_of(values, "registration_number"))[:100]
    changes = [(f"{which}_full_name", "parent_full_name"), (f"{which}_birth_date", "parent_birth_date"),
               (f"{which}_ethnicity", "parent_ethnicity"), (f"{which}_nationality", "parent_nationality"),
               (f"{which}_usual_residence", "parent_usual_residence"),
               (f"{which}_id_doc_type", "parent_id_doc_type"),
               (f"{which}_id_doc_number", "parent_id_doc_number")]  # fmt: skip
    label = "cha" if which == "father" else "mẹ"
    drafts = tuple(
        Draft(
            "recognition",
            target,
            None,
            values[source],
            f"Nhận {label}: {text_of(values, source)}",
            basis,
            text_of(values, "registration_date")[:40],
            text_of(values, "registration_office")[:200],
        )
        for target, source in changes
        if text_of(values, source)
    )
    yield from _by_identity(roles, "child", drafts)


def _of_adoption(version: RegisterVersion, values: AsRecorded, roles: list[Role], items: Any) -> Iterator[Request]:
    names = [role.full_name for role in roles if role.role in ("adoptive_father", "adoptive_mother")]
    draft = Draft(
        "adoption",
        text=f"Cha, mẹ nuôi: {', '.join(names)}",
        basis_number=text_of(values, "certificate_number")[:100],
        basis_date_text=text_of(values, "certificate_date")[:40],
        basis_authority=text_of(values, "registration_office")[:200],
        restricted=True,
    )
    yield from _by_identity(roles, "adoptee", (draft,))


def _by_identity(roles: list[Role], role: str, drafts: tuple[Draft, ...]) -> Iterator[Request]:
    keys = identity_keys("KS", roles, role)
    names = tuple(item.match_key for item in roles if item.role == role and item.match_key)
    if keys and names and drafts:
        yield Request(keys[0], "KS", "", "", "", "", names, drafts=drafts)


def field_to_change(version: RegisterVersion, changed: str, role: str) -> str:
    """The field of the earlier entry that `changed` (a code of `changed_field`) means for one of its participants.

    "" when the entry has no such field: the annotation then stands as words only.
    """
    codes = {item.code: item for item in version.fields}
    if changed in codes:
        return changed
    stem, _, suffix = next(
        (person.name for person in version.participants if person.role == role), f"{role}_full_name"
    ).partition("_full_name")
    wanted = f"{stem}_{changed}{suffix}"
    return wanted if wanted in codes and codes[wanted].kind is not Kind.BOOK_NUMBER else ""


def subject_of(request: Request, roles: Mapping[str, str]) -> str | None:
    """Which role of the earlier entry the request is about; None when none of its names stands there.

    `roles`: role → match key of the name, those of the entry as recorded and as it is now.
    """
    for role in MAIN_ROLES.get(request.register_type, ()):
        if roles.get(role) in request.subjects:
            return role
    return None


def names_of(version: RegisterVersion, values: AsRecorded) -> dict[str, str]:
    """Role → match key of the name."""
    return {person.role: match_key(name) for person in version.participants if (name := text_of(values, person.name))}
