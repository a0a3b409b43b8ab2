"""What the pages of accounts share: who may open one, telling refusals, cells of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from hotich.accounts.models import Officer, Post
from hotich.accounts.rules.roles import ROLES
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.web.forms import HotichForm
from hotich.web.rules.tables import Cell
from hotich.web.texts import text_of_problem

View = Callable[..., HttpResponseBase]
PAGE_SIZE = 50


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


def officer_of(request: HttpRequest) -> Officer:
    """The officer who is signed in."""
    officer: Officer = request.user  # type: ignore[assignment]
    return officer


@contextmanager
def telling(request: HttpRequest, done: str = "") -> Iterator[None]:
    """Do something; tell that it is done, or why it was refused (nothing of it is written then)."""
    try:
        with transaction.atomic():
            yield
    except RuleBroken as refusal:
        messages.error(request, text_of_problem(refusal))
    else:
        if done:
            messages.success(request, done)


@contextmanager
def refusing(form: HotichForm) -> Iterator[None]:
    """Do something with a valid form; a refusal is shown in it and makes it invalid."""
    try:
        with transaction.atomic():
            yield
    except RuleBroken as refusal:
        form.refuse(refusal)


def page_of(request: HttpRequest, rows: Any, size: int = PAGE_SIZE) -> Page[Any]:
    """The page of a list that the address asks for."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def form_page(request: HttpRequest, form: HotichForm, title: str, **context: Any) -> HttpResponse:
    """A page that is one form. `intro`, `submit`, `back` (address), `breadcrumb` as needed."""
    status = 422 if form.errors else 200
    return render(request, "accounts/form.html", {"form": form, "title": title, **context}, status=status)


def role_name(code: str) -> str:
    """The name of a role in the language of the page."""
    return _(ROLES[code].name) if code in ROLES else code


def post_words(posts: list[Post]) -> Cell:
    """The posts of an officer in one cell: the first, and how many more."""
    if not posts:
        return Cell("–")
    more = _("và %(number)d vị trí khác") % {"number": len(posts) - 1} if len(posts) > 1 else ""
    return Cell(role_name(posts[0].role), note=" · ".join(part for part in (posts[0].office.name, more) if part))


def crumbs(*steps: tuple[str, str]) -> list[Mapping[str, str]]:
    """The way to a page: (label, address) pairs, the last one without address."""
    return [{"label": label, "url": url} for label, url in steps]
