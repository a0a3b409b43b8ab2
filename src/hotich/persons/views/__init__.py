"""Pages of persons, and the acts on records that change what may be concluded."""

from __future__ import annotations

from hotich.persons.views.acts import annul, confirm_notice, decide_repair, withdraw_annotation
from hotich.persons.views.annotate import annotate
from hotich.persons.views.decisions import decide_link, split_off, withdraw_decision
from hotich.persons.views.person_page import of_record, person
from hotich.persons.views.supersede import supersede

__all__ = [
    "annotate",
    "annul",
    "confirm_notice",
    "decide_link",
    "decide_repair",
    "of_record",
    "person",
    "split_off",
    "supersede",
    "withdraw_annotation",
    "withdraw_decision",
]
