"""What the hostile tests share: every address of the product, and an office with something behind each of them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from hotich.accounts.models import Officer, Post
from hotich.audit.models import Entry
from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScanBatch, ScannedCase, ScanPage
from hotich.digitisation.services import confirm_boxes, receive_page_files
from hotich.files.services import NewFile, store_file, store_files
from hotich.intake import services
from hotich.intake.models import ApprovalRun, Case, CaseState, Dispatch, ExportRequest
from hotich.kernel.actor import Actor
from hotich.keying.models import (
    AcceptanceItem,
    BookWork,
    CopyComparison,
    Difference,
    KeyingHandover,
    OriginalDecision,
    TeamMember,
)
from hotich.keying.models import Entry as KeyedEntry
from hotich.keying.rules.practice import CASES as PRACTICE
from hotich.keying.services.copies import Finding, record_finding
from hotich.keying.services.handovers import Paper, draft_handover
from hotich.keying.services.regions import save_region_map
from hotich.persons.models import BreakGlass, PersonLink
from hotich.persons.services import annotate_record
from hotich.persons.services.break_glass import break_glass
from hotich.reconciliation.models import (
    ExchangeFile,
    LinkBulk,
    LinkProposal,
    LinkSearch,
    MatchRun,
    PopulationCheck,
    PopulationRequest,
    TrackingExport,
    TrackingItem,
)
from hotich.reconciliation.services.tracking import open_items
from hotich.reconciliation.services.tracking_verifying import add_evidence
from hotich.records.models import Attachment, KeyingRepair, Participant, Record
from hotich.records.services import AnnotationDraft, propose_repair
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.digitisation_parts import a_batch, a_book, cut, drawn_page, prepared, preparer, rows
from tests.app.intake_parts import AT, a_pdf, approver, bring_in, good_cells, rows_of, workbook
from tests.app.keying_inventory_parts import listed, two_originals
from tests.app.keying_sample_parts import a_member, a_sample
from tests.app.match_run_parts import carried_out, extract, matcher, started
from tests.app.records_support import actor_at, enter

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SCRIPT = "<script>alert(7)</script>"
PLANTED = "Khuất Thị Nguyệt Cầm"  # a name nobody else has: wherever it shows, citizens' data has leaked
# a parameter as a path names it, or as a regular expression does
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its name, and its path with the parameters still open."""

    name: str
    path: str
    parameters: tuple[str, ...]

    def filled(self, objects: Mapping[str, str]) -> str:
        """The path with an object for each parameter."""
        path = _PARAMETER.sub(lambda hit: objects[hit.group(2) or hit.group(3)], self.path)
        return "/" + path.replace("^", "").removesuffix("$")


