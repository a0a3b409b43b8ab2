"""Pages of persons, and the acts on records that change what may be concluded."""

from __future__ import annotations

from hotich.persons.views.acts import annul, confirm_notice, decide_repair, withdraw_annotation
from hotich.persons.views.annotate import annotate
from hotich.persons.views.person_page import of_record, person

__all__ = [
    "annotate",
    "annul",
    "confirm_notice",
    "decide_repair",
    "of_record",
    "person",
    "withdraw_annotation",
]
