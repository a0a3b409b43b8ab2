"""Real PostgreSQL: the owner migrates the test database, then the connection becomes the serving role's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from register_pages import FontBook, merged_fonts

# the same examples in every run, and no clock decides; `--hypothesis-profile=wide` looks for new ones
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("wide", deadline=None, max_examples=500)
settings.load_profile("steady")

REFERENCE_TABLES = {  # filled by migrations, never emptied between tests
    "django_migrations", "django_content_type", "auth_permission", "auth_group",
    "units_administrativeunit", "units_unitchange", "units_office", "units_officesuccession",
    "administrative_unit", "unit_change", "office", "office_succession",
}  # fmt: skip


LONG_FIRST = frozenset({
    "test_every_page", "test_keying_offline", "test_hostile_addresses", "test_operation_backup", "test_operation_s3",
    "test_operation_secrets", "test_operation_upgrade", "test_operation_killed", "test_files_on_s3", "test_match_runs",
    "test_scans_workers", "test_matching_spark", "test_serve",
})  # fmt: skip
"""Files of minutes: begun first, so that no worker sits alone with one at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.stem not in LONG_FIRST)


FIRST_OFFICER = 1_000_000
"""Actors of tests are given small numbers of officers (11, 22): one a test makes must never be one of them."""


def _officers_begin_high() -> None:
    """Number the officers that tests make from FIRST_OFFICER on; only the owner may."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select setval(pg_get_serial_sequence('officer', 'id'), %s, false)", [FIRST_OFFICER])


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Create and migrate the test database (one for each worker) as its owner; serve tests as hotich_app."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from hotich.database.roles import as_owner, owner_credentials

    with django_db_blocker.unblock():
        app = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
        connection.settings_dict.update(owner_credentials())
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        _officers_begin_high()
        connection.close()
        connection.settings_dict.update(app)
    yield
    with django_db_blocker.unblock(), as_owner():
        connection.close()
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True, scope="session")
def _flush_as_owner() -> None:
    """A transactional test ends by emptying every table but the reference tables; only the owner may."""
    from django.db import connection
    from django.test import TransactionTestCase

    from hotich.database.roles import as_owner

    def flush(self: TransactionTestCase) -> None:
        with as_owner(), connection.cursor() as cursor:
            tables = sorted(set(connection.introspection.table_names(cursor)) - REFERENCE_TABLES)
            names = ", ".join(f'"{table}"' for table in tables)
            cursor.execute(f"truncate {names} restart identity cascade")
            _officers_begin_high()

    TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]


@pytest.fixture
def in_scope(db: None) -> Any:
    """`in_scope(office, …)`: the rest of the test sees the rows of these offices."""
    from django.db import connection

    def enter(*offices: Any) -> None:
        value = ",".join(str(getattr(office, "pk", office)) for office in offices)
        with connection.cursor() as cursor:
            cursor.execute("select set_config('app.offices', %s, true)", [value])

    return enter


@pytest.fixture(scope="session")
def page_fonts() -> FontBook:
    """The faces of tests/register_pages: merged once, kept in the state folder."""
    from hotich.database.state import state_folder

    node_modules = Path(__file__).resolve().parents[1] / "node_modules"
    return merged_fonts(node_modules, state_folder() / "cache" / "page-fonts")
