"""Pages of persons, and the acts on records that change what may be concluded."""

from __future__ import annotations

from hotich.persons.views.acts import confirm_notice, withdraw_annotation
from hotich.persons.views.annotate import annotate
from hotich.persons.views.annulment import annul, restore
from hotich.persons.views.audit_entries import audit_entries, audit_entry
from hotich.persons.views.audit_integrity import audit_export, audit_integrity, audit_verification, audit_verify
from hotich.persons.views.break_glass_pages import behind_glass, glass_scan, open_glass
from hotich.persons.views.decisions import decide_link, split_off, withdraw_decision
from hotich.persons.views.look_up_pages import foreign_look_up, foreign_record
from hotich.persons.views.oversight_pages import (
    budgets,
    glasses,
    judge_glass,
    oversight,
    person_readings,
    record_readings,
)
from hotich.persons.views.overview_pages import answer_question, ask_leader, overview, reading_questions
from hotich.persons.views.person_page import of_record, person, print_person
from hotich.persons.views.reading_reason import reading_reason
from hotich.persons.views.repair_decision import decide_repair
from hotich.persons.views.seal_pages import seal
from hotich.persons.views.supersede import supersede
from hotich.persons.views.taken_over import taken_over

__all__ = [
    "annotate",
    "annul",
    "answer_question",
    "ask_leader",
    "audit_entries",
    "audit_entry",
    "audit_export",
    "audit_integrity",
    "audit_verification",
    "audit_verify",
    "behind_glass",
    "budgets",
    "confirm_notice",
    "decide_link",
    "decide_repair",
    "foreign_look_up",
    "foreign_record",
    "glass_scan",
    "glasses",
    "judge_glass",
    "of_record",
    "open_glass",
    "oversight",
    "overview",
    "person",
    "person_readings",
    "print_person",
    "reading_questions",
    "reading_reason",
    "record_readings",
    "restore",
    "seal",
    "split_off",
    "supersede",
    "taken_over",
    "withdraw_annotation",
    "withdraw_decision",
]
