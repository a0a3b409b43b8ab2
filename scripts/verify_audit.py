#!/usr/bin/env python3
"""Verify an exported audit trail with nothing but Python 3.11: no Django, no package, no database.

    python scripts/verify_audit.py EXPORT.jsonl[.gz] [--anchors anchors.jsonl --keys keys.json] [--lang en]

Made by `hotich audit export`; the anchors and the public keys should be the copies kept elsewhere. Also checks the file of
anchors alone (`--anchors … --keys …` without an export). Exit: 0 whole, 1 faults, 2 cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from hotich.audit.rules.anchors import AnchorHistory, key_id_of, read_anchors
from hotich.audit.rules.chain import ChainFault
from hotich.audit.rules.export_file import ExportReport, verify_export
from hotich.audit.rules.faults import FAULTS, where

AGAINST_ANCHORS = {"audit_chain_rewritten", "audit_chain_cut", "audit_chain_missing"}


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file, packed or not."""
    with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as file:
        yield from file


def keys_of(path: Path) -> dict[str, bytes]:
    """The public keys of a `keys.json`, each under the id that follows from it."""
    listed = json.loads(path.read_bytes())["keys"]
    publics = [base64.b64decode(item["public"], validate=True) for item in listed]
    return {key_id_of(public): public for public in publics}


def told(fault: ChainFault, lang: str) -> str:
    """One finding: code, place, what it means, what to do."""
    words = FAULTS[fault.code]
    what, todo = (words.what_en, words.todo_en) if lang == "en" else (words.what, words.todo)
    place = where(office=fault.office, sequence=fault.sequence, through=fault.through, anchor=fault.anchor)
    return f"{fault.code}: {f'{place}: ' if place else ''}{what}\n    {todo}"


def verified(
    export: Path | None, anchors: Path | None, keys: dict[str, bytes]
) -> tuple[ExportReport, AnchorHistory | None]:
    """Read anchors and export; chains that differ from an anchor are read once more, to say since which one."""
    history = read_anchors(lines_of(anchors), keys) if anchors else None
    if export is None:
        return ExportReport(), history
    report = verify_export(lines_of(export), history)
    suspects = {fault.office for fault in report.faults if fault.code in AGAINST_ANCHORS}
    if anchors and suspects:
        report = verify_export(lines_of(export), read_anchors(lines_of(anchors), keys, wanted=suspects))
    return report, history


def main() -> int:
    """Parse, verify, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", nargs="?", type=Path)
    parser.add_argument("--anchors", type=Path)
    parser.add_argument("--keys", type=Path)
    parser.add_argument("--lang", choices=["vi", "en"], default="vi")
    given = parser.parse_args()
    if (given.export is None and given.anchors is None) or (given.anchors and not given.keys):
        parser.error("name an export, or anchors together with keys")
    try:
        report, history = verified(given.export, given.anchors, keys_of(given.keys) if given.keys else {})
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    faults = [*(history.faults if history else []), *report.faults]
    for fault in [*(history.losses if history else []), *faults]:
        print(told(fault, given.lang))
    against = (
        f"{history.lines} anchors, the last of {history.at}" if history else "no anchors: a cut tail would not show"
    )
    print(
        f"{report.chains} chains, {report.entries} entries, {against}: {f'{len(faults)} faults' if faults else 'whole'}"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
