"""What the queue and the page of a package to be checked show: rows, states in words, what may be done next."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from hotich.accounts.queries import names_of_officers
from hotich.kernel.actor import Actor
from hotich.keying.models import (
    CheckMode,
    CheckState,
    Entry,
    EntryKind,
    ItemState,
    KeyingPackage,
    PackageItem,
    PackageState,
)
from hotich.keying.queries import checking as queries
from hotich.registers.views.parts import short_name
from hotich.web.rules.tables import Cell, Column, Row

STATE_TONES = {
    CheckState.PENDING: "muted",
    CheckState.DIFFERS: "warning",
    CheckState.RETURNED: "error",
    CheckState.PASSED: "ok",
}
# shorter than in the lists of choices: they stand in tables
MODE_WORDS = {
    CheckMode.REVIEW: "Soát bên bản quét",
    CheckMode.BLIND_CRITICAL: "Nhập lại trường trọng yếu",
    CheckMode.DOUBLE: "Nhập lại toàn bộ",
}
STATE_WORDS = {
    CheckState.PENDING: "Chờ kiểm tra",
    CheckState.DIFFERS: "Có khác biệt",
    CheckState.RETURNED: "Bị trả lại",
    CheckState.PASSED: "Đã kiểm tra",
}
KIND_WORDS = {
    "critical": "Nhập lại trường trọng yếu",
    "double": "Nhập lại toàn bộ",
    "sample": "Nhập lại toàn bộ (mẫu)",
}
BUTTON_WORDS = {
    "critical": "Nhập lại trường trọng yếu (%(number)d)",
    "double": "Nhập lại toàn bộ (%(number)d)",
    "sample": "Nhập lại mẫu (%(number)d)",
}


def keying_url(package: KeyingPackage) -> str:
    """The keying screen with the package opened for a second keying; the package stands behind the `#` only."""
    return f"{reverse('keying:entry')}#kiem-tra/{package.id}"


def package_title(package: KeyingPackage) -> str:
    """ "Khai sinh 01/2006 – gói 3"."""
    return _("%(register)s %(book)s – gói %(position)d") % {
        "register": short_name(package.book.register_type), "book": package.book.label, "position": package.position,
    }  # fmt: skip


def place_title(place: PackageItem) -> str:
    """ "Số 12a/2006", or the place in the package where no number is expected. Never the number that was keyed."""
    if place.number is None or place.position % 1000:
        return _("Chỗ thứ %(place)s") % {"place": f"{place.position / 1000:.3f}".rstrip("0").rstrip(".")}
    year = f"/{place.registration_year}" if place.registration_year else ""
    return _("Số %(number)s") % {"number": f"{place.number}{place.number_suffix}{year}"}


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of checking."""
    first = (_("Kiểm tra nhập liệu"), reverse("keying:checking") if more else "")
    return [{"label": label, "url": url} for label, url in (first, *more)]


# ---- the queue


def queue_context(actor: Actor) -> dict[str, Any]:
    """Three tables: mine, to settle as somebody who keyed neither, to take."""
    found = queries.check_queue(actor)
    packages = [*found.mine, *found.to_settle, *found.to_check]
    names = names_of_officers({each for p in packages for each in (p.keyer, p.checker) if each is not None})
    columns = [Column(_("Gói")), Column(_("Cách kiểm tra")), Column(_("Người nhập liệu")),
               Column(pgettext("count", "Trường hợp"), "number"), Column(_("Nộp lúc"))]  # fmt: skip
    left = [*columns[:3], Column(_("Còn lại"), "number"), columns[4]]
    return {
        "breadcrumb": crumbs(),
        "columns": columns,
        "columns_left": left,
        "mine": [_row(each, names, each.entries_left) for each in found.mine],  # type: ignore[attr-defined]
        "to_settle": [_row(each, names, each.entries_differing) for each in found.to_settle],  # type: ignore[attr-defined]
        "to_check": [_row(each, names, each.entries_total) for each in found.to_check],  # type: ignore[attr-defined]
        "first_url": _first_url(actor, found),
    }


def _first_url(actor: Actor, found: queries.Queue) -> str:
    for package in (*found.mine, *found.to_settle):
        entry = queries.next_to_look_at(actor, package)
        if entry is not None:
            return reverse("keying:check_entry", args=[entry])
    return ""


def _row(package: KeyingPackage, names: dict[int, str], number: int) -> Row:
    url = reverse("keying:check_package", args=[package.id])
    note = _("theo yêu cầu, có người đang chờ") if package.is_on_demand else ""
    released = date_format(localtime(package.released_at), "H:i d/m/Y") if package.released_at else ""
    return Row(
        str(package.id),
        [Cell(package_title(package), url, note=note), _(MODE_WORDS[CheckMode(package.mode)]),
         names.get(package.keyer or 0, ""), number, released],
        tone="warning" if package.is_on_demand else "",
    )  # fmt: skip


# ---- one package


