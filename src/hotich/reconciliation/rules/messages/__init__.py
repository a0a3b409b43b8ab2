"""Texts of the codes this app refuses with, by subject."""

from __future__ import annotations

from hotich.reconciliation.rules.messages import batches, exchange, look_ups, models, proposals, tracking

MESSAGES = {
    **look_ups.MESSAGES,
    **tracking.MESSAGES,
    **exchange.MESSAGES,
    **batches.MESSAGES,
    **models.MESSAGES,
    **proposals.MESSAGES,
}
