"""How right proposals of duplicates, same persons and parents are, on villages whose truth is known (`families.py`).

Entries go through the checks and into records as intake does, conclusions are drawn, everything is searched. A pair of
participants of two entries is right when both are the same true person. Precision and recall by kind with 95% intervals
(Wilson), at the limit of proposing and at limits of accepting many at once; then the classes of wrong proposals. A pair that
is one already by way of a third entry counts for itself, so recall says how much is found without any joining.

`python -m benchmarks proposals 300 7 8`: founding families, seeds. Not tuned on: seeds 7 and 8. With `--upland` few clans
share few names, and of four people in ten everybody only knows the year: entries tell the 1st of January.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations
from random import Random
from typing import Any
from uuid import UUID

from benchmarks.families import Village, Villager, Written
from hotich.accounts.rules.roles import ROLES
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.matching.quality import share
from hotich.persons.services import draw_conclusions
from hotich.reconciliation.models import LinkProposal, ProposalState
from hotich.reconciliation.queries.link_candidates import known_of
from hotich.reconciliation.rules.families import kind_of
from hotich.reconciliation.rules.link_bulks import FAMILY_ALONE
from hotich.reconciliation.services.link_search import search_for_links
from hotich.records.models import Participant
from hotich.records.services import NewRecord, create_records
from hotich.registers.rules.examine import examine
from hotich.registers.services import find_or_make_book
from hotich.registers.types import version_for
from hotich.registers.types.declaration import Channel
from hotich.units.models import Office

AT = datetime(2026, 11, 25, tzinfo=UTC)
OFFICES, PIECE = 3, 300
KINDS = ("duplicate_record", "same_person", "parent")
LIMITS = (3, 10, 11, 12, 15, 20, 25, 30)
UPLAND = {"ethnicity": "Mông", "first_of_january": 0.4}


@dataclass(slots=True)
class Judged:
    """What came out for one seed: proposals as (kind, bits, margin, right, whether a birth speaks for it), true pairs by
    kind, wrong ones by class."""

    proposals: list[tuple[str, float, float | None, bool, bool]] = field(default_factory=list)
    true: Counter[str] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str, str]] = field(default_factory=Counter)


def run(given: Sequence[str]) -> None:
    """Print the figures of every seed and of all together; `given` as on the command line."""
    families, *seeds = [int(each) for each in given if each.isdigit()] or [300]
    people = UPLAND if "--upland" in given else {}
    places = list(Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("id"))
    every = Judged()
    for turn, seed in enumerate(seeds or (7, 8)):
        own = places[turn * OFFICES : turn * OFFICES + OFFICES]
        found = judge(families, seed, own, **people)
        print(f"\nseed {seed}")
        tell(found)
        every.proposals += found.proposals
        every.true += found.true
        every.wrong += found.wrong
    print("\nall seeds")
    tell(every)
    for (kind, relation, evidence), number in every.wrong.most_common(20):
        print(f"  wrong {number:5}  {kind:17} {relation:22} {evidence}")


def tell(found: Judged) -> None:
    """Precision and recall by kind and limit."""
    print(f"{'':18}{'limit':>6}{'proposed':>10}{'wrong':>7}  {'precision':24}{'recall':24}")
    for kind in KINDS:
        for limit in LIMITS:
            rows = [
                right
                for of, bits, margin, right, speaks in found.proposals
                if of == kind
                and bits >= limit
                and (limit < LIMITS[1] or (speaks and (margin is None or margin >= limit / 2)))
            ]
            right = sum(rows)
            print(f"{kind:18}{limit:>6}{len(rows):>10}{len(rows) - right:>7}  {_share(right, len(rows)):24}"
                  f"{_share(right, found.true[kind]):24}")  # fmt: skip


def _share(right: int, of: int) -> str:
    if not of:
        return "–"
    found = share(right, of)
    return f"{right / of:.4f} ({found.low:.4f}–{found.high:.4f})"


def judge(families: int, seed: int, offices: list[Office], **people: Any) -> Judged:
    """One village entered, searched and compared with its truth."""
    rights = frozenset().union(*(role.rights for role in ROLES.values()))
    actor = Actor("bench", offices[0].id, 1, frozenset(office.id for office in offices), rights)
    village, begun = Village(Random(f"proposals {seed}"), len(offices), **people), time.process_time()
    written = list(village.entries(families))
    with office_scope(actor.office_ids):
        who = _enter(actor, offices, written)
        entered = time.process_time()
        looked_at = 0
        for office in offices:
            after: UUID | None = None
            while True:
                done = search_for_links(actor=actor, at=AT, office_id=office.id, after=after)
                looked_at, after = looked_at + done.participants, done.after
                if after is None:
                    break
        print(f"{len(written):,} entries, {len(who):,} participants; own CPU: entered {entered - begun:.0f} s, searched "
              f"{time.process_time() - entered:.0f} s ({looked_at:,})", flush=True)  # fmt: skip
        return _judged(who, village.people)


def _enter(actor: Actor, offices: list[Office], written: list[Written]) -> dict[UUID, int]:
    """Participant → true person."""
    truth: dict[tuple[UUID, str], int] = {}
    for start in range(0, len(written), PIECE):
        piece = written[start : start + PIECE]
        items = [_record(actor, offices[each.office], each, start + at + 1) for at, each in enumerate(piece)]
        made = create_records(actor=actor, at=AT, items=items)
        for record, each in zip(made, piece, strict=True):
            truth |= {(record.id, role): key for role, key in each.who.items()}
        draw_conclusions(actor=actor, at=AT, record_ids=[record.id for record in made])
    rows = Participant.objects.filter(origin_office__in=offices).values_list("id", "record_id", "role")
    return {key: truth[record, role] for key, record, role in rows if (record, role) in truth}


def _record(actor: Actor, office: Office, each: Written, number: int) -> NewRecord:
    year = each.year
    recorded = {
        "registration_number": f"{number}/{year}", "register_book_no": f"01/{year}", "page_no": "1",
        "registration_date": f"30/12/{year}", "registration_office": "UBND", **each.values,
    }  # fmt: skip
    version = version_for(each.letters, "L2014")
    found = examine(version, recorded, channel=Channel.HISTORICAL)
    keys = found.keys
    book = find_or_make_book(
        actor=actor, at=AT, office_id=office.id, register_type=each.letters, era="L2014", number=keys.book_number,
        year=keys.book_year or year,
    )  # fmt: skip
    return NewRecord(
        office_id=office.id, register_type=each.letters, schema_version=version.id, era="L2014", channel="historical",
        book_id=book.id, book_year=book.opening_year, number_text=keys.number_text, as_recorded=recorded,
        number=keys.number, number_suffix=keys.number_suffix, registration_year=keys.registration_year,
        page_no=keys.page_no, registered_earliest=keys.registered_earliest, registered_latest=keys.registered_latest,
        standard=dict(found.standard), source_case_id=uuid7(), keyed_by=2,
    )  # fmt: skip


def _judged(who: dict[UUID, int], people: dict[int, Villager]) -> Judged:
    found = Judged()
    entries: dict[int, list[UUID]] = defaultdict(list)
    for participant, key in who.items():
        entries[key].append(participant)
    members = known_of(who).members
    for same in entries.values():
        for one, other in combinations(sorted(each for each in same if each in members), 2):
            if members[one].record_id != members[other].record_id:
                found.true[kind_of(members[one], members[other])] += 1
    for row in LinkProposal.objects.filter(state=ProposalState.OPEN, first_id__in=who):
        first, second = people[who[row.first_id]], people[who[row.second_id]]
        speaks = FAMILY_ALONE not in [{"field": each["field"], "level": each["level"]} for each in row.evidence]
        found.proposals.append((row.kind, row.score, row.margin, first.key == second.key, speaks))
        if first.key != second.key:
            evidence = " ".join(f"{each['field']}:{each['level']}" for each in row.evidence)
            many = speaks and row.score >= LIMITS[1] and (row.margin is None or row.margin >= LIMITS[1] / 2)
            found.wrong[row.kind, _relation(first, second), f"{'10+' if many else '   '} {evidence}"] += 1
    return found


def _relation(one: Villager, other: Villager) -> str:
    if one.parents is not None and one.parents == other.parents:
        return "twins" if abs((one.born - other.born).days) < 3 else "siblings"
    if (one.parents and other.key in one.parents) or (other.parents and one.key in other.parents):
        return "parent and child"
    return "namesakes" if one.name == other.name else "strangers"
