"""Administrative units by period, what became of them, and the offices that register civil status and keep its books.

The first four tables are filled from `units/data`; what people change in them is done by `UnitOperation` and remembered
in `LocalEdit`, so that newer tables of the product do not undo it.

No citizen's data: every officer reads these tables, so they have no row-level security.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotich.kernel.ids import uuid7

# rows made in the browser have ids from here on; those of the shipped tables stay below
FIRST_LOCAL_ID = 1_000_000_000


class Level(models.TextChoices):
    """Levels of units; the district level ended on 30/06/2025."""

    PROVINCE = "province", _("Cấp tỉnh")
    DISTRICT = "district", _("Cấp huyện")
    COMMUNE = "commune", _("Cấp xã")


class UnitKind(models.TextChoices):
    """What a unit is called in law."""

    PROVINCE = "province", _("Tỉnh")
    MUNICIPALITY = "municipality", _("Thành phố trực thuộc trung ương")
    RURAL_DISTRICT = "rural_district", _("Huyện")
    URBAN_DISTRICT = "urban_district", _("Quận")
    TOWN = "town", _("Thị xã")
    CITY = "city", _("Thành phố thuộc tỉnh")
    COMMUNE = "commune", _("Xã")
    WARD = "ward", _("Phường")
    TOWNSHIP = "township", _("Thị trấn")
    SPECIAL_ZONE = "special_zone", _("Đặc khu")


class ChangeKind(models.TextChoices):
    """How one unit became another."""

    MERGED = "merged", _("Sáp nhập")
    DIVIDED = "divided", _("Chia")
    SEPARATED = "separated", _("Tách một phần")
    RENAMED = "renamed", _("Đổi tên")
    TYPE_CHANGED = "type_changed", _("Đổi loại")
    CONTINUED = "continued", _("Giữ nguyên")


class Precision(models.TextChoices):
    """How exactly a date is known; the date column then holds the widest reading (first or last day of the year)."""

    DAY = "day", _("Ngày")
    YEAR = "year", _("Năm")
    NONE = "", _("Không rõ")


class AdministrativeUnit(models.Model):
    """A province, district or commune in one period. The same code may name another unit in another period."""

    id = models.IntegerField(primary_key=True)
    level = models.CharField(max_length=10, choices=Level)
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=UnitKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    valid_from = models.DateField(null=True)
    from_precision = models.CharField(max_length=4, blank=True, choices=Precision)
    valid_to = models.DateField(null=True)
    to_precision = models.CharField(max_length=4, blank=True, choices=Precision)
    source = models.CharField(max_length=80)
    verified = models.BooleanField(default=False)
    # ids of `UnitOperation`, without a relation: these rows are reference data and outlive what is emptied in tests
    begun_by = models.UUIDField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code", "valid_from"], name="unit_code_names_one_unit_from_a_day", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="unit_ends_after_it_begins",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitChange(models.Model):
    """One unit became another, or a part of it did.

    `is_default`: among the parts of a divided unit the one that stands for it in statistics, never for a person.
    """

    id = models.IntegerField(primary_key=True)
    predecessor = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="changes_after")
    successor = models.ForeignKey(AdministrativeUnit, models.PROTECT, related_name="changes_before")
    kind = models.CharField(max_length=16, choices=ChangeKind)
    is_default = models.BooleanField()
    at = models.DateField()
    precision = models.CharField(max_length=4, choices=Precision)
    source = models.CharField(max_length=80)
    verified = models.BooleanField(default=False)
    share = models.CharField(max_length=500, blank=True, db_default="", default="")  # in the words of the legal act
    operation = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="unit_change_is_told_once"),
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=models.Q(is_default=True) & ~models.Q(kind="separated"),
                name="unit_has_one_default_successor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id} ({self.kind})"


class OfficeKind(models.TextChoices):
    """Offices by level: commune and district people's committees, provincial departments of justice, missions."""

    COMMUNE = "commune", _("UBND cấp xã")
    DISTRICT = "district", _("UBND cấp huyện")
    PROVINCE = "province", _("Sở Tư pháp")
    MISSION = "mission", _("Cơ quan đại diện ở nước ngoài")


