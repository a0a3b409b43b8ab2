"""What the page of one scanned case shows: before and after, the figures of the gate in words, its place in the queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from hotich.accounts.queries import names_of_officers
from hotich.digitisation import queries
from hotich.digitisation.models import ScanBatchState, ScannedCase, ScannedCaseState
from hotich.digitisation.views import case_list
from hotich.digitisation.views.parts import (
    CASE_TONES,
    PREPARE,
    REVIEW,
    actor_of,
    batch_title,
    crumbs,
    lang,
    page_url,
    state_words,
)
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.web.rules.formats import number_text, percent_text, time_text

STATES = ScannedCaseState
METHODS = {"colour": "ảnh màu", "gray": "ảnh xám", "layered": "tách lớp mực và giấy"}
TO_DECIDE = (STATES.REVIEW, STATES.REFUSED)


def context(request: HttpRequest, case: ScannedCase) -> dict[str, Any]:
    """Everything the page of a scanned case shows."""
    actor, batch = actor_of(request), case.batch
    ids, at = queue(actor, case, request)
    state = STATES(case.state)
    sheets = _sheets(case)
    return {
        "case": case,
        "batch": batch,
        "title": case_list.title_of(case),
        "book": batch_title(batch),
        "state_text": state_words(case.state, STATES),
        "state_tone": CASE_TONES[state],
        "reason": case_list.reason_words(case),
        "figures": figures(case),
        "facts": _facts(case),
        "breadcrumb": crumbs(batch, (_("Trường hợp và số"), reverse("digitisation:cases", args=[batch.id])),
                             (case_list.title_of(case), "")),
        "sheets": sheets,
        "review": {
            "sheets": sheets, "before_label": _("Trước: ảnh cắt từ trang"), "after_label": _("Sau: trang của tệp PDF")
        },
        "place": f"{at + 1}/{len(ids)}" if at is not None else "",
        "queue_total": len(ids),
        "queue_done": at or 0,
        "before_url": _neighbour(ids, at, -1, request),
        "after_url": _neighbour(ids, at, 1, request),
        "query": _query(request),
        "hidden_version": {"version": case.version},
        **_acts(actor, case),
        "list_url": case_list.address_of(case),
        "queue_url": f"{reverse('digitisation:review')}{_query(request)}" if actor.may(REVIEW) else "",
        "machine": _machine(case, actor),
        "pages": _pages(case),
        "linked_url": reverse("intake:case", args=[case.case_id]) if case.case_id else "",
    }  # fmt: skip


def _pages(case: ScannedCase) -> list[dict[str, str]]:
    """The pages a case was cut from: where one is turned, cut anew or replaced."""
    on_it = {str(part["page"]) for part in case.parts}
    return [
        {"url": page_url(page), "label": _("Đến trang %(place)d") % {"place": place}}
        for place, page in enumerate(queries.pages_of(case.batch), start=1)
        if str(page.id) in on_it
    ]


def _machine(case: ScannedCase, actor: Actor) -> dict[str, Any]:
    """What a machine thinks of the values that were keyed; empty where nobody asks one, or nothing is keyed yet."""
    if not queries.may_have_opinion(case, actor):
        return {}
    found = queries.second_opinion_of(case, actor)
    tones = {"agrees": "ok", "differs": "warning", "unsure": "muted"}
    words = {"agrees": _("khớp"), "differs": _("khác"), "unsure": _("không chắc")}
    names = {"number": _("Số"), "name": _("Họ tên người chính"), "birth": _("Ngày sinh người chính"),
             "registered": _("Ngày đăng ký")}  # fmt: skip
    return {
        "lines": [
            {"label": names[each.field], "text": words[each.opinion], "tone": tones[each.opinion]}
            for each in (found.opinions if found else ())
        ],
        "by": f"{found.engine} · {found.version}" if found else "",
        "may_ask": case.batch.state == ScanBatchState.OPEN and found is None,
    }


def _acts(actor: Actor, case: ScannedCase) -> dict[str, bool]:
    """What the officer may do with a case in its state."""
    is_open, state = case.batch.state == ScanBatchState.OPEN, STATES(case.state)
    may_review = actor.may(REVIEW) and is_open
    return {
        "may_accept": may_review and state in TO_DECIDE and case.pdf_id is not None,
        "needs_reason": state == STATES.REFUSED,
        "may_ask_rescan": may_review and state in (*TO_DECIDE, STATES.PASSED, STATES.ACCEPTED, STATES.PENDING),
        "may_recrop": (actor.may(PREPARE) or actor.may(REVIEW)) and is_open and state != STATES.SET_ASIDE,
        "may_take_back": (actor.may(PREPARE) or actor.may(REVIEW))
        and is_open
        and state in (STATES.RESCAN, STATES.SET_ASIDE),
        "may_start": actor.may("case.edit")
        and case.case_id is None
        and case.number is not None
        and state in (STATES.PASSED, STATES.ACCEPTED),
    }


def _sheets(case: ScannedCase) -> list[dict[str, str]]:
    if case.pdf is None or case.state == STATES.PENDING:  # what is to be made again shows what it was before
        return []
    pdf, before = (reverse(f"digitisation:{name}", args=[case.id]) for name in ("case_pdf", "case_before"))
    total = case.pdf.page_count or 1
    # the version in the address: a PDF made again is another picture
    return [
        {"before": f"{before}?to={sheet}&v={case.version}", "after": f"{pdf}?trang={sheet + 1}&v={case.version}"}
        for sheet in range(total)
    ]


def _facts(case: ScannedCase) -> list[dict[str, Any]]:
    facts = [
        {"label": _("Quyển sổ"), "value": batch_title(case.batch)},
        {"label": _("Số"), "value": queries.case_label(case), "absent": _("chưa có số")},
        {"label": _("Ngày đăng ký"), "value": case_list.day_words(case.registered_on), "absent": _("chưa ghi")},
    ]
    if case.decided_at:
        who = names_of_officers([case.decided_by]).get(case.decided_by, "") if case.decided_by else ""
        facts.append({"label": _("Người quyết định"), "value": who, "note": time_text(case.decided_at)})
    if case.decision_note:
        facts.append({"label": _("Ý kiến"), "value": case.decision_note})
    return facts


def figures(case: ScannedCase) -> list[dict[str, str]]:
    """The gate's figures: what was measured, how it stands to its threshold, and what that means for the eye."""
    if not case.gate or case.state == STATES.PENDING:
        return []
    settings = queries.scan_settings(clock.today())
    gate: Mapping[str, Any] = case.gate
    lines = [_size_line(case, settings), _dpi_line(case, gate)]
    lines += [
        _line(_("Giống bản gốc (ảnh)"), gate.get("ssim"), settings.ssim_pass, settings.ssim_review,
              _("nét chữ so với ảnh trước khi nén")),
        _line(_("Nét mực trùng khớp"), gate.get("ink_f1"), settings.ink_f1_pass, settings.ink_f1_review,
              _("mực có ở cả hai bản")),
        _line(_("Mực bị mất"), gate.get("missed_ink"), settings.missed_ink_pass, settings.missed_ink_review,
              _("cả nét mờ"), is_loss=True),
        _line(_("Mất nhiều nhất ở một chỗ"), gate.get("worst_missed"), settings.worst_missed_pass,
              settings.worst_missed_review, _("trong nửa inch tệ nhất"), is_loss=True),
    ]  # fmt: skip
    return [line for line in lines if line]


