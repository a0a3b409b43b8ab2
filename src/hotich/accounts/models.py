"""Tables of officers: posts, sessions, locks, delegations, checked devices, accounts opened from a file.

No citizens' data, and read before anybody has signed in: they have no row-level security.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from hotich.kernel.ids import uuid7


class OfficerManager(BaseUserManager["Officer"]):
    """Finds officers by login name, which is kept in lower case."""

    def get_by_natural_key(self, username: str | None) -> Officer:
        """The officer of this login name; DoesNotExist when there is none."""
        return self.get(username=(username or "").lower())


class Officer(AbstractBaseUser):
    """Somebody who signs in: of an office that registers, of a department, of the technical staff.

    `username` is the login name. What an officer may do comes only from posts (`Post`), never from this row.
    """

    id = models.AutoField(primary_key=True)
    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)  # for the administrator's eye only: nothing is ever sent to it
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    password_expires_at = models.DateTimeField(null=True, blank=True)  # of a one-time password that nobody used
    session_epoch = models.PositiveIntegerField(default=0)  # one more = every session of the officer ends
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = OfficerManager()

    class Meta:
        db_table = "officer"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(username=Lower("username")), name="officer_login_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """Family name first, as it is written in Vietnam."""
        return self.full_name

    def get_short_name(self) -> str:
        """The login name."""
        return self.username

    def get_session_auth_hash(self) -> str:
        """What a session is tied to: the password and the epoch, so that either ends it."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self):  # type: ignore[no-untyped-def]
        """The same under the keys of before a change of the secret key (SECRET_KEY_FALLBACKS)."""
        from django.conf import settings

        for key in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(key)

    def _session_hash(self, secret: str | None) -> str:
        content = f"{self.password}\x1f{self.session_epoch}"
        return salted_hmac("hotich.accounts.session", content, secret=secret, algorithm="sha256").hexdigest()


class Post(models.Model):
    """An officer holds a role at an office, from one day to another (both included)."""

    id = models.AutoField(primary_key=True)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="posts")
    office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)  # a code of rules.roles.ROLES
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # ended at once, on its last day: no right from then on

    class Meta:
        db_table = "officer_post"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="officer_post_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["officer", "office", "role"],
                condition=models.Q(valid_to__isnull=True),
                name="officer_holds_open_post_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["office", "role"], name="officer_posts_of_office")]

    def __str__(self) -> str:
        return f"{self.officer_id}@{self.office_id} {self.role}"


class SavedFilter(models.Model):
    """A search an officer uses often, on one page: declared filter fields and what stands in them, no citizens' names."""

    id = models.AutoField(primary_key=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="saved_filters")
    page = models.CharField(max_length=60)  # code of the page, e.g. "intake.batches"
    name = models.CharField(max_length=60)
    query = models.JSONField()  # dict[str, str]: parameters of the page's address
    created_at = models.DateTimeField()

    class Meta:
        db_table = "officer_saved_filter"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["officer", "page", "name"], name="saved_filter_has_a_name_once_on_a_page")
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.name}"


class Session(AbstractBaseSession):
    """A session of the framework, and whose it is: an officer sees the own ones, and all of one's end in one act."""

    officer_id = models.IntegerField(null=True, db_index=True)  # empty before sign-in
    signed_in_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    browser = models.CharField(max_length=80, blank=True)
    address = models.GenericIPAddressField(null=True)
    device_id = models.IntegerField(null=True, db_index=True)  # the checked machine it was opened on

    class Meta:
        db_table = "officer_session"

    @classmethod
    def get_session_store_class(cls):  # type: ignore[no-untyped-def]
        """The store of the settings (SESSION_ENGINE)."""
        from hotich.accounts.adapters.sessions import SessionStore

        return SessionStore


class AccountLock(models.Model):
    """An account was locked: who, when, why, on what was checked before; and how it was opened again."""

    id = models.AutoField(primary_key=True)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="locks")
    locked_at = models.DateTimeField()
    locked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")  # null: a command
    reason = models.CharField(max_length=500)
    open_work = models.PositiveIntegerField(default=0)  # what still waited then
    units_reviewed = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)  # locked although work was open
    unlocked_at = models.DateTimeField(null=True)
    unlocked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    unlock_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "officer_lock"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["officer"], condition=models.Q(unlocked_at__isnull=True), name="officer_is_locked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.locked_at:%Y-%m-%d}"


