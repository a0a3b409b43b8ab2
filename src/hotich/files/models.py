"""Stored files: one row a file and office, content by hash."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class StoredFile(models.Model):
    """A file of one office. The content lies in the storage under its hash, encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office_id = models.IntegerField()  # a plain number: offices lie above files
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=255)  # as delivered, without any folder
    page_count = models.IntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "stored_file"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_office_id", "sha256", "name"], name="stored_file_once_an_office")
        ]
