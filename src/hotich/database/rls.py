"""Row-level security as migration operations. No context means no rows, for the owner of the tables too."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

APP_ROLE = "hotich_app"
LOOKUP_ROLE = "hotich_lookup"
# the sub-select is evaluated once a statement, not once a row: 12 times faster with many offices
OFFICES = "(select string_to_array(nullif(current_setting('app.offices', true), ''), ',')::int[])::int[]"


def protect(table: str, column: str = "origin_office_id", *, using: str = "", check: str = "") -> RunSQL:
    """Rows of `table` are seen and written only within the offices of the transaction (see `scope.office_scope`).

    `using` and `check` replace the standard condition on `column` where a row has no office of its own.
    """
    condition = using or f"{column} = any ({OFFICES})"
    return RunSQL(
        f"alter table {table} enable row level security;"
        f"alter table {table} force row level security;"
        f"create policy office_scope on {table} using ({condition}) with check ({check or condition});",
        f"drop policy office_scope on {table};"
        f"alter table {table} no force row level security;"
        f"alter table {table} disable row level security;",
    )


def append_only(table: str) -> RunSQL:
    """Rows of `table` are never changed or removed by the serving role; a trigger is the second belt."""
    return RunSQL(
        f"revoke update, delete, truncate on {table} from {APP_ROLE};"
        f"create function {table}_is_append_only() returns trigger language plpgsql as $$"
        f"begin raise exception '{table} is append-only' using errcode = 'insufficient_privilege'; end $$;"
        f"create trigger {table}_append_only before update or delete on {table} "
        f"for each row execute function {table}_is_append_only();",
        f"drop trigger {table}_append_only on {table}; drop function {table}_is_append_only();"
        f"grant update, delete on {table} to {APP_ROLE};",
    )


def lookup_function(signature: str, returns: str, body: str) -> RunSQL:
    """A function that sees past row-level security: SECURITY DEFINER, owned by the look-up role, for hotich_app only.

    `signature` as "name(arg type, …)"; `body` is one SQL query. It must apply its own limits.
    """
    name = signature.partition("(")[0]
    return RunSQL(
        f"create function {signature} returns {returns} language sql security definer "
        f"set search_path = pg_catalog, public as $lookup$ {body} $lookup$;"
        f"alter function {name} owner to {LOOKUP_ROLE};"
        f"revoke all on function {name} from public;"
        f"grant execute on function {name} to {APP_ROLE};",
        f"drop function {name};",
    )
