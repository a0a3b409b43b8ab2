"""Register books: what lies on the shelf, who registered in it and who keeps it now."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class BookCopy(models.TextChoices):
    """Before 2016 two originals existed, one at the commune and one at the district."""

    COMMUNE = "commune", "Bản lưu cấp xã"
    DISTRICT = "district", "Bản lưu cấp huyện"


class NumberScope(models.TextChoices):
    """Whether numbers run through the year across books, or start anew in each book (old practice)."""

    YEAR = "year", "Số liên tục trong năm"
    BOOK = "book", "Số theo từng quyển"


class Book(models.Model):
    """One register book (quyển): type, number and year of opening at the office that registered."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")  # registered in it
    keeping_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    register_type = models.CharField(max_length=8)  # letters: KS, KH …
    era = models.CharField(max_length=8)
    number = models.CharField(max_length=8)  # "01", "02A"
    opening_year = models.IntegerField()
    copy = models.CharField(max_length=8, choices=BookCopy.choices, default=BookCopy.COMMUNE)
    number_scope = models.CharField(max_length=4, choices=NumberScope.choices, default=NumberScope.YEAR)
    is_number_assigned = models.BooleanField(default=False)  # the book shows no number; ours is a surrogate
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    # control totals written by the officer at closing (số liệu khóa sổ)
    pages_total = models.IntegerField(null=True)
    cases_declared = models.IntegerField(null=True)
    corrected_entries = models.IntegerField(null=True)
    blank_pages = models.IntegerField(null=True)
    first_number = models.IntegerField(null=True)
    last_number = models.IntegerField(null=True)
    paper_size = models.CharField(max_length=4, blank=True)
    condition = models.CharField(max_length=200, blank=True)
    storage_location = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "register_book"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin_office", "register_type", "opening_year", "number", "copy"], name="register_book_once"
            )
        ]

    @property
    def label(self) -> str:
        """As written on the spine: 01/2006."""
        return f"{self.number}/{self.opening_year}"


class HandoverState(models.TextChoices):
    """Where the paper of a hand-over is."""

    PLANNED = "planned", "Dự kiến bàn giao"
    HANDED_OVER = "handed_over", "Đã bàn giao, chờ bên nhận"
    RECEIVED = "received", "Đã nhận"
    CANCELLED = "cancelled", "Đã hủy"


class BookHandover(models.Model):
    """Books that go from one keeping office to another by a decision; the keeper changes when they are received."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    from_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    to_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=200, blank=True)  # an archive or store where the receiving office puts them
    from_day = models.DateField()
    act_number = models.CharField(max_length=60)
    act_date = models.DateField(null=True)
    act_authority = models.CharField(max_length=120, blank=True)
    notes = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=12, choices=HandoverState.choices, default=HandoverState.PLANNED)
    office_id = models.IntegerField()  # of the officer who decided
    request_key = models.UUIDField(unique=True)  # the same form sent twice makes one hand-over
    planned_by = models.IntegerField()
    planned_at = models.DateTimeField()
    handed_over_by = models.IntegerField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    received_by = models.IntegerField(null=True)
    received_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "book_handover"
        ordering: ClassVar = ["-id"]


class HandoverLine(models.Model):
    """One book of a hand-over."""

    handover = models.ForeignKey(BookHandover, on_delete=models.PROTECT, related_name="lines")
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="handovers")
    is_open = models.BooleanField(default=True)  # until received or cancelled

    class Meta:
        db_table = "book_handover_line"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["book"], condition=models.Q(is_open=True), name="book_is_in_one_handover_at_a_time"
            )
        ]


class ProposalState(models.TextChoices):
    """How far a proposed change of the configuration is."""

    DRAFT = "draft", "Bản nháp"
    PROPOSED = "proposed", "Chờ duyệt"
    APPROVED = "approved", "Đã duyệt"
    REFUSED = "refused", "Đã từ chối"
    WITHDRAWN = "withdrawn", "Đã rút"


class ConfigurationProposal(models.Model):
    """Changes of thresholds, code lists, days and eras that are proposed and decided together, with the reason."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=1000)
    state = models.CharField(max_length=12, choices=ProposalState.choices, default=ProposalState.DRAFT)
    is_legal = models.BooleanField()  # another person decides: what the law sets, or is the Ministry's
    file_name = models.CharField(max_length=200, blank=True)  # where the changes came from, if from a file
    office_id = models.IntegerField()
    proposed_by = models.IntegerField()
    proposed_at = models.DateTimeField()
    decided_by = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=1000, blank=True)
    number = models.IntegerField(null=True)  # of the configuration that the approval made: the order of decisions
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "configuration_proposal"
        ordering: ClassVar = ["-id"]


class ConfigurationChange(models.Model):
    """One change of one key (`rules.configuration.LocalChange`), or the taking back of an earlier one."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    proposal = models.ForeignKey(ConfigurationProposal, on_delete=models.PROTECT, related_name="changes")
    place = models.IntegerField()
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=120)
    province = models.CharField(max_length=24, blank=True, default="")  # the code of its unit; "" is the whole country
    value = models.TextField()  # canonical JSON
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300)
    is_verified = models.BooleanField(default=False)
    takes_back = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "configuration_change"
        ordering: ClassVar = ["place"]
        indexes: ClassVar = [models.Index(fields=["kind", "key"], name="configuration_change_by_key")]


class ConfigurationVersion(models.Model):
    """Which configuration is in force: one row, asked by every process. `stamp` is new with each approval."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    stamp = models.UUIDField(default=uuid7)
    number = models.IntegerField(default=0)

    class Meta:
        db_table = "configuration_version"
