"""Statements about fields that go together: abroad, other documents, declarations, notes, residences, parents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hotich.registers.rules.case import NOTHING, Case, Found
from hotich.registers.rules.checks.lists import ABROAD, OTHER_DOCUMENT, VIETNAM

Names = tuple[str, ...]


def _present(case: Case, names: Iterable[str]) -> Names:
    return tuple(name for name in names if name in case.text)


def _absent(case: Case, names: Iterable[str]) -> Names:
    """The fields that hold nothing and say no reason; fields the register does not have are left out."""
    return tuple(
        name for name in names if name in case.layout.fields and name not in case.text and name not in case.reason
    )


def _each(names: Iterable[str], params: Mapping[str, object] | None = None) -> tuple[Found, ...]:
    made = tuple(names)
    return tuple(Found(name, params or {}) for name in made) if made else NOTHING


# ---- registered abroad

FOREIGN = ("foreign_registration_number", "foreign_registration_date", "foreign_authority", "foreign_country")


def _is_abroad(case: Case) -> bool | None:
    kind = case.code.get("change_type" if case.letters == "TD" else "registration_type")
    return None if kind is None else kind == ABROAD[case.letters]


def foreign_registration_is_given(case: Case) -> Iterable[Found]:
    """An event entered from abroad names the registration there.

    Not asked of changes: their type 5 also stands for judgments of Vietnamese courts.
    """
    return _each(_absent(case, FOREIGN)) if _is_abroad(case) else NOTHING


def foreign_registration_only_when_abroad(case: Case) -> Iterable[Found]:
    """Only an event entered from abroad names a registration there."""
    if case.text.keys().isdisjoint(FOREIGN) or _is_abroad(case) is not False:
        return NOTHING
    return _each(_present(case, FOREIGN))


def foreign_country_is_abroad(case: Case) -> Iterable[Found]:
    """What was registered or judged abroad was not registered or judged in Vietnam."""
    return _each(name for name in ("foreign_country", "judgment_country") if case.code.get(name) == VIETNAM)


# ---- identity documents


def other_document_is_named(case: Case) -> Iterable[Found]:
    """A document of the type "giấy tờ khác" has a name."""
    if OTHER_DOCUMENT not in case.code.values():
        return NOTHING
    return _each(
        document.other
        for document in case.layout.documents
        if document.other
        and case.code.get(document.kind) == OTHER_DOCUMENT
        and document.other not in case.text
        and document.other not in case.reason
    )


def document_name_only_for_other(case: Case) -> Iterable[Found]:
    """Only a document of the type "giấy tờ khác" has a name of its own."""
    text, code = case.text, case.code
    return _each(
        document.other
        for document in case.layout.documents
        if document.other in text and code.get(document.kind, OTHER_DOCUMENT) != OTHER_DOCUMENT
    )


def document_number_has_type(case: Case) -> Iterable[Found]:
    """A document number comes with the type of the document."""
    found: Names = ()
    for document in case.layout.documents:
        if document.number not in case.text or document.kind in case.reason or not document.kind:
            continue
        if document.kind not in case.text or case.code.get(document.kind) == "0":
            found += (document.kind,)
    return _each(found)


def document_type_has_number(case: Case) -> Iterable[Found]:
    """A type of document comes with its number."""
    found: Names = ()
    for document in case.layout.documents:
        has_number = document.number in case.text or document.number in case.reason
        if not has_number and case.code.get(document.kind, "0") != "0":
            found += (document.number,)
    return _each(found)


# ---- residence


def residence_type_needs_residence(case: Case) -> Iterable[Found]:
    """Where no residence is written, its type is 0 or blank (R-RES)."""
    return _each(
        kind
        for kind, place in case.layout.residences
        if place not in case.text and place not in case.reason and case.code.get(kind, "0") != "0"
    )


# ---- the parents of a birth entry

_UNDETERMINED: dict[str, Names] = {
    "2": ("mother",),
    "3": ("father",),
    "4": ("mother", "father"),
    "5": ("mother", "father"),
}
_PARENT_STEMS = ("_full_name", "_birth_date", "_personal_id", "_id_doc_number", "_ethnicity", "_usual_residence")


def undetermined_parent_is_blank(case: Case) -> Iterable[Found]:
    """Nothing is written of a parent whom the kind of birth case calls undetermined (R-PARENTS)."""
    found = NOTHING
    for who in _UNDETERMINED.get(case.code.get("birth_case_type", ""), ()):
        written = _present(case, (f"{who}{stem}" for stem in _PARENT_STEMS))
        found += _each(written[:1])
    return found


def determined_parent_is_named(case: Case) -> Iterable[Found]:
    """A parent whom the kind of birth case calls determined is named (R-PARENTS)."""
    kind = case.code.get("birth_case_type")
    if kind is None:
        return NOTHING
    if "mother_full_name" in case.text and "father_full_name" in case.text:
        return NOTHING
    out = _UNDETERMINED.get(kind, ())
    return _each(_absent(case, (f"{who}_full_name" for who in ("mother", "father") if who not in out)))


# ---- notes of courts

_DECLARATIONS = {
    "missing_declaration_status": "missing",
    "incapacity_declaration_status": "incapacity",
    "death_declaration_status": "death",
}


_DECLARATION_FIELDS = frozenset(_DECLARATIONS) | {
    f"{stem}_{what}"
    for stem in _DECLARATIONS.values()
    for what in ("declared_note_date", "declared_basis", "revoked_note_date", "revoked_basis")
}


def _declared(case: Case) -> Iterable[tuple[str, str, str]]:
    if case.text.keys().isdisjoint(_DECLARATION_FIELDS):
        return  # nearly every entry: nobody was declared anything
    for status, stem in _DECLARATIONS.items():
        if status in case.layout.fields:
            yield stem, status, case.code.get(status, "" if status not in case.text else "?")


def declaration_is_noted(case: Case) -> Iterable[Found]:
    """A declaration of a court is noted with its date and basis; a revocation too."""
    found = NOTHING
    for stem, _, value in _declared(case):
        if value == "1":
            found += _each(_absent(case, (f"{stem}_declared_note_date", f"{stem}_declared_basis")))
        elif value == "2":
            found += _each(_absent(case, (f"{stem}_revoked_note_date", f"{stem}_revoked_basis")))
    return found


def notes_of_declaration_need_status(case: Case) -> Iterable[Found]:
    """Date and basis are noted only of what the status says: 1 declared, 2 revoked."""
    found = NOTHING
    for stem, status, value in _declared(case):
        revoked = _present(case, (f"{stem}_revoked_note_date", f"{stem}_revoked_basis"))
        declared = _present(case, (f"{stem}_declared_note_date", f"{stem}_declared_basis"))
        if (value == "" and (declared or revoked)) or (value == "1" and revoked):
            found += (Found(status),)
    return found


_MARRIAGE_NOTES = {
    "divorced": ("dissolution_note_date", "dissolution_basis"),
    "annulled": ("dissolution_note_date", "dissolution_basis"),
    "recognised": ("recognition_note_date", "recognition_basis"),
}


def marriage_status_is_noted(case: Case) -> Iterable[Found]:
    """A divorce, annulment or recognition of a marriage is noted with its date and basis."""
    return _each(_absent(case, _MARRIAGE_NOTES.get(case.code.get("marriage_status", ""), ())))


def marriage_notes_need_status(case: Case) -> Iterable[Found]:
    """A note of divorce, annulment or recognition stands beside the status that it proves."""
    if "marriage_status" in case.text and "marriage_status" not in case.code:
        return NOTHING
    wanted = _MARRIAGE_NOTES.get(case.code.get("marriage_status", ""), ())
    notes = ("dissolution_note_date", "dissolution_basis", "recognition_note_date", "recognition_basis")
    stray = [name for name in _present(case, notes) if name not in wanted]
    # a marriage may be recognised first and dissolved later: the older note then stays
    if wanted and wanted[0] == "dissolution_note_date":
        stray = []
    return (Found("marriage_status"),) if stray else NOTHING


def divorce_names_its_marriage(case: Case) -> Iterable[Found]:
    """A divorce is noted of a known marriage (C26, NĐ 123/2015 Đ37)."""
    return _each(_absent(case, ("origin_marriage_number", "origin_marriage_date"))[:1])


# ---- guardianship, adoption


def new_guardian_is_named(case: Case) -> Iterable[Found]:
    """Where anything is written of a new guardian, the name is."""
    if "new_guardian_full_name" in case.text or "new_guardian_full_name" in case.reason:
        return NOTHING
    written = [name for name in case.text if name.startswith("new_guardian_")]
    return (Found("new_guardian_full_name"),) if written else NOTHING


def adoptive_parent_is_named(case: Case) -> Iterable[Found]:
    """A child is adopted by somebody: one person or a couple (C24)."""
    names = ("adoptive_father_full_name", "adoptive_mother_full_name")
    return _each(names[:1]) if len(_absent(case, names)) == len(names) else NOTHING


def giving_party_is_named(case: Case) -> Iterable[Found]:
    """A child is given by parents, relatives or an institution."""
    names = ("giving_father_full_name", "giving_mother_full_name", "institution_name")
    return _each(names[:1]) if len(_absent(case, names)) == len(names) else NOTHING


def institution_is_whole(case: Case) -> Iterable[Found]:
    """An institution and who stands for it are named together."""
    names = ("institution_name", "institution_representative")
    return _each(_absent(case, names)) if _present(case, names) else NOTHING
