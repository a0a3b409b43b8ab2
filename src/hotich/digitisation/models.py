"""Scans of a register book: how they came, their pages, where the cases stand on them, and the PDF of each case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class PageLayout(models.Model):
    """Where the cases stand on the pages of one kind of book: drawn once, laid on every page by its ruling.

    `drawing` is what `scans.split` needs to find the boxes again (shares of the ruled frame, not pixels).
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    register_type = models.CharField(max_length=8)
    era = models.CharField(max_length=8, blank=True)
    drawing = models.JSONField()
    cases_on_page = models.IntegerField()
    created_by = models.IntegerField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)  # no longer offered; batches that used it keep it

    class Meta:
        db_table = "page_layout"
        indexes: ClassVar = [models.Index(fields=["origin_office", "register_type"], name="page_layouts_of_office")]


class ScanBatchState(models.TextChoices):
    OPEN = "open", "Đang làm"
    FINISHED = "finished", "Đã xong"
    WITHDRAWN = "withdrawn", "Đã rút"


class ScanBatch(models.Model):
    """Pages of one book that were scanned together (đợt quét)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey("registers.Book", on_delete=models.PROTECT, related_name="+")
    layout = models.ForeignKey(PageLayout, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=ScanBatchState.choices, default=ScanBatchState.OPEN)
    is_on_demand = models.BooleanField(default=False)  # somebody waits for one case, out of order (requirement H4)
    notes = models.CharField(max_length=500, blank=True)
    first_number = models.IntegerField(null=True)  # of the first case: the others are counted on from it
    registration_year = models.IntegerField(null=True)  # of its cases, where none says otherwise
    ordered_by_hand = models.BooleanField(default=False)  # else pages stand in the order of the names of their files
    failure = models.CharField(max_length=60, blank=True)  # the code of what stopped the work in the background
    request_key = models.UUIDField(unique=True)  # the same form sent twice opens one batch
    created_by = models.IntegerField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "scan_batch"
        indexes: ClassVar = [
            models.Index(fields=["origin_office", "created_at"], name="scan_batches_of_office"),
            models.Index(fields=["book"], name="scan_batches_of_book"),
        ]


class ScanPageState(models.TextChoices):
    RECEIVED = "received", "Đã nhận, chờ xử lý"
    PREPARED = "prepared", "Đã nắn, chờ xác nhận vùng"
    CONFIRMED = "confirmed", "Đã xác nhận vùng"
    REFUSED = "refused", "Không dùng được, cần quét lại"
    SET_ASIDE = "set_aside", "Bỏ qua"


class ScanPage(models.Model):
    """One page of a batch. The master is kept as it was delivered; everything else can be made from it again."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(ScanBatch, on_delete=models.PROTECT, related_name="pages", db_index=False)
    position = models.IntegerField()  # order of the pages in the batch
    master = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    page_of_master = models.IntegerField(default=0)  # from 0: a TIFF or PDF has many
    delivered = models.ForeignKey(  # a small JPEG of the page as it came: to show, never to work from
        "files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    delivered_width = models.IntegerField(null=True)  # of the page as it came, in its own pixels
    delivered_height = models.IntegerField(null=True)
    flat = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+"
    )  # rectified, JPEG
    state = models.CharField(max_length=10, choices=ScanPageState.choices, default=ScanPageState.RECEIVED)
    findings = models.JSONField(default=list)  # [{"code", "severity", "params"}]
    turned = models.IntegerField(null=True)  # by an officer, degrees clockwise; null: as the program found
    turn_found = models.IntegerField(null=True)  # what `flat` was turned by
    corners = models.JSONField(null=True)  # of the sheet, by an officer: four [x, y] in pixels of the page as delivered
    corners_found = models.JSONField(null=True)  # where `flat` lies on the page as delivered, in the same form
    kept_reason = models.CharField(max_length=300, blank=True)  # why a refused page is used nevertheless
    width = models.IntegerField(null=True)  # of the rectified page
    height = models.IntegerField(null=True)
    dpi = models.FloatField(null=True)
    fingerprint = models.CharField(max_length=512, blank=True)  # of the picture, not of the file
    boxes = models.JSONField(default=list)  # [{"box": [l, t, r, b], "header": [l, t, r, b] | null}] in pixels of `flat`
    boxes_by = models.CharField(max_length=8, blank=True)  # grid, layout, officer
    layout_fit = models.FloatField(null=True)  # 0 … 1, how well the layout fitted
    # its long rules: {"across": [[y, left, right]], "down": [[x, top, bottom]]} in pixels of `flat`; null: not measured
    ruling = models.JSONField(null=True)
    printed_page = models.CharField(max_length=10, blank=True)  # the number on the paper
    reading = models.JSONField(default=dict)  # by machine: {"key", "engine", "version", "numbers": {place: number}}
    created_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "scan_page"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "master", "page_of_master"], name="scan_page_once_a_batch")
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch", "position"], name="scan_pages_in_order"),
            models.Index(fields=["origin_office", "fingerprint"], name="scan_pages_by_picture"),
        ]


class ScannedCaseState(models.TextChoices):
    PENDING = "pending", "Chờ tạo PDF"
    PASSED = "passed", "Đạt"
    REVIEW = "review", "Cần xem lại"
    REFUSED = "refused", "Không đạt"
    ACCEPTED = "accepted", "Cán bộ chấp nhận"
    RESCAN = "rescan", "Chờ quét lại"
    SET_ASIDE = "set_aside", "Bỏ qua"


class ScannedCase(models.Model):
    """One case cut from one or more pages, and its PDF."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(ScanBatch, on_delete=models.PROTECT, related_name="cases", db_index=False)
    book = models.ForeignKey("registers.Book", on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.IntegerField()  # order in the batch
    parts = models.JSONField()  # [{"page": id of ScanPage, "box": […], "header": […] | null}] in reading order
    number = models.IntegerField(null=True)
    number_suffix = models.CharField(max_length=8, blank=True)
    registration_year = models.IntegerField(null=True)
    registered_on = models.CharField(max_length=10, blank=True)  # yyyy-mm-dd for the name; parts unknown are 0
    number_by = models.CharField(max_length=8, blank=True)  # sequence, reader (OCR), officer
    # by machine: {"key", "engine", "version", "number", "opinions": {field: [opinion, confidence]}, "of": entry, version}
    reading = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ScannedCaseState.choices, default=ScannedCaseState.PENDING)
    pdf = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    size = models.IntegerField(null=True)  # of the PDF, bytes
    dpi = models.IntegerField(null=True)
    method = models.CharField(max_length=20, blank=True)
    gate = models.JSONField(default=dict)
    encoded_key = models.CharField(max_length=64, blank=True)  # of the pictures, boxes and settings the PDF was made of
    reason = models.CharField(max_length=60, blank=True)  # a code of the messages
    decided_by = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=500, blank=True)
    case = models.ForeignKey("intake.Case", on_delete=models.PROTECT, null=True, related_name="+")  # linked to it
    linked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "scanned_case"
        indexes: ClassVar = [
            models.Index(fields=["batch", "position"], name="scanned_cases_in_order"),
            models.Index(fields=["origin_office", "state"], name="scanned_cases_by_state"),
            models.Index(fields=["book", "registration_year", "number"], name="scanned_cases_by_number"),
            models.Index(fields=["case"], name="scanned_case_of_case"),
            models.Index(fields=["origin_office", "encoded_key"], name="scanned_cases_by_content"),
        ]
