"""What the page of a batch shows, and how files and orders from it reach the services."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hotich.accounts.queries import names_of_officers
from hotich.digitisation import queries, services, tasks
from hotich.digitisation.forms import FILE_LIMIT
from hotich.digitisation.models import ScanBatch, ScanBatchState, ScanPage, ScanPageState
from hotich.digitisation.services import Received
from hotich.digitisation.views.parts import (
    BATCH_TONES,
    PAGE_TONES,
    PAGES_AT_ONCE,
    PREPARE,
    actor_of,
    batch_title,
    crumbs,
    finding_texts,
    office_names,
    page_url,
    page_words,
    places_of,
    register_name,
    shown,
    state_words,
    tabs,
)
from hotich.files.services import NewFile
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.web.rules.svg import Part
from hotich.web.texts import text_of, text_of_problem

MOST_LISTED = 12
OPEN, TWIN = ScanPageState, "page_twice"
Chooses = Callable[[ScanPage], bool]


def _is_twin(page: ScanPage) -> bool:
    return any(found["code"] == TWIN for found in page.findings)


# what the grid can be narrowed to: name in the address, words, which pages
FILTERS: tuple[tuple[str, str, Chooses], ...] = (
    ("", "Tất cả", lambda page: page.state != OPEN.SET_ASIDE),
    ("cho", "Chờ xác nhận vùng", lambda page: page.state == OPEN.PREPARED),
    ("nghi-van", "Có nghi vấn", lambda page: page.state in (OPEN.PREPARED, OPEN.CONFIRMED) and bool(page.findings)),
    ("hong", "Cần quét lại", lambda page: page.state == OPEN.REFUSED),
    ("trung", "Trùng", _is_twin),
    ("bo-qua", "Bỏ qua", lambda page: page.state == OPEN.SET_ASIDE),
)


def context(request: HttpRequest, batch: ScanBatch) -> dict[str, Any]:
    """Everything the page of a batch shows."""
    actor = actor_of(request)
    pages, far = queries.pages_of(batch), queries.progress(batch)
    is_open = batch.state == ScanBatchState.OPEN
    wanted = request.GET.get("loc", "")
    chooses = next((chooses for name, _label, chooses in FILTERS if name == wanted), FILTERS[0][2])
    page = shown(request, [each for each in pages if chooses(each)], PAGES_AT_ONCE)
    places = places_of(pages)
    return {
        "batch": batch,
        "title": batch_title(batch),
        "register_name": register_name(batch.book.register_type),
        "office_name": office_names([batch.origin_office_id]).get(batch.origin_office_id, ""),
        "opened_by": names_of_officers([batch.created_by]).get(batch.created_by, ""),
        "state_text": state_words(batch.state, ScanBatchState),
        "state_tone": BATCH_TONES[ScanBatchState(batch.state)],
        "failure": text_of(batch.failure) if batch.failure else "",
        "breadcrumb": crumbs(batch)[:-1] + [{"label": batch_title(batch), "url": ""}],
        "steps": tabs(batch, far, "batch"),
        "may_prepare": actor.may(PREPARE) and is_open,
        "may_reopen": actor.may(PREPARE) and batch.state == ScanBatchState.FINISHED,
        "far": far,
        "page_total": len(pages),
        "parts": _parts(far),
        "next_step": _next_step(batch, pages, far),
        "printed": _printed(batch, pages) if actor.may(PREPARE) else {},
        "layouts": queries.layouts_for(batch.book, actor) if is_open else [],
        "filters": _filters(request, pages, wanted),
        "is_filtered": bool(wanted),
        "cards": [_card(each, places) for each in page.object_list],
        "first_position": page.start_index(),
        "list_page": page,
        "upload": _upload(batch),
    }


def _parts(far: queries.Progress) -> list[Part]:
    order = (("confirmed", "ok"), ("prepared", "accent"), ("refused", "error"), ("received", "muted"))
    return [Part(page_words(state), far.pages[state], tone) for state, tone in order if far.pages.get(state)]


def _next_step(batch: ScanBatch, pages: Sequence[ScanPage], far: queries.Progress) -> dict[str, str]:
    """The one thing to do next: the button at the top of the page. Empty while there is nothing, or nothing to do."""
    if batch.state != ScanBatchState.OPEN or not pages:
        return {}
    prepared = next((page for page in pages if page.state == OPEN.PREPARED), None)
    if prepared is not None:
        return {"url": page_url(prepared), "label": _("Xác nhận vùng"), "icon": "edit"}
    if far.pages.get("confirmed"):
        return {
            "url": reverse("digitisation:cases", args=[batch.id]),
            "label": _("Đến trường hợp và số"),
            "icon": "right",
        }
    return {}


def _printed(batch: ScanBatch, pages: Sequence[ScanPage]) -> dict[str, str]:
    """What the page numbers a machine read say against the order of the pages; empty when nothing."""
    found = queries.printed_order(batch, pages)
    if found is None:
        return {}
    notes = []
    if found.doubles:
        notes.append(_("Số đọc được ở nhiều trang: %(numbers)s.") % {"numbers": _listed(found.doubles)})
    if found.gaps:
        notes.append(_("Số không thấy trang nào: %(numbers)s.") % {"numbers": _listed(found.gaps)})
    return {"notes": " ".join(notes), "key": "-".join(str(each) for each in found.order)}


def _listed(numbers: Sequence[int]) -> str:
    """The first of many numbers: a book that lacks half its pages needs no list of them."""
    return ", ".join(map(str, numbers[:MOST_LISTED])) + ("…" if len(numbers) > MOST_LISTED else "")


def _filters(request: HttpRequest, pages: Sequence[ScanPage], wanted: str) -> list[dict[str, Any]]:
    lines = []
    for name, label, chooses in FILTERS:
        count = sum(map(chooses, pages))
        if not count and name and name != wanted:
            continue
        query = f"?loc={name}" if name else request.path.removesuffix("cap-nhat/")
        lines.append({"label": _(label), "url": query, "count": count, "active": name == wanted})
    return lines


def _card(page: ScanPage, places: Mapping[UUID, int]) -> dict[str, Any]:
    found = finding_texts(page, places)
    return {
        "page": page,
        "place": places.get(page.id, 0),
        "url": page_url(page),
        "thumb": f"{reverse('digitisation:page_thumb', args=[page.id])}?v={page.version}"
        if page.flat_id or page.delivered_id
        else "",
        "state": page_words(page.state),
        "tone": "warning" if found and page.state == OPEN.PREPARED else PAGE_TONES[OPEN(page.state)],
        "findings": found,
        "cases": len(page.boxes),
        "key": f"{page.version}-{page.state}-{page.position}",
        "is_aside": page.state == OPEN.SET_ASIDE,
        "is_refused": page.state == OPEN.REFUSED,
    }


def _upload(batch: ScanBatch) -> dict[str, Any]:
    """What the script that sends files needs: addresses, the limit, its words."""
    return {
        "url": reverse("digitisation:batch_receive", args=[batch.id]),
        "known_url": reverse("digitisation:batch_known", args=[batch.id]),
        "limit": FILE_LIMIT,
        "words": {
            "too_large": _("Tệp quá lớn: tối đa %(limit)d MB.") % {"limit": FILE_LIMIT // 1024**2},
            "empty": _("Tệp rỗng."),
            "unreadable": _("Không đọc được tệp trên máy này."),
            "known": _("Đã có trong đợt, không gửi lại"),
            "state_waiting": _("Chờ gửi"),
            "state_sending": _("Đang gửi"),
            "state_received": _("Đã nhận"),
            "state_known": _("Đã có"),
            "state_refused": _("Không nhận"),
            "state_stopped": _("Chưa gửi được"),
            "line_down": _("Mất kết nối, thử lại sau {n} giây"),
            "stopped": _("Chưa gửi được vì mất kết nối"),
            "signed_out": _("Phiên làm việc đã hết: hãy đăng nhập ở thẻ khác rồi bấm “Gửi tiếp”"),
            "done": _("Đã gửi xong."),
            "sum": _("{received} tệp đã nhận, {known} tệp đã có từ trước, {refused} tệp không nhận."),
            "left": _("Lần trước còn {n} tệp chưa gửi. Hãy chọn lại thư mục: tệp đã nhận sẽ được bỏ qua."),
        },
    }


def known_files(batch: ScanBatch, wanted: Iterable[str]) -> set[str]:
    """Those of the hashes that are masters of this batch."""
    masters = ScanPage.objects.filter(batch=batch, master__sha256__in=list(wanted))
    return set(masters.values_list("master__sha256", flat=True))


def receive(batch: ScanBatch, given: Sequence[UploadedFile[Any]], actor: Actor) -> Received:
    """Hand uploaded files on; the work on them is ordered in the same transaction."""
    if not given:
        raise RuleBroken("file_empty", field="file", name="")
    files = [new_file(each) for each in given]
    received = services.receive_page_files(actor=actor, at=clock.now(), batch_id=batch.id, files=files)
    if received.added:
        tasks.process_later(actor, batch)
    return received


def new_file(given: UploadedFile[Any]) -> NewFile:
    """An uploaded file as the services take it: what is large stays on the disk until it is read."""
    if (given.size or 0) > FILE_LIMIT:
        raise RuleBroken("file_too_large", field="file", name=given.name or "", most=FILE_LIMIT // 1024**2)
    content = Path(given.temporary_file_path()) if isinstance(given, TemporaryUploadedFile) else given.read()
    return NewFile(given.name or "trang", content, given.content_type or "application/octet-stream")


def tell_received(request: HttpRequest, received: Received) -> None:
    """After the plain form: what was taken, what was there, what was refused and why."""
    if received.added:
        count = len(received.added)
        messages.success(request, ngettext("Đã nhận %d trang.", "Đã nhận %d trang.", count) % count)
    if received.known:
        count = len(received.known)
        messages.info(request, ngettext("%d tệp đã có trong đợt.", "%d tệp đã có trong đợt.", count) % count)
    for name, refusal in received.refused:
        messages.error(request, f"{name}: {text_of_problem(refusal)}")


def move(batch: ScanBatch, asked: Mapping[str, Any], actor: Actor) -> int:
    """Move a page before another one of its batch, or (from the plain form) to a place; where it stands then."""
    pages = queries.pages_of(batch)
    by_id = {str(page.id): page for page in pages}
    page = by_id.get(str(asked.get("page", "")))
    if page is None:
        raise RuleBroken("scan_page_unknown")
    before = _before(pages, page, asked)
    services.move_page(actor=actor, at=clock.now(), page_id=page.id, before_id=before, version=page.version)
    return places_of(queries.pages_of(batch)).get(page.id, 0)


def _before(pages: Sequence[ScanPage], page: ScanPage, asked: Mapping[str, Any]) -> UUID | None:
    others = [each for each in pages if each.id != page.id]
    if "place" in asked:
        text = str(asked["place"])
        if not text.isdigit() or not int(text):
            raise RuleBroken("request_malformed")
        used = list(places_of(others))
        return used[int(text) - 1] if int(text) <= len(used) else None
    wanted = str(asked.get("before", ""))
    if not wanted:
        return None
    found = next((each.id for each in others if str(each.id) == wanted), None)
    if found is None:
        raise RuleBroken("scan_page_unknown")
    return found
