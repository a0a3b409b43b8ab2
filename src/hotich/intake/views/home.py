"""The first page after signing in: what waits for me, how far our books are, what came in lately."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from hotich.audit.models import VerificationState
from hotich.audit.queries import last_finished_verification
from hotich.intake.forms import BATCH_LABELS
from hotich.intake.models import Batch, BatchState, CaseState
from hotich.intake.queries.export_downloads import corrections_to_tell
from hotich.intake.queries.work import cases_by_type
from hotich.intake.views.parts import (
    BATCH_TONES,
    actor_of,
    lang,
    own_offices,
    register_name,
    short_name,
    waiting_counts,
)
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.registers.types import REGISTER_TYPES
from hotich.web.rules.formats import number_text

BAR_LENGTH = 600  # units of the drawing; the page stretches it
RECENT = 6
# the parts of a bar in the order of the work, with their tones
PARTS = (
    (CaseState.APPROVED, "ok"),
    (CaseState.WAITING, "accent"),
    (CaseState.CHECKING, "muted"),
    (CaseState.RETURNED, "warning"),
    (CaseState.HELD, "error"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar: where it begins, how long it is, its tone."""

    x: float
    width: float
    tone: str


@dataclass(frozen=True, slots=True)
class Progress:
    """The cases of one register type."""

    letters: str
    name: str
    approved: int
    waiting: int
    to_fix: int
    total: int
    pieces: list[Piece]
    title: str


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The officer's desk."""
    actor = actor_of(request)
    work = waiting_counts(request)
    offices = own_offices(actor)
    context = {
        "cards": [*_cards(actor, work), *_decision_cards(work)],
        "trail": _trail(actor),
        "progress": progress_of(cases_by_type(actor.office_ids)) if actor.may("book.read") else [],
        "legend": [(CaseState(state).label, tone) for state, tone in PARTS],
        "recent": _recent(actor, offices) if actor.may("case.read") else [],
        "offices": offices,
        "office_name": offices.get(actor.office_id, ""),
        "today": clock.today(),
        "may_import": actor.may("case.import"),
        "verifies": actor.may("population.verify"),
        "sees_cases": actor.may("case.read"),
        "has_post": bool(actor.office_ids),
    }
    return render(request, "intake/home.html", context)


def _cards(actor: Actor, work: dict[str, int]) -> list[dict[str, Any]]:
    cards: list[dict[str, Any]] = []
    if actor.may("case.edit"):
        held, returned = reverse("intake:held"), reverse("intake:held") + "?state=returned"
        cards.append(_card(_("Dòng cần sửa"), work["held"], held, "error", _("có lỗi, chưa chuyển duyệt được")))
        cards.append(_card(_("Bị trả lại"), work["returned"], returned, "warning", _("người duyệt yêu cầu xem lại")))
    if actor.may("case.approve"):
        queue = reverse("intake:approvals")
        cards.append(_card(_("Chờ tôi duyệt"), work["to_approve"], queue, "accent", _("do cán bộ khác nhập")))
    elif actor.may("case.edit"):
        cards.append(_card(_("Chờ duyệt"), work["waiting"], "", "", _("đang ở người duyệt")))
    if actor.may("case.import"):
        loading = reverse("intake:batches") + "?state=loading"
        cards.append(
            _card(_("Đang nhập"), work["loading"], loading if work["loading"] else "", "", _("tệp đang xử lý"))
        )
    if wrong := corrections_to_tell(actor):
        cards.append(_card(_("Đã xuất, nay được sửa"), wrong, reverse("intake:export_corrections"), "warning",
                           _("bản ghi cần báo lại nơi nhận tệp")))  # fmt: skip
    if actor.may("record.annotate"):
        cards.append(_notices_card(work["notices"]))
    if actor.may("population.verify") or actor.may("population.settle"):
        cards.append(_card(_("Danh sách theo dõi"), work["tracking"], reverse("reconciliation:tracking"), "warning",
                           _("sổ và CSDL dân cư ghi khác nhau")))  # fmt: skip
    return cards


