"""Tables of the audit trail and of the event log. Plain ids, no foreign keys: they outlive what they name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

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
            # lists page by (at, id), whole or of one office or one verb; never by counting
            models.Index(fields=["at", "id"], name="audit_by_time"),
            models.Index(fields=["chain_office_id", "at", "id"], name="audit_by_office"),
            models.Index(fields=["verb", "at", "id"], name="audit_by_verb"),
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


class Anchor(models.Model):
    """What was written as one line of the file of anchors. The file is the proof; this row tells when it lost its end."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    line_hash = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    chains = models.IntegerField()
    entries = models.BigIntegerField()

    class Meta:
        db_table = "audit_anchor"


class Archive(models.Model):
    """A chain's earlier part was written to a file and taken out of the database; the chain goes on from here.

    Written by the owner of the tables only; entries may be removed only as far as such a row goes (a trigger holds it).
    """

    office_id = models.IntegerField()
    first_sequence = models.BigIntegerField()
    sequence = models.BigIntegerField()  # the last entry in the file
    hash = models.CharField(max_length=64)  # of that entry
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    anchor_number = models.BigIntegerField()
    at = models.DateTimeField()
    actor_login = models.CharField(max_length=150)

    class Meta:
        db_table = "audit_archive"
        constraints: ClassVar = [models.UniqueConstraint(fields=["office_id", "sequence"], name="audit_archived_once")]


class VerificationState(models.TextChoices):
    """How far a verification of the trail has come."""

    WAITING = "waiting", _("Chờ kiểm tra")
    RUNNING = "running", _("Đang kiểm tra")
    WHOLE = "whole", _("Toàn vẹn")
    FAULTY = "faulty", _("Có sai lệch")
    BROKEN_OFF = "broken_off", _("Không hoàn thành")


class Verification(models.Model):
    """One verification: asked for by whom, how far it has come, what it found."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    asked_at = models.DateTimeField()
    actor_login = models.CharField(max_length=150)
    office_id = models.IntegerField(null=True)  # one chain only
    since_anchor = models.BigIntegerField(null=True)  # only what came after this anchor
    state = models.CharField(max_length=12, choices=VerificationState)
    finished_at = models.DateTimeField(null=True)
    anchor_number = models.BigIntegerField(default=0)  # the newest anchor it was checked against; 0 for none
    chains = models.IntegerField(default=0)
    chains_done = models.IntegerField(default=0)
    entries = models.BigIntegerField(default=0)
    fault_count = models.IntegerField(default=0)
    faults = models.JSONField(default=list)  # the first 500, as dictionaries of ChainFault

    class Meta:
        db_table = "audit_verification"
        indexes: ClassVar = [models.Index(fields=["-asked_at"], name="audit_newest_verification")]


class DayCount(models.Model):
    """How many acts a day had that is over; the day by the clock in Vietnam."""

    day = models.DateField(primary_key=True)
    entries = models.BigIntegerField()

    class Meta:
        db_table = "audit_day"
