"""The practice book as the keying screen takes it: packages that no table holds, with drawn pictures and answers."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

import typst
from django.urls import reverse
from fontpkg_noto_serif import ROOT as NOTO_SERIF

from hotich.kernel.problems import RuleBroken
from hotich.keying.rules import practice
from hotich.keying.rules.form_data import form_data
from hotich.keying.rules.practice import PRACTICE_REGISTERS, PracticeCase, cases_of, package_id
from hotich.registers.codes import CODE_LISTS
from hotich.registers.rules.outputs import text_in
from hotich.registers.types import REGISTER_TYPES, version_for
from hotich.registers.types.declaration import Kind, RegisterVersion

TEMPLATE = Path(practice.__file__).with_name("entry.typ")
DOTS_AN_INCH = 130
_DRAWING = Lock()  # one entry at a time: they are few and kept


def practice_data(letters: str, lang: str = "vi") -> dict[str, Any]:
    """The practice package of a register, in the shape of any package; besides "answers", by item.

    An answer: {"state", "values", "annotations", "hint", "level"}. Raises RuleBroken practice_unknown.
    """
    if letters not in PRACTICE_REGISTERS:
        raise RuleBroken("practice_unknown")
    version, cases = version_for(letters, PRACTICE_REGISTERS[letters]), cases_of(letters)
    book = str(cases[0].values["register_book_no"])
    number, _, year = book.partition("/")
    register = text_in(REGISTER_TYPES[letters].short, lang)
    return {
        "schema": 1,
        "package": {
            "id": str(package_id(letters)), "title": f"{register} {book}", "register": letters,
            "register_label": text_in(REGISTER_TYPES[letters].label, lang), "schema_version": version.id,
            "book": {"label": book, "number": number, "year": int(year), "number_scope": "year", "assigned": False},
            "mode": "", "kind": "practice", "layout": "form", "office": "UBND xã An Lành", "is_on_demand": False,
        },
        "form": form_data(version, lang),
        "regions": practice.regions_of(letters),
        "items": [_item(case, int(year)) for case in cases],
        "answers": {str(case.id): _answer(case) for case in cases},
        "learned": _learned(cases),
        "carry": {},
    }  # fmt: skip


def _item(case: PracticeCase, year: int) -> dict[str, Any]:
    picture, wide, high = practice_picture(case.id)
    return {
        "id": str(case.id), "position": case.place * 1000, "kind": "case", "number": case.number,
        "suffix": case.suffix, "year": year, "state": "open",
        "picture": {
            "url": reverse("keying:practice_picture", args=[case.id]), "bytes": len(picture), "width": wide, "height": high,
        },
        "entry": None,
    }  # fmt: skip


def _answer(case: PracticeCase) -> dict[str, Any]:
    return {
        "state": case.state,
        "values": dict(case.values) if case.state == "case" else {},
        "annotations": [dict(each) for each in case.annotations],
        "hint": case.hint,
        "level": case.level,
    }


def _learned(cases: list[PracticeCase]) -> dict[str, list[str]]:
    """What an office would have typed before: the places of the book."""
    version = version_for(cases[0].letters, PRACTICE_REGISTERS[cases[0].letters])
    kinds = {field.code: field.kind for field in version.fields}

    def of(kind: Kind) -> list[str]:
        texts = {
            text
            for case in cases
            for code, text in case.values.items()
            if kinds[code] is kind and isinstance(text, str)
        }
        return sorted(texts)

    return {"place": of(Kind.PLACE), "office": of(Kind.OFFICE), "surname": [], "given": []}


@lru_cache(maxsize=32)
def practice_picture(case_id: UUID) -> tuple[bytes, int, int]:
    """An entry as a JPEG, its width and height. Raises RuleBroken practice_unknown."""
    from PIL import Image  # with the first picture: no start of a process waits for it

    case = practice.case_by_id(case_id)
    if case is None:
        raise RuleBroken("practice_unknown")
    version = version_for(case.letters, PRACTICE_REGISTERS[case.letters])
    drawn = asdict(practice.picture_of(case, lambda code, text: word_of(version, code, text)))
    with _DRAWING:
        png = typst.compile(
            str(TEMPLATE), format="png", ppi=float(DOTS_AN_INCH), font_paths=[str(NOTO_SERIF)], ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(drawn)},
        )  # fmt: skip
    target = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").save(target, "JPEG", quality=82)
        return target.getvalue(), image.width, image.height


def word_of(version: RegisterVersion, code: str, text: str) -> str:
    """What the book writes for a code: "1" of the sex is "Nam"; other texts as they are."""
    field = next((each for each in version.fields if each.code == code), None)
    if field is None or field.kind is not Kind.CODE:
        return text
    entry = next((each for each in CODE_LISTS[field.code_list].entries if each.code == text), None)
    return entry.label.vi if entry is not None else text
