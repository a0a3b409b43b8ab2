"""Register books as work: counted, classified, handed over against a record (requirements A1–A3, A7, A12, H2, H6, H7)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class BookPlace(models.TextChoices):
    """In which software a book is entered: never twice (requirements A7, H2)."""

    HERE = "here", "Nhập trong hệ thống này"
    POLICE = "police", "Công an nhập trong phần mềm của Công an"
    EARLIER = "earlier", "Đã số hóa ở giai đoạn trước"


class BookWorkState(models.TextChoices):
    LISTED = "listed", "Đã kiểm kê"
    OPEN = "open", "Đang nhập liệu"
    KEYED = "keyed", "Đã nhập và kiểm tra xong, chờ nghiệm thu"
    ACCEPTED = "accepted", "Đã nghiệm thu"


class BookWork(models.Model):
    """The keying of one book: where it is entered, in which phase and order, how it is checked."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    book = models.OneToOneField("registers.Book", on_delete=models.PROTECT, related_name="+")
    phase = models.SmallIntegerField()  # 1 … 4 of requirement A2; by the era of the book, corrected by an officer
    group = models.SmallIntegerField()  # 1 … 6 of requirement A3
    place = models.CharField(max_length=8, choices=BookPlace.choices, default=BookPlace.HERE)
    place_reason = models.CharField(max_length=300, blank=True)  # why it is not entered here: source, decision
    state = models.CharField(max_length=8, choices=BookWorkState.choices, default=BookWorkState.LISTED)
    mode = models.CharField(max_length=16, blank=True)  # a CheckMode; "": as the setting says when a package is cut
    sample_per_mille = models.IntegerField(null=True)  # of each keyer's cases keyed again whole; null: the setting
    counted_pages = models.IntegerField(null=True)  # by hand, at the inventory
    counted_cases = models.IntegerField(null=True)
    is_damaged = models.BooleanField(default=False)
    is_lost = models.BooleanField(default=False)
    notes = models.CharField(max_length=500, blank=True)
    listed_by = models.IntegerField()
    listed_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "book_work"
        indexes: ClassVar = [
            models.Index(fields=["origin_office", "phase", "group", "state"], name="book_works_in_order"),
        ]


class DenominatorSource(models.TextChoices):
    CLOSING = "closing", "Số liệu khóa sổ"
    COUNTED = "counted", "Đếm khi kiểm kê"
    SCANNED = "scanned", "Số trường hợp đã quét"
    DECIDED = "decided", "Người phụ trách xác định"


class Denominator(models.Model):
    """How many cases a book is said to hold, frozen: a new value is a new row with its reason (requirement H7)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey("registers.Book", on_delete=models.PROTECT, related_name="+")
    value = models.IntegerField()
    source = models.CharField(max_length=8, choices=DenominatorSource.choices)
    reason = models.CharField(max_length=300, blank=True)
    is_current = models.BooleanField(default=True)
    frozen_by = models.IntegerField()
    frozen_at = models.DateTimeField()

    class Meta:
        db_table = "book_denominator"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["book"], condition=models.Q(is_current=True), name="one_denominator_in_force_a_book"
            )
        ]


class ForceKind(models.TextChoices):
    """Who keys the books that are handed over (requirement A12)."""

    TEAM = "team", "Tổ nhập liệu của cơ quan"
    POLICE = "police", "Công an"
    OTHER = "other", "Lực lượng hỗ trợ khác"


class KeyingHandoverState(models.TextChoices):
    DRAFT = "draft", "Đang lập"
    HANDED_OVER = "handed_over", "Đã bàn giao"
    RETURNED = "returned", "Đã nhận lại"
    CANCELLED = "cancelled", "Đã hủy"


class KeyingHandover(models.Model):
    """Books handed over to those who key them, against a record that is printed and signed (biên bản giao nhận sổ)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)  # of the record: 03/BB-UBND
    day = models.DateField()
    force_kind = models.CharField(max_length=8, choices=ForceKind.choices)
    force_name = models.CharField(max_length=200)
    receiver_name = models.CharField(max_length=120)
    receiver_title = models.CharField(max_length=120, blank=True)
    giver_name = models.CharField(max_length=120, blank=True)
    giver_title = models.CharField(max_length=120, blank=True)
    due_back = models.DateField(null=True)
    notes = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=12, choices=KeyingHandoverState.choices, default=KeyingHandoverState.DRAFT)
    request_key = models.UUIDField(unique=True)
    made_by = models.IntegerField()
    made_at = models.DateTimeField()
    handed_over_by = models.IntegerField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    returned_by = models.IntegerField(null=True)
    returned_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "keying_handover"
        indexes: ClassVar = [models.Index(fields=["origin_office", "-day"], name="keying_handovers_of_office")]


class KeyingHandoverLine(models.Model):
    """One book of a hand-over: what was given, and how it came back."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    handover = models.ForeignKey(KeyingHandover, on_delete=models.PROTECT, related_name="lines")
    book = models.ForeignKey("registers.Book", on_delete=models.PROTECT, related_name="+")
    pages = models.IntegerField(null=True)
    condition = models.CharField(max_length=200, blank=True)
    returned_pages = models.IntegerField(null=True)
    returned_condition = models.CharField(max_length=200, blank=True)
    is_out = models.BooleanField(default=False)  # handed over and not back

    class Meta:
        db_table = "keying_handover_line"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["book"], condition=models.Q(is_out=True), name="book_is_out_for_keying_once"
            ),
            models.UniqueConstraint(fields=["handover", "book"], name="book_once_a_keying_handover"),
        ]


class CopyFinding(models.TextChoices):
    ONLY_FIRST = "only_first", "Chỉ có ở bản lưu cấp xã"
    ONLY_SECOND = "only_second", "Chỉ có ở bản lưu cấp huyện"
    NOTE_FIRST = "note_first", "Ghi chú chỉ có ở bản lưu cấp xã"
    NOTE_SECOND = "note_second", "Ghi chú chỉ có ở bản lưu cấp huyện"
    DIFFERS = "differs", "Nội dung hai bản khác nhau"


class CopyComparison(models.Model):
    """Something in which the two originals of a book differ, found by whoever compared them (requirement H6)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey("registers.Book", on_delete=models.PROTECT, related_name="+")  # kept by the commune
    second = models.ForeignKey("registers.Book", on_delete=models.PROTECT, related_name="+")  # kept by the district
    number = models.IntegerField(null=True)
    number_suffix = models.CharField(max_length=8, blank=True)
    registration_year = models.IntegerField(null=True)
    finding = models.CharField(max_length=12, choices=CopyFinding.choices)
    words = models.CharField(max_length=500)
    settled_words = models.CharField(max_length=500, blank=True)
    settled_by = models.IntegerField(null=True)
    settled_at = models.DateTimeField(null=True)
    found_by = models.IntegerField()
    found_at = models.DateTimeField()
    request_key = models.UUIDField(unique=True)

    class Meta:
        db_table = "copy_comparison"