def routes() -> list[Route]:
    """Every address the product answers."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda route: route.path)


def _walk(node: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for each in node.url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each, path, f"{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern):
            names = tuple(hit.group(2) or hit.group(3) for hit in _PARAMETER.finditer(path))
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
            "exports": list(ExportRequest.objects.order_by("id").values_list("id", "state", "downloads")),
            "glasses": list(BreakGlass.objects.order_by("id").values_list("id", "verdict")),
            "officer": list(
                Officer.objects.filter(id=self.objects["officer_id"]).values_list(
                    "is_active", "password", "session_epoch"
                )
            ),
            "posts": list(Post.objects.filter(officer_id=self.objects["officer_id"]).values_list("role", "valid_to")),
            "scans": list(ScanBatch.objects.order_by("id").values_list("id", "version", "state")),
            "pages": list(ScanPage.objects.order_by("id").values_list("id", "version", "state")),
            "scanned": list(ScannedCase.objects.order_by("id").values_list("id", "version", "state", "number")),
            "handovers": list(KeyingHandover.objects.order_by("id").values_list("id", "version", "state")),
            "books": list(BookWork.objects.order_by("id").values_list("id", "version", "place")),
            "checked": list(KeyedEntry.objects.order_by("id").values_list("id", "version", "check_state")),
            "originals": list(OriginalDecision.objects.order_by("id").values_list("id", "outcome")),
            "differences": list(Difference.objects.order_by("id").values_list("id", "decision")),
            "samples": list(AcceptanceItem.objects.order_by("id").values_list("id", "judged_by", "acceptance__state")),
            "teams": list(TeamMember.objects.order_by("id").values_list("id", "valid_to", "team__version")),
            "copies": list(CopyComparison.objects.order_by("id").values_list("id", "settled_at")),
            "runs": list(ApprovalRun.objects.order_by("id").values_list("id", "state")),
            "population_requests": list(PopulationRequest.objects.order_by("id").values_list("id", "version", "state")),
            "proposals": list(LinkProposal.objects.order_by("id").values_list("id", "state")),
            "matches": list(MatchRun.objects.order_by("id").values_list("id", "state", "written")),
            "tracking": list(TrackingItem.objects.order_by("id").values_list("id", "version", "state")),
            "checks": list(PopulationCheck.objects.order_by("id").values_list("id", "version", "outcome")),
        }


# parameters that name no object of an office, with a value that exists
NEUTRAL = {
    "page": "bang", "name": "sex", "version_id": "KS-L2014-1", "slug": "nguong", "key": "marriage_age_male",
    "verb": "khoa", "decision": "duyet", "step": "nhan", "pk": "1", "job_id": "1",
    "role": "child", "practice_register": "KS", "practice_item_id": str(PRACTICE[0].id), "case_place": "0",
}  # fmt: skip
# what citizens' data hangs on: nobody but the officers of its office may open it, whatever the role
OF_CITIZENS = {
    "batch_id", "case_id", "run_id", "record_id", "book_id", "person_id", "annotation_id", "repair_id", "row_id",
    "notice_id", "decision_id", "file_id", "attachment_id", "glass_id", "look_up_id", "request_id", "handover_id",
    "scan_batch_id", "scan_page_id", "scanned_case_id", "keying_handover_id", "finding_id",
    "region_map_id", "acceptance_id", "acceptance_item_id", "keyed_entry_id", "difference_id", "package_id",
    "keying_team_id", "team_member_id",
    "package_item_id", "match_run_id", "check_id", "population_request_id", "exchange_file_id", "link_proposal_id",
    "link_bulk_id", "link_search_id",
    "tracking_item_id", "tracking_evidence_id", "tracking_bulk_id", "tracking_export_id",
}  # fmt: skip
# objects nothing of is made here: an id that nobody has
NOT_MADE = (
    "notice_id", "decision_id", "file_id", "look_up_id", "handover_id", "operation_id", "proposal_id", "change_id",
    "verification_id", "opening_id", "question_id",
)  # fmt: skip


def make_world(office: Office) -> World:
    """Fill an office (in its scope) with cases, records with scripts in their texts, and what hangs on them."""
    world = World(office, dict(NEUTRAL))
    keyed = actor_at(office, officer=11)
    _cases(world)
    _records(world, keyed)
    _desk(world)
    _scans(world)
    _inventory(world)
    _sample(world)
    _match_run(world)
    _tracking(world)
    _population_request(world)
    _link_proposal(world)
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
        "entry_id": str(Entry.objects.filter(subject_id=str(record.id))[0].id),
        **{name: str(uuid4()) for name in NOT_MADE},
    }


def _desk(world: World) -> None:
    """What hangs on officers: one of the office, a request to take a book away, restricted facts opened."""
    office = world.office
    officer = make_officer("ho.tich", office=office)
    asked = services.request_export(
        actor=actor_at(office, officer=11), at=AT, office_id=office.id, register_type="KS", books=["01/2018"],
        reason="Chuyển sổ cho cơ quan lưu trữ của tỉnh",
    )  # fmt: skip
    death = enter(
        actor_at(office, officer=11), office, "KT", deceased_full_name=PLANTED, cause_of_death="Bệnh hiểm nghèo",
        deceased_sex="Nữ", death_date="01/06/2018",
    )  # fmt: skip
    reader = actor_at(office, officer=22, rights=frozenset({"record.read", "record.break_glass"}))
    glass = break_glass(actor=reader, at=AT, record_id=death.id, reason="Cấp cứu người thân cần biết ngay nguyên nhân")
    world.objects |= {
        "officer_id": str(officer.id), "office_id": str(office.id), "unit_id": str(office.unit_id),
        "request_id": str(asked.id), "glass_id": str(glass.id), "delegation_id": "1", "device_id": "1",
    }  # fmt: skip


def _scans(world: World) -> None:
    """A batch of scans with a script in its notes, a page, and a case whose scan somebody has to decide about."""
    office = world.office
    batch = a_batch(office, a_book(office, number="77"), notes=SCRIPT)
    file = NewFile("trang 1.jpg", drawn_page(1), "image/jpeg")
    received = receive_page_files(actor=preparer(office), at=AT, batch_id=batch.id, files=[file])
    size, boxes = {"width": 874, "height": 1240}, [{**row, "header": None} for row in rows(2, width=600, height=300)]
    page = prepared(received.added[0], boxes, **size, **{f"delivered_{side}": size[side] for side in size})
    page.flat = page.delivered = page.master
    page.save()
    confirm_boxes(actor=preparer(office), at=AT, page_id=page.id, version=page.version)
    cut(office, batch)
    case = ScannedCase.objects.filter(batch=batch).order_by("position")[0]
    case.pdf = store_file(
        office_id=office.id, name="KS.2016.77.001.pdf", content=a_pdf(mark="ban quet"), media_type="application/pdf",
        actor=preparer(office), at=AT,
    )  # fmt: skip
    case.size, case.dpi, case.method, case.state, case.number = 60_000, 200, "colour", "review", 1
    case.gate = {"verdict": "review", "findings": [], "ssim": 0.94, "ink_f1": 0.95, "missed_ink": 0.02, "quality": 62}
    case.decision_note = SCRIPT
    case.save()
    region_map = save_region_map(
        actor=preparer(office), at=AT, book_id=batch.book_id, scope="book",
        regions={"child_full_name": [0.1, 0.1, 0.9, 0.2]}, version=0,
    )  # fmt: skip
    world.objects |= {
        "scan_batch_id": str(batch.id), "scan_page_id": str(page.id), "scanned_case_id": str(case.id),
        "scan_book": str(batch.book_id), "region_map_id": str(region_map.id),
    }  # fmt: skip


def _inventory(world: World) -> None:
    """Two originals of a book that differ, one of them in a hand-over that is not given yet; scripts in all words."""
    office, actor = world.office, actor_at(world.office, officer=11)
    first, second = two_originals(office)
    listed(office, first, second)
    paper = Paper("88/BB-UBND", AT.date(), "police", SCRIPT, SCRIPT, SCRIPT, notes=SCRIPT)
    handover = draft_handover(actor=actor, at=AT, request_key=uuid4(), paper=paper, book_ids=[first.id])
    finding = record_finding(
        actor=actor, at=AT, request_key=uuid4(), first_id=first.id, second_id=second.id,
        finding=Finding("differs", SCRIPT, 1, "", 1990),
    )  # fmt: skip
    world.objects |= {
        "keying_handover_id": str(handover.id), "finding_id": str(finding.id), "copied_book": str(first.id),
    }  # fmt: skip


def _sample(world: World) -> None:
    """A keyed case in a sample that is being judged, with scripts in the judge's words."""
    item = a_sample(world.office, words=SCRIPT, child_full_name=PLANTED, remarks=SCRIPT)
    world.objects |= {
        "acceptance_id": str(item.acceptance_id), "acceptance_item_id": str(item.id),
        "keyed_book": str(item.acceptance.book_id),
    }  # fmt: skip
    difference = Difference.objects.create(
        origin_office_id=world.office.id, entry=item.entry, field="remarks", first_value=SCRIPT, value=PLANTED,
        decision="other", reason=SCRIPT, decided_by=12, decided_at=AT, found_at=AT,
    )  # fmt: skip
    world.objects |= {"keyed_entry_id": str(item.entry_id), "difference_id": str(difference.id)}
    world.objects.setdefault("package_id", str(item.entry.package_id))
    world.objects["package_item_id"] = str(item.entry.item_id)
    member = a_member(world.office, int(world.objects["officer_id"]), team=SCRIPT)
    world.objects |= {"keying_team_id": str(member.team_id), "team_member_id": str(member.id)}


