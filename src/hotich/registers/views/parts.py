"""What the pages of registers, records and persons share: who may open one, the language, names of registers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from hotich.accounts.views.parts import actor_of as actor_of
from hotich.accounts.views.parts import needs as needs
from hotich.kernel.problems import RuleBroken
from hotich.registers.rules.outputs import text_in
from hotich.registers.types import ERA_PERIODS, REGISTER_TYPES
from hotich.registers.types.declaration import Era, Label
from hotich.web.texts import text_of_problem


def not_found_if_unknown(refusal: RuleBroken) -> None:
    """A thing that is not there, or is of another office, answers 404: it does not say which of both."""
    if refusal.code.endswith("_unknown"):
        raise Http404(refusal.code)


def tell_refusal(request: HttpRequest, refusal: RuleBroken) -> None:
    """Show a refusal above the page the officer comes back to."""
    not_found_if_unknown(refusal)
    messages.error(request, text_of_problem(refusal))


@contextmanager
def telling(request: HttpRequest, done: str = "") -> Iterator[None]:
    """Around one act of a service: says above the next page what was done, or why it was refused.

    What is not there answers 404. With `done` "" success is told by the caller.
    """
    try:
        yield
    except RuleBroken as refusal:
        tell_refusal(request, refusal)
    else:
        if done:
            messages.success(request, done)


def posted_version(request: HttpRequest) -> int:
    """The version of what a form was made from, as the form sends it back; to be asked for inside `telling` or where
    refusals of the service are caught. Raises RuleBroken version_malformed: a form without one was not made by this page."""
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise RuleBroken("version_malformed")
    return int(text)


def uuid_or_none(text: str) -> UUID | None:
    """An id out of an address or a form; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


@contextmanager
def or_not_found() -> Iterator[None]:
    """Around opening something: what is not there, or is of another office, answers 404."""
    try:
        yield
    except RuleBroken as refusal:
        not_found_if_unknown(refusal)
        raise


def lang() -> str:
    """The language of the page, "vi" or "en"."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def words(label: Label) -> str:
    """A label in the language of the page."""
    return text_in(label, lang())


def register_name(letters: str) -> str:
    """The name of a register type, e.g. "Sổ đăng ký khai sinh"."""
    found = REGISTER_TYPES.get(letters)
    return words(found.label) if found else letters


def short_name(letters: str) -> str:
    """The short name, e.g. "Khai sinh"."""
    found = REGISTER_TYPES.get(letters)
    return words(found.short) if found else letters


def era_name(era: str) -> str:
    """The period of an era, e.g. "1999 – 3/2006"; "" for none."""
    return words(ERA_PERIODS[Era(era)].label) if era in Era.__members__ else ""
