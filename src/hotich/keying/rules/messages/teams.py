"""Texts of what the services of teams refuse with."""
# ruff: noqa: E501 – a text is one line

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "team_unknown": "Không có tổ nhập liệu này trong cơ quan của bạn.",
    "team_closed": "Tổ này đã giải thể.",
    "team_changed_meanwhile": "Tổ vừa được người khác thay đổi. Hãy xem lại rồi lưu.",
    "team_name_missing": "Hãy đặt tên cho tổ.",
    "team_name_taken": "Cơ quan đang có một tổ tên “{name}”.",
    "team_shift_unknown": "Không có ca làm việc này.",
    "team_leader_cannot": "Tổ trưởng phải là người đang nhập liệu hoặc phụ trách nhập liệu tại cơ quan.",
    "member_cannot_key": "Chỉ người có quyền nhập liệu tại cơ quan mới vào tổ được.",
    "member_missing": "Hãy chọn ít nhất một người.",
    "member_unknown": "Không có thành viên này trong tổ.",
    "member_day_out_of_range": "Ngày vào tổ sớm nhất là {back} ngày trước, muộn nhất là {ahead} ngày sau hôm nay.",
    "member_in_team_then": "Những ngày đã qua người này thuộc một tổ rồi; số liệu của ngày đã qua không chuyển sang tổ khác. Hãy chọn từ hôm nay.",
    "member_day_past": "Ngày cuối trong tổ không thể trước hôm qua, cũng không quá hai tháng sau.",
    "membership_over": "Người này đã rời tổ từ trước.",
    "package_of_team": "Gói này được giao cho tổ “{team}”. Chỉ người trong tổ nhận được.",
    "package_for_one_only": "Giao gói cho một người hoặc cho một tổ, không cho cả hai.",
}
