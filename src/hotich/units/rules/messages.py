"""Texts of refusals of this app, by code; the English ones stand in locale/en."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "office_unknown": "Không có cơ quan nào mang mã “{office}”.",
    "office_still_open": "Cơ quan “{name}” đang hoạt động nên tự giữ sổ của mình.",
    "custodian_closed": "Cơ quan “{name}” đã kết thúc hoạt động nên không thể nhận giữ sổ.",
    "custodian_is_itself": "Một cơ quan không thể kế thừa sổ của chính mình.",
    "custody_not_allowed": "Tài khoản không có quyền xác định cơ quan giữ sổ.",
}
