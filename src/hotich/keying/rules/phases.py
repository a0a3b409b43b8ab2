"""Phases and groups: in which order an office digitises its books (requirements A2, A3), as dated data.

The four phases and the order of groups stand in local digitisation plans, not in a law; each plan sets its own last
day. So the days here are shown as not verified. The era belongs to the book, not to the day: where phases overlap
(1999, 2006) the era of the book decides, and the year of opening only where no era is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from hotich.registers.types.declaration import Era, Label
from hotich.registers.types.eras import ERA_PERIODS

PLAN = "Kế hoạch số hóa sổ hộ tịch của địa phương"


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase (giai đoạn): registrations of which years, and by when they were to be done. 1 is worked first.

    `last_year` None: until the locality began to register with the shared software.
    """

    number: int
    label: Label
    first_year: int | None
    last_year: int | None
    deadline: date
    source: str = PLAN
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A group (nhóm) inside a phase: registers finished before the next group begins. 1 is worked first."""

    number: int
    label: Label
    register_types: tuple[str, ...]
    source: str = PLAN
    verified: bool = False


# fmt: off
PHASES: Mapping[int, Phase] = MappingProxyType({
    1: Phase(1, Label("Giai đoạn 1: 2016 – khi dùng phần mềm", "Phase 1: 2016 – shared software"),
             2016, None, date(2021, 12, 31)),
    2: Phase(2, Label("Giai đoạn 2: 2006 – 2015", "Phase 2: 2006 – 2015"), 2006, 2015, date(2023, 6, 30)),
    3: Phase(3, Label("Giai đoạn 3: 1999 – 2006", "Phase 3: 1999 – 2006"), 1999, 2006, date(2024, 6, 30)),
    4: Phase(4, Label("Giai đoạn 4: 1976 – 1999", "Phase 4: 1976 – 1999"), None, 1999, date(2024, 11, 30)),
})
# Marriages first, so that the parents are there when births come: kinship is established as it is keyed (A3).
GROUPS: Mapping[int, Group] = MappingProxyType({
    1: Group(1, Label("Nhóm 1: kết hôn", "Group 1: marriages"), ("KH",)),
    2: Group(2, Label("Nhóm 2: khai sinh", "Group 2: births"), ("KS",)),
    3: Group(3, Label("Nhóm 3: nhận cha, mẹ, con", "Group 3: recognitions"), ("CMC",)),
    4: Group(4, Label("Nhóm 4: xác nhận tình trạng hôn nhân", "Group 4: marital status"), ("HN",)),
    5: Group(5, Label("Nhóm 5: khai tử", "Group 5: deaths"), ("KT",)),
    6: Group(6, Label("Nhóm 6: các sổ còn lại", "Group 6: the other registers"), ("GH", "CDGH", "LH", "TD", "CN")),
})
# fmt: on
_GROUP_OF = {letters: group.number for group in GROUPS.values() for letters in group.register_types}
REST = max(GROUPS)


def phase_of(era: str, opening_year: int) -> int:
    """The phase of a book: that of its era; of its year of opening where the era is not known. 0: not digitised.

    0 is a book of live registration: it was born on the shared software, nobody keys it again.
    """
    if era in Era.__members__:
        return ERA_PERIODS[Era(era)].phase
    return _phase_of_year(opening_year)


def _phase_of_year(year: int) -> int:
    return next(number for number, phase in PHASES.items() if phase.first_year is None or year >= phase.first_year)


def is_phase_doubtful(phase: int, opening_year: int) -> bool:
    """Whether the year of opening lies outside the phase: era or year is wrong, an officer should look."""
    found = PHASES.get(phase)
    if found is None:
        return False
    before = found.first_year is not None and opening_year < found.first_year
    return before or (found.last_year is not None and opening_year > found.last_year)


def group_of(register_type: str) -> int:
    """The group of a register type (letters); a type nobody named is among the rest."""
    return _GROUP_OF.get(register_type, REST)


def phase_label(number: int) -> Label:
    """The name of a phase; of 0: registered with the shared software."""
    return PHASES[number].label if number in PHASES else ERA_PERIODS[Era.LIVE].label


def group_label(number: int) -> Label:
    """The name of a group. KeyError for a number that is none."""
    return GROUPS[number].label
