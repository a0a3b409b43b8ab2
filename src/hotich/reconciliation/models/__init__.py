"""Tables of reconciliation, by subject: checks, tracking list, exchange with the partner, runs, proposals."""

from __future__ import annotations

from hotich.reconciliation.models.batches import MatchRun, PopulationExtract, RunScope, RunState
from hotich.reconciliation.models.checks import (
    AbsenceReason,
    CheckOutcome,
    CheckWay,
    PopulationAnswer,
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
from hotich.reconciliation.models.proposals import LinkProposal, ProposalKind, ProposalState
from hotich.reconciliation.models.tracking import (
    TrackingContact,
    TrackingEvidence,
    TrackingField,
    TrackingFollowUp,
    TrackingItem,
    TrackingState,
    TrackingTask,
    Verdict,
)

__all__ = [
    "AbsenceReason",
    "CheckOutcome",
    "CheckWay",
    "DailyAgreement",
    "ExchangeFile",
    "LinkProposal",
    "MatchRun",
    "PopulationAnswer",
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
    "TrackingContact",
    "TrackingEvidence",
    "TrackingField",
    "TrackingFollowUp",
    "TrackingItem",
    "TrackingState",
    "TrackingTask",
    "Verdict",
]
