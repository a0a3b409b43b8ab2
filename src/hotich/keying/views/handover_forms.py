"""What a form about a hand-over says: the words of the record, and per book the pages and the condition."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import BookWork
from hotich.keying.queries.inventory import book_works, books_not_listed, out_lines
from hotich.keying.services.handovers import Paper, Shape
from hotich.keying.views.inventory_parts import book_name, era_name, flags_of, ids_of, office_names, place_words
from hotich.registers.models import Book

PAPER = (
    "number", "day", "force_kind", "force_name", "receiver_name", "receiver_title", "giver_name", "giver_title",
    "due_back", "notes",
)  # fmt: skip


def paper_of(cleaned: Mapping[str, Any]) -> Paper:
    """The record as the form has it."""
    return Paper(**{name: cleaned[name] for name in PAPER})


def shapes_of(request: HttpRequest) -> dict[UUID, Shape]:
    """Of every ticked book its pages and condition. Raises RuleBroken book_unknown, pages_malformed."""
    found = {}
    for book_id in ids_of(request):
        text = request.POST.get(f"pages-{book_id}", "").strip()
        if text and not (text.isdecimal() and len(text) < 7):
            raise RuleBroken("pages_malformed")
        found[book_id] = Shape(int(text) if text else None, request.POST.get(f"condition-{book_id}", ""))
    return found


def lines_for_draft(actor: Actor, chosen: Collection[UUID]) -> list[dict[str, Any]]:
    """The books that can be given, those chosen first: kept here, not lost, not out with anybody."""
    works = [row for row in book_works(actor) if row.book.keeping_office_id in actor.office_ids and not row.is_lost]
    books: list[tuple[Book, BookWork | None]] = [(row.book, row) for row in works]
    books += [(book, None) for book in books_not_listed(actor) if book.keeping_office_id in actor.office_ids]
    out = out_lines([book.id for book, _row in books])
    offices = office_names(actor)
    lines = [_line(book, row, offices, book.id in chosen) for book, row in books if book.id not in out]
    return sorted(lines, key=lambda line: not line["is_chosen"])


def _line(book: Book, row: BookWork | None, offices: dict[int, str], is_chosen: bool) -> dict[str, Any]:
    return {
        "id": book.id,
        "name": book_name(book),
        "office": offices.get(book.origin_office_id, ""),
        "era": era_name(book.era),
        "pages": book.pages_total if row is None or row.counted_pages is None else row.counted_pages,
        "place": place_words(row) if row is not None else "",
        "flags": ", ".join(flags_of(row)) if row is not None else "",
        "is_chosen": is_chosen,
    }
