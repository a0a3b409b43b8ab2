"""Millions of records against millions of persons, from file to file, on one machine: DuckDB, in pieces, resumable."""

from __future__ import annotations

from hotich.matching.batch.order import Order, Progress
from hotich.matching.batch.run import Summary, match_files

__all__ = ["Order", "Progress", "Summary", "match_files"]
