"""Records, their annotations, participants and numbers. Nothing here is overwritten: versions and notes are added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7
from hotich.registers.models import BookCopy


class RecordState(models.TextChoices):
    """A record never disappears; it is in force, replaced, crossed out in the book, or annulled."""

    IN_FORCE = "in_force", "Có hiệu lực"
    SUPERSEDED = "superseded", "Đã được thay thế"
    VOID = "void", "Số bị hủy"
    ANNULLED = "annulled", "Đã hủy giá trị"


class Record(models.Model):
    """One civil-status record: one case in a book, or one live registration."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    register_type = models.CharField(max_length=8)
    schema_version = models.CharField(max_length=24)
    era = models.CharField(max_length=8)
    channel = models.CharField(max_length=12)
    book = models.ForeignKey("registers.Book", on_delete=models.PROTECT, related_name="records")
    number = models.IntegerField(null=True)
    number_suffix = models.CharField(max_length=8, blank=True)
    number_text = models.CharField(max_length=40)
    registration_year = models.IntegerField(null=True)
    page_no = models.CharField(max_length=10, blank=True)
    registered_earliest = models.DateField(null=True)
    registered_latest = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=RecordState.choices, default=RecordState.IN_FORCE)
    as_recorded = models.JSONField()
    standard = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    source_case_id = models.UUIDField(null=True)  # the case it came from; plain id, intake lies above
    original = models.CharField(max_length=8, choices=BookCopy.choices, blank=True, db_default="")  # keyed from which
    supersedes_id = models.UUIDField(null=True)
    keyed_by = models.IntegerField(null=True)
    approved_by = models.IntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "civil_status_record"
        indexes: ClassVar = [
            models.Index(fields=["book", "number"], name="record_in_book_order"),
            models.Index(
                fields=["origin_office", "register_type", "registration_year"], name="record_of_office_and_year"
            ),
            models.Index(fields=["number", "registration_year", "origin_office"], name="record_by_number"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin_office", "source_case_id"],
                condition=models.Q(source_case_id__isnull=False),
                name="record_once_a_case",
            )
        ]


class RegistrationNumber(models.Model):
    """Each number of each book once: used by a record, crossed out, or known to be missing."""

    class Use(models.TextChoices):
        USED = "used", "Đã đăng ký"
        VOID = "void", "Số bị hủy"
        MISSING = "missing", "Số khuyết"

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    register_type = models.CharField(max_length=8)
    book = models.ForeignKey("registers.Book", on_delete=models.PROTECT, related_name="numbers")
    number = models.IntegerField()
    number_suffix = models.CharField(max_length=8, blank=True)
    registration_year = models.IntegerField()
    use = models.CharField(max_length=8, choices=Use.choices, default=Use.USED)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="numbers")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "registration_number"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin_office", "register_type", "book", "registration_year", "number", "number_suffix"],
                name="registration_number_once_a_book",
            )
        ]


class RecordVersion(models.Model):
    """What a record said before a keying repair. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="versions")
    version = models.IntegerField()
    as_recorded = models.JSONField()
    standard = models.JSONField()
    replaced_at = models.DateTimeField()
    repair_id = models.UUIDField(null=True)

    class Meta:
        db_table = "record_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "origin_office", "version"], name="record_version_once")
        ]


class KeyingRepair(models.Model):
    """Our own mistake, found after approval: proposed by one officer against the scan, decided by another."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Chờ duyệt"
        APPROVED = "approved", "Đã sửa"
        REFUSED = "refused", "Không duyệt"
        WITHDRAWN = "withdrawn", "Người đề nghị đã rút"

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="repairs")
    record_version = models.IntegerField()  # the version it was proposed against
    values = models.JSONField()  # field code -> new as-recorded value
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.IntegerField()
    proposed_at = models.DateTimeField()
    decided_by = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "keying_repair"


