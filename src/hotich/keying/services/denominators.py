"""How many cases a book is said to hold: frozen once, replaced only with a reason, the former value kept (H7)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import Denominator, DenominatorSource
from hotich.keying.queries.completeness import offered_denominators
from hotich.keying.services.access import ACCEPT, LEAD, must_have
from hotich.registers.models import Book

MOST = 100_000  # cases of one book: more is a slip of the keyboard
FREEZES = (LEAD, ACCEPT, "inventory.manage")
"""One of these rights lets an officer say how many cases a book holds."""


def freeze_denominator(
    *, actor: Actor, at: datetime, book_id: UUID, source: str, value: int | None = None, reason: str = ""
) -> Denominator:
    """Say how many cases a book holds. The number of a source is read now and frozen; only `decided` takes `value`.

    A first value of a source needs no reason; a decided one, and whatever replaces another, does.
    Raises RuleBroken: not_allowed, book_unknown, denominator_source_unknown, denominator_source_empty (the source says
    nothing), denominator_malformed, reason_missing, denominator_unchanged.
    """
    officer = must_have(actor, *FREEZES)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        book = Book.objects.select_for_update().filter(id=book_id, origin_office_id__in=actor.office_ids).first()
        if book is None:
            raise RuleBroken("book_unknown")
        before = Denominator.objects.select_for_update().filter(book=book, is_current=True).first()
        wanted = _value(book, source, value)
        words = reason.strip()[:300]
        if not words and (before is not None or source == DenominatorSource.DECIDED):
            raise RuleBroken("reason_missing", field="reason")
        if before is not None and (before.value, before.source) == (wanted, source):
            raise RuleBroken("denominator_unchanged", value=wanted)
        if before is not None:
            before.is_current = False
            before.save(update_fields=["is_current"])
        made = Denominator.objects.create(
            origin_office_id=book.origin_office_id, book=book, value=wanted, source=source, reason=words,
            frozen_by=officer, frozen_at=at,
        )  # fmt: skip
        work.record(
            "denominator.frozen", subject_kind="book", subject_id=book.id, subject_office=book.origin_office_id,
            facts={"value": wanted, "source": str(source), "before": before.value if before else None},
            after={"reason": words} if words else None,
        )  # fmt: skip
    return made


def _value(book: Book, source: str, value: int | None) -> int:
    if source not in DenominatorSource.values:
        raise RuleBroken("denominator_source_unknown", field="source")
    if source == DenominatorSource.DECIDED:
        if value is None or not 0 < value <= MOST:
            raise RuleBroken("denominator_malformed", field="value", most=MOST)
        return value
    found = offered_denominators(book).get(source)
    if not found:
        raise RuleBroken("denominator_source_empty", field="source")
    return found
