"""Comparing a whole book, commune or province in one run."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class RunScope(models.TextChoices):
    """Whose participants are compared."""

    BOOK = "book", "Một quyển sổ"
    OFFICE = "office", "Một xã"
    PROVINCE = "province", "Một tỉnh"


class RunState(models.TextChoices):
    """How far a comparison has come."""

    WAITING = "waiting", "Chờ chạy"
    RUNNING = "running", "Đang đối chiếu"
    WRITING = "writing", "Đang ghi kết quả"
    DONE = "done", "Đã xong"
    STOPPED = "stopped", "Đã dừng"
    FAILED = "failed", "Không chạy được"


class PopulationExtract(models.Model):
    """A file of citizens the partner handed out for an area, kept encrypted like any file."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=12)  # code of the commune or province
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    persons = models.IntegerField()
    fetched_at = models.DateTimeField()
    fetched_by = models.IntegerField()

    class Meta:
        db_table = "population_extract"


class MatchRun(models.Model):
    """One run: where it stands, what it found. A killed run goes on behind its last whole piece."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=10, choices=RunScope.choices)
    scope_id = models.CharField(max_length=40)  # book id, office id, code of the province
    extract = models.ForeignKey(PopulationExtract, on_delete=models.PROTECT, null=True, related_name="runs")
    area = models.CharField(max_length=12, blank=True, default="")  # commune or province the extract is of
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.WAITING)
    step = models.CharField(max_length=12, blank=True)
    step_began_at = models.DateTimeField(null=True)
    steps_done = models.IntegerField(default=0)
    steps_total = models.IntegerField(default=0)
    participants = models.IntegerField(default=0)
    written = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)  # by outcome; under "offices" the same by office
    cuts = models.JSONField(
        default=list
    )  # [{"rule": [columns], "blocks", "largest", "records"}], see `matching.batch.blocks`
    model = models.JSONField(default=dict)  # the model used, whole: what was decided stays explainable
    failure = models.CharField(max_length=60, blank=True)
    is_retry = models.BooleanField(default=False)  # only what could not be worked on is done again
    asked_by = models.IntegerField()
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "match_run"
        indexes: ClassVar = [models.Index(fields=["origin_office", "asked_at"], name="match_runs_of_office")]


class FaultyItem(models.Model):
    """A participant a run or a search could not work on, or a proposal a bulk could not: put aside so that the others go on.
    Nothing of what it holds. Of a proposal the record, the participant and the role are the first one's."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey(
        "units.Office", on_delete=models.PROTECT, related_name="+"
    )  # of the run, search or bulk
    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, null=True, related_name="faulty_items")
    search = models.ForeignKey("LinkSearch", on_delete=models.CASCADE, null=True, related_name="faulty_items")
    bulk = models.ForeignKey("LinkBulk", on_delete=models.CASCADE, null=True, related_name="faulty_items")
    proposal_id = models.UUIDField(null=True)  # of the bulk
    record_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    record_id = models.UUIDField()  # no reference: its row is not always in the scope of whoever put this aside
    participant_id = models.UUIDField(null=True)
    role = models.CharField(max_length=30, blank=True)  # "" for the whole record, which could not be read
    register_type = models.CharField(max_length=8, blank=True)
    number_text = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=10)  # value, database, rule
    code = models.CharField(max_length=60, blank=True)  # of the refusal
    error = models.CharField(max_length=200, blank=True)  # kind of error and where, for whoever mends it
    tries = models.IntegerField(default=1)
    failed_at = models.DateTimeField()
    is_waiting = models.BooleanField(default=False)  # of a bulk: to be tried again

    class Meta:
        db_table = "faulty_item"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "record_id", "role"], name="faulty_item_once_a_run"),
            models.UniqueConstraint(fields=["search", "participant_id"], name="faulty_item_once_a_search"),
            models.UniqueConstraint(fields=["bulk", "proposal_id"], name="faulty_item_once_a_bulk"),
        ]
