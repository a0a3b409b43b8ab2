"""The population database as this program sees it; the only code that knows the partner. Chosen by setting."""

from __future__ import annotations

from hotich.reconciliation.adapters.base import (
    Context,
    CreateAnswer,
    Partner,
    PartnerClosed,
    PartnerNotAsked,
    PartnerRefused,
    PartnerUnreachable,
    Traced,
)

__all__ = [
    "Context",
    "CreateAnswer",
    "Partner",
    "PartnerClosed",
    "PartnerNotAsked",
    "PartnerRefused",
    "PartnerUnreachable",
    "Traced",
]
