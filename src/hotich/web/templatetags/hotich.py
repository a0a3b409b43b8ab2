"""The tag library of all screens: {% load hotich %}. How to use it: docs/how-to/build-a-screen.md."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.forms import CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select, Textarea
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from hotich.kernel.problems import Problem, RuleBroken, Severity
from hotich.web import texts
from hotich.web.rules import formats, svg, tables
from hotich.web.rules.undo import UNDO

register = template.Library()

SPRITE = Path(__file__).parent.parent / "static" / "hotich" / "icons.svg"
WIDTHS = ("xs", "s", "m", "l", "xl", "full")
# The kinds that are one control with a label above it; a tick stands before its label, a group in a fieldset.
_KINDS: tuple[tuple[type, str], ...] = (
    (CheckboxSelectMultiple, "group"),
    (RadioSelect, "group"),
    (CheckboxInput, "check"),
    (FileInput, "file"),
    (Select, "select"),
    (Textarea, "textarea"),
)
_CLASSES = {"select": "form-select", "check": "tick", "group": "tick"}


def _lang() -> str:
    return get_language() or "vi"


@register.inclusion_tag("web/form/field.html")
def field(
    bound: BoundField,
    *,
    width: str = "",
    label: str = "",
    hint: str = "",
    inputmode: str = "",
    suffix: str = "",
    problems: Mapping[str, Sequence[Problem]] | None = None,
    **attrs: Any,
) -> dict[str, Any]:
    """One field with label, hint, errors and warnings tied to the control.

    width: xs s m l xl full (of the form's twelve columns), else the widget attribute `data-width`, else "full".
    Other names go to the control as attributes, an underscore standing for a hyphen (`data_region="3"`).
    """
    kind = next((name for cls, name in _KINDS if isinstance(bound.field.widget, cls)), "input")
    findings = (problems if problems is not None else getattr(bound.form, "problems", {})).get(bound.name, ())
    errors = [*bound.errors, *(_texts(findings, Severity.ERROR) if not bound.errors else ())]
    warnings = _texts(findings, Severity.WARNING)
    hint = hint or str(bound.help_text or "")
    identifier = bound.id_for_label or bound.auto_id or bound.html_name
    base = bound.auto_id or bound.html_name
    parts = {"hint": hint, "error": errors, "warning": warnings}
    described = " ".join(f"{base}-{name}" for name, shown in parts.items() if shown)
    control = {**_control_attrs(kind, inputmode, described, bool(errors)), **_hyphened(attrs)}
    return {
        "bound": bound,
        "kind": kind,
        "hidden": bound.is_hidden,
        "base": base,
        "identifier": identifier,
        "label": label or bound.label,
        "hint": hint,
        "errors": errors,
        "warnings": warnings,
        "described": described,
        "required": bound.field.required,
        "suffix": suffix,
        "width": _width(bound, width),
        "control": "" if kind == "group" else bound.as_widget(attrs=_joined(bound, control)),
    }


def _control_attrs(kind: str, inputmode: str, described: str, wrong: bool) -> dict[str, Any]:
    attrs: dict[str, Any] = {"class": _CLASSES.get(kind, "form-control")}
    if inputmode:
        attrs["inputmode"] = inputmode
    if described:
        attrs["aria-describedby"] = described
    if wrong:
        attrs["aria-invalid"] = "true"
    return attrs


def _joined(bound: BoundField, attrs: dict[str, Any]) -> dict[str, Any]:
    own = str(bound.field.widget.attrs.get("class", ""))
    return {**attrs, "class": f"{attrs['class']} {own}".strip()}


def _hyphened(attrs: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("_", "-"): value for name, value in attrs.items()}


def _width(bound: BoundField, asked: str) -> str:
    width = asked or str(bound.field.widget.attrs.get("data-width", "full"))
    if width not in WIDTHS:
        raise template.TemplateSyntaxError(f"Unknown width {width!r} of the field {bound.name!r}: one of {WIDTHS}")
    return width


def _texts(findings: Sequence[Problem], severity: Severity) -> list[str]:
    return [texts.text_of_problem(found) for found in findings if found.severity == severity]


@register.inclusion_tag("web/form/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """What is wrong with a form, each line a link to the field it is about. Shows nothing when nothing is wrong."""
    lines = [{"text": text, "href": ""} for text in form.non_field_errors()]
    for bound in form:
        for text in bound.errors:
            lines.append({"text": text, "href": f"#{_first_id(bound)}", "label": bound.label})
    return {"lines": lines}


def _first_id(bound: BoundField) -> str:
    grouped = isinstance(bound.field.widget, (RadioSelect, CheckboxSelectMultiple))
    return f"{bound.auto_id}_0" if grouped else str(bound.id_for_label or bound.auto_id)


@register.filter
def undo_url(message: Message) -> str:
    """The address that takes back what a message tells of, "" when nothing does (its tags begin with `UNDO`)."""
    return (message.extra_tags or "").removeprefix(UNDO) if (message.extra_tags or "").startswith(UNDO) else ""


@register.simple_tag
def icon(name: str, label: str = "", size: int = 18) -> SafeString:
    """A symbol of the sprite. Without a label it is decoration and hidden from screen readers."""
    href = f"{static('hotich/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" width="{0}" height="{0}" role="img" aria-label="{1}"><use href="{2}"></use></svg>',
            size, label, href,
        )  # fmt: skip
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true" focusable="false"><use href="{1}"></use></svg>',
        size, href,
    )  # fmt: skip


def icon_names() -> list[str]:
    """The symbols of the sprite, in its order."""
    return re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8"))


@register.simple_tag
def text_of(subject: Problem | RuleBroken | str, **params: Any) -> str:
    """The text of a finding, a refusal or a code: {% text_of problem %}, {% text_of "case_waiting" name=x %}."""
    if isinstance(subject, str):
        return texts.text_of(subject, params)
    return texts.text_of_problem(subject)


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """1234 → "1.234"; {{ x|number:1 }} rounds. Nothing for None."""
    return "" if value is None or value == "" else formats.number_text(value, _lang(), decimals)


@register.filter
def number_or_text(value: Any) -> Any:
    """A number as `number` shows it; anything else as it is. A bool is no number."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return formats.number_text(value, _lang())
    return value


@register.filter
def unlocalised(value: Any) -> str:
    """A number for an attribute: 1234.5 whatever the language."""
    return f"{value:g}" if isinstance(value, float) else str(value)


@register.filter
def percent(part: Any, whole: Any = 1) -> str:
    """A share: {{ 0.125|percent }} → "12,5%"; {{ done|percent:total }}."""
    return "" if part is None or part == "" else formats.percent_text(part, whole, _lang())


@register.filter
def day(value: Any) -> str:
    """A date or partial date as dd/mm/yyyy, mm/yyyy or yyyy."""
    return formats.date_text(value)


@register.filter
def moment(value: datetime | None) -> str:
    """A moment as "14:05 31/12/2006" in Vietnam's time."""
    return formats.time_text(value)


@register.filter
def moment_or_day(value: Any) -> str:
    """A moment as `moment`, a date as `day`, a text as it is."""
    if isinstance(value, str):
        return value
    return formats.time_text(value) if isinstance(value, datetime) else formats.date_text(value)


@register.filter
def page_numbers(page: Page[Any]) -> list[int | None]:
    """The page numbers to link: first, last and those around this one; None stands for what is left out."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


@register.filter
def filesize(value: int | None) -> str:
    """Bytes as "640 KB"."""
    return "" if value is None else formats.size_text(value, _lang())


@register.filter
def paired(row: tables.Row, columns: Sequence[tables.Column]) -> list[tuple[tables.Column, tables.Cell]]:
    """The cells of a row with their columns (for web/parts/table.html)."""
    return tables.paired(columns, row)


@register.filter
def in_list(value: Any) -> list[Any]:
    """A list of one thing, of none when it is empty: images=page_url|in_list."""
    return [value] if value else []


@register.filter
def item_of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """mapping[key], or "" when it is not there."""
    return mapping.get(key, "")


@register.simple_tag
def stacked_bar(parts: Sequence[svg.Part], title: str) -> SafeString:
    """A horizontal bar of parts, with its legend below."""
    return mark_safe(svg.stacked_bar(parts, title, lang=_lang()))  # nosec B308 - svg.py escapes every text


@register.simple_tag
def ring(done: float, total: float, title: str, tone: str = "brand") -> SafeString:
    """A progress ring with the share in it."""
    return mark_safe(svg.ring(done, total, title, tone=tone, lang=_lang()))  # nosec B308 - svg.py escapes every text


@register.simple_tag
def sparkline(values: Sequence[float], title: str, tone: str = "brand") -> SafeString:
    """A small line of values in order of time."""
    return mark_safe(svg.sparkline(values, title, tone=tone))  # nosec B308 - svg.py escapes every text
