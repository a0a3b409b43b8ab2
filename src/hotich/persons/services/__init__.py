"""Writes of persons: drawing conclusions, human decisions, and acts on records that change conclusions."""

from __future__ import annotations

from hotich.persons.services.decisions import (
    decide_link,
    decide_links,
    split_off,
    withdraw_link_decision,
    withdraw_link_decisions,
)
from hotich.persons.services.drawing import Drawn, draw_conclusions
from hotich.persons.services.identities import TakenOver, take_over_identities, take_over_identity, withdraw_identity
from hotich.persons.services.records import (
    annotate_from_the_book,
    annotate_record,
    annul_record,
    confirm_notice,
    decide_repair,
    revoke_annulment,
    supersede_record,
    withdraw_annotation,
)

__all__ = [
    "Drawn",
    "TakenOver",
    "annotate_from_the_book",
    "annotate_record",
    "annul_record",
    "confirm_notice",
    "decide_link",
    "decide_links",
    "decide_repair",
    "draw_conclusions",
    "revoke_annulment",
    "split_off",
    "supersede_record",
    "take_over_identities",
    "take_over_identity",
    "withdraw_annotation",
    "withdraw_identity",
    "withdraw_link_decision",
    "withdraw_link_decisions",
]
