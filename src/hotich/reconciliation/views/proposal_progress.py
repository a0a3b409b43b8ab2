"""What is shown while many proposals are searched, accepted or taken back: how far, how long still, what came of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.reconciliation.models import BulkState, LinkBulk, LinkSearch, SearchState
from hotich.reconciliation.queries.faulty_items import faulty_items
from hotich.reconciliation.rules.link_bulks import ACCEPTING
from hotich.reconciliation.rules.link_bulks import UNDER_WAY as BULK_UNDER_WAY
from hotich.reconciliation.rules.link_searches import UNDER_WAY
from hotich.reconciliation.rules.match_runs import time_left
from hotich.reconciliation.services.proposals import RIGHT
from hotich.reconciliation.views.faulty_items import faulty_context
from hotich.registers.views.parts import short_name
from hotich.web.rules.formats import number_text
from hotich.web.texts import text_of

SEARCH_TONES = {SearchState.DONE: "ok", SearchState.STOPPED: "warning", SearchState.FAILED: "danger"}


def search_words(actor: Actor, search: LinkSearch) -> dict[str, Any]:
    """What `reconciliation/parts/link_search.html` shows of a search."""
    where = search.origin_office.name
    if search.book is not None:
        where = f"{short_name(search.book.register_type)} {search.book.label}"
    return {
        "id": search.id,
        "title": _("Tìm trùng lặp: %(where)s") % {"where": where},
        "is_under_way": search.state in UNDER_WAY,
        "state": _(SearchState(search.state).label),
        "tone": SEARCH_TONES.get(SearchState(search.state), "accent"),
        "done": search.looked_at,
        "total": search.total,
        "found": search.proposed,
        "stale": search.stale,
        "by_rule": search.by_rule,
        "failure": text_of(search.failure, {}) if search.failure else "",
        "left": left_words(search, search.looked_at, search.total) if search.state == SearchState.RUNNING else "",
        "at": search.finished_at,
        **faulty_context(actor, search),
        "may_retry": actor.may(RIGHT) and search.state == SearchState.DONE,
        "may_stop": actor.may(RIGHT) and search.state in UNDER_WAY,
        "may_resume": actor.may(RIGHT) and search.state in (SearchState.STOPPED, SearchState.FAILED),
    }


def bulk_progress(bulk: LinkBulk, sample_decided: int) -> dict[str, Any]:
    """What `reconciliation/parts/link_bulk_progress.html` shows of a bulk under way."""
    is_undoing = bulk.state == BulkState.UNDOING
    rest, aside = bulk.total - bulk.sampled, faulty_items(bulk).count()
    done, total = (bulk.undone, bulk.accepted) if is_undoing else (bulk.accepted + bulk.stale + aside, max(rest, 0))
    return {
        "bulk": bulk,
        "is_under_way": bulk.state in BULK_UNDER_WAY and not bulk.failure,  # taking back may have met an outage
        "aside": aside,
        "title": _("Đang hoàn tác cả loạt") if is_undoing else _("Đang chấp nhận cả loạt"),
        "done": done,
        "total": total,
        "left": left_words(bulk, done, total),
        "may_stop": bulk.state in ACCEPTING,
        "sample_decided": sample_decided,
    }


def left_words(job: LinkSearch | LinkBulk, done: int, total: int) -> str:
    """How long it still takes at the pace it has had; "" before its first piece."""
    left = time_left(job.began_at, clock.now(), done, total)
    if left is None:
        return ""
    if left.total_seconds() < 60:
        return _("còn chưa đến một phút")
    return _("còn khoảng %(minutes)s phút") % {"minutes": number_text(round(left.total_seconds() / 60))}
