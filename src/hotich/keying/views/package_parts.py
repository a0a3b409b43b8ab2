"""What the pages of packages share: a package in words, tones of states, steps of the campaign, ways to a page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hotich.keying.models import CheckMode, ItemState, KeyingPackage, PackageState
from hotich.keying.rules.gate import Step
from hotich.keying.rules.phases import GROUPS, PHASES, group_label, phase_label
from hotich.keying.rules.returns import returned_number
from hotich.keying.views.inventory_parts import book_name
from hotich.registers.views.parts import words

PACKAGE_TONES = {
    PackageState.READY: "muted",
    PackageState.OUT: "accent",
    PackageState.RELEASED: "warning",
    PackageState.CHECKING: "brand",
    PackageState.CHECKED: "ok",
    PackageState.WITHDRAWN: "muted",
}
# shorter than in the lists of choices: they stand in tables
PACKAGE_WORDS = {
    PackageState.READY: "Chờ nhận",
    PackageState.OUT: "Đang nhập",
    PackageState.RELEASED: "Chờ kiểm tra",
    PackageState.CHECKING: "Đang kiểm tra",
    PackageState.CHECKED: "Đã kiểm tra",
    PackageState.WITHDRAWN: "Đã rút",
}
ITEM_TONES = {
    ItemState.OPEN: "muted",
    ItemState.KEYED: "ok",
    ItemState.VOID: "warning",
    ItemState.MISSING: "warning",
    ItemState.BLANK: "muted",
}


def package_title(package: KeyingPackage) -> str:
    """A package by its book and place: "Khai sinh 01/2006 – gói 3"."""
    return _("%(book)s – gói %(place)d") % {"book": book_name(package.book), "place": package.position}


def package_words(package: KeyingPackage) -> str:
    """The state of a package, in a few words."""
    return _(PACKAGE_WORDS[PackageState(package.state)])


def package_tone(package: KeyingPackage) -> str:
    """The tone of its state."""
    return PACKAGE_TONES[PackageState(package.state)]


def returned_words(package: KeyingPackage) -> str:
    """Why a package came back, in the language of the page as far as it is not somebody's own words."""
    return "\n".join(_returned(line) for line in package.returned_reason.splitlines())


def _returned(line: str) -> str:
    number = returned_number(line)
    if number is None:
        return line
    text = ngettext("%(n)d trường hợp bị trả lại", "%(n)d trường hợp bị trả lại", number)
    return text % {"n": number}


def mode_words(mode: str) -> str:
    """How a package is checked."""
    return _(str(CheckMode(mode).label)) if mode in CheckMode else ""


def step_words(step: Step) -> str:
    """A step of the campaign: "Giai đoạn 2: 2006 – 2015, Nhóm 2: khai sinh"."""
    phase = words(phase_label(step.phase)) if step.phase in PHASES else str(step.phase)
    group = words(group_label(step.group)) if step.group in GROUPS else str(step.group)
    return f"{phase}, {group}"


def home_crumbs(*steps: tuple[str, str]) -> list[dict[str, Any]]:
    """The way from the keyer's home."""
    return [{"label": label, "url": url} for label, url in ((_("Nhập liệu"), reverse("keying:home")), *steps)]


def lead_crumbs(*steps: tuple[str, str]) -> list[dict[str, Any]]:
    """The way from the list of packages."""
    return [{"label": label, "url": url} for label, url in ((_("Gói nhập liệu"), reverse("keying:packages")), *steps)]
