"""What goes to the population database and comes back: sent once, however often it is tried."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class RequestKind(models.TextChoices):
    """What is asked of the partner."""

    LOOK_UP = "look_up", "Tra cứu"
    CREATE = "create", "Lập mới công dân"
    ADJUST = "adjust", "Điều chỉnh thông tin"


class RequestState(models.TextChoices):
    """The life of a request."""

    WAITING = "waiting", "Chờ xác nhận"  # the police have not confirmed it
    QUEUED = "queued", "Chờ gửi"
    IN_FILE = "in_file", "Đã ghi vào tệp"  # closed network: waits for the response file
    UNCLEAR = (
        "unclear",
        "Chưa rõ kết quả",
    )  # sent, no answer: the partner is asked what became of it before anything else
    DONE = "done", "Đã hoàn thành"
    SUSPECTED = "suspected", "Nghi trùng, chờ xác minh"
    REFUSED = "refused", "Bị từ chối"
    CANCELLED = "cancelled", "Đã hủy"


class PopulationRequest(models.Model):
    """One request; its id is the partner's idempotency key, so that a second sending creates nobody."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=RequestKind.choices)
    state = models.CharField(max_length=10, choices=RequestState.choices)
    check_of = models.ForeignKey(
        "reconciliation.PopulationCheck", on_delete=models.PROTECT, null=True, related_name="requests"
    )
    tracking = models.ForeignKey(
        "reconciliation.TrackingItem", on_delete=models.PROTECT, null=True, related_name="requests"
    )
    purpose = models.CharField(max_length=20)
    content = models.JSONField()  # what is sent
    same_key = models.CharField(
        max_length=64, blank=True, default=""
    )  # keyed hash: who is to be entered, of whatever record
    answer = models.JSONField(default=dict)
    receipt = models.CharField(max_length=100, blank=True)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=60, blank=True)  # a code of the messages
    made_by = models.IntegerField()
    made_at = models.DateTimeField()
    confirmed_by = models.IntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    file_id = models.UUIDField(null=True)  # the ExchangeFile it went out with
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "population_request"
        indexes: ClassVar = [
            models.Index(fields=["origin_office", "state"], name="population_requests_by_state"),
            models.Index(fields=["state", "next_at"], name="population_requests_to_send"),
            models.Index(fields=["same_key"], name="population_requests_of_same", condition=~models.Q(same_key="")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin_office", "check_of", "kind"],
                condition=models.Q(kind="create") & ~models.Q(state__in=["cancelled", "refused"]),
                name="nobody_created_twice",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("made_by")),
                name="population_request_confirmed_by_another",
            ),
        ]


class ExchangeFile(models.Model):
    """A signed file of requests for a closed network, and the signed file of answers that came back."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    request_file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    response_file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    requests = models.IntegerField()
    answered = models.IntegerField(default=0)
    made_by = models.IntegerField()
    made_at = models.DateTimeField()
    answered_by = models.IntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "population_exchange_file"


class DailyAgreement(models.Model):
    """One day compared both ways: what we say we sent, what the partner says it received."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    compared_at = models.DateTimeField()
    ours = models.IntegerField()
    theirs = models.IntegerField()
    faults = models.JSONField(default=list)  # [{"request_id", "fault": missing_there|missing_here|differs}]

    class Meta:
        db_table = "population_agreement"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_office", "day"], name="population_agreement_once_a_day")
        ]
