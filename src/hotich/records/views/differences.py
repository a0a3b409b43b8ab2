"""Old and new values beside each other, letter by letter, and what the checks say of the new ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from hotich.accounts.queries import names_of_officers
from hotich.kernel.problems import Problem
from hotich.records.models import KeyingRepair
from hotich.records.queries import RecordView
from hotich.records.queries.repairs import ITEMS, RepairCheck, check_repair, editions_of
from hotich.records.rules.letter_diff import Piece, letters_apart
from hotich.records.views.parts import value_note, value_text
from hotich.registers.rules.values import text_of
from hotich.registers.views.parts import words


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One field of two versions."""

    label: str
    old: list[Piece]
    new: list[Piece]
    new_note: str = ""


def difference_rows(view: RecordView, changed: Mapping[str, Any]) -> list[DifferenceRow]:
    """The fields a repair changes, in the order of the register; those one may not see are left out."""
    rows = []
    for code, label in field_labels(view).items():
        if code in changed and code not in view.recorded.hidden:
            old, new = letters_apart(_text(view.record.as_recorded.get(code)), _text(changed[code]))
            rows.append(DifferenceRow(label, old, new, "" if code == ITEMS else value_note(changed[code])))
    return rows


def hides_some(view: RecordView, changed: Mapping[str, Any]) -> bool:
    """Whether the repair changes a field that one may not see."""
    return bool(set(changed) & set(view.recorded.hidden))


def field_labels(view: RecordView) -> dict[str, str]:
    """Field code → its name, in the order of the register, the rows of an entry of changes last."""
    labels = {field.code: words(field.label) for section in view.version.sections for field in section.fields}
    return labels | {ITEMS: _("Các mục được thay đổi")}


def _text(raw: Any) -> str:
    if isinstance(raw, list):
        return "\n".join(
            f"{text_of(row, 'changed_field')}: {text_of(row, 'old_value') or '–'} → {text_of(row, 'new_value') or '–'}"
            for row in raw
        )
    return value_text(raw)


def check_context(view: RecordView, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Template context of `records/parts/repair_check.html`; findings at fields one may not see are left out."""
    check: RepairCheck = check_repair(view.record, changed)
    labels, hidden = field_labels(view), view.recorded.hidden

    def lines(problems: tuple[Problem, ...]) -> list[tuple[Problem, str]]:
        return [(each, labels.get(each.field, "")) for each in problems if each.field not in hidden]

    return {
        "fresh": lines(check.fresh),
        "gone": lines(check.gone),
        "blocks": bool(check.errors) or check.number_taken,
        "number_taken": check.number_text if check.number_taken else "",
    }


def editions_context(view: RecordView) -> dict[str, Any]:
    """Every version of the record beside the others: the fields in which they differ, who made them, when and why."""
    editions = editions_of(view.record)
    makers = [each.made_by for each in editions if each.made_by]
    names = names_of_officers({each.proposed_by for each in makers} | {each.decided_by or 0 for each in makers})
    labels, hidden = field_labels(view), view.recorded.hidden
    codes = [
        code for code in labels if code not in hidden and len({_text(each.values.get(code)) for each in editions}) > 1
    ]
    return {
        "editions": [_edition(each.number, each.made_by, names) for each in editions],
        "edition_rows": [(labels[code], _cells([_text(each.values.get(code)) for each in editions])) for code in codes],
    }


def _edition(number: int, made_by: KeyingRepair | None, names: Mapping[int, str]) -> dict[str, Any]:
    if made_by is None:
        return {"number": number}
    return {
        "number": number,
        "at": made_by.decided_at,
        "proposed": names.get(made_by.proposed_by, ""),
        "decided": names.get(made_by.decided_by or 0, ""),
        "reason": made_by.reason,
    }


def _cells(texts: list[str]) -> list[list[Piece]]:
    """The texts of one field in its versions, with what is new in each since the one before."""
    first = [Piece(texts[0], False)] if texts[0] else []
    return [first, *(letters_apart(old, new)[1] for old, new in pairwise(texts))]
