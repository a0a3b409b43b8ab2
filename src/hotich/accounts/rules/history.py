"""What happened to an account, in words: verbs of the audit trail → what an officer reads."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VERBS: Mapping[str, str] = MappingProxyType(
    {
        "officer.created": "Mở tài khoản",
        "officer.post_given": "Giao vị trí công tác",
        "officer.post_ended": "Kết thúc vị trí công tác",
        "officer.locked": "Khóa tài khoản",
        "officer.unlocked": "Mở khóa tài khoản",
        "officer.password_reset": "Cấp lại mật khẩu dùng một lần",
        "officer.password_changed": "Đổi mật khẩu",
        "officer.password_expired": "Mật khẩu dùng một lần đã hết hạn khi đăng nhập",
        "officer.second_factor_reset": "Đặt lại xác thực hai lớp",
        "officer.second_factor_set_up": "Thiết lập xác thực hai lớp",
        "officer.second_factor_recovery_codes_renewed": "Tạo bộ mã dự phòng mới",
        "officer.second_factor_recovery_code_used": "Dùng một mã dự phòng",
        "officer.second_factor_key_added": "Thêm khóa bảo mật",
        "officer.second_factor_key_removed": "Xóa khóa bảo mật",
        "officer.second_factor_key_renamed": "Đổi tên khóa bảo mật",
        "officer.demo_second_factor_set": "Đặt xác thực hai lớp của dữ liệu mẫu",
        "officer.sessions_ended": "Kết thúc phiên làm việc từ xa",
        "officer.signed_in": "Đăng nhập",
        "officer.signed_out": "Đăng xuất",
        "officer.sign_in_failed": "Đăng nhập sai",
        "officer.locked_out": "Tạm khóa đăng nhập vì sai nhiều lần",
        "officer.device_refused": "Bị từ chối vì thiết bị",
    }
)
# What went wrong stands out in the list.
TONES: Mapping[str, str] = MappingProxyType(
    {
        "officer.locked": "error", "officer.sign_in_failed": "warning", "officer.locked_out": "error",
        "officer.device_refused": "warning", "officer.password_expired": "warning", "officer.unlocked": "ok",
    }
)  # fmt: skip
