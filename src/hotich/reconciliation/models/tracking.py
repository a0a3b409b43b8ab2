"""The tracking list: what the book and the population database say differently, until somebody has settled it (C2)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class TrackingState(models.TextChoices):
    """From the list to the verdict, the citizen and the end."""

    OPEN = "open", "Chờ phân công"
    VERIFYING = "verifying", "Đang xác minh"
    VERIFIED = "verified", "Đã xác minh"  # the police gave a verdict; the civil-status officer goes on
    CONTACTING = "contacting", "Đang liên hệ công dân"
    CLOSED = "closed", "Đã giải quyết"


class Verdict(models.TextChoices):
    """Who is right. Nothing leaves the list without one."""

    BOOK = "book", "Sổ hộ tịch đúng"
    POPULATION = "population", "CSDL dân cư đúng"
    BOTH_WRONG = "both_wrong", "Cả hai đều sai"
    KEYING_ERROR = "keying_error", "Lỗi nhập liệu"
    OTHER_PERSON = "other_person", "Không phải cùng một người"
    PART_ONLY = "part_only", "Sổ chỉ ghi một phần"  # of a date: what the book tells agrees, it tells less
    RECORD_VOID = (
        "record_void",
        "Bản ghi đã hủy giá trị",
    )  # by rule only: nobody had judged, and there is nothing to settle


class TrackingTask(models.TextChoices):
    """What follows from a verdict: three different things in law."""

    NONE = "none", "Không phải làm gì thêm"
    KEYING_REPAIR = "keying_repair", "Sửa lỗi nhập liệu"
    LEGAL_CORRECTION = "legal_correction", "Cải chính hộ tịch"
    POPULATION_ADJUSTMENT = "population_adjustment", "Điều chỉnh thông tin dân cư"


class TrackingItem(models.Model):
    """One participant whose facts differ."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    check_of = models.OneToOneField("reconciliation.PopulationCheck", on_delete=models.PROTECT, related_name="tracking")
    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, null=True, related_name="+")
    register_type = models.CharField(max_length=8)
    state = models.CharField(max_length=12, choices=TrackingState.choices, default=TrackingState.OPEN)
    assigned_to = models.IntegerField(null=True)  # a verifier of the police
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.IntegerField(null=True)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    verdict_words = models.CharField(max_length=1000, blank=True)
    verified_by = models.IntegerField(null=True)
    verified_at = models.DateTimeField(null=True)
    task = models.CharField(max_length=24, choices=TrackingTask.choices, blank=True)
    task_ref = models.CharField(max_length=100, blank=True)  # repair id, number of the decision, id of the request
    closed_by = models.IntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing_words = models.CharField(max_length=500, blank=True)
    bulk_id = models.UUIDField(null=True)  # the act on many items by which it got its verdict
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "tracking_item"
        indexes: ClassVar = [
            models.Index(fields=["origin_office", "state", "due_on"], name="tracking_by_state_and_day"),
            models.Index(fields=["assigned_to", "state"], name="tracking_of_verifier"),
            models.Index(fields=["record"], name="tracking_of_record"),
            models.Index(fields=["bulk_id"], name="tracking_of_bulk", condition=models.Q(bulk_id__isnull=False)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state="closed") | ~models.Q(verdict=""), name="tracking_not_closed_without_verdict"
            ),
        ]


class TrackingField(models.Model):
    """One field that differs, with what is right in the end."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(TrackingItem, on_delete=models.CASCADE, related_name="fields")
    field = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)
    is_basic = models.BooleanField()
    ours = models.CharField(max_length=500, blank=True)
    theirs = models.CharField(max_length=500, blank=True)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    right_value = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "tracking_field"
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "field"], name="tracking_field_once_an_item")]


class TrackingContact(models.Model):
    """The citizen was spoken to, written to or not reached; append-only."""

    class Way(models.TextChoices):
        PHONE = "phone", "Điện thoại"
        LETTER = "letter", "Giấy mời"
        VISIT = "visit", "Gặp trực tiếp"
        ONLINE = "online", "Trực tuyến"

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(TrackingItem, on_delete=models.CASCADE, related_name="contacts")
    way = models.CharField(max_length=8, choices=Way.choices)
    is_reached = models.BooleanField()
    words = models.CharField(max_length=1000)
    by = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "tracking_contact"


class TrackingEvidence(models.Model):
    """A paper that shows what is right."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(TrackingItem, on_delete=models.CASCADE, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300)
    by = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "tracking_evidence"


class TrackingFollowUp(models.Model):
    """Something that was started because of a verdict; append-only. One item may need several things."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(TrackingItem, on_delete=models.CASCADE, related_name="follow_ups")
    task = models.CharField(max_length=24, choices=TrackingTask.choices)
    ref = models.CharField(max_length=100, blank=True)  # repair id, number of the decision, id of the request
    words = models.CharField(max_length=500, blank=True)
    by = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "tracking_follow_up"


class TrackingExport(models.Model):
    """A request to take more of the list away than one officer may alone; another one decides."""

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ duyệt"
        APPROVED = "approved", "Đã duyệt"
        REFUSED = "refused", "Từ chối"

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    items = models.JSONField()  # the ids of the items: what was asked for is what goes out
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    requested_by = models.IntegerField()
    requested_at = models.DateTimeField()
    decided_by = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_words = models.CharField(max_length=500, blank=True)
    expires_at = models.DateTimeField(null=True)
    downloads_left = models.IntegerField(default=0)

    class Meta:
        db_table = "tracking_export"
        indexes: ClassVar = [models.Index(fields=["origin_office", "state"], name="tracking_exports_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("requested_by")),
                name="tracking_export_decided_by_another",
            )
        ]
