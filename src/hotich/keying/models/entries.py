"""What was keyed, by whom, how fast; what a second person keyed; in what they differ and who decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class EntryKind(models.TextChoices):
    CASE = "case", "Trường hợp"
    VOID = "void", "Số bị hủy"
    MISSING = "missing", "Trang thiếu hoặc rách"
    BLANK = "blank", "Không có trường hợp nào"  # said of a place: as much to be checked as any


class CheckState(models.TextChoices):
    PENDING = "pending", "Chờ kiểm tra"
    DIFFERS = "differs", "Có khác biệt, chờ quyết định"
    RETURNED = "returned", "Trả lại người nhập"
    PASSED = "passed", "Đã kiểm tra"


class Entry(models.Model):
    """One case as somebody keyed it. `id` was made by the browser: sent twice, it is stored once.

    The values are those of the intake case; this row says how they came to be. `revision` counts the keyer's own
    saves: the same or an older one again changes nothing.
    """

    id = models.UUIDField(primary_key=True)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    package = models.ForeignKey(
        "keying.KeyingPackage", on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    item = models.OneToOneField("keying.PackageItem", on_delete=models.PROTECT, related_name="entry")
    case = models.OneToOneField("intake.Case", on_delete=models.PROTECT, null=True, related_name="+")  # none: void …
    kind = models.CharField(max_length=8, choices=EntryKind.choices, default=EntryKind.CASE)
    schema_version = models.CharField(max_length=24)
    revision = models.IntegerField()
    keyer = models.IntegerField()
    confirmed = models.JSONField(default=list)  # warnings: [{"code", "field", "reason"}]
    annotations = models.JSONField(default=list)  # notes in the margin, typed; see rules.annotations
    saved_at = models.DateTimeField()  # by the clock of the PC, put right by `clock_error`
    received_at = models.DateTimeField()
    first_received_at = models.DateTimeField()
    clock_error = models.IntegerField(default=0)  # of the PC, milliseconds ahead of the server
    strokes = models.IntegerField(default=0)  # keys pressed
    active_ms = models.IntegerField(default=0)  # time at the form, pauses left out
    characters = models.IntegerField(default=0)  # of the values
    fields_filled = models.IntegerField(default=0)
    is_sample = models.BooleanField(default=False)  # drawn to be keyed again whole
    check_state = models.CharField(max_length=8, choices=CheckState.choices, default=CheckState.PENDING)
    doubt = models.FloatField(default=0)  # the most doubtful are checked first
    checker = models.IntegerField(null=True)
    checked_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "keyed_entry"
        indexes: ClassVar = [
            models.Index(fields=["package"], name="entries_of_package"),
            models.Index(fields=["origin_office", "check_state", "-doubt"], name="entries_to_check"),
            models.Index(fields=["origin_office", "first_received_at"], name="entries_by_arrival"),
            models.Index(fields=["keyer", "first_received_at"], name="entries_of_keyer"),
            models.Index(
                fields=["origin_office", "checked_at"],
                condition=models.Q(checked_at__isnull=False),
                name="entries_by_check",
            ),
        ]


class SecondKind(models.TextChoices):
    CRITICAL = "critical", "Nhập lại trường trọng yếu"
    DOUBLE = "double", "Nhập lại toàn bộ"
    SAMPLE = "sample", "Nhập lại theo mẫu"
    STRAY = "stray", "Bản nhập đến sau của người khác"


class SecondKeying(models.Model):
    """What another person keyed for the same case without seeing the first. `id` was made by the browser."""

    id = models.UUIDField(primary_key=True)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="seconds")
    kind = models.CharField(max_length=8, choices=SecondKind.choices)
    keyer = models.IntegerField()
    values = models.JSONField()  # as recorded, of the fields that were asked
    annotations = models.JSONField(null=True)  # notes in the margin as keyed this time; null: they were not asked for
    of_revision = models.IntegerField()  # of the entry, when it was compared
    saved_at = models.DateTimeField()
    received_at = models.DateTimeField()
    strokes = models.IntegerField(default=0)
    active_ms = models.IntegerField(default=0)

    class Meta:
        db_table = "second_keying"
        indexes: ClassVar = [
            models.Index(fields=["origin_office", "received_at"], name="second_keyings_by_arrival"),
            models.Index(fields=["keyer", "received_at"], name="second_keyings_of_keyer"),
        ]


class DifferenceDecision(models.TextChoices):
    FIRST = "first", "Giữ giá trị nhập lần đầu"
    SECOND = "second", "Lấy giá trị nhập lần hai"
    OTHER = "other", "Giá trị khác"


class Difference(models.Model):
    """One field or note in which two keyings differ, or which a reviewer changed; who decided, and why.

    `field` is a code of the form, "note.1" … of a note in the margin (values: the note, see rules.notes), "" of the case.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="differences")
    second = models.ForeignKey(SecondKeying, on_delete=models.PROTECT, null=True, related_name="+")  # none: a review
    field = models.CharField(max_length=60)
    is_critical = models.BooleanField(default=False)
    first_value = models.JSONField(null=True)
    second_value = models.JSONField(null=True)
    decision = models.CharField(max_length=6, choices=DifferenceDecision.choices, blank=True)
    value = models.JSONField(null=True)  # what was decided
    reason = models.CharField(max_length=300, blank=True)
    first_errors = models.IntegerField(default=0)  # wrong characters of the first keyer, once decided
    second_errors = models.IntegerField(default=0)
    length = models.IntegerField(default=0)  # characters of the value decided
    found_at = models.DateTimeField()
    decided_by = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "keying_difference"
        indexes: ClassVar = [
            models.Index(fields=["origin_office", "decision"], name="differences_to_decide"),
        ]
