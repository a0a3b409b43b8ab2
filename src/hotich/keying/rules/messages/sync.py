"""Texts of what becomes of an item that a browser sends: they tell the keyer what to do."""

# ruff: noqa: E501 – a text is one line
from __future__ import annotations

MESSAGES: dict[str, str] = {
    # the body as a whole
    "signed_out": "Bạn chưa đăng nhập. Dữ liệu vẫn nằm trong máy này; hãy đăng nhập lại rồi gửi tiếp.",
    "other_user": "Dữ liệu này của người khác đăng nhập trước đó trên máy. Dữ liệu vẫn được giữ; người đó đăng nhập lại thì mới gửi được.",
    "sync_body_malformed": "Máy chủ không đọc được gói dữ liệu. Hãy tải lại trang rồi gửi lại; dữ liệu vẫn nằm trong máy.",
    "sync_body_too_large": "Gói dữ liệu gửi một lần quá lớn. Máy sẽ tự chia nhỏ và gửi lại.",
    "sync_too_many_items": "Một lần gửi tối đa {limit} trường hợp.",
    # one item
    "sync_item_malformed": "Dữ liệu của trường hợp này bị hỏng ở mục {field}. Hãy mở lại trường hợp, kiểm tra và lưu lại.",
    "sync_item_too_long": "Nội dung mục {field} dài {length} ký tự, tối đa {limit}. Hãy rút gọn rồi lưu lại.",
    "sync_place_missing": "Chưa rõ trường hợp này thuộc vị trí nào của gói. Hãy mở lại gói và nhập ở đúng vị trí.",
    "sync_reason_missing": "Hãy nêu lý do số bị hủy hoặc trang thiếu.",
    "sync_number_missing": "Hãy ghi số bị hủy là số nào.",
    "sync_annotation_malformed": "Có ghi chú bên lề chưa chọn loại hoặc chưa có nội dung. Hãy sửa ghi chú rồi lưu lại.",
    "schema_version_refused": "Trường hợp này được nhập theo mẫu {given}, nay gói dùng mẫu {expected}. Hãy tải lại trang, mở trường hợp, đối chiếu rồi lưu lại theo mẫu mới.",
    "package_withdrawn": "Gói này đã bị rút. Hãy báo tổ trưởng; dữ liệu vẫn nằm trong máy.",
    "package_item_no_room": "Không chèn thêm được trường hợp nào sau vị trí này. Hãy báo tổ trưởng.",
    "client_id_of_another": "Trường hợp này do người khác nhập và không chờ sửa. Hãy tải lại gói để xem nội dung hiện tại.",
    "client_id_used": "Mã của trường hợp này đã dùng cho một vị trí khác. Hãy nhập lại trường hợp ở đúng vị trí.",
    "entry_saved_elsewhere": "Trường hợp đã được lưu bản mới hơn ở máy khác. Hãy tải lại gói, đối chiếu rồi lưu lại.",
    "sync_not_stored": "Máy chủ không ghi được trường hợp này. Dữ liệu vẫn nằm trong máy; hãy báo quản trị kỹ thuật.",
    # returned
    "case_given_back": "Trả lại để sửa: {reason}",
}
