"""Tables of officers and their posts.

No citizens' data, and read before anybody has signed in: they have no row-level security.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac


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
