"""Reads: what an operation on units means for books, posts and work that is not finished."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from hotich.accounts.models import Post
from hotich.accounts.queries import open_work_at
from hotich.kernel.problems import Problem, Severity
from hotich.registers.models import Book
from hotich.units.models import Office, UnitOperation
from hotich.units.queries import Preview, line_of, preview_of
from hotich.units.rules.plans import Plan, Target, completed, from_json


@dataclass(frozen=True, slots=True)
class OfficeImpact:
    """What hangs on an office that closes."""

    office: Office
    books: int
    books_apart: int  # given to another successor than the default one
    posts: int
    open_work: int


@dataclass(frozen=True, slots=True)
class Impact:
    """The whole preview: units and offices, then books, posts, open work and how many units of the past now read
    differently."""

    preview: Preview
    offices: tuple[OfficeImpact, ...]
    problems: tuple[Problem, ...]
    former_units: int

    @property
    def has_errors(self) -> bool:
        """Whether it cannot be carried out as it is."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def impact_of(operation: UnitOperation, *, today: date) -> Impact:
    """What the operation will do, as things stand now; nothing is written."""
    preview = preview_of(operation, today=today)
    plan = completed(from_json(operation.plan))
    closing = Office.objects.in_bulk(preview.closing)
    books = books_kept_by(preview.closing)
    posts = Counter(post.office_id for post in posts_at(preview.closing, operation.effective_on))
    work = open_work(preview.closing)
    apart = Counter(book.keeping_office_id for book in Book.objects.filter(id__in=_ids(plan.books)))
    offices = tuple(
        OfficeImpact(closing[id_], books.get(id_, 0), apart[id_], posts[id_], work.get(id_, 0))
        for id_ in preview.closing
    )
    problems = (*preview.problems, *problems_at_offices(operation), *_open_work_problems(offices))
    return Impact(preview, offices, problems, len(line_of(plan.ends, earlier=True)))


def _ids(choices: Mapping[str, Target]) -> list[UUID]:
    return [UUID(text) for text in choices]


def books_kept_by(office_ids: Collection[int]) -> dict[int, int]:
    """How many books each of these offices keeps."""
    found = Book.objects.filter(keeping_office_id__in=office_ids).values("keeping_office_id").annotate(n=Count("id"))
    return {row["keeping_office_id"]: row["n"] for row in found}


def posts_at(office_ids: Collection[int], on: date) -> list[Post]:
    """Posts at these offices that reach the day."""
    return list(
        Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), office_id__in=office_ids)
        .select_related("officer", "office")
        .order_by("office_id", "id")
    )


def problems_at_offices(operation: UnitOperation) -> list[Problem]:
    """Errors in what hangs on the offices that close: posts, and choices for books and posts that lead nowhere."""
    preview = preview_of(operation, today=operation.effective_on)
    plan = completed(from_json(operation.plan))
    posts = posts_at(preview.closing, operation.effective_on)
    problems = [
        Problem("post_begins_after_closing", params={"login": post.officer.username, "office": post.office.name})
        for post in posts
        if post.valid_from >= operation.effective_on
    ]
    targets = _targets(plan)
    wrong = [to for to in (*plan.books.values(), *plan.posts.values()) if to not in targets]
    if wrong or set(plan.posts) - {post.id for post in posts}:
        problems.append(Problem("choice_leads_nowhere"))
    kept = Book.objects.filter(id__in=_ids(plan.books), keeping_office_id__in=preview.closing).count()
    if kept != len(plan.books):
        problems.append(Problem("choice_leads_nowhere"))
    return problems


def _targets(plan: Plan) -> frozenset[Target]:
    return frozenset(share.target for share in plan.shares)


def _open_work_problems(offices: tuple[OfficeImpact, ...]) -> list[Problem]:
    return [
        Problem(
            "office_has_open_work",
            severity=Severity.WARNING,
            params={"office": each.office.name, "number": each.open_work},
        )
        for each in offices
        if each.open_work
    ]


def open_work(office_ids: Collection[int]) -> dict[int, int]:
    """How much is not finished at each office and at the closed ones whose books it keeps, as apps above count it.

    Numbers only: whoever plans a merger needs to know how much, and sees no case.
    """
    return {office: sum(each.total for each in open_work_at(office).values()) for office in office_ids}
