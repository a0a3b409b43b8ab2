"""Tables of the audit trail and of the event log. Plain ids, no foreign keys: they outlive what they name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class ChainHead(models.Model):
    """Where the chain of one office stands; locked last in a transaction."""

    office_id = models.IntegerField(primary_key=True)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_chain_head"


class Entry(models.Model):
    """One act of one officer on one subject. No citizens' data: what changed is in `Detail`, its hash here."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    chain_office_id = models.IntegerField()
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.IntegerField(null=True)
    actor_login = models.CharField(max_length=150)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    subject_office_id = models.IntegerField()
    facts = models.JSONField(default=dict)  # counts, states, codes; never names or identity numbers
    detail_hash = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain_office_id", "sequence"], name="audit_one_entry_a_place_in_chain")
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_id"], name="audit_history_of_subject"),
            models.Index(fields=["actor_id", "at"], name="audit_acts_of_officer"),
        ]


class Detail(models.Model):
    """Before and after of an entry: citizens' data, under row-level security by the subject's office."""

    entry_id = models.UUIDField(primary_key=True)
    office_id = models.IntegerField()
    salt = models.CharField(max_length=32)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        db_table = "audit_detail"


class Event(models.Model):
    """Something that happened, for apps above to read with a cursor: ids only."""

    position = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    office_id = models.IntegerField()

    class Meta:
        db_table = "event"


class EventCursor(models.Model):
    """How far one consumer has read the event log."""

    consumer = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0)

    class Meta:
        db_table = "event_cursor"
