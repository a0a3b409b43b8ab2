"""Teams of keyers within an office: two or three shifts, each with its leader and the officers who are in it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotich.kernel.ids import uuid7


class TeamShift(models.TextChoices):
    """When a team keys. An office with one shift need not say."""

    MORNING = "morning", "Ca sáng"
    AFTERNOON = "afternoon", "Ca chiều"
    EVENING = "evening", "Ca tối"


class KeyingTeam(models.Model):
    """Officers of one office who key together (tổ nhập liệu). What it was called when it closed, it stays."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    shift = models.CharField(max_length=10, choices=TeamShift.choices, blank=True)
    leader = models.IntegerField()  # officer
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)  # its last day
    created_by = models.IntegerField()
    created_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "keying_team"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin_office", "name"], condition=models.Q(closed_on=None), name="keying_team_once_a_name"
            )
        ]


class TeamMember(models.Model):
    """An officer's time in a team, both days included. An officer is in one team of an office on a day."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    origin_office = models.ForeignKey("units.Office", on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(KeyingTeam, on_delete=models.PROTECT, related_name="members")
    officer = models.IntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    added_by = models.IntegerField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "keying_team_member"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="team_member_days_in_order",
            ),
            models.UniqueConstraint(
                fields=["origin_office", "officer"], condition=models.Q(valid_to=None), name="team_member_in_one_team"
            ),
        ]
