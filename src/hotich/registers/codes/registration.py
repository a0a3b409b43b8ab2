"""Code lists about the act of registering. Numbers are those of the Ministry's templates unless marked unverified."""
# ruff: noqa: E501 – an entry is one line

from __future__ import annotations

from datetime import date

from hotich.registers.codes.code_list import Code, CodeList
from hotich.registers.types.declaration import Label as L

_TEMPLATE = "Biểu nhập của Bộ Tư pháp, trang “Ghi chu”"
_PROGRAM = "Danh mục của phần mềm số hóa"
_FORM = "Ô đánh dấu của mẫu sổ, Thông tư 15/2015/TT-BTP; mã số là quy ước của phần mềm"

# fmt: off
BIRTH_REGISTRATION = CodeList("registration_type_birth", L("Loại đăng ký khai sinh", "Type of birth registration"), (
    Code("1", L("Đăng ký đúng hạn", "In time"), ("đúng hạn", "đăng ký mới")),
    Code("2", L("Đăng ký lại", "Registered again")),
    Code("3", L("Ghi vào sổ việc khai sinh đã đăng ký ở nước ngoài", "Entered: registered abroad"), (
        "Ghi vào sổ", "Ghi vào sổ việc khai sinh", "Ghi vào sổ việc khai sinh đã đăng ký ở CQ có thẩm quyền nước ngoài",
        "Ghi vào sổ việc khai sinh đã đăng ký tại cơ quan có thẩm quyền của nước ngoài")),
    Code("4", L("Đăng ký quá hạn", "Late"), ("quá hạn",)),
    Code("5", L("Cấp (lại) bản chính giấy khai sinh", "Certificate issued again"), ("Cấp lại bản chính giấy khai sinh", "Cấp bản chính giấy khai sinh")),
    # the older template said 0 where the newer says 6
    Code("6", L("Không xác định", "Not known"), ("0", "Không có thông tin", "chưa xác định")),
), source=_TEMPLATE)

DEATH_REGISTRATION = CodeList("registration_type_death", L("Loại đăng ký khai tử", "Type of death registration"), (
    Code("0", L("Không có thông tin", "Not known"), ("6", "không xác định", "chưa xác định")),
    Code("1", L("Đăng ký đúng hạn", "In time"), ("đúng hạn",)),
    Code("2", L("Đăng ký lại", "Registered again")),
    Code("3", L("Ghi vào sổ việc khai tử đã đăng ký ở nước ngoài", "Entered: registered abroad"), ("Ghi vào sổ", "Ghi vào sổ việc khai tử")),
    Code("4", L("Đăng ký quá hạn", "Late"), ("quá hạn",)),
), source=_PROGRAM)

MARRIAGE_REGISTRATION = CodeList("registration_type_marriage", L("Loại đăng ký kết hôn", "Type of marriage registration"), (
    Code("0", L("Không xác định", "Not known"), ("không có thông tin", "chưa xác định", "6"), verified=False),
    Code("1", L("Đăng ký mới (lần đầu)", "New"), ("đăng ký mới", "đăng ký lần đầu", "kết hôn lần đầu", "lần đầu")),
    Code("2", L("Đăng ký lại", "Registered again")),
    Code("3", L("Ghi chú kết hôn đã đăng ký ở nước ngoài", "Entered: registered abroad"), ("ghi chú kết hôn", "ghi vào sổ", "ghi vào sổ việc kết hôn"), verified=False),
), source=_PROGRAM)

RECOGNITION_REGISTRATION = CodeList("registration_type_recognition", L("Loại đăng ký nhận cha, mẹ, con", "Type of recognition"), (
    Code("0", L("Không có thông tin", "Not known"), ("không xác định", "chưa xác định", "6")),
    Code("1", L("Đăng ký mới", "New"), ("đăng ký",)),
    Code("2", L("Ghi vào sổ việc nhận cha, mẹ, con đã đăng ký ở nước ngoài", "Entered: registered abroad"), ("ghi vào sổ", "ghi vào sổ việc nhận cha, mẹ, con")),
), source=_PROGRAM)

