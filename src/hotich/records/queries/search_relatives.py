"""Reads: a name with a relative, whose name stands in the same entry (how the index is kept in use: see search_probes)."""

from __future__ import annotations

from collections.abc import Sequence

from hotich.database.plain import ask
from hotich.records.queries.search_probes import (
    BOUND,
    COLUMNS,
    Scope,
    as_candidates,
    as_text,
    former_names,
    one_of,
    with_asked,
)
from hotich.records.rules.search_ranking import Candidate

RARE = 300  # bearers of a name whose entries are looked through at once
DRIVEN = 5_000  # … and at most; beyond it both names are read from the index and must meet in an entry
MET = 60_000  # bearers of each of two names read from the index


def by_name_and_relative(
    keys: Sequence[str], relative: Sequence[str], relative_given: str, scope: Scope
) -> list[Candidate] | None:
    """Everybody of these names in whose entry stands another one of those names (or, if given alone, given name).

    The entries of a rare name are looked through; two common ones are read from the index and must meet in an entry. None
    if both are too common for that. Names from before a change count on both sides.
    """
    values = scope.values() | {"keys": as_text(keys), "relative": as_text(relative), "given": relative_given}
    mine, theirs = ("keyset", "keys"), ("given_key", "given") if relative_given else ("keyset", "relative")
    asked = with_asked(("keys", "relative", "given"))
    most = DRIVEN if relative_given else min(RARE, DRIVEN)
    bearers = ", ".join(_count(column, lists, most) for column, lists in (mine, theirs))
    own, other = ask(f"{asked} select {bearers}", values)[0]
    if min(own, other) > most:
        if relative_given:
            return None
        met = ask(f"{asked}, {_meeting(scope)}", values)
        own, other = met[0][:2]
        if max(own, other) <= MET:
            return as_candidates(row[2:] for row in met if row[2] is not None)
        if min(own, other) > DRIVEN:
            return None
    named = _from_the_person(mine, theirs, scope) if own <= other else _from_the_relative(mine, theirs, scope)
    statement = f"{named} limit {BOUND}"
    return as_candidates(ask(f"{asked}, {statement}", values))


_OWN = "((select everywhere from asked) or p.origin_office_id + 0 = any ((select offices from asked)::int[]))"


def _count(column: str, lists: str, most: int) -> str:
    """How many bear the name, as far as it matters; from the index alone where it is vacuumed."""
    return (
        f"(select count(*) from (select from participant p where {one_of(f'p.{column}', lists)} and {_OWN} "
        f"limit {most + 1}) as bearer)"
    )


def _meeting(scope: Scope) -> str:
    """How many bear each name, and who has the one in an entry where somebody else has the other.

    Names are read from an index that holds the entries, too; whose rows may be seen is asked of the few that meet. IN as
    a value makes a table of the entries whatever the planner believes of their number. Whoever bears both names (a slip
    apart) needs a second one in the entry.
    """
    sides = ", ".join(
        f"{side} as materialized (select p.record_id, p.keyset from participant p where {one_of('p.keyset', lists)} "
        f"and {_OWN} limit {MET + 1}), {side}_before as materialized (select f.participant_id, f.record_id, f.keyset "
        f"from former_name f where {one_of('f.keyset', lists)} and {scope.conditions('f')}), {side}_all as materialized "
        f"(select record_id, keyset from {side} union all select record_id, keyset from {side}_before)"
        for side, lists in (("mine", "keys"), ("theirs", "relative"))
    )
    in_an_entry = (
        "case when keyset = any ((select relative from asked)::text[]) "
        "then record_id in (select record_id from theirs_all group by record_id having count(*) > 1) "
        "else record_id in (select record_id from theirs_all) end"
    )
    met = MET if scope.join() else BOUND  # a register or years leave few of them
    people = (
        f"select distinct {COLUMNS}, {former_names('p.id', scope)} from met m "
        f"join participant p on p.record_id = m.record_id {scope.join()}where {scope.conditions()} "
        f"and ({one_of('p.keyset', 'keys')} or p.id in (select participant_id from mine_before)) and exists (select "
        f"from participant q where q.record_id = p.record_id and q.id <> p.id and {scope.conditions('q')} "
        f"and ({one_of('q.keyset', 'relative')} or q.id in (select participant_id from theirs_before)))"
    )
    return (
        f"{sides}, met as materialized (select distinct record_id from mine_all where {in_an_entry} limit {met}) "
        f"select n.own, n.other, people.* from (select (select count(*) from mine) as own, "
        f"(select count(*) from theirs) as other) as n left join ({people} limit {BOUND}) as people on true"
    )


def _bearers(named: tuple[str, str], scope: Scope, join: str = "") -> str:
    """Who has the name or had it, as a common table."""
    column, lists = named
    return (
        f"named as materialized (select p.id, p.record_id from participant p {join}"
        f"where {one_of(f'p.{column}', lists)} and {scope.conditions()} "
        f"union select p.id, p.record_id from former_name f join participant p on p.id = f.participant_id {join}"
        f"where {one_of(f'f.{column}', lists)} and {scope.conditions('f')} and {scope.conditions()})"
    )


def _from_the_person(mine: tuple[str, str], theirs: tuple[str, str], scope: Scope) -> str:
    column, lists = theirs
    return (
        f"{_bearers(mine, scope, scope.join())} select {COLUMNS}, {former_names('p.id', scope)} "
        f"from named n join participant p on p.id = n.id "
        f"where exists (select from participant q where q.record_id = n.record_id and q.id <> n.id "
        f"and {one_of(f'q.{column}', lists)} and {scope.conditions('q')}) "
        f"or exists (select from former_name g where g.record_id = n.record_id and g.participant_id <> n.id "
        f"and {one_of(f'g.{column}', lists)} and {scope.conditions('g')})"
    )


def _from_the_relative(mine: tuple[str, str], theirs: tuple[str, str], scope: Scope) -> str:
    column, lists = mine
    return (
        f"{_bearers(theirs, scope)} select distinct {COLUMNS}, "
        f"{former_names('p.id', scope)} from named n "
        f"join participant p on p.record_id = n.record_id and p.id <> n.id {scope.join()}"
        f"where {scope.conditions()} and ({one_of(f'p.{column}', lists)} or exists (select from former_name g "
        f"where g.participant_id = p.id and {one_of(f'g.{column}', lists)} and {scope.conditions('g')}))"
    )
