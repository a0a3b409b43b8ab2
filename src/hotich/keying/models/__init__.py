"""Tables of keying, by subject: the book as work, its packages, what is keyed, how it is checked and accepted."""

from __future__ import annotations

from hotich.keying.models.acceptance import Acceptance, AcceptanceItem, AcceptanceState
from hotich.keying.models.entries import (
    CheckState,
    Difference,
    DifferenceDecision,
    Entry,
    EntryKind,
    SecondKeying,
    SecondKind,
)
from hotich.keying.models.inventory import (
    BookPlace,
    BookWork,
    BookWorkState,
    CopyComparison,
    CopyFinding,
    Denominator,
    DenominatorSource,
    ForceKind,
    KeyingHandover,
    KeyingHandoverLine,
    KeyingHandoverState,
)
from hotich.keying.models.originals import OriginalDecision, OriginalOutcome
from hotich.keying.models.packages import (
    CheckMode,
    ItemKind,
    ItemState,
    KeyingPackage,
    PackageItem,
    PackageState,
    Pledge,
    RegionMap,
)
from hotich.keying.models.teams import KeyingTeam, TeamMember, TeamShift

__all__ = [
    "Acceptance",
    "AcceptanceItem",
    "AcceptanceState",
    "BookPlace",
    "BookWork",
    "BookWorkState",
    "CheckMode",
    "CheckState",
    "CopyComparison",
    "CopyFinding",
    "Denominator",
    "DenominatorSource",
    "Difference",
    "DifferenceDecision",
    "Entry",
    "EntryKind",
    "ForceKind",
    "ItemKind",
    "ItemState",
    "KeyingHandover",
    "KeyingHandoverLine",
    "KeyingHandoverState",
    "KeyingPackage",
    "KeyingTeam",
    "OriginalDecision",
    "OriginalOutcome",
    "PackageItem",
    "PackageState",
    "Pledge",
    "RegionMap",
    "SecondKeying",
    "SecondKind",
    "TeamMember",
    "TeamShift",
]
