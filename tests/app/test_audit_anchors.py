"""Anchors: what the chain alone cannot show – a cut tail, a chain rewritten whole, an old backup – shows against them."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event, Thread

import pytest
from audit_parts import AT, HOUR, SYSTEM, act, anchors, codes, cut_tail, rewrite_chain, tamper
from django.db import connection

from hotich.audit import adapters, services
from hotich.audit.models import Anchor, ChainHead, Entry
from hotich.audit.rules.anchors import anchor_line, signed_bytes
from hotich.kernel.problems import RuleBroken

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["anchors"]


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def write(path: Path, lines: list[bytes]) -> None:
    path.write_bytes(b"".join(line + b"\n" for line in lines))


def test_chains_that_grow_after_an_anchor_are_whole(anchors: Path) -> None:
    act(7, 3)
    act(8, 2)
    services.take_anchor(at=AT)
    act(7, 30)
    assert codes() == []
    services.take_anchor(at=AT + HOUR)
    first, second = (json.loads(line)["anchor"] for line in lines_of(anchors))
    assert (first["chains"], first["entries"], first["full"]) == (2, 5, True)
    assert [head[:2] for head in second["heads"]] == [[7, 33]]  # only what moved
    assert (second["chains"], second["entries"], second["full"]) == (2, 35, False)
    assert codes() == []


def test_a_tail_cut_together_with_its_head_is_found(anchors: Path) -> None:
    act(7, 6)
    act(8, 2)
    services.take_anchor(at=AT)
    cut_tail(7, after=4)
    assert codes(anchors=services.Anchors(file=Path("/nowhere"))) == [("audit_anchor_file_behind", 0, 0, 1)]
    assert codes() == [("audit_chain_cut", 7, 5, 1)]


def test_a_chain_rewritten_with_valid_hashes_is_found_with_the_anchor_that_knows_better(anchors: Path) -> None:
    act(7, 3)
    services.take_anchor(at=AT)
    act(7, 3)
    services.take_anchor(at=AT + HOUR)
    act(7, 3)
    services.take_anchor(at=AT + 2 * HOUR)
    rewrite_chain(7, from_sequence=5)
    assert codes() == [("audit_chain_rewritten", 7, 6, 2)]
    rewrite_chain(7, from_sequence=2)
    assert codes() == [("audit_chain_rewritten", 7, 3, 1)]


def test_what_was_rewritten_after_the_last_anchor_is_not_seen(anchors: Path) -> None:
    """The limit of the method: between two anchors whoever owns the machine can still rewrite. Hence every hour."""
    act(7, 3)
    services.take_anchor(at=AT)
    act(7, 2)
    rewrite_chain(7, from_sequence=5)
    assert codes() == []


def test_an_old_backup_put_back_is_found(anchors: Path) -> None:
    act(7, 3)
    act(8, 2)
    services.take_anchor(at=AT)
    tables = ("audit_entry", "audit_detail", "audit_chain_head", "audit_anchor")
    tamper(*(f"create table backup_{table} as table {table}" for table in tables))
    try:
        act(7, 4)
        act(9, 1)
        services.take_anchor(at=AT + HOUR)
        for table in tables:
            tamper(f"delete from {table}", f"insert into {table} select * from backup_{table}")
        assert codes() == [
            ("audit_chain_cut", 7, 4, 2),
            ("audit_chain_missing", 9, 0, 2),
            ("audit_database_older", 0, 0, 2),
        ]
        # and no later anchor seals it, until somebody says the restore was meant
        with pytest.raises(RuleBroken) as refusal:
            services.take_anchor(at=AT + 2 * HOUR)
        assert refusal.value.code == "audit_anchor_refused"
        services.accept_loss(actor=SYSTEM, at=AT + 2 * HOUR, reason="khôi phục sau sự cố đĩa")
        found = services.verify_chains()
        assert found.faults == []
        assert [(n.code, n.office, n.sequence, n.through, n.anchor) for n in found.notes] == [
            ("audit_loss_accepted", 7, 4, 7, 3),
            ("audit_loss_accepted", 9, 1, 1, 3),
        ]
        assert json.loads(lines_of(anchors)[2])["anchor"]["loss"] == {
            "reason": "khôi phục sau sự cố đĩa",
            "by": "system",
        }
    finally:
        tamper(*(f"drop table backup_{table}" for table in tables))


def test_a_loss_is_accepted_only_with_a_reason(anchors: Path) -> None:
    with pytest.raises(RuleBroken) as refusal:
        services.accept_loss(actor=SYSTEM, at=AT, reason="  ")
    assert refusal.value.code == "audit_reason_required"
    assert not anchors.exists()


def test_a_whole_chain_that_vanished_is_found(anchors: Path) -> None:
    act(7, 3)
    act(8, 2)
    services.take_anchor(at=AT)
    tamper("delete from audit_entry where chain_office_id = 8", "delete from audit_chain_head where office_id = 8")
    assert codes() == [("audit_chain_missing", 8, 0, 1)]


# ---- the file itself


def three_anchors(path: Path) -> list[bytes]:
    for number in range(3):
        act(7, 2)
        services.take_anchor(at=AT + number * HOUR)
    return lines_of(path)


def test_a_changed_line_is_found_by_its_signature_and_by_the_next_line(anchors: Path) -> None:
    first, second, third = three_anchors(anchors)
    write(anchors, [first, second.replace(b'"entries":4', b'"entries":5'), third])
    assert ("audit_anchor_signature_wrong", 0, 0, 2) in codes()
    assert ("audit_anchor_changed", 0, 0, 3) in codes()


def test_removed_and_exchanged_lines_are_found(anchors: Path) -> None:
    first, second, third = three_anchors(anchors)
    write(anchors, [first, third])
    assert [code[0] for code in codes()] == ["audit_anchor_missing"]
    write(anchors, [second, third])
    assert "audit_anchor_missing" in [code[0] for code in codes()]
    write(anchors, [first, third, second])
    assert "audit_anchor_missing" in [code[0] for code in codes()]
    write(anchors, [first, b"{}", second, third])
    assert [code[0] for code in codes()] == ["audit_anchor_unreadable"]


def test_a_line_signed_by_another_key_is_not_believed(anchors: Path) -> None:
    lines = three_anchors(anchors)
    stranger = adapters.new_key()
    content = json.loads(lines[2])["anchor"] | {"key": stranger.id}
    write(anchors, [*lines[:2], anchor_line(content, stranger.sign(signed_bytes(content)))])
    assert ("audit_anchor_key_unknown", 0, 0, 3) in codes()
    # and under the name of our key its signature is wrong
    content = json.loads(lines[2])["anchor"]
    write(anchors, [*lines[:2], anchor_line(content, stranger.sign(signed_bytes(content)))])
    assert ("audit_anchor_signature_wrong", 0, 0, 3) in codes()


def test_a_lost_last_line_is_found_by_the_database_and_nothing_is_appended_behind_it(anchors: Path) -> None:
    lines = three_anchors(anchors)
    write(anchors, lines[:2])
    assert codes() == [("audit_anchor_file_behind", 0, 0, 3)]
    with pytest.raises(RuleBroken) as refusal:
        services.take_anchor(at=AT + 3 * HOUR)
    assert refusal.value.code == "audit_anchor_file_behind"


def test_a_last_line_lost_in_file_and_database_shows_only_against_a_copy_kept_elsewhere(
    anchors: Path, tmp_path: Path
) -> None:
    lines = three_anchors(anchors)
    write(tmp_path / "copy.jsonl", lines)
    cut_tail(7, after=4)
    write(anchors, lines[:2])
    tamper("delete from audit_anchor where number = 3")
    assert codes() == []
    assert codes(anchors=services.Anchors(file=tmp_path / "copy.jsonl")) == [
        ("audit_chain_cut", 7, 5, 3),
        ("audit_database_older", 0, 0, 3),
    ]


def test_a_line_half_written_in_a_power_cut_does_not_spoil_the_next(anchors: Path) -> None:
    lines = three_anchors(anchors)
    write(anchors, lines)
    tamper("delete from audit_anchor where number = 3")  # its transaction was not committed either
    anchors.write_bytes(b"\n".join([*lines[:2], lines[2][:50]]))
    act(7, 1)
    services.take_anchor(at=AT + 3 * HOUR)
    assert codes() == [("audit_anchor_unreadable", 0, 0, 3)]
    assert len(lines_of(anchors)) == 4


def test_a_line_whose_transaction_did_not_commit_is_gone_on_from(anchors: Path) -> None:
    three_anchors(anchors)
    tamper("delete from audit_anchor where number = 3")
    assert codes() == []
    assert services.take_anchor(at=AT + 3 * HOUR).number == 4
    assert codes() == []


def test_a_new_file_begins_only_on_demand_and_has_every_head(anchors: Path) -> None:
    lines = three_anchors(anchors)
    act(8, 1)
    anchors.unlink()
    with pytest.raises(RuleBroken) as refusal:
        services.take_anchor(at=AT + 3 * HOUR)
    assert refusal.value.code == "audit_anchor_file_missing"
    services.take_anchor(at=AT + 3 * HOUR, new_file=True)
    content = json.loads(lines_of(anchors)[0])["anchor"]
    assert (content["number"], content["full"], len(content["heads"])) == (4, True, 2)
    assert codes() == []
    write(anchors, [*lines, *lines_of(anchors)])  # and it goes on from the old one
    assert codes() == []


# ---- keys


def test_after_an_exchange_of_keys_the_first_public_key_still_proves_everything(anchors: Path, tmp_path: Path) -> None:
    act(7, 2)
    services.take_anchor(at=AT)
    copy = tmp_path / "first-keys.json"
    copy.write_bytes((anchors.parent / "keys.json").read_bytes())
    old = adapters.signing_key()
    services.exchange_anchor_key(actor=SYSTEM, at=AT + HOUR)
    new = adapters.signing_key()
    act(7, 2)
    assert services.take_anchor(at=AT + 2 * HOUR).key_id == new.id != old.id
    assert set(adapters.public_keys()) == {old.id, new.id}
    assert codes(anchors=services.Anchors(keys=copy)) == []
    # the old key signs nothing any more, whoever may have got hold of it
    lines = lines_of(anchors)
    content = json.loads(lines[2])["anchor"] | {"key": old.id}
    write(anchors, [*lines[:2], anchor_line(content, old.sign(signed_bytes(content)))])
    assert ("audit_anchor_key_unknown", 0, 0, 3) in codes(anchors=services.Anchors(keys=copy))
    assert Entry.objects.filter(verb="audit.key_exchanged").count() == 1


def test_a_machine_that_stopped_in_the_exchange_finds_the_new_key_again(anchors: Path, tmp_path: Path) -> None:
    act(7, 1)
    services.take_anchor(at=AT)
    old = (tmp_path / "secrets" / "audit_anchor.pem").read_bytes()
    services.exchange_anchor_key(actor=SYSTEM, at=AT + HOUR)
    new = (tmp_path / "secrets" / "audit_anchor.pem").read_bytes()
    (tmp_path / "secrets" / "audit_anchor.next.pem").write_bytes(new)
    (tmp_path / "secrets" / "audit_anchor.pem").write_bytes(old)
    services.take_anchor(at=AT + 2 * HOUR)
    assert codes() == []


def test_a_lost_key_is_not_replaced_in_silence(anchors: Path, tmp_path: Path) -> None:
    act(7, 1)
    services.take_anchor(at=AT)
    (tmp_path / "secrets" / "audit_anchor.pem").unlink()
    with pytest.raises(RuleBroken) as refusal:
        services.take_anchor(at=AT + HOUR)
    assert refusal.value.code == "audit_key_lost"
    assert len(lines_of(anchors)) == 1


def test_only_its_owner_can_read_the_private_key(anchors: Path, tmp_path: Path) -> None:
    services.take_anchor(at=AT)
    assert (tmp_path / "secrets" / "audit_anchor.pem").stat().st_mode & 0o077 == 0


# ---- while others write


def test_an_anchor_taken_while_others_write_is_of_one_moment(anchors: Path) -> None:
    """A writer adds two entries a transaction; an anchor sees both or none."""
    stop = Event()
    act(7, 1)

    def write_on() -> None:
        try:
            while not stop.is_set():
                act(7, 2, detail=False)
        finally:
            connection.close()

    writer = Thread(target=write_on)
    writer.start()
    try:
        for number in range(8):
            services.take_anchor(at=AT + number * HOUR)
    finally:
        stop.set()
        writer.join()
    heads = [head for line in lines_of(anchors) for head in json.loads(line)["anchor"]["heads"]]
    assert all(sequence % 2 == 1 for _office, sequence, _hash in heads)  # never in the middle of a unit of work
    assert codes() == []
    assert Anchor.objects.count() == 8
    assert ChainHead.objects.get(office_id=7).sequence == Entry.objects.count()


def test_two_that_anchor_at_once_write_one_line_after_the_other(anchors: Path) -> None:
    act(7, 1)

    def anchor() -> None:
        try:
            for _ in range(4):
                services.take_anchor(at=AT)
        finally:
            connection.close()

    threads = [Thread(target=anchor) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [json.loads(line)["anchor"]["number"] for line in lines_of(anchors)] == list(range(1, 9))
    assert codes() == []
