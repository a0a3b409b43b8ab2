"""Packages of cases that one person keys at a time, and what belongs to keying them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class CheckMode(models.TextChoices):
    """How what was keyed is checked; in each a sample of every keyer's cases is keyed again whole."""

    REVIEW = "review", "Soát lại bên bản quét"
    BLIND_CRITICAL = "blind_critical", "Nhập độc lập lần hai các trường trọng yếu"
    DOUBLE = "double", "Nhập độc lập lần hai toàn bộ, người thứ ba quyết định"


class PackageState(models.TextChoices):
    READY = "ready", "Chờ nhận"
    OUT = "out", "Đang nhập"
    RELEASED = "released", "Đã nhập xong, chờ kiểm tra"
    CHECKING = "checking", "Đang kiểm tra"
    CHECKED = "checked", "Đã kiểm tra xong"
    WITHDRAWN = "withdrawn", "Đã rút"


class KeyingPackage(models.Model):
    """Cases of one book that are keyed together by one person (gói nhập liệu)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey("registers.Book", on_delete=models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey("intake.Batch", on_delete=models.PROTECT, null=True, related_name="+")  # of its cases
    position = models.IntegerField()  # n-th package of the book, from 1
    schema_version = models.CharField(max_length=24)
    mode = models.CharField(max_length=16, choices=CheckMode.choices)
    sample_per_mille = models.IntegerField(default=0)
    items_total = models.IntegerField(default=0)
    is_on_demand = models.BooleanField(default=False)  # somebody waits for it (requirement H4)
    state = models.CharField(max_length=10, choices=PackageState.choices, default=PackageState.READY)
    keyer = models.IntegerField(null=True)  # officer who has it, or had it last
    assigned_to = models.IntegerField(null=True)  # only this officer may take it
    # only a member of this team may take it; never beside `assigned_to`
    team = models.ForeignKey("keying.KeyingTeam", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    gate_reason = models.CharField(max_length=300, blank=True)  # why it was taken before earlier groups were done
    returned_reason = models.CharField(max_length=500, blank=True)  # by checker, acceptance or leader
    checker = models.IntegerField(null=True)  # officer who checks it, or checked it last
    checked_out_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    check_started_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    created_by = models.IntegerField()
    created_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "keying_package"
        constraints: ClassVar = [models.UniqueConstraint(fields=["book", "position"], name="package_once_a_place")]
        indexes: ClassVar = [
            models.Index(fields=["origin_office", "state"], name="packages_by_state"),
            models.Index(fields=["keyer", "state"], name="packages_of_keyer"),
        ]


class ItemKind(models.TextChoices):
    CASE = "case", "Trường hợp"
    PAGE = "page", "Trang, chưa chia trường hợp"


class ItemState(models.TextChoices):
    OPEN = "open", "Chưa nhập"
    KEYED = "keyed", "Đã nhập"
    VOID = "void", "Số bị hủy"
    MISSING = "missing", "Trang thiếu hoặc rách"
    BLANK = "blank", "Không có trường hợp nào"


class PackageItem(models.Model):
    """One place of a package: a scanned case, a page, or just a number expected in the book.

    Positions count in thousands, so that a case the keyer finds between two others has a place of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    package = models.ForeignKey(KeyingPackage, on_delete=models.PROTECT, related_name="items", db_index=False)
    position = models.IntegerField()
    kind = models.CharField(max_length=4, choices=ItemKind.choices, default=ItemKind.CASE)
    scanned_case = models.ForeignKey("digitisation.ScannedCase", on_delete=models.PROTECT, null=True, related_name="+")
    page = models.ForeignKey("digitisation.ScanPage", on_delete=models.PROTECT, null=True, related_name="+")
    number = models.IntegerField(null=True)  # expected; what the book says is in the entry
    number_suffix = models.CharField(max_length=8, blank=True)
    registration_year = models.IntegerField(null=True)
    state = models.CharField(max_length=8, choices=ItemState.choices, default=ItemState.OPEN)
    reason = models.CharField(max_length=300, blank=True)  # of a void number, a missing page

    class Meta:
        db_table = "package_item"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "position"], name="package_item_once_a_place")
        ]
        indexes: ClassVar = [models.Index(fields=["scanned_case"], name="package_item_of_scan")]


class RegionMap(models.Model):
    """Where each field stands on the picture of a case: drawn once for a layout, followed while keying."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    register_type = models.CharField(max_length=8)
    era = models.CharField(max_length=8)
    layout = models.ForeignKey("digitisation.PageLayout", on_delete=models.PROTECT, null=True, related_name="+")
    book = models.ForeignKey("registers.Book", on_delete=models.PROTECT, null=True, related_name="+")  # of it alone
    regions = models.JSONField(default=dict)  # field code -> [left, top, right, bottom], shares of the picture
    # the rules of the picture it was drawn on, in shares of it, as of a ScanPage; null: not known, the map is never moved
    ruling = models.JSONField(null=True)
    drawn_by = models.IntegerField()
    drawn_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "region_map"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin_office", "register_type", "era", "layout", "book"],
                name="region_map_once_a_layout",
                nulls_distinct=False,
            )
        ]


class Pledge(models.Model):
    """A helper has signed that what the pages say stays there (requirement H8)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    officer = models.IntegerField()
    text_version = models.CharField(max_length=20)
    signed_name = models.CharField(max_length=120)  # as typed by the officer
    signed_at = models.DateTimeField()

    class Meta:
        db_table = "confidentiality_pledge"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["officer", "origin_office", "text_version"], name="pledge_once_a_text")
        ]
