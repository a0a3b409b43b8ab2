"""What the hostile tests share: every address of the product, and an office with something behind each of them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from hotich.intake import services
from hotich.intake.models import ApprovalRun, Case, CaseState, Dispatch
from hotich.kernel.actor import Actor
from hotich.persons.models import PersonLink
from hotich.persons.services import annotate_record
from hotich.records.models import Attachment, KeyingRepair, Participant, Record
from hotich.records.services import AnnotationDraft, propose_repair
from hotich.units.models import Office
from tests.app.intake_parts import AT, a_pdf, approver, bring_in, good_cells, rows_of, workbook
from tests.app.records_support import actor_at, enter

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SCRIPT = "<script>alert(7)</script>"
PLANTED = "Khuất Thị Nguyệt Cầm"  # a name nobody else has: wherever it shows, citizens' data has leaked
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its name, and its path with the parameters still open."""

    name: str
    path: str
    parameters: tuple[str, ...]

    def filled(self, objects: Mapping[str, str]) -> str:
        """The path with an object for each parameter."""
        return "/" + _PARAMETER.sub(lambda hit: objects[hit.group(2)], self.path)


def routes() -> list[Route]:
    """Every address the product answers."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda route: route.path)


def _walk(node: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for each in node.url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each, path, f"{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern):
            names = tuple(hit.group(2) for hit in _PARAMETER.finditer(path))
            yield Route(space + (each.name or ""), path, names)


@dataclass(slots=True)
class World:
    """An office with a batch, cases, records, a person: `objects` has one for each parameter of an address."""

    office: Office
    objects: dict[str, str] = field(default_factory=dict)

    def state(self) -> dict[str, list[Any]]:
        """What a stranger must not change. To be read in the scope of the office."""
        return {
            "cases": list(Case.objects.order_by("id").values_list("id", "version", "state")),
            "records": list(Record.objects.order_by("id").values_list("id", "version", "state")),
            "repairs": list(KeyingRepair.objects.order_by("id").values_list("id", "state")),
            "dispatch": list(Dispatch.objects.order_by("id").values_list("id", "state", "attempts")),
            "runs": list(ApprovalRun.objects.order_by("id").values_list("id", "state")),
        }


# parameters that name no object of an office, with a value that exists
NEUTRAL = {"page": "bang", "name": "sex", "version_id": "KS-L2014-1"}


def make_world(office: Office) -> World:
    """Fill an office (in its scope) with cases, records with scripts in their texts, and what hangs on them."""
    world = World(office, dict(NEUTRAL))
    keyed = actor_at(office, officer=11)
    _cases(world)
    _records(world, keyed)
    return world


def _cases(world: World) -> None:
    rows = [
        *({**row, "nksHoTen": PLANTED} for row in rows_of("KS", 2)),
        good_cells(number=9, nksHoTen=PLANTED, nksNgaySinh="30.02.2016", ghiChu=SCRIPT),
    ]
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in (1, 2, 9):
            archive.writestr(f"KS.2016.01.{number:03}.pdf", a_pdf(mark=f"ban chup {number}"))
    report = bring_in(world.office, workbook(rows), scans=packed.getvalue())
    cases = Case.objects.filter(batch_id=report["batch"]).order_by("row_number")
    services.approve_cases(actor=approver(world.office), at=AT, case_ids=[cases[0].id])
    run = services.start_approval_run(actor=approver(world.office), at=AT, batch_id=report["batch"], expected=1)
    waiting = cases.get(state=CaseState.WAITING)
    world.objects |= {"batch_id": report["batch"], "case_id": str(waiting.id), "run_id": str(run.id)}
    world.objects["attachment_id"] = str(Attachment.objects.get(record_id=cases[0].record_id).id)


def _records(world: World, actor: Actor) -> None:
    office = world.office
    record = enter(
        actor, office, "KS", child_full_name=PLANTED, child_birth_date="02/03/2018", child_sex="Nữ",
        child_personal_id="068318000123", remarks=SCRIPT, child_birth_place=SCRIPT, mother_full_name=PLANTED,
        signatory_name=SCRIPT,
    )  # fmt: skip
    child = Participant.objects.get(record=record, role="child")
    draft = AnnotationDraft(kind="other", text=SCRIPT, basis_number="01/QĐ", basis_authority=SCRIPT)
    note = annotate_record(actor=actor, at=AT, record_id=record.id, drafts=[draft])[0]
    repair = propose_repair(
        actor=actor, at=AT, record_id=record.id, version=Record.objects.get(id=record.id).version,
        values={"signatory_name": "Lê Thị Ký"}, reason=SCRIPT,
    )  # fmt: skip
    row = Dispatch.objects.filter(origin_office=office).first()
    world.objects |= {
        "record_id": str(record.id),
        "book_id": str(record.book_id),
        "person_id": str(PersonLink.objects.get(participant=child).person_id),
        "participant_id": str(child.id),
        "annotation_id": str(note.id),
        "repair_id": str(repair.id),
        "row_id": str(row.id) if row else str(uuid4()),
        # nothing of the kind is made here: an id that nobody has
        "notice_id": str(uuid4()),
        "decision_id": str(uuid4()),
        "file_id": str(uuid4()),
    }


def browser(officer: Any = None, **options: Any) -> Client:
    """A browser that gets an error as an answer, as a person would."""
    client = Client(raise_request_exception=False, **options)
    if officer is not None:
        client.force_login(officer, backend=BACKEND)
    return client


def text_of(answer: Any) -> str:
    """The body of an answer, streamed or not."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode("utf-8", "replace"))