class Annulment(models.Model):
    """That a record lost its effect, on which decision; and on which decision it got it back, if it did."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="annulments")
    state_before = models.CharField(max_length=12, choices=RecordState.choices)
    decision_number = models.CharField(max_length=100)
    decision_date_text = models.CharField(max_length=40)
    decision_authority = models.CharField(max_length=200)
    legal_basis = models.CharField(max_length=300, blank=True)  # the article it rests on
    reason = models.CharField(max_length=500)
    annulled_by = models.IntegerField(null=True)
    annulled_at = models.DateTimeField()
    # the decision was itself revoked: the row stays and tells both
    revoking_number = models.CharField(max_length=100, blank=True)
    revoking_date_text = models.CharField(max_length=40, blank=True)
    revoking_authority = models.CharField(max_length=200, blank=True)
    revoking_basis = models.CharField(max_length=300, blank=True)
    revoking_reason = models.CharField(max_length=500, blank=True)
    revoked_by = models.IntegerField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "record_annulment"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin_office", "record"],
                condition=models.Q(revoked_at__isnull=True),
                name="annulment_in_force_once_a_record",
            )
        ]


class AnnotationKind(models.TextChoices):
    """What a note in the Ghi chú column is about (registers.md 2.5)."""

    CHANGE = "change", "Thay đổi"
    CORRECTION = "correction", "Cải chính"
    SUPPLEMENT = "supplement", "Bổ sung"
    ETHNICITY = "ethnicity", "Xác định lại dân tộc"
    SEX = "sex", "Xác định lại giới tính"
    NATIONALITY = "nationality", "Thay đổi quốc tịch"
    RECOGNITION = "recognition", "Nhận cha, mẹ, con"
    ADOPTION = "adoption", "Nuôi con nuôi"
    ADOPTION_END = "adoption_end", "Chấm dứt nuôi con nuôi"
    DIVORCE = "divorce", "Ly hôn"
    ANNULMENT = "annulment", "Hủy việc kết hôn"
    MARRIAGE_RECOGNISED = "marriage_recognised", "Công nhận việc kết hôn"
    GUARDIANSHIP = "guardianship", "Giám hộ"
    GUARDIANSHIP_END = "guardianship_end", "Chấm dứt giám hộ"
    DEATH = "death", "Đã chết"
    DECLARED_MISSING = "declared_missing", "Tuyên bố mất tích"
    DECLARED_DEAD = "declared_dead", "Tuyên bố chết"
    INCAPACITY = "incapacity", "Mất, hạn chế năng lực hành vi"
    DECLARATION_REVOKED = "declaration_revoked", "Hủy tuyên bố"
    REISSUE = "reissue", "Cấp lại bản chính"
    DUPLICATE = "duplicate", "Đăng ký trùng"
    OTHER = "other", "Ghi chú khác"


class Annotation(models.Model):
    """A later change written beside the entry; the current view is as recorded + annotations in force."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="annotations")
    sequence = models.IntegerField()
    kind = models.CharField(max_length=24, choices=AnnotationKind.choices)
    note_date_text = models.CharField(max_length=40, blank=True)
    note_date = models.DateField(null=True)  # earliest day of the partial date
    basis_number = models.CharField(max_length=100, blank=True)
    basis_date_text = models.CharField(max_length=40, blank=True)
    basis_authority = models.CharField(max_length=200, blank=True)
    field = models.CharField(max_length=60, blank=True)  # the field it changes; "" = no field
    old_value = models.JSONField(null=True)
    new_value = models.JSONField(null=True)
    text = models.TextField(blank=True)  # verbatim
    restricted = models.BooleanField(default=False)
    in_force = models.BooleanField(default=True)
    # in whose margin it stands; blank: of the original the record was keyed from, or of no book
    original = models.CharField(max_length=8, choices=BookCopy.choices, blank=True, db_default="")
    source_record_id = models.UUIDField(null=True)  # the record that proves it, maybe of another office
    noted_by = models.IntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "annotation"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_office", "record", "sequence"], name="annotation_order_in_record")
        ]


class AnnotationNotice(models.Model):
    """An office cannot write into another's record: it sends a notice, the keeping office confirms the note."""

    class State(models.TextChoices):
        PENDING = "pending", "Chờ xác nhận"
        CONFIRMED = "confirmed", "Đã ghi chú"
        REFUSED = "refused", "Không ghi chú"
        WITHDRAWN = "withdrawn", "Nơi gửi đã rút"

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")  # sends it
    # that registered the entry concerned; null: its words name no office we know, somebody has to say which
    target_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, null=True, related_name="+")
    target_key = models.CharField(max_length=80)  # register type, number and year, so that a later record finds it
    source_record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="notices")
    target = models.JSONField()  # register_type, number_text, book, registration_date as the source record names them
    content = models.JSONField()  # the annotations it asks for, or asks to take back
    # an earlier notice whose annotations lost their ground: the record that proved them was annulled or put right
    withdraws = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="withdrawals")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    decided_by = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "annotation_notice"
        indexes: ClassVar = [models.Index(fields=["target_key"], name="notice_by_target_entry")]


