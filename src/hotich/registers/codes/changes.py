"""Which facts of an entry a change may touch, as the register of changes names them in its own words."""
# ruff: noqa: E501 – an entry is one line

from __future__ import annotations

from hotich.registers.codes.code_list import Code, CodeList
from hotich.registers.types.declaration import Label as L

# fmt: off
CHANGED_FIELD = CodeList("changed_field", L("Nội dung thay đổi", "Field that is changed"), (
    Code("full_name", L("Họ, chữ đệm, tên", "Full name"), ("họ và tên", "họ tên", "tên", "họ", "chữ đệm", "tên đệm", "họ, tên đệm", "tên khai sinh", "chữ đệm, tên")),
    Code("sex", L("Giới tính", "Sex")),
    Code("birth_date", L("Ngày, tháng, năm sinh", "Date of birth"), ("ngày sinh", "năm sinh", "tháng sinh", "ngày tháng năm sinh")),
    Code("birth_place", L("Nơi sinh", "Place of birth")),
    Code("native_place", L("Quê quán", "Native place"), ("nguyên quán",)),
    Code("ethnicity", L("Dân tộc", "Ethnicity")),
    Code("nationality", L("Quốc tịch", "Nationality")),
    Code("personal_id", L("Số định danh cá nhân", "Personal identification number"), ("số định danh",)),
    Code("usual_residence", L("Nơi cư trú", "Usual residence"), ("nơi thường trú", "chỗ ở")),
    Code("id_doc_number", L("Số giấy tờ tùy thân", "Number of the identity document"), ("số CMND", "số CCCD", "giấy tờ tùy thân")),
    Code("father_full_name", L("Họ, chữ đệm, tên cha", "Father's full name"), ("họ tên cha", "tên cha", "họ và tên cha", "họ, chữ đệm, tên người cha")),
    Code("father_birth_date", L("Ngày, tháng, năm sinh cha", "Father's date of birth"), ("năm sinh cha", "ngày sinh cha", "năm sinh của cha")),
    Code("father_ethnicity", L("Dân tộc cha", "Father's ethnicity"), ("dân tộc của cha",)),
    Code("father_nationality", L("Quốc tịch cha", "Father's nationality"), ("quốc tịch của cha",)),
    Code("father_usual_residence", L("Nơi cư trú cha", "Father's usual residence"), ("nơi cư trú của cha",)),
    Code("mother_full_name", L("Họ, chữ đệm, tên mẹ", "Mother's full name"), ("họ tên mẹ", "tên mẹ", "họ và tên mẹ", "họ, chữ đệm, tên người mẹ")),
    Code("mother_birth_date", L("Ngày, tháng, năm sinh mẹ", "Mother's date of birth"), ("năm sinh mẹ", "ngày sinh mẹ", "năm sinh của mẹ")),
    Code("mother_ethnicity", L("Dân tộc mẹ", "Mother's ethnicity"), ("dân tộc của mẹ",)),
    Code("mother_nationality", L("Quốc tịch mẹ", "Mother's nationality"), ("quốc tịch của mẹ",)),
    Code("mother_usual_residence", L("Nơi cư trú mẹ", "Mother's usual residence"), ("nơi cư trú của mẹ",)),
    Code("death_date", L("Ngày, tháng, năm chết", "Date of death"), ("ngày chết",)),
    Code("death_place", L("Nơi chết", "Place of death")),
    Code("registration_date", L("Ngày đăng ký", "Date of registration"), ("ngày, tháng, năm đăng ký",)),
    Code("registration_number", L("Số đăng ký", "Registration number"), ("số",)),
    Code("other", L("Khác", "Other"), ("nội dung khác",)),
), exchange="name", source="Chữ trong sổ; mã là quy ước của phần mềm", verified=False, legal=False)
# fmt: on

LISTS = (CHANGED_FIELD,)
