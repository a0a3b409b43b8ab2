"""Names and codes of the offices that register civil status. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

# identifiers of missions come after those of units of the first era (scripts/extract_units.py keeps 104000-109999 free)
FIRST_MISSION_ID = 104_000
# before this year there is no book in the four phases of digitisation (1976 on)
FIRST_YEAR_OF_BOOKS = 1976

# how each kind of unit is called in front of its name, in the language of the law
WORDS_OF_KIND = {
    "province": "Tỉnh", "municipality": "Thành phố", "rural_district": "Huyện", "urban_district": "Quận",
    "town": "Thị xã", "city": "Thành phố", "commune": "Xã", "ward": "Phường", "township": "Thị trấn",
    "special_zone": "Đặc khu",
}  # fmt: skip


class Named(Protocol):
    """What is needed of a unit."""

    @property
    def name(self) -> str: ...
    @property
    def short_name(self) -> str: ...
    @property
    def level(self) -> str: ...


def inside_a_sentence(unit: Named) -> str:
    """'Xã An Nhơn' -> 'xã An Nhơn': the kind is written small after another word."""
    return unit.name[:1].lower() + unit.name[1:]


def unit_name(kind: str, short_name: str) -> str:
    """'Xã An Nhơn': what a unit of this kind is called in law."""
    return f"{WORDS_OF_KIND.get(kind, '')} {short_name.strip()}".strip()


def full_name(chain: Sequence[Named]) -> str:
    """A unit with what it belonged to at its time: 'xã An Nhơn, huyện Đạ Tẻh, tỉnh Lâm Đồng'."""
    return ", ".join(inside_a_sentence(unit) for unit in chain)


def office_name(chain: Sequence[Named]) -> str:
    """The registering office of the first unit of the chain, with the names of its time.

    Communes and districts register through the people's committee, provinces through the department of justice
    (Law on Civil Status 60/2014, articles 4, 71; Decree 158/2005 for foreign elements at province level).
    """
    title = "Sở Tư pháp" if chain[0].level == "province" else "UBND"
    return f"{title} {full_name(chain)}"


def office_code(unit_code: str, closed_in: int | None) -> str:
    """Unique for ever: the unit's code while the office lives, `code-YYYY` once closed; unit codes are re-used."""
    return unit_code if closed_in is None else f"{unit_code}-{closed_in}"
