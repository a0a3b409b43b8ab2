"""Words and tones of look-ups and checks: outcomes, differences, evidence, citizens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from hotich.reconciliation.models import AbsenceReason, CheckOutcome, PopulationCheck
from hotich.reconciliation.rules.citizen import BookFacts, Citizen
from hotich.reconciliation.rules.comparison import FIELDS
from hotich.reconciliation.rules.messages.look_ups import evidence_code
from hotich.reconciliation.services.look_ups import LookUpAnswer, Shown
from hotich.registers import codes
from hotich.registers.views.parts import lang
from hotich.web.texts import text_of

TONES = {
    CheckOutcome.PENDING: "muted",
    CheckOutcome.EQUAL: "ok",
    CheckOutcome.DIFFERENT: "warning",
    CheckOutcome.ABSENT: "accent",
    CheckOutcome.CLERK: "brand",
}
MOST_EVIDENCE = 6
_NO_TEXT = "–"


def outcome_name(outcome: str) -> str:
    """Trùng khớp, Không trùng khớp …"""
    return _(CheckOutcome(outcome).label)


def absence_name(code: str) -> str:
    """Why somebody is absent; "" for no reason."""
    return _(AbsenceReason(code).label) if code else ""


def field_name(field: str) -> str:
    """What a field of the comparison is called."""
    return text_of(f"population_field_{field}")


def kind_name(kind: str) -> str:
    """What kind of difference it is."""
    return text_of(f"population_kind_{kind}")


def value_of(field: str, value: str) -> str:
    """A value of either side as it is read: dates as 12/03/1988, sexes in words."""
    if not value:
        return ""
    if field == "birth":
        return "/".join(reversed(value.split("-")))
    return codes.label_of("sex", value, lang()) if field == "sex" else value


def difference_text(difference: Mapping[str, Any]) -> str:
    """One difference in a line: "Ngày sinh: sổ 12/03/1988, CSDL dân cư 03/12/1988 (đảo ngày và tháng)"."""
    field = str(difference["field"])
    if not difference["theirs"]:
        return _("%(field)s: sổ ghi %(ours)s; %(kind)s") % {
            "field": field_name(field), "ours": value_of(field, str(difference["ours"])),
            "kind": kind_name(str(difference["kind"])),
        }  # fmt: skip
    return _("%(field)s: sổ ghi %(ours)s, CSDL dân cư ghi %(theirs)s (%(kind)s)") % {
        "field": field_name(field),
        "ours": value_of(field, str(difference["ours"])),
        "theirs": value_of(field, str(difference["theirs"])),
        "kind": kind_name(str(difference["kind"])),
    }


def evidence_texts(evidence: Sequence[Any]) -> list[str]:
    """What speaks for and against, the weightiest first; levels that say nothing are left out."""
    told = []
    for each in sorted(evidence, key=lambda item: -abs(_part(item, "bits"))):
        code = evidence_code(_part(each, "field"), _part(each, "level"))
        if code:
            told.append(text_of(code))
    return told[:MOST_EVIDENCE]


def _part(item: Any, name: str) -> Any:
    return item[name] if isinstance(item, Mapping) else getattr(item, name)


def answer_text(answer: LookUpAnswer) -> str:
    """What a look-up came to, in one sentence."""
    if answer.state != "answered":
        return text_of(f"population_state_{answer.state}")
    return text_of(f"population_state_{answer.outcome}")


def candidate_json(shown: Shown) -> dict[str, Any]:
    """A candidate for the keying screen."""
    citizen = shown.citizen
    return {
        "ref": citizen.ref, "personal_id": citizen.personal_id, "full_name": citizen.full_name, "birth": citizen.birth,
        "sex": citizen.sex, "father_name": citizen.father_name, "mother_name": citizen.mother_name,
        "spouse_name": citizen.spouse_name, "native_place": citizen.native_place, "life": citizen.life,
        "outcome": shown.comparison.outcome, "is_evident": shown.is_evident,
        "evidence": evidence_texts(shown.evidence),
        "differences": [
            {"field": each.field, "kind": each.kind, "text": difference_text(each.as_json())}
            for each in shown.comparison.differences
        ],
    }  # fmt: skip


def side_rows(facts: BookFacts, citizen: Citizen, differences: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Book and population database side by side, field by field; residence last, never compared."""
    kinds = {str(each["field"]): str(each["kind"]) for each in differences}
    rows = []
    for field in (*FIELDS, "residence"):
        ours, theirs = getattr(facts, field), getattr(citizen, field)
        if not ours and not theirs:
            continue
        kind = kinds.get(field, "")
        rows.append(
            {
                "label": field_name(field),
                "ours": value_of(field, ours) or _NO_TEXT,
                "theirs": value_of(field, theirs) or _NO_TEXT,
                "kind": kind_name(kind) if kind else "",
                "note": _("không so sánh") if field == "residence" else "",
            }
        )
    return rows


def life_text(citizen: Citizen) -> str:
    """That a citizen is known to be dead or missing; "" else."""
    return {"dead": _("đã chết"), "missing": _("mất tích")}.get(citizen.life, "")


def check_note(check: PopulationCheck) -> str:
    """What stands beside the outcome of a check: the reason of an absence, the number that was taken over."""
    if check.outcome == CheckOutcome.ABSENT:
        words = ": ".join(filter(None, [absence_name(check.absence), check.absence_words]))
        confirmed = _("công an đã xác nhận") if check.confirmed_by else ""
        return "; ".join(filter(None, [words or _("chưa nêu lý do"), confirmed]))
    if check.is_taken_over and check.personal_id:
        return _("số định danh %(number)s") % {"number": check.personal_id}
    return ""
