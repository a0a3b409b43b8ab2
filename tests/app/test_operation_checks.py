"""The settings of a real installation pass Django's own inspection, and logs keep planted names out, whoever logs."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest
import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings
from django.urls import path
from operation_parts import prepared

NAMES = ("Nguyễn Thị Hồng", "Nguyen Thi Hong", "K'Brêu")
NUMBERS = ("066301001234", "0663 0100 1234", "012345678")


def test_the_settings_of_production_pass_the_inspection_for_deployment() -> None:
    kept = {key: value for key, value in os.environ.items() if key != "HOTICH_SECRET_KEY"}
    done = subprocess.run(
        [sys.executable, "-m", "hotich", "check", "--deploy", "--fail-level", "WARNING"],
        env=kept | {"DJANGO_SETTINGS_MODULE": "hotich.config.settings.prod", "HOTICH_HOSTS": "hotich.example.vn"},
        capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def written(records: list[logging.LogRecord]) -> str:
    json_form = settings.LOGGING["formatters"]["json"]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=json_form["processors"], foreign_pre_chain=json_form["foreign_pre_chain"]
    )
    return "\n".join(formatter.format(record) for record in records)


def fails_in_the_database(request: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select %s::date", [f"{NAMES[0]} {NUMBERS[0]}"])


def fails_in_python(request: object) -> None:
    raise LookupError(f"nobody called {NAMES[0]} with {NUMBERS[0]}")


urlpatterns = [path("db/", fails_in_the_database), path("py/", fails_in_python)]


def _without(text: str) -> None:
    for planted in (*NAMES, *NUMBERS, "Hồng", "Hong", "%E1%BB%93"):
        assert planted not in text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/db/", "/py/"])
def test_a_failing_request_leaves_no_planted_name(address: str, caplog: pytest.LogCaptureFixture) -> None:
    for logger in ("django.request", "django"):
        logging.getLogger(logger).addHandler(caplog.handler)
    try:
        with override_settings(ROOT_URLCONF=__name__), caplog.at_level(logging.INFO):
            query = {"q": NAMES[0], "so": NUMBERS[0]}
            answer = Client(raise_request_exception=False).post(f"{address}?q={NAMES[0]}", query)
            assert answer.status_code == 500
    finally:
        for logger in ("django.request", "django"):
            logging.getLogger(logger).removeHandler(caplog.handler)
    text = written(caplog.records)
    assert any(json.loads(line).get("exception") for line in text.splitlines())
    _without(text)


@pytest.mark.django_db(transaction=True)
def test_errors_of_the_database_logged_by_hand_or_by_a_library_are_masked(caplog: pytest.LogCaptureFixture) -> None:
    for name in NAMES:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("insert into stored_file (name) values (%s)", [name])
        except DatabaseError as error:
            logging.getLogger("third.party").warning("statement failed: %s", error)
            logging.getLogger("third.party").warning(f"statement failed: {error}")
            logging.getLogger("third.party").exception("while storing %(name)s", {"name": name})
            structlog.get_logger("hotich.test").warning("store_failed", reason=str(error), who=name, number=NUMBERS[0])
    text = written(caplog.records)
    assert len(text.splitlines()) == 4 * len(NAMES)
    _without(text)
    assert "store_failed" in text
    assert "while storing" in text


WORK = """
import django
django.setup()
from procrastinate.contrib.django import app
job = app.configure_task("intake.import_book", queue="imports")
job.defer(batch_id="Nguyễn Thị Hồng", login="0663 0100 1234", office_id=1)
"""


@pytest.mark.timeout(400)
def test_a_background_job_that_fails_tells_neither_its_arguments_nor_its_error() -> None:
    place = prepared("logs")
    try:
        place.run(WORK)
        place.sql("update procrastinate_jobs set attempts = 9")  # the last try: now the failure is told
        done = place.hotich("procrastinate", "worker", "--one-shot")
        told = done.stdout + done.stderr + (place.state / "logs" / "hotich.log").read_text()
        assert "intake.import_book" in told
        _without(told)
        server = (place.state / "postgresql" / "server.log").read_text()
        place.hotich("db", "psql", "--", "-c", "select 'Nguyễn Thị Hồng 066301001234'::date")
        assert "invalid input" not in (place.state / "postgresql" / "server.log").read_text()[len(server) :]
        _without(server)
    finally:
        place.close()
