"""A message that can be taken back: its extra tags carry the address of the act that undoes what it tells of."""

from __future__ import annotations

UNDO = "undo:"
