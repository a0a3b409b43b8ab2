"""What the pages of registers, records and persons share: who may open one, the language, names of registers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from hotich.kernel.actor import Actor
from hotich.registers.rules.outputs import text_in
from hotich.registers.types import ERA_PERIODS, REGISTER_TYPES
from hotich.registers.types.declaration import Era, Label

View = Callable[..., HttpResponseBase]


def needs(*rights: str) -> Callable[[View], View]:
    """Only for a signed-in officer who holds one of these rights; anybody else is told so (403)."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(actor_of(request).may(right) for right in rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request; the office middleware has set it for whoever is signed in."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


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
