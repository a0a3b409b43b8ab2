"""Texts of the codes the scan pipeline refuses or warns with; digitisation shows them, the command prints them."""

from __future__ import annotations

MESSAGES: dict[str, str] = {}
