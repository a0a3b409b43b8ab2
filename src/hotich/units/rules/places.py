"""From the words of a place to the unit that was valid on a day, and how sure that is. Pure; nothing is rewritten.

Every doubt multiplies the certainty by its factor below ([DESIGN]; the reasons say which applied):
1.0 = the whole chain as written is a chain of that day. Two units equally likely: below 0.5, with the candidates.
The words of the book stay the evidence (procedures.md 6.3); this is the derived code beside them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from hotich.units.data import FIRST_DAY_OF_TWO_LEVELS
from hotich.units.rules.gazetteer import Entry, Gazetteer, gazetteer, living_units, state_of_units
from hotich.units.rules.place_text import ANY, DETAIL, PlacePart, split_place

# the tables hold the units as they stood just before the reform; what changed earlier is known only in part
KNOWN_WHOLE_FROM = date(2025, 3, 1)
AMBIGUOUS = 0.45
ENOUGH = 0.5
FACTORS = {
    "alias": 0.95,
    "accents_missing": 0.9,
    "accents_differ": 0.75,
    "former_name": 0.9,
    "kind_missing": 0.97,
    "kind_differs": 0.85,
    "hamlet_or_commune": 0.8,
    "district_or_commune": 0.85,
    "district_missing": 0.9,
    "district_differs": 0.55,
    "district_unexpected": 0.6,
    "part_unknown": 0.8,
    "province_missing": 0.7,
    "province_of_other_time": 0.95,
    "province_before": 0.9,
    "province_after": 0.8,
    "unit_of_other_time": 0.6,
    "start_unknown": 0.95,
    "date_unknown": 0.95,
}
_COMMUNE_KINDS = frozenset({"commune", "ward", "township", "special_zone"})
_DISTRICT_KINDS = frozenset({"rural_district", "urban_district", "town", "city"})
_PROVINCE_KINDS = frozenset({"province", "municipality", "special_zone"})
_LEVELS_OF_KIND = {
    **dict.fromkeys(_COMMUNE_KINDS, ("commune",)),
    **dict.fromkeys(_DISTRICT_KINDS, ("district",)),
    "province": ("province",),
    "city": ("province", "district"),
    "special_zone": ("commune", "province"),
    ANY: ("commune", "district", "province"),
    DETAIL: ("commune",),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit the words may mean, with the certainty it would have alone."""

    unit_id: int
    level: str
    code: str
    valid_from: date | None
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What a place text means. `level` "" and `unit_id` None: nothing found.

    `how`: "exact", or the reasons for doubt joined by "+". `current_code`: the unit of today at the same level, ""
    where it is undetermined (the unit was divided, or its fate is not recorded).
    """

    level: str = ""
    code: str = ""
    valid_from: date | None = None
    unit_id: int | None = None
    name: str = ""
    certainty: float = 0.0
    how: str = "not_found"
    current_code: str = ""
    candidates: tuple[Candidate, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """The doubts, as keys of FACTORS, "ambiguous" or "not_found"; empty when exact."""
        return () if self.how == "exact" else tuple(self.how.split("+"))


@dataclass(frozen=True, slots=True)
class _Hit:
    entry: Entry
    reasons: tuple[str, ...]

    @property
    def score(self) -> float:
        score = 1.0
        for reason in set(self.reasons):  # missing accents are one doubt, however many words lack them
            score *= FACTORS[reason]
        return score


NOT_FOUND = PlaceMatch()


def resolve_place(text: str, on: date | None = None) -> PlaceMatch:
    """The most specific unit the text names that was valid on that day (None: day unknown). Never raises."""
    parts = _without_hamlets(split_place(text))
    state = state_of_units()
    return _resolve(parts, _first_day_alike(on, state), state) if parts else NOT_FOUND


@lru_cache(maxsize=65536)
def _resolve(parts: tuple[PlacePart, ...], on: date | None, state: str) -> PlaceMatch:
    return _Search(gazetteer(), parts, on).run()


def _without_hamlets(parts: tuple[PlacePart, ...]) -> tuple[PlacePart, ...]:
    """What stands before a part that calls itself a commune is below it: rows of one commune share one search."""
    for at, part in enumerate(parts):
        if part.kind in _COMMUNE_KINDS:
            return parts[at:]
    return parts


@lru_cache(maxsize=2)
def _turning_days(state: str) -> tuple[date, ...]:
    """The days on which any unit begins, or is no longer."""
    days = {KNOWN_WHOLE_FROM, FIRST_DAY_OF_TWO_LEVELS}
    for entry in gazetteer().entries.values():
        if entry.row.valid_from:
            days.add(entry.row.valid_from)
        if entry.row.valid_to:
            days.add(entry.row.valid_to + timedelta(days=1))
    return tuple(sorted(days))


def _first_day_alike(on: date | None, state: str) -> date | None:
    """Between two turning days every day gives the same answer, so that all share the first."""
    if on is None:
        return None
    days = _turning_days(state)
    at = bisect_right(days, on)
    return days[at - 1] if at else days[0] - timedelta(days=1)


class _Search:
    """One search: finds the province part, then tries the other parts as commune and district."""

    def __init__(self, units: Gazetteer, parts: tuple[PlacePart, ...], on: date | None) -> None:
        self.units = units
        self.on = on
        self.parts = parts
        self.provinces: dict[str, tuple[str, ...]] = {}
        at = self._province_part()
        self.rest = parts if at is None else parts[:at]

    def run(self) -> PlaceMatch:
        """The best hit of the lowest level that is likely enough."""
        communes = list(self._hits("commune"))
        districts = list(self._hits("district"))
        provinces = [_Hit(self.units.entries[key], doubts) for key, doubts in self.provinces.items()]
        provinces = [_Hit(hit.entry, hit.reasons + self._time(hit.entry)) for hit in provinces]
        best = _best(communes)
        if best is not None and self._prefers_district(best, districts):
            communes, best = [], None
        for hits in (communes, districts, provinces):
            best = _best(hits)
            if best is not None and best.score >= ENOUGH:
                return self._match(best, hits)
        hits = [*communes, *districts, *provinces]
        best = _best(hits)
        return self._match(best, hits) if best else NOT_FOUND

    def _prefers_district(self, commune: _Hit, districts: list[_Hit]) -> bool:
        """A lone name without a kind, before 07/2025: the district rather than the commune of the same name."""
        district = _best(districts)
        lone = bool(self.rest) and self.rest[-1].kind == ANY and len(self.rest) == 1
        early = self.on is not None and self.on < FIRST_DAY_OF_TWO_LEVELS
        return lone and early and district is not None and district.score >= commune.score * 0.9

    # ── names ──
    def _named(self, part: PlacePart, level: str) -> Iterator[tuple[Entry, tuple[str, ...]]]:
        """Units of the level that carry the part's name, with the doubts about name and kind."""
        if level not in _LEVELS_OF_KIND[part.kind]:
            return
        if part.kind != DETAIL:
            for entry in self.units.by_name.get((level, part.bare), ()):
                yield entry, _name_doubts(part, part.marked, entry) + _kind_doubts(part.kind, entry)
            slug = part.bare.replace(" ", "")
            for entry, kind in self.units.by_former_name.get((level, slug), ()):
                if part.kind in (ANY, kind) and entry.bare != part.bare:
                    yield entry, ("former_name",)
        if part.whole_bare != part.bare:
            doubt = "hamlet_or_commune" if part.kind == DETAIL else "kind_missing"
            for entry in self.units.by_name.get((level, part.whole_bare), ()):
                yield entry, (*_name_doubts(part, part.whole_marked, entry), doubt)

    # ── province ──
    def _province_part(self) -> int | None:
        """Position of the part that names the province: one that says so, else the last one if it can be."""
        order = [i for i, part in enumerate(self.parts) if part.kind == "province"] or [len(self.parts) - 1]
        for at in reversed(order):
            part = self.parts[at]
            for entry, doubts in self._named(part, "province"):
                if part.kind == "city" and entry.row.kind != "municipality":
                    continue  # the city that gave the province its name
                self.provinces[entry.row.key] = tuple(doubt for doubt in doubts if doubt != "kind_missing")
            if self.provinces:
                return at
        return None

    def _province_doubts(self, entry: Entry) -> tuple[str, ...] | None:
        """How the unit's province agrees with the text; None when it contradicts it."""
        if not self.provinces:
            return ("province_missing",)
        own = entry.province.row.key
        options: list[tuple[str, ...]] = []
        for key, doubts in self.provinces.items():
            if key == own:
                late = self.on is not None and not entry.province.row.is_valid_on(self.on)
                options.append((*doubts, "province_of_other_time") if late else doubts)
            elif key in self.units.before[own]:
                named = self.units.entries[key].row
                right_time = self.on is None or named.is_valid_on(self.on)
                options.append((*doubts, "province_before") + (() if right_time else ("province_of_other_time",)))
            elif key in self.units.after[own]:
                options.append((*doubts, "province_after"))
        return max(options, key=_product) if options else None

    # ── district and commune ──
    def _hits(self, level: str) -> Iterator[_Hit]:
        best: dict[str, _Hit] = {}
        for at in range(len(self.rest) - 1, -1, -1):
            for entry, doubts in self._named(self.rest[at], level):
                province = self._province_doubts(entry)
                if province is None:
                    continue
                between = self._between(entry, self.rest[at + 1 :])
                if between == ("district_missing",) and self._may_be_district(at):
                    between = ("district_missing", "district_or_commune")
                hit = _Hit(entry, (*doubts, *between, *province, *self._time(entry)))
                if entry.row.key not in best or best[entry.row.key].score < hit.score:
                    best[entry.row.key] = hit
        yield from best.values()

    def _may_be_district(self, at: int) -> bool:
        """Whether a part without a kind also names a district of the province."""
        if self.rest[at].kind != ANY:
            return False
        return any(self._province_doubts(entry) is not None for entry, _ in self._named(self.rest[at], "district"))

    def _between(self, entry: Entry, parts: tuple[PlacePart, ...]) -> tuple[str, ...]:
        """Doubts from the parts between the unit and the province: they should be its district."""
        if entry.row.level == "district":
            return ("part_unknown",) * len(parts)
        district = entry.district
        if district is None:
            return ("district_unexpected",) * len(parts)
        if not parts:
            return ("district_missing",)
        fits = [doubts for part in parts for named, doubts in self._named(part, "district") if named is district]
        if not fits:
            return ("district_differs", *("part_unknown",) * (len(parts) - 1))
        doubts = tuple(doubt for doubt in max(fits, key=_product) if doubt != "kind_missing")
        return (*doubts, *("part_unknown",) * (len(parts) - 1))

    # ── time ──
    def _time(self, entry: Entry) -> tuple[str, ...]:
        row = entry.row
        if self.on is None:
            return ("date_unknown",) if row.valid_to or row.valid_from else ()
        if not row.is_valid_on(self.on):
            return ("unit_of_other_time",)
        if row.level != "province" and row.valid_from is None and self.on < KNOWN_WHOLE_FROM:
            return ("start_unknown",)
        return ()

    # ── result ──
    def _match(self, best: _Hit, hits: list[_Hit]) -> PlaceMatch:
        near = sorted((hit for hit in hits if hit.score >= best.score * 0.6), key=_order)[:6]
        rivals = [hit for hit in near if hit.entry is not best.entry and hit.score > best.score * 0.97]
        rivals = [hit for hit in rivals if not (self.on is None and _is_line(best.entry, hit.entry))]
        certainty = min(best.score, AMBIGUOUS) if rivals else best.score
        reasons = dict.fromkeys((*best.reasons, "ambiguous") if rivals else best.reasons)
        row = best.entry.row
        today = living_units(best.entry)
        same_level = [entry for entry in today if row.level != "district" or entry.row.level == "commune"]
        return PlaceMatch(
            level=row.level,
            code=row.code,
            valid_from=row.valid_from,
            unit_id=row.id,
            name=best.entry.full_name,
            certainty=round(certainty, 3),
            how="+".join(reasons) or "exact",
            current_code=same_level[0].row.code if len(same_level) == 1 and not rivals else "",
            candidates=tuple(_candidate(hit) for hit in near),
        )


