"""The words of the scripts that key without a line, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _


def offline_texts() -> dict[str, str]:
    """Code → words. `{name}` stands for what the script fills in."""
    return {**_line_texts(), **_outbox_texts(), **_storage_texts()}


def _line_texts() -> dict[str, str]:
    return {
        "online": _("Đang nối máy chủ"),
        "offline": _("Mất kết nối – vẫn nhập được"),
        "signed_out": _("Hết phiên làm việc – đăng nhập lại để gửi"),
        "other_user": _("Người khác đang đăng nhập – chưa gửi, vẫn giữ"),
        "held": _("Gói đã tải về máy này, nhập được cả khi mất kết nối:"),
        "unsupported": _(
            "Trình duyệt hoặc địa chỉ này không cho phép lưu an toàn khi mất kết nối (thiếu: {parts}). Hãy báo quản trị: "
            "cần https và Chrome 109 trở lên."
        ),
        "kept_here": _("Mọi trường hợp đã lưu nằm trên máy này và tự gửi khi chính người nhập có kết nối trở lại."),
        "clock": _(
            "Đồng hồ của máy lệch {minutes} phút so với máy chủ. Việc nhập không bị mất; hãy báo quản trị chỉnh đồng hồ."
        ),
        "new_version": _("Có bản mới của màn hình nhập liệu."),
        "new_version_waiting": _("Có bản mới. Còn {count} trường hợp chưa gửi; nên đợi gửi xong rồi mới cập nhật."),
        "update": _("Cập nhật"),
        "update_anyway": _("Vẫn cập nhật ngay"),
    }


def _outbox_texts() -> dict[str, str]:
    return {
        "empty": _("Không có gì chờ gửi. Mọi trường hợp đã nhập trên máy này đều đã đến máy chủ."),
        "pending": _("Chờ gửi"),
        "returned": _("Trả lại để sửa"),
        "refused": _("Máy chủ không nhận"),
        "pending_hint": _("Đã ghi trên máy này, tự gửi khi có kết nối."),
        "returned_hint": _("Đã lưu trên máy chủ nhưng còn lỗi: mở ra, sửa theo sổ rồi lưu lại."),
        "refused_hint": _("Chỉ có trên máy này. Sửa rồi lưu lại, gửi lại, hoặc báo tổ trưởng."),
        "number_pending": _("{count} chờ gửi"),
        "number_returned": _("{count} cần sửa"),
        "number_refused": _("{count} không được nhận"),
        "unreadable": _("{count} mục không đọc lại được trên máy này. Đừng xóa dữ liệu trình duyệt; hãy báo quản trị."),
        "mend": _("Mở để sửa"),
        "retry": _("Gửi lại"),
        "drop": _("Bỏ"),
        "tell_leader": _("Báo tổ trưởng"),
        "more": _("và {count} mục nữa"),
        "http": _("Máy chủ không hiểu mục này (mã {status})."),
    }


def _storage_texts() -> dict[str, str]:
    return {
        "space": _("Ổ đĩa sắp hết chỗ: chỉ còn khoảng {left} MB cho việc nhập. Hãy báo quản trị trước khi nhập tiếp."),
        "not_persistent": _(
            "Trình duyệt chưa hứa giữ lâu dài dữ liệu chờ gửi: nếu ổ đĩa đầy, nó có thể bị dọn. Hãy gửi hết trước khi "
            "nghỉ, và báo quản trị cài màn hình này thành ứng dụng."
        ),
    }
