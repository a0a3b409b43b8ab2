"""Writes of records, by subject: creation, annotations, notices, repairs, numbers."""

from __future__ import annotations

from hotich.records.services.annotations import (
    AnnotationDraft,
    annotate_from_the_book,
    annotate_record,
    withdraw_annotation,
)
from hotich.records.services.annulment import Decision, annul_record, revoke_annulment
from hotich.records.services.attachments import attach_scan
from hotich.records.services.creation import NewRecord, create_record, create_records
from hotich.records.services.notices import address_notice, confirm_notice, refuse_notice
from hotich.records.services.numbers import (
    declare_number,
    is_registered_again,
    note_number_from_keying,
    supersede_record,
)
from hotich.records.services.printing import note_printing
from hotich.records.services.reading import give_reading_reason, note_reading, note_refusal, reading_day
from hotich.records.services.recipients import note_told
from hotich.records.services.repairs import changed_values, decide_repair, propose_repair, withdraw_repair
from hotich.records.services.sealing import SealBasis, seal_annotation
from hotich.records.services.supplements import add_missed_rows

__all__ = [
    "AnnotationDraft",
    "Decision",
    "NewRecord",
    "SealBasis",
    "add_missed_rows",
    "address_notice",
    "annotate_from_the_book",
    "annotate_record",
    "annul_record",
    "attach_scan",
    "changed_values",
    "confirm_notice",
    "create_record",
    "create_records",
    "decide_repair",
    "declare_number",
    "give_reading_reason",
    "is_registered_again",
    "note_number_from_keying",
    "note_printing",
    "note_reading",
    "note_refusal",
    "note_told",
    "propose_repair",
    "reading_day",
    "refuse_notice",
    "revoke_annulment",
    "seal_annotation",
    "supersede_record",
    "withdraw_annotation",
    "withdraw_repair",
]
