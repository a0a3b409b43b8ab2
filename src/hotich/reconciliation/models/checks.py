"""What was asked about a participant, and what was found: equal, different or absent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class CheckOutcome(models.TextChoices):
    """What the population database says of a participant of a record (procedure of digitisation, step 3)."""

    PENDING = "pending", "Chờ trả lời"  # asked while the partner could not be reached
    EQUAL = "equal", "Trùng khớp"
    DIFFERENT = "different", "Không trùng khớp"
    ABSENT = "absent", "Không tìm thấy"
    CLERK = "clerk", "Chưa xác định được"  # several are as likely; a human must say


class CheckWay(models.TextChoices):
    """How it was found out."""

    SCREEN = "screen", "Tra cứu khi nhập liệu"
    PAGE = "page", "Tra cứu trên trang"
    BATCH = "batch", "Đối chiếu hàng loạt"


class AbsenceReason(models.TextChoices):
    """Why somebody of a register is not in the population database: without one nobody is sent there (C3)."""

    DEAD = "dead", "Đã chết trước khi thu thập"
    ABROAD = "abroad", "Đã ra nước ngoài"
    FOREIGN = "foreign", "Người nước ngoài"
    NEVER_COLLECTED = "never_collected", "Chưa được thu thập"
    NEWBORN = "newborn", "Trẻ mới sinh"
    OTHER = "other", "Lý do khác"


class PopulationLookUp(models.Model):
    """One question to the population database, append-only. No name, no number: a fingerprint tells the same question."""

    id = models.UUIDField(primary_key=True, default=uuid7)  # the request id the partner was given
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")  # that asked
    officer_id = models.IntegerField()
    at = models.DateTimeField()
    purpose = models.CharField(max_length=20)  # the code of the procedure it was asked for
    subject_kind = models.CharField(max_length=20)  # entry (of the keying screen), case, record
    subject_id = models.UUIDField()
    role = models.CharField(max_length=30)
    way = models.CharField(max_length=12)  # number, old_number, name
    question = models.CharField(max_length=64)
    adapter = models.CharField(max_length=12)
    result = models.CharField(max_length=16)  # answered, queued, refused, unreachable, unknown (the page failed)
    candidates = models.IntegerField(default=0)

    class Meta:
        db_table = "population_look_up"
        indexes: ClassVar = [
            models.Index(fields=["subject_id", "role"], name="population_look_ups_of_one"),
            models.Index(fields=["officer_id", "at"], name="population_look_ups_by"),
        ]


class PopulationAsking(models.Model):
    """A question that is about to be asked, written in a transaction of its own before the partner hears it.

    Gone with the transaction that writes its line in the log (`PopulationLookUp`, same id). What is left after some
    minutes is of a page that failed: its line is written then, so that no question about a citizen goes without a trace.
    No foreign key: the row is committed while the transaction of the page goes on.
    """

    id = models.UUIDField(primary_key=True)  # of the look-up to be
    origin_office_id = models.IntegerField()
    officer_id = models.IntegerField()
    at = models.DateTimeField()
    purpose = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    role = models.CharField(max_length=30)
    way = models.CharField(max_length=12)
    question = models.CharField(max_length=64)
    adapter = models.CharField(max_length=12)

    class Meta:
        db_table = "population_asking"


class PopulationAnswer(models.Model):
    """What the partner answered to a question, kept for some days: a choice is compared with it, never with the browser."""

    look_up = models.OneToOneField(PopulationLookUp, on_delete=models.PROTECT, primary_key=True, related_name="answer")
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    citizens = models.JSONField()  # rules.citizen.Citizen, as many as were shown

    class Meta:
        db_table = "population_answer"
        indexes: ClassVar = [models.Index(fields=["origin_office", "at"], name="population_answers_by_age")]


class PopulationCheck(models.Model):
    """Where one participant of a case or a record stands. What the book says is not here and is never overwritten."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    case_id = models.UUIDField(null=True)  # of intake, which stands above
    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, null=True, related_name="+")
    participant_id = models.UUIDField(null=True)  # of the record: stable of record and role
    role = models.CharField(max_length=30)
    outcome = models.CharField(max_length=10, choices=CheckOutcome.choices)
    way = models.CharField(max_length=8, choices=CheckWay.choices)
    look_up = models.ForeignKey(PopulationLookUp, on_delete=models.PROTECT, null=True, related_name="+")
    citizen_ref = models.CharField(max_length=40, blank=True)  # the partner's own id of the citizen
    citizen = models.JSONField(default=dict)  # basic data as the partner told them (rules.citizen.Citizen)
    personal_id = models.CharField(max_length=12, blank=True)
    personal_id_key = models.CharField(max_length=64, blank=True)  # keyed hash, for equality
    is_taken_over = models.BooleanField(default=False)  # basic data and number stand beside the record
    differences = models.JSONField(default=list)  # [{"field", "kind", "ours", "theirs", "is_basic"}]
    score = models.FloatField(null=True)
    margin = models.FloatField(null=True)
    evidence = models.JSONField(default=list)  # [{"field", "level", "bits"}]
    candidates = models.JSONField(default=list)  # of an open question: citizens, the likeliest first, at most 20
    denied = models.JSONField(default=list)  # ids of citizens the police said he is not
    absence = models.CharField(max_length=16, choices=AbsenceReason.choices, blank=True)
    absence_words = models.CharField(max_length=300, blank=True)
    confirmed_by = models.IntegerField(null=True)  # of the police: that the absence is right
    confirmed_at = models.DateTimeField(null=True)
    decided_by = models.IntegerField(null=True)  # null: by rule, in a batch
    decided_at = models.DateTimeField()
    run_id = models.UUIDField(null=True)  # the batch that found it
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "population_check"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin_office", "case_id", "role"],
                condition=models.Q(record__isnull=True),
                name="population_check_once_a_role_of_case",
            ),
            models.UniqueConstraint(
                fields=["origin_office", "record", "role"],
                condition=models.Q(record__isnull=False),
                name="population_check_once_a_role_of_record",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("decided_by")),
                name="absence_confirmed_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["origin_office", "outcome"], name="population_checks_by_outcome"),
            models.Index(fields=["personal_id_key"], name="population_checks_by_number"),
            models.Index(fields=["participant_id"], name="population_check_of_one"),
        ]
