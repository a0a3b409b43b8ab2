"""The legal act a change of units rests on, where we know it, and what a data source is called in words.

The acts are from memory, not compared with the gazette: every page says "chưa kiểm chứng" beside them. A change that an
officer entered names its own act (`UnitOperation`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

DAY_OF_TWO_LEVELS = date(2025, 7, 1)
# level of the unit that changed → the act of 1 July 2025
_TWO_LEVELS: Mapping[str, str] = MappingProxyType(
    {
        "province": "Nghị quyết số 202/2025/QH15",
        "district": "Luật Tổ chức chính quyền địa phương số 72/2025/QH15",
        "commune": "Nghị quyết của Ủy ban Thường vụ Quốc hội về sắp xếp đơn vị hành chính cấp xã năm 2025",
    }
)
_OF_PROVINCES: Mapping[date, str] = MappingProxyType(
    {
        date(2004, 1, 1): "Nghị quyết số 22/2003/QH11",
        date(2008, 8, 1): "Nghị quyết số 15/2008/QH12",
    }
)
_SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "vietnamadminunits-1.0.4": "bộ dữ liệu mở vietnamadminunits 1.0.4",
        "own-knowledge": "hiểu biết của nhóm phát triển",
    }
)


def known_act(level: str, at: date) -> str:
    """The act by which a unit of this level changed on that day; "" where we do not know it."""
    if at == DAY_OF_TWO_LEVELS:
        return _TWO_LEVELS.get(level, "")
    return _OF_PROVINCES.get(at, "") if level == "province" else ""


def source_words(source: str) -> tuple[str, ...]:
    """The sources a row of reference data names, in words (message ids); one nobody named stays as it is."""
    parts = [part.strip().rpartition(": ")[2] for part in source.split(";")]
    return tuple(dict.fromkeys(_SOURCES.get(part, part) for part in parts if part))
