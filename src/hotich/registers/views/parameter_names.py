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
}


def parameter_name(code: str) -> str:
    """The name of a threshold; its code where it has none."""
    return str(NAMES.get(code, code))
