"""The exported trail is verified by a program that knows no framework, no package and no database."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from audit_parts import AT, HOUR, SYSTEM, act, anchors, cut_tail, rewrite_chain, tamper
from django.core.management import CommandError, call_command

from hotich.audit import services
from hotich.audit.models import Entry
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["anchors"]

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "verify_audit.py"


def verify(*arguments: object) -> tuple[int, list[str]]:
    """Run the script without any site package; exit code and the codes it names."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), *map(str, arguments), "--lang", "en"], capture_output=True, text=True
    )
    assert done.returncode < 2, done.stderr
    return done.returncode, [line.partition(":")[0] for line in done.stdout.splitlines() if line.startswith("audit_")]


@pytest.fixture
def export(anchors: Path, tmp_path: Path) -> Path:
    """Two chains, two anchors, an export."""
    act(7, 5)
    act(8, 2)
    services.take_anchor(at=AT)
    act(7, 3)
    services.exchange_anchor_key(actor=SYSTEM, at=AT + HOUR)
    path = tmp_path / "trail.jsonl.gz"
    services.export_chains(path=path, at=AT + HOUR)
    return path


def with_anchors(anchors: Path) -> list[object]:
    return ["--anchors", anchors, "--keys", anchors.parent / "keys.json"]


def test_an_export_is_whole_with_and_without_anchors(export: Path, anchors: Path) -> None:
    assert verify(export) == (0, [])
    assert verify(export, *with_anchors(anchors)) == (0, [])
    assert verify(*with_anchors(anchors)) == (0, [])


def test_an_export_holds_no_citizens_data(export: Path) -> None:
    text = gzip.decompress(export.read_bytes()).decode()
    assert "case.edited" in text
    assert "Lò Thị" not in text


def test_a_changed_or_shortened_export_is_found(export: Path, anchors: Path, tmp_path: Path) -> None:
    lines = gzip.decompress(export.read_bytes()).splitlines()
    changed = tmp_path / "changed.jsonl"
    changed.write_bytes(b"\n".join(line.replace(b"case.edited", b"case.read", 1) for line in lines))
    assert verify(changed) == (1, ["audit_entry_changed"] * 10)
    for kept, code in ((lines[:-1], "audit_export_incomplete"), (lines[:5], "audit_export_incomplete"),
                       ([b"{}", *lines[1:]], "audit_export_unreadable")):  # fmt: skip
        changed.write_bytes(b"\n".join(kept))
        assert code in verify(changed)[1]


def test_what_the_chain_alone_cannot_show_is_found_against_the_anchors(anchors: Path, tmp_path: Path) -> None:
    act(7, 5)
    act(8, 2)
    services.take_anchor(at=AT)
    cut_tail(7, after=3)
    tamper("delete from audit_entry where chain_office_id = 8", "delete from audit_chain_head where office_id = 8")
    services.export_chains(path=tmp_path / "cut.jsonl", at=AT)
    assert verify(tmp_path / "cut.jsonl") == (0, [])
    assert verify(tmp_path / "cut.jsonl", *with_anchors(anchors)) == (1, ["audit_chain_cut", "audit_chain_missing"])


def test_a_rewritten_chain_is_found_in_the_export(export: Path, anchors: Path, tmp_path: Path) -> None:
    rewrite_chain(7, from_sequence=2)
    services.export_chains(path=tmp_path / "rewritten.jsonl", at=AT)
    assert verify(tmp_path / "rewritten.jsonl") == (0, [])
    assert verify(tmp_path / "rewritten.jsonl", *with_anchors(anchors)) == (1, ["audit_chain_rewritten"])


def test_the_export_of_one_chain_misses_no_other(export: Path, anchors: Path, tmp_path: Path) -> None:
    services.export_chains(path=tmp_path / "seven.jsonl", at=AT, offices=[7])
    assert verify(tmp_path / "seven.jsonl", *with_anchors(anchors)) == (0, [])


def test_details_go_along_only_within_the_scope_named(anchors: Path, tmp_path: Path) -> None:
    act(7, 2)
    act(8, 2)
    services.export_chains(path=tmp_path / "details.jsonl", at=AT, offices=[7, 8], scope=[7])
    lines = [json.loads(line) for line in (tmp_path / "details.jsonl").read_text().splitlines()]
    assert {line["e"]["office"] for line in lines if "d" in line} == {7}
    assert verify(tmp_path / "details.jsonl") == (0, [])


@pytest.mark.parametrize(
    ("rights", "offices", "details", "code"),
    [
        ({"audit.read"}, None, False, "not_allowed"),
        ({"audit.export"}, [7], True, "not_allowed"),
        ({"record.read", "restricted.read"}, [8], True, "office_not_in_scope"),
        ({"record.read", "restricted.read"}, None, True, "office_not_in_scope"),
    ],
)
def test_who_may_not_take_the_trail_out(rights: set[str], offices: list[int] | None, details: bool, code: str) -> None:
    actor = Actor(login="a", office_id=7, office_ids=frozenset({7}), rights=frozenset(rights))
    with pytest.raises(RuleBroken) as refusal:
        services.note_export(actor=actor, at=AT, offices=offices, details=details)
    assert refusal.value.code == code
    assert Entry.objects.count() == 0


# ---- the commands


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("audit", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_takes_anchors_verifies_and_exports(anchors: Path, tmp_path: Path) -> None:
    act(7, 3)
    assert "whole (no anchor: a cut tail would not show)" in run("verify")
    assert run("anchor").startswith("anchor 1: 2 chain(s)")
    assert "whole (anchor 1)" in run("verify")
    act(7, 2)
    assert "2 chain(s), 3 entries since anchor 1: whole" in run("verify", "--since-anchor")
    assert "in use" in run("exchange-key")
    run("export", str(tmp_path / "out.jsonl"))
    assert verify(tmp_path / "out.jsonl", *with_anchors(anchors)) == (0, [])
    assert Entry.objects.filter(verb="audit.exported").count() == 1
    with pytest.raises(CommandError) as refused:
        run("export", str(tmp_path / "out.jsonl"))
    assert refused.value.returncode == 2


def test_the_command_ends_with_one_for_a_fault_and_says_where(anchors: Path) -> None:
    act(7, 3)
    run("anchor")
    cut_tail(7, after=1)
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("audit", "verify", stdout=out)
    assert refused.value.returncode == 1
    assert "audit_chain_cut: office 7, entries 2–3, anchor 1: " in out.getvalue()
    with pytest.raises(CommandError) as refused:
        run("anchor")
    assert refused.value.returncode == 2
    assert "audit_anchor_refused" in str(refused.value)
