"""Texts of what the services of packages and pledges refuse with."""
# ruff: noqa: E501 – a text is one line

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # cutting
    "book_placed_elsewhere": "Quyển sổ này không nhập trong hệ thống này: {place}.",
    "size_out_of_range": "Một gói có từ {least} đến {most} trường hợp.",
    "numbers_malformed": "Khoảng số không hợp lệ: số đầu không lớn hơn số cuối, tối đa {most} số, năm gồm bốn chữ số.",
    "nothing_to_cut": "Không còn trường hợp, trang hoặc số nào của quyển sổ chưa có trong gói.",
    "too_many_packages": "Một lần lập tối đa {most} gói. Hãy tăng số trường hợp của mỗi gói hoặc chọn ít hơn.",
    "case_in_package_out": "Trường hợp đang nằm trong gói số {position} đã có người nhận. Hãy đề nghị người đó nhập trường hợp này trước, hoặc thu hồi gói.",
    "number_not_scanned": "Không có trường hợp đã quét nào của quyển sổ mang số này. Gõ số như trong sổ, ví dụ 12, 12a hoặc 12/2006.",
    # hands
    "package_unknown": "Không có gói nhập liệu này trong các cơ quan của bạn.",
    "package_not_ready": "Gói này không còn chờ nhận. Hãy tải lại danh sách và chọn gói khác.",
    "package_assigned_to_other": "Gói này đã được giao cho người khác.",
    "package_out_already": "Bạn đang giữ một gói khác. Hãy trả gói đó trước khi nhận gói mới.",
    "package_not_yours": "Gói này không nằm trong tay bạn. Có thể tổ trưởng đã thu hồi hoặc bạn đã trả gói.",
    "package_has_open_items": "Còn {open} vị trí chưa nhập và {returned} trường hợp còn lỗi. Hãy nhập nốt, đánh dấu số hủy hoặc trang thiếu, hoặc nêu lý do để lại.",
    "package_has_entries": "Gói đã có trường hợp được nhập nên không rút được. Hãy thu hồi và giao cho người khác.",
    "earlier_group_unfinished": "Cơ quan còn {steps} nhóm sổ phải làm trước (đầu tiên: giai đoạn {phase}, nhóm {group}). Muốn nhập gói này ngay, hãy nêu lý do.",
    "officer_cannot_key": "Người này không có quyền nhập liệu tại cơ quan.",
    # the pledge
    "pledge_missing": "Trước khi nhận gói, hãy đọc và ký cam kết bảo mật.",
    "pledge_on_behalf": "Không ai ký cam kết thay người khác được.",
    "pledge_text_changed": "Nội dung cam kết vừa thay đổi. Hãy đọc lại rồi ký.",
    "pledge_text_unknown": "Không có bản cam kết {version}.",
    "signed_name_differs": "Họ tên bạn gõ không khớp với họ tên của tài khoản. Hãy gõ đủ họ, chữ đệm và tên, có dấu.",
    # pictures and data
    "picture_missing": "Vị trí này chưa có ảnh quét.",
    "package_item_unknown": "Không có vị trí này trong gói của bạn.",
}
