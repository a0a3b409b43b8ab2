"""Reads: which configuration is in force, its history, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hotich.accounts.queries import has_officers, province_of
from hotich.database.plain import ask
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.registers.models import ConfigurationChange, ConfigurationProposal, ConfigurationVersion, ProposalState
from hotich.registers.rules.configuration import Configuration, Kind, LocalChange, snapshot_of
from hotich.registers.rules.parameters import Parameter, ParameterUnknown, constant, threshold_in
from hotich.registers.rules.snapshot import SHIPPED, Snapshot, active, install, installed
from hotich.units.models import AdministrativeUnit, Level, Office


def use_configuration_in_force(*, at: datetime) -> Snapshot:
    """Let this process judge by what is in force now; to be called when a unit of work begins.

    One short question: what was decided is read only when something was, here or in another process, and when a new day
    has begun in Viet Nam.
    """
    found = ask("select stamp from configuration_version order by id limit 1")
    stamp = found[0][0] if found else None
    day, now = in_vietnam(at).date(), installed()
    if now.stamp == (str(stamp) if stamp else SHIPPED) and (now.day == day or stamp is None):
        return now
    snapshot = snapshot_of(configuration_in_force(day))
    install(snapshot)
    return snapshot


def configuration_in_force(day: date) -> Configuration:
    """Everything that was decided and not taken back, in the order of the decisions, as seen on a day."""
    stamp = ConfigurationVersion.objects.values_list("stamp", flat=True).first()
    if stamp is None:
        return Configuration(day=day)
    return Configuration(str(stamp), day, tuple(map(local_change, _decided())))


def _decided() -> QuerySet[ConfigurationChange]:
    return ConfigurationChange.objects.filter(
        proposal__state=ProposalState.APPROVED, takes_back=None, taken_back_at=None
    ).order_by("proposal__number", "place")


def local_change(row: ConfigurationChange) -> LocalChange:
    """A stored change as rules know it."""
    return LocalChange(
        row.kind, row.key, row.value, row.valid_from, row.valid_to, row.source, row.is_verified, row.province
    )


# ---- values of a province


def province_code(office_id: int) -> str:
    """The code of the province an office lies in; "" for a mission and for no office."""
    office = Office.objects.select_related("unit").filter(id=office_id).first()
    province = AdministrativeUnit.objects.filter(id=province_of(office) or 0).first()
    return province.code if province else ""


def constant_at(code: str, office_id: int) -> int:
    """A threshold of today at an office: of its province, else of the country. Asks nothing while no province differs."""
    if not active().differs_by_province(code):
        return constant(code)
    return threshold_in(code, None, province_code(office_id))


def parameter_at(code: str, office_id: int) -> Parameter:
    """The row of today that `constant_at` takes its value from: with source, and whether somebody has seen it.

    Raises ParameterUnknown.
    """
    found = active()
    own = found.provincial.get((code, province_code(office_id)), ()) if found.differs_by_province(code) else ()
    row = next((row for row in (*own, *found.parameters[code]) if row.holds_on(found.day)), None)
    if row is None:
        raise ParameterUnknown(code)
    return row


def provinces() -> dict[str, str]:
    """Code and name of the provinces of today."""
    found = AdministrativeUnit.objects.filter(level=Level.PROVINCE, valid_to__isnull=True).order_by("code")
    return dict(found.values_list("code", "name"))


def provinces_open_to(actor: Actor) -> dict[str, str]:
    """Those whose values this officer may propose or approve: a department its own, the Ministry all."""
    if not (actor.may("parameters.manage") or actor.may("parameters.approve")):
        return {}
    if not actor.may("officer.manage"):
        return provinces()
    own = province_code(actor.office_id)
    return {code: name for code, name in provinces().items() if code == own}


def may_decide_for_all(actor: Actor, day: date) -> bool:
    """Whether values of the whole country are this officer's to decide: the Ministry's where it has officers here; else a
    department's, as in an installation of one province."""
    return not actor.may("officer.manage") or not has_officers("ministry", day)


