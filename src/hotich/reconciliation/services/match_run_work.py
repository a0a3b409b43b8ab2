"""The background work of a comparison: collect the participants, get the citizens, match them, write what came out.

Each step leaves a whole file in a private folder, or none: a job that was killed goes on with the step it was at. The
system acts, since a department has communes compared whose records its officers do not see; who asked stands in the run.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import duckdb
import orjson
from django.conf import settings

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.database.state import state_folder
from hotich.files.queries import read_to
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.matching.batch import Order, Progress, match_files
from hotich.matching.batch.pieces import put
from hotich.matching.default import default_model
from hotich.matching.model import to_json
from hotich.reconciliation.adapters import Context, PartnerClosed, PartnerRefused, PartnerUnreachable
from hotich.reconciliation.adapters.choice import partner
from hotich.reconciliation.models import MatchRun, RunState
from hotich.reconciliation.queries.faulty_items import faulty_items
from hotich.reconciliation.rules.match_runs import UNDER_WAY
from hotich.reconciliation.services.match_run_collecting import collect
from hotich.reconciliation.services.match_run_results import end_run, results_query, write_next_piece
from hotich.reconciliation.services.match_runs import (
    bound,
    change_state,
    count_citizens,
    keep_extract,
    locked_run,
    note,
)

Now = Callable[[], datetime]
PROCEDURE = "C4"


class Stopped(Exception):
    """The run was stopped meanwhile."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of a run lie; only this program reads them, and they go when the run has ended."""

    folder: Path

    @property
    def records(self) -> Path:
        """The participants, a row each."""
        return self.folder / "records.parquet"

    @property
    def population(self) -> Path:
        """The citizens they are compared with."""
        return self.folder / "population.parquet"

    @property
    def answers(self) -> Path:
        """What matching says of each participant."""
        return self.folder / "answers.parquet"

    @property
    def candidates(self) -> Path:
        """Whom a clerk chooses from."""
        return self.folder / "candidates.parquet"

    @property
    def cuts(self) -> Path:
        """Of which keys the blocks were too big (`matching.batch.blocks.Cut`)."""
        return self.folder / "cuts.json"

    @property
    def results(self) -> Path:
        """All of it joined, in the order it is written into the database."""
        return self.folder / "results.parquet"


