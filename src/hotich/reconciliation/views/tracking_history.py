"""What was done to an item, from the trail: who, when, and the words of the officers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext

from hotich.accounts.queries import names_of_officers
from hotich.audit.queries import history_of as entries_of
from hotich.audit.rules.verbs import word_of_verb
from hotich.reconciliation.models import TrackingItem
from hotich.reconciliation.services.tracking import SUBJECT

_SHOWN = frozenset(
    {
        "tracking.opened", "tracking.opened_again", "tracking.assigned", "tracking.taken", "tracking.given_back",
        "tracking.verified", "tracking.sent_back", "tracking.task_started", "tracking.closed", "tracking.reopened",
        "tracking.difference_gone", "tracking.ended_by_rule", "tracking.verdict_undone",
    }
)  # fmt: skip
"""Papers and contacts have places of their own on the page; who only looked stands in the history of the record."""

_TONES = {"tracking.verified": "accent", "tracking.closed": "ok", "tracking.sent_back": "warning",
          "tracking.reopened": "warning", "tracking.ended_by_rule": "ok", "tracking.difference_gone": "warning"}  # fmt: skip


def history_of(item: TrackingItem) -> list[dict[str, Any]]:
    """Entries of the timeline part, the latest first."""
    found = [(entry, detail) for entry, detail in entries_of(SUBJECT, item.id) if entry.verb in _SHOWN]
    officers = {entry.actor_id or 0 for entry, _detail in found}
    officers |= {int(entry.facts["officer"]) for entry, _detail in found if entry.facts.get("officer")}
    names = names_of_officers(officers)
    return [
        {
            "title": pgettext("act", word_of_verb(entry.verb)),
            "who": names.get(entry.actor_id or 0, ""),
            "at": entry.at,
            "tone": _TONES.get(entry.verb, "muted"),
            "text": _text(entry.verb, entry.facts, (detail.after if detail else None) or {}, names),
        }
        for entry, detail in reversed(found)
    ]


def _text(verb: str, facts: dict[str, Any], after: dict[str, Any], names: dict[int, str]) -> str:
    if verb in ("tracking.assigned", "tracking.given_back") and facts.get("officer"):
        whom = names.get(int(facts["officer"]), "")
        return ": ".join(filter(None, [whom, str(after.get("reason", ""))]))
    return str(after.get("reason") or after.get("words") or "")
