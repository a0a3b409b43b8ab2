"""Sign-ins of the demo: fixed login names, one known password, known seeds of the second factor."""

from __future__ import annotations

import base64
import hashlib
import re

DEMO_PASSWORD = "Ho-tich-mau-2026"

# login name (with the number of the office), name, role
OF_EVERY_OFFICE = (
    ("can.bo.{}", "Cán bộ mẫu {}", "civil_status_officer"),
    ("nhap.{}", "Người nhập mẫu {}", "keyer"),
    ("duyet.{}", "Người duyệt mẫu {}", "approver"),
    ("lanh.dao.{}", "Lãnh đạo mẫu {}", "commune_leader"),
)
OF_THE_FIRST_OFFICE = (
    ("mot.cua", "Cán bộ một cửa mẫu", "one_stop_clerk"),
    ("kiem.tra", "Người kiểm tra mẫu", "checker"),
    ("ho.tro.1", "Người hỗ trợ nhập liệu mẫu", "keying_helper"),
    ("to.truong.1", "Tổ trưởng nhập liệu mẫu", "keying_leader"),
    ("cong.an", "Công an đối chiếu mẫu", "police_verifier"),
)
OF_THE_DEPARTMENT = (
    ("so.tu.phap", "Công chức Sở Tư pháp mẫu", "department_of_justice"),
    ("quan.tri", "Quản trị kỹ thuật mẫu", "technical_administrator"),
    ("kiem.toan", "Kiểm toán mẫu", "auditor"),
)
_NUMBERED = "|".join(re.escape(login.removesuffix("{}")) for login, _, _ in OF_EVERY_OFFICE)
_SINGLE = "|".join(re.escape(login) for login, _, _ in (*OF_THE_FIRST_OFFICE, *OF_THE_DEPARTMENT))
DEMO_LOGIN = rf"^(?:(?:{_NUMBERED})[0-9]+|{_SINGLE})$"  # read by Python and by PostgreSQL alike


def demo_seed(login: str) -> str:
    """The known seed (base32, 160 bits) of a demo officer's second factor."""
    return base64.b32encode(hashlib.sha1(f"hotich demo {login}".encode(), usedforsecurity=False).digest()).decode()
