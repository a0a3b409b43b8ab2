"""Code lists of the registers (registers.md 1.5), as data. `find` gives the code of the words of a book.

What is shipped is in the modules; offices add to it by rows of their own (`rules.configuration`). Everybody asks here,
and is answered by the configuration in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from hotich.registers.codes import changes, ethnicity, nationality, people, places, registration
from hotich.registers.codes.code_list import Ambiguous as Ambiguous
from hotich.registers.codes.code_list import Code as Code
from hotich.registers.codes.code_list import CodeList as CodeList
from hotich.registers.codes.code_list import Doubt as Doubt
from hotich.registers.codes.code_list import Found, cached_lookup
from hotich.registers.rules.snapshot import active

SHIPPED_LISTS: dict[str, CodeList] = {
    item.name: item
    for module in (registration, people, ethnicity, nationality, places, changes)
    for item in module.LISTS
}


class _ListsInForce(Mapping[str, CodeList]):
    """The lists of the configuration in force, by name."""

    def __getitem__(self, name: str) -> CodeList:
        return active().lists[name]

    def __iter__(self) -> Iterator[str]:
        return iter(SHIPPED_LISTS)

    def __len__(self) -> int:
        return len(SHIPPED_LISTS)


CODE_LISTS: Mapping[str, CodeList] = _ListsInForce()


def code_list(name: str) -> CodeList:
    """The list of that name. Raises KeyError."""
    return CODE_LISTS[name]


def find(wanted: CodeList | str, text: str, on: date | None = None) -> Found:
    """The code of a text in a list, None if unknown, Ambiguous if a person must decide.

    Case, spaces, hyphens and missing accents do not matter; `on` is the day the words were written.
    """
    found_in = CODE_LISTS[wanted] if isinstance(wanted, str) else wanted
    return cached_lookup(found_in, text, on if found_in.is_dated else None)


def label_of(wanted: CodeList | str, code: str, lang: str = "vi", on: date | None = None) -> str:
    """The name of a code on a day, or as it is today; the code itself if the list does not have it."""
    found_in = CODE_LISTS[wanted] if isinstance(wanted, str) else wanted
    entry = found_in.on(code, on)
    if entry is None:
        return code
    return entry.label.en if lang == "en" else entry.label.vi


def exchange_text(wanted: CodeList | str, code: str, template: str = "") -> str:
    """What a workbook says for a code: its number or its name. `template` "60" is the older birth template."""
    found_in = CODE_LISTS[wanted] if isinstance(wanted, str) else wanted
    if found_in.exchange == "name":
        return label_of(found_in, code)
    if template == "60":
        return registration.OLD_TEMPLATE_CODES.get(found_in.name, {}).get(code, code)
    return code
