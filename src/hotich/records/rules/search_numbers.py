"""Which identity numbers a typing may have meant; they are compared by keyed hashes, so each is tried whole."""

from __future__ import annotations

from itertools import product

MOST_UNKNOWN = 2  # figures written x: a hundred numbers; more would be guessing
UNKNOWN = "X"


def meant_numbers(document: str) -> list[str]:
    """The number itself, or all that x for at most two illegible figures may stand for; [] when more are illegible.

    A passport's number may have an X as its letter, so the text as it stands is among them.
    """
    places = [place for place, char in enumerate(document) if char == UNKNOWN and place > 1]
    if len(places) > MOST_UNKNOWN:
        return []
    found = {document: None}
    for figures in product("0123456789", repeat=len(places)):
        number = list(document)
        for place, figure in zip(places, figures, strict=True):
            number[place] = figure
        found["".join(number)] = None
    return list(found)


def near_numbers(document: str) -> list[str]:
    """All numbers with one figure wrong or two neighbours exchanged; [] for a number with illegible figures."""
    if UNKNOWN in document[2:]:
        return []
    found: dict[str, None] = {}
    for place, char in enumerate(document):
        if char.isdigit():
            found |= {document[:place] + figure + document[place + 1 :]: None for figure in "0123456789"}
        following = document[place + 1 : place + 2]
        if following.isdigit() and char.isdigit():
            found[document[:place] + following + char + document[place + 2 :]] = None
    found.pop(document, None)
    return list(found)
