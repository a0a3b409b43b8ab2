"""How long a session lives, and what stands between a first sign-in and the work."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

# where in a session the two moments stand, as seconds since 1970
SIGNED_IN = "signed_in_at"
LAST_SEEN = "last_seen_at"


class SessionEnd(StrEnum):
    """Why a session is over; the value is the code of its text."""

    IDLE = "session_idle_too_long"
    ABSOLUTE = "session_too_old"


def session_end(
    *, now: datetime, signed_in: datetime, last_seen: datetime, idle: timedelta, absolute: timedelta
) -> SessionEnd | None:
    """Why a session is over now, or None while it lives. The absolute limit wins over the idle one."""
    if now - signed_in >= absolute:
        return SessionEnd.ABSOLUTE
    if now - last_seen >= idle:
        return SessionEnd.IDLE
    return None


class Step(StrEnum):
    """What an officer must do before anything else."""

    CHANGE_PASSWORD = "change_password"
    SET_UP_SECOND_FACTOR = "set_up_second_factor"


def next_step(*, must_change_password: bool, has_second_factor: bool) -> Step | None:
    """The first step still missing after sign-in: own password, then the second factor; None = to work."""
    if must_change_password:
        return Step.CHANGE_PASSWORD
    if not has_second_factor:
        return Step.SET_UP_SECOND_FACTOR
    return None
