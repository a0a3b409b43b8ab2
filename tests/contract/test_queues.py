"""Every job has a worker that takes it."""

from __future__ import annotations

from procrastinate.contrib.django import app

from hotich.config.management.commands import serve


def test_every_queue_has_a_worker() -> None:
    served = {
        queue
        for queues in (serve.LONG_JOBS, serve.SHORT_JOBS, serve.SCANS, serve.MATCHING)
        for queue in queues.split(",")
    }
    asked = {task.queue for task in app.tasks.values()} - {"builtin"}  # theirs is deferred by nobody
    assert len(asked) >= 5
    assert asked == served
