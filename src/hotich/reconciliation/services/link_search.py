"""Searching records for the same entry twice, the same person, a parent in another book: proposals, piece by piece.

A search may be repeated: it adds what is new, freshens what is open, closes what the records no longer say, and leaves
alone what somebody decided. Only where a parameter allows does a rule decide the surest by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.matching import default_model
from hotich.matching.scorer import Candidate, Evidence, Scorer
from hotich.reconciliation.models import LinkProposal, ProposalState
from hotich.reconciliation.queries.link_candidates import (
    Known,
    candidate_pairs,
    compared,
    joining_of,
    known_of,
    parted_persons,
    participants_of_persons,
)
from hotich.reconciliation.rules.families import (
    RULE_VERSION,
    Limits,
    Member,
    faults_of,
    kind_of,
    points_to_person,
    spouse_evidence,
    told_birth,
)
from hotich.reconciliation.services.proposals import accept_by_rule, limits, must_decide
from hotich.records.models import Participant
from hotich.registers.rules.parameters import constant

PIECE = 300  # participants looked at in one transaction
WEIGHED = ("kind", "score", "margin", "evidence", "rule_version", "proposed_at", "state")
SETTLED = (ProposalState.ACCEPTED, ProposalState.REJECTED, ProposalState.UNDONE)


@dataclass(frozen=True, slots=True)
class Likely:
    """Two participants of different persons, `score` bits for their being one, the spouse's name counted in."""

    first: Member
    second: Member
    score: float
    evidence: tuple[Evidence, ...]
    margin: float | None = None

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """The participants, the smaller id first."""
        return min(self.first.id, self.second.id), max(self.first.id, self.second.id)

    @property
    def rank(self) -> tuple[float, tuple[UUID, UUID]]:
        """The likeliest first, the same whatever the order they came in."""
        return -self.score, self.pair

    @property
    def persons(self) -> frozenset[UUID]:
        """The two persons."""
        return frozenset((self.first.person, self.second.person))


@dataclass(slots=True)
class Searched:
    """What one piece did. `after` is where the next one begins; None when nobody is left."""

    participants: int = 0
    proposed: int = 0
    freshened: int = 0
    stale: int = 0
    by_rule: int = 0
    after: UUID | None = None
    made: list[LinkProposal] = field(default_factory=list)
    outdated: set[UUID] = field(default_factory=set)  # open proposals of an earlier rule, closed to be weighed anew
    skipped: list[UUID] = field(default_factory=list)  # participants left out
    seen: list[UUID] = field(default_factory=list)  # participants looked at


def search_for_links(
    *,
    actor: Actor,
    at: datetime,
    office_id: int,
    book_id: UUID | None = None,
    after: UUID | None = None,
    most: int = PIECE,
    skip: int = 0,
    only: Collection[UUID] | None = None,
) -> Searched:
    """Look at the next participants of an office, or of one of its books, against all offices of the actor: at most `most`,
    once the first `skip` are left out (`Searched.skipped`), and if given `only` these.

    Raises RuleBroken: not_allowed, office_not_in_scope.
    """
    must_decide(actor)
    if office_id not in actor.office_ids:
        raise RuleBroken("office_not_in_scope", field="office")
    done = Searched()
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        rows = compared(office_id, book_id) if only is None else compared(office_id, book_id).filter(id__in=only)
        found = list((rows.filter(id__gt=after) if after else rows).values_list("id", flat=True)[: skip + most])
        if not found:
            return done
        done.skipped, seeds = found[:skip], found[skip:]
        done.participants, done.after = len(found), found[-1] if len(found) == skip + most else None
        done.seen = seeds
        done.stale, done.outdated = _close(seeds)
        _propose(_not_decided(_likely(seeds)), at, done)
        done.stale += LinkProposal.objects.filter(id__in=done.outdated, state=ProposalState.STALE).count()
        for proposal in done.made:
            done.by_rule += accept_by_rule(proposal, actor=actor, at=at)
        work.record(
            "proposals.searched", subject_kind="office", subject_id=office_id, subject_office=office_id,
            facts={"participants": done.participants, "proposals": done.proposed, "stale": done.stale,
                   "by_rule": done.by_rule} | ({"faulty_items": len(done.skipped)} if skip else {}),
        )  # fmt: skip
    return done


# ---- who is likely


def _likely(seeds: list[UUID]) -> list[Likely]:
    """The likeliest pair of any two persons, the best first."""
    pairs = candidate_pairs(seeds)
    known = known_of({*seeds, *(each for others in pairs.values() for each in others)})
    scorer, allowed, least = Scorer(default_model()), limits(), constant("population_proposal_bits")
    best: dict[frozenset[UUID], Likely] = {}
    for seed in seeds:
        for likely in _of_seed(seed, pairs.get(seed, set()), known, scorer, allowed):
            standing = best.get(likely.persons)
            if likely.score >= least and (
                standing is None or (-likely.score, likely.pair) < (-standing.score, standing.pair)
            ):
                best[likely.persons] = likely
    return sorted(best.values(), key=lambda each: each.rank)


def _of_seed(seed: UUID, others: Iterable[UUID], known: Known, scorer: Scorer, allowed: Limits) -> list[Likely]:
    """Those who may be this participant, each with how far it is ahead of who else may be and excludes it."""
    member = known.members.get(seed)
    if member is None:
        return []
    fitting = [
        (other, known.facts[other])
        for other in sorted(others)
        if other in known.members
        and known.members[other].person != member.person
        and not faults_of(member, known.members[other], allowed)
    ]
    if not fitting:
        return []
    answer = scorer.answer(known.facts[seed], fitting, most=len(fitting))
    found = [_with_spouse(member, known.members[UUID(str(each.person))], each) for each in answer.candidates]
    kept = [each for each in found if each is not None]
    return [_with_margin(each, kept, allowed) for each in kept]