def _name_doubts(part: PlacePart, marked: str, entry: Entry) -> tuple[str, ...]:
    if part.is_alias:
        return ("alias",)
    if marked == entry.marked:
        return ()
    return ("accents_differ",) if part.has_accents else ("accents_missing",)


def _kind_doubts(kind: str, entry: Entry) -> tuple[str, ...]:
    if kind == entry.row.kind or (kind == "city" and entry.row.kind == "municipality"):
        return ()
    return ("kind_missing",) if kind == ANY else ("kind_differs",)


def _product(reasons: tuple[str, ...]) -> float:
    return _Hit(None, reasons).score  # type: ignore[arg-type]


def _order(hit: _Hit) -> tuple[float, int, str]:
    """Most likely first; of equals the one that lives, or ended last."""
    return (-hit.score, -(hit.entry.row.valid_to or date.max).toordinal(), hit.entry.row.key)


def _best(hits: list[_Hit]) -> _Hit | None:
    return min(hits, key=_order, default=None)


def _is_line(one: Entry, other: Entry) -> bool:
    """Whether one unit came out of the other: then an unknown day leaves no doubt about the place."""
    return any(new is other for new, _ in one.successors) or any(new is one for new, _ in other.successors)


def _candidate(hit: _Hit) -> Candidate:
    row = hit.entry.row
    return Candidate(row.id, row.level, row.code, row.valid_from, hit.entry.full_name, round(hit.score, 3))
