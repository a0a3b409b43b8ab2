"""Which rows answer a question, in what order, and why: reasons an officer reads, not a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import OSA

from hotich.kernel.dates import PartialDate
from hotich.kernel.names import match_key, search_key
from hotich.kernel.text import strip_marks
from hotich.records.rules.search_question import Question, Relative
from hotich.records.rules.search_variants import sounding_alike

NAME_FITS = 48  # points of a name from which on a date may be a little wrong
LOOSEST = 3  # letters that may differ when the whole date of birth is the same
RELATION_ROLES: Mapping[str, tuple[str, ...]] = {
    "mother": ("mother", "adoptive_mother", "giving_mother", "parent"),
    "father": ("father", "adoptive_father", "giving_father", "parent"),
    "spouse": ("husband", "wife"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A participant that a probe found. `relatives`: role and name of the others in its entry that one may see."""

    id: UUID
    record_id: UUID
    role: str
    full_name: str
    birth_earliest: date | None = None
    birth_latest: date | None = None
    office_id: int = 0
    relatives: tuple[tuple[str, str], ...] = ()
    by_document: str = ""  # "personal_id" or "document": found by its number
    former: tuple[str, ...] = ()  # names before a change or correction that one may know of
    former_relatives: tuple[tuple[str, str], ...] = ()
    in_place: bool = False  # registered at the place of the question
    search_key: str = ""  # of full_name, where the row has it


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is shown. `code` is a text of rules/messages.py; `exact` tells it from what is only near."""

    code: str
    exact: bool = True
    params: Mapping[str, Any] = field(default_factory=dict)
    former: str = ""  # the name from before a change that answered


class Mark(StrEnum):
    """How a word of the name found answers the name asked for."""

    SAME = "same"
    NEAR = "near"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that answers, its points (for the order only), its reasons, and its name word by word."""

    candidate: Candidate
    score: int
    reasons: tuple[Reason, ...]
    words: tuple[tuple[str, Mark], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """Points of one part of the question; None as a whole means: does not fit."""

    points: int
    reason: Reason


def rank_candidates(question: Question, candidates: Iterable[Candidate]) -> list[Hit]:
    """Those that answer, the best first; equal ones in the order they came.

    A name one slip away, a day and month exchanged, one figure or one year off are answers when the rest fits. A
    name two or three letters away is one only with the very day of birth.
    """
    hits = [hit for candidate in _likely(question, list(candidates)) if (hit := _hit(question, candidate)) is not None]
    return sorted(hits, key=lambda hit: -hit.score)


def _likely(question: Question, candidates: list[Candidate]) -> list[Candidate]:
    """Without those whose name cannot answer: most of the people born on a day. All at once, which is much faster.

    A name answers by at most so many letters (a beginning that sounds alike is fewer), straight or sorted, or by having
    all the syllables asked for and more.
    """
    if not question.name or len(candidates) < 2:
        return candidates
    asked = search_key(question.name)
    parts = asked.split()
    keys = [candidate.search_key or search_key(candidate.full_name) for candidate in candidates]
    split = [key.split() for key in keys]
    places = {place for place, each in enumerate(split) if len(each) > len(parts) and not set(parts) - set(each)}
    for mine, theirs in ((asked, keys), (" ".join(sorted(parts)), [" ".join(sorted(each)) for each in split])):
        near = process.extract(mine, theirs, scorer=OSA.distance, score_cutoff=LOOSEST, limit=None)
        places |= {place for _, _, place in near}
    return [
        candidate
        for place, candidate in enumerate(candidates)
        if place in places or candidate.former or candidate.by_document
    ]


def _hit(question: Question, candidate: Candidate) -> Hit | None:
    parts: list[_Part] = []
    if candidate.by_document:
        parts.append(_Part(100, Reason(f"found_{candidate.by_document}")))
    name = _best_name(question.name, candidate) if question.name else None
    birth = birth_part(question.birth, candidate.birth_earliest, candidate.birth_latest) if question.birth else None
    if not candidate.by_document and not _fits(question, name, birth):
        return None
    if candidate.role == "informant" and birth is not None and birth.reason.code == "found_birth_unknown":
        return None  # no book writes the birth of who came to register: that it is missing says nothing
    parts += [part for part in (name, birth) if part is not None]
    for relative in question.relatives:
        found = _relative_part(relative, candidate)
        if found is None and not candidate.by_document:
            return None
        parts += [found] if found else []
    if question.place and candidate.in_place:
        parts.append(_Part(8, Reason("found_place")))
    score = sum(part.points for part in parts) - 3 * (candidate.role == "informant")
    reasons = tuple(part.reason for part in parts)
    return Hit(candidate, score, reasons, marked_words(question.name, candidate.full_name))


def _fits(question: Question, name: _Part | None, birth: _Part | None) -> bool:
    if question.name and name is None:
        return False
    if question.birth is None:
        return name is None or name.points >= NAME_FITS or name.reason.code == "found_name_part"
    if birth is None:
        return False
    if name is None or (birth.reason.exact and question.birth_md is not None):
        return True
    return name.points >= NAME_FITS or (name.reason.code == "found_name_part" and birth.reason.exact)


# ---- names


def _best_name(asked: str, candidate: Candidate) -> _Part | None:
    """How the present name answers, or one from before a change where that answers better; the reason then says so."""
    best = _name_part(asked, candidate.full_name)
    for former in candidate.former:
        part = _name_part(asked, former)
        if part is not None and (best is None or part.points > best.points):
            best = replace(part, reason=replace(part.reason, former=former))
    return best


@lru_cache(maxsize=8192)
def _name_part(asked: str, found: str) -> _Part | None:
    key, other = search_key(asked), search_key(found)
    if key == other:
        part = _Part(60, Reason("found_name_same"))
    elif sorted(key.split()) == sorted(other.split()):
        part = _Part(56, Reason("found_name_order"))
    else:
        near = _near(key, other)
        if near is None:
            return None
        part = near
    points, differs = _tones(asked, found)
    if differs and part.reason.code == "found_name_same":
        part = _Part(part.points, Reason("found_name_tones", exact=False))
    return _Part(part.points + points, part.reason)


def _near(key: str, other: str) -> _Part | None:
    asked, found = key.split(), other.split()
    if _sounds(asked, found):
        return _Part(51, Reason("found_name_sound", exact=False))
    distance = _distance(key, other)
    if distance == 1:  # a letter left out or two exchanged: there are few names from which that leads to the one typed
        likely = len(key) < len(other) or sorted(key) == sorted(other)
        return _Part(51 if likely else 50, Reason("found_name_slip", exact=False))
    missing = len(found) - len(asked)
    if missing > 0 and not Counter(asked) - Counter(found):
        return _Part(44 - 2 * missing, Reason("found_name_part", exact=False))
    if distance <= LOOSEST:
        return _Part(50 - 8 * distance, Reason("found_name_near", exact=False))
    return None


def _distance(key: str, other: str) -> int:
    """Letters that differ, in this order of the parts or in the sorted one."""
    straight = OSA.distance(key, other, score_cutoff=LOOSEST)
    if straight <= 1:
        return int(straight)
    turned = OSA.distance(" ".join(sorted(key.split())), " ".join(sorted(other.split())), score_cutoff=LOOSEST)
    return int(min(straight, turned))


def _sounds(asked: Sequence[str], found: Sequence[str]) -> bool:
    """Whether just one syllable differs, by a beginning that sounds alike or y for i."""
    if len(asked) != len(found):
        return False
    different = [(mine, theirs) for mine, theirs in zip(asked, found, strict=True) if mine != theirs]
    return len(different) == 1 and different[0][1] in set(sounding_alike(different[0][0]))


def _tones(asked: str, found: str) -> tuple[int, bool]:
    """Points for the marks that were typed, and whether one of them differs; a name typed without any says nothing."""
    if strip_marks(asked) == asked:
        return 0, False
    mine, theirs = match_key(asked), match_key(found)
    if mine == theirs:
        return 6, False
    left = Counter(theirs.split())
    bare = Counter(strip_marks(part) for part in theirs.split())
    # a syllable without any mark counts too: whoever types marks at all types them all
    wrong = sum(1 for part in mine.split() if not left[part] and bare[strip_marks(part)])
    return -2 * wrong, wrong > 0


@lru_cache(maxsize=8192)
def marked_words(asked: str, found: str) -> tuple[tuple[str, Mark], ...]:
    """The words of a name as it stands in the book, each with how it answers the name asked for."""
    left = Counter(search_key(asked).split())
    words = found.split()
    marks: list[Mark] = []
    for word in words:
        parts = Counter(search_key(word).split())
        same = bool(parts) and not parts - left
        left -= parts if same else Counter()
        marks.append(Mark.SAME if same else Mark.NONE)
    for place, word in enumerate(words):
        near = next((part for part in left if OSA.distance(part, search_key(word), score_cutoff=2) <= 2), None)
        if marks[place] is Mark.NONE and near is not None and min(len(near), len(search_key(word))) > 1:
            left -= Counter([near])
            marks[place] = Mark.NEAR
    return tuple(zip(words, marks, strict=True))


# ---- births


def birth_part(asked: PartialDate, earliest: date | None, latest: date | None) -> _Part | None:
    """How a birth answers the date asked for; None when it does not."""
    if earliest is None or latest is None:
        return _Part(2, Reason("found_birth_unknown", exact=False))
    first, last = asked.earliest, asked.latest
    if first is None or last is None:
        return None
    if earliest == latest and first == last:
        return _day_part(first, earliest)
    if earliest <= last and first <= latest:
        code, points = {"month": ("found_birth_month", 24)}.get(asked.precision, ("found_birth_year", 20))
        if first == last:  # the book is less exact than the question
            code, points = "found_birth_within", 18
        return _Part(points, Reason(code))
    apart = (earliest.year + latest.year) // 2 - (first.year + last.year) // 2
    if abs(apart) <= 1:
        code = "found_birth_near_year" if apart else "found_birth_other_month"
        return _Part(8, Reason(code, exact=False))
    return None


def _day_part(asked: date, found: date) -> _Part | None:
    """A whole day asked for, a whole day in the book."""
    if asked == found:
        return _Part(30, Reason("found_birth_same"))
    same_md = (asked.month, asked.day) == (found.month, found.day)
    if asked.year == found.year and (asked.month, asked.day) == (found.day, found.month):
        return _Part(18, Reason("found_birth_exchanged", exact=False))
    if same_md and abs(asked.year - found.year) == 1:
        return _Part(16, Reason("found_birth_near_year", exact=False))
    if asked.year == found.year and OSA.distance(f"{asked:%d%m}", f"{found:%d%m}") == 1:
        return _Part(16, Reason("found_birth_figure", exact=False))
    if asked.year == found.year:
        return _Part(6, Reason("found_birth_year_only", exact=False))
    return None


# ---- the others in the entry


def _relative_part(asked: Relative, candidate: Candidate) -> _Part | None:
    """The best of the others in the entry that answers; of another role than asked for, it counts less."""
    roles = RELATION_ROLES.get(asked.kind, ())
    best: _Part | None = None
    others = [(role, name, "") for role, name in candidate.relatives]
    others += [(role, name, name) for role, name in candidate.former_relatives]
    for role, name, former in others:
        part = _name_part(asked.name, name)
        if part is None or (part.points < NAME_FITS and part.reason.code != "found_name_part"):
            continue
        points = part.points // 2 - (0 if not roles or role in roles else 12)
        code = "found_relative" if part.reason.exact else "found_relative_near"
        if best is None or points > best.points:
            best = _Part(points, Reason(code, part.reason.exact, {"role": role, "name": name}, former))
    return best
