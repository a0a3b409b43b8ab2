"""Work in the background: a job whose worker was killed begins again by itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from hotich.database.scope import office_scope
from hotich.intake import tasks
from hotich.intake.models import Batch, BatchState
from hotich.intake.services import Delivery, start_import
from tests.app.accounts_parts import make_officer, open_offices
from tests.app.intake_parts import AT, keyer, rows_of, workbook

pytestmark = pytest.mark.django_db(transaction=True)


def _sql(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _state(job: int) -> str:
    return str(ProcrastinateJob.objects.get(id=job).status)


def test_the_work_of_a_killed_worker_begins_again_and_that_of_a_living_one_goes_on() -> None:
    office = open_offices(1)[0]
    make_officer("nhap.lieu", office=office, role="keyer", totp=False)
    with office_scope([office.id]):
        delivery = Delivery("KS.xlsx", workbook(rows_of("KS", 2)))
        batch = start_import(actor=keyer(office), at=AT, office_id=office.id, delivery=delivery)
    arguments = {"batch_id": str(batch.id), "login": "nhap.lieu", "office_id": office.id}
    killed, running = (tasks.import_book_job.defer(**arguments) for _ in range(2))
    dead = _sql("insert into procrastinate_workers (last_heartbeat) values (now() - interval '5 min') returning id")
    alive = _sql("insert into procrastinate_workers (last_heartbeat) values (now()) returning id")
    for job, worker in ((killed, dead), (running, alive)):
        _sql(
            "update procrastinate_jobs set status = 'doing', worker_id = %s where id = %s returning id",
            worker[0][0],
            job,
        )
    async_to_sync(tasks.resume_interrupted_job.func)(SimpleNamespace(app=app), timestamp=0)
    assert (_state(killed), _state(running)) == ("todo", "doing")
    tasks.import_book_job(**arguments)
    with office_scope([office.id]):
        assert Batch.objects.get(id=UUID(str(batch.id))).state == BatchState.LOADED


def test_what_is_done_every_minute_is_known_to_the_worker() -> None:
    planned = {name for name, _ in app.periodic_registry.periodic_tasks}
    assert {"intake.refresh_dispatch", "intake.resume_interrupted"} <= planned
