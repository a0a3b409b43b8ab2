"""What the pages of the second original show: rows of a pair, one case as two texts, what was decided, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hotich.accounts.queries import names_of_officers
from hotich.intake.models import Case
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.forms.originals import PointForm
from hotich.keying.models import CheckState, Entry, OriginalDecision, OriginalOutcome, PackageState
from hotich.keying.queries import originals as queries
from hotich.keying.queries import undecided
from hotich.keying.queries.copies import CopyPair
from hotich.keying.queries.held_entries import Held, read_entry
from hotich.keying.queries.original_notes import NoteOfRecord, count_unwritten, unwritten_notes
from hotich.keying.queries.pictures import facts_of_pictures
from hotich.keying.rules.check_reasons import REASONS, parts_of
from hotich.keying.rules.notes import is_note
from hotich.keying.rules.originals import FIRST, OTHER, is_evidence, may_see_point
from hotich.keying.views.acceptance_parts import book_title
from hotich.keying.views.checking_entry_page import label_of, pieces_beside, regions_to_follow, value_words
from hotich.keying.views.checking_page import crumbs, place_title
from hotich.keying.views.original_notes import notes_context
from hotich.keying.views.package_parts import package_title
from hotich.records.models import Record
from hotich.registers.forms import datalist_id
from hotich.registers.models import BookCopy
from hotich.registers.rules.outputs import choices
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import RegisterVersion
from hotich.registers.views.parts import lang
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of_problem

OUTCOME_TONES = {
    OriginalOutcome.SAME: "ok",
    OriginalOutcome.DECIDED: "ok",
    OriginalOutcome.OWN: "brand",
    OriginalOutcome.DISMISSED: "muted",
}


def copy_words(copy: str) -> str:
    """ "Bản lưu cấp xã"."""
    return _("Bản lưu cấp huyện") if copy == BookCopy.DISTRICT else _("Bản lưu cấp xã")


def queue_context(actor: Actor) -> dict[str, Any]:
    """Of the queue of checking: the books of which cases wait beside another original."""
    rows = [
        Row(str(each.pair.first.id), [
            Cell(book_title(each.pair.first), reverse("keying:originals", args=[each.pair.first.id]),
                 note=each.pair.first.origin_office.name),
            each.beside or "", each.alone or "",
        ])
        for each in undecided.pairs_with_undecided(actor)
    ]  # fmt: skip
    columns = [Column(_("Quyển")), Column(_("Có ở cả hai bản"), "number"), Column(_("Chỉ ở bản cấp huyện"), "number")]
    noted = [
        Row(str(row.entry_id), [
            Cell(_("Số %(number)s") % {"number": _number_of(row.entry.case) if row.entry.case is not None else ""},
                 reverse("keying:original", args=[row.entry_id]), note=book_title(row.entry.package.book)),
            number,
        ])
        for row, number in unwritten_notes(actor)
    ]  # fmt: skip
    return {
        "originals": rows,
        "original_columns": columns,
        "first_original_url": reverse("keying:originals", args=[rows[0].key]) if rows else "",
        "notes": noted,
        "note_columns": [Column(_("Trường hợp")), Column(_("Ghi chú chờ ghi"), "number")],
    }


# ---- a pair of books


def pair_context(actor: Actor, pair: CopyPair) -> dict[str, Any]:
    """Three lists: to be decided beside the other original, only in one, decided."""
    waiting, decided = undecided.waiting_pairs(pair), queries.decisions_of_pair(pair)
    alone = undecided.waiting_alone(pair)
    names = names_of_officers({row.decided_by for row in decided})
    points = {each.second.entry.id: len(each.points) for each in waiting}
    mine = [each for each in waiting if each.is_ready and not each.is_of(actor)]
    differing = [each for each in mine if points[each.second.entry.id]]
    return {
        "breadcrumb": crumbs((_("Hai bản lưu: %(book)s") % {"book": book_title(pair.first)}, "")),
        "title": book_title(pair.first),
        "office_name": pair.first.origin_office.name,
        "pair": pair,
        "stats": _stats(waiting, mine, differing, len(alone), len(decided)),
        "equal_number": len(mine) - len(differing),
        "first_url": reverse("keying:original", args=[differing[0].second.entry.id]) if differing else "",
        "columns": [Column(_("Trường hợp")), Column(_("Bản lưu thứ hai")), Column(_("Điểm khác nhau"), "number"),
                    Column(_("Việc cần làm"))],
        "rows": [_waiting_row(actor, each, points[each.second.entry.id]) for each in waiting],
        "alone": [_alone(actor, each) for each in alone],
        "decided": [_decided_line(row, names, _notes_left(row)) for row in decided],
    }  # fmt: skip


def _stats(
    waiting: Sequence[queries.Beside],
    mine: Sequence[queries.Beside],
    differing: Sequence[queries.Beside],
    alone: int,
    decided: int,
) -> list[dict[str, Any]]:
    told = [
        (_("Chờ quyết định"), len(waiting), "warning" if waiting else ""),
        (_("Hai bản ghi như nhau"), len(mine) - len(differing), ""),
        (_("Có điểm khác nhau"), len(differing), ""),
        (_("Chỉ ở bản cấp huyện"), alone, "warning" if alone else ""),
        (_("Đã quyết định"), decided, "ok" if decided else ""),
    ]
    return [{"label": label, "value": value, "tone": tone} for label, value, tone in told]


def _waiting_row(actor: Actor, found: queries.Beside, number: int) -> Row:
    may = found.is_ready and not found.is_of(actor)
    if found.is_of(actor):
        todo = _("Người khác quyết định: bạn đã nhập một bản")
    elif not found.is_ready:
        todo = _("Chờ bản lưu kia kiểm tra xong")
    else:
        todo = _("Quyết định từng điểm") if number else _("Xác nhận như nhau")
    url = reverse("keying:original", args=[found.second.entry.id]) if may else ""
    package = found.second.package
    return Row(
        str(found.second.entry.id),
        [Cell(_number(found.second), url), Cell(copy_words(package.book.copy), note=package_title(package)),
         number if may else "", todo],
        tone="warning" if may and number else "",
    )  # fmt: skip


def _number(held: Held) -> str:
    case = held.case
    if case is None or case.number is None:
        return place_title(held.entry.item)
    return _("Số %(number)s") % {"number": _number_of(case)}


def _number_of(case: Case) -> str:
    return f"{case.number}{case.number_suffix}/{case.registration_year}"


def _alone(actor: Actor, entry: Entry) -> dict[str, Any]:
    case = entry.case
    assert case is not None
    return {
        "id": entry.id,
        "title": _("Số %(number)s") % {"number": _number_of(case)},
        "package": package_title(entry.package),
        "url": reverse("keying:check_entry", args=[entry.id]),
        "may": entry.keyer not in actor.hands,
    }


def _notes_left(row: OriginalDecision) -> int:
    return count_unwritten(row) if row.notes_left else 0


def _decided_line(row: OriginalDecision, names: dict[int, str], notes_left: int = 0) -> dict[str, Any]:
    case = row.entry.case
    outcome = OriginalOutcome(row.outcome)
    number = _number_of(case) if case is not None else ""
    points = ngettext("%(n)d điểm khác nhau", "%(n)d điểm khác nhau", len(row.points)) % {"n": len(row.points)}
    return {
        "id": row.entry_id,
        "title": _("Số %(number)s") % {"number": number},
        "url": reverse("keying:original", args=[row.entry_id]),
        "outcome": _(outcome.label),
        "tone": OUTCOME_TONES[outcome],
        "words": row.reason or (points if row.points else ""),
        "who": names.get(row.decided_by, ""),
        "at": date_format(localtime(row.decided_at), "H:i d/m/Y"),
        "notes_left": notes_left,
    }


# ---- one case


def beside_context(actor: Actor, found: queries.Beside, forms: Sequence[PointForm]) -> dict[str, Any]:
    """Both scans at the left, the points with what each original says at the right."""
    second, package = found.second, found.second.package
    version = version_by_id(found.first.schema_version)
    book = package.book
    is_checker = package.state == PackageState.CHECKING and package.checker in actor.hands
    scans = [
        _scan(copy_words(found.first.batch.original), found.first_held, found),
        _scan(copy_words(book.copy), second, None),
    ]
    return {
        **_around(second),
        "entry": second.entry,
        "seen": found.seen,
        "first_words": copy_words(found.first.batch.original),
        "second_words": copy_words(book.copy),
        "scans": scans,
        "has_scans": any(each["images"] or each["url"] for each in scans),
        "points": [_point(form, version) for form in forms],
        "has_third": any("value" in form.fields for form in forms),
        "datalists": _datalists(forms, version),
        "record_url": reverse("records:record", args=[found.record.id]) if found.record is not None else "",
        "may_return": is_checker and second.entry.check_state == CheckState.PENDING,
    }


def _around(second: Held) -> dict[str, Any]:
    title = _number(second)
    pair_url = reverse("keying:originals", args=[second.package.book_id])
    book = book_title(second.package.book)
    return {
        "breadcrumb": crumbs((_("Hai bản lưu: %(book)s") % {"book": book}, pair_url), (title, "")),
        "page_title": title,
        "package_name": package_title(second.package),
        "package_url": pair_url,
        "pair_url": pair_url,
    }


def _scan(title: str, held: Held | None, beside: queries.Beside | None) -> dict[str, Any]:
    """The picture of a case, with its regions; of one that came from a workbook its page, where its scan stands."""
    facts = facts_of_pictures([held.entry.item]).get(held.entry.item_id) if held is not None else None
    if held is not None and facts is not None:
        picture = reverse("keying:picture", args=[held.entry.item_id])
        return {"title": title, "images": [picture], "url": "", "regions": regions_to_follow(held.package, facts)}
    url = ""
    if held is None and beside is not None:
        name = "records:record" if beside.record is not None else "intake:case"
        url = reverse(name, args=[beside.record.id if beside.record is not None else beside.first.id])
    return {"title": title, "images": [], "url": url}


def _point(form: PointForm, version: RegisterVersion) -> dict[str, Any]:
    point = form.point
    first, second = (value_words(value, point.field, version) for value in (point.first, point.second))
    left, right = pieces_beside(first, second, is_nothing=not (point.first and point.second))
    return {
        "form": form,
        "id": form.prefix,
        "field": point.field,
        "label": label_of(point.field, version),
        "first": left,
        "second": right,
        "has_third": "value" in form.fields,
        "chosen": form["choice"].value() or "",
    }


def _datalists(forms: Iterable[PointForm], version: RegisterVersion) -> list[tuple[str, list[tuple[str, str]]]]:
    asked = {form.point.field for form in forms}
    lists = {each.code_list: None for each in version.fields if each.code in asked and each.code_list}
    return [(datalist_id(name), choices(name, lang())) for name in lists]


def closed_context(found: queries.Beside, code: str) -> dict[str, Any]:
    """Why a case is not shown to this officer. Nothing of what was keyed is in it."""
    return {**_around(found.second), "words": text_of_problem(RuleBroken(code))}


def decided_context(actor: Actor, entry_id: UUID) -> dict[str, Any]:
    """A case of which nothing waits: what was decided, by whom, with both texts. Raises RuleBroken entry_unknown."""
    held = read_entry(actor, entry_id)
    row = queries.decision_of(entry_id)
    if row is None:
        raise RuleBroken("entry_unknown")
    version = version_by_id(held.case.schema_version if held.case is not None else held.entry.schema_version)
    names = names_of_officers({row.decided_by})
    first_copy = row.first_case.batch.original if row.first_case is not None else ""
    is_own = held.is_of(actor)
    noted = notes_context(actor, row, from_record=False)
    return {
        **_around(held),
        "decision": {**_decided_line(row, names), "reason": row.reason},
        "points": [] if is_own else [kept_point(each, version, noted["notes"]) for each in row.points],
        "first_words": copy_words(first_copy),
        "second_words": copy_words(held.package.book.copy),
        "undo_url": "" if is_own else reverse("keying:original_undo", args=[entry_id]),
        **({} if is_own else noted),
    }


def kept_point(kept: Mapping[str, Any], version: RegisterVersion, notes: Mapping[str, NoteOfRecord]) -> dict[str, Any]:
    """A point as it was decided: both texts, which one is followed, why; of a note how the record stands (`notes`)."""
    code, words = parts_of(kept["reason"])
    first, second, value = (value_words(kept[name], kept["field"], version) for name in ("first", "second", "value"))
    return {
        "label": label_of(kept["field"], version),
        "first": first,
        "second": second,
        "value": value if kept["decision"] == OTHER else "",
        "is_note": is_note(kept["field"]),
        "note": notes.get(kept["field"]),
        "is_first": kept["decision"] == FIRST,
        "is_other": kept["decision"] == OTHER,
        "why": " – ".join(filter(None, (_(REASONS[code]) if code else "", words))),
    }


def next_of(actor: Actor, found: queries.Beside) -> UUID | None:
    """The case of the same books to decide next; None when nothing is left for this officer."""
    pair = queries.sibling_pair(found.second.package.book)
    if pair is None:
        return None
    for each in undecided.waiting_pairs(pair):
        if each.is_ready and not each.is_of(actor) and each.points:
            return each.second.entry.id
    return None


# ---- the record


def evidence_context(actor: Actor, record: Record) -> dict[str, Any]:
    """What the other original says where it differs; nothing that this officer may not see."""
    row = queries.decision_of_record(record)
    if row is None:
        return {"decision": None}
    version = version_by_id(record.schema_version)
    noted = notes_context(actor, row, from_record=True)
    kept = [
        each
        for each in row.points
        if (is_evidence(each) or each["field"] in noted["notes"]) and may_see_point(actor, each, version)
    ]
    names = names_of_officers({row.decided_by})
    copy = row.entry.package.book.copy
    return {
        "decision": {"who": names.get(row.decided_by, ""), "at": date_format(localtime(row.decided_at), "H:i d/m/Y")},
        "is_same": not kept and not any(is_evidence(each) for each in row.points),
        "first_words": copy_words(BookCopy.COMMUNE if copy == BookCopy.DISTRICT else BookCopy.DISTRICT),
        "second_words": copy_words(copy),
        "points": [kept_point(each, version, noted["notes"]) for each in kept],
        **noted,
    }