def _population_request(world: World) -> None:
    """Somebody suspected to be known there, with scripts in what the partner answered; and a file that went out."""
    file = store_files(office_id=world.office.id, files=[NewFile("dan-cu.jsonl", b"{}", "application/x-ndjson")],
                       actor=actor_at(world.office), at=AT)[0]  # fmt: skip
    sent = ExchangeFile.objects.create(
        origin_office=world.office, request_file=file, requests=1, made_by=11, made_at=AT
    )
    suspect = {"ref": "CD1", "personal_id": "068318000123", "full_name": PLANTED, "native_place": SCRIPT}
    made = PopulationRequest.objects.create(
        origin_office=world.office, kind="create", state="suspected", purpose="C3", made_by=11, made_at=AT,
        changed_at=AT, check_of_id=world.objects["check_id"], file_id=sent.id, failure="creation_suspected",
        content={"facts": {"full_name": PLANTED, "birth": "2018", "native_place": SCRIPT}, "reason": "other",
                 "reason_words": SCRIPT, "is_needed": False, "others": []},
        answer={"state": "suspected", "reason": SCRIPT, "suspects": [suspect]},
    )  # fmt: skip
    world.objects |= {"population_request_id": str(made.id), "exchange_file_id": str(sent.id)}


def _tracking(world: World) -> None:
    """What differs of one of the office, with scripts on both sides, in a paper's name and in what a citizen said."""
    actor, check = actor_at(world.office, officer=11), PopulationCheck.objects.get(id=world.objects["check_id"])
    check.differences = [{"field": "native_place", "kind": "different", "ours": SCRIPT, "theirs": PLANTED}]
    with unit_of_work(actor=actor, at=AT) as work:
        item = open_items(work, checks=[check])[0]
    paper = add_evidence(actor=actor, at=AT, item_id=item.id, name="giay.pdf", content=a_pdf(mark="giay"), words=SCRIPT)
    item.contacts.create(origin_office=world.office, way="phone", is_reached=True, words=SCRIPT, by=11, at=AT)
    item.bulk_id = item.id
    item.save(update_fields=["bulk_id"])
    taken = TrackingExport.objects.create(
        origin_office=world.office, items=[str(item.id)], reason=SCRIPT, requested_by=12, requested_at=AT
    )
    world.objects |= {
        "tracking_item_id": str(item.id), "tracking_evidence_id": str(paper.id), "tracking_bulk_id": str(item.id),
        "tracking_export_id": str(taken.id),
    }  # fmt: skip


