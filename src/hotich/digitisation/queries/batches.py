"""Reads: batches of scans, and how far each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hotich.digitisation.models import PageLayout, ScanBatch, ScannedCase, ScannedCaseState, ScanPage, ScanPageState
from hotich.digitisation.rules.workflow import LINKABLE, TO_REVIEW
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.models import Book
from hotich.registers.rules.parameters import constant

ABOUT_LEGIBILITY = frozenset({"resolution_doubtful", "resolution_unknown", "dpi_assumed", "page_soft"})
"""Findings that say nothing about where the cases stand; the gate judges each PDF anyway."""

SEEING = ("scan.prepare", "scan.review", "case.read")
"""One of these rights lets an officer see the scans of his offices."""


def scan_batches(actor: Actor, *, state: str = "", book_id: UUID | None = None) -> QuerySet[ScanBatch]:
    """The batches of the actor's offices: those somebody waits for first, then the newest. Raises RuleBroken not_allowed."""
    if not any(map(actor.may, SEEING)):
        raise RuleBroken("not_allowed")
    batches = ScanBatch.objects.filter(origin_office_id__in=actor.office_ids)
    if state:
        batches = batches.filter(state=state)
    if book_id is not None:
        batches = batches.filter(book_id=book_id)
    return batches.select_related("book", "layout", "origin_office").order_by("-is_on_demand", "-created_at", "-id")


def scan_batch(batch_id: UUID, actor: Actor) -> ScanBatch:
    """One batch of the actor's offices. Raises RuleBroken not_allowed, scan_batch_unknown."""
    batch = scan_batches(actor).filter(id=batch_id).first()
    if batch is None:
        raise RuleBroken("scan_batch_unknown")
    return batch


def layouts_for(book: Book, actor: Actor) -> list[PageLayout]:
    """The layouts an office has for such a book: of its era first, the newest first. Raises RuleBroken not_allowed."""
    if not any(map(actor.may, SEEING)):
        raise RuleBroken("not_allowed")
    found = PageLayout.objects.filter(
        origin_office_id=book.origin_office_id, register_type=book.register_type, retired_at__isnull=True
    ).order_by("-created_at")
    return sorted(found, key=lambda layout: layout.era != book.era)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is. `pages` and `cases`: how many in each state that occurs.

    `waiting_pages`, `waiting_cases`: for the work in the background. `confirmable`: pages whose layout fitted, without
    any finding. `without_number`, `linked`: of cases that were not set aside.
    """

    pages: dict[str, int] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    confirmable: int = 0
    without_number: int = 0
    linked: int = 0
    linkable: int = 0  # passed or accepted, numbered, not linked yet

    @property
    def waiting_pages(self) -> int:
        return self.pages.get(ScanPageState.RECEIVED, 0)

    @property
    def waiting_cases(self) -> int:
        return self.cases.get(ScannedCaseState.PENDING, 0)

    @property
    def to_review(self) -> int:
        """Cases somebody has to decide about."""
        return sum(self.cases.get(state, 0) for state in TO_REVIEW)

    @property
    def passed(self) -> int:
        """Cases with a PDF that may go to its entry."""
        return sum(self.cases.get(state, 0) for state in LINKABLE)

    @property
    def is_working(self) -> bool:
        """Whether the background still has something to do."""
        return bool(self.waiting_pages or self.waiting_cases)


def confirmable(batch_id: UUID) -> QuerySet[ScanPage]:
    """Pages of a batch whose boxes nobody needs to look at one by one: the layout fitted, and nothing was found that
    has to do with where the cases stand."""
    fitting = ScanPage.objects.filter(
        batch_id=batch_id,
        state=ScanPageState.PREPARED,
        boxes_by="layout",
        layout_fit__gte=constant("scan_layout_fit") / 1000,
    ).exclude(boxes=[])
    doubtful = [
        page
        for page, findings in fitting.exclude(findings=[]).values_list("id", "findings")
        if any(found["code"] not in ABOUT_LEGIBILITY for found in findings)
    ]
    return fitting.exclude(id__in=doubtful)


def progress(batch: ScanBatch) -> Progress:
    """How far one batch is."""
    return progress_of([batch]).get(batch.id, Progress())


def progress_of(batches: Iterable[ScanBatch]) -> dict[UUID, Progress]:
    """How far several batches are, in three queries."""
    ids = [batch.id for batch in batches]
    pages: dict[UUID, dict[str, int]] = defaultdict(dict)
    cases: dict[UUID, dict[str, int]] = defaultdict(dict)
    for batch, state, count in _by_state(ScanPage.objects.filter(batch_id__in=ids)):
        pages[batch][state] = count
    for batch, state, count in _by_state(ScannedCase.objects.filter(batch_id__in=ids)):
        cases[batch][state] = count
    counted = _counts(ids)
    made = {}
    for batch in ids:
        numbers = counted.get(batch, (0, 0, 0))
        # a page of batches asks for all of them; only one that is being worked on has pages to confirm
        ready = confirmable(batch).count() if pages[batch].get(ScanPageState.PREPARED) else 0
        made[batch] = Progress(pages[batch], cases[batch], ready, *numbers)
    return made


def _by_state(rows: QuerySet[ScanPage] | QuerySet[ScannedCase]) -> Iterable[tuple[UUID, str, int]]:
    return rows.order_by().values_list("batch", "state").annotate(count=Count("id"))


def _counts(ids: list[UUID]) -> dict[UUID, tuple[int, int, int]]:
    """Of each batch: cases without a number, linked ones, those that could be linked."""
    standing = ~Q(state=ScannedCaseState.SET_ASIDE)
    ready = Q(state__in=list(LINKABLE), number__isnull=False, case__isnull=True)
    rows = (
        ScannedCase.objects.filter(batch_id__in=ids)
        .order_by()
        .values("batch")
        .annotate(
            without=Count("id", filter=standing & Q(number__isnull=True)),
            linked=Count("id", filter=Q(case__isnull=False)),
            linkable=Count("id", filter=ready),
        )
    )
    return {row["batch"]: (row["without"], row["linked"], row["linkable"]) for row in rows}
