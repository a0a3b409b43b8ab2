"""Reads: the few rows that may answer a question, by equality on key columns only.

Every operator on a key is leakproof, so row-level security leaves the indexes in use. Three forms help the planner, and
are worth a hundred times: the offices of the policy are the last column of each index, while the offices of the
question stand as `origin_office_id + 0`, which no index answers (a second list for the same column makes the planner
read all rows of the offices instead), and are not looked at where they are those of the transaction; lists come by a
sub-select, so that it does not weigh every element; the statements are prepared.

Effort is bounded: every probe stops at its limit, the blocks of a statement are read one after the other until the
whole has enough, the likeliest first. What is too common for its bound needs one more fact, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hotich.database.plain import ask
from hotich.database.scope import SETTING
from hotich.records.rules.search_question import Question
from hotich.records.rules.search_ranking import Candidate
from hotich.records.rules.search_variants import asked_syllables, keysets

BOUND = 300  # rows of one probe
WHOLE = 600  # rows of all probes of a statement
NEAR_DATES = 50
UNKNOWN_BIRTHS = 50
GIVEN_BOUND = 500
ALL_OF_RECORDS = 10_000
DRIVEN = 5_000  # bearers of a name whose entries are looked through for a relative
KEYS_AT_ONCE = 8
SEPARATOR = "\x1f"  # between the texts of a list: no key has it
COLUMNS = "p.id, p.record_id, p.role, p.full_name, p.birth_earliest, p.birth_latest, p.origin_office_id, p.search_key"
TEXTS = "string_to_array(%({0})s::text, E'\\x1f') as {0}"
NUMBERS = "string_to_array(%({0})s::text, ',')::int[] as {0}"
# the lists of the question, taken apart once for all blocks; whether its offices are just those of the transaction
OFFICES = f"{NUMBERS.format('offices')}, current_setting('{SETTING}', true) = %(offices)s::text as everywhere"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: offices (within those of the transaction), the register and years, and what may be seen."""

    office_ids: frozenset[int]
    sees_restricted: bool = False
    register_type: str = ""
    year_from: int | None = None
    year_to: int | None = None

    def conditions(self, alias: str = "p") -> str:
        """The part of a WHERE clause that every probe has."""
        shown = "" if self.sees_restricted else f" and not {alias}.restricted"
        offices = f"{alias}.origin_office_id + 0 = any ((select offices from asked)::int[])"
        return f"((select everywhere from asked) or {offices}){shown}"

    def join(self) -> str:
        """The join that narrows to a register or to years, if any was asked for."""
        parts = [
            part
            for part, asked in (
                ("r.register_type = %(register)s::text", self.register_type),
                ("r.registration_year >= %(year_from)s::int", self.year_from),
                ("r.registration_year <= %(year_to)s::int", self.year_to),
            )
            if asked
        ]
        return f"join civil_status_record r on r.id = p.record_id and {' and '.join(parts)} " if parts else ""

    def values(self) -> dict[str, Any]:
        """What fills `conditions` and `join`."""
        return {
            "offices": ",".join(map(str, sorted(self.office_ids))),
            "register": self.register_type,
            "year_from": self.year_from,
            "year_to": self.year_to,
        }


def _list(values: Iterable[Any]) -> str:
    """A list as one text: sent and read many times faster than an array."""
    return SEPARATOR.join(map(str, values))


def _in(column: str, *lists: str) -> str:
    """The column holds one of the texts of these lists of the question."""
    whole = " || ".join(lists)
    return f"{column} = any ((select {whole} from asked)::text[])"


def name_keysets(name: str) -> list[str]:
    """The keyset of a name and those of all names one slip away; the syllables that names have are asked for here."""
    asked = asked_syllables(name)
    if not asked:
        return []
    rows = ask(
        "select syllable from name_syllable where syllable = any "
        "((select string_to_array(%(asked)s::text, E'\\x1f'))::text[])",
        {"asked": _list(asked)},
    )
    return keysets(name, {row[0] for row in rows})


def by_name_and_birth(question: Question, keys: Sequence[str], scope: Scope) -> list[Candidate]:
    """Name and year (±1), and everybody born on the very day, however the name is written."""
    year, md = question.birth_year or 0, question.birth_md
    values = {"exact": _list(keys[:1]), "near": _list(keys[1:]), "year": year, "md": md}
    blocks = [_block("p.birth_year = %(year)s::int and p.birth_md = %(md)s::int", scope)] if md is not None else []
    if keys:
        blocks += _of_day_nearby(scope) if md is not None else []
        blocks += _by_keys_and_year(scope, is_day_known=md is not None)
    # without a day the blocks are in the order of the ranking: what comes after so many would not be shown
    return _candidates(blocks, ("exact", "near"), values, scope, whole=BOUND if md is None else WHOLE)


