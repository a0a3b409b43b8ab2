"""Reads: the thresholds of the scan pipeline as the configuration in force has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.conf import settings

from hotich.registers.rules.parameters import threshold
from hotich.scans.settings import ScanSettings

WHOLE: Mapping[str, str] = {
    "budget": "scan_budget",
    "lowest_dpi": "scan_lowest_dpi",
    "contone_lowest_dpi": "scan_contone_lowest_dpi",
    "contone_lowest_quality": "scan_contone_lowest_quality",
    "mask_lowest_dpi": "scan_mask_lowest_dpi",
}
SHARES: Mapping[str, str] = {
    "ssim_pass": "scan_ssim_pass",
    "ssim_review": "scan_ssim_review",
    "ink_f1_pass": "scan_ink_f1_pass",
    "ink_f1_review": "scan_ink_f1_review",
    "missed_ink_pass": "scan_missed_ink_pass",
    "missed_ink_review": "scan_missed_ink_review",
    "layout_fit": "scan_layout_fit",
}
"""Field of ScanSettings -> parameter; shares are configured per mille."""


def scan_settings(on: date) -> ScanSettings:
    """What the pipeline works by on a day. What no office can change is as the pipeline ships it."""
    whole = {name: threshold(code, on) for name, code in WHOLE.items()}
    shares = {name: threshold(code, on) / 1000 for name, code in SHARES.items()}
    return replace(reader_settings(), **whole, **shares)  # type: ignore[arg-type]


def reader_settings() -> ScanSettings:
    """What reading by machine goes by: the engine this installation names ("" for none) and its limits."""
    return ScanSettings(reader=settings.HOTICH_SCAN_READER, reader_config=settings.HOTICH_SCAN_READER_CONFIG)
