"""Texts of the codes that persons refuse with."""

from __future__ import annotations

MESSAGES = {
    "person_unknown": "Không có cá nhân này, hoặc không thuộc phạm vi của cơ quan.",
    "participant_unknown": "Không có người này trong các bản ghi của cơ quan.",
    "same_participant": "Phải chọn hai người khác nhau.",
    "nobody_to_part_from": "Người này chỉ có trong một bản ghi, không có gì để tách.",
    "decision_unknown": "Không có quyết định này, hoặc quyết định không thuộc phạm vi của cơ quan.",
}
