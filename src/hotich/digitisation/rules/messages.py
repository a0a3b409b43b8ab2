"""Texts of the codes this app refuses with, and of those of the scan pipeline."""

from __future__ import annotations

from hotich.scans.messages import MESSAGES as OF_THE_PIPELINE

MESSAGES = {
    **OF_THE_PIPELINE,
}
