"""Why a checker decides as he does: a code, and words of his own where the code says too little."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

OTHER = "other"
KEYED_WRONG = "keyed_wrong"
"""Of two originals: both books say the same, and one of them was keyed wrongly."""

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "scan_clear": "Bản quét, sổ giấy đọc rõ",
        "misread": "Đọc nhầm nét chữ",
        "typing": "Lỗi gõ phím",
        "missed": "Bỏ sót nội dung có trong sổ",
        "wrong_field": "Nhập nhầm trường",
        "page_context": "Theo nội dung khác trên cùng trang",
        "illegible": "Sổ không đọc được",
        "original_clearer": "Bản được chọn ghi rõ, đủ hơn",
        "original_mended": "Bản được chọn có sửa chữa, đóng dấu theo quy định",
        "original_of_registrar": "Bản được chọn lập khi đăng ký, bản kia chép lại",
        KEYED_WRONG: "Hai quyển ghi như nhau, một bên nhập sai",
        OTHER: "Lý do khác (ghi rõ)",
    }
)

FOR_DECISIONS = ("scan_clear", "page_context", "typing", "misread", "illegible", OTHER)
FOR_CORRECTIONS = ("misread", "typing", "missed", "wrong_field", "page_context", "illegible", OTHER)
FOR_ORIGINALS = ("original_clearer", "original_mended", "original_of_registrar", KEYED_WRONG, OTHER)

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
