from __future__ import annotations

MESSAGES: dict[str, str] = {
    "region_map_unknown": "Không tìm thấy bản đồ vùng này.",
    "region_map_empty": "Hãy vẽ vùng cho ít nhất một trường rồi lưu.",
    "region_map_malformed": "Có vùng không hợp lệ. Hãy tải lại trang rồi vẽ lại.",
    "region_map_changed_meanwhile": "Người khác vừa sửa bản đồ vùng này. Hãy tải lại trang để xem bản mới.",
    "region_scope_unknown": "Hãy chọn bản đồ vùng dùng cho những quyển sổ nào.",
    "region_layout_missing": "Các trang của quyển sổ này chưa có mẫu trang. Hãy lưu cho riêng quyển sổ hoặc cho cả loại sổ.",
}
