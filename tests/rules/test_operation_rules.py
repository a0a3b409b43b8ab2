"""Thresholds, retention and masking: pure, so every edge is tried."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from hotich.config.logs import masked, without_personal_data
from hotich.config.operation import manifest
from hotich.config.operation.manifest import Manifest, ManifestError
from hotich.config.operation.places import Keep
from hotich.config.operation.retention import expired, moment_of, name_of
from hotich.config.rules.alarms import Disk, Saved, Work, of_backups, of_disks, of_work
from hotich.config.rules.schedule import is_due
from hotich.files.rules.sealing import FIRST_MARK, HEAD, SealBroken, is_under, is_whole, key_of, seal, unseal

NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
VIETNAM = timezone(timedelta(hours=7))


def test_a_name_tells_when_the_backup_began() -> None:
    assert moment_of(name_of(NOW)) == NOW
    assert moment_of(".20261125T180000Z.unfinished") is None
    assert moment_of("files") is None


def test_the_newest_of_each_kept_day_week_and_month_stays() -> None:
    names = [name_of(NOW - timedelta(days=day, hours=hour)) for day in range(100) for hour in (0, 6)]
    gone = set(expired(names, Keep(7, 5, 3)))
    kept = sorted(set(names) - gone, reverse=True)
    days = [name_of(NOW - timedelta(days=day)) for day in range(7)]
    assert kept[:8] == [days[0], name_of(NOW - timedelta(hours=6)), *days[1:]]  # all of the last 24 hours
    assert {moment_of(name).strftime("%Y%m") for name in kept} >= {"202611", "202610", "202609"}  # type: ignore[union-attr]
    assert len(kept) <= 1 + 7 + 5 + 3
    assert expired([], Keep(7, 5, 3)) == []


def test_after_a_long_pause_the_only_backup_stays() -> None:
    assert expired(["20200101T000000Z"], Keep(1, 0, 0)) == []


@pytest.mark.parametrize(
    ("used", "codes"),
    [(79, []), (80, ["disk_filling"]), (89, ["disk_filling"]), (90, ["disk_nearly_full"]), (100, ["disk_nearly_full"])],
)
def test_a_volume_warns_from_80_percent_and_cries_from_90(used: int, codes: list[str]) -> None:
    assert [alarm.code for alarm in of_disks([Disk("state", 100, 100 - used)])] == codes


def test_a_part_of_a_percent_counts_as_one() -> None:
    assert Disk("state", 1000, 209).percent == 80


@pytest.mark.parametrize(
    ("saved", "codes"),
    [
        (Saved(expected=True), ["backup_never"]),
        (Saved(expected=False), []),
        (Saved(expected=True, ok_at=NOW - timedelta(hours=25)), []),
        (Saved(expected=True, ok_at=NOW - timedelta(hours=27)), ["backup_old"]),
        (Saved(expected=True, ok_at=NOW - timedelta(hours=2), failed_at=NOW), ["backup_failed"]),
        (Saved(expected=True, ok_at=NOW, failed_at=NOW - timedelta(hours=2)), []),
        (Saved(expected=True, ok_at=NOW, holds_secrets=False), ["backup_without_secrets"]),
        (Saved(expected=True, ok_at=NOW, missing=2), ["backup_files_missing"]),
    ],
)
def test_backups_alarm_when_failed_old_missing_or_incomplete(saved: Saved, codes: list[str]) -> None:
    assert [alarm.code for alarm in of_backups(saved, NOW)] == codes


def test_background_work_alarms() -> None:
    assert [a.code for a in of_work(Work(silence=timedelta(seconds=5)))] == []
    assert [a.code for a in of_work(Work())] == ["worker_silent"]
    busy = Work(waiting=3, oldest_wait=timedelta(minutes=16), failed=1, silence=timedelta(seconds=61))
    assert [a.code for a in of_work(busy)] == ["worker_silent", "jobs_waiting", "jobs_failed"]


def test_the_backup_of_the_day_is_made_once_made_up_and_tried_again() -> None:
    at, now = time(1, 30), datetime(2026, 11, 25, 1, 31, tzinfo=VIETNAM)
    yesterday = now - timedelta(days=1)
    assert is_due(now, at, yesterday, yesterday)
    assert not is_due(now, at, now, now)
    assert not is_due(now - timedelta(minutes=5), at, yesterday, yesterday)
    assert is_due(now.replace(hour=9), at, yesterday, yesterday)  # the machine was off in the night
    assert not is_due(now + timedelta(minutes=10), at, now, yesterday)  # it failed just now
    assert is_due(now + timedelta(hours=1), at, now, yesterday)
    assert is_due(now, at, None, None)


def _manifest() -> Manifest:
    return Manifest("20261125T180000Z", "whole", "a", "b", "0.1.0", [["audit", "0001_initial"]], 1, 9, [], "x")


def test_a_manifest_that_was_changed_is_refused(tmp_path: Path) -> None:
    manifest.write(tmp_path, _manifest())
    assert manifest.read(tmp_path) == _manifest()
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text().replace('"files": 1', '"files": 0'))
    with pytest.raises(ManifestError, match="was changed"):
        manifest.read(tmp_path)
    path.write_text(json.dumps({"form": 3, "hash": ""}))
    with pytest.raises(ManifestError, match="newer"):
        manifest.read(tmp_path)
    path.unlink()
    with pytest.raises(ManifestError, match="no whole backup"):
        manifest.read(tmp_path)


PLANTED = [
    "Nguyễn Thị Hồng", "K'Brêu", "Nguyen Thi Hong", "066301001234", "0663 0100 1234", "066.301.001.234", "012345678",
]  # fmt: skip


@pytest.mark.parametrize("secret", PLANTED)
@pytest.mark.parametrize(
    "message",
    [
        "duplicate key value violates unique constraint DETAIL: Key (full_name)=({}) already exists.",
        "Failing row contains (1, {}, 2001-05-06)",
        'invalid input syntax for type date: "{}"',
        "Job records.note[12](name='{}') ended with status: Error",
        "cannot read {} of the row",
    ],
)
def test_a_message_with_a_planted_name_or_number_is_masked(message: str, secret: str) -> None:
    told = masked(message.format(secret))
    assert secret not in told
    for part in secret.split():
        assert part not in told
    assert told.split()[0] in ("duplicate", "Failing", "invalid", "Job", "cannot")


@pytest.mark.parametrize("secret", [*PLANTED, "Hồng", "Binh"])
def test_a_value_logged_beside_a_message_is_masked(secret: str) -> None:
    event = without_personal_data(
        None,
        "info",
        {"event": "case_read", "who": secret, "all": [secret, {"x": secret}], "count": 3, "code": "ks.done"},
    )
    assert secret not in json.dumps(event, ensure_ascii=False)
    assert (event["count"], event["code"], event["event"]) == (3, "ks.done", "case_read")


def test_ids_paths_and_times_stay_readable() -> None:
    known = {
        "event": "request_started", "request": "GET /ban-ghi/0193e1c2-1111-7abc-8def-123456789012/", "timestamp": "2026",
        "request_id": "0193e1c2-1111-7abc-8def-123456789012", "user_id": 12, "level": "info",
    }  # fmt: skip
    assert without_personal_data(None, "info", dict(known)) == known


def test_content_opens_with_a_former_key_and_says_which_key_it_is_under() -> None:
    old, new, content = key_of("old"), key_of("new"), b"scan"
    sha256 = hashlib.sha256(content).hexdigest()
    sealed = seal(old, content, sha256)
    assert unseal([new, old], sealed, sha256) == content
    assert is_under(old, sealed[:HEAD])
    assert not is_under(new, sealed[:HEAD])
    assert is_whole(sealed[:HEAD], len(sealed), len(content))
    assert not is_whole(sealed[:HEAD], len(sealed) - 8, len(content))  # as long as the first form would be
    with pytest.raises(SealBroken):
        unseal([new], sealed, sha256)


def test_content_sealed_in_the_first_form_still_opens() -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key, content, nonce = key_of("old"), b"scan", b"n" * 12
    sha256 = hashlib.sha256(content).hexdigest()
    sealed = FIRST_MARK + nonce + AESGCM(key).encrypt(nonce, content, sha256.encode())
    assert unseal([key_of("new"), key], sealed, sha256) == content
    assert is_whole(sealed[:HEAD], len(sealed), len(content))
    assert not is_under(key, sealed[:HEAD])  # so a change of keys brings it into the present form
