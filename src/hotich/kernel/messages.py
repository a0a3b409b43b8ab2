"""Vietnamese texts of the codes that the kernel gives; the English ones stand in locale/en beside this file."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "date_unreadable": "Không đọc được ngày, tháng, năm.",
    "date_impossible": "Không có ngày này trong lịch.",
    "date_year_out_of_range": "Năm nằm ngoài khoảng 1800–2100.",
    "date_year_ambiguous": "Chưa xác định được năm: cần biết năm đăng ký để hiểu năm hai chữ số hoặc tuổi.",
    "name_single_token": "Họ tên chỉ có một từ.",
    "name_has_digit": "Họ tên có chữ số.",
    "name_has_symbol": "Họ tên có ký tự không phải chữ cái.",
    "name_no_diacritics": "Họ tên không có dấu tiếng Việt.",
    "name_mixed_encoding": "Họ tên còn ký tự của bảng mã cũ (TCVN3, VNI).",
    "personal_id_not_12_digits": "Số định danh cá nhân phải gồm đúng 12 chữ số.",
    "personal_id_century_unknown": "Chữ số thế kỷ trong số định danh cá nhân không hợp lệ hoặc chưa được quy định.",
    "personal_id_province_unknown": "Mã tỉnh trong số định danh cá nhân không có trong danh mục.",
    "personal_id_birth_year_mismatch": "Năm sinh trong số định danh cá nhân không khớp ngày sinh.",
    "personal_id_sex_mismatch": "Giới tính trong số định danh cá nhân không khớp giới tính đã ghi.",
}
