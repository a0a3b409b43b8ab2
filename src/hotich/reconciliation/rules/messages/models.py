"""Texts of the page about the model of comparison: its fields, its degrees of agreement."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "model_field_name": "Họ tên",
    "model_field_commonness": "Mức phổ biến của họ tên",
    "model_field_birth": "Ngày sinh",
    "model_field_father": "Họ tên cha",
    "model_field_mother": "Họ tên mẹ",
    "model_field_place": "Nơi cư trú",
    "model_field_sex": "Giới tính",
    "model_field_personal_id": "Số định danh cá nhân",
    "model_level_exact": "Giống hệt",
    "model_level_equal": "Giống nhau",
    "model_level_marks": "Khác dấu",
    "model_level_marks_lost": "Một bên không có dấu",
    "model_level_marks_differ": "Khác dấu",
    "model_level_sounds_alike": "Phát âm gần giống",
    "model_level_slip": "Sai một vài chữ cái",
    "model_level_slip_letter": "Sai một chữ cái",
    "model_level_part_missing": "Thiếu hoặc thừa chữ đệm",
    "model_level_given_slip": "Sai chữ cái ở tên",
    "model_level_given_slip_letter": "Sai một chữ cái ở tên",
    "model_level_given_only": "Chỉ giống tên",
    "model_level_alike": "Giống họ và tên, khác chữ đệm",
    "model_level_other": "Khác nhau",
    "model_level_unknown": "Một bên không có thông tin",
    "model_level_part_unknown": "Thiếu ngày hoặc tháng",
    "model_level_swapped": "Đảo ngày và tháng",
    "model_level_first_of_january": "Một bên ghi 01/01",
    "model_level_month_or_day": "Chỉ khác ngày hoặc tháng",
    "model_level_year_slip": "Năm lệch 1 hoặc 10",
    "model_level_other_year": "Cùng ngày, tháng, khác năm",
    "model_level_year_only": "Chỉ cùng năm",
    "model_level_near_year": "Năm lệch 1, thiếu ngày hoặc tháng",
    "model_level_commune": "Cùng xã",
    "model_level_province": "Cùng tỉnh, khác xã",
    "model_level_most": "Phổ biến nhất",
    "model_level_graded": "Từ 1/{among} người có",
    "model_level_rarest": "Dưới 1/16.384 người có",
    "model_grade": "{text}, tên có dưới 1/{among} người mang",
}

_GRADES = {0: 16_384, 1: 8_192, 2: 4_096, 3: 2_048, 4: 1_024, 5: 512, 6: 256}


def level_words(field: str, code: str) -> tuple[str, dict[str, str], str]:
    """Of a level: the code of its words, their parameters, and the code of the words put around them ("" for none)."""
    told, _, grade = code.partition(":")
    if field == "commonness":
        if told == "0":
            return "model_level_rarest", {}, ""
        if told == "most":
            return "model_level_most", {}, ""
        return "model_level_graded", {"among": _number(_GRADES[int(told) - 1])}, ""
    if grade == "letter":
        return f"model_level_{told}_letter", {}, ""
    if grade:
        return f"model_level_{told}", {"among": _number(_GRADES[int(grade)])}, "model_grade"
    return f"model_level_{told}", {}, ""


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
