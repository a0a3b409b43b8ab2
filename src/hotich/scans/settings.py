"""Every threshold of the scan pipeline in one place. Sizes in bytes, resolutions in dots per inch.

The values are our own proposal, measured on few pages (docs/benchmarks.md): "chưa kiểm chứng" until a pilot has judged
some two hundred cases. An installation sets its own; the pipeline itself knows no other source of thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """`budget`: the whole PDF of a case, however many sheets it has (requirement A4: at most 100 KB)."""

    budget: int = 100_000
    # ingest: what is not opened at all
    most_pixels: int = 250_000_000  # A2 at 600 dpi has 140 million
    most_pages: int = 2_000  # of one file
    # early refusal
    lowest_dpi: int = 140
    # the encode race
    contone_lowest_dpi: int = 120
    contone_lowest_quality: int = 40
    mask_lowest_dpi: int = 200
    # the gate
    ssim_pass: float = 0.95
    ssim_review: float = 0.92
