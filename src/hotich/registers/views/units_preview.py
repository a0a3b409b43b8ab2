"""What the page of an operation shows: the act, the plan in words, the preview and the steps. No page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hotich.accounts.queries import names_of_officers
from hotich.accounts.rules.roles import ROLES
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import Severity
from hotich.registers.models import Book
from hotich.registers.queries.succession import Impact, impact_of, posts_at
from hotich.registers.views.parts import short_name
from hotich.units.models import AdministrativeUnit, ChangeKind, UnitOperation
from hotich.units.queries import offices_of_units
from hotich.units.rules.offices import unit_name
from hotich.units.rules.plans import Plan, Target, completed, from_json
from hotich.units.rules.workflow import may_step
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of, text_of_problem

TONES = {"draft": "muted", "proposed": "accent", "approved": "brand", "in_force": "ok", "cancelled": "muted"}
LONGEST_LIST = 60


def operation_context(operation: UnitOperation, actor: Actor) -> dict[str, Any]:
    """Everything the page shows."""
    plan = from_json(operation.plan)
    waits = operation.state in ("draft", "proposed", "approved")
    impact = impact_of(operation, today=clock.today()) if waits else None
    own = bool(actor.hands & set(operation.touched_by))
    context = {
        "operation": operation,
        "plan": plan,
        "state_tone": TONES[operation.state],
        "facts": _facts(operation),
        "impact": impact,
        "problems": _problems(impact),
        "may_edit": actor.may("unit.manage") and may_step(operation.state, "edit"),
        "may_propose": actor.may("unit.manage") and may_step(operation.state, "propose"),
        "may_approve": actor.may("unit.approve") and may_step(operation.state, "approve") and not own,
        "is_own_waiting": own and operation.state == "proposed",
        "may_send_back": actor.may("unit.approve") and may_step(operation.state, "send_back"),
        "may_cancel": (actor.may("unit.manage") or actor.may("unit.approve")) and may_step(operation.state, "cancel"),
        "outcome": _outcome(operation.outcome),
        "refused": text_of(operation.outcome["refused"]) if "refused" in operation.outcome else "",
        "is_due_now": operation.effective_on <= clock.today(),
        **_plan_parts(plan),
    }
    if impact is not None:
        context |= _preview_tables(impact)
        context |= _choices(operation, plan, impact)
    return context


def _facts(operation: UnitOperation) -> list[dict[str, Any]]:
    names = names_of_officers(filter(None, [operation.created_by, operation.approved_by, *operation.touched_by]))
    writers = ", ".join(names.get(officer, "–") for officer in operation.touched_by)
    act = operation.act_number
    if operation.act_date:
        act = _("%(number)s ngày %(day)s") % {"number": act, "day": f"{operation.act_date:%d/%m/%Y}"}
    approved = names.get(operation.approved_by or 0, "")
    return [
        {"label": _("Ngày hiệu lực"), "value": f"{operation.effective_on:%d/%m/%Y}"},
        {"label": _("Văn bản"), "value": act, "note": operation.act_authority},
        {"label": _("Liên kết tới văn bản"), "value": operation.act_link},
        {"label": _("Người soạn"), "value": writers},
        {"label": _("Người duyệt"), "value": approved},
        {"label": _("Ghi chú"), "value": operation.notes},
    ]


def _problems(impact: Impact | None) -> list[dict[str, str]]:
    if impact is None:
        return []
    return [
        {"tone": "error" if each.severity is Severity.ERROR else "warning", "text": text_of_problem(each)}
        for each in impact.problems
    ]


def _plan_parts(plan: Plan) -> dict[str, Any]:
    units = AdministrativeUnit.objects.in_bulk(
        {*plan.touched_units, *(new.parent for new in plan.begins if isinstance(new.parent, int))}
    )
    names: dict[Target, str] = {id_: f"{unit.name} ({unit.code})" for id_, unit in units.items()}
    names |= {new.key: f"{unit_name(new.kind, new.short_name)} ({new.code})" for new in plan.begins}
    return {
        "ends": [(unit, names.get(unit, "")) for unit in plan.ends],
        "begins": [(new.key, names[new.key], names.get(new.parent, "") if new.parent else "") for new in plan.begins],
        "shares": [
            {"key": f"{share.source}>{share.target}", "source": names.get(share.source, ""),
             "target": names.get(share.target, ""), "words": share.words, "is_default": share.is_default,
             "is_divided": len(plan.shares_from(share.source)) > 1, "is_typed": share in plan.shares}
            for share in completed(plan).shares
        ],
        "has_provinces": any(unit.level == "province" for id_, unit in units.items() if id_ in plan.ends),
    }  # fmt: skip


def _what(code: str) -> Cell:
    words = {
        "ends": _("Kết thúc"), "gives": _("Chuyển một phần"), "begins": _("Hình thành"), "moves": _("Đổi cấp trên"),
        "closes": _("Kết thúc"), "opens": _("Mở mới"), "changes": _("Đổi tên, mã"),
    }  # fmt: skip
    tones = {"ends": "warning", "closes": "warning", "begins": "ok", "opens": "ok"}
    return Cell(words[code], tone=tones.get(code, "muted"))


def _preview_tables(impact: Impact) -> dict[str, Any]:
    units = list(impact.preview.units)
    kinds = dict(ChangeKind.choices)
    rows = [
        Row(f"u{place}", [_what(line.what), Cell(line.name, note=line.share), line.code,
                          Cell(line.target or "–", note=_("giữ sổ") if line.is_default and line.share else ""),
                          str(kinds.get(line.kind, "–"))])
        for place, line in enumerate(units[:LONGEST_LIST])
    ]  # fmt: skip
    offices = [
        Row(f"o{place}", [_what(line.what), line.name, line.code, line.new_code or "–", line.after or "–"])
        for place, line in enumerate(impact.preview.offices)
    ]
    closing = [
        Row(f"c{each.office.id}", [each.office.name, each.books, each.posts, each.open_work]) for each in impact.offices
    ]
    return {
        "unit_columns": [Column(_("Việc")), Column(_("Đơn vị")), Column(_("Mã"), "code"), Column(_("Sang, thuộc")),
                         Column(_("Cách thay đổi"))],
        "unit_rows": rows,
        "units_more": max(0, len(units) - LONGEST_LIST),
        "office_columns": [Column(_("Việc")), Column(_("Cơ quan")), Column(_("Mã"), "code"),
                           Column(_("Mã sau đó"), "code"), Column(_("Tên mới, cơ quan giữ sổ"))],
        "office_rows": offices,
        "closing_columns": [Column(_("Cơ quan kết thúc")), Column(_("Sổ chuyển nơi giữ"), "number"),
                            Column(_("Vị trí cán bộ"), "number"), Column(_("Trường hợp chưa xong"), "number")],
        "closing_rows": closing,
        "stats": [
            {"label": _("Đơn vị thay đổi"), "value": len(units)},
            {"label": _("Cơ quan thay đổi"), "value": len(impact.preview.offices)},
            {"label": _("Sổ chuyển nơi giữ"), "value": sum(each.books for each in impact.offices)},
            {"label": _("Vị trí cán bộ"), "value": sum(each.posts for each in impact.offices)},
            {"label": _("Tên cũ đọc sang mã mới"), "value": impact.former_units,
             "note": _("đơn vị trong lịch sử")},
        ],
    }  # fmt: skip


def _choices(operation: UnitOperation, plan: Plan, impact: Impact) -> dict[str, Any]:
    """For offices of divided units: books and posts with the successors they may go to."""
    divided = [unit for unit in plan.ends if len(plan.shares_from(unit)) > 1]
    offices = offices_of_units(divided)
    by_office = {office.id: unit for unit, office in offices.items() if office.id in impact.preview.closing}
    names = _plan_names(plan)
    books = Book.objects.filter(keeping_office_id__in=by_office).select_related("origin_office")
    books = books.order_by("origin_office__code", "register_type", "opening_year", "number")

    def options(unit: int, chosen: Target | None) -> list[tuple[str, str, bool]]:
        return [(str(s.target), names.get(s.target, ""), s.target == chosen) for s in plan.shares_from(unit)]

    return {
        "divided_books": [
            {"id": f"so:{book.id}", "label": f"{short_name(book.register_type)} {book.label}",
             "note": book.origin_office.name,
             "options": options(by_office[book.keeping_office_id],
                                plan.books.get(str(book.id), plan.default_target(by_office[book.keeping_office_id])))}
            for book in books[:500]
        ],
        "divided_posts": [
            {"id": f"vi-tri:{post.id}", "label": post.officer.full_name, "note": _(ROLES[post.role].name),
             "options": options(by_office[post.office_id],
                                plan.posts.get(post.id, plan.default_target(by_office[post.office_id])))}
            for post in posts_at(by_office, operation.effective_on) if post.role in ROLES
        ],
    }  # fmt: skip


def _plan_names(plan: Plan) -> dict[Target, str]:
    units = AdministrativeUnit.objects.in_bulk([share.target for share in plan.shares if isinstance(share.target, int)])
    names: dict[Target, str] = {id_: unit.name for id_, unit in units.items()}
    return names | {new.key: unit_name(new.kind, new.short_name) for new in plan.begins}


def _outcome(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    words = {
        "units_ended": _("Đơn vị kết thúc"), "units_begun": _("Đơn vị hình thành"),
        "offices_closed": _("Cơ quan kết thúc"), "offices_opened": _("Cơ quan mở mới"),
        "offices_changed": _("Cơ quan đổi tên, mã"), "books": _("Sổ chuyển nơi giữ"),
        "posts_ended": _("Vị trí cán bộ kết thúc"), "posts_given": _("Vị trí cán bộ tiếp tục"),
    }  # fmt: skip
    return [{"label": label, "value": counts.get(code, 0)} for code, label in words.items() if code in counts]
