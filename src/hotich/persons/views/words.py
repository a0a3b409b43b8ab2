"""Words for kinship, statuses and how something ended."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hotich.persons.models import Kinship
from hotich.persons.rules.facts import Days
from hotich.registers.codes import label_of
from hotich.registers.views.parts import lang

KINDS = {
    "father": gettext_lazy("Cha"),
    "mother": gettext_lazy("Mẹ"),
    "adoptive_father": gettext_lazy("Cha nuôi"),
    "adoptive_mother": gettext_lazy("Mẹ nuôi"),
    "spouse": gettext_lazy("Vợ/chồng"),
    "child": gettext_lazy("Con"),
    "adoptive_child": gettext_lazy("Con nuôi"),
    "sibling": gettext_lazy("Anh, chị, em"),
    "guardian": gettext_lazy("Người giám hộ"),
    "ward": gettext_lazy("Người được giám hộ"),
    "grandfather": gettext_lazy("Ông"),
    "grandmother": gettext_lazy("Bà"),
    "grandchild": gettext_lazy("Cháu"),
}
LIVES = {
    "alive": gettext_lazy("Chưa có thông tin về việc chết"),
    "dead": gettext_lazy("Đã chết"),
    "declared_dead": gettext_lazy("Bị Tòa án tuyên bố là đã chết"),
    "missing": gettext_lazy("Bị Tòa án tuyên bố mất tích"),
}
ENDS = {
    "divorce": gettext_lazy("đã ly hôn"),
    "annulment": gettext_lazy("hôn nhân bị hủy"),
    "death": gettext_lazy("chấm dứt do một bên chết"),
    "termination": gettext_lazy("đã chấm dứt giám hộ"),
    "adoption_end": gettext_lazy("đã chấm dứt nuôi con nuôi"),
}


def kind_name(kind: str) -> str:
    """What somebody is to the person."""
    return str(KINDS.get(kind, kind))


def life_name(code: str) -> str:
    """The life status in words."""
    return str(LIVES.get(code, code))


def marital_name(code: str) -> str:
    """The marital status in words."""
    return label_of("marital_status", code, lang())


def since_text(days: Days) -> str:
    """Since when, as far as it is known."""
    if days.earliest is None:
        return ""
    if days.earliest == days.latest:
        return _("từ %(day)s") % {"day": f"{days.earliest:%d/%m/%Y}"}
    return _("từ năm %(year)d") % {"year": days.earliest.year}


def ended_text(edge: Kinship | None) -> str:
    """How and when an edge ended; "" while it lasts."""
    return ended_words(edge.ended_by, edge.valid_to) if edge is not None and edge.ended_by else ""


def ended_words(ended_by: str, valid_to: date | None) -> str:
    """How something ended, and when as far as is known."""
    text = str(ENDS.get(ended_by, ended_by))
    return f"{text} ({valid_to:%d/%m/%Y})" if valid_to else text
