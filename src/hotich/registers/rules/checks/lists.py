"""The few codes that checks name, so that no number stands alone in a check. The lists are in registers.codes."""

from __future__ import annotations

VIETNAM = "VN"
NO_COUNTRY = frozenset({"XX", "ZZ"})  # stateless, no information

KINH = "01"
FOREIGN_ETHNICITIES = frozenset({None, "55", "56"})  # blank, người nước ngoài, khác

IDENTITY_CARD, PASSPORT, CITIZEN_CARD, OTHER_DOCUMENT = "1", "2", "4", "8"

PARENT_RELATIONS = frozenset({"father", "mother"})

ABROAD = {"KS": "3", "KT": "3", "KH": "3", "CMC": "2", "GH": "2", "TD": "5"}
"""Register -> its code for an event that was registered abroad and is entered here."""

CHANGE_ETHNICITY, CHANGE_SEX = "4", "7"
