"""The configuration in words: what a key is called, what a value says, when it holds, what it does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hotich.registers.codes import CODE_LISTS
from hotich.registers.forms.configuration import ACTIONS
from hotich.registers.models import ConfigurationChange
from hotich.registers.queries.configuration import provinces
from hotich.registers.rules.configuration import Kind
from hotich.registers.rules.parameters import DEFINITIONS
from hotich.registers.types.declaration import Era
from hotich.registers.views.parameter_names import parameter_name
from hotich.registers.views.parts import era_name, lang, words

SLUGS: Mapping[Kind, str] = {
    Kind.PARAMETER: "tham-so",
    Kind.CODE: "danh-muc",
    Kind.CALENDAR: "lich-lam-viec",
    Kind.ERA: "thoi-ky-so",
}
KIND_NAMES: Mapping[Kind, Promise] = {
    Kind.PARAMETER: gettext_lazy("Tham số"),
    Kind.CODE: gettext_lazy("Danh mục mã"),
    Kind.CALENDAR: gettext_lazy("Lịch làm việc"),
    Kind.ERA: gettext_lazy("Thời kỳ sổ"),
}
UNITS = {
    "years": {"vi": "năm", "en": "years"},
    "days": {"vi": "ngày", "en": "days"},
    "characters": {"vi": "ký tự", "en": "characters"},
    "year": {"vi": "(năm dương lịch)", "en": "(calendar year)"},
    "proposals": {"vi": "đề xuất", "en": "proposals"},
    "records": {"vi": "lượt dữ liệu", "en": "records"},
    "hours": {"vi": "giờ", "en": "hours"},
    "minutes": {"vi": "phút", "en": "minutes"},
    "times": {"vi": "lần", "en": "times"},
    "hour": {"vi": "giờ (trong ngày)", "en": "o'clock"},
    "officers": {"vi": "cán bộ", "en": "officers"},
    "bytes": {"vi": "byte", "en": "bytes"},
    "dpi": {"vi": "điểm/inch (dpi)", "en": "dots per inch (dpi)"},
    "quality": {"vi": "mức chất lượng JPEG", "en": "JPEG quality"},
    "per mille": {"vi": "phần nghìn", "en": "per mille"},
    "cases": {"vi": "trường hợp", "en": "cases"},
    "bits": {"vi": "bit", "en": "bits"},
    "yes": {"vi": "(1 là có, 0 là không)", "en": "(1 is yes, 0 is no)"},
    "seconds": {"vi": "giây", "en": "seconds"},
}


def kind_of_slug(slug: str) -> Kind:
    """The kind of an address; 404 for none."""
    for kind, name in SLUGS.items():
        if name == slug:
            return kind
    raise Http404(slug)


def must_exist(kind: Kind, key: str) -> None:
    """404 for a key that cannot be configured."""
    known = {
        Kind.PARAMETER: key in DEFINITIONS,
        Kind.CODE: key in CODE_LISTS,
        Kind.CALENDAR: key.isascii() and key.isdigit() and len(key) == 4 and 1990 <= int(key) <= 2100,
        Kind.ERA: key in Era.__members__,
    }
    if not known[kind]:
        raise Http404(key)


def page_key(kind: str, key: str) -> str:
    """The key of the page that shows a change: a code is shown with its list."""
    return key.partition("/")[0] if kind == Kind.CODE else key


def url_of(kind: str, key: str) -> str:
    """The page of a key."""
    return reverse("registers:configuration_key", args=[SLUGS[Kind(kind)], page_key(kind, key)])


def key_name(kind: str, key: str) -> str:
    """What a key is called, e.g. "Tuổi kết hôn của nam", "Giới tính: mã 4", "Lịch năm 2027"."""
    if kind == Kind.PARAMETER:
        return parameter_name(key)
    if kind == Kind.CODE:
        name, _slash, code = key.partition("/")
        label = words(CODE_LISTS[name].label) if name in CODE_LISTS else name
        return _("%(list)s: mã %(code)s") % {"list": label, "code": code} if code else label
    if kind == Kind.CALENDAR:
        return _("Lịch làm việc năm %(year)s") % {"year": key}
    return _("Thời kỳ sổ: %(era)s") % {"era": era_name(key) or key}


def doubt(verified: bool) -> str:
    """ "chưa kiểm chứng" where nobody has seen the source."""
    return "" if verified else _("chưa kiểm chứng")


def period(start: date | None, end: date | None) -> str:
    """A period in words, with both ends; "" for all times."""
    if start is None:
        return _("đến %(day)s") % {"day": f"{end:%d/%m/%Y}"} if end else ""
    first = f"{start:%d/%m/%Y}"
    return f"{first} – {end:%d/%m/%Y}" if end else _("từ %(day)s") % {"day": first}


def amount(code: str, value: int | None) -> str:
    """A value of a threshold with its unit."""
    if value is None:
        return _("không quy định")
    unit = DEFINITIONS[code].unit
    return str(value) if unit == "year" else f"{value} {UNITS[unit][lang()]}"


def change_in_words(change: ConfigurationChange) -> str:
    """What a change does, in a line."""
    content = json.loads(change.value)
    if change.takes_back_id:
        return _("Hủy thay đổi: %(change)s") % {"change": _said(change.kind, change.key, content, change)}
    return _said(change.kind, change.key, content, change)


def _said(kind: str, key: str, content: dict[str, Any], change: ConfigurationChange) -> str:
    if kind == Kind.PARAMETER:
        when = period(change.valid_from, change.valid_to) or _("mọi thời gian")
        place = f"{provinces().get(change.province, change.province)}: " if change.province else ""
        return f"{place}{amount(key, content['value'])} · {when}"
    if kind == Kind.CALENDAR:
        days = content["days"]
        worked = sum(1 for _day, is_worked, _reason in days if is_worked)
        return _("%(off)d ngày nghỉ, %(worked)d ngày làm bù") % {"off": len(days) - worked, "worked": worked}
    if kind == Kind.ERA:
        first, last = (date.fromisoformat(content[name]) if content.get(name) else None for name in ("first", "last"))
        return f"{period(first, last) or _('mọi thời gian')} · {content['law']}"
    action = str(dict(ACTIONS).get(content["action"], content["action"]))
    target = f"→ {content['target']}" if content.get("target") else ""
    words_added = "; ".join(content.get("words", []))
    parts = [content.get("vi", ""), words_added, target, period(change.valid_from, change.valid_to)]
    return " · ".join([action, *filter(None, parts)])
