"""Texts of the codes this app refuses with, by subject."""

from __future__ import annotations

from hotich.keying.rules.messages import acceptance, board, checking, guide, inventory, packages, sync, teams

MESSAGES = {
    **inventory.MESSAGES,
    **packages.MESSAGES,
    **sync.MESSAGES,
    **checking.MESSAGES,
    **acceptance.MESSAGES,
    **board.MESSAGES,
    **guide.MESSAGES,
    **teams.MESSAGES,
}
