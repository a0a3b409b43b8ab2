"""What the page of one entry shows: the scan, the values as a form or to read, differences as A and B, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hotich.accounts.queries import names_of_officers
from hotich.intake.models import Case, CaseState
from hotich.intake.views.case_page import findings, form_sections, read_sections
from hotich.intake.views.parts import shown_value
from hotich.kernel.actor import Actor
from hotich.keying.forms.checking import NOTE_LABELS, DecisionForm, ReasonForm
from hotich.keying.models import CheckState, Difference, Entry, EntryKind, KeyingPackage, PackageState
from hotich.keying.queries import checking as queries
from hotich.keying.queries.held_entries import Held, read_entry
from hotich.keying.queries.pictures import PictureFacts, facts_of_pictures
from hotich.keying.queries.regions import regions_for
from hotich.keying.rules.check_reasons import REASONS, parts_of
from hotich.keying.rules.comparison import WHOLE_CASE
from hotich.keying.rules.notes import FIELD, PARTS, is_note, part
from hotich.keying.views.checking_page import (
    KIND_WORDS,
    STATE_TONES,
    STATE_WORDS,
    crumbs,
    keying_url,
    package_title,
    place_title,
    progress_words,
)
from hotich.records.models import AnnotationKind
from hotich.registers.forms import NOT_WRITTEN_MARK, RegisterForm, datalist_id
from hotich.registers.rules.outputs import choices, text_in
from hotich.registers.rules.values import ILLEGIBLE_MARK, Recorded
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import RegisterVersion
from hotich.registers.views.parts import lang


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a value; `differs`: the other value has something else here."""

    text: str
    differs: bool


def base_context(actor: Actor, held: Held) -> dict[str, Any]:
    """What stands around the values whatever the state: title, scan, the acts that are open."""
    package, entry, case = held.package, held.entry, held.case
    state = CheckState(entry.check_state)
    is_checker = package.state == PackageState.CHECKING and package.checker in actor.hands
    may_settle = queries.may_settle(actor, held)
    is_settled = case is not None and case.state in (CaseState.APPROVED, CaseState.WITHDRAWN)
    return {
        "breadcrumb": crumbs(
            (package_title(package), reverse("keying:check_package", args=[package.id])), (place_title(entry.item), "")
        ),
        "entry": entry,
        "package": package,
        "page_title": place_title(entry.item),
        "package_name": package_title(package),
        "package_url": reverse("keying:check_package", args=[package.id]),
        "progress": progress_words(package),
        "state_words": _(STATE_WORDS[state]),
        "state_tone": STATE_TONES[state],
        "is_checker": is_checker,
        "may_return": package.state == PackageState.CHECKING
        and ((state == CheckState.PENDING and is_checker) or (state == CheckState.DIFFERS and may_settle)),
        "may_undo": state in (CheckState.PASSED, CheckState.RETURNED)
        and may_settle
        and not is_settled
        and package.state in (PackageState.CHECKING, PackageState.CHECKED),
        **_scan(held),
    }


def _scan(held: Held) -> dict[str, Any]:
    """The picture of the place, and where each field stands on it."""
    facts = facts_of_pictures([held.entry.item]).get(held.entry.item_id)
    if facts is None:
        return {"scan_pages": [], "scan_url": "", "regions": {}}
    picture = reverse("keying:picture", args=[held.entry.item_id])
    return {"scan_pages": [picture], "scan_url": "", "regions": regions_to_follow(held.package, facts)}


def regions_to_follow(package: KeyingPackage, facts: PictureFacts) -> dict[str, str]:
    """Field code -> its region on a picture, as the script reads it; {} where nobody has drawn a map."""
    return {code: ",".join(f"{share:.4f}" for share in box) for code, box in regions_for(package).on(facts).items()}


def closed_context(actor: Actor, entry_id: UUID, words: str) -> dict[str, Any]:
    """Why an entry is not shown to this officer. Nothing of what was keyed is in it."""
    held = read_entry(actor, entry_id)
    package = held.package
    may_key = bool(held.outstanding) and package.state == PackageState.CHECKING and package.checker in actor.hands
    return {
        "breadcrumb": crumbs(
            (package_title(package), reverse("keying:check_package", args=[package.id])),
            (place_title(held.entry.item), ""),
        ),
        "page_title": place_title(held.entry.item),
        "words": words,
        "action_url": keying_url(package) if may_key else "",
        "action_label": _(KIND_WORDS[held.outstanding]) if held.outstanding else "",
        "package_url": reverse("keying:check_package", args=[package.id]),
    }


