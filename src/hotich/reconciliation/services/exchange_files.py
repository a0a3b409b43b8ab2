"""The exchange with a population database on a closed network: signed requests go out in a file, signed answers come in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.files.models import StoredFile
from hotich.files.queries import read_file
from hotich.files.services import store_file
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.adapters import CreateAnswer, PartnerRefused, PartnerUnreachable, wire
from hotich.reconciliation.adapters.choice import shared_secrets
from hotich.reconciliation.adapters.files import request_line, state_line
from hotich.reconciliation.models import ExchangeFile, PopulationCheck, PopulationRequest, RequestKind, RequestState
from hotich.reconciliation.queries.requests import ASKED_AGAIN, CHANGING
from hotich.reconciliation.rules.citizen import Citizen
from hotich.reconciliation.rules.request_workflow import REQUEST
from hotich.reconciliation.rules.signed_lines import AnswerLine, read_answers, write_lines
from hotich.reconciliation.services.access import must_have
from hotich.reconciliation.services.answers import take_answer, take_refusal
from hotich.reconciliation.services.requests import locked_request, note_request
from hotich.reconciliation.services.sending import context_of, goes_on
from hotich.reconciliation.services.waiting_questions import take_look_up_answer
from hotich.records.rules.workflow import next_state
from hotich.units.models import Office

REQUESTS_A_FILE = 2000
MOST_BYTES = 20_000_000
MEDIA_TYPE = "application/x-ndjson"
SUBJECT = "population_file"
ASK_AGAIN = timedelta(days=1)
"""How long nothing is asked about again after a file has asked."""
_WAITS = (RequestState.IN_FILE, *ASKED_AGAIN)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file of answers brought: answered now, known before, and how many of the file still wait."""

    answered: int
    known: int
    waiting: int


def make_exchange_file(*, actor: Actor, at: datetime, office_id: int) -> ExchangeFile:
    """A signed file of the requests of an office that wait, oldest first, at most 2,000; they count as handed over.

    What was sent by call before and was never answered is not sent again: the file asks what became of it, as it asks
    about suspicions, once a day. What is not needed any more is cancelled instead.
    Raises RuleBroken: not_allowed, office_not_in_scope, exchange_nothing_queued.
    """
    maker = must_have(actor, "population.settle")
    if office_id not in actor.office_ids:
        raise RuleBroken("office_not_in_scope", field="office")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        wanted = [each for each in _waiting(office_id) if goes_on(work, each)]
        asked = _to_ask_about(office_id, at, REQUESTS_A_FILE - len(wanted))
        made = _written(work, office_id, maker, wanted, asked) if wanted or asked else None
    if made is None:  # said only now: what was cancelled stays cancelled
        raise RuleBroken("exchange_nothing_queued")
    return made


def _waiting(office_id: int) -> list[PopulationRequest]:
    rows = PopulationRequest.objects.filter(origin_office_id=office_id, state=RequestState.QUEUED)
    rows = rows.order_by("made_at", "id")[:REQUESTS_A_FILE]
    checks = [each.check_of_id for each in rows if each.check_of_id is not None]  # locked first, as everywhere
    list(PopulationCheck.objects.select_for_update().filter(id__in=checks).order_by("id").only("id"))
    again = PopulationRequest.objects.filter(id__in=[each.id for each in rows], state=RequestState.QUEUED)
    locked = again.select_for_update(of=("self",)).select_related("check_of__record", "tracking")
    return list(locked.order_by("made_at", "id"))


def _to_ask_about(office_id: int, at: datetime, most: int) -> list[PopulationRequest]:
    """What was sent and never answered, or suspected, and was not asked about today."""
    found = PopulationRequest.objects.filter(
        origin_office_id=office_id, state__in=ASKED_AGAIN, kind__in=CHANGING, next_at__lte=at
    )  # fmt: skip
    locked = found.select_for_update(of=("self",)).select_related("check_of__record")
    return list(locked.order_by("made_at", "id")[: max(most, 0)])


def _written(
    work: UnitOfWork, office_id: int, maker: int, wanted: Sequence[PopulationRequest],
    asked: Sequence[PopulationRequest],
) -> ExchangeFile:  # fmt: skip
    identity, office = uuid7(), Office.objects.get(id=office_id)
    lines = [request_line(each.kind, context_of(each), each.content) for each in wanted]
    lines += [state_line(context_of(each)) for each in asked]
    content = write_lines(lines, office=office.code, made_at=work.at, client=settings.HOTICH_POPULATION_CLIENT,
                          secret=shared_secrets()[0])  # fmt: skip
    made = ExchangeFile.objects.create(
        id=identity, origin_office_id=office_id, requests=len(lines), made_by=maker, made_at=work.at,
        request_file=_stored(work, office_id, f"dan-cu.{in_vietnam(work.at):%Y%m%d-%H%M%S}.jsonl", content),
    )  # fmt: skip
    for each in wanted:
        each.state, each.attempts, each.next_at = next_state(REQUEST, each.state, "write_file"), each.attempts + 1, None
        each.failure = ""
    for each in asked:
        each.next_at = work.at + ASK_AGAIN
    for each in (*wanted, *asked):
        each.file_id, each.changed_at, each.version = identity, work.at, each.version + 1
        note_request(work, each, "population_request.in_file", file=str(identity))
    fields = ["state", "file_id", "attempts", "next_at", "failure", "changed_at", "version"]
    PopulationRequest.objects.bulk_update([*wanted, *asked], fields)
    _note_file(work, made, "population_file.made", requests=str(len(lines)))
    return made


