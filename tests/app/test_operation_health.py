"""Probes tell strangers one word; the page of the administrator tells everything; failed jobs run again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from accounts_parts import make_officer, open_offices
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from hotich.config.operation import health, places
from hotich.config.operation.caretaker import Caretaker
from hotich.config.rules.alarms import Disk
from hotich.database.state import secret
from hotich.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    health.is_ready.forget()
    health.banner_alarms.forget()


def _worker_lives(age: timedelta = timedelta(0)) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (%s)", [clock.now() - age])


def _job(status: str = "failed", task: str = "intake.import_book", args: str = "{}") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args, status, attempts) "
            "values ('imports', %s, %s, 'todo', 3) returning id",
            [task, args],
        )
        job_id = int(cursor.fetchone()[0])
        cursor.execute("update procrastinate_jobs set status = 'doing' where id = %s", [job_id])
        cursor.execute(f"update procrastinate_jobs set status = '{status}' where id = %s", [job_id])
    return job_id


def _status(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select status::text from procrastinate_jobs where id = %s", [job_id])
        return str(cursor.fetchone()[0])


def _administrator(client: Client) -> Client:
    officer = make_officer("ky.thuat", office=open_offices(1)[0], role="technical_administrator")
    client.force_login(officer, settings.AUTHENTICATION_BACKENDS[-1])
    return client


@override_settings(ALLOWED_HOSTS=["hotich.example.vn"], SECURE_SSL_REDIRECT=True)
def test_the_probes_answer_one_word_whatever_the_host_and_without_tls(client: Client) -> None:
    for address in ("/healthz", "/readyz"):
        _worker_lives()
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert "Set-Cookie" not in answer.headers


def test_not_ready_while_no_worker_gives_a_sign_or_a_migration_waits(client: Client) -> None:
    _worker_lives(timedelta(minutes=5))
    assert (client.get("/readyz").status_code, client.get("/readyz").content) == (503, b"not ready\n")
    _worker_lives()
    health.is_ready.forget()
    assert client.get("/readyz").status_code == 200
    health.is_ready.forget()
    with connection.cursor() as cursor:
        cursor.execute("set local role hotich_app")
        cursor.execute("insert into django_migrations (app, name, applied) values ('files', '9999_later', now())")
    assert client.get("/readyz").status_code == 503


def test_metrics_are_for_this_machine_and_for_the_token(client: Client) -> None:
    told = client.get("/metrics")
    assert told.status_code == 200
    for name in ("hotich_database_up 1.0", "hotich_jobs_failed", 'hotich_disk_used_percent{volume="state"}'):
        assert name in told.content.decode()
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    by_proxy = {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}  # its address is that of the proxy: this machine
    assert client.get("/metrics", **by_proxy).status_code == 404
    token = {"HTTP_AUTHORIZATION": f"Bearer {secret('metrics')}"}
    assert client.get("/metrics", **by_proxy, **token).status_code == 200
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong").status_code == 404


def test_metrics_name_views_and_no_address_of_a_request(client: Client) -> None:
    client.get("/ban-ghi/", {"q": "Nguyễn Thị Hồng 066301001234"})
    told = client.get("/metrics").content.decode()
    assert "django_http_requests_total_by_view_transport_method_total" in told
    for planted in ("Hồng", "066301001234", "?q="):
        assert planted not in told


def test_only_the_technical_administrator_opens_the_state_of_the_system(client: Client) -> None:
    assert client.get("/he-thong/").status_code == 302
    officer = make_officer("can.bo", office=open_offices(1)[0])
    client.force_login(officer, settings.AUTHENTICATION_BACKENDS[-1])
    assert client.get("/he-thong/").status_code == 403
    assert client.post("/he-thong/cong-viec/1/chay-lai/").status_code == 403
    page = _administrator(Client()).get("/he-thong/")
    assert page.status_code == 200
    text = page.content.decode()
    for words in ("Tình trạng hệ thống", "Phiên bản PostgreSQL", "Lần sao lưu gần nhất", "Tiến trình nền"):
        assert words in text


def test_a_failed_job_is_run_again_or_set_aside_and_both_stand_in_the_trail(client: Client) -> None:
    _administrator(client)
    first, second, running = _job(args='{"name": "Nguyễn Thị Hồng"}'), _job(), _job("succeeded")
    page = client.get("/he-thong/").content.decode()
    assert f'id="row-{first}"' in page
    assert "Hồng" not in page
    assert client.post(f"/he-thong/cong-viec/{first}/chay-lai/").status_code == 302
    assert client.post(f"/he-thong/cong-viec/{second}/bo-qua/").status_code == 302
    assert (_status(first), _status(second)) == ("todo", "aborted")
    refused = client.post(f"/he-thong/cong-viec/{running}/chay-lai/", follow=True)
    assert "không ở trạng thái lỗi" in refused.content.decode()
    assert client.post("/he-thong/cong-viec/99999999/chay-lai/").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("select verb, subject_id from audit_entry where verb like 'job.%%' order by sequence", [])
        assert cursor.fetchall() == [("job.retried", str(first)), ("job.set_aside", str(second))]


def test_the_worst_alarm_stands_on_every_page_of_the_administrator_and_of_nobody_else(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.disks, "disks", lambda: [Disk("state", 100, 8)])
    _worker_lives()
    words = "đã dùng 92%"
    assert words in _administrator(client).get("/tu-dien/", follow=True).content.decode()
    assert words in client.get("/he-thong/").content.decode()
    other = Client()
    other.force_login(make_officer("can.bo", office=open_offices(1)[0]), settings.AUTHENTICATION_BACKENDS[-1])
    assert words not in other.get("/tu-dien/", follow=True).content.decode()


@override_settings(DEMO=False)
def test_a_failed_and_an_old_backup_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    now, notes = datetime(2026, 11, 25, 12, tzinfo=UTC), dict[str, Any]()
    monkeypatch.setattr(places, "noted", lambda name: notes if name == "backup" else {})
    monkeypatch.setattr(health.launcher, "uses_server", lambda: False)

    def codes() -> set[str]:
        return {alarm.code for alarm in health.current_alarms(now) if alarm.code.startswith("backup")}

    assert codes() == {"backup_never"}
    notes |= {"ok_at": (now - timedelta(days=2)).isoformat(), "holds_secrets": True}
    assert codes() == {"backup_old"}
    notes |= {"failed_at": now.isoformat(), "error": "LauncherError: no room"}
    assert codes() == {"backup_old", "backup_failed"}
    notes |= {"ok_at": now.isoformat(), "error": ""}
    assert codes() == set()


def test_errors_in_the_log_are_counted_for_a_day(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(health, "state_folder", lambda: tmp_path)
    (tmp_path / "logs").mkdir()
    lines = [
        '{"level": "error", "timestamp": "2026-11-25T01:00:00Z"}', '{"level": "error", "timestamp": "2026-11-23T01:00:00Z"}',
        '{"level": "warning", "timestamp": "2026-11-25T01:00:00Z"}', "cut off", "12",
    ]  # fmt: skip
    (tmp_path / "logs" / "hotich.log").write_text("\n".join(lines))
    assert health.logged(datetime(2026, 11, 24, 12, tzinfo=UTC)) == (1, 1)


def test_a_volume_that_fills_is_logged_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("hotich.config.operation.disks.disks", lambda: [Disk("wal", 100, 5)])
    keeper = Caretaker()
    for _ in range(3):
        keeper.looked_at = -1000.0
        keeper.tick()
    assert sum("disk_alarm" in record.getMessage() for record in caplog.records) == 1
