"""Texts of the codes of the exchange with the population database: requests, sending, files, daily agreement."""
# ruff: noqa: E501 – a text is one line

from __future__ import annotations

# fmt: off
MESSAGES: dict[str, str] = {
    # requests
    "request_unknown": "Không có yêu cầu này, hoặc yêu cầu không thuộc phạm vi của cơ quan.",
    "request_confirmed_by_maker": "Người lập yêu cầu không được tự xác nhận; phải do cán bộ công an khác xác nhận.",
    "request_not_suspected": "Yêu cầu này không ở trạng thái nghi trùng đang chờ xác minh.",
    "request_facts_changed": "Bản ghi đã thay đổi sau khi lập yêu cầu. Trong ít phút nội dung gửi sẽ theo bản ghi hiện tại; hãy tải lại trang, xem lại rồi xác nhận.",
    "request_facts_renewed": "Bản ghi đã được sửa sau khi lập yêu cầu. Nội dung gửi nay theo bản ghi hiện tại; công an phải xem lại và xác nhận.",
    "request_record_annulled": "Bản ghi đã bị hủy giá trị; yêu cầu không được gửi.",
    "request_answered_for_annulled": "Bản ghi đã bị hủy giá trị trong khi chờ trả lời, nhưng CSDL dân cư đã thực hiện yêu cầu; hãy trao đổi với công an để xử lý.",
    "creation_asked_already": "Đã có yêu cầu lập mới cho cùng một người này, lập từ bản ghi khác. Hãy chờ kết quả rồi tra cứu lại; không lập hai yêu cầu cho một người.",
    "creation_number_unverified": "Sổ ghi số định danh mà CSDL dân cư không có; số có thể bị đọc hoặc ghi nhầm. Công an phải xác minh số này trong danh sách theo dõi trước; chỉ số đã kết luận là đúng mới được đề nghị lập mới.",
    "creation_not_absent": "Chỉ đề nghị lập mới người được kết luận “Không tìm thấy” trong Cơ sở dữ liệu quốc gia về dân cư.",
    "creation_before_approval": "Trường hợp chưa được duyệt vào sổ; chỉ đề nghị lập mới công dân sau khi có bản ghi hộ tịch.",
    "creation_needs_reason": "Phải nêu lý do không có trong Cơ sở dữ liệu quốc gia về dân cư trước khi đề nghị lập mới.",
    "creation_of_foreigner": "Người nước ngoài không được cấp số định danh cá nhân nên không được đề nghị lập mới.",
    "creation_of_dead_without_need": "Người đã chết chỉ được đề nghị lập mới khi thực sự cần; hãy xác nhận là cần và nêu rõ cần để làm gì.",
    "creation_needs_words": "Hãy nêu rõ lý do bằng lời trước khi đề nghị lập mới.",
    "creation_facts_missing": "Thiếu họ tên, ngày sinh hoặc giới tính trong bản ghi; chưa đủ thông tin để đề nghị lập mới.",
    "adjustment_without_verdict": "Chưa có kết luận xác minh; không đề nghị điều chỉnh.",
    "adjustment_without_number": "Chưa biết số định danh cá nhân của công dân cần điều chỉnh.",
    "adjustment_empty": "Không có thông tin nào cần điều chỉnh.",
    "adjustment_field_not_allowed": "Không được đề nghị điều chỉnh thông tin này: {name}.",
    "adjustment_without_basis": "Hãy nêu căn cứ của việc điều chỉnh.",
    # the partner, as the failure of a request or of a question
    "partner_unreachable": "Không kết nối được với Cơ sở dữ liệu quốc gia về dân cư.",
    "partner_timeout": "Cơ sở dữ liệu quốc gia về dân cư không trả lời kịp thời gian; có thể yêu cầu đã được thực hiện.",
    "partner_down": "Cơ sở dữ liệu quốc gia về dân cư đang tạm ngừng phục vụ.",
    "partner_busy": "Cơ sở dữ liệu quốc gia về dân cư tạm từ chối do quá nhiều yêu cầu.",
    "partner_resting": "Tạm ngừng kết nối vì nhiều lần liên tiếp không có trả lời; hệ thống sẽ tự thử lại.",
    "partner_answer_unreadable": "Câu trả lời của Cơ sở dữ liệu quốc gia về dân cư không hợp lệ; hệ thống sẽ hỏi lại kết quả.",
    "partner_sign_in_refused": "Cơ sở dữ liệu quốc gia về dân cư không chấp nhận mã kết nối của phần mềm; hãy báo quản trị kỹ thuật.",
    "partner_refused": "Cơ sở dữ liệu quốc gia về dân cư từ chối: {words}",
    "partner_closed": "Máy này không kết nối trực tiếp với Cơ sở dữ liệu quốc gia về dân cư; yêu cầu được gửi bằng tệp.",
    "partner_not_configured": "Chưa cấu hình kết nối với Cơ sở dữ liệu quốc gia về dân cư.",
    "request_no_longer_needed": "Người này không còn ở kết quả “Không tìm thấy”, hoặc bản ghi không còn giá trị; yêu cầu không được gửi.",
    "request_answered_too_late": "Người này đã được kết luận khác trước khi có câu trả lời; hãy kiểm tra kẻo một người có hai số định danh.",
    "creation_suspected": "Cơ sở dữ liệu quốc gia về dân cư nghi người này đã có; cần xác minh với những người được nêu.",
    "creation_others_excluded": "Đã xác minh không phải những người bị nghi trùng; được thay bằng yêu cầu mới.",
    "adjustment_not_done": "Cơ sở dữ liệu quốc gia về dân cư chưa điều chỉnh: nghi trùng hoặc không chấp nhận.",
    "population_field_life": "Còn sống, đã chết hay mất tích",
    "population_field_birth_registration_place": "Nơi đăng ký khai sinh",
    # files
    "exchange_nothing_queued": "Không có yêu cầu nào chờ gửi.",
    "exchange_file_unknown": "Không có tệp trao đổi này, hoặc tệp không thuộc phạm vi của cơ quan.",
    "exchange_file_unreadable": "Tệp trả lời không đọc được (dòng {line}); hãy dùng đúng tệp nhận từ Cơ sở dữ liệu quốc gia về dân cư.",
    "exchange_file_signature": "Chữ ký của tệp trả lời không đúng: tệp đã bị thay đổi hoặc không do Cơ sở dữ liệu quốc gia về dân cư ký.",
    "exchange_file_other": "Tệp này không phải là tệp trả lời cho tệp yêu cầu đã chọn.",
    "exchange_file_count": "Tệp trả lời ghi có {told} dòng nhưng đọc được {found} dòng.",
    "exchange_line_unknown": "Dòng {line} của tệp trả lời không ứng với yêu cầu nào đã ghi trong tệp.",
    "exchange_file_too_large": "Tệp trả lời quá lớn (hơn {most} MB).",
    # daily agreement
    "agreement_day_not_over": "Chỉ đối soát được ngày đã qua.",
}
