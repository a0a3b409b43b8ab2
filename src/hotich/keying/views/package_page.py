"""What the page of one package shows: its places with links, its history in words, the acts its state allows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hotich.accounts.queries import names_of_officers
from hotich.audit.rules.verbs import word_of_verb
from hotich.intake.models import CaseState
from hotich.kernel.actor import Actor
from hotich.keying.models import CheckState, Entry, ItemState, KeyingPackage, PackageItem
from hotich.keying.queries import packages as queries
from hotich.keying.queries.officers import officers_able
from hotich.keying.queries.teams import team_choices
from hotich.keying.rules.workflow import PACKAGE
from hotich.keying.services.access import ACCEPT, CHECK, KEY, LEAD
from hotich.keying.views.offline import SCREEN
from hotich.keying.views.package_parts import (
    ITEM_TONES,
    home_crumbs,
    lead_crumbs,
    mode_words,
    package_title,
    package_tone,
    package_words,
    returned_words,
)
from hotich.registers.views.parts import actor_of, register_name
from hotich.web.rules.formats import time_text
from hotich.web.rules.tables import Cell, Column, Row

CASE_WORDS = {
    CaseState.HELD: ("Còn lỗi, người nhập sửa", "error"),
    CaseState.RETURNED: ("Trả lại người nhập", "error"),
    CaseState.CHECKING: ("Chờ kiểm tra", "warning"),
    CaseState.WAITING: ("Chờ duyệt", "brand"),
    CaseState.APPROVED: ("Đã duyệt", "ok"),
    CaseState.WITHDRAWN: ("Đã rút", "muted"),
}


def context_of(request: HttpRequest, package: KeyingPackage) -> dict[str, Any]:
    """Everything the page of a package shows."""
    actor, title = actor_of(request), package_title(package)
    leads = any(map(actor.may, queries.LEADS))
    places, acts = queries.places_of(package), queries.acts_on(package)
    people = {package.keyer, package.assigned_to, package.checker, package.created_by, *(act[1] for act in acts)}
    names = names_of_officers(officer for officer in people if officer is not None)
    return {
        "package": package,
        "returned_words": returned_words(package),
        "title": title,
        "breadcrumb": (lead_crumbs if leads else home_crumbs)((title, "")),
        "state_text": package_words(package),
        "state_tone": package_tone(package),
        "figures": queries.figures_of([package])[package.id],
        "facts": _facts(package, names),
        "columns": [Column(_("Vị trí"), "number"), Column(_("Số")), Column(_("Trạng thái")), Column(_("Trường hợp")),
                    Column(_("Ảnh")), Column(_("Nhận lúc"))],
        "rows": [_row(place, item, entry, actor) for place, (item, entry) in enumerate(places, start=1)],
        "history": [
            {"title": pgettext("act", word_of_verb(verb)), "who": names.get(who or 0, ""), "at": at, "text": reason,
             "tone": "muted"}
            for verb, who, at, reason in acts
        ],
        **_acts(package, actor),
    }  # fmt: skip


def _acts(package: KeyingPackage, actor: Actor) -> dict[str, Any]:
    """What may be done with the package now."""
    allowed = PACKAGE[package.state]
    leads = actor.may(LEAD)
    own = queries.is_own(package, actor)
    return {
        "screen_url": f"{SCREEN}#{package.id}" if own else "",
        "may_release": own,
        "may_assign": leads and "assign" in allowed,
        "may_take_back": leads and "take_back" in allowed,
        "may_withdraw": leads and "withdraw" in allowed,
        "may_return": any(map(actor.may, (LEAD, CHECK, ACCEPT))) and "return" in allowed,
        "officers": [(each.id, each.full_name) for each in officers_able(actor.office_id, KEY)] if leads else [],
        "teams": team_choices(actor) if leads else [],
    }


def _facts(package: KeyingPackage, names: dict[int, str]) -> list[dict[str, Any]]:
    def who(officer: int | None) -> str:
        return names.get(officer, "–") if officer is not None else ""

    def when(at: Any) -> str:
        return time_text(at) if at else ""

    lines = (
        (_("Sổ"), register_name(package.book.register_type)),
        (_("Cơ quan"), package.origin_office.name),
        (_("Cách kiểm tra"), mode_words(package.mode)),
        (_("Người nhập"), who(package.keyer)),
        (_("Giao riêng cho"), who(package.assigned_to)),
        (_("Giao cho tổ"), package.team.name if package.team else ""),
        (_("Nhận lúc"), when(package.checked_out_at)),
        (_("Lý do nhận trước thứ tự"), package.gate_reason),
        (_("Trả lúc"), when(package.released_at)),
        (_("Người kiểm tra"), who(package.checker)),
        (_("Lập bởi"), f"{who(package.created_by)}, {when(package.created_at)}"),
    )
    return [{"label": label, "value": value} for label, value in lines if value]


def _row(place: int, item: PackageItem, entry: Entry | None, actor: Actor) -> Row:
    number = f"{item.number}{item.number_suffix}" if item.number is not None else "–"
    if item.registration_year is not None and item.number is not None:
        number = f"{number}/{item.registration_year}"
    state = ItemState(item.state)
    reads = actor.may("case.read")
    has_picture = item.scanned_case_id is not None or item.page_id is not None
    return Row(
        str(item.id),
        [
            place,
            Cell(number, note=_("tìm thấy khi nhập") if item.position % 1000 else ""),
            Cell(_(str(state.label)), tone=ITEM_TONES[state], note=item.reason),
            _case_cell(entry, reads),
            Cell(_("Xem ảnh"), reverse("keying:picture", args=[item.id])) if has_picture and reads else "–",
            time_text(entry.first_received_at) if entry is not None else "–",
        ],
    )


def _case_cell(entry: Entry | None, reads: bool) -> Cell:
    if entry is None or entry.case is None:
        return Cell("–")
    words, tone = CASE_WORDS[CaseState(entry.case.state)]
    waits = entry.check_state == CheckState.DIFFERS
    text = _("Chờ quyết định khác biệt") if waits else _(words)
    url = reverse("intake:case", args=[entry.case.id]) if reads else ""
    return Cell(text, url) if url else Cell(text, tone=tone)