class DelegationState(models.TextChoices):
    """What became of a delegation; whether it is in force on a day is told by its days."""

    ASKED = "asked", _("Chờ đồng ý")
    AGREED = "agreed", _("Đã ủy quyền")
    DECLINED = "declined", _("Không đồng ý")
    ENDED = "ended", _("Đã chấm dứt")


class Delegation(models.Model):
    """An officer lets another one act in the own place at the own office, for some days, with some of the own rights."""

    id = models.AutoField(primary_key=True)
    delegator = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="delegations_given")
    office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")  # where it is acted
    delegate = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="delegations_held")
    delegate_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    rights = models.JSONField()  # list of codes of rules.roles.RIGHTS
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=DelegationState)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "officer_delegation"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="delegation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~models.Q(delegator=models.F("delegate")), name="delegation_is_to_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegator_id} → {self.delegate_id}"


class CheckResult(models.TextChoices):
    """What the security check of a machine found."""

    PASSED = "passed", _("Đạt")
    CONDITIONAL = "conditional", _("Đạt có điều kiện")
    FAILED = "failed", _("Không đạt")


class Device(models.Model):
    """A machine that was checked before it may connect (G1); it proves itself by a cookie that holds its secret."""

    id = models.AutoField(primary_key=True)
    office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    serial = models.CharField(max_length=80)
    checked_by = models.CharField(max_length=120)  # a person or body; need not be an officer of this system
    checked_on = models.DateField()
    result = models.CharField(max_length=12, choices=CheckResult)
    valid_to = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    code_hash = models.CharField(max_length=64, blank=True)  # of the code to be typed on the machine
    code_expires_at = models.DateTimeField(null=True)
    secret_hash = models.CharField(max_length=64, blank=True)  # of what the machine's cookie holds
    enrolled_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)  # of a sign-in
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    revoke_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "device"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["office", "serial"], condition=models.Q(revoked_at__isnull=True), name="device_stands_once"
            ),
            models.UniqueConstraint(
                fields=["code_hash"], condition=~models.Q(code_hash=""), name="device_code_is_of_one_device"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DeviceRule(models.Model):
    """From a day on, sign-in at a province or at one office needs a checked machine, or no longer does. Never changed."""

    id = models.AutoField(primary_key=True)
    province = models.ForeignKey("units.AdministrativeUnit", on_delete=models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey("units.Office", on_delete=models.PROTECT, null=True, related_name="+")
    required = models.BooleanField()
    valid_from = models.DateField()
    reason = models.CharField(max_length=500)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "device_rule"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(province__isnull=True) ^ models.Q(office__isnull=True),
                name="device_rule_is_of_a_province_or_an_office",
            )
        ]

    def __str__(self) -> str:
        return f"{self.province_id or self.office_id} {self.required} {self.valid_from}"


class OpeningState(models.TextChoices):
    """The life of a file of accounts to be opened."""

    CHECKED = "checked", _("Đã kiểm tra")
    OPENING = "opening", _("Đang mở tài khoản")
    OPENED = "opened", _("Đã mở xong")
    DISCARDED = "discarded", _("Đã bỏ")


class OpeningOutcome(models.TextChoices):
    """What a row of the file leads to."""

    ACCOUNT = "account", _("Mở tài khoản")
    POST = "post", _("Thêm vị trí công tác")
    UNCHANGED = "unchanged", _("Đã có sẵn")
    WRONG = "wrong", _("Có lỗi")


class Opening(models.Model):
    """A file of accounts to be opened, checked row by row before anything is written."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=OpeningState)
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")  # null: a command
    office_id = models.IntegerField()  # of the officer who brought the file
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    passwords_until = models.DateTimeField(null=True)  # the one-time passwords are destroyed then, taken or not
    passwords_taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "officer_opening"

    def __str__(self) -> str:
        return self.file_name


class OpeningLine(models.Model):
    """A row of such a file: as it was written, what it leads to, and the sealed one-time password until it is taken."""

    id = models.BigAutoField(primary_key=True)
    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()  # of the row in the file, the head is row 1
    given = models.JSONField()  # dict[str, str]: the cells as they were written
    outcome = models.CharField(max_length=10, choices=OpeningOutcome)
    problems = models.JSONField(default=list)  # [[code, field, params]]
    login = models.CharField(max_length=60, blank=True)
    full_name = models.CharField(max_length=120, blank=True)
    office = models.ForeignKey("units.Office", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    done = models.BooleanField(default=False)
    sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "officer_opening_line"
        constraints: ClassVar = [models.UniqueConstraint(fields=["opening", "number"], name="opening_line_stands_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.login}"
