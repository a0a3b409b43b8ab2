"""Upgrades with data in place: a backup first, an older program refused, PostgreSQL's major version changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from operation_parts import Installation, new_folder, prepared

pytestmark = pytest.mark.timeout(400)
FIFTEEN = Path("/usr/lib/postgresql/15/bin")


def test_an_older_state_is_backed_up_then_migrated_and_a_newer_one_is_refused() -> None:
    place = prepared("upgrade")
    try:
        place.works("migrate", "axes", "zero")  # as if this program had come with tables the state does not have
        said = place.works("setup", "--no-backup")
        assert "first a backup" not in said
        place.works("migrate", "axes", "zero")
        said = place.works("setup")
        assert "first a backup" in said
        assert len([path for path in (place.state / "backups").iterdir() if (path / "manifest.json").exists()]) == 1
        assert place.sql("select to_regclass('axes_accessattempt') is not null") == [(True,)]
        assert "first a backup" not in place.works("setup")  # nothing waits any more

        place.sql("insert into django_migrations (app, name, applied) values ('records', '9999_of_tomorrow', now())")
        for command in (["setup"], ["serve", "--port", "0"]):
            refused = place.refuses(*command)
            assert "newer hotich" in refused
            assert "records.9999_of_tomorrow" in refused
    finally:
        place.close()


@pytest.mark.skipif(not (FIFTEEN / "pg_dump").exists(), reason="no programs of a second major version on this machine")
def test_the_database_moves_to_another_major_version_of_postgresql() -> None:
    place = Installation(new_folder("major"))
    try:
        place.works("setup", HOTICH_POSTGRESQL=str(FIFTEEN))
        place.write("Bản cũ", 1)
        assert place.sql("show server_version_num")[0][0].startswith("15")  # type: ignore[attr-defined]
        place.works("db", "down", HOTICH_POSTGRESQL=str(FIFTEEN))
        refused = place.refuses("db", "up")
        assert "PostgreSQL 15" in refused
        assert "hotich db dump" in refused
        dump = place.state / "hotich.dump"
        place.works("db", "dump", str(dump), HOTICH_POSTGRESQL=str(FIFTEEN))
        assert dump.stat().st_mode & 0o077 == 0
        place.works("db", "down", HOTICH_POSTGRESQL=str(FIFTEEN))
        (place.state / "postgresql").rename(place.state / "postgresql-15")
        place.works("db", "load", str(dump))
        assert place.sql("show server_version_num")[0][0].startswith("18")  # type: ignore[attr-defined]
        assert "Bản cũ 0" in place.names()
        assert place.contents_open() == 1
        assert place.hotich("audit", "verify").returncode == 0
        assert place.hotich("db", "check-roles").returncode == 0
        assert "holds" in place.refuses("db", "load", str(dump))
    finally:
        place.close()
        subprocess.run(["rm", "-rf", str(place.state)], check=True)