class Participant(models.Model):
    """One role in a record, as recorded (after annotations that change who it is), with its search keys."""

    id = models.UUIDField(primary_key=True)  # stable: of record and role
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="participants")
    role = models.CharField(max_length=30)
    full_name = models.CharField(max_length=300)
    search_key = models.CharField(max_length=300)  # lower case, no tones, đ → d
    match_key = models.CharField(max_length=300)  # tones kept, their placement folded
    sort_key = models.CharField(max_length=1000, db_collation="C")
    keyset = models.CharField(max_length=300, blank=True, db_collation="C")  # syllables of search_key, sorted
    given_key = models.CharField(max_length=60, blank=True, db_collation="C")  # the last syllable of search_key
    sex = models.CharField(max_length=1, blank=True)
    birth_text = models.CharField(max_length=100, blank=True)
    birth_earliest = models.DateField(null=True)
    birth_latest = models.DateField(null=True)
    birth_year = models.SmallIntegerField(null=True)  # of the middle of the interval
    birth_md = models.SmallIntegerField(null=True)  # month * 100 + day, where the day is known
    personal_id = models.CharField(max_length=12, blank=True)
    personal_id_key = models.CharField(max_length=64, blank=True)  # keyed hash, for equality
    id_type = models.CharField(max_length=4, blank=True)
    id_number = models.CharField(max_length=60, blank=True)
    id_number_key = models.CharField(max_length=64, blank=True)
    document_key = models.CharField(max_length=64, blank=True)  # keyed hash of the number, whatever the document
    ethnicity = models.CharField(max_length=60, blank=True)
    nationality = models.CharField(max_length=60, blank=True)
    residence = models.CharField(max_length=500, blank=True)
    restricted = models.BooleanField(default=False)

    class Meta:
        db_table = "participant"
        indexes: ClassVar = [
            # the office last: the same index serves own offices and, without it, look-ups beyond them (decision 0010);
            # with the entry, in which two common names meet without a row being read
            models.Index(
                fields=["keyset", "birth_year", "origin_office"], include=["record"], name="participant_by_name"
            ),
            models.Index(fields=["birth_year", "birth_md", "origin_office"], name="participant_by_birth_day"),
            models.Index(fields=["given_key", "birth_year", "origin_office"], name="participant_by_given_name"),
            models.Index(fields=["document_key"], name="participant_by_document"),
            models.Index(fields=["personal_id_key"], name="participant_by_personal_id"),
            models.Index(fields=["id_number_key"], name="participant_by_id_number"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_office", "record", "role"], name="participant_once_a_role")
        ]


class FormerName(models.Model):
    """A name somebody in a record had before an annotation changed it, with search keys (decision 0010).

    Drawn with the participants, never by itself; the birth is the participant's present one.
    """

    id = models.UUIDField(primary_key=True)  # stable: of participant and name
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="former_names")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="former_names")
    full_name = models.CharField(max_length=300)
    match_key = models.CharField(max_length=300)
    keyset = models.CharField(max_length=300, blank=True, db_collation="C")
    given_key = models.CharField(max_length=60, blank=True, db_collation="C")
    birth_year = models.SmallIntegerField(null=True)
    restricted = models.BooleanField(default=False)

    class Meta:
        db_table = "former_name"
        indexes: ClassVar = [
            models.Index(fields=["keyset", "birth_year", "origin_office"], name="former_by_name_and_year"),
            models.Index(fields=["given_key", "birth_year", "origin_office"], name="former_by_given_name"),
        ]


class NameSyllable(models.Model):
    """Every syllable that occurs in a name: what a slip of the typing may have meant. Says nothing about anybody."""

    syllable = models.CharField(primary_key=True, max_length=20, db_collation="C")

    class Meta:
        db_table = "name_syllable"


class Attachment(models.Model):
    """A file that belongs to a record: the scan of the entry, a decision, a supporting paper."""

    class Kind(models.TextChoices):
        SCAN = "scan", "Bản chụp trang sổ"
        PAPER = "paper", "Giấy tờ kèm theo"

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SCAN)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "record_attachment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_office", "record", "file"], name="attachment_once_a_record")
        ]
