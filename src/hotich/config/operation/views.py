"""The state of the system, for technical administrators: figures, alarms, failed jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from hotich.accounts.rules.roles import ROLES
from hotich.config.operation.health import FailedJob, Health, banner_alarms, health
from hotich.config.operation.services.jobs import retry_job, set_job_aside
from hotich.config.operation.texts import alarm_text, disk_name, task_name
from hotich.config.rules.alarms import DISK_ERROR, DISK_WARNING, Disk
from hotich.intake.views import home as intake_home
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.registers.views.parts import actor_of, needs
from hotich.units.queries import offices_by_id
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.templatetags.hotich import filesize, moment
from hotich.web.texts import text_of_problem

RIGHT = "technical.manage"
QUIET = 2  # the first figures, of background jobs, stand on the first page only where there is something to tell


LINKS = (
    ("operation:state", gettext_lazy("Tình trạng hệ thống"), gettext_lazy("ổ đĩa, khóa bí mật, công việc nền, sao lưu")),
    ("account_officers", gettext_lazy("Tài khoản cán bộ"), gettext_lazy("mở, khóa, đặt lại xác thực hai lớp")),
    ("account_devices", gettext_lazy("Thiết bị"), gettext_lazy("máy đã kiểm tra, quy định đăng nhập")),
    ("account_delegations", gettext_lazy("Ủy quyền"), gettext_lazy("làm việc thay người vắng mặt")),
    ("registers:configuration", gettext_lazy("Cấu hình"), gettext_lazy("ngưỡng, danh mục, ngày nghỉ, thời kỳ")),
    ("registers:offices", gettext_lazy("Đơn vị, cơ quan"), gettext_lazy("đơn vị hành chính, cơ quan đăng ký, giữ sổ")),
)  # fmt: skip


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page: for a technical administrator what the system is like; everybody else's is that of intake."""
    actor = actor_of(request)
    if actor.may("keying.key") and actor.rights <= ROLES["keying_helper"].rights:  # only his package waits for him
        return redirect("keying:home")
    if not actor.may(RIGHT):
        return intake_home(request)
    now = health(clock.now())
    due = [age for age in now.secrets if age.due]
    fullest = max(now.disks, key=lambda disk: disk.percent, default=None)
    context = {
        "alarms": [{"tone": alarm.level, "text": alarm_text(alarm)} for alarm in now.alarms],
        "stats": [
            *(stat for place, stat in enumerate(_stats(now)) if place >= QUIET or stat["value"]),  # no noughts of jobs
            *([_disk_stat(fullest)] if fullest else []),
            _secret_stat(now, len(due)),
        ],
        "database": _database(now),
        "saved": _saved(now),
        "links": [{"url": reverse(name), "label": label, "value": note} for name, label, note in LINKS],
        "office_name": office.name if (office := offices_by_id([actor.office_id]).get(actor.office_id)) else "",
        "at": now.at,
    }
    return render(request, "operation/home.html", context)


def _disk_stat(disk: Disk) -> dict[str, Any]:
    tone = "error" if disk.percent >= DISK_ERROR else "warning" if disk.percent >= DISK_WARNING else "ok"
    note = _("{name}, còn {free}").format(name=disk_name(disk.name), free=filesize(disk.free))
    return {"label": _("Ổ đĩa đầy nhất"), "value": f"{disk.percent}%", "tone": tone, "note": note}


def _secret_stat(now: Health, due: int) -> dict[str, Any]:
    oldest = max((age.days for age in now.secrets if age.days is not None), default=None)
    note = _("cũ nhất {days} ngày").format(days=oldest) if oldest is not None else ""
    return {"label": _("Khóa bí mật đến hạn thay"), "value": due, "tone": "warning" if due else "ok", "note": note}


@needs(RIGHT)
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """One page: is anything wrong, and what is everything like."""
    now = health(clock.now())
    context = {
        "alarms": [{"tone": alarm.level, "text": alarm_text(alarm)} for alarm in now.alarms],
        "stats": _stats(now),
        "database": _database(now),
        "saved": _saved(now),
        "disk_columns": [
            Column(_("Ổ đĩa")), Column(_("Dung lượng"), "number"), Column(_("Còn trống"), "number"),
            Column(_("Đã dùng"), "number"),
        ],
        "disk_rows": [_disk_row(disk) for disk in now.disks],
        "secret_columns": [Column(_("Tên khóa")), Column(_("Tuổi (ngày)"), "number"), Column(_("Khóa cũ còn giữ"), "number")],
        "secret_rows": [
            Row(age.name, [Cell(age.name), Cell("–" if age.days is None else age.days), age.former],
                tone="warning" if age.due else "")
            for age in now.secrets
        ],
        "jobs": [_job(job) for job in now.failed],
        "at": now.at,
    }  # fmt: skip
    return render(request, "operation/state.html", context)