GUARDIANSHIP_REGISTRATION = CodeList("registration_type_guardianship", L("Loại đăng ký giám hộ", "Type of guardianship registration"), (
    Code("0", L("Không có thông tin", "Not known"), ("không xác định", "chưa xác định"), verified=False),
    Code("1", L("Đăng ký", "New"), ("đăng ký mới",), verified=False),
    Code("2", L("Ghi vào sổ việc giám hộ đã đăng ký ở nước ngoài", "Entered: registered abroad"), ("ghi vào sổ", "ghi vào sổ việc giám hộ"), verified=False),
), source=_FORM, verified=False)

RECOGNITION_DIRECTION = CodeList("recognition_direction", L("Loại xác nhận cha, mẹ, con", "Who recognises whom"), (
    Code("1", L("Cha nhận con", "Father recognises child")),
    Code("2", L("Mẹ nhận con", "Mother recognises child")),
    Code("3", L("Con nhận cha", "Child recognises father")),
    Code("4", L("Con nhận mẹ", "Child recognises mother")),
), source=_PROGRAM)

GUARDIANSHIP_TYPE = CodeList("guardianship_type", L("Hình thức giám hộ", "Kind of guardianship"), (
    Code("1", L("Giám hộ cử", "Appointed"), ("cử", "được cử", "chỉ định", "giám hộ được cử")),
    Code("2", L("Giám hộ đương nhiên", "By law"), ("đương nhiên",)),
), source=_FORM, verified=False)

CHANGE_TYPE = CodeList("change_type", L("Loại việc thay đổi hộ tịch", "Kind of change"), (
    Code("1", L("Thay đổi", "Change"), ("thay đổi hộ tịch",)),
    Code("2", L("Cải chính", "Correction"), ("cải chính hộ tịch",)),
    Code("3", L("Bổ sung", "Supplement"), ("bổ sung hộ tịch", "bổ sung thông tin hộ tịch")),
    Code("4", L("Xác định lại dân tộc", "Re-determination of ethnicity")),
    Code("5", L("Ghi vào sổ việc thay đổi", "Entered: decided abroad or by a court"), ("ghi vào sổ", "ghi vào sổ việc thay đổi hộ tịch")),
    Code("6", L("Điều chỉnh", "Adjustment"), ("điều chỉnh hộ tịch",), date(2006, 4, 1), date(2015, 12, 31)),
    Code("7", L("Xác định lại giới tính", "Re-determination of sex")),
), source=_FORM, verified=False)

DISSOLUTION_TYPE = CodeList("dissolution_type", L("Loại việc ghi chú ly hôn, hủy việc kết hôn", "Kind of dissolution"), (
    Code("1", L("Ly hôn", "Divorce"), ("ghi chú ly hôn",), verified=False),
    Code("2", L("Hủy việc kết hôn", "Annulment"), ("hủy kết hôn", "ghi chú hủy việc kết hôn"), verified=False),
), source="Quy ước của phần mềm", verified=False, legal=False)

DECLARATION_STATUS = CodeList("declaration_status", L("Tình trạng tuyên bố của Tòa án", "Declaration by a court"), (
    Code("1", L("Tuyên bố", "Declared"), ("đã tuyên bố",)),
    Code("2", L("Hủy tuyên bố", "Revoked"), ("đã hủy tuyên bố", "hủy bỏ tuyên bố")),
), source=_TEMPLATE)

DEATH_NOTICE_TYPE = CodeList("death_notice_type", L("Loại giấy báo tử", "Kind of death notice"), (
    Code("0", L("Không có thông tin", "Not known"), ("không xác định",)),
    Code("1", L("Giấy báo tử", "Death notice")),
    Code("2", L("Giấy xác nhận việc thi hành án tử hình", "Confirmation of an execution")),
    Code("3", L("Bản án/Quyết định của Tòa án tuyên bố chết", "Judgment declaring dead"), (
        "Bản án/QĐ Tòa án tuyên bố chết", "Bản án, quyết định của Tòa án")),
    Code("4", L("Văn bản xác nhận của công an hoặc kết quả giám định pháp y", "Police or forensic confirmation"), ("VB xác nhận của công an hoặc kết quả giám định pháp y",)),
    Code("5", L("Văn bản xác định nguyên nhân chết của cơ quan y tế cấp huyện", "District health office's cause of death"), ("VB xác định nguyên nhân chết của cơ quan y tế cấp huyện",)),
    Code("6", L("Biên bản xác nhận việc chết", "Minutes confirming the death")),
    Code("7", L("Văn bản xác nhận của người làm chứng", "Statement of witnesses"), ("VB xác nhận của người làm chứng",)),
), source=_PROGRAM)

