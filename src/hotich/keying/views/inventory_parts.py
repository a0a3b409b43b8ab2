"""What the pages of the inventory share: who may open them, their tabs, books in words, tones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import BookPlace, BookWork, BookWorkState, KeyingHandoverState
from hotich.keying.queries.copies import count_open_findings
from hotich.keying.queries.inventory import books_not_listed
from hotich.keying.services.inventory import MANAGE
from hotich.registers.models import Book, BookCopy
from hotich.registers.views.parts import (
    actor_of,
    era_name,
    needs,
    or_not_found,
    register_name,
    short_name,
    telling,
    words,
)
from hotich.units.queries import offices_by_id

__all__ = [
    "MANAGE",
    "actor_of",
    "era_name",
    "needs",
    "or_not_found",
    "register_name",
    "short_name",
    "telling",
    "words",
]

SEES = (MANAGE, "keying.lead", "keying.watch", "book.read")
STATE_TONES = {
    BookWorkState.LISTED: "muted",
    BookWorkState.OPEN: "accent",
    BookWorkState.KEYED: "warning",
    BookWorkState.ACCEPTED: "ok",
}
PLACE_TONES = {BookPlace.HERE: "", BookPlace.POLICE: "accent", BookPlace.EARLIER: "muted"}
# shorter than in the lists of choices: they stand in tables
STATE_WORDS = {
    BookWorkState.LISTED: "Chưa lập gói",
    BookWorkState.OPEN: "Đang nhập liệu",
    BookWorkState.KEYED: "Chờ nghiệm thu",
    BookWorkState.ACCEPTED: "Đã nghiệm thu",
}
PLACE_WORDS = {BookPlace.HERE: "Ở đây", BookPlace.POLICE: "Công an nhập", BookPlace.EARLIER: "Đã số hóa trước"}
HANDOVER_TONES = {
    KeyingHandoverState.DRAFT: "muted",
    KeyingHandoverState.HANDED_OVER: "warning",
    KeyingHandoverState.RETURNED: "ok",
    KeyingHandoverState.CANCELLED: "muted",
}


def tabs(actor: Actor, active: str) -> list[dict[str, Any]]:
    """The four parts of the inventory; counts say where something waits."""
    lines = (
        ("inventory", _("Kiểm kê"), ""),
        ("inventory_unlisted", _("Chưa kiểm kê"), books_not_listed(actor).count() or ""),
        ("keying_handovers", _("Giao nhận sổ"), ""),
        ("copies", _("Hai bản lưu"), count_open_findings(actor) or ""),
    )
    return [
        {"label": label, "url": reverse(f"keying:{name}"), "active": name == active, "count": count}
        for name, label, count in lines
    ]


def book_name(book: Book) -> str:
    """A book in a line: "Khai sinh 01/2006", the district's original told apart."""
    name = f"{short_name(book.register_type)} {book.label}"
    return _("%(book)s (bản cấp huyện)") % {"book": name} if book.copy == BookCopy.DISTRICT else name


def office_names(actor: Actor) -> dict[int, str]:
    """Names of the actor's offices; a list shows the office only where there are several."""
    return {office.id: office.name for office in offices_by_id(actor.office_ids).values()}


def place_words(row: BookWork) -> str:
    """Where a book is entered, in a few words."""
    return _(PLACE_WORDS[BookPlace(row.place)])


def state_words(row: BookWork) -> str:
    """How far the keying of a book is, in a few words."""
    return _(STATE_WORDS[BookWorkState(row.state)])


def flags_of(row: BookWork) -> list[str]:
    """What is wrong with the paper."""
    lines = ((row.is_lost, _("bị mất")), (row.is_damaged, _("hư hỏng")))
    return [text for is_so, text in lines if is_so]


def ids_of(request: HttpRequest, name: str = "book") -> list[UUID]:
    """The books ticked on a page. Raises RuleBroken book_unknown for what is no identifier."""
    return uuids(request.POST.getlist(name))


def uuids(texts: Iterable[str]) -> list[UUID]:
    """Texts as identifiers. Raises RuleBroken book_unknown."""
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise RuleBroken("book_unknown") from None


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way here from the inventory."""
    way = [(_("Kiểm kê sổ"), reverse("keying:inventory")), *steps]
    return [{"label": label, "url": url} for label, url in way]