def _link_proposal(world: World) -> None:
    """Two people of the office proposed as one."""
    first, second = Participant.objects.filter(restricted=False).order_by("id")[:2]
    made = LinkProposal.objects.create(
        origin_office=world.office, kind="same_person", first=first, second=second, score=12.5, proposed_at=AT,
        evidence=[{"field": "name", "level": "exact", "bits": 9.0}],
    )  # fmt: skip
    bulk = LinkBulk.objects.create(
        origin_office=world.office, kind="same_person", bits=20, total=1, asked_by=11, asked_at=AT, reason=SCRIPT
    )
    search = LinkSearch.objects.create(origin_office=world.office, asked_by=11, asked_at=AT)
    world.objects |= {
        "link_proposal_id": str(made.id), "link_bulk_id": str(bulk.id), "link_search_id": str(search.id)
    }  # fmt: skip


def _match_run(world: World) -> None:
    """The office compared with two citizens in one run that has ended: a difference with a script in it, others absent."""
    citizens = [
        {"id": "CD1", "full_name": PLANTED, "birth_date": "2018-02-03", "sex": "female", "mother_name": PLANTED,
         "personal_id": "068318000123", "native_place": SCRIPT},
        {"id": "CD2", "full_name": PLANTED, "birth_date": "1970", "sex": "female", "native_place": SCRIPT},
    ]  # fmt: skip
    actor = matcher(world.office, 11)
    with TemporaryDirectory() as folder, office_scope(actor.office_ids):
        run = carried_out(actor, started(actor, extract(Path(folder), citizens)).id)
    check = PopulationCheck.objects.filter(record_id=world.objects["record_id"]).order_by("role")[0]
    world.objects |= {"match_run_id": str(run.id), "check_id": str(check.id)}


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
