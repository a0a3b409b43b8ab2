"""Reading the trail: the history of a subject, the next events, chains for the verifier, lists for the screens."""

from __future__ import annotations

from hotich.audit.queries.chains import (
    ChainState,
    chain_offices,
    chain_state,
    chain_states,
    faults_of_chain,
    length_of_chain,
    links_of_chain,
    subject_offices,
)
from hotich.audit.queries.events import next_events
from hotich.audit.queries.history import history_of
from hotich.audit.queries.lists import EntryFilter, entries_by_day, entries_page, entry_by_id
from hotich.audit.queries.safeguards import (
    archives,
    current_heads,
    last_anchor,
    last_finished_verification,
    latest_verifications,
    verification_by_id,
)

__all__ = [
    "ChainState",
    "EntryFilter",
    "archives",
    "chain_offices",
    "chain_state",
    "chain_states",
    "current_heads",
    "entries_by_day",
    "entries_page",
    "entry_by_id",
    "faults_of_chain",
    "history_of",
    "last_anchor",
    "last_finished_verification",
    "latest_verifications",
    "length_of_chain",
    "links_of_chain",
    "next_events",
    "subject_offices",
    "verification_by_id",
]
