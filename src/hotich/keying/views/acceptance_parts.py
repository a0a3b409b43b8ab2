"""What the pages of acceptance share: books and states in words, the limits, findings, names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from hotich.kernel.problems import Problem, RuleBroken, Severity
from hotich.keying.models import Acceptance, AcceptanceState, Denominator, DenominatorSource
from hotich.keying.queries.completeness import Completeness, findings
from hotich.keying.rules.charts import interval_bar
from hotich.keying.rules.figures import share_text
from hotich.keying.rules.intervals import Interval
from hotich.registers.models import Book
from hotich.registers.queries import book_by_id
from hotich.registers.types import version_by_id
from hotich.registers.views.parts import actor_of, lang, or_not_found, short_name, words
from hotich.web.rules.formats import number_text, percent_text
from hotich.web.texts import text_of_problem

TONES = {
    AcceptanceState.JUDGING: "accent",
    AcceptanceState.ACCEPTED: "ok",
    AcceptanceState.REJECTED: "error",
    AcceptanceState.CANCELLED: "muted",
}
WORDS = {
    AcceptanceState.JUDGING: "Đang kiểm tra mẫu",
    AcceptanceState.ACCEPTED: "Đạt",
    AcceptanceState.REJECTED: "Không đạt",
    AcceptanceState.CANCELLED: "Đã hủy",
}


def book_of(request: HttpRequest, book_id: UUID) -> Book:
    """A book of one of the officer's offices. Raises Http404 for any other."""
    with or_not_found():
        book = book_by_id(book_id, office_ids=actor_of(request).office_ids)
        if book.origin_office_id not in actor_of(request).office_ids:
            raise RuleBroken("book_unknown")
        return book


def book_title(book: Book) -> str:
    """A book in words: "Khai sinh 01/2006"."""
    return f"{short_name(book.register_type)} {book.label}"


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way from the list of acceptances."""
    return [{"label": label, "url": url} for label, url in ((_("Nghiệm thu"), reverse("keying:acceptances")), *steps)]


def state_words(found: Acceptance) -> str:
    """The state of an acceptance in a few words."""
    return _(WORDS[AcceptanceState(found.state)])


def state_tone(found: Acceptance) -> str:
    """The tone of its state."""
    return TONES[AcceptanceState(found.state)]


def source_words(source: str) -> str:
    """Where a number of cases comes from."""
    return _(str(DenominatorSource(source).label))


def per_mille_text(value: int) -> str:
    """10 → "1%" (vi and en): a limit in per cent."""
    return number_text(value / 10, lang()).removesuffix(",0").removesuffix(".0") + "%"


def limits_words(limits: Mapping[str, Any]) -> str:
    """Sample size and limits of an acceptance in one sentence."""
    return _(
        "Mẫu: %(cases)s trường hợp hoặc %(share)s số trường hợp, lấy số lớn hơn. Không đạt khi sai quá %(key)s số trường "
        "trọng yếu hoặc quá %(all)s tổng số trường."
    ) % {
        "cases": number_text(limits["cases"], lang()), "share": per_mille_text(limits["per_mille"]),
        "key": per_mille_text(limits["key_per_mille"]), "all": per_mille_text(limits["all_per_mille"]),
    }  # fmt: skip


def source_of_limits(limits: Mapping[str, Any]) -> str:
    """Where the limits come from, and that nobody has verified them."""
    source = str(limits.get("source", ""))
    if limits.get("is_verified") or "chưa kiểm chứng" in source:
        return _("Nguồn: %(source)s.") % {"source": _(source)}
    return _("Nguồn: %(source)s (chưa kiểm chứng).") % {"source": _(source)}


def share_words(entered: int, denominator: Denominator | None) -> str:
    """ "99,9 %" of the frozen number; "–" while none is frozen."""
    return share_text(entered, denominator.value if denominator else 0, lang=lang())


def denominator_words(found: Denominator) -> str:
    """ "40 trường hợp (Số liệu khóa sổ)"."""
    return _("%(value)s trường hợp (%(source)s)") % {
        "value": number_text(found.value, lang()), "source": source_words(found.source),
    }  # fmt: skip


def finding_lines(found: Iterable[Problem]) -> list[dict[str, str]]:
    """Findings about a book for the list: words and tone."""
    return [
        {"text": text_of_problem(each), "tone": "error" if each.severity is Severity.ERROR else "muted"}
        for each in found
    ]


def frozen_findings(figures: Mapping[str, Any]) -> list[dict[str, str]]:
    """The same of a decision, as they were frozen."""
    return finding_lines(
        Problem(code, "", Severity(severity), params) for code, severity, params in figures.get("findings", [])
    )


def completeness_context(found: Completeness, book: Book) -> dict[str, Any]:
    """How much of a book is there, for its page and its papers."""
    return {
        "whole": found,
        "share": share_words(found.entered, found.denominator),
        "denominator_text": denominator_words(found.denominator) if found.denominator else "",
        "span": f"{found.first}–{found.last}" if found.first is not None else "",
        "findings": finding_lines(findings(found)),
    }


def field_labels(schema_version: str) -> dict[str, str]:
    """The names of the fields of a version in the language of the page."""
    return {field.code: words(field.label) for field in version_by_id(schema_version).fields}


def mark_lines(items: Sequence[Any]) -> list[dict[str, Any]]:
    """What was found wrong in a sample, case by case: for the page and the record."""
    made = []
    for item in items:
        if not item.wrong or item.entry.case is None:
            continue
        labels = field_labels(item.entry.case.schema_version)
        made += [
            {
                "item": item,
                "case": item.entry.case,
                "number": item.entry.case.number_text or "–",
                "field": labels.get(mark["field"], mark["field"]),
                "is_key": mark["is_key"],
                "words": mark["words"],
            }
            for mark in item.wrong
        ]
    return made


def interval_text(found: Interval) -> str:
    """ "0,8% (0,3% – 1,9%)"."""
    share, low, high = (percent_text(each, 1, lang()) for each in (found.share, found.low, found.high))
    return f"{share} ({low} – {high})"


def interval_svg(found: Interval, label: str, *, top: float, limit: float | None = None) -> str:
    """The interval as a small chart. Every text in it is escaped by the chart."""
    tone = "error" if limit is not None and found.share > limit else "accent"
    title = f"{label}: {interval_text(found)}"
    return mark_safe(interval_bar(found, title, top=top, limit=limit, tone=tone))  # nosec B308 B703
