"""Writing the trail, and what keeps it honest: anchors, verifications, archives, exports."""

from __future__ import annotations

from hotich.audit.services.anchoring import accept_loss, exchange_anchor_key, take_anchor
from hotich.audit.services.archiving import archive_chain, open_archived_details
from hotich.audit.services.counting import count_finished_days
from hotich.audit.services.exporting import export_chains, export_lines, note_export
from hotich.audit.services.notes import note_access_refused, note_reading_of_trail
from hotich.audit.services.verifying import (
    Anchors,
    Findings,
    ask_for_verification,
    keep_verification,
    run_verification,
    verify_chains,
)
from hotich.audit.services.writing import UnitOfWork, advance_cursor, unit_of_work

__all__ = [
    "Anchors",
    "Findings",
    "UnitOfWork",
    "accept_loss",
    "advance_cursor",
    "archive_chain",
    "ask_for_verification",
    "count_finished_days",
    "exchange_anchor_key",
    "export_chains",
    "export_lines",
    "keep_verification",
    "note_access_refused",
    "note_export",
    "note_reading_of_trail",
    "open_archived_details",
    "run_verification",
    "take_anchor",
    "unit_of_work",
    "verify_chains",
]
