"""The two roles of a running installation: the owner migrates, the app serves. And the proof that they are right."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from django.db import connection

from hotich.database import launcher
from hotich.database.state import secret


def parameters_from_url(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for postgresql://user:password@host:port/name?sslmode=verify-full."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise launcher.LauncherError("DATABASE_URL must look like postgresql://hotich_app:PASSWORD@HOST:5432/hotich")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def app_parameters() -> dict[str, Any]:
    """Connection of the serving role: `DATABASE_URL`, else the embedded server."""
    if url := os.environ.get("DATABASE_URL"):
        return parameters_from_url(url)
    return dict(launcher.connection_parameters("hotich_app"))


def owner_credentials() -> dict[str, str]:
    """User and password that own the tables: `DATABASE_OWNER_URL` beside `DATABASE_URL`, else the embedded server's."""
    if url := os.environ.get("DATABASE_OWNER_URL"):
        parts = parameters_from_url(url)
        return {"USER": parts["USER"], "PASSWORD": parts["PASSWORD"]}
    if launcher.uses_server():
        raise launcher.LauncherError("set DATABASE_OWNER_URL (role hotich_owner) to migrate the server's database")
    return {"USER": "hotich_owner", "PASSWORD": secret("hotich_owner")}


@contextmanager
def as_owner() -> Iterator[None]:
    """The default connection becomes the owner's, for migrations and for flushing test databases."""
    kept = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update(owner_credentials())
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)


def owner_connection() -> psycopg.Connection:
    """A connection of the owner beside Django's, each statement a transaction of its own. Raises LauncherError."""
    there = app_parameters() | owner_credentials()
    return psycopg.connect(
        host=there["HOST"], port=there["PORT"] or None, dbname=there["NAME"], user=there["USER"],
        password=there["PASSWORD"], autocommit=True, **there.get("OPTIONS", {}),
    )  # fmt: skip


def grant_to_app() -> None:
    """What the owner makes from now on may be used by the serving role and read by the look-up role (run as owner)."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        if cursor.fetchone()[0] != "hotich_owner":
            return
        cursor.execute(
            "grant usage on schema public to hotich_app, hotich_lookup;"
            "grant create on schema public to hotich_lookup;"
            "alter default privileges in schema public "
            "grant select, insert, update, delete on tables to hotich_app;"
            "alter default privileges in schema public grant usage on sequences to hotich_app;"
            "alter default privileges in schema public grant select on tables to hotich_lookup;"
        )


ROLE_RULES = {
    # role: (superuser, bypass row-level security, may log in)
    "hotich_owner": (False, False, True),
    "hotich_app": (False, False, True),
    "hotich_lookup": (False, True, False),
}


def role_faults() -> list[str]:
    """What is wrong with roles, owners and row-level security; empty when all is as it must be."""
    faults = []
    with connection.cursor() as cursor:
        cursor.execute("select rolname, rolsuper, rolbypassrls, rolcanlogin from pg_roles where rolname like 'hotich%'")
        found = {name: tuple(flags) for name, *flags in cursor.fetchall()}
        for role, wanted in ROLE_RULES.items():
            if role not in found:
                faults.append(f"role {role} does not exist")
            elif found[role] != wanted:
                faults.append(f"role {role}: superuser, bypassrls, login are {found[role]}, must be {wanted}")
        cursor.execute("select current_user, pg_has_role(current_user, 'hotich_lookup', 'member')")
        user, may_bypass = cursor.fetchone()
        if user != "hotich_app":
            faults.append(f"the application connects as {user}, must be hotich_app")
        if may_bypass:
            faults.append(f"{user} is a member of hotich_lookup and could pass row-level security")
        cursor.execute(
            "select c.relname, c.relrowsecurity and c.relforcerowsecurity, r.rolname from pg_policy p "
            "join pg_class c on c.oid = p.polrelid join pg_roles r on r.oid = c.relowner"
        )
        for table, forced, owner in cursor.fetchall():
            if not forced:
                faults.append(f"table {table} has a policy, but row-level security is not forced")
            if owner != "hotich_owner":
                faults.append(f"table {table} is owned by {owner}, must be hotich_owner")
    return faults
