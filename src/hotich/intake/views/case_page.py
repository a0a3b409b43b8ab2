"""What the page of one case shows: the form beside the scan, or the values to read, with the findings of the checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hotich.intake.models import Case
from hotich.intake.views.parts import book_name, lang, problems_of, short_name, shown_value
from hotich.kernel.problems import Problem, Severity
from hotich.registers.forms import RegisterForm, initial_of
from hotich.registers.rules.outputs import choices, form_layout, hint, text_in
from hotich.registers.rules.values import AsRecorded
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import Field, Kind
from hotich.web.texts import text_of_problem

# of the twelve columns of the form: what a field needs to show what books usually hold
WIDTHS: Mapping[Kind, str] = {
    Kind.NAME: "xl",
    Kind.DATE: "s",
    Kind.DATE_WORDS: "full",
    Kind.TIME: "s",
    Kind.CODE: "s",
    Kind.PLACE: "full",
    Kind.OFFICE: "full",
    Kind.REGISTRATION_NUMBER: "s",
    Kind.BOOK_NUMBER: "s",
    Kind.PAGE_NUMBER: "s",
    Kind.PERSONAL_ID: "m",
    Kind.ID_NUMBER: "m",
    Kind.TEXT: "m",
    Kind.LONG_TEXT: "full",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the form. `first`: the one to begin with."""

    bound: BoundField
    width: str
    first: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the page."""

    title: str
    lines: Sequence[Any]


def form_sections(form: RegisterForm, case: Case, originals: AsRecorded, *, restricted: bool) -> list[Group]:
    """The fields of the form in the order of the book; hints only where something is wrong or was changed.

    `originals`: the values as imported, empty when nothing was changed since.
    """
    form.problems = problems_of(case, restricted=restricted)  # type: ignore[attr-defined]  # the field tag reads them
    declared = {field.code: field for field in form.version.fields}
    before, now = initial_of(originals), initial_of(case.as_recorded)
    for name in form.fields:
        if originals and before.get(name, "") != now.get(name, ""):
            text = f"“{before[name]}”" if before.get(name) else _("để trống")
            form[name].help_text = _("Trong tệp nhập: %(text)s") % {"text": text}
        else:
            wrong = name in form.errors or name in form.problems  # type: ignore[attr-defined]
            form[name].help_text = hint(declared[name], lang()) if wrong else ""
    first = _first_field(form)
    return [
        Group(title, [Line(bound, width_of(declared[bound.name]), bound.name == first) for bound in bounds])
        for _code, title, bounds in form.sections()
    ]


def width_of(field: Field) -> str:
    """How wide a field is shown; a list of long names needs more room than a list of short ones."""
    if (
        field.kind is Kind.CODE
        and max((len(label) for _value, label in choices(field.code_list, lang())), default=0) > 12
    ):
        return "m"
    return WIDTHS.get(field.kind, "m")


def _first_field(form: RegisterForm) -> str:
    """The first field with an error, else with a warning, else the first of the form."""
    problems: Mapping[str, Sequence[Problem]] = form.problems  # type: ignore[attr-defined]
    for severity in (Severity.ERROR, Severity.WARNING):
        for name in form.fields:
            if any(problem.severity == severity for problem in problems.get(name, ())):
                return name
    return next(iter(form.fields), "")


def read_sections(case: Case, *, restricted: bool) -> list[Group]:
    """The values as recorded for reading, section by section; what neither has a value nor a finding is left out."""
    version = version_by_id(case.schema_version)
    problems = problems_of(case, restricted=restricted)
    also = [field.code for field in version.fields if field.code in case.as_recorded]
    made = []
    for section in form_layout(version, also=also, restricted=restricted):
        lines = [_read_line(field, case, problems.get(field.code, [])) for field in section.fields]
        made.append(Group(text_in(section.label, lang()), [line for line in lines if line]))
    return [group for group in made if group.lines]


def _read_line(field: Field, case: Case, problems: Sequence[Problem]) -> dict[str, Any] | None:
    value = shown_value(case.as_recorded, field.code)
    if not value and not problems:
        return None
    if field.code_list:
        value = dict(choices(field.code_list, lang())).get(value, value)
    errors = any(problem.severity is Severity.ERROR for problem in problems)
    line: dict[str, Any] = {"label": text_in(field.label, lang()), "value": value}
    if problems:
        line |= {"tone": "error" if errors else "warning", "tone_text": _("lỗi") if errors else _("cảnh báo")}
        line["note"] = " ".join(text_of_problem(problem) for problem in problems)
    return line


def findings(case: Case, *, restricted: bool, with_links: bool = False) -> list[dict[str, Any]]:
    """The findings of a case for the list above it: errors first, each leading to its field."""
    version = version_by_id(case.schema_version)
    labels = {field.code: text_in(field.label, lang()) for field in version.fields}
    problems = [problem for found in problems_of(case, restricted=restricted).values() for problem in found]
    return [
        {
            "severity": str(problem.severity),
            "text": text_of_problem(problem),
            "label": labels.get(problem.field, ""),
            "href": f"#id_{problem.field}" if with_links and problem.field in labels else "",
        }
        for problem in sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR)
    ]


def findings_title(case: Case) -> str:
    """ "2 lỗi, 1 cảnh báo" of a case."""
    errors = ngettext("%(number)d lỗi", "%(number)d lỗi", case.error_count) % {"number": case.error_count}
    warnings = ngettext("%(number)d cảnh báo", "%(number)d cảnh báo", case.warning_count) % {
        "number": case.warning_count
    }
    return ", ".join(text for text, count in ((errors, case.error_count), (warnings, case.warning_count)) if count)


def case_title(case: Case) -> str:
    """What a case is called on the screen: register and row, no name of a person."""
    return _("%(register)s – dòng %(row)d") % {"register": short_name(case.register_type), "row": case.row_number}


def case_note(case: Case) -> str:
    """Number and book of a case."""
    parts = [_("số %(number)s") % {"number": case.number_text} if case.number_text else ""]
    book = book_name(case)
    parts.append(_("quyển %(book)s") % {"book": book} if book else "")
    parts.append(_("trang %(page)s") % {"page": case.page_no} if case.page_no else "")
    return ", ".join(part for part in parts if part)


def case_url(case_id: Any) -> str:
    """The page of a case; "" for none."""
    return reverse("intake:case", args=[case_id]) if case_id else ""
