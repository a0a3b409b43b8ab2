"""Texts of look-ups and checks: refusals, kinds of difference, what each level of evidence says."""
# ruff: noqa: E501 – a text is one line

from __future__ import annotations

# fmt: off
REFUSALS: dict[str, str] = {
    "population_number_unreadable": "Số định danh cá nhân phải gồm 12 chữ số.",
    "population_old_number_unreadable": "Số chứng minh nhân dân phải gồm 9 hoặc 12 chữ số.",
    "population_name_incomplete": "Hãy nhập đầy đủ họ và tên (ít nhất hai tiếng).",
    "population_one_more_fact": "Ngoài họ tên cần thêm một thông tin: ngày hoặc năm sinh, họ tên cha hoặc mẹ, hoặc xã.",
    "population_facts_too_few": "Sổ chưa có đủ thông tin để tra cứu: cần số định danh, hoặc họ tên kèm năm sinh, cha, mẹ hoặc xã.",
    "population_subject_unknown": "Chỉ được tra cứu cho một trường hợp hoặc một bản ghi cụ thể.",
    "population_budget_used": "Hôm nay bạn đã tra cứu {limit} lần, hết định mức trong ngày. Việc nhập liệu vẫn tiếp tục được; hãy tra cứu vào ngày mai hoặc đề nghị quản trị thay đổi định mức.",
    "population_too_many": "Có quá nhiều người cùng tên; hãy thêm ngày sinh, họ tên cha hoặc mẹ.",
    "population_refused": "Cơ sở dữ liệu quốc gia về dân cư không nhận câu hỏi này.",
    "population_role_unknown": "Không có người này trong trường hợp hoặc bản ghi.",
    "population_choice_unknown": "Kết quả đối chiếu không hợp lệ.",
    "population_citizen_denied": "Công an đã kết luận người này không phải là người trong sổ; hãy chọn người khác.",
    "population_citizen_unknown": "Người được chọn không có trong kết quả tra cứu đã lưu. Hãy tra cứu lại rồi chọn.",
    "population_absence_missing": "Hãy chọn lý do không có trong Cơ sở dữ liệu quốc gia về dân cư.",
    "population_absence_words_missing": "Hãy nêu rõ lý do bằng lời.",
    "population_look_up_missing": "Phải tra cứu trước rồi mới kết luận “Không tìm thấy”.",
    "population_check_unknown": "Không có kết quả đối chiếu này, hoặc kết quả không thuộc phạm vi của cơ quan.",
    "population_check_open": "Kết quả này đang chờ xác định nên không có gì để bỏ.",
    "population_check_tracked": "Người này đang ở danh sách theo dõi riêng; hãy xác minh và kết luận tại đó.",
    "population_creation_sent": "Đã đề nghị lập mới người này và có thể đã được cấp số; không đổi kết quả được nữa. Hãy xử lý tại trang Trao đổi CSDL dân cư.",
    "population_not_absent": "Chỉ xác nhận đối với kết quả “Không tìm thấy” đã có lý do.",
    "population_confirmed_by_maker": "Người kết luận không được tự xác nhận; phải do cán bộ công an khác xác nhận.",
    "population_body_malformed": "Yêu cầu tra cứu không hợp lệ.",
    # why a number stands beside a participant
    "population_chosen": "Cán bộ đã chọn công dân trong kết quả tra cứu",
    "population_by_rule": "Trùng khớp hoàn toàn, ghi nhận theo quy tắc",
    "population_chosen_anew": "Đã chọn kết quả khác",
    # what the look-up came to
    "population_page_unreachable": "Chưa hỏi được CSDL dân cư.",
    "look_up_partner_timeout": "CSDL dân cư không trả lời kịp thời gian. Tra cứu không làm thay đổi gì; có thể thử lại.",
    "look_up_partner_answer_unreadable": "Câu trả lời của CSDL dân cư không hợp lệ nên không được dùng; có thể thử lại.",
    "population_state_unreachable": "Chưa kết nối được với CSDL dân cư. Câu hỏi được giữ lại và sẽ được hỏi sau; hãy nhập tiếp.",
    "population_state_queued": "Câu hỏi được gửi bằng tệp và sẽ có câu trả lời sau; hãy nhập tiếp.",
    "population_state_too_many": "Có quá nhiều người cùng tên; hãy thêm thông tin.",
    "population_state_refused": "CSDL dân cư không nhận câu hỏi này; hãy hỏi bằng thông tin khác.",
    "population_state_equal": "Trùng khớp: tìm thấy đúng một người, mọi thông tin như trong sổ.",
    "population_state_different": "Không trùng khớp: tìm thấy một người, có thông tin khác với sổ.",
    "population_state_absent": "Không tìm thấy người phù hợp.",
    "population_state_clerk": "Chưa xác định được: hãy xem từng người rồi chọn.",
}

FIELD_NAMES: dict[str, str] = {
    "population_field_full_name": "Họ tên",
    "population_field_birth": "Ngày sinh",
    "population_field_sex": "Giới tính",
    "population_field_personal_id": "Số định danh cá nhân",
    "population_field_old_id": "Số chứng minh nhân dân",
    "population_field_father_name": "Họ tên cha",
    "population_field_mother_name": "Họ tên mẹ",
    "population_field_spouse_name": "Họ tên vợ, chồng",
    "population_field_ethnicity": "Dân tộc",
    "population_field_nationality": "Quốc tịch",
    "population_field_native_place": "Quê quán",
    "population_field_residence": "Nơi cư trú",
}

