"""What the editor of a page shows, and what its script is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from hotich.digitisation import queries
from hotich.digitisation.models import ScanBatchState, ScanPage, ScanPageState
from hotich.digitisation.services.isolation import picture_of, run_one
from hotich.digitisation.views.parts import (
    PAGE_TONES,
    PREPARE,
    actor_of,
    crumbs,
    finding_texts,
    page_url,
    page_words,
    places_of,
)
from hotich.kernel import clock
from hotich.web.texts import text_of

STATES = ScanPageState


def context(request: HttpRequest, page: ScanPage) -> dict[str, Any]:
    """Everything the page of a scanned page shows."""
    actor, batch = actor_of(request), page.batch
    before, after = queries.neighbour_pages(page)
    places = places_of(queries.pages_of(batch))
    title = title_of(page, places)
    is_open = batch.state == ScanBatchState.OPEN
    may_edit = actor.may(PREPARE) and is_open and page.flat_id is not None
    may_edit = may_edit and page.state in (STATES.PREPARED, STATES.CONFIRMED)
    return {
        "page": page,
        "batch": batch,
        "title": title,
        "place": f"{places.get(page.id, '–')}/{len(places)}",
        "state_text": page_words(page.state),
        "state_tone": PAGE_TONES[STATES(page.state)],
        "findings": finding_texts(page, places),
        "facts": facts_of(page),
        "before_url": page_url(before),
        "after_url": page_url(after),
        "batch_url": reverse("digitisation:batch", args=[batch.id]),
        "breadcrumb": crumbs(batch, (title, "")),
        "waits": page.state == STATES.RECEIVED and not batch.failure,
        "failure": text_of(batch.failure) if batch.failure and page.state == STATES.RECEIVED else "",
        "has_picture": page.flat_id is not None and page.state != STATES.RECEIVED,
        "may_prepare": actor.may(PREPARE) and is_open,
        "may_edit": may_edit,
        "layout": batch.layout,
        "far": queries.progress(batch),
        "editor": data_of(page, may_edit=may_edit, next_url=page_url(after), before_url=page_url(before)),
        "is_crop": False,
        "act_groups": GROUPS,
        "confirm_label": _("Xác nhận, sang trang sau"),
    }


def title_of(page: ScanPage, places: Mapping[UUID, int]) -> str:
    """A page by its place in the batch."""
    place = places.get(page.id)
    return _("Trang %(place)d") % {"place": place} if place else _("Trang được bỏ qua")


def facts_of(page: ScanPage) -> str:
    """Size, resolution and source of the boxes in one line."""
    parts = []
    if page.width and page.height:
        parts.append(f"{page.width} × {page.height}")
    if page.dpi:
        parts.append(_("%(dpi)d điểm/inch") % {"dpi": round(page.dpi)})
    if page.boxes_by:
        sources = {"grid": _("vùng theo đường kẻ"), "layout": _("vùng theo mẫu"), "officer": _("vùng do cán bộ đặt")}
        parts.append(sources.get(page.boxes_by, ""))
    if page.layout_fit is not None:
        parts.append(_("mẫu khớp %(percent)d%%") % {"percent": round(page.layout_fit * 100)})
    return " · ".join(filter(None, parts))


def next_to_confirm(page: ScanPage) -> str:
    """The next page that waits for a confirmation, from this one on and then from the start; the batch when none does."""
    pages = queries.pages_of(page.batch)
    at = next((place for place, each in enumerate(pages) if each.id == page.id), 0)
    waiting = [each for each in (*pages[at + 1 :], *pages[:at]) if each.state == STATES.PREPARED]
    return page_url(waiting[0]) if waiting else reverse("digitisation:batch", args=[page.batch_id])


def proposed(page: ScanPage, drawing: Any) -> dict[str, Any]:
    """Boxes found in the picture by a worker process: by a layout, or (None) by the ruling. Nothing is kept."""
    settings = queries.scan_settings(clock.today())
    argument = {"picture": picture_of(page), "drawing": drawing, "settings": settings}
    found: dict[str, Any] = run_one("hotich.scans.steps:find_boxes", argument)
    return found


def data_of(page: ScanPage, *, may_edit: bool, next_url: str, before_url: str) -> dict[str, Any]:
    """What the script of the editor needs."""
    own = {
        name: reverse(f"digitisation:page_{name}", args=[page.id])
        for name in ("boxes", "grid", "lay", "turn", "corners")
    }
    delivered = None
    if page.delivered_id and page.delivered_width and page.delivered_height:
        delivered = {
            "picture": reverse("digitisation:page_delivered", args=[page.id]),
            "size": {"width": page.delivered_width, "height": page.delivered_height},
            "corners": page.corners or _clockwise(page.corners_found),
        }
    return {
        "version": page.version,
        "size": {"width": page.width or 1, "height": page.height or 1},
        "picture": reverse("digitisation:page_picture", args=[page.id]),
        "delivered": delivered,
        "boxes": page.boxes,
        "boxes_by": page.boxes_by,
        "may_edit": may_edit,
        "urls": {
            "save": own["boxes"], "propose": own["grid"], "lay": own["lay"], "turn": own["turn"],
            "corners": own["corners"], "next": next_url, "before": before_url, "self": page_url(page),
        },
        "words": words(),
    }  # fmt: skip


def _clockwise(corners: Any) -> Any:
    """The corners as they lie on the delivered page, from its upper left: a turned page has them turned."""
    if not corners:
        return None
    first = min(range(4), key=lambda place: corners[place][0] + corners[place][1])
    return [corners[(first + step) % 4] for step in range(4)]


def crop_data(case_id: UUID, page: ScanPage, part: int, version: int, box: Any, back_url: str) -> dict[str, Any]:
    """The same editor for one case alone: its box on this page."""
    made = data_of(page, may_edit=True, next_url="", before_url="")
    here = f"{reverse('digitisation:case_recrop', args=[case_id])}?phan={part}"
    urls = {
        "save": here,
        "propose": "",
        "lay": "",
        "turn": "",
        "corners": "",
        "next": back_url,
        "before": "",
        "self": here,
    }
    return {**made, "version": version, "boxes": [box], "delivered": None, "urls": urls}


def words() -> dict[str, str]:
    """The sentences of the editor's script."""
    return {
        "picture": _("Trang đã nắn thẳng, với các vùng trường hợp"),
        "delivered": _("Trang như đã nhận, với bốn góc tờ giấy"),
        "case_name": _("Vùng {n}: trái {left}, trên {top}, rộng {width}, cao {height}"),
        "header_name": _("Dòng tiêu đề: trái {left}, trên {top}, rộng {width}, cao {height}"),
        "case_line": _("Vùng {n}"),
        "header_line": _("Dòng tiêu đề"),
        "header_short": _("Tiêu đề"),
        "saved": _("Đã lưu"),
        "unsaved": _("Chưa lưu"),
        "working": _("Đang xử lý…"),
        "deleted": _("Đã xóa; còn {n} vùng."),
        "line_down": _("Không nối được với máy chủ. Việc vừa làm chưa được lưu; hãy thử lại."),
        "not_done": _("Máy chủ không làm được việc này. Hãy tải lại trang rồi thử lại."),
        "no_picture": _("Không xem được ảnh của trang."),
        "corner_nw": _("Góc trên trái"),
        "corner_ne": _("Góc trên phải"),
        "corner_se": _("Góc dưới phải"),
        "corner_sw": _("Góc dưới trái"),
        "corners_help": _("Kéo bốn góc đến mép tờ giấy, hoặc dùng phím mũi tên; Enter để nắn lại trang, Esc để thôi."),
    }


# the buttons of the editor: act, key, words; `needs` a chosen box
GROUPS: tuple[tuple[tuple[str, str, str, bool], ...], ...] = (
    (("grid", "G", "Theo đường kẻ", False), ("lay", "L", "Áp mẫu", False)),
    (
        ("new", "N", "Vùng mới", False), ("split", "S", "Chia dòng", True), ("duplicate", "D", "Nhân đôi", True),
        ("header", "H", "Tiêu đề", True), ("delete", "Del", "Xóa", True),
    ),
    (("undo", "U", "Hoàn tác", False), ("redo", "⇧U", "Làm lại", False)),
    (("turn", "R", "Xoay trang", False), ("corners", "P", "Bốn góc", False)),
)  # fmt: skip
# of one case alone there is nothing to find, to split or to turn
CROP_GROUPS = (
    (("new", "N", "Vùng mới", False), ("header", "H", "Dòng tiêu đề", True), ("delete", "Del", "Xóa", True)),
    GROUPS[2],
)
