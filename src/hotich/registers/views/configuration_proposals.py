"""Proposing a change of the configuration, deciding on it, taking it back, and the file that hands it on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.kernel.working_days import calendar_of
from hotich.registers.forms.configuration import FORMS, FileForm, TakeBackForm
from hotich.registers.models import ConfigurationChange, ConfigurationProposal, ProposalState
from hotich.registers.queries.configuration import (
    change_by_id,
    configuration_in_force,
    count_waiting,
    drafts_of,
    is_of_the_ministry,
    may_decide_for_all,
    proposal_by_id,
    proposals,
    provinces,
    provinces_open_to,
)
from hotich.registers.rules.configuration import Kind, LocalChange, is_legal, may_differ
from hotich.registers.rules.configuration_file import LARGEST, write_file
from hotich.registers.rules.snapshot import active
from hotich.registers.services import configuration as services
from hotich.registers.types.declaration import Era
from hotich.registers.views.configuration import READ, TONES, crumbs, decided_by_whom
from hotich.registers.views.configuration_words import (
    amount,
    change_in_words,
    doubt,
    key_name,
    kind_of_slug,
    must_exist,
    url_of,
)
from hotich.registers.views.parts import actor_of, needs, or_not_found, posted_version, telling
from hotich.units.queries import offices_by_id
from hotich.web.rules.tables import Cell, Column, Row

MANAGE = "parameters.manage"
SHOWN = 100


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def configuration_propose(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The form for one change; it becomes a draft, which shows what would change before it is proposed."""
    kind = kind_of_slug(slug)
    must_exist(kind, key)
    given: dict[str, Any] = {}
    if kind is Kind.PARAMETER:
        given["provinces"] = provinces_open_to(actor_of(request)) if may_differ(kind, key) else {}
    if request.method == "POST":
        form = FORMS[kind](request.POST, **given)
    else:
        form = FORMS[kind](initial=_initial(kind, key, request.GET), **given)
    if request.method == "POST" and form.is_valid():
        try:
            change = form.change(key)
            draft = services.propose_changes(
                actor=actor_of(request), at=clock.now(), title=key_name(kind, change.key),
                reason=form.cleaned_data["reason"], changes=[change], as_draft=True,
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("registers:configuration_proposal", draft.id)
    context = {
        "form": form,
        "title": _("Đề nghị thay đổi: %(name)s") % {"name": key_name(kind, key)},
        "breadcrumb": crumbs(kind, key_name(kind, key)),
        "cancel_url": url_of(kind, key),
        "whom": decided_by_whom(kind, key),
        "is_of_ministry": not may_decide_for_all(actor_of(request), clock.today()),
        "legal": is_legal(kind, key),
    }
    return render(request, "registers/configuration_form.html", context)


def _initial(kind: Kind, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the form starts with: what holds today; `kiem-chung`: only the source is new."""
    verify = "kiem-chung" in asked
    if kind is Kind.PARAMETER:
        day = clock.today()
        province, now = str(asked.get("tinh", "")), active()
        rows = (*now.provincial.get((key, province), ()), *now.parameters[key])
        row = next((each for each in rows if each.holds_on(day)), None)
        if row is None:
            return {}
        kept = {"value": row.value, "valid_from": row.valid_from, "valid_to": row.valid_to, "verified": True}
        return {"province": province, **(kept if verify else {"value": row.value})}
    if kind is Kind.CODE:
        return _initial_code(key, str(asked.get("ma", "")))
    if kind is Kind.CALENDAR:
        lines = (
            f"{day:%d/%m/%Y} {reason or (_('làm bù') if worked else '')}"
            for day, worked, reason in calendar_of(int(key))
        )
        return {"days": "\n".join(lines)}
    found = active().eras[Era(key)]
    return {"first": found.valid_from, "last": found.valid_to, "law": found.law}


def _initial_code(name: str, code: str) -> dict[str, Any]:
    entry = active().lists[name].by_code.get(code)
    if entry is None:
        return {"action": "add"}
    return {"action": "words" if entry.verified else "verify", "code": code, "vi": entry.label.vi, "en": entry.label.en,
            "verified": not entry.verified}  # fmt: skip


# ---- the queue and one proposal


@needs(*READ)
@require_GET
def configuration_proposals(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, one's own drafts, and what was decided."""
    actor = actor_of(request)
    state = request.GET.get("trang-thai", ProposalState.PROPOSED)
    waiting = count_waiting(actor, clock.today())
    drafts = list(drafts_of(actor.officer_id)[:SHOWN])
    found = (
        drafts if state == ProposalState.DRAFT else list(proposals(state="" if state == "tat-ca" else state)[:SHOWN])
    )
    names = names_of_officers({item.proposed_by for item in found})
    tabs = ((ProposalState.PROPOSED, _("Chờ duyệt"), None), (ProposalState.DRAFT, _("Bản nháp của tôi"), len(drafts)),
            (ProposalState.APPROVED, _("Đã duyệt"), None), (ProposalState.REFUSED, _("Đã từ chối"), None),
            ("tat-ca", _("Tất cả"), None))  # fmt: skip
    context = {
        "tabs": [{"label": label, "url": f"?trang-thai={code}", "count": count, "active": code == state}
                 for code, label, count in tabs],
        "columns": [Column(_("Nội dung đề nghị")), Column(_("Thay đổi")), Column(_("Người đề nghị")),
                    Column(_("Ngày"), "date"), Column(_("Trạng thái"))],
        "rows": [_proposal_row(item, names) for item in found],
        "waiting": waiting,
        "may_manage": actor.may(MANAGE),
        "breadcrumb": _trail(_("Đề nghị thay đổi")),
    }  # fmt: skip
    return render(request, "registers/configuration_proposals.html", context)


def _trail(here: str) -> list[dict[str, str]]:
    return [{"label": _("Cấu hình"), "url": reverse("registers:configuration")}, {"label": here, "url": ""}]


def _proposal_row(proposal: ConfigurationProposal, names: Mapping[int, str]) -> Row:
    changes = list(proposal.changes.all())
    first = change_in_words(changes[0]) if changes else ""
    more = _("và %(count)d thay đổi khác") % {"count": len(changes) - 1} if len(changes) > 1 else ""
    at = in_vietnam(proposal.decided_at or proposal.proposed_at)
    return Row(
        str(proposal.id),
        [Cell(proposal.title, reverse("registers:configuration_proposal", args=[proposal.id]), note=proposal.file_name),
         Cell(first, note=more), names.get(proposal.proposed_by, ""), f"{at:%d/%m/%Y}",
         Cell(_(proposal.get_state_display()), tone=TONES[ProposalState(proposal.state)])],
    )  # fmt: skip


@needs(*READ)
@require_GET
def configuration_proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """One proposal: what it changes, what cases would be judged otherwise, why, and who decides."""
    actor = actor_of(request)
    with or_not_found():
        proposal = proposal_by_id(proposal_id, actor)
    changes = list(proposal.changes.all())
    state = ProposalState(proposal.state)
    own = proposal.proposed_by in actor.hands
    is_open = state in (ProposalState.DRAFT, ProposalState.PROPOSED)
    context = {
        "proposal": proposal,
        "state": {"text": _(proposal.get_state_display()), "tone": TONES[state]},
        "facts": _proposal_facts(proposal),
        "columns": [Column(_("Mục cấu hình")), Column(_("Hiện nay")), Column(_("Sau khi thay đổi")), Column(_("Nguồn"))],
        "rows": [_change_row(item, is_open) for item in changes],
        "is_open": is_open,
        "is_draft": state == ProposalState.DRAFT,
        "may_submit": own and state == ProposalState.DRAFT and actor.may(MANAGE),
        "may_withdraw": own and is_open and actor.may(MANAGE),
        "may_decide": state == ProposalState.PROPOSED and not own and actor.may("parameters.approve")
        and not is_of_the_ministry(actor, clock.today(), changes),
        "is_own_waiting": own and state == ProposalState.PROPOSED,
        "taken_back": _may_take_back(changes, actor) if state == ProposalState.APPROVED else [],
        "hidden": {"version": proposal.version},
        "breadcrumb": [*_trail(_("Đề nghị thay đổi"))[:1],
                       {"label": _("Đề nghị thay đổi"), "url": reverse("registers:configuration_proposals")},
                       {"label": proposal.title, "url": ""}],
    }  # fmt: skip
    return render(request, "registers/configuration_proposal.html", context)


def _proposal_facts(proposal: ConfigurationProposal) -> list[dict[str, Any]]:
    names = names_of_officers({who for who in (proposal.proposed_by, proposal.decided_by) if who is not None})
    at = in_vietnam(proposal.proposed_at)
    facts: list[dict[str, Any]] = [
        {"label": _("Người đề nghị"), "value": names.get(proposal.proposed_by, "–"), "note": f"{at:%H:%M %d/%m/%Y}"},
        {"label": _("Quyết định thay đổi"),
         "value": _("Người thứ hai duyệt") if proposal.is_legal else _("Một cán bộ")},
        {"label": _("Lý do"), "value": proposal.reason, "wide": True},
    ]  # fmt: skip
    if proposal.file_name:
        facts.append({"label": _("Từ tệp"), "value": proposal.file_name, "wide": True})
    if proposal.decided_by and proposal.decided_at:
        decided = in_vietnam(proposal.decided_at)
        facts.append({"label": _("Người quyết định"), "value": names.get(proposal.decided_by, "–"),
                      "note": f"{decided:%H:%M %d/%m/%Y}"})  # fmt: skip
        facts.append({"label": _("Ý kiến"), "value": proposal.decision_note})
    return facts


def _change_row(item: ConfigurationChange, is_open: bool) -> Row:
    place = provinces().get(item.province, item.province)
    name = Cell(key_name(item.kind, item.key), url_of(item.kind, item.key), note=place or item.key)
    before = _now_in_words(item) if is_open else "–"
    note = _("đã hủy") if item.taken_back_at else ""
    return Row(str(item.id), [name, before, Cell(change_in_words(item), note=note),
                              Cell(item.source, note=doubt(item.is_verified))])  # fmt: skip


def _now_in_words(item: ConfigurationChange) -> str:
    """What holds now on the first day the change is about."""
    now = active()
    if item.kind == Kind.PARAMETER:
        day = item.valid_from or min(item.valid_to or date.max, now.day)
        own = now.value_of_province(item.key, day, item.province)
        return amount(item.key, now.value(item.key, day) if own is None else own)
    if item.kind == Kind.CODE:
        name, _slash, code = item.key.partition("/")
        entry = now.lists[name].by_code.get(code)
        return entry.label.vi if entry else "–"
    return "–"


def _may_take_back(changes: list[ConfigurationChange], actor: Actor) -> list[dict[str, str]]:
    if not actor.may(MANAGE):
        return []
    return [
        {"label": change_in_words(item), "url": reverse("registers:configuration_take_back", args=[item.id])}
        for item in changes
        if not item.taken_back_at and not item.takes_back_id and '"action":"add"' not in item.value
    ]


# ---- acts


@needs(MANAGE)
@require_POST
def configuration_submit(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Propose a draft."""
    with telling(request):
        done = services.submit_draft(
            actor=actor_of(request), at=clock.now(), proposal_id=proposal_id, version=posted_version(request)
        )
        said = {
            ProposalState.APPROVED: _("Thay đổi đã có hiệu lực."),
            ProposalState.PROPOSED: _("Đã gửi đề nghị. Người thứ hai của Sở Tư pháp hoặc Bộ Tư pháp sẽ duyệt."),
        }
        messages.success(request, said[ProposalState(done.state)])
    return redirect("registers:configuration_proposal", proposal_id)


@needs("parameters.approve")
@require_POST
def configuration_decide(request: HttpRequest, proposal_id: UUID, decision: str) -> HttpResponse:
    """Approve or refuse what somebody else proposed."""
    approve = decision == "duyet"
    done = (
        _("Đã duyệt. Thay đổi có hiệu lực với các trường hợp được kiểm tra từ bây giờ.")
        if approve
        else _("Đã trả lời không duyệt.")
    )
    with telling(request, done):
        services.decide_proposal(
            actor=actor_of(request), at=clock.now(), proposal_id=proposal_id, version=posted_version(request),
            approve=approve, note=request.POST.get("note", ""),
        )  # fmt: skip
    return redirect("registers:configuration_proposal", proposal_id)


@needs(MANAGE)
@require_POST
def configuration_withdraw(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Take one's own proposal back."""
    with telling(request, _("Đã rút đề nghị.")):
        services.withdraw_proposal(
            actor=actor_of(request), at=clock.now(), proposal_id=proposal_id, version=posted_version(request)
        )
    return redirect("registers:configuration_proposals")


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def configuration_take_back(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Propose that a change in force no longer holds."""
    with or_not_found():
        change = change_by_id(change_id)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            proposal = services.take_back_change(
                actor=actor_of(request), at=clock.now(), change_id=change_id, **form.cleaned_data
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("registers:configuration_proposal", proposal.id)
    kind = Kind(change.kind)
    context = {
        "form": form,
        "title": _("Đề nghị hủy thay đổi: %(name)s") % {"name": key_name(kind, change.key)},
        "breadcrumb": crumbs(kind, key_name(kind, change.key)),
        "cancel_url": url_of(kind, change.key),
        "whom": decided_by_whom(kind, change.key),
        "is_of_ministry": is_of_the_ministry(actor_of(request), clock.today(), [change]),
        "legal": is_legal(kind, change.key),
        "about": change_in_words(change),
        "sends": True,
    }
    return render(request, "registers/configuration_form.html", context)


# ---- the file


@needs(*READ)
@require_GET
def configuration_export(request: HttpRequest) -> HttpResponseBase:
    """All local changes in force as one file."""
    actor, at = actor_of(request), clock.now()
    office = offices_by_id([actor.office_id]).get(actor.office_id)
    changes: tuple[LocalChange, ...] = configuration_in_force(in_vietnam(at).date()).changes
    response = HttpResponse(
        write_file(changes, at=at, office=office.name if office else ""), content_type="application/json"
    )
    response["Content-Disposition"] = f'attachment; filename="cau-hinh-{in_vietnam(at):%Y%m%d}.json"'
    return response


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def configuration_import(request: HttpRequest) -> HttpResponse:
    """Propose what a file brings."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            proposal = services.propose_file(
                actor=actor_of(request), at=clock.now(), name=file.name, content=file.read(LARGEST + 1),
                title=form.cleaned_data["title"], reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("registers:configuration_proposal", proposal.id)
    context = {
        "form": form,
        "title": _("Nhập tệp cấu hình"),
        "breadcrumb": _trail(_("Nhập tệp cấu hình")),
        "cancel_url": reverse("registers:configuration"),
        "legal": True,
        "sends": True,
    }
    return render(request, "registers/configuration_form.html", context)
