"""Is this program as new as the database? An older one on a newer database would do silent harm."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import version

from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader


def program_version() -> str:
    """The version of hotich."""
    return version("hotich")


@cache
def _brought() -> dict[tuple[str, str], Migration]:
    """The migrations of this program; they do not change while it runs."""
    found: dict[tuple[str, str], Migration] = MigrationLoader(None).disk_migrations
    return found


def known_migrations() -> set[tuple[str, str]]:
    """Every migration this program brings, those a squashed one stands for included."""
    return set(_brought()) | {pair for migration in _brought().values() for pair in migration.replaces}


def unknown_migrations(applied: Iterable[tuple[str, str]]) -> list[str]:
    """Of these, the migrations of apps that are installed which this program does not know: it is older."""
    known = known_migrations()
    apps = {app for app, _ in known}
    return sorted(f"{app}.{name}" for app, name in applied if app in apps and (app, name) not in known)


def applied_migrations() -> list[tuple[str, str]]:
    """What has been applied to the database; empty for a new one."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('django_migrations')")
        if cursor.fetchone()[0] is None:
            return []
        cursor.execute("select app, name from django_migrations order by id")
        return list(cursor.fetchall())


def pending_migrations(applied: Iterable[tuple[str, str]]) -> list[str]:
    """Migrations of this program that the database has not had yet."""
    done = set(applied)
    return sorted(
        f"{app}.{name}"
        for (app, name), migration in _brought().items()
        if (app, name) not in done and not (migration.replaces and done.issuperset(migration.replaces))
    )


def refusal(applied: Iterable[tuple[str, str]]) -> str:
    """Why this program must not touch a database with these migrations; "" when it may."""
    unknown = unknown_migrations(applied)
    if not unknown:
        return ""
    return (
        f"the database was brought up to date by a newer hotich than this one ({program_version()}); it does not know "
        f"{', '.join(unknown[:5])}. Use the newer program, or restore the backup made before the upgrade "
        "(docs/how-to/upgrade.md)"
    )
