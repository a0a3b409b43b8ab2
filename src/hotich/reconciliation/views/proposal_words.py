"""What the pages of proposals share: words and tones of kinds, states, strength and evidence; both sides in rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hotich.kernel.actor import Actor
from hotich.persons.views.kinship import record_name
from hotich.reconciliation.models import LinkProposal, ProposalKind, ProposalState
from hotich.reconciliation.queries.proposals import Side
from hotich.reconciliation.rules.families import JANUARY, SPOUSE_OF
from hotich.reconciliation.rules.messages.look_ups import evidence_code
from hotich.records.models import Participant
from hotich.records.rules.letter_diff import letters_apart
from hotich.records.views.parts import birth_of, role_names, sex_name
from hotich.registers.codes import label_of
from hotich.registers.views.parts import lang
from hotich.web.rules.formats import number_text
from hotich.web.texts import text_of

STATE_TONES = {
    ProposalState.OPEN: "warning",
    ProposalState.ACCEPTED: "ok",
    ProposalState.REJECTED: "muted",
    ProposalState.UNDONE: "accent",
    ProposalState.STALE: "muted",
}
STRONG, GOOD = 16, 9  # bits
NOTHING = 0.3  # bits: less says nothing
MOST_SHOWN_BITS = 15


def kind_name(kind: str) -> str:
    """What is proposed."""
    return _(ProposalKind(kind).label)


def state_name(state: str) -> str:
    """What became of it."""
    return _(ProposalState(state).label)


def strength(score: float) -> tuple[str, str]:
    """How strong the likeness is, in words, and its tone."""
    if score >= STRONG:
        return _("rất giống"), "ok"
    return (_("giống"), "accent") if score >= GOOD else (_("có thể"), "muted")


def evidence_lines(proposal: LinkProposal) -> list[dict[str, Any]]:
    """What speaks for and what against, the weightiest first."""
    lines = []
    for each in sorted(proposal.evidence, key=lambda item: -abs(item["bits"])):
        text = _evidence_text(each["field"], each["level"])
        if text and abs(each["bits"]) >= NOTHING:
            lines.append(
                {
                    "text": text,
                    "is_for": each["bits"] > 0,
                    "bits": number_text(abs(each["bits"]), lang(), 1),
                    "share": min(100, round(abs(each["bits"]) / MOST_SHOWN_BITS * 100)),
                }
            )
    return lines


def caution(proposal: LinkProposal) -> str:
    """What one easily takes for more than it says; "" for nothing."""
    is_january = any(each["level"] == JANUARY for each in proposal.evidence)
    return text_of("proposal_birth_january") if is_january else ""


def reasons(proposal: LinkProposal) -> str:
    """What speaks for it, in one line."""
    return "; ".join(line["text"] for line in evidence_lines(proposal) if line["is_for"])[:300]


def _evidence_text(field: str, level: str) -> str:
    code = f"proposal_spouse_{level}" if field == "spouse" else evidence_code(field, level)
    return "" if not code or level == "unknown" else text_of(code)


def sides_in_rows(first: Side, second: Side) -> list[dict[str, Any]]:
    """Both entries field by field; what differs is marked letter by letter. A field neither tells is left out."""
    rows = []
    for label, one, other, compared in _fields(first, second):
        if not one and not other:
            continue
        differs = compared and bool(one) and bool(other) and one != other
        pieces = letters_apart(one, other) if differs else ([], [])
        rows.append({"label": label, "first": one or "–", "second": other or "–", "differs": differs,
                     "first_pieces": pieces[0], "second_pieces": pieces[1]})  # fmt: skip
    return rows


def _fields(first: Side, second: Side) -> list[tuple[str, str, str, bool]]:
    def both(label: str, value: Any, compared: bool = True) -> tuple[str, str, str, bool]:
        return label, value(first), value(second), compared

    return [
        both(_("Là ai trong bản ghi"), lambda side: role_in(side.participant), False),
        both(_("Họ, chữ đệm, tên"), lambda side: side.participant.full_name),
        both(_("Ngày, tháng, năm sinh"), lambda side: birth_of(side.participant)),
        both(_("Giới tính"), lambda side: sex_name(side.participant.sex)),
        both(_("Số định danh cá nhân"), lambda side: side.participant.personal_id),
        both(_("Giấy tờ tùy thân"), lambda side: _document(side.participant)),
        both(_("Cha"), lambda side: _relative(side, "father", of="child")),
        both(_("Mẹ"), lambda side: _relative(side, "mother", of="child")),
        both(_("Vợ, chồng hoặc người cha, mẹ kia"), lambda side: _relative(side, SPOUSE_OF.get(side.participant.role, ""))),
        both(_("Con trong bản ghi"), _child_of, False),
        both(_("Dân tộc"), lambda side: label_of("ethnicity", side.participant.ethnicity, lang())),
        both(_("Nơi cư trú"), lambda side: side.participant.residence, False),
        both(_("Nơi đăng ký"), lambda side: side.participant.record.origin_office.name, False),
    ]  # fmt: skip


def role_in(participant: Participant) -> str:
    """What somebody is in the entry."""
    return role_names(participant.record).get(participant.role, participant.role)


def _child_of(side: Side) -> str:
    return "" if side.participant.role == "child" else _relative(side, "child")


def _document(participant: Participant) -> str:
    return "" if participant.id_number == participant.personal_id else participant.id_number


def _relative(side: Side, role: str, of: str = "") -> str:
    found = side.entry.get(role)
    if found is None or (of and side.participant.role != of):
        return ""
    return ", ".join(filter(None, [found.full_name, birth_of(found)]))


def side_links(side: Side, actor: Actor) -> dict[str, str]:
    """The entry and the person of one side, as links for whoever may open them."""
    person = reverse("persons:person", args=[side.person_id]) if side.person_id and actor.may("person.read") else ""
    record = reverse("records:record", args=[side.participant.record_id]) if actor.may("record.read") else ""
    return {"record": record_name(side.participant.record), "record_url": record, "person_url": person}


def fault_names(codes: Sequence[str]) -> list[str]:
    """Why two cannot be one, in words."""
    return [text_of(f"family_{code}") for code in codes]


def settled_words(proposal: LinkProposal, names: Mapping[int, str]) -> str:
    """Who decided, or that a rule did."""
    if proposal.by_rule:
        return _("ghép theo quy tắc")
    return names.get(proposal.decided_by or 0, "")