@needs(RIGHT)
@require_POST
def job_retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Run a failed job again."""
    return _on_job(request, job_id, retry_job, _("Công việc sẽ được chạy lại."))


@needs(RIGHT)
@require_POST
def job_set_aside(request: HttpRequest, job_id: int) -> HttpResponse:
    """Do not wait for a failed job any more."""
    return _on_job(request, job_id, set_job_aside, _("Đã bỏ qua công việc."))


def _on_job(request: HttpRequest, job_id: int, service: Callable[..., None], done: str) -> HttpResponse:
    try:
        service(job_id=job_id, actor=actor_of(request), at=clock.now())
    except RuleBroken as refusal:
        if refusal.code == "job_unknown":
            raise Http404("job") from refusal
        messages.error(request, text_of_problem(refusal))
    else:
        messages.success(request, done)
        banner_alarms.forget()
    return redirect("operation:state")


def _stats(now: Health) -> list[dict[str, Any]]:
    silence = now.work.silence
    backup = now.saved.ok_at
    codes = {alarm.code: alarm.level for alarm in now.alarms}
    return [
        {
            "label": _("Công việc nền đang chờ"), "value": now.work.waiting, "tone": codes.get("jobs_waiting", ""),
            "note": _("lâu nhất: {time}").format(time=_duration(now.work.oldest_wait)) if now.work.waiting else "",
        },
        {
            "label": _("Công việc nền bị lỗi"), "value": now.work.failed, "tone": "error" if now.work.failed else "ok",
            "note": "",
        },
        {
            "label": _("Tiến trình nền"), "value": _("Đang chạy") if "worker_silent" not in codes else _("Không trả lời"),
            "tone": "error" if "worker_silent" in codes else "ok",
            "note": _("tín hiệu cách đây {time}").format(time=_duration(silence)) if silence is not None else "",
        },
        {
            "label": _("Lần sao lưu gần nhất"), "value": moment(backup) if backup else _("Chưa có"),
            "tone": next((codes[code] for code in codes if code.startswith("backup_")), "ok" if backup else ""),
            "note": _("mất {seconds} giây").format(seconds=round(now.backup.get("seconds", 0))) if backup else "",
        },
        {
            "label": _("Lỗi trong nhật ký 24 giờ"), "value": now.errors, "tone": "error" if now.errors else "ok",
            "note": ngettext("{number} cảnh báo", "{number} cảnh báo", now.warnings).format(number=now.warnings),
        },
    ]  # fmt: skip


def _database(now: Health) -> list[dict[str, Any]]:
    facts = now.database
    schema = _("đúng phiên bản chương trình")
    if now.pending:
        schema = _("còn {number} bước nâng cấp").format(number=len(now.pending))
    if now.unknown:
        schema = _("mới hơn chương trình")
    lag = _duration(facts.lag) if facts.lag is not None else ""
    return [
        {"label": _("Phiên bản chương trình"), "value": now.program},
        {"label": _("Phiên bản PostgreSQL"), "value": facts.version.partition(" ")[0]},
        {"label": _("Cấu trúc dữ liệu"), "value": schema},
        {"label": _("Dung lượng cơ sở dữ liệu"), "value": filesize(facts.size)},
        {"label": _("Kết nối đang mở"), "value": str(facts.connections)},
        {"label": _("Máy chủ dự phòng"), "value": str(facts.standbys) if facts.standbys else "", "absent": _("không có"),
         "note": _("chậm {time}").format(time=lag) if lag else ""},
    ]  # fmt: skip


def _saved(now: Health) -> list[dict[str, Any]]:
    told, facts = now.backup, now.database
    return [
        {"label": _("Bản sao lưu"), "value": told.get("name", ""), "absent": _("chưa có"),
         "note": _("{number} tệp").format(number=told["files"]) if "files" in told else ""},
        {"label": _("Khóa bí mật trong bản sao lưu"),
         "value": (_("có, đã niêm phong") if told.get("holds_secrets") else _("không có")) if "name" in told else ""},
        {"label": _("Nhật ký ghi trước (WAL) gần nhất"), "value": _when(facts.archived_at), "absent": _("chưa lưu")},
        {"label": _("Kiểm tra chuỗi nhật ký gần nhất"),
         "value": _when(now.verified_at), "absent": _("chưa kiểm tra"),
         "note": _("{number} sai lệch").format(number=now.verified_faults) if now.verified_faults else ""},
        {"label": _("Mốc neo nhật ký gần nhất"), "value": _when(now.anchored_at), "absent": _("chưa có")},
    ]  # fmt: skip


def _disk_row(disk: Disk) -> Row:
    tone = "error" if disk.percent >= DISK_ERROR else "warning" if disk.percent >= DISK_WARNING else ""
    return Row(
        disk.name,
        [
            disk_name(disk.name),
            Cell(filesize(disk.total)),
            Cell(filesize(disk.free)),
            Cell(f"{disk.percent}%", tone=tone),
        ],
        tone=tone,
    )


def _job(job: FailedJob) -> dict[str, Any]:
    return {
        "id": job.id, "name": task_name(job.task), "code": job.task, "queue": job.queue, "attempts": job.attempts,
        "at": job.at,
    }  # fmt: skip


def _when(at: datetime | None) -> str:
    return moment(at) if at else ""


def _duration(span: timedelta | None) -> str:
    """A length of time in one unit."""
    seconds = int(span.total_seconds()) if span else 0
    for unit, text in ((86400, _("{number} ngày")), (3600, _("{number} giờ")), (60, _("{number} phút"))):
        if seconds >= unit:
            return text.format(number=seconds // unit)
    return _("{number} giây").format(number=max(0, seconds))
