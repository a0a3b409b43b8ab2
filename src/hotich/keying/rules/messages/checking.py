# ruff: noqa: E501 – a text is one line
"""Texts of the refusals of checking: second keyings, differences, review."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "check_not_started": "Gói này hiện không ở bước kiểm tra.",
    "check_not_yours": "Người khác đang kiểm tra gói này.",
    "checked_by_keyer": "Người đã nhập không được kiểm tra phần mình nhập.",
    "third_person_required": "Hai người đã nhập không được quyết định khác biệt; cần người thứ ba.",
    "second_keying_outstanding": "Giá trị nhập lần đầu chỉ mở ra sau khi đã nhập độc lập lần hai.",
    "second_keying_given": "Bản nhập lần hai đã được đối chiếu nên không sửa được nữa.",
    "second_of_other": "Bản nhập này là của người khác.",
    "second_not_to_key": "Gói này không có trường hợp nào chờ nhập lại theo cách đó.",
    "package_not_released": "Người nhập chưa nộp gói này để kiểm tra.",
    "item_unknown": "Không có chỗ này trong gói.",
    "entry_missing": "Chưa ai nhập trường hợp này nên chưa nhập lại được.",
    "entry_unknown": "Không có bản nhập này.",
    "entry_changed_meanwhile": "Bản nhập vừa được người khác thay đổi. Hãy xem lại rồi quyết định.",
    "entry_not_pending": "Bản nhập này không chờ kiểm tra.",
    "entries_unchecked": "Còn {number} trường hợp chưa kiểm tra xong.",
    "difference_unknown": "Không có khác biệt này.",
    "difference_open": "Khác biệt này chưa được quyết định.",
    "difference_decided_already": "Khác biệt này đã được quyết định.",
    "whole_case_differs": "Một người ghi là số hủy hoặc trang thiếu: giữ trường hợp đã nhập, hoặc trả lại người nhập.",
    "value_changed_since": "Giá trị đã thay đổi sau quyết định nên không hoàn tác được.",
    "case_approved_already": "Trường hợp đã được duyệt: muốn sửa phải đề nghị sửa lỗi trong bản ghi.",
    "book_in_acceptance": "Quyển sổ đang hoặc đã nghiệm thu nên không kiểm tra lại được.",
    "original_not_paired": "Trường hợp này không chờ so với bản lưu kia.",
    "original_not_alone": "Trường hợp này không phải chỉ có ở bản lưu này, hoặc đã được quyết định.",
    "original_first_unchecked": "Bản lưu kia chưa kiểm tra xong trường hợp này: hãy kiểm tra bản đó trước.",
    "original_point_unknown": "Hai bản lưu không khác nhau ở trường này.",
    "original_points_undecided": "Còn {number} điểm khác nhau chưa được quyết định.",
    "original_needs_repair_right": "Bản ghi đã được duyệt: người có quyền đề nghị sửa lỗi nhập liệu mới quyết định khác bản ghi được.",
    "original_note_written": "Ghi chú đã nằm trong bản ghi: hãy hoàn tác việc ghi đó trước.",
    "original_note_unknown": "Quyết định này không có ghi chú nào để ghi vào bản ghi.",
    "original_decided_already": "Trường hợp này đã được quyết định bên bản lưu kia nên không nhập lại được.",
    "nothing_to_take_back": "Không có quyết định nào để hoàn tác.",
}
