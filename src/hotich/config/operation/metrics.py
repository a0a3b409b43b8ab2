"""Figures for a monitoring system, in the text form of Prometheus. Labels: views, queues, volumes; nothing of a person."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime

from django.db import DatabaseError
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily

from hotich.config.operation import disks, health, places
from hotich.kernel import clock

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Installation:
    """Looked up when asked for: what the requests themselves do not tell."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The figures; those of the database are left out while it does not answer."""
        now = clock.now()
        try:
            found = [_gauge("hotich_database_up", "1 when the database answers", 1), *_of_database(now)]
        except DatabaseError:
            found = [_gauge("hotich_database_up", "1 when the database answers", 0)]
        yield from found
        used = GaugeMetricFamily("hotich_disk_used_percent", "Volumes hotich writes to", labels=["volume"])
        for disk in disks.disks():
            used.add_metric([disk.name], disk.percent)
        yield used
        yield from _of_safety(now)


def _of_database(now: datetime) -> Iterable[GaugeMetricFamily]:
    facts, work = health.database_facts(), health.work(now)
    yield _gauge("hotich_database_bytes", "Size of the database", facts.size)
    yield _gauge("hotich_database_connections", "Connections to the database", facts.connections)
    yield _gauge("hotich_standbys", "Standbys that are connected", facts.standbys)
    if facts.lag is not None:
        yield _gauge("hotich_replication_lag_seconds", "Largest lag of a standby", facts.lag.total_seconds())
    yield _gauge("hotich_jobs_waiting", "Background jobs that could run now", work.waiting)
    oldest = work.oldest_wait.total_seconds() if work.oldest_wait else 0
    yield _gauge("hotich_jobs_oldest_seconds", "How long the oldest waiting job waits", max(0, oldest))
    yield _gauge("hotich_jobs_failed", "Background jobs that gave up", work.failed)
    if work.silence is not None:
        yield _gauge("hotich_worker_silence_seconds", "Since a worker gave a sign", work.silence.total_seconds())
    if anchored := health.anchored_at():
        yield _gauge("hotich_anchor_age_seconds", "Age of the last anchor", (now - anchored).total_seconds())
    alarms = health.banner_alarms()
    for level in ("warning", "error"):
        count = sum(alarm.level == level for alarm in alarms)
        yield _gauge(f"hotich_alarms_{level}", f"Alarms of level {level}", count)


def _of_safety(now: datetime) -> Iterable[GaugeMetricFamily]:
    saved = health.saved()
    if saved.ok_at:
        yield _gauge("hotich_backup_age_seconds", "Age of the last whole backup", (now - saved.ok_at).total_seconds())
    yield _gauge(
        "hotich_backup_failed", "1 when the last backup failed", int(bool(places.noted("backup").get("error")))
    )


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def text() -> bytes:
    """All figures: of this process, or of all web processes where `serve` gave them a common folder."""
    registry = CollectorRegistry()
    registry.register(Installation())  # type: ignore[arg-type]
    requests = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        requests = CollectorRegistry()
        multiprocess.MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    return generate_latest(registry) + generate_latest(requests)
