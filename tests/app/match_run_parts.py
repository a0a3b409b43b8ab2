"""What the tests of comparisons of whole books share: an office with births, and the citizens there are for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.persons.services import draw_conclusions
from hotich.reconciliation.models import MatchRun
from hotich.reconciliation.services.match_run_work import advance_match_run
from hotich.reconciliation.services.match_runs import start_match_run
from hotich.records.models import Record
from hotich.units.models import Office
from hotich.units.queries import offices_kept_by
from tests.app.records_support import AT, actor_at, enter_all, values
from tests.population.files import COLUMNS, write_parquet

OFFICER = frozenset({"population.match", "population.watch", "record.read"})
GIVEN = [
    "An",
    "Bình",
    "Cường",
    "Dũng",
    "Giang",
    "Hải",
    "Khánh",
    "Long",
    "Minh",
    "Nam",
    "Oanh",
    "Phúc",
    "Quang",
    "Sơn",
    "Tâm",
    "Uyên",
    "Vinh",
    "Xuân",
    "Yến",
    "Đạt",
]
MIDDLE = ["Ngọc", "Đức", "Thanh", "Kim", "Quốc", "Bảo", "Hoài", "Xuân"]
SURNAME = ["Trần", "Lê", "Phạm", "Hoàng", "Phan", "Đặng", "Bùi", "Ngô"]
MORE = ("old_id", "ethnicity", "nationality", "native_place", "spouse_name", "life")


def matcher(office: Office, officer: int = 41) -> Actor:
    """An officer who may have books compared."""
    here = actor_at(office, officer=officer, rights=OFFICER)
    return replace(here, office_ids=offices_kept_by([office.id]))


def births(office: Office, number: int, *, first: int = 0) -> list[Record]:
    """Births of so many children with their parents, all names and days their own (other ones from another `first`)."""
    actor = actor_at(office)
    entries = []
    for place in range(first, first + number):
        name = f"{SURNAME[place % 8]} {MIDDLE[place // 8 % 8]} {GIVEN[place % 20]}"
        day, month, year = place % 28 + 1, place // 28 % 12 + 1, 2001 + place % 15
        entries.append(("KS", values(
            "KS", year=2018, child_full_name=name, child_birth_date=f"{day:02}/{month:02}/{year}", child_sex="Nam",
            child_ethnicity="Kinh", father_full_name=f"{SURNAME[place % 8]} Văn {GIVEN[(place + 7) % 20]}",
            mother_full_name=f"Vũ Thị {GIVEN[(place + 3) % 20]}",
        )))  # fmt: skip
    with office_scope([office.id]):
        made = enter_all(actor, office, entries)
        draw_conclusions(actor=actor, at=AT, record_ids=[record.id for record in made])
    return made


def citizen(record: Record, number: int, **changes: Any) -> dict[str, Any]:
    """The child of a birth as the population has it."""
    said = record.as_recorded
    day, month, year = said["child_birth_date"].split("/")
    return {
        "id": f"CD{number:06}", "full_name": said["child_full_name"], "birth_date": f"{year}-{month}-{day}", "sex": "male",
        "father_name": said["father_full_name"], "mother_name": said["mother_full_name"],
        "personal_id": f"0682{number:08}", "ethnicity": "Kinh", "life": "alive", **changes,
    }  # fmt: skip


def extract(folder: Path, rows: Sequence[dict[str, Any]], name: str = "trich.parquet") -> Path:
    """A file as the partner hands it out."""
    return write_parquet(rows, folder / name, (*COLUMNS, *MORE))


def started(actor: Actor, path: Path, scope: str = "office", scope_id: str = "") -> MatchRun:
    """A run of the office against an uploaded file."""
    return start_match_run(
        actor=actor, at=AT, scope=scope, scope_id=scope_id or str(actor.office_id), upload=(path.name, path)
    )


def carried_out(actor: Actor, run_id: UUID) -> MatchRun:
    """Do everything a run has to do, as the background does."""
    while advance_match_run(actor=actor, now=clock.now, run_id=run_id):
        pass
    with office_scope(actor.office_ids):
        return MatchRun.objects.get(id=run_id)