def _size_line(case: ScannedCase, settings: Any) -> dict[str, str]:
    size = case.size or 0
    text = _("%(size)s trên %(budget)s byte") % {
        "size": number_text(size, lang()), "budget": number_text(settings.budget, lang())
    }  # fmt: skip
    within = size <= settings.budget
    note = _("dùng %(share)s mức cho phép") % {"share": percent_text(size, settings.budget, lang())}
    return {"label": _("Cỡ tệp"), "value": text, "tone": "ok" if within else "error", "note": note,
            "tone_text": _("đạt") if within else _("quá mức")}  # fmt: skip


def _dpi_line(case: ScannedCase, gate: Mapping[str, Any]) -> dict[str, str]:
    if not case.dpi:
        return {}
    method = _(METHODS[case.method]) if case.method in METHODS else case.method
    quality = _("chất lượng JPEG %(quality)d") % {"quality": gate["quality"]} if gate.get("quality") else ""
    return {
        "label": _("Độ phân giải"), "value": _("%(dpi)d điểm/inch") % {"dpi": case.dpi}, "tone": "", "tone_text": "",
        "note": ", ".join(filter(None, (method, quality))),
    }  # fmt: skip


def _line(
    label: str, value: float | None, good: float, doubtful: float, note: str, *, is_loss: bool = False
) -> dict[str, str]:
    if value is None:
        return {}
    passes = value <= good if is_loss else value >= good
    stays = value <= doubtful if is_loss else value >= doubtful
    tone = "ok" if passes else "warning" if stays else "error"
    limit = percent_text(good, 1, lang())
    wanted = _("cần không quá %(limit)s") % {"limit": limit} if is_loss else _("cần từ %(limit)s") % {"limit": limit}
    words = {"ok": _("đạt"), "warning": _("nghi vấn"), "error": _("không đạt")}
    return {"label": label, "value": percent_text(value, 1, lang()), "note": f"{note}; {wanted}", "tone": tone,
            "tone_text": words[tone]}  # fmt: skip


def queue(actor: Actor, case: ScannedCase, request: HttpRequest) -> tuple[list[UUID], int | None]:
    """The cases to decide about, in order, and where this one stands among them; None when it is not one of them."""
    if not actor.may(REVIEW):
        return [], None
    batch_id = case.batch_id if _query(request) else None
    waiting = queries.review_queue(actor, batch_id=batch_id).exclude(state=STATES.RESCAN)
    ids = list(waiting.values_list("id", flat=True))
    return ids, ids.index(case.id) if case.id in ids else None


def _query(request: HttpRequest) -> str:
    batch = request.GET.get("dot") or request.POST.get("dot") or ""
    try:
        return f"?dot={UUID(batch)}" if batch else ""
    except ValueError:
        return ""


def _neighbour(ids: list[UUID], at: int | None, by: int, request: HttpRequest) -> str:
    if at is None or not 0 <= at + by < len(ids):
        return ""
    return reverse("digitisation:case", args=[ids[at + by]]) + _query(request)


def address_of(case: ScannedCase, request: HttpRequest) -> str:
    """The page of a case, within the queue one is going through."""
    return reverse("digitisation:case", args=[case.id]) + _query(request)


def onward(case: ScannedCase, request: HttpRequest) -> str:
    """Where one goes after a decision: the next case of the queue, or the queue when it was the last."""
    ids, at = queue(actor_of(request), case, request)
    return (
        _neighbour(ids, at, 1, request)
        or _neighbour(ids, at, -1, request)
        or reverse("digitisation:review") + _query(request)
    )
