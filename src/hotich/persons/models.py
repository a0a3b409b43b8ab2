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
        indexes: ClassVar = [
            models.Index(
                fields=["merged_into_id"],
                name="persons_forwarded",
                condition=models.Q(merged_into_id__isnull=False),
            )
        ]


class PersonLink(models.Model):
    """Participant ↔ person: how sure, and by which rule."""

    class Rule(models.TextChoices):
        ALONE = "alone", "Chưa liên kết với bản ghi khác"
        PERSONAL_ID = "personal_id", "Cùng số định danh cá nhân"
        ID_NUMBER = "id_number", "Cùng số giấy tờ tùy thân"
        POPULATION = "population", "Cùng số định danh tiếp nhận từ CSDL dân cư"
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


class PopulationNumber(models.Model):
    """A personal identification number taken over from the population database for somebody in a record.

    It stands beside what the book says, never in it, and is a stored input of every drawing, as a decision is. One that
    was withdrawn stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+")
    # kept when a change of the record leaves nobody in the role, so no constraint
    participant = models.ForeignKey(
        "records.Participant", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    personal_id = models.CharField(max_length=12)
    personal_id_key = models.CharField(max_length=64)  # keyed hash, for equality: as the participant's own
    citizen_ref = models.CharField(max_length=40)  # the population database's own id of the citizen: the source
    reason = models.CharField(max_length=500)
    taken_by = models.IntegerField(null=True)  # null: by the system, from an answer that came later
    taken_at = models.DateTimeField()
    withdrawn_by = models.IntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "population_number"
        indexes: ClassVar = [
            models.Index(fields=["personal_id_key"], name="population_number_by_key"),
            models.Index(fields=["participant"], name="population_number_of_one"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin_office", "participant"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="population_number_once_in_force",
            )
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


class ForeignLookUp(models.Model):
    """An officer's question beyond his offices: written by the look-up function in the statement that answers it."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    office_id = models.IntegerField()  # that asked
    officer_id = models.IntegerField()
    purpose = models.CharField(max_length=24)  # a code of rules.look_up_purposes
    purpose_words = models.CharField(max_length=300, blank=True)  # of another purpose, in the officer's words
    dossier = models.CharField(max_length=40)  # number of the case it was asked for
    way = models.CharField(max_length=8)  # number, entry, name
    question = models.CharField(max_length=64)  # fingerprint of what was asked: the same question can be recognised
    rows = models.IntegerField()

    class Meta:
        db_table = "foreign_look_up"
        indexes: ClassVar = [
            models.Index(fields=["office_id", "at"], name="foreign_look_ups_of_office"),
            models.Index(fields=["officer_id", "at"], name="foreign_look_ups_of_officer"),
        ]


class ForeignHit(models.Model):
    """A record that a foreign look-up showed, and whether it was opened: seen by who asked and by whose record it is."""

    id = models.UUIDField(primary_key=True)
    look_up_id = models.UUIDField()
    record_id = models.UUIDField()
    subject_office_id = models.IntegerField()
    asking_office_id = models.IntegerField()
    officer_id = models.IntegerField()
    purpose = models.CharField(max_length=24)
    dossier = models.CharField(max_length=40)
    at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    openings = models.IntegerField(default=0)

    class Meta:
        db_table = "foreign_look_up_hit"
        indexes: ClassVar = [
            models.Index(fields=["look_up_id"], name="hits_of_look_up"),
            models.Index(fields=["record_id"], name="foreign_readings_of_record"),
        ]


class BreakGlass(models.Model):
    """Restricted facts of one record, opened for minutes by an officer who gave a reason; a leader reviews each."""

    class Verdict(models.TextChoices):
        WAITING = "waiting", "Chờ rà soát"
        JUSTIFIED = "justified", "Có căn cứ"
        NOT_JUSTIFIED = "not_justified", "Không có căn cứ"

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey("records.Record", on_delete=models.PROTECT, related_name="+")
    opened_by = models.IntegerField()
    office_id = models.IntegerField()  # of the post the officer acted at
    reason = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    readings = models.IntegerField(default=0)  # how often the facts were shown
    verdict = models.CharField(max_length=14, choices=Verdict.choices, default=Verdict.WAITING)
    reviewed_by = models.IntegerField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    review_words = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "break_glass"
        indexes: ClassVar = [
            models.Index(fields=["record"], name="break_glass_of_record"),
            models.Index(fields=["origin_office", "verdict"], name="break_glass_to_review"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True) | ~models.Q(reviewed_by=models.F("opened_by")),
                name="break_glass_reviewed_by_another",
            )
        ]


class ReadingOverview(models.Model):
    """That a department or the Ministry looked over the readings of many offices: written by the function that counts."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    office_id = models.IntegerField()  # that asked
    officer_id = models.IntegerField()
    purpose = models.CharField(max_length=16)  # a code of rules.overview
    purpose_words = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    offices = models.IntegerField()

    class Meta:
        db_table = "reading_overview"
        indexes: ClassVar = [models.Index(fields=["office_id", "at"], name="overviews_of_office")]


class ReadingQuestion(models.Model):
    """A department or the Ministry asks the leader of an office about a flag; he looks at his own readings and answers."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    asking_office_id = models.IntegerField()
    asked_by = models.IntegerField()
    asked_at = models.DateTimeField()
    office_id = models.IntegerField()  # whose leader answers
    officer_id = models.IntegerField(null=True)  # whose readings; null: of several
    flag = models.CharField(max_length=16)  # a rule of rules.oversight
    since = models.DateTimeField()
    until = models.DateTimeField()
    words = models.CharField(max_length=500)
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.IntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reading_question"
        indexes: ClassVar = [models.Index(fields=["office_id", "answered_at"], name="reading_questions_to_answer")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(answered_by__isnull=True) | ~models.Q(answered_by=models.F("officer_id")),
                name="reading_question_answered_by_another",
            )
        ]
