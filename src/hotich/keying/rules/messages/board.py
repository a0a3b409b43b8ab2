# ruff: noqa: E501 – a text is one line
from __future__ import annotations

MESSAGES: dict[str, str] = {
    "period_malformed": "Ngày cuối phải sau hoặc bằng ngày đầu.",
    "period_too_long": "Mỗi lần xem nhiều nhất {most} ngày.",
    "alarm_same_value": "Trường “{label}”: {same} trong {cases} trường hợp có cùng một giá trị.",
    "alarm_impossible_speed": "{fast} trong {cases} trường hợp được nhập nhanh hơn {seconds} giây hoặc nhanh hơn tay người có thể gõ.",
    "alarm_empty_fields": "{percent}% số trường để trống trong {cases} trường hợp.",
    "alarm_clock_error": "Đồng hồ máy tính sai tới {minutes} phút ({cases} trường hợp).",
    "alarm_rubber_stamp": "{checks} trường hợp được kiểm tra, không thấy điểm khác nào, mỗi trường hợp khoảng {seconds} giây.",
}
