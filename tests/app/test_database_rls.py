"""No context means no rows: proved with raw SQL on every protected table, in real transactions."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from hotich.database.scope import office_scope, offices_in_scope

# tables that hold no citizen's data, with the reason
OPEN_TABLES = {
    "audit_chain_head": "hashes only",
    "audit_entry": "ids, verbs and counts; what changed is in audit_detail",
    "event": "ids only",
    "event_cursor": "ids only",
    "register_book": "books, no persons",
    "name_syllable": "syllables of names, without who bears them",
    "officer": "read before anybody has signed in",
    "officer_post": "officers at offices",
    "officer_saved_filter": "filters of lists; fields of searches by name are never kept",
    "officer_session": "who is signed in: officers",
    "officer_lock": "officers and why they were locked",
    "officer_delegation": "officers acting for officers",
    "officer_opening": "officers to be opened from a file; passwords are sealed",
    "officer_opening_line": "officers to be opened from a file",
    "device": "machines of offices",
    "device_rule": "whether a province asks for checked machines",
    "audit_anchor": "hashes only",
    "audit_archive": "hashes and counts",
    "audit_verification": "counts and codes of faults",
    "audit_day": "counts",
    "configuration_proposal": "thresholds, code lists, holidays: no persons",
    "configuration_change": "thresholds, code lists, holidays: no persons",
    "configuration_version": "a number",
    "book_handover": "books, no persons",
    "book_handover_line": "books, no persons",
}
OPEN_APPS = {"units"}  # the country's units and offices


def own_tables() -> set[str]:
    return {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("hotich.") and model._meta.app_label not in OPEN_APPS
    }


def protected_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and relforcerowsecurity")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_every_table_with_citizens_data_is_protected() -> None:
    assert own_tables() - protected_tables() - set(OPEN_TABLES) == set()


@pytest.mark.django_db
def test_every_protected_table_has_a_policy() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select distinct polrelid::regclass::text from pg_policy")
        assert protected_tables() <= {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_without_a_context_there_are_no_rows_and_with_it_only_the_offices_own() -> None:
    make_file = (
        "insert into stored_file (id, origin_office_id, sha256, size, media_type, name, created_at) "
        "values (gen_random_uuid(), %s, md5(random()::text), 1, 'application/pdf', 'a.pdf', now())"
    )
    with office_scope([1, 2]), connection.cursor() as cursor:
        cursor.execute(make_file, [1])
        cursor.execute(make_file, [2])
    count = "select count(*) from stored_file"
    with connection.cursor() as cursor:
        cursor.execute(count)
        assert cursor.fetchone() == (0,)
        with office_scope([2]):
            cursor.execute(count)
            assert cursor.fetchone() == (1,)
            cursor.execute("update stored_file set size = 9 where origin_office_id = 1")
            assert cursor.rowcount == 0
            cursor.execute("delete from stored_file where origin_office_id = 1")
            assert cursor.rowcount == 0
        cursor.execute(count)
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_a_row_for_a_foreign_office_is_refused() -> None:
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError, match="row-level security"), office_scope([2]), connection.cursor() as cursor:
        cursor.execute(
            "insert into stored_file (id, origin_office_id, sha256, size, media_type, name, created_at) "
            "values (gen_random_uuid(), 1, 'x', 1, 'application/pdf', 'a.pdf', now())"
        )


@pytest.mark.django_db(transaction=True)
def test_a_scope_ends_with_its_transaction_and_an_inner_one_gives_the_outer_back() -> None:
    with office_scope([1, 2]):
        with office_scope([3]):
            assert offices_in_scope() == {3}
        assert offices_in_scope() == {1, 2}
    assert offices_in_scope() == frozenset()
    with pytest.raises(ZeroDivisionError), office_scope([1]):
        raise ZeroDivisionError
    assert offices_in_scope() == frozenset()


@pytest.mark.django_db
def test_a_scope_of_the_same_offices_asks_nothing_and_never_hides_another_in_between(
    django_assert_num_queries: Any,
) -> None:
    with office_scope([1, 2]):
        with django_assert_num_queries(0), office_scope([2, 1], savepoint=False):
            pass
        with office_scope([3], savepoint=False):
            assert offices_in_scope() == {3}
            with office_scope([1, 2], savepoint=False):
                assert offices_in_scope() == {1, 2}
            with pytest.raises(ZeroDivisionError), office_scope([1, 2]):
                raise ZeroDivisionError
            with office_scope([3]):
                assert offices_in_scope() == {3}
        assert offices_in_scope() == {1, 2}
    assert offices_in_scope() == frozenset()


@pytest.mark.django_db(transaction=True)
def test_the_owner_of_the_tables_is_bound_too() -> None:
    from hotich.database.roles import as_owner

    with office_scope([1]), connection.cursor() as cursor:
        cursor.execute(
            "insert into stored_file (id, origin_office_id, sha256, size, media_type, name, created_at) "
            "values (gen_random_uuid(), 1, 'x', 1, 'application/pdf', 'a.pdf', now())"
        )
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select count(*) from stored_file")
        assert cursor.fetchone() == (0,)
