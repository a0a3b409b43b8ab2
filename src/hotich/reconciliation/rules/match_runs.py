"""A comparison of a whole book, commune or province: its life, its steps, the time it will still take. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.rules.citizen import Citizen

PIECE = 1_000  # checks written in one transaction: a run can be stopped between two of them
MOST_CANDIDATES = 20

# state → act → next state. `begin` and `write` belong to the background job, which may do them again after a kill
RUN: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "waiting": {"begin": "running", "write": "writing", "stop": "stopped", "fail": "failed"},
        "running": {
            "begin": "running", "write": "writing", "end": "done", "stop": "stopped", "fail": "failed",
        },
        "writing": {"write": "writing", "end": "done", "stop": "stopped", "fail": "failed", "collect": "running"},
        "stopped": {"resume": "waiting"},
        "failed": {"resume": "waiting"},
        "done": {"retry": "waiting"},
    }
)  # fmt: skip
UNDER_WAY = ("waiting", "running", "writing")

# in this order; those from `reading` to `answers` are told by `matching`
STEPS = ("collecting", "extract", "reading", "keys", "pairs", "training", "best", "answers", "writing")


def next_state(state: str, act: str) -> str:
    """Where an act leads. Raises RuleBroken match_run_not_in_state."""
    try:
        return RUN[state][act]
    except KeyError as error:
        raise RuleBroken("match_run_not_in_state") from error


def time_left(began: datetime | None, now: datetime, done: int, total: int) -> timedelta | None:
    """How long the present step still takes at the pace it has had; None before its first piece."""
    if began is None or done < 1 or total < done or now <= began:
        return None
    return (now - began) / done * (total - done)


def place_among_steps(step: str) -> int:
    """Which step it is, from 1; 0 before the first."""
    return STEPS.index(step) + 1 if step in STEPS else 0


def citizen_of(row: Mapping[str, Any]) -> Citizen:
    """A row of an extract (columns of `hotich match` and those of `Citizen`) as a citizen; what it does not have is ""."""

    def told(name: str) -> str:
        value = row.get(name)
        return "" if value is None else str(value).strip()

    return Citizen(
        ref=told("id"),
        personal_id=told("personal_id"),
        full_name=told("full_name"),
        birth=told("birth_date"),
        sex={"male": "1", "female": "2"}.get(told("sex"), ""),
        old_id=told("old_id"),
        father_name=told("father_name"),
        father_personal_id=told("father_personal_id"),
        mother_name=told("mother_name"),
        mother_personal_id=told("mother_personal_id"),
        spouse_name=told("spouse_name"),
        ethnicity=told("ethnicity"),
        nationality=told("nationality"),
        native_place=told("native_place"),
        birth_registration_place=told("birth_registration_place"),
        residence=told("residence"),
        province_code=told("province_code"),
        commune_code=told("commune_code"),
        life=told("life") or "alive",
    )


def evidence_list(told: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The evidence of `hotich match` ({field: {level, bits}}) as `PopulationCheck.evidence` keeps it."""
    return [{"field": field, **each} for field, each in told.items()]


def added(counts: Mapping[str, Any], office_id: int, outcomes: Mapping[str, int]) -> dict[str, Any]:
    """The counts of a run with those of one more piece, as a whole and by office."""
    whole = {**counts, "offices": {office: dict(each) for office, each in counts.get("offices", {}).items()}}
    of_office = whole["offices"].setdefault(str(office_id), {})
    for outcome, number in outcomes.items():
        whole[outcome] = whole.get(outcome, 0) + number
        of_office[outcome] = of_office.get(outcome, 0) + number
    return whole