KIND_NAMES: dict[str, str] = {
    "population_kind_tone": "khác dấu thanh",
    "population_kind_marks": "khác dấu mũ, dấu móc hoặc không ghi dấu",
    "population_kind_typing_slip": "gần giống, có thể do ghi nhầm",
    "population_kind_swapped_day_month": "đảo ngày và tháng",
    "population_kind_year_only": "một bên chỉ ghi năm",
    "population_kind_part_missing": "một bên thiếu một phần",
    "population_kind_different": "khác nhau",
    "population_kind_not_there": "CSDL dân cư không có số này",
}

EVIDENCE: dict[str, str] = {
    "population_evidence_name_exact": "Họ tên giống hệt",
    "population_evidence_name_marks_lost": "Họ tên giống, một bên không ghi dấu",
    "population_evidence_name_marks_differ": "Họ tên chỉ khác dấu",
    "population_evidence_name_sounds_alike": "Họ tên đọc gần giống nhau",
    "population_evidence_name_slip": "Họ tên gần giống, sai vài chữ",
    "population_evidence_name_part_missing": "Họ và tên giống, thiếu chữ đệm",
    "population_evidence_name_given_slip": "Tên sai một chữ",
    "population_evidence_name_given_only": "Chỉ giống tên",
    "population_evidence_name_other": "Họ tên khác",
    "population_evidence_birth_exact": "Ngày sinh giống hệt",
    "population_evidence_birth_part_unknown": "Năm sinh giống, một bên không ghi ngày, tháng",
    "population_evidence_birth_swapped": "Ngày và tháng sinh bị đảo",
    "population_evidence_birth_first_of_january": "Cùng năm sinh, một bên ghi 01/01",
    "population_evidence_birth_month_or_day": "Cùng năm sinh, giống ngày hoặc tháng",
    "population_evidence_birth_year_slip": "Cùng ngày, tháng sinh, năm lệch 1 hoặc 10",
    "population_evidence_birth_other_year": "Cùng ngày, tháng sinh, khác năm",
    "population_evidence_birth_year_only": "Chỉ giống năm sinh",
    "population_evidence_birth_near_year": "Năm sinh lệch 1, thiếu ngày hoặc tháng",
    "population_evidence_birth_unknown": "Không rõ ngày sinh",
    "population_evidence_birth_other": "Ngày sinh khác",
    "population_evidence_place_commune": "Cùng xã",
    "population_evidence_place_province": "Cùng tỉnh",
    "population_evidence_place_unknown": "Không rõ nơi",
    "population_evidence_place_other": "Khác tỉnh",
    "population_evidence_sex_equal": "Cùng giới tính",
    "population_evidence_sex_unknown": "Không rõ giới tính",
    "population_evidence_sex_other": "Khác giới tính",
    "population_evidence_personal_id_unknown": "Sổ không ghi số định danh",
    "population_evidence_personal_id_equal": "Số định danh giống hệt",
    "population_evidence_personal_id_slip": "Số định danh sai một chữ số",
    "population_evidence_personal_id_other": "Số định danh khác",
    "population_evidence_father_unknown": "Không rõ họ tên cha",
    "population_evidence_father_exact": "Họ tên cha giống hệt",
    "population_evidence_father_marks": "Họ tên cha chỉ khác dấu",
    "population_evidence_father_sounds_alike": "Họ tên cha đọc gần giống nhau",
    "population_evidence_father_slip": "Họ tên cha sai vài chữ",
    "population_evidence_father_part_missing": "Họ và tên cha giống, thiếu chữ đệm",
    "population_evidence_father_alike": "Họ tên cha hơi giống",
    "population_evidence_father_other": "Họ tên cha khác",
    "population_evidence_mother_unknown": "Không rõ họ tên mẹ",
    "population_evidence_mother_exact": "Họ tên mẹ giống hệt",
    "population_evidence_mother_marks": "Họ tên mẹ chỉ khác dấu",
    "population_evidence_mother_sounds_alike": "Họ tên mẹ đọc gần giống nhau",
    "population_evidence_mother_slip": "Họ tên mẹ sai vài chữ",
    "population_evidence_mother_part_missing": "Họ và tên mẹ giống, thiếu chữ đệm",
    "population_evidence_mother_alike": "Họ tên mẹ hơi giống",
    "population_evidence_mother_other": "Họ tên mẹ khác",
}
# fmt: on

MESSAGES: dict[str, str] = {**REFUSALS, **FIELD_NAMES, **KIND_NAMES, **EVIDENCE}

SILENT = frozenset({"unknown"})
"""Levels that say nothing about anybody."""


def evidence_code(field: str, level: str) -> str:
    """The code of what a level of matching says, "" for one that says nothing or has no words yet."""
    code = f"population_evidence_{field}_{level}"
    return code if level not in SILENT and code in EVIDENCE else ""
