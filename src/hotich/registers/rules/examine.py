"""Examining one entry of a register: every value read, every statement tested, the keys of the case taken out.

`examine` is pure and fast: versions are prepared once, texts are read through caches, and a check that has nothing to
look at returns at once. It decides nothing about what happens to a case; callers act on severities and on
REJECTING_CODES.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from hotich.kernel.problems import Problem, Severity
from hotich.kernel.text import clean_text
from hotich.registers.rules import reading
from hotich.registers.rules.case import Case, Layout, OfficeFacts, Run, Span, layout_of
from hotich.registers.rules.checks import BY_CODE, checks_for
from hotich.registers.rules.reading import Reader, Recorded_at, with_surrogates
from hotich.registers.rules.values import AsRecorded, Recorded, decode, text_of
from hotich.registers.types.declaration import Channel, RegisterVersion

__all__ = [
    "REJECTING_CODES",
    "CaseKeys",
    "Examination",
    "OfficeFacts",
    "examine",
    "has_errors",
    "is_rejected",
    "with_surrogates",
]

REJECTING_CODES = frozenset({"registration_number_missing", "text_too_long", "control_characters", "value_malformed"})
"""Findings for which a row is not stored at all: it has no identity, or a text that no field may hold."""