# ---- to look at


def form_context(held: Held, form: RegisterForm, reason: ReasonForm) -> dict[str, Any]:
    """The values as a form: what is filled in the order of the book, what was left empty of each section below it."""
    assert held.case is not None
    filled, empty = [], []
    groups = form_sections(form, held.case, {}, restricted=True)
    form.problems = {}  # type: ignore[attr-defined]  # they stand above, each with what the keyer said to it
    for group in groups:
        for line in group.lines:
            line.bound.help_text = ""
        there = [line for line in group.lines if line.bound.value() or line.bound.errors]
        left = [line for line in group.lines if line not in there]
        if there:
            filled.append({"title": group.title, "lines": there})
        if left:
            empty.append({"title": group.title, "lines": left})
    return {
        "form": form,
        "reason_form": reason,
        "filled": filled,
        "empty": empty,
        "empty_number": sum(len(group["lines"]) for group in empty),
        "findings": _findings(held.entry, held.case),
        "annotations": annotation_lines(held.case),
        "version": held.entry.version,
        "illegible_mark": ILLEGIBLE_MARK,
        "not_written_mark": NOT_WRITTEN_MARK,
    }


def _findings(entry: Entry, case: Case) -> list[dict[str, Any]]:
    """What the checks found, each with what the keyer said to it."""
    said = {each.get("field", ""): each.get("reason", "") for each in entry.confirmed}
    codes = [found.get("field", "") for found in sorted(case.problems, key=lambda each: each["severity"] != "error")]
    shown = findings(case, restricted=True, with_links=True)
    return [each | {"said": said.get(field, "")} for each, field in zip(shown, codes, strict=False)]


def annotation_lines(case: Case) -> list[dict[str, str]]:
    """The notes in the margin as they were keyed: kind, day, basis, words."""
    lines = []
    for note in case.annotations:
        kind = note.get("kind", "")
        label = _(AnnotationKind(kind).label) if kind in AnnotationKind.values else kind
        facts = [
            note.get(name, "") for name in ("note_date_text", "basis_number", "basis_date_text", "basis_authority")
        ]
        lines.append({"kind": label, "facts": ", ".join(filter(None, facts)), "text": note.get("text", "")})
    return lines


# ---- differences


def decisions_context(held: Held, forms: Sequence[DecisionForm]) -> dict[str, Any]:
    """The open differences, each with A and B; and those decided before, to be taken back."""
    version = version_by_id(held.case.schema_version if held.case is not None else held.entry.schema_version)
    return {
        "decisions": [_decision(form, version) for form in forms],
        "datalists": _datalists(forms, version),
        "decided": decided_lines(held, version),
        "annotations": annotation_lines(held.case) if held.case is not None else [],
    }


def _datalists(forms: Sequence[DecisionForm], version: RegisterVersion) -> list[tuple[str, list[tuple[str, str]]]]:
    """The suggestions the third values refer to, each list once."""
    asked = {form.row.field for form in forms}
    lists = {each.code_list: None for each in version.fields if each.code in asked and each.code_list}
    return [(datalist_id(name), choices(name, lang())) for name in lists]


def _decision(form: DecisionForm, version: RegisterVersion) -> dict[str, Any]:
    row = form.row
    first, second = (value_words(value, row.field, version) for value in form.values)
    is_nothing = row.field != WHOLE_CASE and not (row.first_value and row.second_value)
    left, right = pieces_beside(first, second, is_nothing=is_nothing)
    return {
        "form": form,
        "id": row.id.hex,
        "field": row.field,
        "label": label_of(row.field, version),
        "is_critical": row.is_critical,
        "is_whole": row.field == WHOLE_CASE,
        "a": left,
        "b": right,
        "chosen": form["choice"].value() or "",
    }


def label_of(field: str, version: RegisterVersion) -> str:
    """The name of a field; of the whole case for ""."""
    if is_note(field):
        return _("Ghi chú bên lề %(place)s") % {"place": field.removeprefix(FIELD)}
    found = next((each for each in version.fields if each.code == field), None)
    return text_in(found.label, lang()) if found is not None else _("Cả trường hợp")


