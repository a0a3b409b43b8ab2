"""Batches and cases: what waits before the door, what was let in, and what goes on to the Ministry."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hotich.kernel.ids import uuid7
from hotich.registers.models import BookCopy


class BatchState(models.TextChoices):
    LOADING = "loading", "Đang nhập"
    LOADED = "loaded", "Đã nhập"
    WITHDRAWN = "withdrawn", "Đã rút"


class Batch(models.Model):
    """One workbook of one book, imported at one office. The counts are those of its report."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    register_type = models.CharField(max_length=8)
    era = models.CharField(max_length=8, blank=True)  # given by the officer; else by each row's date
    channel = models.CharField(max_length=12)
    template = models.CharField(max_length=12)
    header = models.JSONField(default=list)  # import keys in the order of the file
    original = models.CharField(max_length=8, choices=BookCopy.choices, blank=True, db_default="")  # keyed from which
    source_name = models.CharField(max_length=255)
    source_sha256 = models.CharField(max_length=64)
    workbook = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    scans = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.LOADING)
    rows = models.IntegerField(default=0)
    rows_done = models.IntegerField(default=0)  # rows read so far: progress, and where a killed import resumes
    accepted = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    rejections = models.JSONField(default=list)  # [row, code, field, severity, params] of rows that were not stored
    warnings = models.JSONField(default=list)  # the same of the heading
    scans_given = models.BooleanField(default=False)
    scan_report = models.JSONField(default=dict)
    failure = models.CharField(max_length=300, blank=True)
    created_by = models.IntegerField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_batch"
        indexes: ClassVar = [
            models.Index(fields=["origin_office", "created_at"], name="batch_of_office"),
            models.Index(fields=["origin_office", "source_sha256"], name="batch_of_file"),
        ]


class CaseState(models.TextChoices):
    HELD = "held", "Cần sửa"
    CHECKING = "checking", "Chờ kiểm tra"
    WAITING = "waiting", "Chờ duyệt"
    RETURNED = "returned", "Bị trả lại"
    APPROVED = "approved", "Đã duyệt"
    WITHDRAWN = "withdrawn", "Đã rút"


class Case(models.Model):
    """What somebody keyed, imported or converted, before it is a record."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="cases", db_index=False)
    row_number = models.IntegerField()  # of the workbook, as Excel counts
    register_type = models.CharField(max_length=8)
    schema_version = models.CharField(max_length=24)
    era = models.CharField(max_length=8)
    channel = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=CaseState.choices)
    as_recorded = models.JSONField()
    standard = models.JSONField(default=dict)
    problems = models.JSONField(default=list)  # [[code, field, severity, params]]
    repairs = models.JSONField(default=list)  # damage by Excel that was mended in this row, in the same form
    error_count = models.IntegerField(default=0)
    warning_count = models.IntegerField(default=0)
    number = models.IntegerField(null=True)
    number_suffix = models.CharField(max_length=8, blank=True)
    number_text = models.CharField(max_length=40, blank=True)
    registration_year = models.IntegerField(null=True)
    book_number = models.CharField(max_length=8, blank=True)
    book_year = models.IntegerField(null=True)
    page_no = models.CharField(max_length=10, blank=True)
    registered_earliest = models.DateField(null=True)
    registered_latest = models.DateField(null=True)
    import_hash = models.CharField(max_length=64)  # of the row as imported: the same file again adds nothing
    content_hash = models.CharField(max_length=64, blank=True)  # of the row as it is exported, once it was corrected
    scan = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    version = models.IntegerField(default=1)
    keyed_by = models.IntegerField()
    touched_by = ArrayField(models.IntegerField(), default=list)  # everyone who keyed or changed it
    approved_by = models.IntegerField(null=True)
    record_id = models.UUIDField(null=True)
    returned_reason = models.CharField(max_length=500, blank=True)
    is_check_pending = models.BooleanField(
        default=False, db_default=False
    )  # keyed, and nobody has checked it: not yet for the approver
    annotations = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField())
    )  # notes in the margin as keyed, to be entered with the record
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "intake_case"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin_office", "register_type", "import_hash"],
                condition=~models.Q(state="withdrawn"),
                name="case_once_a_row_content",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch", "row_number"], name="case_in_batch_order"),
            models.Index(
                fields=["origin_office", "content_hash"],
                condition=~models.Q(content_hash=""),
                name="case_by_corrected_content",
            ),
            models.Index(fields=["record_id"], name="case_of_record"),
            models.Index(fields=["origin_office", "state"], name="case_by_state"),
            models.Index(
                fields=["origin_office", "register_type", "book_year", "book_number", "registration_year", "number"],
                name="case_by_registration_number",
            ),
        ]


class ApprovalRunState(models.TextChoices):
    RUNNING = "running", "Đang duyệt"
    DONE = "done", "Đã duyệt xong"
    STOPPED = "stopped", "Đã dừng"


class ApprovalRun(models.Model):
    """Approving all cases of a batch in the background, piece by piece: where it stands, and what was refused."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="approval_runs")
    state = models.CharField(max_length=10, choices=ApprovalRunState.choices, default=ApprovalRunState.RUNNING)
    total = models.IntegerField()
    looked_at = models.IntegerField(default=0)
    approved = models.IntegerField(default=0)
    after_row = models.IntegerField(default=0)  # rows up to this one were looked at: where a killed run goes on
    refused = models.JSONField(default=list)  # [{"row", "code", "field", "params"}]
    failure = models.CharField(max_length=60, blank=True)  # the code of what ended it early
    started_by = models.IntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "approval_run"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin_office", "batch"],
                condition=models.Q(state="running"),
                name="approval_run_once_at_a_time",
            )
        ]