def take_answer_file(*, actor: Actor, at: datetime, file_id: UUID, content: bytes) -> Taken:
    """Take in the signed answers to a file: every line finds its request, or all is refused. The same file again changes
    nothing; an answer to a part leaves the rest waiting.

    Raises RuleBroken: not_allowed, exchange_file_unknown, exchange_file_too_large, exchange_file_other,
    exchange_line_unknown, and what `read_answers` refuses with.
    """
    taker = must_have(actor, "population.settle")
    if len(content) > MOST_BYTES:
        raise RuleBroken("exchange_file_too_large", field="file", most=MOST_BYTES // 1_000_000)
    read = read_answers(content, secrets=shared_secrets())
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        sent = _locked_file(actor, file_id)
        if read.header.get("office") != sent.origin_office.code:
            raise RuleBroken("exchange_file_other", field="file")
        ours = _ids_in(sent)
        answered = sum(_take_line(work, actor, sent, ours, line) for line in read.answers)
        open_states = (RequestState.IN_FILE, RequestState.UNCLEAR)
        waiting = PopulationRequest.objects.filter(file_id=sent.id, state__in=open_states).count()
        if answered:
            name = f"dan-cu.tra-loi.{in_vietnam(at):%Y%m%d-%H%M%S}.jsonl"
            sent.response_file = _stored(work, sent.origin_office_id, name, content)
            sent.answered, sent.answered_by, sent.answered_at = sent.requests - waiting, taker, at
            sent.save(update_fields=["response_file", "answered", "answered_by", "answered_at"])
            _note_file(work, sent, "population_file.answered", answers=str(answered))
    return Taken(answered, len(read.answers) - answered, waiting)


def _locked_file(actor: Actor, file_id: UUID) -> ExchangeFile:
    rows = ExchangeFile.objects.select_for_update(of=("self",)).select_related("origin_office")
    found = rows.filter(id=file_id, origin_office_id__in=actor.office_ids).first()
    if found is None:
        raise RuleBroken("exchange_file_unknown")
    return found


def _ids_in(sent: ExchangeFile) -> frozenset[UUID]:
    """The requests that went out with a file, from the file itself: since then one may have gone with another."""
    lines = read_file(sent.request_file).splitlines()[1:-1]
    return frozenset(UUID(json.loads(line)["MaYeuCau"]) for line in lines)


def _take_line(work: UnitOfWork, actor: Actor, sent: ExchangeFile, ours: frozenset[UUID], line: AnswerLine) -> bool:
    """Whether this line said something new."""
    if line.request_id not in ours:
        raise RuleBroken("exchange_line_unknown", field="file", line=line.line)
    try:
        request = locked_request(actor, line.request_id)
    except RuleBroken as error:
        raise RuleBroken("exchange_line_unknown", field="file", line=line.line) from error
    if request.file_id != sent.id or request.state not in _WAITS:
        return False
    try:
        told = _read(request, line)
    except PartnerRefused as refusal:
        return _take_no(work, request, code=str(refusal.args[0]), words=str(refusal.args[1]))
    except PartnerUnreachable as error:
        raise RuleBroken("exchange_file_unreadable", field="file", line=line.line) from error
    if isinstance(told, CreateAnswer):
        return take_answer(work, request, told)
    take_look_up_answer(work, request_id=request.id, citizens=told)
    return True


def _take_no(work: UnitOfWork, request: PopulationRequest, *, code: str, words: str) -> bool:
    """A refusal; of a request the file only asked about: that it never arrived, then it waits for the next file."""
    if request.state == RequestState.IN_FILE:
        return take_refusal(work, request, code=code, words=words)
    if code != wire.NOT_FOUND or request.state != RequestState.UNCLEAR:
        return False
    request.state = next_state(REQUEST, request.state, "never_arrived")
    request.next_at, request.failure, request.file_id = work.at, "", None
    request.changed_at, request.version = work.at, request.version + 1
    request.save(update_fields=["state", "next_at", "failure", "file_id", "changed_at", "version"])
    note_request(work, request, "population_request.never_arrived", attempts=str(request.attempts))
    return True


def _read(request: PopulationRequest, line: AnswerLine) -> CreateAnswer | Sequence[Citizen]:
    inner = {"code": "200", "response": line.response}
    response = wire.response_of(inner, line.request_id)
    return wire.citizens_of(response) if request.kind == RequestKind.LOOK_UP else wire.answer_of(response)


def _stored(work: UnitOfWork, office_id: int, name: str, content: bytes) -> StoredFile:
    return store_file(
        office_id=office_id, name=name, content=content, media_type=MEDIA_TYPE, actor=work.actor, at=work.at
    )


def note_download(*, actor: Actor, at: datetime, file: ExchangeFile) -> None:
    """Write down that a file of citizens' data was taken away. Raises RuleBroken not_allowed."""
    must_have(actor, "population.settle")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        _note_file(work, file, "population_file.downloaded", requests=str(file.requests))


def _note_file(work: UnitOfWork, file: ExchangeFile, verb: str, **facts: str) -> None:
    work.record(verb, subject_kind=SUBJECT, subject_id=file.id, subject_office=file.origin_office_id, facts=facts)
