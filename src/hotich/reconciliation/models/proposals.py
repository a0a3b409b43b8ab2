"""Likely the same entry, likely the same person, likely a parent: proposed with evidence, decided by a human or a rule."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class ProposalKind(models.TextChoices):
    """What is proposed."""

    DUPLICATE_RECORD = "duplicate_record", "Một việc đăng ký hai lần"
    SAME_PERSON = "same_person", "Cùng một người"
    PARENT = "parent", "Cha, mẹ trong sổ khác"


class ProposalState(models.TextChoices):
    """What became of it."""

    OPEN = "open", "Chờ quyết định"
    ACCEPTED = "accepted", "Đã chấp nhận"
    REJECTED = "rejected", "Không chấp nhận"
    UNDONE = "undone", "Đã hoàn tác"
    STALE = "stale", "Không còn đúng"  # the records changed meanwhile


class LinkProposal(models.Model):
    """Two participants, with what speaks for their being one person."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=ProposalKind.choices)
    first = models.ForeignKey("records.Participant", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("records.Participant", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()  # bits
    margin = models.FloatField(null=True)
    evidence = models.JSONField(default=list)  # [{"field", "level", "bits"}]
    state = models.CharField(max_length=8, choices=ProposalState.choices, default=ProposalState.OPEN)
    by_rule = models.CharField(max_length=40, blank=True)  # the rule that accepted it, "" for a human
    decision_id = models.UUIDField(null=True)  # the LinkDecision it became
    reason = models.CharField(max_length=500, blank=True)
    proposed_at = models.DateTimeField()
    decided_by = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "link_proposal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_office", "first", "second"], name="link_proposal_once_a_pair")
        ]
        indexes: ClassVar = [models.Index(fields=["origin_office", "state", "kind"], name="link_proposals_by_state")]