def value_words(value: Recorded | None, field: str, version: RegisterVersion) -> str:
    """A value as an officer reads it: the name of a code, a mark for what is not there; of a note a line for each part."""
    if field == WHOLE_CASE:
        return _whole_words(value)
    if is_note(field):
        return _note_words(value, version)
    text = shown_value({field: value} if value is not None else {}, field)
    found = next((each for each in version.fields if each.code == field), None)
    if found is not None and found.code_list:
        text = dict(choices(found.code_list, lang())).get(text, text)
    return text or _("(để trống)")


def _note_words(note: Any, version: RegisterVersion) -> str:
    if not note:
        return _("(không có ghi chú này)")
    said = {name: part(note, name)[0] or (ILLEGIBLE_MARK if part(note, name)[1] else "") for name in PARTS}
    kind = said["kind"]
    said["kind"] = _(AnnotationKind(kind).label) if kind in AnnotationKind.values else kind
    if said["field"]:
        said["field"] = label_of(said["field"], version)
    return "\n".join(f"{NOTE_LABELS[name]}: {words}" for name, words in said.items() if words)


def _whole_words(value: Recorded | None) -> str:
    if not isinstance(value, dict):
        return ""
    kind = value.get("text", "")
    words = _(EntryKind(kind).label) if kind in EntryKind.values else kind
    return f"{words}: {value['reason']}" if value.get("reason") else words


def pieces_beside(first: str, second: str, *, is_nothing: bool) -> tuple[list[Piece], list[Piece]]:
    """As `pieces`; of something beside nothing (`is_nothing`) there are no letters to compare."""
    return ([Piece(first, False)], [Piece(second, False)]) if is_nothing else pieces(first, second)


def pieces(first: str, second: str) -> tuple[list[Piece], list[Piece]]:
    """Both values cut where they differ, so that the eye finds the letter."""
    left, right = [], []
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if b > a:
            left.append(Piece(first[a:b], tag != "equal"))
        if d > c:
            right.append(Piece(second[c:d], tag != "equal"))
    return left, right


# ---- to read


def read_context(actor: Actor, held: Held) -> dict[str, Any]:
    """The values to read, what was decided, and why nothing is asked of this officer."""
    version = version_by_id(held.case.schema_version if held.case is not None else held.entry.schema_version)
    is_void = held.case is None
    state = held.entry.check_state
    return {
        "read_sections": [] if is_void or held.case is None else read_sections(held.case, restricted=True),
        "annotations": annotation_lines(held.case) if held.case is not None else [],
        "void_words": _(EntryKind(held.entry.kind).label) if is_void else "",
        "void_reason": held.entry.item.reason if is_void else "",
        "may_confirm": is_void and state == CheckState.PENDING and _is_checker(actor, held),
        "version": held.entry.version,
        "decided": decided_lines(held, version),
        "returned_reason": held.case.returned_reason if held.case is not None and state == CheckState.RETURNED else "",
        "why": _why(actor, held),
    }


def _is_checker(actor: Actor, held: Held) -> bool:
    return held.package.state == PackageState.CHECKING and held.package.checker in actor.hands


def _why(actor: Actor, held: Held) -> str:
    state = held.entry.check_state
    if state == CheckState.DIFFERS and not queries.may_settle(actor, held):
        return _("Hai bản nhập khác nhau. Người thứ ba, không nhập bản nào, sẽ quyết định.")
    if state == CheckState.PENDING and not _is_checker(actor, held):
        return _("Trường hợp này chờ người đang kiểm tra gói.")
    return ""


def decided_lines(held: Held, version: RegisterVersion) -> list[dict[str, Any]]:
    """What was decided: field, value before and after, who, when and why."""
    rows = [row for row in queries.differences_of(held.entry) if row.decision]
    names = names_of_officers({row.decided_by for row in rows if row.decided_by is not None})
    return [_decided(row, names, version) for row in rows]


def _decided(row: Difference, names: dict[int, str], version: RegisterVersion) -> dict[str, Any]:
    code, words = parts_of(row.reason)
    why = " – ".join(filter(None, (_(REASONS[code]) if code else "", words)))
    at = date_format(localtime(row.decided_at), "H:i d/m/Y") if row.decided_at else ""
    return {
        "id": row.id,
        "label": label_of(row.field, version),
        "before": value_words(row.first_value, row.field, version).replace("\n", "; "),
        "value": value_words(row.value, row.field, version).replace("\n", "; "),
        "is_kept": row.decision == "first",
        "who": names.get(row.decided_by or 0, ""),
        "at": at,
        "why": why,
        "undo_url": reverse("keying:difference_undo", args=[row.id]),
    }
