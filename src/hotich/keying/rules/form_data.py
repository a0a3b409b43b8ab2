"""The form of a register version as the keying screen takes it: made from the declaration, for every type and era."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hotich.keying.rules.annotations import kinds_for
from hotich.keying.rules.client_checks import client_checks, people
from hotich.keying.rules.comparison import critical_fields
from hotich.keying.rules.population import people_to_look_up
from hotich.registers.codes import CODE_LISTS
from hotich.registers.codes.code_list import CodeList
from hotich.registers.rules.outputs import choices, form_layout, hint, text_in
from hotich.registers.types.declaration import Field, Kind, Need, RegisterVersion

_LEARN = {Kind.PLACE: "place", Kind.OFFICE: "office", Kind.NAME: "surname"}
_RARE = frozenset({Need.CONDITIONAL, Need.OPTIONAL})

LIST_LIKE = frozenset({"TD", "HN"})
"""Registers whose books are lists, one line a case: the table is their first layout."""


def form_data(version: RegisterVersion, lang: str = "vi", critical_only: bool = False) -> dict[str, Any]:
    """The "form" of a package: sections, code lists, checks, kinds of notes, people. See the keying contract.

    A field: {"code", "label", "hint", "kind", "need", "list", "strict", "learn", "carry", "repeat_of", "words_of",
    "max", "critical", "restricted"}. A section has "is_rare" when its fields are seldom filled: it starts closed. A list
    is [[value, label, [other words]], …]. `critical_only`: only the fields that are keyed a second time.
    """
    critical = frozenset(critical_fields(version))
    sections: list[dict[str, Any]] = []
    for section in form_layout(version):
        fields = [item for item in section.fields if not critical_only or item.code in critical]
        if fields:
            sections.append(
                {
                    "code": section.code,
                    "label": text_in(section.label, lang),
                    "is_rare": all(item.need in _RARE and not item.carry for item in section.fields)
                    and section.code != "extra" and any(item.need is Need.CONDITIONAL for item in fields),
                    "fields": [_field(version, item, lang, item.code in critical) for item in fields],
                }
            )  # fmt: skip
    asked = {field["code"] for section in sections for field in section["fields"]}
    names = sorted({field["list"] for section in sections for field in section["fields"] if field["list"]})
    return {
        "sections": sections,
        "lists": {name: list_data(name, lang) for name in names},
        "checks": [each for each in client_checks(version) if _is_about(each, asked)],
        "annotation_kinds": [] if critical_only else list(kinds_for(version)),
        "people": people(version),
        "population": [] if critical_only else people_to_look_up(version),
    }


def layout_of_book(version: RegisterVersion) -> str:
    """The layout the screen starts with: "table" for books that are lists, else "form"."""
    return "table" if version.letters in LIST_LIKE else "form"


def _field(version: RegisterVersion, item: Field, lang: str, is_critical: bool) -> dict[str, Any]:
    words_of = item.code.removesuffix("_words") if item.kind is Kind.DATE_WORDS else ""
    return {
        "code": item.code,
        "label": text_in(item.label, lang),
        "hint": hint(item, lang),
        "kind": item.kind.value,
        "need": item.need.value,
        "list": item.code_list,
        "strict": item.kind is Kind.CODE,
        "learn": _LEARN.get(item.kind, ""),
        "carry": item.carry,
        "repeat_of": item.repeat_of,
        "words_of": words_of if words_of in {field.code for field in version.fields} else "",
        "max": item.max_length,
        "critical": is_critical,
        "restricted": item.restricted,
    }


def _is_about(check: Mapping[str, Any], asked: set[str]) -> bool:
    """Whether a check can be made with the fields that are asked: a blank elsewhere says nothing then."""
    named = {check.get(name, "") for name in ("field", "first", "second", "owner", "other")}
    return all(name in asked for name in named if name and not name.startswith("@"))


def list_data(name: str, lang: str) -> list[list[Any]]:
    """The values of a list in its order: [value, label, other words for it]."""
    found = CODE_LISTS[name]
    return [
        [value, label, _aliases(found, entry.code)]
        for (value, label), entry in zip(choices(name, lang), found.in_use, strict=True)
    ]


def _aliases(found: CodeList, code: str) -> list[str]:
    """Every word the list reads as this code: old names, other spellings, names of codes that gave way to it."""
    words: dict[str, None] = {}
    for entry in found.entries:
        if code in (entry.code, entry.read_as):
            own = (entry.code,) if entry.code.isdigit() else ()
            words |= dict.fromkeys((entry.label.vi, *entry.aliases, entry.label.en, *own))
    return list(words)
