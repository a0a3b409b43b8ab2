"""Writes of records, by subject: creation, annotations, notices, repairs, numbers."""

from __future__ import annotations

from hotich.records.services.annotations import AnnotationDraft, annotate_record, withdraw_annotation
from hotich.records.services.attachments import attach_scan
from hotich.records.services.creation import NewRecord, create_record, create_records
from hotich.records.services.notices import address_notice, confirm_notice, refuse_notice
from hotich.records.services.numbers import annul_record, declare_number, is_registered_again, supersede_record
from hotich.records.services.reading import note_reading
from hotich.records.services.repairs import decide_repair, propose_repair
from hotich.records.services.supplements import add_missed_rows

__all__ = [
    "AnnotationDraft",
    "NewRecord",
    "add_missed_rows",
    "address_notice",
    "annotate_record",
    "annul_record",
    "attach_scan",
    "confirm_notice",
    "create_record",
    "create_records",
    "decide_repair",
    "declare_number",
    "is_registered_again",
    "note_reading",
    "propose_repair",
    "refuse_notice",
    "supersede_record",
    "withdraw_annotation",
]
