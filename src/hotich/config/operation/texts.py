"""Words of operation: alarms, volumes, background jobs."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from hotich.config.rules.alarms import Alarm
from hotich.web.texts import text_of

DISKS = {
    "state": gettext_noop("Dữ liệu và tệp"),
    "backup": gettext_noop("Sao lưu"),
    "wal": gettext_noop("Nhật ký ghi trước (WAL)"),
}
TASKS = {
    "intake.import_book": gettext_noop("Đọc sổ đã tải lên"),
    "intake.refresh_dispatch": gettext_noop("Cập nhật hàng đợi gửi Bộ Tư pháp"),
    "intake.resume_interrupted": gettext_noop("Tiếp tục việc bị ngắt"),
    "intake.approve_batch": gettext_noop("Phê duyệt cả sổ"),
    "intake.build_export": gettext_noop("Lập tệp xuất dữ liệu"),
    "accounts.open_accounts": gettext_noop("Mở tài khoản hàng loạt"),
    "accounts.destroy_old_passwords": gettext_noop("Hủy tệp mật khẩu cũ"),
    "audit.take_anchor": gettext_noop("Lấy mốc neo nhật ký"),
    "audit.verify_since_anchor": gettext_noop("Kiểm tra nhật ký hằng đêm"),
    "audit.verify_whole": gettext_noop("Kiểm tra toàn bộ nhật ký"),
    "audit.run_verification": gettext_noop("Kiểm tra nhật ký theo yêu cầu"),
    "registers.carry_out_due": gettext_noop("Áp dụng cấu hình đến hạn"),
}


def disk_name(code: str) -> str:
    """What a volume is called."""
    return gettext(DISKS.get(code, code))


def task_name(code: str) -> str:
    """What a background job is called; its code where nobody gave it a name."""
    return gettext(TASKS[code]) if code in TASKS else code


def alarm_text(alarm: Alarm) -> str:
    """What is wrong and what to do."""
    params = dict(alarm.params)
    if alarm.code in ("disk_filling", "disk_nearly_full"):
        params["name"] = disk_name(params["name"])
    return text_of(alarm.code, params)
