"""Reads: the models comparisons were made with, and what became of the pairs they linked."""

from __future__ import annotations

from math import floor

import orjson

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.matching.model import Model, from_json
from hotich.matching.quality import Labelled
from hotich.reconciliation.models import MatchRun, PopulationCheck, Verdict

RUNS_OFFERED = 20
MOST_PAIRS = 100_000


def runs_with_model(actor: Actor) -> list[MatchRun]:
    """The latest runs of one's offices that keep the model they used."""
    runs = MatchRun.objects.filter(origin_office_id__in=actor.office_ids).exclude(model={})
    return list(runs.order_by("-asked_at", "-id")[:RUNS_OFFERED])


def model_of_run(run: MatchRun) -> Model | None:
    """The model a run kept; None for one in a form of an earlier version, which can no longer be read."""
    try:
        return from_json(orjson.dumps(run.model).decode())
    except RuleBroken:
        return None


def settled_pairs(actor: Actor, model: Model) -> list[Labelled]:
    """Pairs of one's offices that a comparison linked and the police have judged, with the certainty of the comparison.

    Those are items of the tracking list with a verdict: right, unless it is another person. Of such a one the check is open
    again and keeps no score; it counts as a link that was just certain enough.
    """
    found = (
        PopulationCheck.objects.filter(origin_office_id__in=actor.office_ids, run_id__isnull=False)
        .filter(tracking__isnull=False)
        .exclude(tracking__verdict__in=["", Verdict.RECORD_VOID])
        .order_by("-decided_at")
        .values_list("score", "margin", "tracking__verdict")[:MOST_PAIRS]
    )
    made = []
    for score, margin, verdict in found:
        if verdict == Verdict.OTHER_PERSON:
            made.append(Labelled(model.link_at, False))
        elif score is not None:
            made.append(Labelled(certainty_of(model, score, margin), True))
    return made


def certainty_of(model: Model, score: float, margin: float | None) -> float:
    """What is kept of a check are score and margin: the certainty from the best person and the second."""
    return model.certainty(score, [] if margin is None else [score - margin])


def checks_by_certainty(run: MatchRun, model: Model) -> dict[int, int]:
    """How many checks of a run, among those of one's offices, by whole bits of certainty."""
    made: dict[int, int] = {}
    kept = PopulationCheck.objects.filter(run_id=run.id, score__isnull=False).values_list("score", "margin")
    for score, margin in kept[:MOST_PAIRS]:
        bits = floor(certainty_of(model, score or 0.0, margin))
        made[bits] = made.get(bits, 0) + 1
    return made
