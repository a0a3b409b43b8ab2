"""tra-cuu: citizens by number, by old number, or by a name and one more fact."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from partners.population.spelling import bare, do_births_fit, is_within_one_slip, last_syllable
from partners.population.wire import Refusal, citizen_out, is_birth, name_of, text_of

MOST = 50


def look_up(db: sqlite3.Connection, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """At most 50 citizens. Refusals: BAD_REQUEST, NOT_ENOUGH (a name alone), TOO_MANY."""
    for field, column in (("SoDinhDanh", "personal_id"), ("SoCMND", "old_id")):
        if number := text_of(asked, field, 20):
            rows = db.execute(f"select * from citizen where {column} = ? limit {MOST}", (number,)).fetchall()
            return [citizen_out(row) for row in rows]
    facts = {
        "birth": text_of(asked, "NgayThangNamSinh", 10),
        "father_name": text_of(asked, "HoVaTenCha"),
        "mother_name": text_of(asked, "HoVaTenMe"),
        "commune_code": text_of(asked, "MaXa", 10),
    }
    only = {"sex": text_of(asked, "GioiTinh", 1), "province_code": text_of(asked, "MaTinh", 10)}
    name = name_of(asked)
    if not name:
        raise Refusal("BAD_REQUEST", "Cần SoDinhDanh, SoCMND hoặc HoVaTen")
    if facts["birth"] and not is_birth(facts["birth"]):
        raise Refusal("BAD_REQUEST", "NgayThangNamSinh: yyyy, yyyy-mm hoặc yyyy-mm-dd")
    given = {column: text for column, text in facts.items() if text}
    if not given:
        raise Refusal("NOT_ENOUGH", "Cần thêm ngày sinh, họ tên cha, họ tên mẹ hoặc mã xã")
    rows = candidates(db, name, given)
    kept = [
        row for row in rows if all(not text or not row[column] or row[column] == text for column, text in only.items())
    ]
    return [citizen_out(row) for row in _best(kept, given)]


def candidates(db: sqlite3.Connection, name: str, facts: Mapping[str, str]) -> list[sqlite3.Row]:
    """Everybody whose name is within one slip and for whom one of the facts holds."""
    key = bare(name)
    named = {
        identity
        for condition, values in _ways(db, last_syllable(key), facts)
        for identity, other in db.execute(f"select id, name_key from citizen where {condition}", values)
        if is_within_one_slip(key, other)
    }
    rows = (db.execute("select * from citizen where id = ?", (identity,)).fetchone() for identity in sorted(named))
    return [row for row in rows if any(holds(column, text, row) for column, text in facts.items())]


def _ways(db: sqlite3.Connection, given: str, facts: Mapping[str, str]) -> list[tuple[str, list[Any]]]:
    """One slip leaves the last syllable within one slip: so many conditions an index answers, one a fact."""
    known = [key for (key,) in db.execute("select key from given")]
    near = [key for key in known if is_within_one_slip(given, key)]
    ways: list[tuple[str, list[Any]]] = []
    own = f"given_key in ({', '.join('?' * len(near))})"
    for column, text in facts.items():
        if column == "birth":
            ways.append((f"{own} and birth_year = ?", [*near, int(text[:4])]))
        elif column == "commune_code":
            ways.append((f"{own} and commune_code = ?", [*near, text]))
        else:
            parent = last_syllable(bare(text))
            parents = sorted({parent, *(key for key in known if is_within_one_slip(parent, key))})
            place = column.replace("_name", "_given")
            ways.append((f"{own} and {place} in ({', '.join('?' * len(parents))})", [*near, *parents]))
    return ways if near else []


def holds(column: str, text: str, row: Mapping[str, Any] | sqlite3.Row) -> bool:
    """Whether a fact that was asked for fits what is known."""
    if column == "birth":
        return do_births_fit(text, row["birth"])
    if column == "commune_code":
        return bool(row["commune_code"] == text)
    return bool(row[column]) and is_within_one_slip(bare(text), bare(row[column]))


def _best(rows: Sequence[sqlite3.Row], facts: Mapping[str, str]) -> list[sqlite3.Row]:
    """Those for whom most facts hold, group by group while there is room; a first group without room is too many."""
    groups: dict[int, list[sqlite3.Row]] = {}
    for row in rows:
        groups.setdefault(sum(holds(column, text, row) for column, text in facts.items()), []).append(row)
    kept: list[sqlite3.Row] = []
    for count in sorted(groups, reverse=True):
        if len(kept) + len(groups[count]) > MOST:
            if not kept:
                raise Refusal("TOO_MANY", f"Có nhiều hơn {MOST} công dân; cần thêm thông tin")
            break
        kept += groups[count]
    return kept
