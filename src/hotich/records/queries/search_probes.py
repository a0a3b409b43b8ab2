"""Reads: the few rows that may answer a question, by equality on key columns only.

Every operator on a key is leakproof, so row-level security leaves the indexes in use. Three forms help the planner, and
are worth a hundred times: the offices of the policy are the last column of each index, while the offices of the
question stand as `origin_office_id + 0`, which no index answers (a second list for the same column makes the planner
read all rows of the offices instead), and are not looked at where they are those of the transaction; lists come by a
sub-select, so that it does not weigh every element; the statements are prepared.

Effort is bounded: every probe stops at its limit, the blocks of a statement are read one after the other until the
whole has enough, the likeliest first, and some not at all once the very name stands at the very day. Each block pays for
reading the list of the policy (some 90 µs for 600 offices), so there are few. What is too common for its bound needs one
more fact, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hotich.database.plain import ask
from hotich.database.scope import SETTING, listed
from hotich.records.rules.search_question import Question
from hotich.records.rules.search_ranking import Candidate
from hotich.records.rules.search_variants import asked_syllables, is_likely, keysets, plausible_days

BOUND = 300  # rows of one probe
WHOLE = 600  # rows of all probes of a statement
ENOUGH = 100  # rows of equal right, where no tones and no relative can order them: the page shows fifty entries
FEW = 50  # rows of a probe that finds second choices
GIVEN_BOUND = 500
ALL_OF_RECORDS = 10_000
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
            "offices": listed(self.office_ids),
            "register": self.register_type,
            "year_from": self.year_from,
            "year_to": self.year_to,
        }


def as_text(values: Iterable[Any]) -> str:
    """A list as one text: sent and read many times faster than an array."""
    return SEPARATOR.join(map(str, values))


def one_of(column: str, *lists: str) -> str:
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
        {"asked": as_text(asked)},
    )
    return keysets(name, {row[0] for row in rows})


def by_name_and_birth(question: Question, keys: Sequence[str], scope: Scope) -> list[Candidate]:
    """Name and year (±1); with a day also whoever was born on it and has a syllable of the name, or of one a slip away."""
    if question.birth_md is None:
        return _by_name_and_year(question, keys, scope) if keys else []
    return _by_name_and_day(question, keys, scope) if keys else by_day(question, scope)


def _by_name_and_year(question: Question, keys: Sequence[str], scope: Scope) -> list[Candidate]:
    """The likeliest first. Each year is a block of its own: of two in a list the planner reads everybody born in them."""
    likely = [key for key in keys[1:] if is_likely(keys[0], key)]
    others = sorted(set(keys[1:]) - set(likely))
    values = {"exact": keys[0], "near": as_text(likely), "less": as_text(others), "year": question.birth_year or 0}
    exact, near = "p.keyset = %(exact)s::text", one_of("p.keyset", "near", "less")
    this, before, after = (f"p.birth_year = %(year)s::int{by}" for by in ("", " - 1", " + 1"))
    blocks = [
        _block(f"{exact} and {this}", scope),
        _former(f"{one_of('f.keyset', 'exact', 'near', 'less')} and {_YEARS}", scope),
        *(
            _block(f"{one_of('p.keyset', some)} and {this}", scope)
            for some, asked in (("near", likely), ("less", others))
            if asked
        ),
        _block(f"{exact} and p.birth_year in (%(year)s::int - 1, %(year)s::int + 1)", scope),
        _block(f"{exact} and p.birth_year is null and p.role <> 'informant'", scope, FEW),
        _block(f"{near} and {before}", scope),
        _block(f"{near} and {after}", scope),
    ]
    # the blocks are in the order of the ranking: what comes after so many would not be shown, unless tones say more
    whole = ENOUGH if question.is_bare and not question.relatives else BOUND
    return _candidates(blocks, ("exact", "near", "less"), values, scope, whole=whole)


_YEARS = "f.birth_year between %(year)s::int - 1 and %(year)s::int + 1"


def by_day(question: Question, scope: Scope) -> list[Candidate]:
    """Everybody born on the day, whatever the name."""
    values = {"year": question.birth_year, "md": question.birth_md}
    return _candidates([_block("p.birth_year = %(year)s::int and p.birth_md = %(md)s::int", scope)], (), values, scope)


def _by_name_and_day(question: Question, keys: Sequence[str], scope: Scope) -> list[Candidate]:
    """The day first; what only might be meant is left out where the name, or one a slip away, stands at that very day."""
    year, md = question.birth_year or 0, question.birth_md or 0
    parts = sorted({part for key in keys for part in key.split()})
    values = {"exact": keys[0], "near": as_text(keys[1:]), "parts": as_text(parts), "year": year, "md": md,
              "days": ",".join(map(str, plausible_days(md)))}  # fmt: skip
    shared = " and string_to_array(p.keyset, ' ') && (select parts from asked)::text[]" if " " in keys[0] else ""
    day = f"p.birth_year = %(year)s::int and p.birth_md = %(md)s::int{shared}"
    before = (
        f"day as materialized (select {COLUMNS}, p.keyset from participant p {scope.join()}where {day} "
        f"and {scope.conditions()} limit {BOUND}), "
        "sure as materialized (select coalesce(bool_or(keyset = %(exact)s::text), false) as same, coalesce(bool_or("
        "keyset = %(exact)s::text or keyset = any ((select near from asked)::text[])), false) as near from day)"
    )
    found = (
        "(select id, record_id, role, full_name, birth_earliest, birth_latest, origin_office_id, search_key from day)"
    )
    blocks = [found, *_at_other_days(scope, has_near=len(keys) > 1)]
    return _candidates(blocks, ("exact", "near", "parts"), values, scope, before=before, numbers=("days",))


def _at_other_days(scope: Scope, *, has_near: bool) -> list[str]:
    """The name at a day that may have been meant, or where the book says less than a day.

    No day is looked for by the index here: with lists of days the planner would read everybody born on them.
    """
    exact, this = "p.keyset = %(exact)s::text", "p.birth_year = %(year)s::int"
    years = "p.birth_year in (%(year)s::int - 1, %(year)s::int, %(year)s::int + 1)"
    meant = "(p.birth_md is null or p.birth_md = any ((select days from asked)::int[]))"
    not_same, unsure = "not (select same from sure)", "not (select near from sure)"
    near = [
        _block(f"{one_of('p.keyset', 'near')} and {this} and {meant} and {unsure}", scope, ENOUGH),
        _block(f"p.birth_year in (%(year)s::int - 1, %(year)s::int + 1) and p.birth_md = %(md)s::int "
               f"and {one_of('p.keyset', 'near')} and {unsure}", scope, FEW),
    ]  # fmt: skip
    fits = f"({this} and ({meant} or {not_same})) or p.birth_md is null or p.birth_md = %(md)s::int"
    same_name = f"{exact} and {years} and ({fits})"
    return [
        _block(same_name, scope, ENOUGH, order=f"order by {this} and {meant} desc"),
        _former(f"{one_of('f.keyset', 'exact', 'near')} and {_YEARS} and {not_same}", scope),
        *(near if has_near else []),
        _block(f"{exact} and p.birth_year is null and p.role <> 'informant' and {unsure}", scope, FEW),
    ]


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
    blocks = [_block(one_of("p.keyset", "keys"), scope, bound), _former(one_of("f.keyset", "keys"), scope, bound)]
    return _candidates(blocks, ("keys",), {"keys": as_text(keys)}, scope)


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
        f"{with_asked(())} select {COLUMNS}, {former_names('p.id', scope)} "
        f"from unnest(string_to_array(%(records)s::text, ',')::uuid[]) as wanted (id) "
        f"join participant p on p.record_id = wanted.id {scope.join()}where {scope.conditions()} limit {ALL_OF_RECORDS}"
    )
    return as_candidates(ask(statement, values))


def _block(condition: str, scope: Scope, bound: int = BOUND, order: str = "") -> str:
    found = f"select {COLUMNS} from participant p {scope.join()}where {condition} and {scope.conditions()}"
    return f"({found} {order} limit {bound})"


def _former(condition: str, scope: Scope, bound: int = BOUND) -> str:
    """The people who had a name before it was changed."""
    return (
        f"(select {COLUMNS} from former_name f join participant p on p.id = f.participant_id {scope.join()}"
        f"where {condition} and {scope.conditions('f')} and {scope.conditions()} limit {bound})"
    )


def former_names(person: str, scope: Scope) -> str:
    """The names somebody had before, as far as they may be seen, as one text."""
    return (
        "(select string_agg(g.full_name, E'\\x1f' order by g.full_name) from former_name g "
        f"where g.participant_id = {person} and {scope.conditions('g')})"
    )


def with_asked(lists: Sequence[str], numbers: Sequence[str] = ()) -> str:
    parts = [*map(TEXTS.format, lists), *map(NUMBERS.format, numbers), OFFICES]
    return f"with asked as materialized (select {', '.join(parts)})"


def _candidates(
    blocks: Sequence[str],
    lists: Sequence[str],
    values: dict[str, Any],
    scope: Scope,
    by_number: str = "",
    whole: int = WHOLE,
    before: str = "",
    numbers: Sequence[str] = (),
) -> list[Candidate]:
    """The rows of the blocks, each person once, until there are enough. `before`: common tables that the blocks read."""
    if not blocks:
        return []
    former = former_names("found.id", scope)
    statement = (
        f"{with_asked(lists, numbers)}{', ' if before else ''}{before} "
        f"select found.*, {former} from ({' union all '.join(blocks)}) as found limit {whole}"
    )
    return as_candidates(ask(statement, scope.values() | values), by_number)


def as_candidates(found: Iterable[tuple[Any, ...]], by_number: str = "") -> list[Candidate]:
    rows = {row[0]: row for row in found}
    return [
        Candidate(
            key, record, role, name, earliest, latest, office,
            by_document=by_number, former=tuple(former.split(SEPARATOR)) if former else (), search_key=bare,
        )
        for key, record, role, name, earliest, latest, office, bare, former in rows.values()
    ]  # fmt: skip