class DispatchState(models.TextChoices):
    QUEUED = "queued", "Chờ gửi"
    SENT = "sent", "Đã gửi"
    REJECTED = "rejected", "Bị từ chối"
    ACKNOWLEDGED = "acknowledged", "Đã tiếp nhận"
    CANCELLED = "cancelled", "Không gửi nữa"


class Dispatch(models.Model):
    """One record on its way to the Ministry's database, with the receipt or the reason of a refusal.

    A record that changes after it was sent gets another row; one that waits goes with what the record says by then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+")
    record_version = models.IntegerField()
    state = models.CharField(max_length=14, choices=DispatchState.choices, default=DispatchState.QUEUED)
    file_id = models.UUIDField(null=True)  # the file it went out with
    row_number = models.IntegerField(null=True)  # its row in that file
    content_hash = models.CharField(max_length=64, blank=True, default="")  # of what was sent
    receipt = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    attempts = models.IntegerField(default=0)
    queued_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "dispatch"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin_office", "record"],
                condition=models.Q(state="queued"),
                name="dispatch_queued_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["origin_office", "state"], name="dispatch_by_state")]


class ExportRequest(models.Model):
    """One officer asks to take books away as workbooks, another one allows it, for a time and so many times.

    With scans it is a delivery: for each book one workbook and one zip of PDFs.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ duyệt xuất"
        APPROVED = "approved", "Đã duyệt xuất"
        REFUSED = "refused", "Không duyệt xuất"
        CANCELLED = "cancelled", "Đã hủy đề nghị"

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    register_type = models.CharField(max_length=8)
    books = models.JSONField()  # labels, e.g. "01/2006"
    unapproved = models.BooleanField(default=False)  # with cases that are not records yet
    current = models.BooleanField(default=False)  # the values after annotations
    template = models.CharField(max_length=8, blank=True)
    with_scans = models.BooleanField(default=False)  # a delivery: beside the workbook the PDF of every case
    gaps_reason = models.CharField(max_length=300, blank=True)  # why it may go out though it is not whole
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    requested_by = models.IntegerField()
    requested_at = models.DateTimeField()
    decided_by = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_words = models.CharField(max_length=500, blank=True)
    expires_at = models.DateTimeField(null=True)  # nothing is taken away after it
    downloads_left = models.IntegerField(default=0)
    downloads = models.IntegerField(default=0)
    rows = models.IntegerField(null=True)  # of the file that was built
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    failure = models.CharField(max_length=60, blank=True)  # a code of the messages
    report = models.JSONField(default=dict)  # of a delivery: what the check found, by numbers of cases

    class Meta:
        db_table = "export_request"
        indexes: ClassVar = [
            models.Index(fields=["origin_office", "state"], name="export_requests_of_office"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | models.Q(state="cancelled")
                | ~models.Q(decided_by=models.F("requested_by")),
                name="export_decided_by_another",
            )
        ]


class ExportDownload(models.Model):
    """A file of an approved request was taken away. `built_at`: what it holds is what the books said then."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(ExportRequest, on_delete=models.PROTECT, related_name="taken")
    officer_id = models.IntegerField()
    at = models.DateTimeField()
    built_at = models.DateTimeField()

    class Meta:
        db_table = "export_download"


class ExportCorrection(models.Model):
    """A record that stands wrong in a file that was taken away, because it was put right or annulled afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    download = models.ForeignKey(ExportDownload, on_delete=models.PROTECT, related_name="corrections")
    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()  # when the record stopped saying what the file says
    noted_at = models.DateTimeField()
    told_by = models.IntegerField(null=True)  # who told those the file had been given to
    told_at = models.DateTimeField(null=True)
    told_how = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "export_correction"
        indexes: ClassVar = [
            models.Index(fields=["origin_office", "told_at"], name="export_corrections_to_tell"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["download", "record", "changed_at"], name="export_correction_once_a_change")
        ]
