"""A partner that does not answer is left alone for a while: callers are refused at once instead of waiting in a row."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after `limit` failures in a row for `rest` seconds; then one caller tries, the others wait on."""

    def __init__(self, limit: int = 5, rest: float = 20.0, now: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._rest, self._now = limit, rest, now
        self._failures, self._closed_until = 0, 0.0
        self._lock = threading.Lock()

    def lets_through(self) -> bool:
        """Whether the partner may be called now. Once the rest is over the first caller is let through and the next
        ones only when it has succeeded."""
        with self._lock:
            if self._failures < self._limit:
                return True
            if self._now() < self._closed_until:
                return False
            self._closed_until = self._now() + self._rest
            return True

    def succeeded(self) -> None:
        """The partner answered, whatever it said."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """The partner did not answer."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._limit:
                self._closed_until = self._now() + self._rest
