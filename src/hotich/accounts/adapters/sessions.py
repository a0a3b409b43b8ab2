"""Where sessions are kept (SESSION_ENGINE): the framework's database store, with the officer beside each session.

A session is read at every request, and whose it is together with it: one question, in plain SQL.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.crypto import constant_time_compare

from hotich.accounts.rules.sessions import ADDRESS, BROWSER, DEVICE, LAST_SEEN, SIGNED_IN
from hotich.database.plain import ask, columns_of, made
from hotich.kernel import clock

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"  # what officers sign in by


class SessionStore(DatabaseStore):
    """The database store; whose a session is stands in columns, so that an officer's sessions can be found and ended."""

    _read_officer: tuple[Any, ...] | None = None

    def load(self) -> Any:
        """What the session says, {} when there is none or it is over; its officer is read with it."""
        from hotich.accounts.models import Officer

        found = ask(
            f"select s.session_data, {columns_of(Officer, 'o')} from officer_session s "  # nosec B608 - fixed texts only
            "left join officer o on o.id = s.officer_id where s.session_key = %s and s.expire_date > %s",
            [self.session_key, clock.now()],
        )
        if not found:
            self._session_key = None
            return {}
        data, *officer = found[0]
        self._read_officer = tuple(officer) if officer[0] is not None else None
        return self.decode(data)

    def officer(self) -> Any:
        """Whose the session is, by everything the framework asks of a session; None where it has to be asked itself:
        for nobody, for a session to be ended, for one sealed with a former secret."""
        from hotich.accounts.models import Officer

        known, sealed = self.get(SESSION_KEY), self.get(HASH_SESSION_KEY)
        if self._read_officer is None or not sealed or self.get(BACKEND_SESSION_KEY) != BACKEND:
            return None
        officer = made(Officer, self._read_officer)
        is_his = str(officer.pk) == known and officer.is_active
        return officer if is_his and constant_time_compare(sealed, officer.get_session_auth_hash()) else None

    @classmethod
    def get_model_class(cls):  # type: ignore[no-untyped-def]
        """The table of sessions."""
        from hotich.accounts.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row of a session, drawn anew from its content each time it is saved."""
        row: Any = super().create_model_instance(data)
        officer = data.get("_auth_user_id")
        row.officer_id = int(officer) if officer else None
        row.signed_in_at, row.last_seen_at = _moment(data.get(SIGNED_IN)), _moment(data.get(LAST_SEEN))
        row.browser, row.address, row.device_id = data.get(BROWSER, ""), data.get(ADDRESS), data.get(DEVICE)
        return row


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
