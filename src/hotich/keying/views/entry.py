"""The keying screen: a page without any data, filled in the browser out of its own store."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hotich.keying.rules.practice import PRACTICE_REGISTERS, package_id
from hotich.keying.views.entry_texts import entry_texts
from hotich.keying.views.offline import of_the_shell, works_offline
from hotich.keying.views.tour import tour
from hotich.registers.views.parts import actor_of, needs

NO_PACKAGE = UUID(int=0)
"""Stands in the addresses of packages where the browser puts the one it keys."""


@needs("keying.key", "keying.check")
@require_safe
@never_cache
def entry(request: HttpRequest) -> HttpResponse:
    """The screen for one package at a time: form and picture side by side, or a table (#<package>)."""
    can_ask = actor_of(request).may("population.look_up")
    context = {"texts": entry_texts(), "tour": tour(request, "screen"), **addresses(can_ask), **works_offline(request)}
    return of_the_shell(render(request, "keying/entry.html", context))


def addresses(can_ask: bool = False) -> dict[str, str]:
    """Where the script finds packages: patterns with NO_PACKAGE in them, and the practice book by package and letters;
    and where it asks the population database ("" for whoever may not).
    """
    practice = {}
    for letters in PRACTICE_REGISTERS:
        practice[letters] = practice[str(package_id(letters))] = reverse("keying:practice_data", args=[letters])
    return {
        "package_url": reverse("keying:package_data", args=[NO_PACKAGE]),
        "second_url": reverse("keying:check_data", args=[NO_PACKAGE]),
        "practice_json": json.dumps(practice),
        "population_url": reverse("reconciliation:look_up") if can_ask else "",
    }
