"""Acceptance of a book: a sample is drawn and judged by a third person, and the book is accepted or goes back (H5).

Whoever draws, judges or decides holds `keying.accept` and has keyed, checked, decided or corrected nothing of the book.
A sample is drawn once: another one only after this one is decided or cancelled, and every try stays in the history.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.models import CaseState
from hotich.intake.services.keyed import return_to_keyer
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    Acceptance,
    AcceptanceItem,
    AcceptanceState,
    BookWork,
    BookWorkState,
    CheckState,
    Entry,
    EntryKind,
    KeyingPackage,
    PackageState,
)
from hotich.keying.queries.acceptance import (
    fields_of,
    found_so_far,
    had_a_hand_in,
    not_ready,
    population,
)
from hotich.keying.queries.completeness import completeness_of, findings
from hotich.keying.queries.volume import volume_of
from hotich.keying.rules.acceptance import SEED_LIMIT, Judged, Unit, Verdict, draw, sample_size, verdict
from hotich.keying.services.access import ACCEPT, must_have
from hotich.keying.services.packages import return_package
from hotich.registers.models import Book
from hotich.registers.queries.configuration import parameter_at
from hotich.registers.types import version_by_id

WORDS, MARK_WORDS, NUMBER = 500, 200, 40  # letters
BACK = ("wrong", "book")
"""What goes back to the keyers when a book is not accepted: packages in which an error was found, or all of them."""
_LIMITS = {
    "cases": "acceptance_sample_cases",
    "per_mille": "acceptance_sample_share",
    "key_per_mille": "acceptance_key_errors",
    "all_per_mille": "acceptance_all_errors",
}


def limits_in_force(office_id: int) -> dict[str, Any]:
    """Sample size and limits of today at an office, with where they come from: kept with every acceptance."""
    rows = {name: parameter_at(code, office_id) for name, code in _LIMITS.items()}
    return {**{name: row.value for name, row in rows.items()},
            "source": "; ".join(sorted({row.source for row in rows.values()})),
            "is_verified": all(row.verified for row in rows.values())}  # fmt: skip


def draw_acceptance(*, actor: Actor, at: datetime, book_id: UUID, seed: int | None = None) -> Acceptance:
    """Draw the sample of a book, stratified by package and keyer. `seed`: only to draw one again in a test or a dispute.

    Raises RuleBroken: not_allowed, book_unknown, acceptance_running, acceptance_of_own_work, and the first reason why
    the book is not ready (book_has_open_packages, book_has_unchecked_entries, denominator_missing …).
    """
    officer = must_have(actor, ACCEPT)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        book = _locked_book(actor, book_id)
        if Acceptance.objects.filter(book=book, state=AcceptanceState.JUDGING).exists():
            raise RuleBroken("acceptance_running")
        _must_be_ready(book)
        _must_be_third(actor, book)
        rows = list(population(book).values_list("id", "package_id", "keyer"))
        limits = limits_in_force(book.origin_office_id)
        size = sample_size(len(rows), least=limits["cases"], per_mille=limits["per_mille"])
        seed = secrets.randbelow(SEED_LIMIT) if seed is None else seed
        chosen = draw([Unit(entry, (package, keyer)) for entry, package, keyer in rows], size, seed)
        made = _made(
            origin_office_id=book.origin_office_id, book=book, population=len(rows), sample_size=size, seed=seed,
            limits=limits, drawn_by=officer, drawn_at=at,
        )  # fmt: skip
        AcceptanceItem.objects.bulk_create(
            AcceptanceItem(origin_office_id=book.origin_office_id, acceptance=made, entry_id=entry, place=place)
            for place, entry in enumerate(chosen, start=1)
        )
        _note(work, made, "acceptance.drawn", population=len(rows), sample=size, seed=str(seed))
    return made


def judge_item(*, actor: Actor, at: datetime, item_id: UUID, wrong: Sequence[Mapping[str, str]] = ()) -> AcceptanceItem:
    """Say of one case of the sample which fields are wrong (`{"field", "words"}`); without any all are right.

    Until the decision it may be said again; the trail keeps both.
    Raises RuleBroken: not_allowed, acceptance_item_unknown, acceptance_decided, acceptance_of_own_work, mark_field_unknown,
    mark_without_words, mark_words_too_long.
    """
    officer = must_have(actor, ACCEPT)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        acceptance_id = (
            AcceptanceItem.objects.filter(id=item_id, origin_office_id__in=actor.office_ids)
            .values_list("acceptance_id", flat=True)
            .first()
        )
        if acceptance_id is None:
            raise RuleBroken("acceptance_item_unknown")
        acceptance = _locked_running(actor, acceptance_id)
        _must_be_third(actor, acceptance.book)
        item = acceptance.items.select_related("entry__case").get(id=item_id)
        case = item.entry.case
        if case is None:
            raise RuleBroken("acceptance_item_unknown")
        there = fields_of(case, restricted=actor.may("restricted.read"))
        marks = _marks(wrong, there.fields, there.key)
        item.fields_checked, item.key_fields_checked = there.counts(mark["field"] for mark in marks)
        before, item.wrong = item.wrong if item.judged_by is not None else None, marks
        item.judged_by, item.judged_at = officer, at
        item.save(update_fields=["fields_checked", "key_fields_checked", "wrong", "judged_by", "judged_at"])
        work.record(
            "acceptance.judged", subject_kind="acceptance_item", subject_id=item.id,
            subject_office=item.origin_office_id, before=before, after=marks,
            facts={"acceptance": str(acceptance.id), "fields": item.fields_checked, "wrong_fields": len(marks)},
        )  # fmt: skip
    return item


def _marks(wrong: Sequence[Mapping[str, str]], fields: Sequence[str], key: frozenset[str]) -> list[dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    for mark in wrong:
        code, words = mark["field"], mark.get("words", "").strip()
        if code not in fields:
            raise RuleBroken("mark_field_unknown", field=code)
        if not words:
            raise RuleBroken("mark_without_words", field=code)
        if len(words) > MARK_WORDS:
            raise RuleBroken("mark_words_too_long", field=code, most=MARK_WORDS)
        made[code] = {"field": code, "is_key": code in key, "words": words}
    return [made[code] for code in fields if code in made]


def decide_acceptance(
    *, actor: Actor, at: datetime, acceptance_id: UUID, version: int, accepts: bool, number: str = "", words: str = "",
    back: str = "wrong",
) -> Acceptance:  # fmt: skip
    """Accept the book under the number of its record, or give packages back to their keyers.

    Nothing over a limit is accepted. A book that is not whole, or one within the limits that is refused nevertheless,
    needs words. What the record shows is frozen now.
    Raises RuleBroken: not_allowed, acceptance_unknown, acceptance_decided, acceptance_changed_meanwhile,
    acceptance_of_own_work, acceptance_not_judged, acceptance_over_limit, record_number_missing, record_number_used,
    words_missing_for_findings, words_missing_for_refusal, act_unknown, and why the book is not ready any more.
    """
    officer = must_have(actor, ACCEPT)
    number, words = number.strip()[:NUMBER], words.strip()[:WORDS]
    if back not in BACK:
        raise RuleBroken("act_unknown", field="back")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        acceptance = _locked_running(actor, acceptance_id, version)
        _must_be_third(actor, acceptance.book)
        total, left = found_so_far(acceptance)
        if left:
            raise RuleBroken("acceptance_not_judged", count=left)
        said = _said(acceptance, total)
        figures = _figures(acceptance.book, total, said)
        _must_give_reason(accepts, said, number, words, bool(figures["findings"]))
        if accepts:
            _accept(acceptance, number)
        acceptance.figures, acceptance.number, acceptance.words = figures, number, words
        acceptance.state = AcceptanceState.ACCEPTED if accepts else AcceptanceState.REJECTED
        acceptance.decided_by, acceptance.decided_at = officer, at
        acceptance.version += 1
        acceptance.save()
        _note(
            work, acceptance, "acceptance.accepted" if accepts else "acceptance.rejected", number=number,
            fields=total.fields, wrong_fields=total.wrong, key_fields=total.key_fields, key_wrong=total.key_wrong,
        )  # fmt: skip
        if not accepts:
            _give_back(actor, at, acceptance, back, words)
    return acceptance


def cancel_acceptance(*, actor: Actor, at: datetime, acceptance_id: UUID, version: int, words: str) -> Acceptance:
    """Give a sample up without a decision, with the reason; what was judged stays in the history.

    Raises RuleBroken: not_allowed, acceptance_unknown, acceptance_decided, acceptance_changed_meanwhile, reason_missing.
    """
    officer = must_have(actor, ACCEPT)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        acceptance = _locked_running(actor, acceptance_id, version)
        acceptance.words = words.strip()[:WORDS]
        if not acceptance.words:
            raise RuleBroken("reason_missing", field="words")
        acceptance.state, acceptance.decided_by, acceptance.decided_at = AcceptanceState.CANCELLED, officer, at
        acceptance.version += 1
        acceptance.save()
        _note(work, acceptance, "acceptance.cancelled")
    return acceptance


def _locked_book(actor: Actor, book_id: UUID) -> Book:
    book = Book.objects.select_for_update(of=("self",)).filter(id=book_id, origin_office_id__in=actor.office_ids)
    found = book.first()
    if found is None:
        raise RuleBroken("book_unknown")
    return found


def _locked_running(actor: Actor, acceptance_id: UUID, version: int | None = None) -> Acceptance:
    rows = Acceptance.objects.select_for_update(of=("self",)).select_related("book")
    found = rows.filter(id=acceptance_id, origin_office_id__in=actor.office_ids).first()
    if found is None:
        raise RuleBroken("acceptance_unknown")
    if found.state != AcceptanceState.JUDGING:
        raise RuleBroken("acceptance_decided")
    if version is not None and found.version != version:
        raise RuleBroken("acceptance_changed_meanwhile")
    return found


def _must_be_ready(book: Book) -> None:
    for problem in not_ready(book):
        raise RuleBroken(problem.code, **problem.params)


def _must_be_third(actor: Actor, book: Book) -> None:
    if had_a_hand_in(actor.hands, population(book)):
        raise RuleBroken("acceptance_of_own_work")


def _made(**columns: Any) -> Acceptance:
    try:
        return Acceptance.objects.create(**columns)
    except IntegrityError as error:  # two draw at the same moment: the book is locked, so this is the last belt
        raise RuleBroken("acceptance_running") from error


def _said(acceptance: Acceptance, total: Judged) -> Verdict:
    limits = acceptance.limits
    return verdict(
        total,
        key_per_mille=limits["key_per_mille"],
        all_per_mille=limits["all_per_mille"],
        is_whole=acceptance.sample_size == acceptance.population,
    )


def _must_give_reason(accepts: bool, said: Verdict, number: str, words: str, has_findings: bool) -> None:
    if accepts and not said.passes:
        raise RuleBroken("acceptance_over_limit", field="accepts")
    if accepts and not number:
        raise RuleBroken("record_number_missing", field="number")
    if not words and (has_findings if accepts else said.passes):
        raise RuleBroken("words_missing_for_findings" if accepts else "words_missing_for_refusal", field="words")


def _accept(acceptance: Acceptance, number: str) -> None:
    book = acceptance.book
    _must_be_ready(book)
    used = Acceptance.objects.filter(
        origin_office_id=acceptance.origin_office_id, number=number, state=AcceptanceState.ACCEPTED
    )
    if used.exists():
        raise RuleBroken("record_number_used", field="number", number=number)
    for listed in BookWork.objects.select_for_update().filter(book=book):
        listed.state, listed.version = BookWorkState.ACCEPTED, listed.version + 1
        listed.save(update_fields=["state", "version"])


def _figures(book: Book, total: Judged, said: Verdict) -> dict[str, Any]:
    """What the record shows, frozen: errors with their intervals, volume, completeness, the number of cases."""
    whole, volume = completeness_of(book), volume_of(book)
    frozen = whole.denominator
    return {
        "fields": total.fields, "wrong": total.wrong, "key_fields": total.key_fields, "key_wrong": total.key_wrong,
        "all_interval": [said.all.low, said.all.high], "key_interval": [said.key.low, said.key.high],
        "entered": whole.entered, "records": whole.records, "void": len(whole.void), "missing": len(whole.missing),
        "first": whole.first, "last": whole.last, "gaps": whole.gap_numbers, "declared": whole.declared,
        "denominator": {"value": frozen.value, "source": frozen.source} if frozen else None,
        "findings": [[found.code, str(found.severity), dict(found.params)] for found in findings(whole)],
        "cases": sum(volume.cases.values()), "marked": sum(volume.marked.values()),
        "values": sum(line.values for line in volume.fields),
        "characters": sum(line.characters for line in volume.fields),
        "keyers": {str(keyer): count for keyer, count in sorted(volume.cases_by_keyer.items())},
    }  # fmt: skip


def _give_back(actor: Actor, at: datetime, acceptance: Acceptance, back: str, words: str) -> None:
    """Packages go back to their keyers: those in which an error was found, or all. In them every case is looked at
    anew that the sample did not find right; what is a record already is mended there."""
    packages = KeyingPackage.objects.filter(book=acceptance.book, state=PackageState.CHECKED)
    if back == "wrong":
        packages = packages.filter(id__in=acceptance.items.exclude(wrong=[]).values("entry__package_id"))
    sample = {item.entry_id: item for item in acceptance.items.all()}
    for package, schema in packages.order_by("position").values_list("id", "schema_version"):
        labels = {field.code: field.label.vi for field in version_by_id(schema).fields}
        return_package(actor=actor, at=at, package_id=package, reason=_reason(acceptance, package, words))
        again = []
        entries = Entry.objects.select_for_update(of=("self",)).filter(package_id=package, kind=EntryKind.CASE)
        for entry in entries.exclude(case__state__in=[CaseState.APPROVED, CaseState.WITHDRAWN]).order_by("id"):
            item = sample.get(entry.id)
            if entry.case_id is None or (item is not None and not item.wrong):
                continue
            return_to_keyer(actor=actor, at=at, case_id=entry.case_id, reason=_of_case(item, labels))
            entry.check_state, entry.version = CheckState.RETURNED, entry.version + 1
            again.append(entry)
        Entry.objects.bulk_update(again, ["check_state", "version"], batch_size=500)


def _of_case(item: AcceptanceItem | None, labels: Mapping[str, str]) -> str:
    if item is None:
        return "Quyển sổ không đạt nghiệm thu: đối chiếu lại với sổ, sửa nếu sai rồi lưu lại."
    said = "; ".join(f"{labels.get(mark['field'], mark['field'])}: {mark['words']}" for mark in item.wrong)
    return f"Nghiệm thu thấy sai. {said}"[:WORDS]


def _reason(acceptance: Acceptance, package: UUID, words: str) -> str:
    wrong = acceptance.items.exclude(wrong=[]).filter(entry__package_id=package).select_related("entry__case")
    numbers = [item.entry.case.number_text or "?" for item in wrong.order_by("place") if item.entry.case is not None]
    parts = ["Nghiệm thu không đạt."]
    if numbers:
        parts.append(f"Trường hợp có lỗi trong mẫu: {', '.join(numbers)}.")
    return " ".join([*parts, words]).strip()[:WORDS]


def _note(work: UnitOfWork, acceptance: Acceptance, verb: str, **facts: Any) -> None:
    work.record(
        verb, subject_kind="acceptance", subject_id=acceptance.id, subject_office=acceptance.origin_office_id,
        facts={"book": str(acceptance.book_id), **facts},
        after={"words": acceptance.words} if acceptance.words else None,
    )  # fmt: skip
