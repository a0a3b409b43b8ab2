"""One item of the tracking list: both sides of every fact, the verdict, papers, contacts, and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hotich.accounts.queries import names_of_officers
from hotich.files.views import file_response
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.forms.tracking import ContactForm, EvidenceForm
from hotich.reconciliation.models import TrackingField, TrackingItem, TrackingState, TrackingTask, Verdict
from hotich.reconciliation.queries import tracking as queries
from hotich.reconciliation.queries.tracking_officers import verifiers_of
from hotich.reconciliation.rules.tracking_workflow import (
    ITEM,
    NOT_CLOSED,
    VERDICTS,
    WITH_OFFICER,
    Judged,
    acts,
    heaviest,
    is_unknown_number,
    tells_a_part,
)
from hotich.reconciliation.services import tracking_settling as settling
from hotich.reconciliation.services.tracking import note_look
from hotich.reconciliation.services.tracking_verifying import verify_item
from hotich.reconciliation.views.tracking_history import history_of
from hotich.reconciliation.views.tracking_parts import (
    SETTLE,
    STATE_TONES,
    VERDICT_TONES,
    VERIFY,
    age_words,
    due_words,
    fact_name,
    item_title,
    kind_name,
    role_name,
    state_name,
    task_name,
    value_shown,
    verdict_name,
    whole_verdict,
)
from hotich.records.rules.letter_diff import letters_apart
from hotich.records.services import note_reading
from hotich.records.views.parts import scan_places
from hotich.registers.views.parts import actor_of, needs, or_not_found, posted_version
from hotich.web.texts import text_of_problem

Given = Mapping[str, tuple[str, str]]
_NOTHING: Given = {}


@needs(*queries.SEES)
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, tracking_item_id: UUID) -> HttpResponse:
    """The page; by POST the verdicts on its fields. What was refused is shown with what was given."""
    actor = actor_of(request)
    with or_not_found():
        found = queries.item_of(actor, tracking_item_id)
    given, words, refusal = _NOTHING, "", None
    if request.method == "POST":
        given, words = _given(request, found), request.POST.get("words", "")
        try:
            verify_item(
                actor=actor,
                at=clock.now(),
                item_id=found.id,
                version=posted_version(request),
                verdicts=given,
                words=words,
            )
        except RuleBroken as broken:
            refusal = broken
        else:
            return redirect(_after(actor, found))
    if found.record_id is None:
        note_look(actor=actor, at=clock.now(), item=found, part="theo_doi")
    else:
        note_reading(
            actor=actor, at=clock.now(), subject_kind="record", subject_id=found.record_id,
            subject_office=found.origin_office_id, facts={"part": "theo_doi"},
        )  # fmt: skip
    context = page_context(actor, found, given=given, words=words, refusal=refusal)
    return render(request, "reconciliation/tracking_item.html", context, status=409 if refusal else 200)


def _given(request: HttpRequest, found: TrackingItem) -> Given:
    names = found.fields.values_list("field", flat=True)
    return {name: (request.POST.get(f"v_{name}", ""), request.POST.get(f"r_{name}", "")) for name in names}


def _after(actor: Actor, found: TrackingItem) -> str:
    """The next item this verifier has, else the one just judged."""
    following = queries.neighbours_of(actor, found)[1] or queries.neighbours_of(actor, found)[0]
    return reverse("reconciliation:tracking_item", args=[following or found.id])


def page_context(
    actor: Actor, found: TrackingItem, *, given: Given = _NOTHING, words: str = "", refusal: RuleBroken | None = None
) -> dict[str, Any]:
    """Everything the page shows."""
    fields = list(found.fields.order_by("id"))
    person = queries.people_of([found]).get(found.id)
    before, after = queries.neighbours_of(actor, found)
    names = names_of_officers({each for each in (found.assigned_to, found.verified_by, found.closed_by) if each})
    due, due_tone = due_words(found, clock.today())
    scans = list(found.record.attachments.select_related("file").order_by("created_at", "id")) if found.record else []
    return {
        "item": found, "version_field": {"version": found.version},
        "title": item_title(found),
        "person": person.full_name if person is not None else "",
        "role": role_name(found.check_of.role),
        "state": state_name(found), "state_tone": STATE_TONES[TrackingState(found.state)],
        "age": age_words(found, clock.today()), "due_words": due, "due_tone": due_tone,
        "facts": _facts(found, names),
        "fields": [_line(each, given) for each in fields],
        "other_facts": _other_facts(found, fields),
        "verdict": whole_verdict(found, [each.verdict for each in fields]),
        "verdict_tone": VERDICT_TONES.get(found.verdict, "muted"),  # type: ignore[call-overload]
        "words": words, "refusal": text_of_problem(refusal) if refusal is not None else "",
        "refused_field": refusal.field if refusal is not None else "",
        "tasks": _tasks(found, fields) if found.state not in ("open", "verifying") else [],
        "contact_form": ContactForm(), "evidence_form": EvidenceForm(),
        "contacts": _contacts(found), "evidence": _evidence(found),
        "history": history_of(found),
        "record_url": reverse("records:record", args=[found.record_id]) if found.record_id else "",
        "look_up_url": reverse("reconciliation:look_up_record", args=[found.record_id, found.check_of.role])
        if found.record_id else "",
        "previous_url": reverse("reconciliation:tracking_item", args=[before]) if before else "",
        "next_url": reverse("reconciliation:tracking_item", args=[after]) if after else "",
        "breadcrumb": [{"label": _("Danh sách theo dõi"), "url": reverse("reconciliation:tracking")},
                       {"label": item_title(found), "url": ""}],
        **_acts(actor, found),
        **scan_places(scans),
    }  # fmt: skip


def _acts(actor: Actor, found: TrackingItem) -> dict[str, Any]:
    """What this officer may do here now."""
    can = acts(ITEM, found.state)
    own_check = found.check_of.decided_by is not None and found.check_of.decided_by in actor.hands
    settles = actor.may(SETTLE) and found.verified_by not in actor.hands
    mine = found.assigned_to is not None and found.assigned_to in actor.hands
    return {
        "may_verify": actor.may(VERIFY) and "verify" in can and mine and not own_check,
        "may_take": actor.may(VERIFY) and "take" in can and not mine and not own_check,
        "own_check": own_check and actor.may(VERIFY) and "take" in can,
        "may_give_back": "give_back" in can and (actor.may(SETTLE) or (actor.may(VERIFY) and mine)),
        "may_assign": actor.may(SETTLE) and "assign" in can,
        "verifiers": [(each.id, each.full_name) for each in verifiers_of(actor.office_id, at=clock.now()).values()]
        if actor.may(SETTLE) and "assign" in can else [],
        "may_settle": settles and found.state in WITH_OFFICER,
        "may_send_back": settles and "send_back" in can and found.verdict != Verdict.OTHER_PERSON,
        "may_reopen": actor.may(SETTLE) and "reopen" in can,
        "may_add_evidence": (actor.may(SETTLE) or actor.may(VERIFY)) and found.state in NOT_CLOSED,
    }  # fmt: skip


def _facts(found: TrackingItem, names: Mapping[int, str]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [
        {"label": _("Người xác minh"), "value": names.get(found.verified_by or found.assigned_to or 0, ""),
         "absent": _("chưa phân công")},
        {"label": _("Hạn"), "value": f"{found.due_on:%d/%m/%Y}"},
        {"label": _("Đã theo dõi"), "value": age_words(found, clock.today())},
        {"label": _("Số định danh của người được chọn sau đó") if found.verdict == Verdict.OTHER_PERSON
         else _("Số định danh (CSDL dân cư)"), "value": found.check_of.personal_id, "absent": _("không có")},
    ]  # fmt: skip
    return made


def _line(field: TrackingField, given: Given) -> dict[str, Any]:
    """One fact that differs, letter by letter, with the verdict as it stands or as it was just given."""
    ours, theirs = value_shown(field.field, field.ours), value_shown(field.field, field.theirs)
    book, population = letters_apart(ours, theirs)
    chosen, typed = given.get(field.field, (field.verdict, ""))
    right = value_shown(field.field, field.right_value)
    return {
        "field": field.field, "name": fact_name(field.field), "kind": kind_name(field.kind), "is_basic": field.is_basic,
        "ours": book, "theirs": population, "chosen": chosen, "typed": typed, "right": right,
        "verdict": verdict_name(field.verdict), "verdict_tone": VERDICT_TONES.get(field.verdict, "muted"),  # type: ignore[call-overload]
        "choices": [
            (value, _(label), value in (Verdict.BOTH_WRONG, Verdict.KEYING_ERROR)) for value, label in Verdict.choices
            if value in VERDICTS and _is_offered(value, settling.judged_of(field))
        ],
    }  # fmt: skip


def _is_offered(verdict: str, field: Judged) -> bool:
    """Whether a verdict makes sense for this field: a part of a date only where one is told, somebody else only where
    somebody was found."""
    if verdict == Verdict.PART_ONLY:
        return tells_a_part(field)
    return verdict != Verdict.OTHER_PERSON or not is_unknown_number(field)


def _other_facts(found: TrackingItem, fields: Sequence[TrackingField]) -> list[dict[str, Any]]:
    """What the population database tells besides, so that it can be seen whether it is the same person."""
    if found.verdict == Verdict.OTHER_PERSON:  # by now the check may be about the right one
        return []
    told, differ = found.check_of.citizen, {field.field for field in fields}
    wanted = ("full_name", "birth", "sex", "father_name", "mother_name", "spouse_name", "ethnicity", "native_place",
              "birth_registration_place")  # fmt: skip
    names = {"birth_registration_place": _("Nơi đăng ký khai sinh")}
    return [
        {"label": names.get(name) or fact_name(name), "value": value_shown(name, str(told[name]))}
        for name in wanted
        if told.get(name) and name not in differ
    ]


def _contacts(found: TrackingItem) -> list[dict[str, Any]]:
    rows = list(found.contacts.order_by("-at", "-id"))
    names = names_of_officers({row.by for row in rows})
    return [
        {"way": _(row.Way(row.way).label), "is_reached": row.is_reached, "words": row.words, "who": names.get(row.by, ""),
         "at": row.at}
        for row in rows
    ]  # fmt: skip


def _evidence(found: TrackingItem) -> list[dict[str, Any]]:
    rows = list(found.evidence.select_related("file").order_by("at", "id"))
    names = names_of_officers({row.by for row in rows})
    return [
        {"url": reverse("reconciliation:tracking_evidence", args=[row.id]), "words": row.words, "who": names.get(row.by, ""),
         "at": row.at, "size": row.file.size}
        for row in rows
    ]  # fmt: skip


def _tasks(found: TrackingItem, fields: Sequence[TrackingField]) -> list[dict[str, Any]]:
    """What follows from the verdicts: the facts because of which, and how far it is."""
    begun = settling.stands(found)
    started = {each.task: each for each in found.follow_ups.order_by("at", "id")}
    needed = settling.needed_tasks(fields)
    return [
        {
            "task": task, "name": task_name(task), "is_begun": task in begun,
            "was_ended": task in started and task not in begun,
            "is_main": task == heaviest(needed),
            "for_facts": [
                {"name": fact_name(each.field), "right": value_shown(each.field, each.right_value)}
                for each in settling.fields_of_task(fields, task)
            ],
            "ref": started[task].ref if task in begun and task == TrackingTask.LEGAL_CORRECTION else "",
            "words": started[task].words if task in begun else "",
            "url": _task_url(found, task, started[task].ref) if task in begun else "",
            "asks_ref": task == TrackingTask.LEGAL_CORRECTION,
            "asks_words": task != TrackingTask.KEYING_REPAIR,
        }
        for task in needed
    ]  # fmt: skip


def _task_url(found: TrackingItem, task: str, ref: str) -> str:
    if task == TrackingTask.POPULATION_ADJUSTMENT:
        return reverse("reconciliation:population_request", args=[ref])
    return reverse("records:record", args=[found.record_id]) if found.record_id else ""


@needs(*queries.SEES)
@require_GET
def evidence(request: HttpRequest, tracking_evidence_id: UUID) -> HttpResponse:
    """A paper of an item; every look is written down."""
    actor = actor_of(request)
    with or_not_found():
        found = queries.evidence_of(actor, tracking_evidence_id)
        note_look(actor=actor, at=clock.now(), item=found.item, part="giay_to", file_id=found.file_id)
        return file_response(request, found.file)
