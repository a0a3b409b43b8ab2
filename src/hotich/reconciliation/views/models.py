"""The model of comparison, open to view: what each agreement weighs, how sure links are, what the settled pairs say of it."""

from __future__ import annotations

from math import floor
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.kernel.actor import Actor
from hotich.matching import default_model
from hotich.matching.model import Model
from hotich.matching.quality import Share, qualities
from hotich.reconciliation.models import MatchRun
from hotich.reconciliation.queries.match_runs import MAY_SEE, match_run, names_of_scopes
from hotich.reconciliation.queries.models import checks_by_certainty, model_of_run, runs_with_model, settled_pairs
from hotich.reconciliation.rules.messages.models import level_words
from hotich.reconciliation.rules.model_charts import histogram, weight_bar
from hotich.reconciliation.views.batches import scope_text
from hotich.registers.views.parts import actor_of, lang, needs, or_not_found
from hotich.web.rules.formats import number_text, percent_text, time_text
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of

THRESHOLDS = (0, 1, 2, 4, 6, 8, 10)  # bits above the certainty a link needs
SHOWN_BITS = (-10, 25)  # what is beyond is drawn at the edge


@needs(*MAY_SEE)
@require_GET
def model(request: HttpRequest) -> HttpResponse:
    """The model that comes with the software, and the comparisons that keep theirs."""
    actor = actor_of(request)
    return render(request, "reconciliation/models.html", _context(actor, default_model(), None))


@needs(*MAY_SEE)
@require_GET
def run_model(request: HttpRequest, match_run_id: UUID) -> HttpResponse:
    """The model one comparison was made with, as it was then."""
    actor = actor_of(request)
    with or_not_found():
        run = match_run(actor, match_run_id)
    return render(request, "reconciliation/models.html", _context(actor, model_of_run(run), run))


def _context(actor: Actor, shown: Model | None, run: MatchRun | None) -> dict[str, Any]:
    runs = runs_with_model(actor)
    context: dict[str, Any] = {
        "run": run,
        "tabs": _tabs(runs, run),
        "is_readable": shown is not None,
        "breadcrumb": [{"label": _("Đối chiếu hàng loạt"), "url": reverse("reconciliation:match_runs")}],
    }
    if shown is None:
        return context
    pairs = settled_pairs(actor, shown)
    thresholds = [shown.link_at + more for more in THRESHOLDS]
    return {
        **context,
        "facts": _facts(shown),
        "fields": _fields(shown),
        "chart": _chart(shown, run),
        "expected_columns": [
            Column(_("Chắc chắn từ (bit)"), "number"), Column(_("Số liên kết"), "number"),
            Column(_("Dự kiến sai"), "number"), Column(_("Tỷ lệ dự kiến sai"), "number"),
        ],
        "expected_rows": _expected_rows(shown),
        "settled": len(pairs),
        "quality_columns": [
            Column(_("Chắc chắn từ (bit)"), "number"), Column(_("Liên kết đúng"), "number"),
            Column(_("Khoảng tin cậy 95 %"), "number"), Column(_("Tìm được"), "number"),
            Column(_("Khoảng tin cậy 95 %"), "number"),
        ],
        "quality_rows": [
            Row(f"q{place}", [
                number_text(each.link_at, lang(), decimals=1),
                _share(each.precision), _interval(each.precision), _share(each.recall), _interval(each.recall),
            ])
            for place, each in enumerate(qualities(pairs, thresholds))
        ] if pairs else [],
    }  # fmt: skip


def _tabs(runs: list[MatchRun], chosen: MatchRun | None) -> list[dict[str, Any]]:
    names = names_of_scopes(runs)
    first = {"label": _("Mô hình kèm phần mềm"), "url": reverse("reconciliation:model"), "active": chosen is None}
    return [
        first,
        *(
            {
                "label": f"{scope_text(names[run.id])} · {time_text(run.asked_at)}",
                "url": reverse("reconciliation:run_model", args=[run.id]),
                "active": chosen is not None and run.id == chosen.id,
                "own_words": True,  # names of offices and books are not translated
            }
            for run in runs
        ),
    ]