# kind of decision → its words and its page; what may wait for a leader, a reviewer, a province
DECISIONS = (
    ("repairs", gettext_lazy("Sửa lỗi chờ duyệt"), "records:repairs", gettext_lazy("lỗi nhập liệu, đối chiếu bản chụp")),
    ("exports", gettext_lazy("Xuất dữ liệu chờ duyệt"), "intake:exports", gettext_lazy("cần người thứ hai đồng ý")),
    ("list_exports", gettext_lazy("Xuất danh sách theo dõi chờ duyệt"), "reconciliation:tracking_export",
     gettext_lazy("cần người thứ hai đồng ý")),
    ("glasses", gettext_lazy("Mở khẩn cấp chờ rà soát"), "persons:glasses", gettext_lazy("thông tin hạn chế đã được mở")),
    ("lent", gettext_lazy("Ủy quyền chờ đồng ý"), "account_delegations", gettext_lazy("làm việc thay người vắng mặt")),
    ("operations", gettext_lazy("Đơn vị chờ duyệt"), "registers:unit_operations", gettext_lazy("sáp nhập, chia, đổi tên")),
    ("configuration", gettext_lazy("Cấu hình chờ duyệt"), "registers:configuration_proposals",
     gettext_lazy("ngưỡng, danh mục, ngày nghỉ")),
)  # fmt: skip


def _decision_cards(counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        _card(str(label), counts[kind], reverse(view), "accent", str(note))
        for kind, label, view, note in DECISIONS
        if counts.get(kind)
    ]


def _trail(actor: Actor) -> dict[str, Any] | None:
    """Whether the audit trail was found whole, for whoever watches over it."""
    if not actor.may("audit.read"):
        return None
    last = last_finished_verification()
    return {
        "last": last,
        "label": last.get_state_display() if last else _("Chưa kiểm tra lần nào"),
        "tone": {VerificationState.WHOLE: "ok", VerificationState.FAULTY: "error"}.get(last.state, "warning")  # type: ignore[call-overload]
        if last
        else "warning",
    }


def _card(label: str, value: int, url: str, tone: str, note: str) -> dict[str, Any]:
    return {"label": label, "value": value, "url": url, "tone": tone if value else "", "note": note}


def _notices_card(pending: int) -> dict[str, Any]:
    return _card(_("Thông báo chờ xác nhận"), pending, reverse("records:notices"), "warning", _("ghi chú từ nơi khác"))


def progress_of(by_type: dict[str, dict[str, int]]) -> list[Progress]:
    """One line for each register type that has cases, in the order of the types."""
    return [_line(letters, by_type[letters]) for letters in REGISTER_TYPES if letters in by_type]


def _line(letters: str, states: dict[str, int]) -> Progress:
    total = sum(states.values())
    approved, waiting = states.get(CaseState.APPROVED, 0), states.get(CaseState.WAITING, 0)
    title = _("%(name)s: đã duyệt %(approved)s trên %(total)s") % {
        "name": register_name(letters),
        "approved": number_text(approved, lang()),
        "total": number_text(total, lang()),
    }
    pieces, at = [], 0.0
    for state, tone in PARTS:
        width = BAR_LENGTH * states.get(state, 0) / total
        if width:
            pieces.append(Piece(round(at, 1), round(width, 1), tone))
        at += width
    rest = total - approved - waiting
    return Progress(letters, short_name(letters), approved, waiting, rest, total, pieces, title)


def _recent(actor: Actor, offices: dict[int, str]) -> list[dict[str, Any]]:
    batches = Batch.objects.filter(origin_office_id__in=list(offices)).order_by("-created_at")[:RECENT]
    return [
        {
            "batch": batch,
            "name": short_name(batch.register_type),
            "label": _(BATCH_LABELS[BatchState(batch.state)]),
            "tone": BATCH_TONES.get(batch.state, "muted"),  # type: ignore[call-overload]
            "office": offices.get(batch.origin_office_id, "") if len(offices) > 1 else "",
        }
        for batch in batches
    ]
