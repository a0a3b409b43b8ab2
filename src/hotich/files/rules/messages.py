"""Texts of the codes this app refuses with."""

from __future__ import annotations

MESSAGES = {
    "office_not_in_scope": "Cơ quan này không thuộc phạm vi của vị trí công tác đang dùng.",
    "file_empty": "Tệp “{name}” rỗng.",
    "file_unknown": "Không có tệp này, hoặc tệp không thuộc phạm vi của cơ quan.",
    "file_content_missing": "Không tìm thấy nội dung của tệp trong kho lưu trữ.",
    "file_damaged": "Nội dung của tệp trong kho lưu trữ đã bị thay đổi hoặc hư hỏng.",
    "file_storage_away": "Kho lưu trữ tệp hiện không trả lời ({reason}); chưa có gì được ghi, hãy thử lại sau.",
    "file_storage_refused": "Kho lưu trữ tệp từ chối yêu cầu ({reason}); hãy báo quản trị kỹ thuật kiểm tra cấu hình.",
    "page_unknown": "Tệp này không có trang {page}.",
}
