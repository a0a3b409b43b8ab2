"""The kinship drawing of a person and the list that says the same: every edge with the record that proves it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hotich.kernel.actor import Actor
from hotich.persons.queries.kinship import WiderFamily, wider_family
from hotich.persons.queries.profile import Profile, Relative
from hotich.persons.rules.kinship_drawing import Family, Relation
from hotich.persons.rules.kinship_svg import kinship_svg
from hotich.persons.views.words import ended_text, kind_name
from hotich.records.models import Record
from hotich.records.rules.restricted import sees_restricted
from hotich.records.views.parts import birth_of
from hotich.registers.views.parts import short_name

PARENTS = ("father", "mother", "adoptive_father", "adoptive_mother")
CHILDREN = ("child", "adoptive_child")
FURTHER = {"father": "grandfather", "mother": "grandmother", "adoptive_father": "grandfather",
           "adoptive_mother": "grandmother", "child": "grandchild", "adoptive_child": "grandchild"}  # fmt: skip


def kinship_context(profile: Profile, actor: Actor) -> dict[str, Any]:
    """Template context: `drawing` (SVG) and `relatives` (the rows of the list)."""
    wider = wider_family(profile.person.id, profile.relatives, sees=sees_restricted(actor))
    return {
        "drawing": _drawing(profile, wider, actor),
        "relatives": [*_rows(profile.relatives, wider, actor), *_further_rows(profile, wider, actor)],
    }


def record_name(record: Record) -> str:
    """A record in few words: "Khai sinh 12/2006"."""
    return f"{short_name(record.register_type)} {record.number_text}".strip()


def _rows(relatives: Iterable[Relative], wider: WiderFamily, actor: Actor, kind: str = "") -> list[dict[str, Any]]:
    return [
        {
            "kind": kind_name(FURTHER.get(item.kind, item.kind) if kind else item.kind),
            "through": kind,
            "name": item.name or "–",
            "birth": item.birth_text,
            "url": reverse("persons:person", args=[item.person_id]),
            "ended": ended_text(item.edge),
            "decided": item.person_id in wider.decided,
            "proof": record_name(item.edge.record) if item.edge else _("suy ra từ cha, mẹ chung"),
            "proof_url": _record_url(item, actor),
            "restricted": bool(item.edge and item.edge.restricted),
        }
        for item in relatives
    ]


def _further_rows(profile: Profile, wider: WiderFamily, actor: Actor) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for item in profile.relatives:
        beyond = wider.above if item.kind in PARENTS else wider.below if item.kind in CHILDREN else {}
        others = [each for each in beyond.get(item.person_id, []) if each.person_id != profile.person.id]
        rows += _rows(others, wider, actor, kind=_("qua %(name)s") % {"name": item.name or "–"})
    return rows


def _record_url(item: Relative, actor: Actor) -> str:
    if item.edge is None or not actor.may("record.read"):
        return ""
    return reverse("records:record", args=[item.edge.record_id])


def _drawing(profile: Profile, wider: WiderFamily, actor: Actor) -> SafeString:
    newest = profile.links[-1].participant
    shown = [item for item in profile.relatives if not (item.edge and item.edge.ended_by == "annulment")]
    parents = [_relation(item, wider, actor, wider.above) for item in shown if item.kind in PARENTS]
    spouses = [_relation(item, wider, actor, {}) for item in shown if item.kind == "spouse"]
    children = [_relation(item, wider, actor, wider.below) for item in shown if item.kind in CHILDREN]
    title = _("Quan hệ nhân thân của %(name)s: %(parents)d cha mẹ, %(spouses)d vợ chồng, %(children)d con") % {
        "name": newest.full_name,
        "parents": len(parents),
        "spouses": len(spouses),
        "children": len(children),
    }
    family = Family(newest.full_name, birth_of(newest), parents, spouses, children, title)
    return mark_safe(kinship_svg(family))


def _relation(item: Relative, wider: WiderFamily, actor: Actor, beyond: dict[UUID, list[Relative]]) -> Relation:
    further = beyond.get(item.person_id, [])
    return Relation(
        name=item.name or _("(không xem được)"),
        note=" · ".join(filter(None, [kind_name(item.kind), item.birth_text])),
        url=reverse("persons:person", args=[item.person_id]),
        proof=_proof(item, wider),
        proof_url=_record_url(item, actor),
        kind=_kind(item),
        beyond=[_relation(each, wider, actor, {}) for each in further],
    )


def _proof(item: Relative, wider: WiderFamily) -> str:
    """The record, and whatever makes the edge less than plain: its end, that it is restricted, a human decision."""
    if item.edge is None:
        return ""
    marks = [ended_text(item.edge), _("hạn chế xem") if item.edge.restricted else "",
             _("ghép theo quyết định") if item.person_id in wider.decided else ""]  # fmt: skip
    said = "; ".join(filter(None, marks))
    return f"{record_name(item.edge.record)} ({said})" if said else record_name(item.edge.record)


def _kind(item: Relative) -> str:
    if item.edge is not None and item.edge.ended_by:
        return "former"
    if item.kind.startswith("adoptive"):
        return "adoptive"
    return {"spouse": "spouse", "child": "child"}.get(item.kind, "parent")