def _of_day_nearby(scope: Scope) -> list[str]:
    """The name and the day, in another year: a common name would fill the blocks of the years before the day came."""
    others = "p.birth_year in (%(year)s::int - 1, %(year)s::int + 1) and p.birth_md = %(md)s::int"
    return [_block(f"{others} and {_in('p.keyset', 'exact', 'near')}", scope, NEAR_DATES)]


def _by_keys_and_year(scope: Scope, *, is_day_known: bool) -> list[str]:
    """The likeliest first. Each year is a block of its own: of two in a list the planner reads everybody born in them."""
    exact, near, every = _in("p.keyset", "exact"), _in("p.keyset", "near"), _in("f.keyset", "exact", "near")
    this, before, after = (f"p.birth_year = %(year)s::int{by}" for by in ("", " - 1", " + 1"))
    years = "f.birth_year between %(year)s::int - 1 and %(year)s::int + 1"
    blocks = [
        _block(f"{exact} and {this}", scope),
        _former(f"{every} and {years}", scope),
        _block(f"{near} and {this}", scope),
        _block(f"{exact} and {before}", scope),
        _block(f"{exact} and {after}", scope),
        _block(f"{exact} and p.birth_year is null and p.role <> 'informant'", scope, UNKNOWN_BIRTHS),
    ]
    if not is_day_known:  # else another year alone is no answer, least of all with a slip
        blocks += [_block(f"{near} and {before}", scope), _block(f"{near} and {after}", scope)]
    return blocks


def by_given_name(question: Question, scope: Scope) -> list[Candidate]:
    """Born in the year, with this given name: where parts of the name were left out."""
    values = {"given": question.given_key, "year": question.birth_year}
    blocks = [
        _block("p.given_key = %(given)s::text and p.birth_year = %(year)s::int", scope, GIVEN_BOUND),
        _former("f.given_key = %(given)s::text and f.birth_year = %(year)s::int", scope),
    ]
    return _candidates(blocks, (), values, scope)


def by_name(keys: Sequence[str], scope: Scope, bound: int = BOUND) -> list[Candidate]:
    """Everybody who has or had one of these names, at most `bound` of each."""
    blocks = [_block(_in("p.keyset", "keys"), scope, bound), _former(_in("f.keyset", "keys"), scope, bound)]
    return _candidates(blocks, ("keys",), {"keys": _list(keys)}, scope)


# ---- a name and a relative


def by_name_and_relative(
    keys: Sequence[str], relative: Sequence[str], relative_given: str, scope: Scope
) -> list[Candidate] | None:
    """Everybody of these names in whose entry stands another one of those names (or, if given alone, given name).

    The entries of the rarer name are looked through; None if both are too common for that. Names from before a change
    count on both sides.
    """
    values = scope.values() | {"keys": _list(keys), "relative": _list(relative), "given": relative_given}
    mine, theirs = ("keyset", "keys"), ("given_key", "given") if relative_given else ("keyset", "relative")
    asked = _asked(("keys", "relative", "given"))
    bearers = ", ".join(_count(column, lists, scope) for column, lists in (mine, theirs))
    own, other = ask(f"{asked} select {bearers}", values)[0]
    if min(own, other) > DRIVEN:
        return None
    statement = _from_the_person(mine, theirs, scope) if own <= other else _from_the_relative(mine, theirs, scope)
    return _as_candidates(ask(f"{asked}, {statement} limit {BOUND}", values), scope)


def _count(column: str, lists: str, scope: Scope) -> str:
    """How many bear the name, as far as it matters; from the index alone where it is vacuumed."""
    office = "((select everywhere from asked) or p.origin_office_id + 0 = any ((select offices from asked)::int[]))"
    return (
        f"(select count(*) from (select from participant p where {_in(f'p.{column}', lists)} and {office} "
        f"limit {DRIVEN + 1}) as bearer)"
    )


def _bearers(named: tuple[str, str], scope: Scope, join: str = "") -> str:
    """Who has the name or had it, as a common table."""
    column, lists = named
    return (
        f"named as materialized (select p.id, p.record_id from participant p {join}"
        f"where {_in(f'p.{column}', lists)} and {scope.conditions()} "
        f"union select p.id, p.record_id from former_name f join participant p on p.id = f.participant_id {join}"
        f"where {_in(f'f.{column}', lists)} and {scope.conditions('f')} and {scope.conditions()})"
    )


def _from_the_person(mine: tuple[str, str], theirs: tuple[str, str], scope: Scope) -> str:
    column, lists = theirs
    return (
        f"{_bearers(mine, scope, scope.join())} select {COLUMNS} from named n join participant p on p.id = n.id "
        f"where exists (select from participant q where q.record_id = n.record_id and q.id <> n.id "
        f"and {_in(f'q.{column}', lists)} and {scope.conditions('q')}) "
        f"or exists (select from former_name g where g.record_id = n.record_id and g.participant_id <> n.id "
        f"and {_in(f'g.{column}', lists)} and {scope.conditions('g')})"
    )