def _facts(shown: Model) -> list[dict[str, Any]]:
    trained = shown.trained
    known = [
        (_("Số bản ghi đã học"), trained.get("records")),
        (_("Số công dân"), trained.get("persons")),
        (_("Số cặp đã so"), trained.get("pairs")),
    ]
    return [
        *({"label": label, "value": number_text(value, lang())} for label, value in known if value is not None),
        {"label": _("Liên kết khi chắc chắn từ"), "value": _bits(shown.link_at)},
        {"label": _("Cán bộ xem khi từ"), "value": _bits(shown.doubt_at)},
        {"label": _("Tỷ lệ không có trong dữ liệu"), "value": percent_text(shown.absent, 1, lang())},
    ]  # fmt: skip


def _bits(bits: float) -> str:
    return _("%(bits)s bit") % {"bits": number_text(bits, lang(), decimals=1)}


def _fields(shown: Model) -> list[dict[str, Any]]:
    made = []
    for comparison in shown.comparisons:
        levels = []
        for place, level in enumerate(comparison.levels):
            bits = shown.bits(comparison.field, place)
            text = _level_text(comparison.field, level.code)
            number = number_text(bits, lang(), decimals=1)
            title = _("%(level)s: %(bits)s bit") % {"level": text, "bits": number}
            levels.append({"text": text, "bits": number, "bar": _svg(weight_bar(bits, title))})
        made.append({"key": comparison.field, "name": text_of(f"model_field_{comparison.field}"), "levels": levels})
    return made


def _level_text(field: str, code: str) -> str:
    words, params, around = level_words(field, code)
    if around:
        return text_of(around, {"text": text_of(words), **params})
    return text_of(words, params)


def _expected_rows(shown: Model) -> list[Row]:
    rows = [
        each
        for each in shown.trained.get("expected", [])
        if 0 <= each["score"] - floor(shown.link_at) <= max(THRESHOLDS)
    ]
    return [
        Row(f"e{each['score']}", [
            Cell(number_text(each["score"], lang())), number_text(each["links"], lang()),
            number_text(each["wrong"], lang(), decimals=1), percent_text(each["wrong"], each["links"], lang(), decimals=2),
        ])
        for each in sorted(rows, key=lambda each: each["score"])
    ]  # fmt: skip


def _chart(shown: Model, run: MatchRun | None) -> SafeString:
    """Records by certainty: of a run those of one's offices, of the model itself those it was learnt from."""
    low, high = SHOWN_BITS
    bins: dict[int, list[float]] = {}
    if run is not None:
        for bits, number in checks_by_certainty(run, shown).items():
            at = bins.setdefault(min(max(bits, low), high), [0, 0.0])
            at[0] += number
            at[1] += number / (1 + 2.0 ** max(bits, -60))
    else:
        before = (0, 0.0)
        for each in shown.trained.get("expected", []):  # sums from the top down
            at = bins.setdefault(min(max(each["score"], low), high), [0, 0.0])
            at[0] += each["links"] - before[0]
            at[1] += each["wrong"] - before[1]
            before = each["links"], each["wrong"]
    rows = [(bits, int(number), round(wrong)) for bits, (number, wrong) in sorted(bins.items())]
    return _svg(histogram(rows, shown.link_at, _("Số người theo mức chắc chắn")))


def _share(share: Share) -> str:
    return f"{percent_text(share.part, share.whole, lang())} ({share.part}/{share.whole})" if share.whole else "–"


def _interval(share: Share) -> str:
    if share.low is None or share.high is None:
        return "–"
    return f"{percent_text(share.low, 1, lang())} – {percent_text(share.high, 1, lang())}"


def _svg(text: str) -> SafeString:
    return mark_safe(text)
