"""What the pages of the tracking list share: words and tones of states, verdicts, facts, kinds, ages and values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from hotich.accounts.queries import names_of_officers
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.working_days import working_days_between
from hotich.reconciliation.forms.tracking import TrackingFilter
from hotich.reconciliation.models import TrackingItem, TrackingState, TrackingTask, Verdict
from hotich.reconciliation.queries.tracking import verifiers_named
from hotich.reconciliation.rules.tracking_workflow import AGE_BANDS, NOT_CLOSED
from hotich.records.views.parts import sex_name
from hotich.registers.views.parts import short_name
from hotich.units.queries import offices_by_id
from hotich.web.rules.formats import number_text

VERIFY, SETTLE, EXPORT = "population.verify", "population.settle", "export.request"

STATE_TONES = {
    TrackingState.OPEN: "warning",
    TrackingState.VERIFYING: "accent",
    TrackingState.VERIFIED: "brand",
    TrackingState.CONTACTING: "brand",
    TrackingState.CLOSED: "ok",
}
VERDICT_TONES = {
    Verdict.BOOK: "ok",
    Verdict.POPULATION: "accent",
    Verdict.BOTH_WRONG: "warning",
    Verdict.KEYING_ERROR: "brand",
    Verdict.OTHER_PERSON: "error",
    Verdict.PART_ONLY: "muted",
    Verdict.RECORD_VOID: "muted",
}
FACTS: Mapping[str, str] = {
    "full_name": gettext_noop("Họ, chữ đệm, tên"),
    "birth": gettext_noop("Ngày, tháng, năm sinh"),
    "sex": gettext_noop("Giới tính"),
    "personal_id": gettext_noop("Số định danh cá nhân"),
    "old_id": gettext_noop("Số CMND"),
    "father_name": gettext_noop("Họ tên cha"),
    "mother_name": gettext_noop("Họ tên mẹ"),
    "spouse_name": gettext_noop("Họ tên vợ, chồng"),
    "ethnicity": gettext_noop("Dân tộc"),
    "nationality": gettext_noop("Quốc tịch"),
    "native_place": gettext_noop("Quê quán"),
}
KINDS: Mapping[str, str] = {
    "tone": gettext_noop("khác dấu thanh"),
    "marks": gettext_noop("khác dấu của chữ"),
    "typing_slip": gettext_noop("lệch một chữ"),
    "swapped_day_month": gettext_noop("đảo ngày và tháng"),
    "year_only": gettext_noop("một bên chỉ có năm"),
    "part_missing": gettext_noop("thiếu một phần"),
    "different": gettext_noop("khác hẳn"),
    "not_there": gettext_noop("CSDL dân cư không có số này"),
}
BANDS: Mapping[str, str] = {
    "week": gettext_noop("đến 5 ngày làm việc"),
    "fortnight": gettext_noop("6–10 ngày làm việc"),
    "month": gettext_noop("11–22 ngày làm việc"),
    "quarter": gettext_noop("23–66 ngày làm việc"),
    "older": gettext_noop("trên 66 ngày làm việc"),
}
ROLES: Mapping[str, str] = {
    "child": gettext_noop("người con"), "mother": gettext_noop("mẹ"), "father": gettext_noop("cha"),
    "husband": gettext_noop("chồng"), "wife": gettext_noop("vợ"), "deceased": gettext_noop("người chết"),
    "parent": gettext_noop("cha hoặc mẹ"), "subject": gettext_noop("người được đăng ký"),
    "guardian": gettext_noop("người giám hộ"), "ward": gettext_noop("người được giám hộ"),
    "adoptee": gettext_noop("con nuôi"), "adoptive_father": gettext_noop("cha nuôi"),
    "adoptive_mother": gettext_noop("mẹ nuôi"), "giving_father": gettext_noop("cha giao con"),
    "giving_mother": gettext_noop("mẹ giao con"), "guardian_2": gettext_noop("người giám hộ thứ hai"),
    "new_guardian": gettext_noop("người giám hộ mới"),
}  # fmt: skip


def fact_name(field: str) -> str:
    """What a fact is called; its code where it has no name."""
    return _(FACTS[field]) if field in FACTS else field


def kind_name(kind: str) -> str:
    """How a fact differs."""
    return _(KINDS[kind]) if kind in KINDS else kind


def role_name(role: str) -> str:
    """Who somebody is in the entry."""
    return _(ROLES[role]) if role in ROLES else ""


def value_shown(field: str, value: str) -> str:
    """A value of either side as officers read it: a date dd/mm/yyyy, sex in words."""
    if field == "birth":
        return "/".join(reversed(value.split("-")))
    return sex_name(value) or value if field == "sex" else value


def state_name(item: TrackingItem) -> str:
    """The state in words."""
    return _(TrackingState(item.state).label)


def verdict_name(verdict: str) -> str:
    """The verdict in words, "" for none."""
    return _(Verdict(verdict).label) if verdict else ""


def whole_verdict(item: TrackingItem, verdicts: Iterable[str]) -> str:
    """The verdict on the whole item: where fields differ in theirs it says so, instead of one of them."""
    return _("Mỗi thông tin một kết luận") if len(set(verdicts) - {""}) > 1 else verdict_name(item.verdict)


def task_name(task: str) -> str:
    """What follows, in words."""
    return _(TrackingTask(task).label) if task else ""


def age_of(item: TrackingItem, day: date) -> int:
    """How many working days an item has stood on the list, or stood there until it was closed."""
    end = clock.in_vietnam(item.closed_at).date() if item.closed_at is not None else day
    return max(working_days_between(clock.in_vietnam(item.opened_at).date(), end), 0)


def age_words(item: TrackingItem, day: date) -> str:
    """The same in words."""
    days = age_of(item, day)
    return ngettext("%(n)s ngày làm việc", "%(n)s ngày làm việc", days) % {"n": number_text(days)}


def due_words(item: TrackingItem, day: date) -> tuple[str, str]:
    """How far the day is, and its tone; nothing of closed items."""
    if item.state not in NOT_CLOSED:
        return "", ""
    if item.due_on < day:
        days = working_days_between(item.due_on, day)
        return ngettext("quá hạn %(n)d ngày", "quá hạn %(n)d ngày", days) % {"n": days}, "error"
    days = working_days_between(day, item.due_on)
    if not days:
        return _("hết hạn hôm nay"), "warning"
    words = ngettext("còn %(n)d ngày", "còn %(n)d ngày", days) % {"n": days}
    return words, "warning" if days <= 3 else ""


def item_title(item: TrackingItem) -> str:
    """The entry an item is about."""
    name = short_name(item.register_type) if item.register_type else ""
    number = item.record.number_text if item.record is not None else ""
    return " · ".join(filter(None, [name, number])) or "–"


def filter_of(actor: Actor, data: Any) -> TrackingFilter:
    """The filter of the list with what it offers."""
    offices = {key: office.name for key, office in offices_by_id(actor.office_ids).items()}
    return TrackingFilter(
        data or None,
        facts={code: _(name) for code, name in FACTS.items()},
        bands={band.code: _(BANDS[band.code]) for band in AGE_BANDS},
        verifiers=names_of_officers(verifiers_named(actor)),
        offices=offices,
    )
