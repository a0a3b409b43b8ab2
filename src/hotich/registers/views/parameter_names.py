"""What each threshold is called in words an officer uses."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: Mapping[str, Promise] = {
    "marriage_age_man": _("Tuổi kết hôn của nam"),
    "marriage_age_woman": _("Tuổi kết hôn của nữ"),
    "marriage_age_extra_days": _("Số ngày phải qua sau ngày tròn tuổi"),
    "birth_late_days": _("Thời hạn đăng ký khai sinh"),
    "birth_late_days_remote": _("Thời hạn đăng ký khai sinh ở vùng sâu, vùng xa"),
    "death_late_days": _("Thời hạn đăng ký khai tử"),
    "mother_gap_impossible": _("Tuổi mẹ khi sinh con: không thể dưới"),
    "mother_gap_min": _("Tuổi mẹ khi sinh con: đáng ngờ nếu dưới"),
    "mother_gap_max": _("Tuổi mẹ khi sinh con: đáng ngờ nếu trên"),
    "father_gap_min": _("Tuổi cha khi con sinh: đáng ngờ nếu dưới"),
    "father_gap_max": _("Tuổi cha khi con sinh: đáng ngờ nếu trên"),
    "recognition_gap_min": _("Chênh lệch tuổi giữa cha, mẹ và con khi nhận cha, mẹ, con"),
    "guardian_age_min": _("Tuổi tối thiểu của người giám hộ"),
    "adopter_gap_min": _("Chênh lệch tuổi giữa cha, mẹ nuôi và con nuôi"),
    "adoptee_age_below": _("Tuổi của người được nhận làm con nuôi: dưới"),
    "adoptee_age_limit": _("Tuổi của người được nhận làm con nuôi, trường hợp ngoại lệ: dưới"),
    "adult_age": _("Tuổi thành niên"),
    "closest_births_days": _("Khoảng cách tối thiểu giữa hai lần sinh của một người mẹ"),
    "same_delivery_days": _("Khoảng cách tối đa giữa các con trong một lần sinh"),
    "posthumous_birth_days": _("Con sinh sau khi cha chết hoặc hôn nhân chấm dứt: trong vòng"),
    "death_age_max": _("Tuổi khi chết: đáng ngờ nếu trên"),
    "year_first": _("Năm sớm nhất có thể có trong sổ"),
    "year_doubtful_before": _("Năm đáng ngờ nếu trước"),
    "era_overlap_days": _("Thời gian dùng tiếp sổ cũ sang thời kỳ sau"),
    "name_length_max": _("Độ dài tối đa của họ tên"),
    "id_number_length_max": _("Độ dài tối đa của số giấy tờ"),
    "reading_alarm_officer": _("Xem dữ liệu trong ngày: cảnh báo đối với công chức hộ tịch"),
    "reading_limit_officer": _("Xem dữ liệu trong ngày: phải nêu lý do đối với công chức hộ tịch"),
    "reading_alarm_leader": _("Xem dữ liệu trong ngày: cảnh báo đối với lãnh đạo, người duyệt"),
    "reading_limit_leader": _("Xem dữ liệu trong ngày: phải nêu lý do đối với lãnh đạo, người duyệt"),
    "reading_alarm_department": _("Xem dữ liệu trong ngày: cảnh báo đối với Sở Tư pháp, Bộ Tư pháp"),
    "reading_limit_department": _("Xem dữ liệu trong ngày: phải nêu lý do đối với Sở Tư pháp, Bộ Tư pháp"),
    "reading_alarm_other": _("Xem dữ liệu trong ngày: cảnh báo đối với vai trò khác"),
    "reading_limit_other": _("Xem dữ liệu trong ngày: phải nêu lý do đối với vai trò khác"),
    "look_up_open_hours": _("Tra cứu ngoài cơ quan: thời gian được mở kết quả"),
    "break_glass_minutes": _("Mở khẩn cấp: thời gian được xem"),
    "reading_reason_length": _("Lý do xem dữ liệu: số chữ cái tối thiểu"),
    "export_open_hours": _("Xuất dữ liệu hàng loạt: thời gian được tải về"),
    "export_downloads": _("Xuất dữ liệu hàng loạt: số lần được tải về"),
    "oversight_first_hour": _("Rà soát việc xem: giờ bắt đầu làm việc"),
    "oversight_last_hour": _("Rà soát việc xem: giờ hết làm việc"),
    "oversight_fast_subjects": _("Rà soát việc xem: số người khác nhau trong thời gian ngắn"),
    "oversight_fast_minutes": _("Rà soát việc xem: thời gian ngắn là"),
    "oversight_same_subject_officers": _("Rà soát việc xem: số cán bộ cùng xem một người trong 7 ngày"),
    "oversight_empty_look_ups": _("Rà soát việc xem: số lần tra cứu không có kết quả trong ngày"),
    "oversight_dossier_records": _("Rà soát việc xem: số lần tra cứu khác nhau cho cùng một hồ sơ"),
    "scan_budget": _("Bản quét: dung lượng tối đa của một tệp PDF"),
    "scan_lowest_dpi": _("Bản quét: độ phân giải tối thiểu của trang giao vào"),
    "scan_contone_lowest_dpi": _("Bản quét: độ phân giải tối thiểu của ảnh màu trong PDF"),
    "scan_contone_lowest_quality": _("Bản quét: chất lượng tối thiểu của ảnh màu trong PDF"),
    "scan_mask_lowest_dpi": _("Bản quét: độ phân giải tối thiểu của lớp nét mực trong PDF"),
    "scan_ssim_pass": _("Bản quét: độ giống bản gốc để tự đạt, từ"),
    "scan_ssim_review": _("Bản quét: độ giống bản gốc để còn được xem lại, từ"),
    "scan_ink_f1_pass": _("Bản quét nhiều lớp: độ trùng nét mực để tự đạt, từ"),
    "scan_ink_f1_review": _("Bản quét nhiều lớp: độ trùng nét mực để còn được xem lại, từ"),
    "scan_missed_ink_pass": _("Bản quét: phần nét mực bị mất để tự đạt, đến"),
    "scan_missed_ink_review": _("Bản quét: phần nét mực bị mất để còn được xem lại, đến"),
    "scan_layout_fit": _("Bản quét: độ khớp của mẫu trang để xác nhận hàng loạt, từ"),
    "keying_package_size": _("Nhập liệu: số trường hợp của một gói"),
    "keying_sample": _("Nhập liệu: phần trường hợp của mỗi người được nhập lại toàn bộ"),
    "keying_norm_machine_day": _("Nhập liệu: định mức của một máy trong một ngày"),
    "keying_fastest_case": _("Nhập liệu: báo động khi một trường hợp được nhập nhanh hơn"),
    "keying_same_value_share": _("Nhập liệu: báo động khi một giá trị chiếm từ"),
    "keying_same_value_cases": _("Nhập liệu: số trường hợp ít nhất để xét giá trị trùng lặp"),
    "keying_empty_share": _("Nhập liệu: báo động khi phần trường bỏ trống từ"),
    "keying_clock_error": _("Nhập liệu: cảnh báo khi đồng hồ máy trạm lệch quá"),
    "acceptance_sample_cases": _("Nghiệm thu: số trường hợp ít nhất của mẫu"),
    "acceptance_sample_share": _("Nghiệm thu: phần trường hợp của quyển được lấy mẫu"),
    "acceptance_key_errors": _("Nghiệm thu: tỷ lệ sai tối đa ở các trường trọng yếu"),
    "acceptance_all_errors": _("Nghiệm thu: tỷ lệ sai tối đa ở mọi trường"),
    "population_look_ups_a_day": _("Tra cứu CSDL dân cư: số lần tra cứu của một cán bộ trong một ngày"),
    "population_parent_age_least": _("Trùng lặp, gia đình: cha, mẹ lớn hơn con ít nhất"),
    "population_parent_age_most": _("Trùng lặp, gia đình: cha, mẹ lớn hơn con nhiều nhất"),
    "population_proposal_bits": _("Trùng lặp, gia đình: mức giống nhau thấp nhất để đề xuất"),
    "population_links_by_rule": _("Trùng lặp, gia đình: cho phép ghép theo quy tắc khi chắc chắn (1 là có)"),
    "population_rule_bits": _("Trùng lặp, gia đình: mức giống nhau thấp nhất để ghép theo quy tắc"),
    "population_bulk_bits": _("Trùng lặp, gia đình: mức giống nhau thấp nhất để chấp nhận cả loạt"),
    "population_bulk_sample": _("Trùng lặp, gia đình: số đề xuất chọn ngẫu nhiên phải xem trước khi chấp nhận cả loạt"),
    "population_answer_days": _("Tra cứu CSDL dân cư: số ngày giữ câu trả lời để chọn"),
    "population_incomplete_date_differs": _(
        "Đối chiếu: chỉ ghi năm hoặc tháng, năm mà khớp thì vẫn là khác nhau (1 là có)"
    ),
    "population_list_alone": _("Danh sách theo dõi: số mục một cán bộ được tự xuất, nhiều hơn phải có người duyệt"),
    "population_verify_days": _("Danh sách theo dõi: thời hạn xác minh, tính theo ngày làm việc"),
    "population_settle_days": _("Danh sách theo dõi: thời hạn giải quyết sau xác minh, tính theo ngày làm việc"),
}


def parameter_name(code: str) -> str:
    """The name of a threshold; its code where it has none."""
    return str(NAMES.get(code, code))


EFFECTS: Mapping[str, Promise] = {
    "marriage_age_man": _("Chồng chưa đủ số năm này vào ngày kết hôn thì bị báo là chưa đủ tuổi kết hôn."),
    "marriage_age_woman": _("Vợ chưa đủ số năm này vào ngày kết hôn thì bị báo là chưa đủ tuổi kết hôn."),
    "marriage_age_extra_days": _("Cộng thêm vào ngày tròn tuổi kết hôn: luật năm 2000 tính từ khi bước sang tuổi."),
    "birth_late_days": _("Khai sinh sau số ngày này kể từ ngày sinh là quá hạn."),
    "birth_late_days_remote": _("Hạn khai sinh dài hơn cho cơ quan ở vùng sâu, vùng xa."),
    "death_late_days": _("Khai tử sau số ngày này kể từ ngày chết là quá hạn."),
    "mother_gap_impossible": _("Mẹ hơn con ít hơn số năm này thì trường hợp bị giữ lại để sửa."),
    "mother_gap_min": _("Mẹ hơn con ít hơn số năm này thì có cảnh báo."),
    "mother_gap_max": _("Mẹ hơn con nhiều hơn số năm này thì có cảnh báo."),
    "father_gap_min": _("Cha hơn con ít hơn số năm này thì có cảnh báo."),
    "father_gap_max": _("Cha hơn con nhiều hơn số năm này thì có cảnh báo."),
    "recognition_gap_min": _("Cha, mẹ được nhận hơn con ít hơn số năm này thì có cảnh báo."),
    "guardian_age_min": _("Người giám hộ chưa đủ số năm này vào ngày đăng ký thì có cảnh báo."),
    "adopter_gap_min": _("Người nhận nuôi hơn con nuôi ít hơn số năm này thì có cảnh báo, trừ người thân theo luật."),
    "adoptee_age_below": _("Con nuôi từ số năm này trở lên thì có cảnh báo, trừ trường hợp ngoại lệ của luật."),
    "adoptee_age_limit": _("Con nuôi từ số năm này trở lên thì bị báo trong mọi trường hợp."),
    "adult_age": _("Người dưới số năm này không tự đi khai sinh cho mình."),
    "closest_births_days": _("Dành cho việc đối chiếu các con của một người mẹ."),
    "same_delivery_days": _("Dành cho việc nhận ra các con sinh trong một lần."),
    "posthumous_birth_days": _("Dành cho việc xác định cha của con sinh sau khi hôn nhân chấm dứt."),
    "death_age_max": _("Người chết thọ trên số năm này thì có cảnh báo."),
    "year_first": _("Năm đăng ký sớm hơn năm này thì trường hợp bị giữ lại để sửa."),
    "year_doubtful_before": _("Năm đăng ký trước năm này thì có cảnh báo."),
    "era_overlap_days": _("Sổ cũ được dùng tiếp ngần này ngày sang thời kỳ sau mà không bị cảnh báo."),
    "name_length_max": _("Độ dài họ tên mà biểu nhập của Bộ Tư pháp nhận."),
    "id_number_length_max": _("Độ dài số giấy tờ mà biểu nhập của Bộ Tư pháp nhận."),
}


def parameter_effect(code: str) -> str:
    """What a threshold does, in a sentence; "" where its name says it."""
    return str(EFFECTS.get(code, ""))
