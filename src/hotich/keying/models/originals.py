"""What was decided about a case keyed from the second original of a book (requirement H6)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class OriginalOutcome(models.TextChoices):
    SAME = "same", "Hai bản lưu ghi như nhau"
    DECIDED = "decided", "Hai bản lưu khác nhau, đã quyết định từng điểm"
    OWN = "own", "Chỉ có ở bản này, nhập thành trường hợp riêng"
    DISMISSED = "dismissed", "Chỉ có ở bản này, không nhập"


class OriginalDecision(models.Model):
    """One case of the second original, decided by a checker.

    `points`: [{"field", "first", "second", "decision", "value", "reason"}] as recorded, `first` of the case that has the
    number, `second` of this entry's; `field` a code of the form or "note.1" … (rules.notes). Both texts stay here and in
    their cases, whichever the record follows.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("keying.Entry", on_delete=models.PROTECT, related_name="original_decision")
    first_case = models.ForeignKey("intake.Case", on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=OriginalOutcome.choices)
    points = models.JSONField(default=list)
    reason = models.CharField(max_length=300, blank=True)  # why an entry of one original only is, or is not, entered
    repair_id = models.UUIDField(null=True)  # proposed where the record was approved already
    # notes of the margin that an officer has yet to write beside the record (services.original_notes)
    notes_left = models.SmallIntegerField(default=0, db_default=0)
    decided_by = models.IntegerField()
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "original_decision"
        indexes: ClassVar = [
            models.Index(fields=["origin_office", "decided_at"], name="original_decisions_by_time"),
            models.Index(
                fields=["origin_office"], name="original_notes_to_write", condition=models.Q(notes_left__gt=0)
            ),
        ]
