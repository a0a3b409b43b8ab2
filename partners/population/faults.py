"""Faults that are switched on while it serves: in the database, so that a command of another process is heard at once."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from partners.population.store import writing

DEFAULTS = {
    "slow": "3",
    "down": "30",
    "timeout_after_commit": "60",
    "wrong_answer": "not_json",
    "suspected": "",
    "rate_limit": "5",
    "token_expired": "",
}
"""Fault -> value when none is named: seconds; for `wrong_answer` one of `WRONG_ANSWERS`."""

WRONG_ANSWERS = ("not_json", "no_fields", "other_request")
CALLS = ("token", "tra-cuu", "cap-moi", "dieu-chinh", "trang-thai", "doi-soat", "trich-xuat")


@dataclass(frozen=True, slots=True)
class Fault:
    """One that is on. `calls` () is every call; `remaining` None is until it is switched off."""

    name: str
    value: str
    calls: tuple[str, ...]
    remaining: int | None


def switch_on(
    db: sqlite3.Connection, name: str, value: str = "", *, calls: tuple[str, ...] = (), times: int | None = None
) -> None:
    """Switch one on, for the next `times` calls or until `switch_off`. ValueError for what is none."""
    if name not in DEFAULTS or set(calls) - set(CALLS):
        raise ValueError(f"no such fault or call: {name} {' '.join(calls)}")
    value = value or DEFAULTS[name]
    if name == "wrong_answer" and value not in WRONG_ANSWERS:
        raise ValueError(f"wrong_answer is one of {', '.join(WRONG_ANSWERS)}")
    if DEFAULTS[name].isdigit():
        float(value)
    db.execute("insert or replace into fault values (?, ?, ?, ?)", (name, value, ",".join(calls), times))


def switch_off(db: sqlite3.Connection, name: str = "") -> None:
    """One, or all."""
    db.execute("delete from fault where name = ? or ? = ''", (name, name))


def switched_on(db: sqlite3.Connection) -> list[Fault]:
    """Those that are on."""
    rows = db.execute("select * from fault order by name").fetchall()
    return [Fault(row["name"], row["value"], _calls(row["calls"]), row["remaining"]) for row in rows]


def strikes(db: sqlite3.Connection, name: str, call: str) -> str | None:
    """The value of a fault that strikes this call, else None. Counts it."""
    row = db.execute("select * from fault where name = ?", (name,)).fetchone()
    if row is None or (row["calls"] and call not in _calls(row["calls"])):
        return None
    if row["remaining"] is None:
        return str(row["value"])
    with writing(db):
        db.execute("update fault set remaining = remaining - 1 where name = ? and remaining > 0", (name,))
        struck = bool(db.execute("select changes()").fetchone()[0])
        db.execute("delete from fault where remaining <= 0")
    return str(row["value"]) if struck else None


def _calls(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
