"""Every finding of the verification in words: what is wrong, and what to do. Also for the verifier without a framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Words:
    """One finding: what it means and what to do now, in Vietnamese and in English."""

    what: str
    todo: str
    what_en: str
    todo_en: str


_KEEP = "Không sửa gì trong cơ sở dữ liệu; giữ nguyên hiện trạng, báo người phụ trách an toàn thông tin."
_KEEP_EN = "Change nothing in the database; keep everything as it is and tell whoever is responsible for security."
_RESTORE = f"{_KEEP} So với bản sao lưu gần nhất để biết nội dung cũ."
_RESTORE_EN = f"{_KEEP_EN} Compare with the newest backup to learn what stood there."
_ANCHORS = "So tệp mốc niêm phong với bản sao giữ ở nơi khác; nếu bản sao nguyên vẹn thì thay lại tệp này."
_ANCHORS_EN = "Compare the file of anchors with the copy kept elsewhere; if the copy is whole, put it back."

FAULTS: Mapping[str, Words] = MappingProxyType(
    {
        "audit_entry_missing": Words(
            "Thiếu mục nhật ký: đã bị xóa.", _RESTORE, "Entries are missing: they were removed.", _RESTORE_EN
        ),
        "audit_entry_inserted": Words(
            "Có mục nhật ký được chèn vào sau.", _KEEP, "An entry was inserted later.", _KEEP_EN
        ),
        "audit_entry_changed": Words(
            "Nội dung mục nhật ký đã bị sửa.", _RESTORE, "An entry was changed.", _RESTORE_EN
        ),
        "audit_detail_changed": Words(
            "Nội dung trước, sau của mục nhật ký đã bị sửa.", _RESTORE,
            "The before or after of an entry was changed.", _RESTORE_EN,
        ),
        "audit_detail_missing": Words(
            "Nội dung trước, sau của mục nhật ký đã bị xóa.", _RESTORE,
            "The before and after of an entry were removed.", _RESTORE_EN,
        ),
        "audit_head_differs": Words(
            "Điểm cuối của chuỗi không khớp với mục cuối cùng.", _KEEP,
            "The head of the chain does not agree with its last entry.", _KEEP_EN,
        ),
        "audit_chain_rewritten": Words(
            "Chuỗi đã bị viết lại: mã băm khác với mốc niêm phong.", _RESTORE,
            "The chain was rewritten: its hash is not the anchored one.", _RESTORE_EN,
        ),
        "audit_chain_cut": Words(
            "Phần cuối của chuỗi đã bị cắt: ngắn hơn mốc niêm phong.", _RESTORE,
            "The tail of the chain was cut: it is shorter than the anchored head.", _RESTORE_EN,
        ),
        "audit_chain_missing": Words(
            "Cả chuỗi đã biến mất.", _RESTORE, "The whole chain has vanished.", _RESTORE_EN
        ),
        "audit_database_older": Words(
            "Cơ sở dữ liệu cũ hơn mốc niêm phong mới nhất: có thể một bản sao lưu cũ đã được khôi phục.",
            "Nếu việc khôi phục là có chủ ý: ghi nhận bằng `hotich audit anchor --accept-loss \"lý do\"`. Nếu không: "
            "khôi phục đến thời điểm gần nhất và báo người phụ trách an toàn thông tin.",
            "The database is older than the newest anchor: an old backup may have been put back.",
            "If the restore was meant: record it with `hotich audit anchor --accept-loss \"reason\"`. If not: restore to "
            "the latest moment and tell whoever is responsible for security.",
        ),
        "audit_anchor_unreadable": Words(
            "Dòng mốc niêm phong không đọc được.", _ANCHORS, "A line of the anchors cannot be read.", _ANCHORS_EN
        ),
        "audit_anchor_missing": Words(
            "Thiếu dòng mốc niêm phong, hoặc các dòng bị đảo thứ tự.", _ANCHORS,
            "Lines of the anchors are missing or out of order.", _ANCHORS_EN,
        ),
        "audit_anchor_changed": Words(
            "Dòng mốc niêm phong đứng trước dòng này đã bị sửa.", _ANCHORS,
            "The anchor line before this one was changed.", _ANCHORS_EN,
        ),
        "audit_anchor_key_unknown": Words(
            "Mốc niêm phong ký bằng khóa lạ.", "Kiểm tra khóa công khai; dòng này không được tin.",
            "The anchor is signed with an unknown key.", "Check the public keys; this line is not trusted.",
        ),
        "audit_anchor_signature_wrong": Words(
            "Chữ ký của mốc niêm phong sai: nội dung đã bị sửa.", _ANCHORS,
            "The signature of the anchor is wrong: its content was changed.", _ANCHORS_EN,
        ),
        "audit_anchor_root_wrong": Words(
            "Mốc niêm phong tự mâu thuẫn: gốc cây băm không khớp các chuỗi.", _ANCHORS,
            "The anchor contradicts itself: its root does not agree with the heads.", _ANCHORS_EN,
        ),
        "audit_anchor_contradicts": Words(
            "Mốc niêm phong mâu thuẫn với mốc trước: chuỗi lùi lại hoặc đổi mã băm.", _KEEP,
            "The anchor contradicts the one before: a chain went back or has another hash.", _KEEP_EN,
        ),
        "audit_anchor_file_behind": Words(
            "Tệp mốc niêm phong thiếu những dòng cuối mà cơ sở dữ liệu còn ghi nhận.", _ANCHORS,
            "The file of anchors lacks its last lines, which the database still knows.", _ANCHORS_EN,
        ),
        "audit_anchor_file_differs": Words(
            "Tệp mốc niêm phong khác với mốc cơ sở dữ liệu đã ghi nhận.", _ANCHORS,
            "The file of anchors differs from what the database noted.", _ANCHORS_EN,
        ),
        "audit_archive_unsigned": Words(
            "Phần lưu trữ của chuỗi không có mốc niêm phong chứng nhận.", _KEEP,
            "No anchor certifies the archived part of the chain.", _KEEP_EN,
        ),
        "audit_export_unreadable": Words(
            "Tệp xuất không đọc được từ dòng này.", "Xuất lại nhật ký.",
            "The export cannot be read from this line on.", "Export the trail again.",
        ),
        "audit_export_incomplete": Words(
            "Tệp xuất không trọn vẹn.", "Xuất lại nhật ký.", "The export is not complete.", "Export the trail again."
        ),
        "audit_loss_accepted": Words(
            "Các mục này mất khi khôi phục và đã được ghi nhận.", "Không cần làm gì thêm; xem lý do trong tệp mốc.",
            "These entries were lost in a restore, and that was recorded.",
            "Nothing more to do; the reason stands in the file of anchors.",
        ),
    }
)  # fmt: skip

NOTES = frozenset({"audit_loss_accepted"})  # told, but not wrong


def where(*, office: int, sequence: int, through: int, anchor: int) -> str:
    """The place of a finding in figures: "office 7, entries 5–9, anchor 3"."""
    parts = []
    if office:
        parts.append(f"office {office}")
    if sequence:
        parts.append(f"entries {sequence}–{through}" if through > sequence else f"entry {sequence}")
    if anchor:
        parts.append(f"anchor {anchor}")
    return ", ".join(parts)
