"""The main navigation: what an officer may open, in the order of the work."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Template context: `navigation`, the entries the present officer may use."""
    return {"navigation": []}
