"""What a run found: bars by register, figures by office, and the checks of one's own offices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hotich.kernel.actor import Actor
from hotich.matching.batch.order import MOST_IN_BLOCK
from hotich.reconciliation.models import CheckOutcome, MatchRun, PopulationCheck, TrackingItem, TrackingState
from hotich.reconciliation.queries.match_runs import checks_of_run
from hotich.reconciliation.services.look_ups import LOOK_UP
from hotich.reconciliation.views.check_words import field_name, kind_name
from hotich.records.models import Record
from hotich.records.rules.restricted import sees_restricted
from hotich.records.views.parts import role_names
from hotich.registers.types import version_by_id
from hotich.registers.views.parts import short_name
from hotich.units.queries import offices_by_id
from hotich.web.rules.svg import Part
from hotich.web.rules.tables import Cell, Column, Row

PAGE_SIZE = 50
SHOWN = (CheckOutcome.DIFFERENT, CheckOutcome.CLERK, CheckOutcome.ABSENT, CheckOutcome.EQUAL)
TONES = {
    CheckOutcome.EQUAL: "ok", CheckOutcome.DIFFERENT: "warning", CheckOutcome.ABSENT: "error", CheckOutcome.CLERK: "accent",
    CheckOutcome.PENDING: "muted",
}  # fmt: skip


def parts_of(counts: Mapping[str, int]) -> list[Part]:
    """The outcomes as parts of a bar."""
    bars = (CheckOutcome.EQUAL, CheckOutcome.DIFFERENT, CheckOutcome.CLERK, CheckOutcome.ABSENT)
    beside = (("kept", _("Giữ kết quả đã có"), "muted"), ("changed", _("Bản ghi đã thay đổi"), "muted"))
    return [
        *(Part(_(each.label), counts.get(each.value, 0), TONES[each]) for each in bars),
        *(Part(label, counts[name], tone) for name, label, tone in beside if counts.get(name)),
    ]


def results_context(request: HttpRequest, actor: Actor, run: MatchRun) -> dict[str, Any]:
    """What `reconciliation/match_run.html` shows below the progress."""
    wanted = request.GET.get("outcome", "")
    outcome = wanted if wanted in SHOWN else ""
    own = checks_of_run(run)
    by_outcome = dict(own.order_by().values_list("outcome").annotate(number=Count("id")))
    if not outcome:
        outcome = next((each.value for each in SHOWN if by_outcome.get(each.value)), "")
    sees = sees_restricted(actor)
    page = Paginator(checks_of_run(run, outcome=outcome), PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "parts": parts_of(run.counts) if run.counts else [],
        "registers": _by_register(own) if by_outcome else [],
        **_by_office(run),
        **_cuts(run),
        "tabs": [_tab(run, each, by_outcome, outcome) for each in SHOWN],
        "columns": [Column(_("Bản ghi"), "code"), Column(_("Người")), Column(_("Khác ở")), Column(_("Xử lý"))],
        "rows": [
            _row(check, may_settle=actor.may(LOOK_UP)) for check in page.object_list if not _is_hidden(check, sees=sees)
        ],
        "list_page": page,
        "has_own": bool(by_outcome),
        "outcome": outcome,
    }  # fmt: skip


def _tab(run: MatchRun, each: CheckOutcome, counts: Mapping[str, int], outcome: str) -> dict[str, Any]:
    url = f"{reverse('reconciliation:match_run', args=[run.id])}?{urlencode({'outcome': each.value})}#ket-qua"
    return {"label": _(each.label), "url": url, "active": each.value == outcome, "count": counts.get(each.value, 0)}


def _by_register(checks: Any) -> list[tuple[str, list[Part]]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    counted = checks.order_by().values_list("record__register_type", "outcome").annotate(number=Count("id"))
    for letters, outcome, number in counted:
        found[letters][outcome] = number
    return [(short_name(letters), parts_of(counts)) for letters, counts in sorted(found.items())]


def _by_office(run: MatchRun) -> dict[str, Any]:
    """Figures by office; only where there are several."""
    counts: dict[str, dict[str, int]] = run.counts.get("offices", {})
    if len(counts) < 2:
        return {"office_rows": []}
    names = offices_by_id([int(office) for office in counts])
    order = (CheckOutcome.EQUAL, CheckOutcome.DIFFERENT, CheckOutcome.CLERK, CheckOutcome.ABSENT)
    rows = [
        Row(
            f"co-quan-{office}",
            [
                names[int(office)].name,
                sum(each.values()),
                *(each.get(name.value, 0) for name in order),
                each.get("kept", 0) + each.get("changed", 0),
            ],
        )
        for office, each in counts.items()
    ]
    return {
        "office_columns": [Column(_("Cơ quan")), Column(_("Số người"), "number"),
                           *(Column(_(name.label), "number") for name in order), Column(_("Không ghi"), "number")],
        "office_rows": sorted(rows, key=lambda row: str(row.cells[0])),
    }  # fmt: skip


KEYS: Mapping[str, str] = {
    "personal_id": gettext_noop("số định danh"), "year": gettext_noop("năm sinh"), "month": gettext_noop("tháng sinh"),
    "day": gettext_noop("ngày sinh"), "sex": gettext_noop("giới tính"), "province": gettext_noop("tỉnh"),
    "commune": gettext_noop("xã"), "own_key": gettext_noop("họ tên"), "own_folded": gettext_noop("họ tên bỏ dấu"),
    "own_given": gettext_noop("tên"), "own_given_folded": gettext_noop("tên bỏ dấu"),
    "own_rest": gettext_noop("họ và chữ đệm"), "father_key": gettext_noop("họ tên cha"),
    "mother_key": gettext_noop("họ tên mẹ"), "father_given": gettext_noop("tên cha"),
    "mother_given": gettext_noop("tên mẹ"),
}  # fmt: skip
"""The columns of blocking rules, in words (`matching.declared`)."""


def _cuts(run: MatchRun) -> dict[str, Any]:
    """Names that too many citizens share: by which key, how many of them, whom it touches."""
    rows = [
        Row(f"khoa-{place}", [_key_text(cut["rule"]), cut["blocks"], cut["largest"], cut["records"]])
        for place, cut in enumerate(run.cuts)
    ]
    return {
        "cut_columns": [Column(_("Thông tin so sánh")), Column(_("Nhóm quá đông"), "number"),
                        Column(_("Nhóm đông nhất (công dân)"), "number"), Column(_("Người trong sổ"), "number")],
        "cut_rows": rows,
        "cut_records": max((cut["records"] for cut in run.cuts), default=0),
        "cut_most": MOST_IN_BLOCK,
    }  # fmt: skip


def _key_text(rule: Sequence[str]) -> str:
    return " + ".join(dict.fromkeys(_(KEYS[column]) for column in rule))


def _row(check: PopulationCheck, *, may_settle: bool) -> Row:
    record = _record_of(check)
    entry = f"{short_name(record.register_type)} {record.number_text}"
    differing = [
        _("%(field)s (%(kind)s)")
        % {"field": field_name(str(each["field"])).lower(), "kind": kind_name(str(each["kind"]))}
        for each in check.differences
    ]
    return Row(
        str(check.id),
        [
            Cell(entry, reverse("records:record", args=[record.id]), note=record.book.label),
            role_names(record).get(check.role, check.role),
            "; ".join(differing) or "–",
            _next(check, may_settle=may_settle),
        ],
    )


def _next(check: PopulationCheck, *, may_settle: bool) -> Cell | str:
    """Where an officer goes on: the item of the tracking list, or the page on which the person is looked up."""
    item: TrackingItem | None = getattr(check, "tracking", None)
    if item is not None:
        return Cell(_(TrackingState(item.state).label), reverse("reconciliation:tracking_item", args=[item.id]))
    if may_settle and check.outcome in (CheckOutcome.CLERK, CheckOutcome.ABSENT):
        return Cell(_("Tra cứu"), reverse("reconciliation:look_up_record", args=[check.record_id, check.role]))
    return "–"


def _is_hidden(check: PopulationCheck, *, sees: bool) -> bool:
    """Whether this is somebody of an entry whom the officer may not see."""
    version = version_by_id(_record_of(check).schema_version)
    return not sees and any(each.role == check.role and each.restricted for each in version.participants)


def _record_of(check: PopulationCheck) -> Record:
    assert check.record is not None  # `checks_of_run` takes those of records
    return check.record
