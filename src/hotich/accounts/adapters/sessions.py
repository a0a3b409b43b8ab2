"""Where sessions are kept (SESSION_ENGINE): the framework's database store, with the officer beside each session."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from hotich.accounts.rules.sessions import ADDRESS, BROWSER, DEVICE, LAST_SEEN, SIGNED_IN


class SessionStore(DatabaseStore):
    """The database store; whose a session is stands in columns, so that an officer's sessions can be found and ended."""

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
