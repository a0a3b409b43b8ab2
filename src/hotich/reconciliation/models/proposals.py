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


class SearchState(models.TextChoices):
    """How far a search for links has come."""

    WAITING = "waiting", "Chờ tìm"
    RUNNING = "running", "Đang tìm"
    DONE = "done", "Đã tìm xong"
    STOPPED = "stopped", "Đã dừng tìm"
    FAILED = "failed", "Không tìm tiếp được"


class BulkState(models.TextChoices):
    """How far the acceptance of many proposals at once has come."""

    SAMPLING = "sampling", "Đang xem mẫu"
    REFUSED = "refused", "Mẫu không đạt"
    WAITING = "waiting", "Chờ chấp nhận"
    RUNNING = "running", "Đang chấp nhận"
    DONE = "done", "Đã chấp nhận cả loạt"
    STOPPED = "stopped", "Đã dừng giữa chừng"
    UNDOING = "undoing", "Đang hoàn tác"
    UNDONE = "undone", "Đã hoàn tác cả loạt"
    FAILED = "failed", "Không làm tiếp được"
    GIVEN_UP = "given_up", "Đã bỏ"


class LinkSearch(models.Model):
    """One search of an office or of one of its books: where it stands. A killed one goes on behind `after`."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey("registers.Book", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=SearchState.choices, default=SearchState.WAITING)
    after = models.UUIDField(null=True)  # the last participant looked at
    looked_at = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    proposed = models.IntegerField(default=0)
    stale = models.IntegerField(default=0)
    by_rule = models.IntegerField(default=0)
    failure = models.CharField(max_length=60, blank=True)
    is_retry = models.BooleanField(default=False)  # only whom it could not look at are looked at again
    asked_by = models.IntegerField()
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "link_search"
        indexes: ClassVar = [models.Index(fields=["origin_office", "asked_at"], name="link_searches_of_office")]


class LinkBulk(models.Model):
    """Many proposals of one kind, all above a limit, accepted together once a random sample of them was looked at."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=ProposalKind.choices)
    bits = models.IntegerField()  # the limit
    state = models.CharField(max_length=8, choices=BulkState.choices, default=BulkState.SAMPLING)
    total = models.IntegerField(default=0)
    sampled = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)  # by the block; those of the sample are a human's
    stale = models.IntegerField(default=0)
    undone = models.IntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    failure = models.CharField(max_length=60, blank=True)
    asked_by = models.IntegerField()
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "link_bulk"
        indexes: ClassVar = [models.Index(fields=["origin_office", "asked_at"], name="link_bulks_of_office")]


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
    rule_version = models.SmallIntegerField(default=0)  # of the rule that weighed it; 0: before they were counted
    proposed_at = models.DateTimeField()
    put_off_at = models.DateTimeField(null=True)  # somebody wants to see the others first
    bulk = models.ForeignKey(LinkBulk, on_delete=models.SET_NULL, null=True, related_name="proposals")
    in_sample = models.BooleanField(default=False)  # of the bulk
    decided_by = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "link_proposal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_office", "first", "second"], name="link_proposal_once_a_pair")
        ]
        indexes: ClassVar = [models.Index(fields=["origin_office", "state", "kind"], name="link_proposals_by_state")]
