"""The form of a register, made from its declaration. Fields hold the words of the book; checks read them later."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

from django import forms

from hotich.kernel.text import clean_text
from hotich.registers.codes import CODE_LISTS, CodeList
from hotich.registers.rules.outputs import MAX_TEXT, FormSection, choices, form_layout, hint, text_in
from hotich.registers.rules.values import (
    ILLEGIBLE_MARK,
    AsRecorded,
    Reason,
    Recorded,
    decode,
    is_illegible_mark,
)
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import Field, Kind, RegisterVersion

NOT_WRITTEN_MARK = "[sổ không ghi]"
LONGEST_SELECT = 60  # longer lists are typed, with the list as suggestions


class RecordedSelect(forms.Select):
    """A select that also offers the words of the book when they are not in the list."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        known = {str(key) for key, _ in self.choices}
        own = [(text, text) for text in value if text and text not in known]
        shown, self.choices = self.choices, [*self.choices, *own]
        try:
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = shown


class RecordedField(forms.CharField):
    """The words of the book for one field, made uniform (NFC, spaces) and otherwise left alone."""

    def __init__(self, declared: Field, lang: str) -> None:
        self.declared = declared
        super().__init__(
            label=text_in(declared.label, lang),
            help_text=hint(declared, lang),
            required=False,
            max_length=MAX_TEXT,
            widget=_widget(declared, lang),
        )

    def clean(self, value: Any) -> str:
        """The text; a mark for "cannot be read" or "not in the book" in its one spelling."""
        text = uniform(self.declared, super().clean(value))
        if is_illegible_mark(text):
            return ILLEGIBLE_MARK
        return NOT_WRITTEN_MARK if text.casefold() == NOT_WRITTEN_MARK else text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without maxlength: a browser must not cut what the book has."""
        return {}


def uniform(field: Field, text: str) -> str:
    """The text in NFC with single spaces; a long text keeps its lines."""
    if field.kind is not Kind.LONG_TEXT:
        return clean_text(text)
    lines = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(clean_text(line) for line in lines).strip()


def _widget(field: Field, lang: str) -> forms.Widget:
    attrs: dict[str, str] = {"data-kind": field.kind.value, "data-need": field.need.value, "autocomplete": "off"}
    if field.carry:
        attrs["data-carry"] = "true"  # keying keeps the value of the case before
    if field.repeat_of:
        attrs["data-repeat-of"] = field.repeat_of
    if field.kind is Kind.LONG_TEXT:
        return forms.Textarea(attrs={**attrs, "rows": "3", "lang": "vi"})
    if field.kind is Kind.CODE and _is_short(field.code_list):
        return RecordedSelect(attrs=attrs, choices=_options(field.code_list, lang))
    if field.code_list:
        attrs["list"] = datalist_id(field.code_list)
    if field.kind in (Kind.PERSONAL_ID, Kind.PAGE_NUMBER):
        attrs["inputmode"] = "numeric"
    return forms.TextInput(attrs={**attrs, "spellcheck": "false", "lang": "vi"})


def _is_short(list_name: str) -> bool:
    return len(choices(list_name)) <= LONGEST_SELECT


def _options(list_name: str, lang: str) -> tuple[tuple[str, str], ...]:
    return _options_of(CODE_LISTS[list_name], lang)


@lru_cache(maxsize=256)
def _options_of(found: CodeList, lang: str) -> tuple[tuple[str, str], ...]:
    illegible, absent = ("Cannot be read", "Not in the book") if lang == "en" else ("Không đọc được", "Sổ không ghi")
    return (("", "—"), *choices(found.name, lang), (ILLEGIBLE_MARK, illegible), (NOT_WRITTEN_MARK, absent))


def datalist_id(list_name: str) -> str:
    """The id of the suggestions of a long code list on the page."""
    return f"codes-{list_name}"


class RegisterForm(forms.Form):
    """The form of one register version. Made by `form_class`."""

    version: ClassVar[RegisterVersion]
    layout: ClassVar[tuple[FormSection, ...]]
    lang: ClassVar[str]

    def sections(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(code, heading, bound fields) in the order of the book."""
        return [(s.code, text_in(s.label, self.lang), [self[f.code] for f in s.fields]) for s in self.layout]

    def datalists(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """(id, options) of the suggestions this form's inputs refer to."""
        names = {f.code_list: None for s in self.layout for f in s.fields if f.code_list}
        typed = [name for name in names if not _is_select(self.version, name)]
        return [(datalist_id(name), choices(name, self.lang)) for name in typed]

    def as_recorded(self, before: AsRecorded | None = None) -> dict[str, Recorded]:
        """The values to store, after `is_valid()`; see `to_as_recorded`."""
        return to_as_recorded(self.version, self.cleaned_data, before)


def _is_select(version: RegisterVersion, list_name: str) -> bool:
    kinds = {field.kind for field in version.fields if field.code_list == list_name}
    return kinds == {Kind.CODE} and _is_short(list_name)


def form_class(
    version: RegisterVersion, lang: str = "vi", *, also: frozenset[str] = frozenset(), restricted: bool = True
) -> type[RegisterForm]:
    """The form of a version; `also` and `restricted` as in `form_layout`."""
    lists = tuple({CODE_LISTS[field.code_list]: None for field in version.fields if field.code_list})
    return _form_class(version.id, lang, also, restricted, lists)


@lru_cache(maxsize=512)
def _form_class(
    version_id: str, lang: str, also: frozenset[str], restricted: bool, lists: tuple[CodeList, ...]
) -> type[RegisterForm]:
    """`lists` are those the form offers: when one of them changes, the form is made anew."""
    version = version_by_id(version_id)
    layout = form_layout(version, also=also, restricted=restricted)
    fields = {field.code: RecordedField(field, lang) for section in layout for field in section.fields}
    name = f"{version_id.replace('-', '')}Form"
    return type(name, (RegisterForm,), {"version": version, "layout": layout, "lang": lang, **fields})


def form_for(
    version: RegisterVersion,
    as_recorded: AsRecorded,
    data: Mapping[str, Any] | None = None,
    *,
    lang: str = "vi",
    restricted: bool = True,
    prefix: str | None = None,
) -> RegisterForm:
    """The form filled with a case; fields that its era has not, but the case does, are shown too."""
    also = frozenset(f.code for f in version.fields if not f.on_form and f.code in as_recorded)
    made = form_class(version, lang, also=also, restricted=restricted)
    return made(data, initial=initial_of(as_recorded), prefix=prefix)


def initial_of(as_recorded: AsRecorded) -> dict[str, str]:
    """The texts a form starts with: reasons stand as their marks."""
    return {code: _shown(raw) for code, raw in as_recorded.items()}


def _shown(raw: Recorded) -> str:
    value = decode(raw)
    if value.text:
        return value.text
    return {Reason.ILLEGIBLE: ILLEGIBLE_MARK, Reason.NOT_WRITTEN: NOT_WRITTEN_MARK}.get(value.reason, "")


def to_as_recorded(
    version: RegisterVersion, cleaned: Mapping[str, str], before: AsRecorded | None = None
) -> dict[str, Recorded]:
    """The values to store from a cleaned form.

    A value whose text is unchanged stays exactly as it was `before`, with its reason; so do fields that the form
    did not show.
    """
    before = before or {}
    made: dict[str, Recorded] = {}
    for field in version.fields:
        old = before.get(field.code)
        if field.code not in cleaned or (old is not None and cleaned[field.code] == uniform(field, _shown(old))):
            value: Recorded | None = old
        else:
            value = _stored(cleaned[field.code])
        if value:
            made[field.code] = value
    return made


def _stored(text: str) -> Recorded | None:
    if text == ILLEGIBLE_MARK:
        return {"text": "", "reason": Reason.ILLEGIBLE.value}
    if text == NOT_WRITTEN_MARK:
        return {"text": "", "reason": Reason.NOT_WRITTEN.value}
    return text or None