def place_of(run_id: UUID) -> Place:
    """The folder of a run, made if it is not there."""
    folder = state_folder() / "matching" / str(run_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.parent.chmod(0o700)
    return Place(folder)


@contextmanager
def alone(run_id: UUID) -> Iterator[bool]:
    """Whether no other process works on this run; it stays so inside. The mark goes with the process, however it ends."""
    with (place_of(run_id).folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def advance_match_run(*, actor: Actor, now: Now, run_id: UUID) -> bool:
    """Do the next step of a run that is under way; whether there is more to do.

    `actor`: the officer who asked; `now`: the clock, since a step may take hours. Raises RuleBroken with the code the run
    fails with.
    """
    run = _begun(actor, now(), run_id)
    if run is None:
        return False
    place, tell = place_of(run_id), _Teller(run, now)
    try:
        if place.results.exists():
            return _write_on(run, place, tell)
        if not place.records.exists():
            if not collect(run, place.records, tell, tell.now):
                end_run(tell.now(), run)
                return False
        elif not place.population.exists():
            _get_population(actor, run, place, tell)
        else:
            _match(actor, run, place, tell)
    except Stopped:
        return False
    return True


def clear_away(run_id: UUID) -> None:
    """Remove what a run has left in the state folder."""
    shutil.rmtree(place_of(run_id).folder, ignore_errors=True)


def clear_ended(*, before: datetime) -> int:
    """Remove the files of runs that ended, or were stopped and not gone on with, before that moment; how many.

    Those of a run that is under way are as old as its last step at most.
    """
    removed = 0
    for folder in (state_folder() / "matching").glob("*-*"):
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            written = (each.stat().st_mtime for each in folder.iterdir() if each.name != "lock")
            if max(written, default=0.0) < before.timestamp():
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
    return removed


def _begun(actor: Actor, at: datetime, run_id: UUID) -> MatchRun | None:
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        run = locked_run(actor, run_id)
        if run.state not in UNDER_WAY:
            return None
        if place_of(run_id).results.exists():
            change_state(run, "write")
            return run
        if run.written or run.state == RunState.WRITING:
            # another machine has the files, or they were lost: found out anew, nothing is written twice
            run.written, run.counts = 0, run.counts if run.is_retry else {}
        change_state(run, "collect" if run.state == RunState.WRITING else "begin", "written", "counts")
    return run


class _Teller:
    """Keeps how far a run has come, and hears whether it was stopped."""

    def __init__(self, run: MatchRun, now: Now) -> None:
        self.run, self.now = run, now

    def __call__(self, step: str, done: int, total: int) -> None:
        """Raises Stopped."""
        at = self.now()
        with office_scope([self.run.origin_office_id]):
            run = MatchRun.objects.select_for_update().only("state", "step", "step_began_at").get(id=self.run.id)
            if run.state not in UNDER_WAY:
                raise Stopped
            if run.step != step:
                run.step, run.step_began_at = step, at
            run.steps_done, run.steps_total = done, total
            run.save(update_fields=["step", "step_began_at", "steps_done", "steps_total"])


# ---- citizens


def _get_population(actor: Actor, run: MatchRun, place: Place, tell: _Teller) -> None:
    """The kept file, decrypted; where there is none the population database is asked for the area."""
    tell("extract", 0, 1)
    half = place.folder / "population.half"
    if run.extract is None:
        _ask_partner(actor, run, half)
        made = keep_extract(
            actor=actor, at=tell.now(), area=run.area, path=half, name=f"dan-cu-{run.area}-{run.id}.parquet"
        )
        with office_scope([run.origin_office_id]):
            MatchRun.objects.filter(id=run.id).update(extract=made)
    else:
        with office_scope([run.origin_office_id]):
            read_to(run.extract.file, half)
    put(half, place.population)
    tell("extract", 1, 1)


def _ask_partner(actor: Actor, run: MatchRun, target: Path) -> None:
    context = Context(uuid4(), PROCEDURE, run.origin_office.code[:35], str(actor.officer_id)[:20])
    try:
        partner().extract(context, run.area, target)
    except PartnerUnreachable as error:
        raise RuleBroken("match_extract_unreachable") from error
    except PartnerRefused as error:
        raise RuleBroken("match_extract_refused") from error
    except PartnerClosed as error:
        raise RuleBroken("match_extract_by_file") from error


# ---- matching


def _match(actor: Actor, run: MatchRun, place: Place, tell: _Teller) -> None:
    model = default_model().among(count_citizens(place.population))

    def told(progress: Progress) -> None:
        tell(progress.step, progress.done, progress.total)

    made = place.folder / "answers.made"
    order = Order(
        place.records, place.population, made, model, threads=settings.HOTICH_MATCH_THREADS,
        memory=settings.HOTICH_MATCH_MEMORY, candidates=place.candidates,
    )  # fmt: skip
    try:
        if not place.answers.exists():
            cuts = match_files(order, told).cuts
            place.cuts.write_bytes(orjson.dumps([asdict(each) for each in cuts]))
            put(made, place.answers)  # only now: whoever finds answers finds what they were cut by
        half = place.folder / "results.half"
        with duckdb.connect() as db:
            bound(db, place.folder)
            db.execute(results_query(db, place, half))
            found = db.execute("select count(*) from read_parquet(?)", [str(half)]).fetchone()
    except RuleBroken as refusal:
        raise RuleBroken(_OF_MATCHING.get(refusal.code, "match_broken")) from refusal
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=tell.now()) as work:
        locked = locked_run(actor, run.id)
        number, locked.model = found[0] if found else 0, orjson.loads(to_json(model))
        if not run.is_retry:  # else those of the whole run stand
            locked.participants = number
        locked.cuts = _cuts_of(place)
        change_state(locked, "write", "participants", "model", "cuts")
        note(work, locked, "match_run.matched", facts={"participants": number})
    put(half, place.results)  # killed before this line, the run is found without results and matches anew
    for path in (place.records, place.population, place.answers, place.candidates, place.cuts):
        path.unlink(missing_ok=True)


def _cuts_of(place: Place) -> list[dict[str, Any]]:
    """What is told of blocks that were too big; nothing where the answers are of a version that did not tell it yet."""
    found: list[dict[str, Any]] = orjson.loads(place.cuts.read_bytes()) if place.cuts.exists() else []
    return found


_OF_MATCHING = {
    "matching_disk_full": "match_disk_full",
    "matching_nothing_to_match": "match_extract_empty",
    "matching_id_missing": "match_extract_id_twice",
    "matching_id_twice": "match_extract_id_twice",
    "matching_file_unreadable": "match_extract_unreadable",
}


def _write_on(run: MatchRun, place: Place, tell: _Teller) -> bool:
    """A piece of the results; at the end the files go."""
    more = write_next_piece(at=tell.now(), run_id=run.id, office_id=run.origin_office_id, results=place.results)
    if more:
        with office_scope([run.origin_office_id]):
            written, all_of_them = MatchRun.objects.values_list("written", "participants").get(id=run.id)
            again = faulty_items(run).count() if run.is_retry else 0
        tell("writing", written, written + again if run.is_retry else all_of_them)
    else:
        clear_away(run.id)
    return more
