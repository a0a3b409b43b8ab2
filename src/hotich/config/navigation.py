"""The main navigation and the top bar: what an officer may open, in the order of the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from hotich.accounts.middleware import POST_IN_USE
from hotich.accounts.models import Delegation
from hotich.accounts.queries import posts_of
from hotich.accounts.rules.roles import ROLES
from hotich.config.operation.health import banner_alarms
from hotich.config.operation.texts import alarm_text
from hotich.config.rules.alarms import ERROR
from hotich.digitisation.queries import count_to_review
from hotich.intake.views.parts import waiting_counts
from hotich.kernel.actor import Actor
from hotich.keying.queries.checking import count_to_check
from hotich.keying.views.offline import RIGHTS as OFFLINE_RIGHTS
from hotich.web.rules.navigation import NavigationItem, Shell, mark_active


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the navigation: shown to whoever holds one of `rights`; `count`: figures of `waiting_counts`, added up."""

    label: str
    view: str
    icon: str
    rights: tuple[str, ...]
    group: str = ""
    count: str = ""
    also: str = ""  # another page whose addresses belong to this line


KEYING, LOOKING_UP, SYSTEM = gettext_noop("Số hóa sổ"), gettext_noop("Tra cứu"), gettext_noop("Hệ thống")
POPULATION = gettext_noop("Đối chiếu dân cư")

