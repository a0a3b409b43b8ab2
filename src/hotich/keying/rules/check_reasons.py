"""Why a checker decides as he does: a code, and words of his own where the code says too little."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

OTHER = "other"

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "scan_clear": "Bản quét, sổ giấy đọc rõ",
        "misread": "Đọc nhầm nét chữ",
        "typing": "Lỗi gõ phím",
        "missed": "Bỏ sót nội dung có trong sổ",
        "wrong_field": "Nhập nhầm trường",
        "page_context": "Theo nội dung khác trên cùng trang",
        "illegible": "Sổ không đọc được",
        OTHER: "Lý do khác (ghi rõ)",
    }
)

FOR_DECISIONS = ("scan_clear", "page_context", "typing", "misread", "illegible", OTHER)
FOR_CORRECTIONS = ("misread", "typing", "missed", "wrong_field", "page_context", "illegible", OTHER)

LONGEST_WORDS = 240


def reason_of(code: str, words: str) -> str:
    """What is kept as the reason; "" when nothing was said: no such code, or "other" without words."""
    said = " ".join(words.split())[:LONGEST_WORDS]
    if code not in REASONS or (code == OTHER and not said):
        return ""
    return f"{code}: {said}" if said else code


def parts_of(reason: str) -> tuple[str, str]:
    """(code, words) of a reason that was kept; ("", words) of one that has no code."""
    code, sep, words = reason.partition(": ")
    if code in REASONS:
        return code, words
    return "", f"{code}{sep}{words}"
