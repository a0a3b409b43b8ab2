"""What may be compared, and with what, as the choices of a form."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.reconciliation.adapters.choice import LIVE, partner
from hotich.reconciliation.forms.batches import UPLOAD, Choices
from hotich.reconciliation.models import RunScope
from hotich.reconciliation.queries.match_runs import areas_of, extracts_of, offices_offered, province_under
from hotich.registers.queries import books_of_offices
from hotich.registers.views.parts import short_name
from hotich.units.queries import offices_by_id
from hotich.web.rules.formats import number_text, time_text


def what_choices(actor: Actor) -> Choices:
    """The province of a department, offices, then books by register."""
    today = clock.today()
    province = province_under(actor, today)
    found: list[tuple[str, Any]] = []
    if province is not None:
        text = _("Mọi sổ trong địa bàn %(province)s") % {"province": province.name}
        found.append((f"{RunScope.PROVINCE}:{province.code}", text))
    offices = [
        (f"{RunScope.OFFICE}:{office_id}", _("Mọi sổ của %(office)s, kể cả sổ nhận giữ") % {"office": name})
        for office_id, name in offices_offered(actor, today).items()
    ]
    return [*found, *offices, *_books(actor)]


def _books(actor: Actor) -> list[tuple[str, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    books = books_of_offices(actor.office_ids).filter(origin_office_id__in=actor.office_ids)
    several = len({book.origin_office_id for book in books}) > 1
    names = offices_by_id([book.origin_office_id for book in books]) if several else {}
    for book in books:
        place = f" · {names[book.origin_office_id].name}" if several else ""
        kind = short_name(book.register_type)
        groups.setdefault(kind, []).append((f"{RunScope.BOOK}:{book.id}", f"{kind} {book.label}{place}"))
    return list(groups.items())


def source_choices(actor: Actor) -> Choices:
    """The whole province first, then the commune, data there is already, a file."""
    today = clock.today()
    areas = sorted(areas_of(actor.office_id, today), key=lambda area: area.level != "province")
    names = {area.code: area.name for area in areas}
    asked = [
        (f"fetch:{area.code}", _("Xin CSDL dân cư dữ liệu của %(area)s") % {"area": area.name}) for area in areas
    ] if partner().name == LIVE else []  # fmt: skip
    kept = [
        (
            f"extract:{each.id}",
            _("Đã có: %(area)s, %(number)s công dân, lấy lúc %(at)s")
            % {
                "area": names.get(each.area, each.area) or each.file.name,
                "number": number_text(each.persons),
                "at": time_text(each.fetched_at),
            },
        )
        for each in extracts_of(actor)
    ]
    return [*asked, *kept, (UPLOAD, _("Tải tệp trích xuất lên"))]
