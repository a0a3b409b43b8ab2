"""Words for entries of the audit trail: acts, subjects, offices, officers, values before and after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hotich.accounts.queries import names_of_officers
from hotich.audit.models import Entry
from hotich.audit.rules.facts import word_of_fact
from hotich.audit.rules.verbs import VERBS, word_of_subject, word_of_verb
from hotich.kernel.actor import Actor
from hotich.units.queries import offices_by_id
from hotich.web.rules.formats import time_text
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

LONGEST_VALUE = 300
SYSTEM = "system"  # login of an actor that is no officer
# subjects that have a page of their own, and who may open it
PAGES = {
    "record": ("records:record", "record.read"),
    "person": ("persons:person", "person.read"),
    "case": ("intake:case", "case.read"),
    "batch": ("intake:batch", "case.read"),
    "verification": ("persons:audit_verification", "audit.read"),
}


def verb_text(verb: str) -> str:
    """The act in words."""
    return pgettext("act", word_of_verb(verb))


def subject_text(kind: str) -> str:
    """What the act was done to, in words."""
    return pgettext("act", word_of_subject(kind)) if kind else ""


def verb_choices() -> list[tuple[str, str]]:
    """Every act by its words, for a filter."""
    return sorted(((verb, verb_text(verb)) for verb in VERBS), key=lambda choice: choice[1].casefold())


def office_names(ids: Iterable[int]) -> dict[int, str]:
    """Names of offices; 0 is no office: the system, and sign-ins of unknown login names."""
    names = {number: office.name for number, office in offices_by_id({number for number in ids if number}).items()}
    return {0: _("Hệ thống"), **names}


def officer_text(entry: Entry, people: dict[int, str]) -> str:
    """Who did it: the name, the login name of an account that is gone, or that it was the system itself."""
    if not entry.actor_id and entry.actor_login == SYSTEM:
        return _("Hệ thống")
    return people.get(entry.actor_id or 0, entry.actor_login)


def subject_url(entry: Entry, actor: Actor) -> str:
    """The page of the subject, for whoever may open it."""
    view, right = PAGES.get(entry.subject_kind, ("", ""))
    if not view or not actor.may(right):
        return ""
    try:
        return reverse(view, args=[entry.subject_id])
    except NoReverseMatch:  # an id of another shape
        return ""


def entry_columns() -> list[Column]:
    """Columns of the list."""
    return [Column(_("Thời điểm")), Column(_("Việc làm")), Column(_("Đối tượng"), "code"), Column(_("Cán bộ")),
            Column(_("Cơ quan"))]  # fmt: skip


def entry_rows(entries: list[Entry]) -> list[Row]:
    """Rows of the list."""
    people = names_of_officers(entry.actor_id for entry in entries if entry.actor_id)
    offices = office_names(entry.chain_office_id for entry in entries)
    return [
        Row(
            str(entry.id),
            [
                Cell(time_text(entry.at), reverse("persons:audit_entry", args=[entry.id])),
                verb_text(entry.verb),
                Cell(subject_text(entry.subject_kind), note=entry.subject_id[:18]),
                Cell(officer_text(entry, people), note=entry.actor_login if entry.actor_id else ""),
                offices.get(entry.chain_office_id, str(entry.chain_office_id)),
            ],
        )
        for entry in entries
    ]


def changes_of(before: Any, after: Any) -> list[tuple[str, str, str]]:
    """(field, before, after) of what differs; a value that is no table of fields stands in one line."""
    if not isinstance(before, dict | None) or not isinstance(after, dict | None):
        return [("", _shown(before), _shown(after))]
    old, new = before or {}, after or {}
    return [
        (name, _shown(old.get(name)), _shown(new.get(name)))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]


def _shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_shown(part)}" for name, part in value.items())[:LONGEST_VALUE]
    if isinstance(value, list):
        return ", ".join(map(_shown, value))[:LONGEST_VALUE]
    return str(value)[:LONGEST_VALUE]


def fact_items(entry: Entry) -> list[dict[str, Any]]:
    """What was noted beside the act: counts, states, codes, each by its words."""
    items = [
        {"label": pgettext("fact", word_of_fact(name)), "value": _fact(value)} for name, value in entry.facts.items()
    ]
    return sorted(items, key=lambda item: str(item["label"]).casefold())


def _fact(value: Any) -> str:
    return (_("có") if value else _("không")) if isinstance(value, bool) else _shown(value)


def fault_rows(faults: list[dict[str, Any]]) -> list[Row]:
    """Findings of a verification: where, what it means, what to do."""
    offices = office_names(fault["office"] for fault in faults)
    return [
        Row(
            f"fault-{place}",
            [
                offices.get(fault["office"], "") if fault["sequence"] or fault["office"] else "–",
                _places(fault),
                str(fault["anchor"] or "–"),
                Cell(text_of(fault["code"]), note=text_of(f"{fault['code']}_todo")),
            ],
            tone="error" if fault["code"] != "audit_loss_accepted" else "warning",
        )
        for place, fault in enumerate(faults)
    ]


def fault_columns() -> list[Column]:
    """Columns of the findings."""
    return [Column(_("Chuỗi của cơ quan")), Column(_("Mục số"), "code"), Column(_("Mốc số"), "code"),
            Column(_("Sai lệch và việc cần làm"))]  # fmt: skip


def _places(fault: dict[str, Any]) -> str:
    if not fault["sequence"]:
        return "–"
    return f"{fault['sequence']}–{fault['through']}" if fault["through"] > fault["sequence"] else str(fault["sequence"])
