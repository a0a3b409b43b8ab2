"""Work above this app that stands on what a case says: it declares itself, and is told in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from uuid import UUID

from hotich.kernel.actor import Actor

Watcher = Callable[[Actor, datetime, UUID], AbstractContextManager[None]]
_watchers: dict[str, Watcher] = {}


def declare_case_watcher(code: str, watcher: Watcher) -> None:
    """Have corrections of a case happen inside this context, by an app above; called once, in the `ready` of its apps.py.

    It is entered before the case is locked, so that the app locks its own rows first, and left once the case says
    something else. A refusal it raises stops the correction.
    """
    _watchers[code] = watcher


@contextmanager
def watched(actor: Actor, at: datetime, case_id: UUID) -> Iterator[None]:
    """The contexts of all that declared themselves; inside the unit of work of the correction."""
    with ExitStack() as stack:
        for watcher in _watchers.values():
            stack.enter_context(watcher(actor, at, case_id))
        yield
