"""Reads: what the officers of one's offices looked at, and what is odd about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from hotich.accounts.models import Post
from hotich.audit.models import Detail, Entry
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.kernel.working_days import is_working_day
from hotich.persons.models import BreakGlass, ForeignLookUp
from hotich.persons.rules.oversight import Finding, Limits, Look, findings
from hotich.records.rules.reading_budget import ALARM, COUNTED, REASON
from hotich.registers.rules.parameters import constant

DAYS_MOST = 92
MOST_LOOKS = 100_000  # of one report; beyond it says that it is cut
ACT_DAYS = 5  # within which a look-up should have led to something
# what counts as doing something: not reading, not looking up, not signing in
_NO_ACTS = Q(verb__endswith=".read") | Q(verb__startswith="look_up.") | Q(verb__startswith="sign_in") | Q(
    verb__startswith="session") | Q(verb__startswith="reading.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """The findings and how much was read: by officer, and by day."""

    findings: list[Finding]
    by_officer: dict[int, int]
    by_day: dict[str, int]
    look_ups: int
    is_cut: bool


def officers_overseen(actor: Actor, office_id: int | None = None) -> list[int]:
    """Officers who hold or held a post at the offices one reviews."""
    offices = set(actor.office_ids) & ({office_id} if office_id else set(actor.office_ids))
    held = Post.objects.filter(office_id__in=offices).values_list("officer_id", flat=True)
    return sorted(set(held))


def oversight_report(
    actor: Actor, *, since: datetime, until: datetime, office_id: int | None = None, officer_id: int | None = None
) -> Report:
    """Odd readings of one's offices in a span of at most 92 days. Raises RuleBroken not_allowed, span_too_long."""
    if not actor.may("reading.review"):
        raise RuleBroken("not_allowed")
    if until - since > timedelta(days=DAYS_MOST):
        raise RuleBroken("span_too_long", field="since", days=DAYS_MOST)
    officers = officers_overseen(actor, office_id)
    officers = [each for each in officers if officer_id in (None, each)]
    offices = [office_id] if office_id else sorted(actor.office_ids)
    entries = Entry.objects.filter(actor_id__in=officers, at__gte=since, at__lt=until, chain_office_id__in=offices)
    readings, is_cut = _readings(entries)
    look_ups = _look_ups(officers, offices, since, until)
    alarms = [
        Look(in_vietnam(entry.at), entry.actor_id or 0, entry.chain_office_id, entry.subject_id,
             rows=int(entry.facts.get("read", 0)))
        for entry in entries.filter(verb=ALARM)
    ]  # fmt: skip
    by_officer: dict[int, set[str]] = defaultdict(set)
    by_day: dict[str, int] = defaultdict(int)
    for look in readings:
        by_officer[look.officer].add(look.subject)
        by_day[look.at.date().isoformat()] += 1
    return Report(
        findings([*readings, *look_ups], limits(), alarms=alarms),
        {officer: len(subjects) for officer, subjects in by_officer.items()},
        dict(by_day),
        len(look_ups),
        is_cut,
    )


def limits() -> Limits:
    """The thresholds in force."""
    return Limits(
        first_hour=constant("oversight_first_hour"),
        last_hour=constant("oversight_last_hour"),
        fast_subjects=constant("oversight_fast_subjects"),
        fast_minutes=constant("oversight_fast_minutes"),
        same_subject_officers=constant("oversight_same_subject_officers"),
        empty_look_ups=constant("oversight_empty_look_ups"),
        dossier_records=constant("oversight_dossier_records"),
        working=lambda at: is_working_day(at.date()),
    )


def _readings(entries: QuerySet[Entry]) -> tuple[list[Look], bool]:
    rows = (
        entries.filter(verb__in=COUNTED)
        .order_by("-at")
        .values_list("at", "actor_id", "chain_office_id", "subject_id")[: MOST_LOOKS + 1]
    )
    found = [Look(in_vietnam(at), officer or 0, office, subject) for at, officer, office, subject in rows]
    return found[:MOST_LOOKS], len(found) > MOST_LOOKS


def _look_ups(officers: Collection[int], offices: Collection[int], since: datetime, until: datetime) -> list[Look]:
    rows = list(
        ForeignLookUp.objects.filter(
            officer_id__in=officers, office_id__in=offices, at__gte=since, at__lt=until
        ).order_by("at")
    )
    acts: dict[int, list[datetime]] = defaultdict(list)
    if rows:
        done = Entry.objects.filter(
            actor_id__in={row.officer_id for row in rows}, at__gte=since, at__lt=until + timedelta(days=ACT_DAYS)
        ).exclude(_NO_ACTS)
        for officer, at in done.values_list("actor_id", "at"):
            acts[officer or 0].append(at)
    return [
        Look(
            in_vietnam(row.at), row.officer_id, row.office_id, str(row.id), rows=row.rows, question=row.question,
            dossier=row.dossier,
            # too early to say before the days have passed
            acted=until - row.at < timedelta(days=1)
            or any(row.at < at <= row.at + timedelta(days=ACT_DAYS) for at in acts[row.officer_id]),
        )
        for row in rows
    ]  # fmt: skip


def alarms_and_reasons(actor: Actor, *, since: datetime) -> list[tuple[Entry, str]]:
    """Officers of one's offices who read beyond the budget since then, and the reasons they gave; the newest first.

    Raises RuleBroken not_allowed.
    """
    if not actor.may("reading.review"):
        raise RuleBroken("not_allowed")
    entries = list(
        Entry.objects.filter(
            actor_id__in=officers_overseen(actor), at__gte=since, chain_office_id__in=list(actor.office_ids),
            verb__in=[ALARM, REASON],
        ).order_by("-at")[:200]
    )  # fmt: skip
    details = Detail.objects.in_bulk([entry.id for entry in entries if entry.detail_hash])
    return [(entry, str((details[entry.id].after or {}).get("reason", "")) if entry.id in details else "")
            for entry in entries]  # fmt: skip


def openings(actor: Actor, *, waiting: bool) -> QuerySet[BreakGlass]:
    """Openings of restricted facts at one's offices: those to review, or those reviewed. Raises RuleBroken not_allowed."""
    if not actor.may("reading.review"):
        raise RuleBroken("not_allowed")
    found = BreakGlass.objects.filter(origin_office_id__in=actor.office_ids).select_related("record", "record__book")
    waits = Q(verdict=BreakGlass.Verdict.WAITING)
    return found.filter(waits).order_by("opened_at") if waiting else found.exclude(waits).order_by("-reviewed_at")
