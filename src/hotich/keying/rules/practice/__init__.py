"""The practice book: twelve invented entries of birth, marriage and death, from plain ones to odd ones, with answers.

Nothing of it is stored: its packages have ids that no table knows, so the server refuses what is sent for them.
"""

from __future__ import annotations

from hotich.keying.rules.practice.book import (
    CASES,
    NAMESPACE,
    PRACTICE_REGISTERS,
    PracticeCase,
    Value,
    case_by_id,
    cases_of,
    is_practice,
    package_id,
)
from hotich.keying.rules.practice.drawing import Cell, Picture, picture_of, regions_of

__all__ = [
    "CASES",
    "NAMESPACE",
    "PRACTICE_REGISTERS",
    "Cell",
    "Picture",
    "PracticeCase",
    "Value",
    "case_by_id",
    "cases_of",
    "is_practice",
    "package_id",
    "picture_of",
    "regions_of",
]