def package_context(actor: Actor, package: KeyingPackage) -> dict[str, Any]:
    """The package with its entries; the buttons are those that lead on from here."""
    rows = queries.rows_of(queries.entries_in_order(package), actor)
    is_mine = package.state == PackageState.CHECKING and package.checker in actor.hands
    is_own = package.keyer in actor.hands or any(row.entry.keyer in actor.hands for row in rows)
    waiting = queries.kinds_outstanding(rows) if is_mine else {}
    states = Counter(row.entry.check_state for row in rows)
    names = names_of_officers(
        {each for row in rows for each in (row.entry.keyer, row.entry.checker) if each is not None}
        | {each for each in (package.keyer, package.checker) if each is not None}
    )
    following = queries.next_to_look_at(actor, package)
    left = states[CheckState.PENDING] + states[CheckState.DIFFERS]
    return {
        "breadcrumb": crumbs((package_title(package), "")),
        "package": package,
        "title": package_title(package),
        "state_words": PackageState(package.state).label,
        "facts": _facts(package, names),
        "stats": _stats(states, len(rows)),
        "may_start": package.state == PackageState.RELEASED and not is_own,
        "is_own": is_own,
        "is_mine": is_mine,
        "is_of_other": package.state == PackageState.CHECKING and not is_mine,
        "second_keyings": [
            {"label": _(BUTTON_WORDS[kind]) % {"number": number}, "url": keying_url(package)}
            for kind, number in list(waiting.items())[:1]  # one kind after the other: the screen loads what comes first
        ],
        "first_url": reverse("keying:check_entry", args=[following]) if following else "",
        "may_finish": package.state == PackageState.CHECKING and not is_own and left == 0,
        "is_returning": states[CheckState.RETURNED] > 0,
        "columns": [Column(_("Trường hợp")), Column(_("Kiểm tra")), Column(_("Việc cần làm")),
                    Column(_("Cảnh báo"), "number"), Column(_("Người kiểm tra"))],
        "rows": [_entry_row(row, names, actor, is_mine=is_mine) for row in rows],
        "left_places": [_left_place(place) for place in queries.places_without_entry(package)],
    }  # fmt: skip


def _facts(package: KeyingPackage, names: dict[int, str]) -> list[dict[str, Any]]:
    share = f"{package.sample_per_mille / 10:.1f}".rstrip("0").rstrip(".").replace(".", ",")
    lines = [
        (_("Cách kiểm tra"), _(CheckMode(package.mode).label)),
        (_("Mẫu nhập lại toàn bộ"), _("%(share)s%% số trường hợp của mỗi người nhập") % {"share": share}),
        (_("Người nhập liệu"), names.get(package.keyer or 0, "")),
        (_("Người kiểm tra"), names.get(package.checker or 0, "") if package.check_started_at else ""),
    ]
    return [{"label": label, "value": value} for label, value in lines if value]


def _stats(states: Counter[str], total: int) -> list[dict[str, Any]]:
    return [
        {"label": pgettext("count", "Trường hợp"), "value": total, "tone": ""},
        *(
            {
                "label": _(STATE_WORDS[state]),
                "value": states[state],
                "tone": STATE_TONES[state] if states[state] else "",
            }
            for state in (CheckState.PENDING, CheckState.DIFFERS, CheckState.RETURNED, CheckState.PASSED)
        ),
    ]


def _entry_row(row: queries.EntryRow, names: dict[int, str], actor: Actor, *, is_mine: bool) -> Row:
    entry = row.entry
    state = CheckState(entry.check_state)
    kind = "" if entry.kind == EntryKind.CASE else _(EntryKind(entry.kind).label)
    is_hidden = bool(row.waits_for) or (state == CheckState.DIFFERS and not row.may_settle)
    url = "" if is_hidden else reverse("keying:check_entry", args=[entry.id])
    warnings = entry.case.warning_count if entry.case is not None else 0
    return Row(
        str(entry.id),
        [
            Cell(place_title(entry.item), url, note=kind),
            Cell(_(STATE_WORDS[state]), tone=STATE_TONES[state]),
            _to_do(row, is_mine=is_mine),
            warnings or "",
            names.get(entry.checker or 0, "") if state in (CheckState.PASSED, CheckState.RETURNED) else "",
        ],
        tone="warning" if state == CheckState.DIFFERS else "error" if state == CheckState.RETURNED else "",
    )


def _to_do(row: queries.EntryRow, *, is_mine: bool) -> Cell:
    notes = [_("thuộc mẫu")] if row.entry.is_sample else []
    words = _what_to_do(row, is_mine=is_mine)
    if not row.is_alone:
        return Cell(words, note="; ".join(notes))
    decision = _("Quyết định có nhập hay không")
    url = reverse("keying:originals", args=[row.entry.package.book_id])
    return Cell(words or decision, "" if words else url, note="; ".join([_("chỉ có ở bản lưu cấp huyện"), *notes]))


def _what_to_do(row: queries.EntryRow, *, is_mine: bool) -> str:
    state = row.entry.check_state
    if state == CheckState.RETURNED:
        return _("Người nhập sửa lại")
    if row.is_paired:
        return _("Quyết định bên bản lưu kia")
    if row.waits_for:
        return _(KIND_WORDS[row.waits_for])
    if state == CheckState.DIFFERS:
        words = ngettext("%(number)d khác biệt", "%(number)d khác biệt", row.open_differences)
        told = words % {"number": row.open_differences}
        return told if row.may_settle else _("%(differences)s, chờ người thứ ba") % {"differences": told}
    if state == CheckState.PENDING:
        return _("Soát bên bản quét") if is_mine else ""
    return ""


def _left_place(place: PackageItem) -> dict[str, str]:
    return {"title": place_title(place), "state": _(ItemState(place.state).label), "reason": place.reason}


def progress_words(package: KeyingPackage) -> str:
    """ "3/40" – how many entries of the package are decided."""
    states = list(Entry.objects.filter(package=package).values_list("check_state", flat=True))
    return f"{sum(state in (CheckState.PASSED, CheckState.RETURNED) for state in states)}/{len(states)}"