CERTIFICATE_PURPOSE = CodeList("certificate_purpose", L("Mục đích sử dụng Giấy xác nhận tình trạng hôn nhân", "Purpose of the certificate"), (
    Code("1", L("Đăng ký kết hôn trong nước với người Việt Nam", "Marriage in Viet Nam with a Vietnamese"), ("đăng ký kết hôn trong nước",)),
    Code("2", L("Đăng ký kết hôn trong nước với người nước ngoài", "Marriage in Viet Nam with a foreigner")),
    Code("3", L("Đăng ký kết hôn ở nước ngoài với người Việt Nam", "Marriage abroad with a Vietnamese")),
    Code("4", L("Đăng ký kết hôn ở nước ngoài với người nước ngoài", "Marriage abroad with a foreigner"), ("đăng ký kết hôn ở nước ngoài",)),
    Code("5", L("Mục đích khác", "Other purpose"), ("khác",)),
), source=_PROGRAM)

REGISTER_TYPE = CodeList("register_type", L("Loại sổ hộ tịch", "Register"), (
    Code("KS", L("Giấy khai sinh", "Birth"), ("khai sinh", "sổ đăng ký khai sinh", "trích lục khai sinh", "bản chính giấy khai sinh")),
    Code("KH", L("Giấy chứng nhận kết hôn", "Marriage"), ("kết hôn", "sổ đăng ký kết hôn", "trích lục kết hôn", "giấy đăng ký kết hôn")),
    Code("KT", L("Giấy chứng tử", "Death"), ("khai tử", "sổ đăng ký khai tử", "trích lục khai tử")),
    Code("CMC", L("Trích lục đăng ký nhận cha, mẹ, con", "Recognition"), ("nhận cha, mẹ, con", "quyết định công nhận việc nhận cha, mẹ, con", "sổ đăng ký nhận cha, mẹ, con")),
    Code("HN", L("Giấy xác nhận tình trạng hôn nhân", "Marital status certificate"), ("xác nhận tình trạng hôn nhân",)),
    Code("GH", L("Trích lục đăng ký giám hộ", "Guardianship"), ("giám hộ", "quyết định công nhận giám hộ", "sổ đăng ký giám hộ")),
    Code("CDGH", L("Trích lục đăng ký chấm dứt giám hộ", "End of guardianship"), ("chấm dứt giám hộ", "thay đổi giám hộ", "sổ đăng ký chấm dứt giám hộ")),
    Code("TD", L("Trích lục thay đổi, cải chính, bổ sung hộ tịch", "Change"), ("thay đổi, cải chính", "TĐCC", "thay đổi, cải chính hộ tịch", "quyết định thay đổi, cải chính hộ tịch")),
    Code("LH", L("Trích lục ghi chú ly hôn", "Foreign divorce"), ("ghi chú ly hôn", "ghi chú ly hôn, hủy việc kết hôn", "sổ ghi chú ly hôn, hủy việc kết hôn")),
    Code("CN", L("Giấy chứng nhận nuôi con nuôi", "Adoption"), ("nuôi con nuôi", "quyết định công nhận nuôi con nuôi", "sổ đăng ký nuôi con nuôi")),
), source="Tên giấy tờ theo mẫu sổ; mã là quy ước của phần mềm", verified=False)
# fmt: on

LISTS = (
    BIRTH_REGISTRATION,
    DEATH_REGISTRATION,
    MARRIAGE_REGISTRATION,
    RECOGNITION_REGISTRATION,
    GUARDIANSHIP_REGISTRATION,
    RECOGNITION_DIRECTION,
    GUARDIANSHIP_TYPE,
    CHANGE_TYPE,
    DISSOLUTION_TYPE,
    DECLARATION_STATUS,
    DEATH_NOTICE_TYPE,
    CERTIFICATE_PURPOSE,
    REGISTER_TYPE,
)

# the older template (60 columns) has no 6; which code it writes instead
OLD_TEMPLATE_CODES: dict[str, dict[str, str]] = {"registration_type_birth": {"6": "0"}}