class Office(models.Model):
    """A body that registers civil status and keeps books (Law 60/2014, articles 4 and 71).

    `code` is unique for ever: the unit's code for a living office, code-YYYY (year closed) for a closed one.
    """

    id = models.IntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=250)
    search_name = models.CharField(max_length=250, editable=False)
    kind = models.CharField(max_length=10, choices=OfficeKind)
    unit = models.ForeignKey(AdministrativeUnit, models.PROTECT, null=True, related_name="offices")
    country = models.CharField(max_length=2, default="VN")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    verified = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_demo", "code"]
        constraints = [
            models.CheckConstraint(
                name="office_has_a_unit_or_is_a_mission",
                condition=models.Q(unit__isnull=False) | models.Q(kind="mission"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        """Whether the office has ended; its books are then kept by a successor."""
        return self.valid_to is not None


class OfficeSuccession(models.Model):
    """After a merger or division: who may answer for the closed office; `is_default` = who keeps its books.

    District offices closed on 30/06/2025 have no row: each province decides where their books go.
    """

    predecessor = models.ForeignKey(Office, models.PROTECT, related_name="successions_after")
    successor = models.ForeignKey(Office, models.PROTECT, related_name="successions_before")
    kind = models.CharField(max_length=16, choices=ChangeKind)
    is_default = models.BooleanField()
    at = models.DateField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="office_succession_is_told_once"),
            models.UniqueConstraint(
                fields=["predecessor"], condition=models.Q(is_default=True), name="books_have_one_keeper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id} ({self.kind})"


class OfficeVersion(models.Model):
    """What an office that lives on was called before a change, and the unit it stood for then."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="versions")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=250)
    unit_id = models.IntegerField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField()
    operation = models.UUIDField()

    class Meta:
        ordering = ["office", "valid_to"]
        constraints = [
            models.UniqueConstraint(fields=["office", "valid_to"], name="office_had_one_name_on_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (–{self.valid_to})"


class OperationKind(models.TextChoices):
    """What an operation on units or offices is about."""

    NEW = "new", _("Thành lập mới")
    CHANGE = "change", _("Đổi tên, loại, mã hoặc đơn vị cấp trên")
    MERGER = "merger", _("Sáp nhập, hợp nhất")
    SPLIT = "split", _("Chia, tách")
    MIXED = "mixed", _("Sắp xếp lại nhiều đơn vị")
    END = "end", _("Kết thúc, giải thể")
    OFFICE = "office", _("Thay đổi cơ quan đăng ký hộ tịch")


class OperationState(models.TextChoices):
    """Life of an operation; the table of steps is `rules/workflow.py`."""

    DRAFT = "draft", _("Đang soạn")
    PROPOSED = "proposed", _("Chờ người thứ hai duyệt")
    APPROVED = "approved", _("Đã duyệt, chờ đến ngày hiệu lực")
    IN_FORCE = "in_force", _("Đã có hiệu lực")
    CANCELLED = "cancelled", _("Đã hủy")


class UnitOperation(models.Model):
    """A change of units and offices as one whole: planned, looked at, carried out by a second person on its day.

    `plan` is the JSON of `rules.operations.Plan`. `touched_by`: everybody who wrote in it; none of them approves it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=8, choices=OperationKind)
    state = models.CharField(max_length=9, choices=OperationState, default=OperationState.DRAFT)
    effective_on = models.DateField()
    act_number = models.CharField(max_length=60)
    act_date = models.DateField(null=True)
    act_authority = models.CharField(max_length=120)
    act_link = models.CharField(max_length=300, blank=True)
    notes = models.CharField(max_length=1000, blank=True)
    plan = models.JSONField(default=dict)
    office_id = models.IntegerField()  # of the officer who began it: whose chain of the trail tells about it
    touched_by = models.JSONField(default=list)
    request_key = models.UUIDField(unique=True)  # the same form sent twice makes one operation
    created_by = models.IntegerField()
    created_at = models.DateTimeField()
    approved_by = models.IntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    carried_out_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)  # counts of what was done
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "unit_operation"
        indexes = [models.Index(fields=["state", "effective_on"], name="unit_operations_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.act_number}"


class LocalEdit(models.Model):
    """A cell of a shipped row that an operation changed: what the tables of the product said then.

    Loading newer tables leaves the cell alone, and reports it when the product says yet another thing.
    """

    table = models.CharField(max_length=40)
    row_id = models.IntegerField()
    column = models.CharField(max_length=40)
    shipped = models.CharField(max_length=250)
    operation = models.UUIDField()

    class Meta:
        db_table = "unit_local_edit"
        constraints = [models.UniqueConstraint(fields=["table", "row_id", "column"], name="local_edit_of_a_cell_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id} {self.column}"


class OfficeReview(models.Model):
    """Somebody has gone through an old office and its units, or has opened the question again; the latest row counts.

    The account of a digitisation officer may only be locked after that (plan of the Ministry of Justice, part IV.1).
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="reviews")
    is_reviewed = models.BooleanField()
    notes = models.CharField(max_length=500, blank=True)
    by = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "office_review"
        ordering = ["-id"]
        indexes = [models.Index(fields=["office", "-id"], name="office_reviews_latest")]

    def __str__(self) -> str:
        return f"{self.office_id} {self.is_reviewed}"
