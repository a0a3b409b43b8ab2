"""Writes: loading the reference tables, operations on units and offices, custody and reviews."""

from hotich.units.services.applying import Applied, apply_operation
from hotich.units.services.custody import assign_custodian, review_offices
from hotich.units.services.operations import (
    LegalAct,
    approve_operation,
    cancel_operation,
    change_plan,
    draft_operation,
    edit_operation,
    note_outcome,
    note_refusal,
    propose_operation,
    send_back_operation,
)
from hotich.units.services.reference import Conflict, Loaded, load_reference_data, mark_demo_offices

__all__ = [
    "Applied",
    "Conflict",
    "LegalAct",
    "Loaded",
    "apply_operation",
    "approve_operation",
    "assign_custodian",
    "cancel_operation",
    "change_plan",
    "draft_operation",
    "edit_operation",
    "load_reference_data",
    "mark_demo_offices",
    "note_outcome",
    "note_refusal",
    "propose_operation",
    "review_offices",
    "send_back_operation",
]
