"""Tables of reconciliation, by subject: checks, tracking list, exchange with the partner, runs, proposals."""

from __future__ import annotations

from hotich.reconciliation.models.batches import FaultyItem, MatchRun, PopulationExtract, RunScope, RunState
from hotich.reconciliation.models.checks import (
    AbsenceReason,
    CheckOutcome,
    CheckWay,
    PopulationAnswer,
    PopulationAsking,
    PopulationCheck,
    PopulationLookUp,
)
from hotich.reconciliation.models.exchange import (
    DailyAgreement,
    ExchangeFile,
    PopulationRequest,
    RequestKind,
    RequestState,
)
from hotich.reconciliation.models.proposals import (
    BulkState,
    LinkBulk,
    LinkProposal,
    LinkSearch,
    ProposalKind,
    ProposalState,
    SearchState,
)
from hotich.reconciliation.models.tracking import (
    TrackingContact,
    TrackingEvidence,
    TrackingExport,
    TrackingField,
    TrackingFollowUp,
    TrackingItem,
    TrackingState,
    TrackingTask,
    Verdict,
)

__all__ = [
    "AbsenceReason",
    "BulkState",
    "CheckOutcome",
    "CheckWay",
    "DailyAgreement",
    "ExchangeFile",
    "FaultyItem",
    "LinkBulk",
    "LinkProposal",
    "LinkSearch",
    "MatchRun",
    "PopulationAnswer",
    "PopulationAsking",
    "PopulationCheck",
    "PopulationExtract",
    "PopulationLookUp",
    "PopulationRequest",
    "ProposalKind",
    "ProposalState",
    "RequestKind",
    "RequestState",
    "RunScope",
    "RunState",
    "SearchState",
    "TrackingContact",
    "TrackingEvidence",
    "TrackingExport",
    "TrackingField",
    "TrackingFollowUp",
    "TrackingItem",
    "TrackingState",
    "TrackingTask",
    "Verdict",
]
