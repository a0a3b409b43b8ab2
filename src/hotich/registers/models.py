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