ENTRIES = (
    Entry(gettext_noop("Trang chủ"), "intake:home", "home", ()),
    Entry(
        gettext_noop("Kiểm kê sổ"),
        "keying:inventory",
        "book",
        ("inventory.manage", "keying.lead", "keying.watch"),
        KEYING,
    ),
    Entry(
        gettext_noop("Quét sổ"),
        "digitisation:batches",
        "scan",
        ("scan.prepare", "scan.review"),
        KEYING,
        "scans_to_review",
    ),
    Entry(gettext_noop("Nhập sổ"), "intake:batches", "import", ("case.import", "case.read"), KEYING),
    Entry(gettext_noop("Nhập liệu"), "keying:home", "keyboard", ("keying.key",), KEYING),
    Entry(gettext_noop("Gói nhập liệu"), "keying:packages", "record", ("keying.lead",), KEYING),
    Entry(gettext_noop("Kiểm tra nhập liệu"), "keying:checking", "check", ("keying.check",), KEYING, "to_check"),
    Entry(gettext_noop("Cần sửa"), "intake:held", "held", ("case.edit",), KEYING, "to_fix"),
    Entry(gettext_noop("Phê duyệt"), "intake:approvals", "approve", ("case.approve",), KEYING, "to_approve"),
    Entry(
        gettext_noop("Nghiệm thu"),
        "keying:acceptances",
        "approve",
        ("keying.accept", "keying.watch", "keying.lead"),
        KEYING,
    ),
    Entry(gettext_noop("Tiến độ nhập liệu"), "keying:board", "chart", ("keying.watch", "keying.lead"), KEYING),
    Entry(gettext_noop("Gửi Bộ Tư pháp"), "intake:dispatch", "queue", ("dispatch.send",), KEYING),
    Entry(
        gettext_noop("Kết quả đối chiếu"),
        "reconciliation:start",
        "chart",
        ("population.watch",),
        POPULATION,
    ),
    Entry(
        gettext_noop("Người cần xác định"),
        "reconciliation:look_up_list",
        "person",
        ("population.settle", "population.verify"),
        POPULATION,
    ),
    Entry(
        gettext_noop("Đối chiếu hàng loạt"),
        "reconciliation:match_runs",
        "link",
        ("population.match", "population.watch"),
        POPULATION,
    ),
    Entry(
        gettext_noop("Mô hình đối chiếu"),
        "reconciliation:model",
        "chart",
        ("population.match", "population.watch"),
        POPULATION,
    ),
    Entry(
        gettext_noop("Trao đổi CSDL dân cư"),
        "reconciliation:population_requests",
        "queue",
        ("population.settle", "population.verify", "population.watch"),
        POPULATION,
        "population_requests",
    ),
    Entry(
        gettext_noop("Danh sách theo dõi"),
        "reconciliation:tracking",
        "note",
        ("population.verify", "population.settle", "population.watch"),
        POPULATION,
        "tracking list_exports",
    ),
    Entry(
        gettext_noop("Trùng lặp, gia đình"),
        "reconciliation:proposals",
        "people",
        ("person.decide_links",),
        POPULATION,
    ),
    Entry(gettext_noop("Tìm bản ghi"), "records:search", "search", ("record.read",), LOOKING_UP),
    Entry(gettext_noop("Tra cứu ngoài cơ quan"), "persons:foreign_look_up", "link", ("record.look_up",), LOOKING_UP),
    Entry(gettext_noop("Sổ hộ tịch"), "records:books", "book", ("book.read",), LOOKING_UP),
    Entry(gettext_noop("Thông báo ghi chú"), "records:notices", "note", ("record.annotate",), LOOKING_UP, "notices"),
    Entry(
        gettext_noop("Sửa lỗi nhập liệu"),
        "records:repairs",
        "edit",
        ("record.approve_repair", "record.repair"),
        LOOKING_UP,
        "repairs",
    ),
    Entry(
        gettext_noop("Xuất dữ liệu"),
        "intake:exports",
        "export",
        ("export.request", "export.approve"),
        LOOKING_UP,
        "exports",
    ),
    Entry(gettext_noop("Rà soát việc xem"), "persons:oversight", "audit", ("reading.review",), LOOKING_UP, "glasses"),
    Entry(gettext_noop("Nhật ký"), "persons:audit_entries", "audit", ("audit.read",), SYSTEM),
    Entry(gettext_noop("Tài khoản cán bộ"), "account_officers", "people", ("officer.manage",), SYSTEM),
    Entry(
        gettext_noop("Ủy quyền"),
        "account_delegations",
        "person",
        ("officer.delegate", "officer.manage"),
        SYSTEM,
        "lent",
    ),
    Entry(gettext_noop("Thiết bị"), "account_devices", "lock", ("device.manage",), SYSTEM),
    Entry(
        gettext_noop("Đơn vị, cơ quan"),
        "registers:units",
        "office",
        ("dictionary.read",),
        SYSTEM,
        "operations",
        "registers:offices",
    ),
    Entry(gettext_noop("Từ điển dữ liệu"), "registers:dictionary", "dictionary", ("dictionary.read",), SYSTEM),
    Entry(gettext_noop("Tình trạng hệ thống"), "operation:state", "chart", ("technical.manage",), SYSTEM),
    Entry(
        gettext_noop("Cấu hình"), "registers:configuration", "settings", ("parameters.read",), SYSTEM, "configuration"
    ),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Template context: `navigation` (the entries the present officer may use) and `shell` (the top bar)."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"navigation": [], "shell": Shell()}
    counts = {
        **waiting_counts(request), "scans_to_review": count_to_review(actor), "to_check": count_to_check(actor),
    }  # fmt: skip
    shown = [_item(entry, counts) for entry in ENTRIES if not entry.rights or any(map(actor.may, entry.rights))]
    return {
        "navigation": mark_active([item for item in shown if item.url], request.path),
        "shell": _shell(request, actor),
    }


def _item(entry: Entry, counts: dict[str, int]) -> NavigationItem:
    return NavigationItem(
        label=gettext(entry.label),
        url=address(entry.view),
        icon=entry.icon,
        group=gettext(entry.group) if entry.group else "",
        count=sum(counts.get(each, 0) for each in entry.count.split()) or None,
        also=tuple(filter(None, [address(entry.also)])) if entry.also else (),
    )


def address(view: str) -> str:
    """The address of a page; "" where its app is not part of the addresses (tests of one app alone)."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


def _shell(request: HttpRequest, actor: Actor) -> Shell:
    lent = getattr(request, "delegation", None) if actor.on_behalf_of is not None else None
    posts = posts_of(request.user)  # type: ignore[arg-type]
    chosen = request.session.get(POST_IN_USE)
    post = next((held for held in posts if held.id == chosen), posts[0] if posts else None)
    role = ROLES.get(post.role) if post else None
    return Shell(
        officer_name=request.user.get_full_name() if hasattr(request.user, "get_full_name") else actor.login,
        office_name=lent.office.name if lent else post.office.name if post else "",
        post_name=_in_place_of(lent) if lent else gettext(role.name) if role else "",
        post_url=reverse("account_profile") if lent or len(posts) > 1 else "",
        sign_out_url=reverse("account_logout"),
        account_url=reverse("account_profile"),
        search_url=address("records:search") if actor.may("record.read") else "",
        search_label=gettext("Tìm họ tên, số đăng ký"),
        notice=_in_place_of(lent, whole=True) if lent else _notice(request, actor),
        parts=("keying/parts/sign_out.html",) if any(map(actor.may, OFFLINE_RIGHTS)) and address("keying:beat") else (),
    )


def _notice(request: HttpRequest, actor: Actor) -> str:
    """The worst alarm, for whoever looks after the machines; on the page of the alarms they all stand anyway."""
    if not actor.may("technical.manage") or request.path == address("operation:state"):
        return ""
    worst = [alarm for alarm in banner_alarms() if alarm.level == ERROR]
    return alarm_text(worst[0]) if worst else ""


def _in_place_of(lent: Delegation, *, whole: bool = False) -> str:
    """In whose place the officer acts; `whole`: with the office and the last day, above every page."""
    words = {"name": lent.delegator.full_name, "office": lent.office.name, "day": f"{lent.valid_to:%d/%m/%Y}"}
    if not whole:
        return gettext("Thay mặt %(name)s") % words
    return gettext("Đang làm việc thay mặt %(name)s tại %(office)s, đến hết ngày %(day)s.") % words
