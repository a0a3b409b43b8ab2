from __future__ import annotations

MESSAGES: dict[str, str] = {
    "proposal_unknown": "Không có đề xuất này, hoặc đề xuất không thuộc phạm vi của cơ quan.",
    "proposal_settled": "Đề xuất này đã được quyết định; muốn quyết định lại, hãy hoàn tác trước.",
    "proposal_not_decided": "Đề xuất này chưa được quyết định nên không có gì để hoàn tác.",
    "proposal_stale": "Đề xuất không còn đúng: các bản ghi đã thay đổi, hoặc hai người đã được xác định là một.",
    # a search that is followed
    "search_unknown": "Không có lượt tìm này, hoặc lượt tìm không thuộc phạm vi của cơ quan.",
    "search_not_in_state": "Lượt tìm đã kết thúc hoặc đang ở bước khác.",
    "search_nothing_to_retry": "Lượt tìm không còn mục gặp lỗi nào để làm lại.",
    "links_broken": "Có lỗi của hệ thống; hãy cho tiếp tục, nếu vẫn lỗi thì báo quản trị viên.",
    # many at once
    "bulk_kind": "Chỉ chấp nhận cả loạt với “Cùng một người” và “Cha, mẹ trong sổ khác”.",
    "bulk_limit_too_low": "Mức giống nhau phải từ {least} bit trở lên.",
    "bulk_under_way": "Đã có một loạt cùng loại chưa kết thúc; hãy làm xong hoặc bỏ loạt đó trước.",
    "bulk_empty": "Không có đề xuất nào đạt mức này.",
    "bulk_unknown": "Không có loạt này, hoặc loạt không thuộc phạm vi của cơ quan.",
    "bulk_not_in_state": "Loạt này đã kết thúc hoặc đang ở bước khác.",
    "bulk_nothing_to_retry": "Loạt này không còn đề xuất nào gặp lỗi để làm lại.",
    "bulk_sample_waits": "Phải xem và quyết định hết các đề xuất trong mẫu trước khi chấp nhận cả loạt.",
    # what the name of the spouse, or of the other parent, says
    "proposal_spouse_exact": "Họ tên vợ, chồng (người cha, mẹ kia) giống hệt",
    "proposal_spouse_marks": "Họ tên vợ, chồng (người cha, mẹ kia) chỉ khác dấu hoặc thứ tự",
    "proposal_spouse_other": "Họ tên vợ, chồng (người cha, mẹ kia) khác",
    # what a birth on the 1st of January says
    "proposal_birth_january": "Cả hai ghi ngày sinh 01/01: thường là chỉ biết năm, nên chỉ tính là cùng năm sinh.",
    # why two cannot be one person
    "family_same_record": "Hai người ở trong cùng một bản ghi.",
    "family_sex": "Giới tính khác nhau.",
    "family_birth": "Ngày sinh không thể là một.",
    "family_parent_age": "Tuổi của cha, mẹ và của con không phù hợp.",
    "family_died_before": "Đã chết trước khi con được thành thai hoặc sinh ra.",
    "family_two_mothers": "Một người con không thể có hai mẹ.",
    "family_births_too_close": "Hai lần sinh quá gần nhau.",
}
