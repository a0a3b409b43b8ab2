"""Code lists about persons: sex, residence, identity documents, relationships, marital status."""
# ruff: noqa: E501 – an entry is one line

from __future__ import annotations

from hotich.registers.codes.code_list import Code, CodeList, Doubt
from hotich.registers.types.declaration import Label as L

_TEMPLATE = "Biểu nhập của Bộ Tư pháp, trang “Ghi chu”"
_PROGRAM = "Danh mục của phần mềm số hóa"

# fmt: off
SEX = CodeList("sex", L("Giới tính", "Sex"), (
    Code("1", L("Nam", "Male"), ("trai", "con trai", "đàn ông")),
    Code("2", L("Nữ", "Female"), ("gái", "con gái", "đàn bà")),
    Code("3", L("Không xác định", "Not known"), ("chưa xác định", "không rõ")),
), source=_TEMPLATE)

BIRTH_CASE_TYPE = CodeList("birth_case_type", L("Loại khai sinh (trường hợp)", "Kind of birth case"), (
    Code("1", L("Đã xác định được cả cha lẫn mẹ", "Both parents known"), ("đã xác định được cha và mẹ",)),
    Code("2", L("Chưa xác định được mẹ", "Mother not known")),
    Code("3", L("Chưa xác định được cha", "Father not known")),
    Code("4", L("Chưa xác định được cả cha lẫn mẹ", "Neither parent known"), ("chưa xác định được cha, mẹ",)),
    Code("5", L("Trẻ bị bỏ rơi", "Abandoned child"), ("bị bỏ rơi",)),
), source=_PROGRAM)

RESIDENCE_TYPE = CodeList("residence_type", L("Loại cư trú", "Kind of residence"), (
    Code("0", L("Không có thông tin", "Not known"), ("không xác định",)),
    Code("1", L("Thường trú", "Permanent"), ("đăng ký thường trú",)),
    Code("2", L("Tạm trú", "Temporary"), ("đăng ký tạm trú",)),
    Code("3", L("Nơi ở hiện tại", "Where the person lives now"), ("nơi đang sinh sống",), verified=False),
), source=_PROGRAM)

ID_DOC_TYPE = CodeList("id_doc_type", L("Loại giấy tờ tùy thân", "Identity document"), (
    Code("0", L("Không có thông tin", "None"), ("để trống", "không có"), verified=False),
    Code("1", L("Chứng minh nhân dân", "Identity card (until 2024)"), ("CMND", "CMT", "giấy chứng minh nhân dân", "chứng minh thư", "giấy CMND")),
    Code("2", L("Hộ chiếu", "Passport"), ("HC", "passport")),
    Code("3", L("Thẻ thường trú", "Permanent resident card")),
    Code("4", L("Thẻ căn cước công dân", "Citizen identity card"), ("CCCD", "căn cước công dân")),
    Code("5", L("Giấy chứng minh quân đội nhân dân", "Army identity card"), ("chứng minh quân đội",)),
    Code("6", L("Giấy chứng minh sĩ quan quân đội", "Army officer identity card"), ("chứng minh sĩ quan",)),
    Code("7", L("Giấy chứng minh công an nhân dân", "Police identity card"), ("chứng minh công an",)),
    Code("8", L("Giấy tờ khác", "Other document"), ("khác",)),
), source=_TEMPLATE,
    # the card of 2024 and the bare number have no code of their own in any template seen; before 1975 a
    # "căn cước" was the card of the South
    doubts=tuple(Doubt(word, ("4", "8")) for word in ("Thẻ căn cước", "Căn cước", "Số định danh cá nhân", "Giấy căn cước")))

MARRIAGE_STATUS = CodeList("marriage_status", L("Tình trạng kết hôn", "Status of the marriage"), (
    Code("divorced", L("Đã ly hôn", "Divorced"), ("ly hôn",)),
    Code("annulled", L("Đã hủy việc kết hôn", "Annulled"), ("hủy việc kết hôn", "hủy kết hôn")),
    Code("recognised", L("Đã được công nhận việc kết hôn", "Recognised"), ("công nhận việc kết hôn", "công nhận kết hôn")),
    Code("unknown", L("Không có thông tin", "Not known"), ("không xác định",)),
), exchange="name", source=_PROGRAM)

