"""Persons, their links to participants, kinship and status facts. All of it is drawn from records and decisions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class Person(models.Model):
    """A human being the records speak of. Its facts are those of its participants; it holds none itself."""

    id = models.UUIDField(primary_key=True)  # of its first participant: the same whatever the order of drawing
    merged_into_id = models.UUIDField(null=True)  # an id once given stays findable
    created_at = models.DateTimeField()

    class Meta:
        db_table = "person"


class PersonLink(models.Model):
    """Participant ↔ person: how sure, and by which rule."""

    class Rule(models.TextChoices):
        ALONE = "alone", "Chưa liên kết với bản ghi khác"
        PERSONAL_ID = "personal_id", "Cùng số định danh cá nhân"
        ID_NUMBER = "id_number", "Cùng số giấy tờ tùy thân"
        DECISION = "decision", "Do công chức xác định"

    participant = models.OneToOneField("records.Participant", on_delete=models.CASCADE, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=12, choices=Rule.choices)
    certainty = models.FloatField(default=1.0)

    class Meta:
        db_table = "person_link"


class KinshipKind(models.TextChoices):
    """What `relative` is to `person`."""

    FATHER = "father", "Cha"
    MOTHER = "mother", "Mẹ"
    ADOPTIVE_FATHER = "adoptive_father", "Cha nuôi"
    ADOPTIVE_MOTHER = "adoptive_mother", "Mẹ nuôi"
    SPOUSE = "spouse", "Vợ/chồng"
    GUARDIAN = "guardian", "Người giám hộ"


class Kinship(models.Model):
    """One edge of the family, with the record that proves it and its validity."""

    id = models.UUIDField(primary_key=True)  # stable: of record and roles
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relatives")
    relative = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relative_of")
    kind = models.CharField(max_length=16, choices=KinshipKind.choices)
    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+")
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    ended_by = models.CharField(max_length=24, blank=True)  # divorce, annulment, death, revoked …
    restricted = models.BooleanField(default=False)

    class Meta:
        db_table = "kinship"


class StatusFact(models.Model):
    """Something a record proves about a person's life or marriage; the status itself is derived, never stored."""

    class Kind(models.TextChoices):
        BORN = "born", "Sinh"
        MARRIED = "married", "Kết hôn"
        DIVORCED = "divorced", "Ly hôn"
        MARRIAGE_ANNULLED = "marriage_annulled", "Hủy việc kết hôn"
        DIED = "died", "Chết"
        DECLARED_DEAD = "declared_dead", "Bị tuyên bố chết"
        DECLARED_MISSING = "declared_missing", "Bị tuyên bố mất tích"
        DEATH_REVOKED = "death_revoked", "Hủy tuyên bố chết"
        MISSING_REVOKED = "missing_revoked", "Hủy tuyên bố mất tích"

    id = models.UUIDField(primary_key=True)  # stable: of record, role and kind
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="status_facts")
    spouse = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    earliest = models.DateField(null=True)
    latest = models.DateField(null=True)
    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+")
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "status_fact"


class LinkDecision(models.Model):
    """A human decision that two participants are, or are not, the same person. A stored input of every drawing."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey("records.Participant", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("records.Participant", on_delete=models.CASCADE, related_name="+")
    same = models.BooleanField()
    reason = models.CharField(max_length=500)
    decided_by = models.IntegerField()
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "link_decision"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_office", "first", "second"], name="link_decision_once_a_pair")
        ]


class LookUp(models.Model):
    """That participants of other offices were asked for: written by the look-up function itself, append-only."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    office_id = models.IntegerField()  # that asked
    officer_id = models.IntegerField(null=True)
    purpose = models.CharField(max_length=40)
    record_id = models.UUIDField()  # the case it was asked for
    keys = models.IntegerField()  # how many identity numbers were asked for
    rows = models.IntegerField()  # how many participants were shown

    class Meta:
        db_table = "person_look_up"
        indexes: ClassVar = [models.Index(fields=["record_id"], name="look_ups_for_record")]
