"""Acceptance of a book: a sample looked at by a third person, the figures found, the record that is signed (H5)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class AcceptanceState(models.TextChoices):
    JUDGING = "judging", "Đang kiểm tra mẫu"
    ACCEPTED = "accepted", "Đạt, đã nghiệm thu"
    REJECTED = "rejected", "Không đạt, trả lại nhập liệu"
    CANCELLED = "cancelled", "Đã hủy"


class Acceptance(models.Model):
    """One try to accept a book. Sample size and limits are those of the day it was drawn, kept with it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey("registers.Book", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, blank=True)  # of the record, given at the decision
    state = models.CharField(max_length=10, choices=AcceptanceState.choices, default=AcceptanceState.JUDGING)
    population = models.IntegerField()  # entries of the book
    sample_size = models.IntegerField()
    seed = models.BigIntegerField()  # of the draw: it can be drawn again
    limits = models.JSONField()  # {"key_per_mille", "all_per_mille", …} with source
    figures = models.JSONField(default=dict)  # frozen at the decision: errors, intervals, volume, completeness
    words = models.CharField(max_length=500, blank=True)
    drawn_by = models.IntegerField()
    drawn_at = models.DateTimeField()
    decided_by = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "book_acceptance"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["book"], condition=models.Q(state="judging"), name="one_acceptance_at_a_time_a_book"
            )
        ]


class AcceptanceItem(models.Model):
    """One case of the sample, and what was found wrong in it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="items")
    entry = models.ForeignKey("keying.Entry", on_delete=models.PROTECT, related_name="+")
    place = models.IntegerField()
    fields_checked = models.IntegerField(default=0)
    key_fields_checked = models.IntegerField(default=0)
    wrong = models.JSONField(default=list)  # [{"field", "is_key", "words"}]
    judged_by = models.IntegerField(null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "acceptance_item"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["acceptance", "entry"], name="entry_once_an_acceptance"),
        ]