def _with_spouse(member: Member, other: Member, candidate: Candidate) -> Likely | None:
    spouse = spouse_evidence(member, other)
    evidence = told_birth(candidate.evidence, member, other) + ((spouse,) if spouse else ())
    if not points_to_person(candidate.is_evident, evidence):
        return None
    return Likely(member, other, candidate.score + (spouse.bits if spouse else 0.0), evidence)


def _with_margin(likely: Likely, all_of_seed: Iterable[Likely], allowed: Limits) -> Likely:
    """Rivals are those who cannot be the same person as this one; the others may all be one."""
    rivals = [each.score for each in all_of_seed if faults_of(each.second, likely.second, allowed)
              and each.second.id != likely.second.id]  # fmt: skip
    return replace(likely, margin=likely.score - max(rivals) if rivals else None)


def _not_decided(found: list[Likely]) -> list[Likely]:
    """Without those persons a human decided about, who would become his or her own forebear, or whom a third entry of one
    of them keeps apart."""
    persons = {each for likely in found for each in likely.persons}
    participants = participants_of_persons(persons)
    decided = parted_persons(participants)
    for row in LinkProposal.objects.filter(
        Q(first_id__in=participants) & Q(second_id__in=participants), state__in=SETTLED
    ):
        decided.add(frozenset((participants[row.first_id], participants[row.second_id])))
    joining = joining_of(participants, limits())
    return [each for each in found if each.persons not in decided and joining.may_join(*each.pair)]


# ---- what is written


def _propose(found: list[Likely], at: datetime, done: Searched) -> None:
    """One open proposal for any two persons: the one that stands is freshened, whichever of their entries it names."""
    standing = _standing(found)
    offices = dict(
        Participant.objects.filter(id__in={likely.pair[0] for likely in found}).values_list("id", "origin_office_id")
    )
    fresh: list[LinkProposal] = []
    changed: list[LinkProposal] = []
    for likely in found:
        first, second = likely.pair
        row, values = _row_of(standing.get(likely.persons, ()), likely.pair), _values(likely, at)
        if row is None:
            row = LinkProposal(origin_office_id=offices[first], first_id=first, second_id=second)
            fresh.append(row)
        elif row.state == ProposalState.OPEN and (row.first_id, row.second_id) != likely.pair:
            continue  # another pair of the same two persons is open
        elif all(getattr(row, name) == value for name, value in values.items() if name != "proposed_at"):
            done.made.append(row)
            continue
        else:
            was_open = row.state == ProposalState.OPEN or row.id in done.outdated
            done.proposed += not was_open
            done.freshened += was_open
            changed.append(row)
        for name, value in values.items():
            setattr(row, name, value)
    LinkProposal.objects.bulk_create(fresh)
    LinkProposal.objects.bulk_update(changed, WEIGHED)
    done.proposed += len(fresh)
    done.made += [*fresh, *changed]


def _values(likely: Likely, at: datetime) -> dict[str, Any]:
    return {
        "kind": kind_of(likely.first, likely.second),
        "score": round(likely.score, 3),
        "margin": None if likely.margin is None else round(likely.margin, 3),
        "evidence": [{"field": each.field, "level": each.level, "bits": round(each.bits, 3)} for each in likely.evidence],
        "rule_version": RULE_VERSION,
        "proposed_at": at,
        "state": ProposalState.OPEN,
    }  # fmt: skip


def _standing(found: list[Likely]) -> dict[frozenset[UUID], list[LinkProposal]]:
    """The proposals that are open, or were closed by a search, between these persons, locked."""
    participants = participants_of_persons({each for likely in found for each in likely.persons})
    rows = LinkProposal.objects.select_for_update().filter(
        first_id__in=participants, second_id__in=participants, state__in=(ProposalState.OPEN, ProposalState.STALE)
    )
    between: dict[frozenset[UUID], list[LinkProposal]] = defaultdict(list)
    for row in rows.order_by("id"):
        between[frozenset((participants[row.first_id], participants[row.second_id]))].append(row)
    return between


def _row_of(rows: Iterable[LinkProposal], pair: tuple[UUID, UUID]) -> LinkProposal | None:
    rows = list(rows)
    opened = next((row for row in rows if row.state == ProposalState.OPEN), None)
    return opened or next((row for row in rows if (row.first_id, row.second_id) == pair), None)


def _close(seeds: list[UUID]) -> tuple[int, set[UUID]]:
    """Close open proposals about these participants: how many the records no longer allow, or came true by a number, and
    which another version of the rule weighed – what the present one still says of those is opened again."""
    rows = list(
        LinkProposal.objects.select_for_update()
        .filter(Q(first_id__in=seeds) | Q(second_id__in=seeds), state=ProposalState.OPEN)
        .order_by("id")
    )
    known, allowed = known_of({each for row in rows for each in (row.first_id, row.second_id)}), limits()
    untrue = {row.id for row in rows if not holds(known, row, allowed)}
    outdated = {row.id for row in rows if row.rule_version != RULE_VERSION} - untrue
    LinkProposal.objects.filter(id__in=untrue | outdated).update(state=ProposalState.STALE)
    return len(untrue), outdated


def holds(known: Known, proposal: LinkProposal, allowed: Limits) -> bool:
    """Whether both still are two persons that nothing keeps apart."""
    first, second = known.members.get(proposal.first_id), known.members.get(proposal.second_id)
    if first is None or second is None or first.person == second.person:
        return False
    return not faults_of(first, second, allowed)