def is_of_the_ministry(actor: Actor, day: date, changes: Iterable[LocalChange | ConfigurationChange]) -> bool:
    """Whether any of these changes is of the whole country and not this officer's to decide."""
    return any(not each.province for each in changes) and not may_decide_for_all(actor, day)


# ---- proposals


def proposals(*, state: str = "") -> QuerySet[ConfigurationProposal]:
    """Proposals, newest first, with their changes. Drafts are their author's: ask `drafts_of`."""
    found = ConfigurationProposal.objects.exclude(state=ProposalState.DRAFT)
    return _with_changes(found.filter(state=state) if state else found)


def drafts_of(officer_id: int | None) -> QuerySet[ConfigurationProposal]:
    """What an officer has prepared and not proposed."""
    return _with_changes(ConfigurationProposal.objects.filter(state=ProposalState.DRAFT, proposed_by=officer_id or 0))


def _with_changes(found: QuerySet[ConfigurationProposal]) -> QuerySet[ConfigurationProposal]:
    changes = ConfigurationChange.objects.select_related("takes_back")
    return found.prefetch_related(Prefetch("changes", changes))


def proposal_by_id(proposal_id: UUID, actor: Actor) -> ConfigurationProposal:
    """A proposal; a draft only for its author. Raises RuleBroken configuration_proposal_unknown."""
    found = _with_changes(ConfigurationProposal.objects.filter(id=proposal_id)).first()
    if found is None or (found.state == ProposalState.DRAFT and found.proposed_by != actor.officer_id):
        raise RuleBroken("configuration_proposal_unknown")
    return found


def count_waiting(actor: Actor, day: date) -> int:
    """How many proposals wait for this officer's decision: those of others, for whoever may approve."""
    if not actor.may("parameters.approve"):
        return 0
    waiting = ConfigurationProposal.objects.filter(state=ProposalState.PROPOSED)
    if not may_decide_for_all(actor, day):
        waiting = waiting.exclude(Exists(ConfigurationChange.objects.filter(proposal=OuterRef("id"), province="")))
    return waiting.exclude(proposed_by=actor.officer_id or 0).count()


# ---- history


def history_of_key(kind: str, key: str) -> list[ConfigurationChange]:
    """Every change of a key that was proposed, newest first; of a code list, every change of one of its codes."""
    wanted = Q(key__startswith=f"{key}/") if kind == Kind.CODE and "/" not in key else Q(key=key)
    found = ConfigurationChange.objects.filter(wanted, kind=kind).exclude(proposal__state=ProposalState.DRAFT)
    return list(
        found.select_related("proposal", "takes_back").order_by("-proposal__proposed_at", "-proposal_id", "place")
    )


def change_by_id(change_id: UUID) -> ConfigurationChange:
    """A change with its proposal. Raises RuleBroken configuration_change_unknown."""
    found = ConfigurationChange.objects.select_related("proposal").filter(id=change_id).first()
    if found is None:
        raise RuleBroken("configuration_change_unknown")
    return found


def keys_waiting(kinds: Iterable[str] = tuple(Kind)) -> set[tuple[str, str]]:
    """Kind and key of whatever waits for a decision."""
    found = ConfigurationChange.objects.filter(proposal__state=ProposalState.PROPOSED, kind__in=list(kinds))
    return {(kind, _page_of(kind, key)) for kind, key in found.values_list("kind", "key")}


def keys_changed(kinds: Iterable[str] = tuple(Kind)) -> set[tuple[str, str]]:
    """Kind and key of whatever differs from what is shipped."""
    found = _decided().filter(kind__in=list(kinds))
    return {(kind, _page_of(kind, key)) for kind, key in found.values_list("kind", "key")}


def _page_of(kind: str, key: str) -> str:
    return key.partition("/")[0] if kind == Kind.CODE else key
