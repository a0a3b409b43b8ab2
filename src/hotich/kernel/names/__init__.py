"""Vietnamese names: cleaning, keys, splitting, checking, display. A name is never rewritten, only keys are."""

from __future__ import annotations

from hotich.kernel.names.checks import NAME_PROBLEM_CODES, name_problems
from hotich.kernel.names.display import display_case
from hotich.kernel.names.keys import bare_key, given_key, given_sort_key, keyset, match_key, search_key, sort_key
from hotich.kernel.names.split import NameParts, is_minority_form, split_name
from hotich.kernel.text import clean_text, strip_marks

__all__ = [
    "NAME_PROBLEM_CODES",
    "NameParts",
    "bare_key",
    "clean_text",
    "display_case",
    "given_key",
    "given_sort_key",
    "is_minority_form",
    "keyset",
    "match_key",
    "name_problems",
    "search_key",
    "sort_key",
    "split_name",
    "strip_marks",
]