MARITAL_STATUS = CodeList("marital_status", L("Tình trạng hôn nhân", "Marital status"), (
    Code("S", L("Chưa kết hôn", "Single"), ("độc thân", "chưa đăng ký kết hôn với ai", "hiện tại chưa đăng ký kết hôn với ai", "chưa đăng ký kết hôn", "chưa có vợ", "chưa có chồng")),
    Code("M", L("Đang có vợ/chồng", "Married"), ("đã kết hôn", "có vợ", "có chồng", "đang có vợ", "đang có chồng", "hiện tại đang có vợ", "hiện tại đang có chồng")),
    Code("D", L("Đã ly hôn", "Divorced"), ("ly hôn", "đã đăng ký kết hôn nhưng đã ly hôn, hiện tại chưa đăng ký kết hôn với ai")),
    Code("W", L("Vợ/chồng đã chết", "Widowed"), ("góa", "vợ đã chết", "chồng đã chết", "góa vợ", "góa chồng")),
    Code("U", L("Không xác định", "Not known"), ("không rõ", "không có thông tin")),
), exchange="name", source="Quy ước của phần mềm, cho trường suy ra", verified=False, legal=False)

RELATIONSHIP = CodeList("relationship", L("Quan hệ", "Relationship"), (
    Code("father", L("Cha", "Father"), ("cha đẻ", "cha ruột", "bố", "bố đẻ", "ba", "ba ruột", "tía")),
    Code("mother", L("Mẹ", "Mother"), ("mẹ đẻ", "mẹ ruột", "má", "u", "bầm")),
    Code("paternal_grandfather", L("Ông nội", "Paternal grandfather")),
    Code("paternal_grandmother", L("Bà nội", "Paternal grandmother")),
    Code("maternal_grandfather", L("Ông ngoại", "Maternal grandfather")),
    Code("maternal_grandmother", L("Bà ngoại", "Maternal grandmother")),
    Code("elder_brother", L("Anh", "Elder brother"), ("anh ruột", "anh trai", "anh đẻ")),
    Code("elder_sister", L("Chị", "Elder sister"), ("chị ruột", "chị gái", "chị đẻ")),
    Code("younger_sibling", L("Em", "Younger sibling"), ("em ruột", "em trai", "em gái")),
    Code("elder_uncle_or_aunt", L("Bác", "Parent's elder sibling"), ("bác ruột",)),
    Code("paternal_uncle", L("Chú", "Father's younger brother"), ("chú ruột",)),
    Code("paternal_aunt", L("Cô", "Father's sister"), ("cô ruột",)),
    Code("maternal_uncle", L("Cậu", "Mother's brother"), ("cậu ruột",)),
    Code("maternal_aunt", L("Dì", "Mother's sister"), ("dì ruột",)),
    Code("wife", L("Vợ", "Wife")),
    Code("husband", L("Chồng", "Husband")),
    Code("child", L("Con", "Child"), ("con đẻ", "con ruột", "con trai", "con gái")),
    Code("grandchild_or_nephew", L("Cháu", "Grandchild, nephew or niece"), ("cháu ruột", "cháu nội", "cháu ngoại")),
    Code("guardian", L("Người giám hộ", "Guardian"), ("giám hộ",)),
    Code("institution", L("Cơ sở nuôi dưỡng", "Care institution"), ("cơ sở bảo trợ xã hội", "trung tâm bảo trợ xã hội")),
    Code("self", L("Bản thân", "The person")),
    Code("other", L("Khác", "Other")),
), exchange="name", source="Chữ trong sổ; mã là quy ước của phần mềm", verified=False, legal=False, doubts=(
    Doubt("ông", ("paternal_grandfather", "maternal_grandfather")),
    Doubt("bà", ("paternal_grandmother", "maternal_grandmother")),
))
# fmt: on

LISTS = (
    SEX,
    BIRTH_CASE_TYPE,
    RESIDENCE_TYPE,
    ID_DOC_TYPE,
    MARRIAGE_STATUS,
    MARITAL_STATUS,
    RELATIONSHIP,
)
