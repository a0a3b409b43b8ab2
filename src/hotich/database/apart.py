"""What must stay written whatever becomes of the transaction one is in: a connection, and a transaction, of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def apart(do: Callable[[], T]) -> T:
    """Run `do` on a connection of its own and wait for it; what it committed stays when the caller is rolled back.

    It sees nothing the caller has not committed, no unit of work and no scope of the caller: it opens its own. It must
    wait for no row the caller has locked (the head of the audit chain, above all): nobody would let go.
    """

    def alone() -> T:
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="apart") as pool:
        return pool.submit(alone).result()
