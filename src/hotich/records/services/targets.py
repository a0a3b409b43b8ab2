"""Later entries write into earlier ones: at once within one's offices, else by a notice that waits.

Books come in any order, so both ways are tried: a new entry looks for the one it changes, and a new entry takes up
the notices that were waiting for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.records.models import AnnotationNotice, Participant, Record, RecordState, RegistrationNumber
from hotich.records.rules import requests as rules
from hotich.records.rules import workflow
from hotich.records.rules.current_view import current_view
from hotich.records.rules.participants import Role, participants_of
from hotich.records.rules.requests import Draft, Request
from hotich.records.services.access import lookup_secret
from hotich.records.services.annotations import AnnotationDraft, write_annotations
from hotich.registers.rules.reading import read_book, read_number
from hotich.registers.types import version_by_id
from hotich.units.queries import office_of_place, place_named

SURE_ENOUGH = 0.8  # certainty from which the words of an entry name an office
State = AnnotationNotice.State
ANSWERS = {State.CONFIRMED: "confirm", State.REFUSED: "refuse", State.WITHDRAWN: "withdraw"}


def announce_to_targets(records: Sequence[Record], *, actor: Actor, at: datetime) -> None:
    """What these entries ask for is written into the entries they name, or waits as a notice."""
    sources = [record for record in records if record.register_type in rules.SOURCES]
    if not sources:
        return
    with unit_of_work(actor=actor, at=at) as work:
        for record in sources:
            for request in requests_of_record(record):
                target = find_target(request, record, actor.office_ids)
                if target is None:
                    _send(record, request, actor, at, work)
                    continue
                write_request(target, request, source=record, actor=actor, at=at, work=work)
                if target.origin_office_id != record.origin_office_id:
                    # whoever takes it back later may not see that office: the notice remembers where it was written
                    sent = _send(record, request, actor, at, work, office=target.origin_office_id)
                    settle(sent, State.CONFIRMED, actor=actor, at=at, work=work, record=target)


def requests_of_record(record: Record) -> list[Request]:
    """The annotations an entry asks for elsewhere."""
    version = version_by_id(record.schema_version)
    return rules.requests_of(version, record.as_recorded, roles_of(record), record.as_recorded.get("change_items"))


def roles_of(record: Record) -> list[Role]:
    """The participants of an entry as its book has them."""
    return list(
        participants_of(
            version_by_id(record.schema_version),
            record.as_recorded,
            record_id=record.id,
            registration_year=record.registration_year,
            secret=lookup_secret(),
        )
    )


def find_target(request: Request, source: Record, office_ids: Iterable[int]) -> Record | None:
    """The one entry of these offices that the request names; None when there is none, or more than one."""
    found = [
        record for record in _candidates(request, set(office_ids)) if record.id != source.id and fits(request, record)
    ]
    if len(found) > 1 and request.office_text:
        named = office_named(request.office_text)
        found = [record for record in found if record.origin_office_id == named]
    if len(found) > 1 and (book := read_book(request.book)) is not None:
        found = [record for record in found if record.book.number == book.number]
    return found[0] if len(found) == 1 else None


def _candidates(request: Request, office_ids: set[int]) -> list[Record]:
    register_type, first, *rest = request.key.split("|")
    records = Record.objects.filter(
        origin_office_id__in=office_ids, register_type=register_type, state=RecordState.IN_FORCE
    ).select_related("book")
    if not rest:
        of_child = Participant.objects.filter(role="child")
        ids = {*of_child.filter(personal_id_key=first).values_list("record_id", flat=True),
               *of_child.filter(id_number_key=first).values_list("record_id", flat=True)}  # fmt: skip
        return list(records.filter(id__in=ids))
    number = read_number(first)
    if number is None:
        return []
    numbers = RegistrationNumber.objects.filter(
        origin_office_id__in=office_ids,
        register_type=register_type,
        registration_year=int(rest[0]),
        number=number.number,
        number_suffix=number.suffix,
    )
    return list(records.filter(id__in=[row.record_id for row in numbers if row.record_id]))


def fits(request: Request, record: Record) -> bool:
    """Whether a name of the request stands in the entry, as recorded or as it is now."""
    return _role_in(request, record) is not None


def _role_in(request: Request, record: Record) -> str | None:
    version = version_by_id(record.schema_version)
    now = current_view(record.as_recorded, record.annotations.all()).values
    return rules.subject_of(request, rules.names_of(version, now)) or rules.subject_of(
        request, rules.names_of(version, record.as_recorded)
    )


def office_named(text: str) -> int | None:
    """The office the words of an entry name, if that is sure enough."""
    match = place_named(text)
    if match.unit_id is None or match.certainty < SURE_ENOUGH:
        return None
    return office_of_place(match.unit_id)


def write_request(
    target: Record, request: Request, *, source: Record, actor: Actor, at: datetime, work: UnitOfWork
) -> None:
    """Write the annotations of a request beside the entry, each into the field it means there."""
    record = Record.objects.select_for_update().get(id=target.id)
    workflow.next_state(workflow.RECORD, record.state, "annotate")
    version = version_by_id(record.schema_version)
    role = _role_in(request, record) or ""
    drafts = [_draft(item, rules.field_to_change(version, item.changed, role), source) for item in request.drafts]
    write_annotations(record, drafts, actor=actor, at=at, work=work)


def _draft(item: Draft, field: str, source: Record) -> AnnotationDraft:
    return AnnotationDraft(
        kind=item.kind,
        text=item.text,
        field=field if item.changed else "",
        new_value=item.new_value if item.changed and field else None,
        note_date_text=item.basis_date_text,
        basis_number=item.basis_number,
        basis_date_text=item.basis_date_text,
        basis_authority=item.basis_authority,
        restricted=item.restricted,
        source_record_id=source.id,
    )


def _send(
    source: Record, request: Request, actor: Actor, at: datetime, work: UnitOfWork, *, office: int | None = None
) -> AnnotationNotice:
    if office is None and request.office_text:
        office = office_named(request.office_text)
    elif office is None and request.key.count("|") == 2:
        office = source.origin_office_id
    notice = AnnotationNotice(
        origin_office_id=source.origin_office_id,
        target_office_id=office,
        target_key=request.key,
        source_record=source,
        target={
            name: getattr(request, name)
            for name in ("register_type", "number_text", "book", "office_text", "date_text", "subjects", "sex")
        },
        content=[asdict(draft) for draft in request.drafts],
        created_at=at,
    )
    return send_notice(notice, work)


def send_notice(notice: AnnotationNotice, work: UnitOfWork) -> AnnotationNotice:
    """Store a notice, note it and announce it to the office concerned."""
    notice.save(force_insert=True)
    work.record(
        "notice.sent",
        subject_kind="notice",
        subject_id=notice.id,
        subject_office=notice.origin_office_id,
        facts={"source_record_id": str(notice.source_record_id), "target_office": notice.target_office_id,
               "register_type": notice.target["register_type"], "withdraws": str(notice.withdraws_id or "")},
    )  # fmt: skip
    office = notice.target_office_id or notice.origin_office_id
    work.announce("notice.sent", subject_kind="notice", subject_id=notice.id, office=office)
    return notice


def request_of_notice(notice: AnnotationNotice) -> Request:
    """The request a notice carries."""
    target: dict[str, Any] = {name: value for name, value in notice.target.items() if name != "why"}
    target["subjects"] = tuple(target["subjects"])
    return Request(key=notice.target_key, drafts=tuple(Draft(**item) for item in notice.content), **target)


def apply_waiting_notices(records: Sequence[Record], *, actor: Actor, at: datetime) -> None:
    """Notices of one's own offices that were waiting for these entries are written now; others wait for an officer."""
    own = AnnotationNotice.objects.filter(
        state=State.PENDING, origin_office_id__in=actor.office_ids, withdraws__isnull=True
    )
    if not own.exists():
        return
    by_key: dict[str, list[Record]] = {}
    for record in records:
        for key in _keys_of(record):
            by_key.setdefault(key, []).append(record)
    with unit_of_work(actor=actor, at=at) as work:
        for notice in own.select_for_update().filter(target_key__in=by_key).order_by("created_at", "id"):
            request = request_of_notice(notice)
            if notice.target_office_id is not None and notice.target_office_id not in actor.office_ids:
                continue
            target = find_target(request, notice.source_record, actor.office_ids)
            if target is None or target not in by_key[notice.target_key]:
                continue
            write_request(target, request, source=notice.source_record, actor=actor, at=at, work=work)
            settle(notice, State.CONFIRMED, actor=actor, at=at, work=work, record=target)


def _keys_of(record: Record) -> Iterable[str]:
    if record.number is not None and record.registration_year is not None:
        yield rules.number_key(record.register_type, record.number, record.number_suffix, record.registration_year)
    if record.register_type == "KS":
        yield from rules.identity_keys("KS", roles_of(record), "child")


def settle(
    notice: AnnotationNotice,
    state: State,
    *,
    actor: Actor,
    at: datetime,
    work: UnitOfWork,
    record: Record | None = None,
    reason: str = "",
) -> None:
    """Write the answer to a notice, and tell the office that sent it."""
    notice.state = workflow.next_state(workflow.NOTICE, notice.state, ANSWERS[state])
    notice.decided_by, notice.decided_at, notice.reason = actor.officer_id, at, reason
    notice.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    work.record(
        f"notice.{notice.state}",
        subject_kind="notice",
        subject_id=notice.id,
        subject_office=notice.origin_office_id,
        facts={"record_id": str(record.id) if record else ""},
    )
    work.announce(f"notice.{notice.state}", subject_kind="notice", subject_id=notice.id, office=notice.origin_office_id)