def _from_the_relative(mine: tuple[str, str], theirs: tuple[str, str], scope: Scope) -> str:
    column, lists = mine
    return (
        f"{_bearers(theirs, scope)} select distinct {COLUMNS} from named n "
        f"join participant p on p.record_id = n.record_id and p.id <> n.id {scope.join()}"
        f"where {scope.conditions()} and ({_in(f'p.{column}', lists)} or exists (select from former_name g "
        f"where g.participant_id = p.id and {_in(f'g.{column}', lists)} and {scope.conditions('g')}))"
    )


# ---- numbers, entries


def by_document(personal_keys: Sequence[str], document_keys: Sequence[str], scope: Scope) -> list[Candidate]:
    """Everybody with one of these numbers; the personal identification number first."""
    personal = _by_hash("personal_id_key", personal_keys, scope, "personal_id")
    others = _by_hash("document_key", document_keys, scope, "document")
    known = {candidate.id for candidate in personal}
    return personal + [candidate for candidate in others if candidate.id not in known]


def _by_hash(column: str, keys: Sequence[str], scope: Scope, by_number: str) -> list[Candidate]:
    """A few keys at a time and as they are: for a long list the planner would read all rows of the offices."""
    parts = [list(keys[at : at + KEYS_AT_ONCE]) for at in range(0, len(keys), KEYS_AT_ONCE)]
    values: dict[str, str] = {}
    blocks = []
    for number, part in enumerate(parts):
        part += part[-1:] * (
            KEYS_AT_ONCE - len(part)
        )  # always as many: one statement; never an empty one, most have it
        names = [f"key_{number}_{place}" for place in range(KEYS_AT_ONCE)]
        values |= dict(zip(names, part, strict=True))
        one_of = ", ".join(f"%({name})s::text" for name in names)
        blocks.append(_block(f"p.{column} in ({one_of})", scope))
    return _candidates(blocks, (), values, scope, by_number)


def of_records(record_ids: Iterable[Any], scope: Scope) -> list[Candidate]:
    """All participants of some records; one record after the other, else the planner reads all rows of the offices."""
    values = scope.values() | {"records": ",".join(map(str, record_ids))}
    statement = (
        f"{_asked(())} select {COLUMNS} from unnest(string_to_array(%(records)s::text, ',')::uuid[]) as wanted (id) "
        f"join participant p on p.record_id = wanted.id {scope.join()}where {scope.conditions()} limit {ALL_OF_RECORDS}"
    )
    return _as_candidates(ask(statement, values), scope)


def _block(condition: str, scope: Scope, bound: int = BOUND) -> str:
    return (
        f"(select {COLUMNS} from participant p {scope.join()}where {condition} and {scope.conditions()} limit {bound})"
    )


def _former(condition: str, scope: Scope, bound: int = BOUND) -> str:
    """The people who had a name before it was changed."""
    return (
        f"(select {COLUMNS} from former_name f join participant p on p.id = f.participant_id {scope.join()}"
        f"where {condition} and {scope.conditions('f')} and {scope.conditions()} limit {bound})"
    )


def _asked(lists: Sequence[str]) -> str:
    return f"with asked as materialized (select {', '.join([*map(TEXTS.format, lists), OFFICES])})"


def _candidates(
    blocks: Sequence[str],
    lists: Sequence[str],
    values: dict[str, Any],
    scope: Scope,
    by_number: str = "",
    whole: int = WHOLE,
) -> list[Candidate]:
    """The rows of the blocks, each person once, until there are enough."""
    if not blocks:
        return []
    statement = f"{_asked(lists)} select * from ({' union all '.join(blocks)}) as found limit {whole}"
    return _as_candidates(ask(statement, scope.values() | values), scope, by_number)


def _as_candidates(found: Iterable[tuple[Any, ...]], scope: Scope, by_number: str = "") -> list[Candidate]:
    rows = {row[0]: row for row in found}
    former = _former_names(rows, scope)
    return [
        Candidate(
            key, record, role, name, earliest, latest, office,
            by_document=by_number, former=tuple(former.get(key, ())), search_key=bare,
        )
        for key, record, role, name, earliest, latest, office, bare in rows.values()
    ]  # fmt: skip


def _former_names(participants: Iterable[Any], scope: Scope) -> dict[Any, list[str]]:
    """The names these people had before, as far as they may be seen."""
    values = scope.values() | {"participants": ",".join(map(str, participants))}
    if not values["participants"]:
        return {}
    found: dict[Any, list[str]] = {}
    rows = ask(
        f"{_asked(())} select f.participant_id, f.full_name from former_name f where f.participant_id = any "
        "((select string_to_array(%(participants)s::text, ',')::uuid[])::uuid[]) "
        f"and {scope.conditions('f')} order by f.full_name",
        values,
    )
    for key, name in rows:
        found.setdefault(key, []).append(name)
    return found
