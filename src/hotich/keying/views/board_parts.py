"""What the board and the page of one officer share: a line of figures, rates with their intervals, alarms in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from hotich.keying.queries.figures import Period
from hotich.keying.rules.alarms import Alarm
from hotich.keying.rules.charts import day_bars
from hotich.keying.rules.figures import Errors, Work
from hotich.keying.rules.intervals import Interval, Sums, clustered
from hotich.keying.views.acceptance_parts import interval_svg, interval_text
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.views.parts import lang, words
from hotich.web.rules.formats import number_text
from hotich.web.texts import text_of

LEAST_MEASURED = 180_000  # milliseconds at the form before a speed is told
SMALLEST_TOP = 0.02  # share at the right end of a chart of intervals, at least


@dataclass(frozen=True, slots=True)
class Rate:
    """An error rate as it is shown: the interval, how much was looked at, the chart."""

    text: str
    checked: str
    bar: str
    share: float


def interval_of(sums: Sums, bunch: float = 1.0) -> Interval | None:
    """The interval of a rate; None while nothing was checked."""
    return clustered(sums, bunch=bunch) if sums.units else None


def top_of(found: Iterable[Errors]) -> float:
    """The share at the right end of the charts, the same for all lines, so that they can be compared."""
    highs = [interval.high for each in found if (interval := interval_of(each.key_fields)) is not None]
    return min(1.0, max([SMALLEST_TOP, *(high for high in highs if high < 0.5)]))


def rate_of(sums: Sums, label: str, *, top: float, bunch: float = 1.0, unit: str = "") -> Rate | None:
    """One rate with its chart; None while nothing was checked."""
    found = interval_of(sums, bunch)
    if found is None:
        return None
    looked_at = _("%(units)s %(unit)s của %(cases)s trường hợp") % {
        "units": number_text(sums.units, lang()), "unit": unit or _("trường"),
        "cases": number_text(sums.cases, lang()),
    }  # fmt: skip
    return Rate(interval_text(found), looked_at, interval_svg(found, label, top=max(top, found.share)), found.share)


def rates_of(found: Errors, *, top: float | None = None) -> dict[str, Rate | None]:
    """The three rates of somebody or of all."""
    top = top if top is not None else top_of([found])
    return {
        "key": rate_of(found.key_fields, _("Sai trường trọng yếu"), top=top),
        "fields": rate_of(found.fields, _("Sai trường"), top=top),
        "characters": rate_of(
            found.characters, _("Sai ký tự"), top=top, bunch=found.bunch, unit=_("ký tự")
        ),
    }  # fmt: skip


def speed_of(work: Work) -> dict[str, Any]:
    """Speed as it is shown; empty texts where too little was measured to say anything."""
    measured = work.active_ms >= LEAST_MEASURED and work.cases > 0
    return {
        "an_hour": number_text(work.cases_an_hour or 0, lang(), 0) if measured else "",
        "strokes": number_text(work.strokes_a_case or 0, lang(), 0) if measured and work.strokes else "",
        "seconds": number_text(work.seconds_a_case or 0, lang(), 0) if measured else "",
    }


def days_chart(period: Period, counts: list[int], *, norm: int | None = None) -> str:
    """Cases a day as bars. Every text in it is escaped by the chart."""
    days = [(f"{day:%d/%m}", count) for day, count in zip(period.days, counts, strict=True)]
    title = _("Trường hợp đã nhập theo ngày, từ %(first)s đến %(last)s: %(total)d") % {
        "first": f"{period.first:%d/%m/%Y}", "last": f"{period.last:%d/%m/%Y}", "total": sum(counts),
    }  # fmt: skip
    return mark_safe(day_bars(days, title, norm=norm))  # nosec B308 B703


def alarm_text(alarm: Alarm) -> str:
    """An alarm in words."""
    params = dict(alarm.params)
    if "field" in params:
        params["label"] = field_name(str(params["field"]))
    return text_of(f"alarm_{alarm.code}", params)


def field_name(code: str) -> str:
    """The name of a field, whichever register has it."""
    for kind in REGISTER_TYPES.values():
        for version in kind.every_version:
            for field in version.fields:
                if field.code == code:
                    return words(field.label)
    return code


def alarm_lines(found: Iterable[Alarm], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Alarms for the list: whose, what, how severe. Those of one person and one kind stand on one line."""
    made: dict[tuple[int, str], dict[str, Any]] = {}
    for alarm in found:
        line = made.setdefault(
            (alarm.officer, alarm.code),
            {
                "officer": alarm.officer,
                "name": names.get(alarm.officer, str(alarm.officer)),
                "texts": [],
                "tone": "error" if alarm.is_severe else "warning",
            },
        )
        line["texts"].append(alarm_text(alarm))
    return list(made.values())
