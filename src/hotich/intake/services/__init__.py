"""Writes of intake: workbooks in and out, cases corrected and approved, the one door, the queue to the Ministry."""

from __future__ import annotations

from hotich.intake.services.approval import Approval, approve_batch, approve_cases
from hotich.intake.services.approval_runs import PIECE as APPROVED_AT_ONCE
from hotich.intake.services.approval_runs import (
    approve_next_piece,
    give_up_approval_run,
    start_approval_run,
    stop_approval_run,
)
from hotich.intake.services.background import run_import, start_import
from hotich.intake.services.cases import correct_case, replace_scan, resubmit_case, return_case, withdraw_case
from hotich.intake.services.delivery import Order, check_delivery, deliver_books
from hotich.intake.services.dispatch import (
    Answered,
    answer_dispatch,
    make_dispatch_file,
    record_response,
    retry_dispatch,
)
from hotich.intake.services.dispatch_changes import refresh_dispatch
from hotich.intake.services.entry import enter_records
from hotich.intake.services.export_corrections import note_exports_told, note_wrong_exports
from hotich.intake.services.export_requests import (
    build_export,
    cancel_export,
    decide_export,
    download_export,
    request_export,
    retry_export,
)
from hotich.intake.services.exporting import export_book
from hotich.intake.services.importing import Delivery, import_book
from hotich.intake.services.late_scans import attach_scan_to_case
from hotich.intake.services.on_demand import KnownFacts, open_case
from hotich.intake.services.undo import undo_last_act
from hotich.intake.services.withdrawal import withdraw_batch

__all__ = [
    "APPROVED_AT_ONCE",
    "Answered",
    "Approval",
    "Delivery",
    "KnownFacts",
    "Order",
    "answer_dispatch",
    "approve_batch",
    "approve_cases",
    "approve_next_piece",
    "attach_scan_to_case",
    "build_export",
    "cancel_export",
    "check_delivery",
    "correct_case",
    "decide_export",
    "deliver_books",
    "download_export",
    "enter_records",
    "export_book",
    "give_up_approval_run",
    "import_book",
    "make_dispatch_file",
    "note_exports_told",
    "note_wrong_exports",
    "open_case",
    "record_response",
    "refresh_dispatch",
    "replace_scan",
    "request_export",
    "resubmit_case",
    "retry_dispatch",
    "retry_export",
    "return_case",
    "run_import",
    "start_approval_run",
    "start_import",
    "stop_approval_run",
    "undo_last_act",
    "withdraw_batch",
    "withdraw_case",
]
