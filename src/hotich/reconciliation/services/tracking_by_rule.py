"""The tracking list follows a check that was compared again: what differs no more leaves it, what differs anew comes on.

Nothing leaves without a verdict: where nobody has judged yet, what mended the book says who was right. What a human has
judged stays as it is; where it asks for something that was not done, the item stays and says so in its trail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hotich.audit.services import UnitOfWork
from hotich.reconciliation.models import PopulationCheck, TrackingField, TrackingItem, TrackingTask, Verdict
from hotich.reconciliation.rules.tracking_workflow import (
    NOT_CLOSED,
    WITH_POLICE,
    heaviest,
    tasks_needed,
    verdict_of,
)
from hotich.reconciliation.services.requests import ADJUSTABLE
from hotich.reconciliation.services.tracking import end_by_rule, note, open_items
from hotich.reconciliation.services.tracking_settling import judged_of, needed_tasks, stands

ENDED = "Thông tin không còn khác nhau sau khi bản ghi hoặc CSDL dân cư được sửa; kết thúc theo quy tắc."
_TASK_OF = {Verdict.KEYING_ERROR: TrackingTask.KEYING_REPAIR, Verdict.POPULATION: TrackingTask.LEGAL_CORRECTION}


def follow_comparison(
    work: UnitOfWork,
    *,
    check: PopulationCheck,
    why: Mapping[str, str],
    was_equal: bool = False,
    refs: Sequence[str] = (),
) -> None:
    """Carry what a comparison found on to the list; the caller holds the check, which is written.

    `why`: field → verdict that fits, of what differed and differs no more ("" or left out: not told). `refs`: what mended
    the book (id of the repair, number of the decision). `was_equal`: nothing differed before, so that a difference
    that was settled once is a new one.
    """
    item = TrackingItem.objects.select_for_update(of=("self",)).filter(check_of=check).first()
    if item is None:
        if check.differences:
            open_items(work, checks=[check])
        return
    fields = {field.field: field for field in item.fields.order_by("id")}
    now = {str(each["field"])[:30]: each for each in check.differences}
    if was_equal or any(_is_new(fields.get(name), each) for name, each in now.items()):
        open_items(work, checks=[check], anew={check.id} if was_equal else frozenset())
        return
    gone = [field for name, field in fields.items() if name not in now]
    if not gone or item.state not in NOT_CLOSED:
        return
    if now:
        _partly_gone(work, item, gone)
    else:
        _all_gone(work, item, list(fields.values()), why, refs)


def _is_new(field: TrackingField | None, told: Mapping[str, object]) -> bool:
    """Whether this difference was not there before. One side that says by now what was judged to be right is the verdict
    half carried out, and no new question."""
    if field is None:
        return True
    sides = str(told.get("ours") or "")[:500], str(told.get("theirs") or "")[:500]
    is_carried_out = bool(field.verdict and field.right_value) and field.right_value in sides
    return (field.ours, field.theirs) != sides and not is_carried_out


def _partly_gone(work: UnitOfWork, item: TrackingItem, gone: Sequence[TrackingField]) -> None:
    """While the police have not judged they are asked about what is left only; a verdict stands as it was given."""
    before = _said(gone)
    if item.state in WITH_POLICE:
        TrackingField.objects.filter(id__in=[field.id for field in gone]).delete()
        item.version += 1
        item.save(update_fields=["version"])
    note(work, item, "tracking.difference_gone", before=before, facts={"fields": len(gone)})


def _all_gone(
    work: UnitOfWork, item: TrackingItem, fields: Sequence[TrackingField], why: Mapping[str, str], refs: Sequence[str]
) -> None:
    before = _said(fields)
    done = {_TASK_OF[Verdict(verdict)] for verdict in why.values() if verdict in _TASK_OF}
    if item.state in WITH_POLICE:
        if not all(why.get(field.field) for field in fields):
            note(work, item, "tracking.difference_gone", before=before, facts={"fields": len(fields)})
            return
        for field in fields:
            field.verdict, field.right_value = why[field.field], field.theirs
            field.save(update_fields=["verdict", "right_value"])
        item.verdict, item.verified_at, item.verdict_words = _whole(fields), work.at, ENDED
        item.task = heaviest(done)
    elif set(needed_tasks(fields)) - stands(item) - done:
        note(work, item, "tracking.difference_gone", before=before, facts={"fields": len(fields)})
        return
    else:
        item.task = heaviest(stands(item) | (done & set(needed_tasks(fields))))
    item.task_ref = item.task_ref or ", ".join(refs)[:100]
    end_by_rule(work, item, ENDED, before=before)


def _whole(fields: Sequence[TrackingField]) -> str:
    """The common verdict; of several the one that asks for most."""
    judged = [judged_of(field) for field in fields]
    verdicts = {each.verdict for each in judged}
    if len(verdicts) == 1:
        return verdict_of(judged)
    heavy = heaviest(tasks_needed(judged, ADJUSTABLE))
    return next((str(verdict) for verdict, task in _TASK_OF.items() if task == heavy), verdict_of(judged))


def _said(fields: Sequence[TrackingField]) -> dict[str, object]:
    return {"fields": {each.field: [each.ours, each.theirs, each.verdict, each.right_value] for each in fields}}
