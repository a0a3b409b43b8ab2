"""How long a session lives, and what stands between a first sign-in and the work."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

# where in a session the two moments stand, as seconds since 1970
SIGNED_IN = "signed_in_at"
LAST_SEEN = "last_seen_at"
# and from where it was opened: the browser in words, the address of the network, the checked machine (id)
BROWSER = "browser"
ADDRESS = "address"
DEVICE = "device_id"

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox", "Firefox"), ("Chrom", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Mac OS", "macOS"),
            ("Linux", "Linux"))  # fmt: skip


def browser_in_words(user_agent: str) -> str:
    """Browser and system, for telling one's own sessions apart ("Firefox, Windows"); "" when neither is known."""
    found = [next((name for mark, name in table if mark in user_agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(word for word in found if word)


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


def session_mark(session_key: str) -> str:
    """How a session is named on a page: its key would let anybody who reads the page take it over."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16]
