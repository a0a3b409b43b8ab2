"""What the page of a batch shows: progress, figures, the state of its cases now, scans, problems by group and row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from hotich.accounts.queries import names_of_officers
from hotich.intake.models import Batch, BatchState, Case, CaseState
from hotich.intake.queries.claims import why_held
from hotich.intake.queries.neighbours import first_to_fix
from hotich.intake.queries.report import batch_report
from hotich.intake.queries.work import books_of_batch, states_of_batch
from hotich.intake.views.case_page import case_url
from hotich.intake.views.parts import era_name, hidden_fields, lang, office_names, page_of, short_name
from hotich.kernel.actor import Actor
from hotich.registers.rules.outputs import text_in
from hotich.registers.types import REGISTER_TYPES
from hotich.web.rules.svg import Part
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import messages, text_of

SEVERITIES = ("error", "warning")
SHOWN_STATES = (
    (CaseState.APPROVED, "ok"),
    (CaseState.WAITING, "accent"),
    (CaseState.CHECKING, "muted"),
    (CaseState.RETURNED, "warning"),
    (CaseState.HELD, "error"),
)
Entry = Mapping[str, Any]


def context(request: HttpRequest, actor: Actor, batch: Batch) -> dict[str, Any]:
    """Everything the page shows; what needs the whole report only once the batch has been read."""
    loading = batch.state == BatchState.LOADING and not batch.failure
    states = {} if loading else states_of_batch(batch.id)
    made: dict[str, Any] = {
        "batch": batch,
        "loading": loading,
        "failure": text_of(batch.failure) if batch.failure else "",
        "tenth": batch.rows_done * 10 // batch.rows if batch.rows else 0,
        "cards": _cards(batch, finished=not loading),
        "short_name": short_name(batch.register_type),
        "era": era_name(batch.era),
        "office_name": office_names([batch.origin_office_id]).get(batch.origin_office_id, ""),
        "imported_by": names_of_officers([batch.created_by]).get(batch.created_by, ""),
        "error_word": _("Lỗi"),
        "warning_word": _("Cảnh báo"),
        "exports": _exports(batch) if actor.may("record.read") and not loading else [],
        "may_withdraw": _may_withdraw(actor, batch, states),
        "live_rows": sum(states.values()),
        "next_held_url": "",
        "may_take_report": actor.may("case.import"),
        "breadcrumb": [
            {"label": _("Nhập sổ"), "url": reverse("intake:batches")},
            {"label": batch.source_name, "url": ""},
        ],
    }
    if loading:
        return made
    if actor.may("case.edit"):
        made["next_held_url"] = case_url(first_to_fix(actor.office_ids, batch_id=batch.id))
    report = batch_report(batch.id, lang=lang())
    hidden = frozenset() if actor.may("restricted.read") else hidden_fields(batch.register_type)
    entries = [entry for entry in report["problems"] if entry["field"] not in hidden]
    return made | _now(states) | _scans(report["scans"], batch) | _problems(request, batch, entries)


def _exports(batch: Batch) -> list[dict[str, str]]:
    address = reverse("intake:batch_export", args=[batch.id])
    return [{"label": book, "url": f"{address}?{urlencode({'book': book})}"} for book in books_of_batch(batch.id)]


def _may_withdraw(actor: Actor, batch: Batch, states: Mapping[str, int]) -> bool:
    if why_held(batch.id) is not None:  # of a package of keying: taken back there
        return False
    open_yet = batch.state == BatchState.LOADED and not states.get(CaseState.APPROVED, 0)
    return actor.may("batch.withdraw") and open_yet and sum(states.values()) > 0


def _cards(batch: Batch, *, finished: bool) -> list[dict[str, Any]]:
    held = "#loi" if finished and batch.held else ""
    rejected = "?severity=error#loi" if finished and batch.rejected else ""
    cards = [
        (_("Dòng trong tệp"), batch.rows, "", "", ""),
        (_("Không lỗi"), batch.accepted, "", "ok", _("chuyển sang chờ duyệt")),
        (_("Cần sửa"), batch.held, held, "error", _("có lỗi, được giữ lại")),
        (_("Không nhận"), batch.rejected, rejected, "error", _("không lưu được dòng")),
        (_("Không đổi"), batch.unchanged, "", "", _("đã có từ lần nhập trước")),
    ]
    return [
        {"label": label, "value": value, "url": url, "tone": tone if value else "", "note": note}
        for label, value, url, tone, note in cards
    ]


def _now(states: Mapping[str, int]) -> dict[str, Any]:
    parts = [
        Part(_(CaseState(state).label), states.get(state, 0), tone) for state, tone in SHOWN_STATES if states.get(state)
    ]
    return {"state_parts": parts, "state_title": _("Tình trạng hiện nay của các dòng")}


def _scans(scans: Mapping[str, Any], batch: Batch) -> dict[str, Any]:
    lists = [
        {
            "label": _("Số đăng ký thiếu bản chụp"),
            "names": scans["missing"],
            "note": _("Không có tệp nào mang số và quyển của dòng."),
        },
        {
            "label": _("Tệp không khớp dòng nào"),
            "names": scans["unmatched"],
            "note": _("Tên tệp sai mẫu, hoặc không có dòng mang số này."),
        },
        {
            "label": _("Tệp quá lớn"),
            "names": scans["too_large"],
            "note": _("Vượt 100 KB mỗi tệp: vẫn gắn vào dòng, nhưng dòng được giữ lại."),
        },
    ]
    return {"scans": scans, "scans_given": batch.scans_given, "scan_lists": lists}


def _problems(request: HttpRequest, batch: Batch, entries: Sequence[Entry]) -> dict[str, Any]:
    severity = request.GET.get("severity", "")
    severity = severity if severity in SEVERITIES else ""
    of_severity = [entry for entry in entries if not severity or entry["severity"] == severity]
    groups = _groups(of_severity)
    code = request.GET.get("code", "")
    code = code if any(group["code"] == code for group in groups) else ""
    page = page_of(request, [entry for entry in of_severity if not code or entry["code"] == code])
    return {
        "problem_total": len(entries),
        "severity_total": len(of_severity),
        "severity_tabs": _tabs(request, entries, severity),
        "problem_groups": groups,
        "code": code,
        "problem_columns": [
            Column(_("Dòng"), "number"),
            Column(_("Cột")),
            Column(_("Mức"), "code"),
            Column(_("Nội dung")),
            Column(_("Trường hợp"), "actions"),
        ],
        "problem_rows": _rows(batch, page.object_list),
        "problem_page": page,
    }


def _groups(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Findings by code: errors first, then the most frequent. Their words without the particulars of a row."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in entries:
        key = (entry["severity"], entry["code"])
        group = groups.setdefault(
            key, {"severity": key[0], "code": key[1], "text": _without_particulars(key[1]), "count": 0}
        )
        group["count"] += 1
    return sorted(groups.values(), key=lambda group: (group["severity"] != "error", -group["count"], group["code"]))


def _without_particulars(code: str) -> str:
    """The words of a code with "…" where a row puts its own values."""
    names = [name for _text, name, _format, _conversion in Formatter().parse(messages().get(code, "")) if name]
    return text_of(code, dict.fromkeys(names, "…"))


def _tabs(request: HttpRequest, entries: Sequence[Entry], chosen: str) -> list[dict[str, Any]]:
    names = {"": _("Tất cả"), "error": _("Lỗi"), "warning": _("Cảnh báo")}
    made = []
    for severity, label in names.items():
        count = sum(1 for entry in entries if not severity or entry["severity"] == severity)
        query = "?" + urlencode({"severity": severity}) if severity else request.path
        made.append({"label": label, "count": count, "url": f"{query}#loi", "active": severity == chosen})
    return made


def _rows(batch: Batch, entries: Sequence[Entry]) -> list[Row]:
    rows = {entry["row"] for entry in entries}
    cases = dict(
        Case.objects.filter(batch_id=batch.id, row_number__in=rows)
        .exclude(state=CaseState.WITHDRAWN)
        .values_list("row_number", "id")
    )
    labels = _labels(batch.register_type)
    made = []
    for number, entry in enumerate(entries):
        case_id = cases.get(entry["row"])
        opens = (
            Cell(_("Mở dòng %(row)d") % {"row": entry["row"]}, url=_field_url(case_id, entry))
            if case_id
            else Cell(_("không lưu") if entry["row"] > 1 else "")
        )
        is_error = entry["severity"] == "error"
        made.append(
            Row(
                f"{entry['row']}-{number}",
                [
                    entry["row"],
                    Cell(labels.get(entry["field"], entry["column"]) or "–", note=entry["column"]),
                    Cell(_("Lỗi") if is_error else _("Cảnh báo"), tone="error" if is_error else "warning"),
                    entry["text"],
                    opens,
                ],
            )
        )
    return made


def _field_url(case_id: Any, entry: Entry) -> str:
    return case_url(case_id) + (f"#id_{entry['field']}" if entry["field"] else "")


def _labels(letters: str) -> dict[str, str]:
    register = REGISTER_TYPES.get(letters)
    if register is None:
        return {}
    return {field.code: text_in(field.label, lang()) for version in register.every_version for field in version.fields}
