"""The entries of the practice book and what a careful keyer makes of them. All people and places are invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

NAMESPACE = UUID("6f1a9d0e-0f2b-5a57-9c57-70d1c7a0b001")
PRACTICE_REGISTERS: Mapping[str, str] = {"KS": "ND158", "KH": "ND158", "KT": "L2014"}
"""Letters of the register -> era of its practice book."""

EASY, MIDDLE, HARD = 1, 2, 3
Value = str | dict[str, str]
"""Words of the book, or {"text", "reason"} where they cannot be given (illegible, not_written)."""

_UNREAD: dict[str, str] = {"text": "", "reason": "illegible"}
_NOT_WRITTEN: dict[str, str] = {"text": "", "reason": "not_written"}


@dataclass(frozen=True, slots=True)
class PracticeCase:
    """One entry: `values` is the answer; `shown` what stands on the paper where that is not the answer.

    In `shown` a text between ~ is crossed out, ### is a blot. `margin`: words in the margin of the page. `state` "void":
    the number was given and crossed out. `hint` is what is told after the case.
    """

    letters: str
    place: int
    level: int
    number: int
    values: Mapping[str, Value]
    suffix: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)
    margin: str = ""
    annotations: tuple[Mapping[str, str], ...] = ()
    state: str = "case"
    hint: str = ""

    @property
    def id(self) -> UUID:
        """Made from its place in the practice book: always the same."""
        return uuid5(NAMESPACE, f"{self.letters} {self.place}")


def package_id(letters: str) -> UUID:
    """The id of the practice package of a register."""
    return uuid5(NAMESPACE, letters)


def is_practice(found: UUID) -> bool:
    """Whether this is the id of a practice package: nothing of it is ever kept."""
    return found in {package_id(letters) for letters in PRACTICE_REGISTERS}


def _birth(number: str, day: str, page: str, **more: Value) -> dict[str, Value]:
    return {
        "registration_number": f"{number}/2009", "register_book_no": "01/2009", "page_no": page,
        "registration_date": day, "registration_type": "1", "registration_office": "UBND xã An Lành",
        "signatory_name": "Trần Văn Hòa", "signatory_title": "Chủ tịch", "recording_officer_name": "Lê Thị Mai",
        "child_ethnicity": "Kinh", "child_nationality": "Việt Nam", "mother_ethnicity": "Kinh",
        "mother_nationality": "Việt Nam", "mother_residence_type": "1", "father_ethnicity": "Kinh",
        "father_nationality": "Việt Nam", "father_residence_type": "1", **more,
    }  # fmt: skip


def _marriage(number: str, day: str, page: str, **more: Value) -> dict[str, Value]:
    return {
        "registration_number": f"{number}/2011", "register_book_no": "01/2011", "page_no": page,
        "registration_date": day, "registration_type": "1", "registration_office": "UBND xã An Lành",
        "signatory_name": "Trần Văn Hòa", "signatory_title": "Chủ tịch", "recording_officer_name": "Lê Thị Mai",
        "husband_ethnicity": "Kinh", "husband_nationality": "Việt Nam", "husband_residence_type": "1",
        "husband_id_doc_type": "1", "wife_ethnicity": "Kinh", "wife_nationality": "Việt Nam",
        "wife_residence_type": "1", "wife_id_doc_type": "1", **more,
    }  # fmt: skip


def _death(number: str, day: str, page: str, **more: Value) -> dict[str, Value]:
    return {
        "registration_number": f"{number}/2017", "register_book_no": "01/2017", "page_no": page,
        "registration_date": day, "registration_type": "1", "registration_office": "UBND xã An Lành",
        "signatory_name": "Nguyễn Thị Thu", "signatory_title": "Phó Chủ tịch", "recording_officer_name": "Lê Thị Mai",
        "deceased_ethnicity": "Kinh", "deceased_nationality": "Việt Nam", "deceased_residence_type": "1", **more,
    }  # fmt: skip


CASES: tuple[PracticeCase, ...] = (
    PracticeCase("KS", 1, EASY, 14, _birth(
        "14", "09.03.2009", "07", child_full_name="Nguyễn Minh Khang", child_sex="1", child_birth_date="02.03.2009",
        child_birth_date_words="Ngày mồng hai tháng ba năm hai nghìn không trăm linh chín",
        child_birth_place="Trạm y tế xã An Lành", child_native_place="Xã An Lành, huyện Thanh Bình",
        mother_full_name="Phạm Thị Hương", mother_birth_date="1984", mother_usual_residence="Thôn 2, xã An Lành",
        father_full_name="Nguyễn Văn Lực", father_birth_date="1981", father_usual_residence="Thôn 2, xã An Lành",
        informant_full_name="Nguyễn Văn Lực", informant_relationship="Cha",
    ), hint="Ngày gõ liền chữ số: 02032009 thành 02.03.2009. Giới tính: một phím 1 hoặc 2."),
    PracticeCase("KS", 2, EASY, 15, _birth(
        "15", "09.03.2009", "07", child_full_name="Nguyễn Thị Bảo Ngọc", child_sex="2", child_birth_date="27.02.2009",
        child_birth_date_words="Ngày hai mươi bảy tháng hai năm hai nghìn không trăm linh chín",
        child_birth_place="Bệnh viện đa khoa huyện Thanh Bình", child_native_place="Xã An Lành, huyện Thanh Bình",
        mother_full_name="Vũ Thị Thanh Tâm", mother_birth_date="1987", mother_usual_residence="Thôn 5, xã An Lành",
        father_full_name="Nguyễn Đức Thịnh", father_birth_date="1986", father_usual_residence="Thôn 5, xã An Lành",
        informant_full_name="Vũ Thị Thanh Tâm", informant_relationship="Mẹ",
    ), hint="Ngày đăng ký, nơi đăng ký, người ký giống trường hợp trước: đã được giữ lại, chỉ cần Enter."),
    PracticeCase("KS", 3, MIDDLE, 16, _birth(
        "16", "12.03.2009", "08", child_full_name="Hà Ngọc Linh", child_sex="2", child_birth_date="01.03.2009",
        child_birth_date_words="Ngày mồng một tháng ba năm hai nghìn không trăm linh chín",
        child_birth_place="Trạm y tế xã An Lành", child_native_place="Xã An Lành, huyện Thanh Bình",
        mother_full_name="Hà Thị Dung", mother_birth_date="1990", mother_usual_residence="Thôn 1, xã An Lành",
        father_full_name=_NOT_WRITTEN, father_birth_date=_NOT_WRITTEN, father_ethnicity=_NOT_WRITTEN,
        father_nationality=_NOT_WRITTEN, father_residence_type=_NOT_WRITTEN, father_usual_residence=_NOT_WRITTEN,
        informant_full_name="Hà Thị Dung", informant_relationship="Mẹ",
    ), shown={"father_residence_type": "", "father_usual_residence": ""},
        hint="Phần người cha để trống trong sổ: F8 (sổ không ghi) ở từng trường, đừng tự điền."),
    PracticeCase("KS", 4, MIDDLE, 17, _birth(
        "17", "16.03.2009", "08", child_full_name="Trần Gia Huy", child_sex="1", child_birth_date="05.03.2009",
        child_birth_date_words="Ngày mồng năm tháng ba năm hai nghìn không trăm linh chín",
        child_birth_place="Bệnh viện đa khoa huyện Thanh Bình", child_native_place="Xã Phú Cường, huyện Thanh Bình",
        mother_full_name="Đinh Thị Nga", mother_birth_date="1985", mother_ethnicity="Mường",
        mother_usual_residence="Thôn 3, xã An Lành", father_full_name="Trần Quốc Việt", father_birth_date="1983",
        father_usual_residence="Thôn 3, xã An Lành", informant_full_name="Trần Văn Sửu",
        informant_relationship="Ông nội",
    ), shown={"child_full_name": "Trần ~Quốc~ Gia Huy"},
        hint="Chữ bị gạch thì không nhập; nhập chữ viết thay vào."),
    PracticeCase("KS", 5, HARD, 17, _birth(
        "17a", "16.03.2009", "08", child_full_name="Trần Gia Hân", child_sex="2", child_birth_date="05.03.2009",
        child_birth_date_words=_UNREAD, child_birth_place="Bệnh viện đa khoa huyện Thanh Bình",
        child_native_place="Xã Phú Cường, huyện Thanh Bình", mother_full_name="Đinh Thị Nga", mother_birth_date="1985",
        mother_ethnicity="Mường", mother_usual_residence="Thôn 3, xã An Lành", father_full_name="Trần Quốc Việt",
        father_birth_date="1983", father_usual_residence="Thôn 3, xã An Lành", informant_full_name="Trần Văn Sửu",
        informant_relationship="Ông nội",
    ), suffix="a", shown={"child_birth_date_words": "Ngày mồng ### tháng ###"},
        hint="Số có chữ: gõ cả chữ, 17a. Không đọc được: F4, đừng đoán. Cùng cha mẹ với trường hợp trước: F2 chép từng "
             "trường."),
    PracticeCase("KS", 6, HARD, 18, {"registration_number": "18/2009"}, state="void",
        hint="Cả trường hợp bị gạch, ghi “Hủy số”: Shift + F4, chọn “Số bị hủy” với lý do ghi trong sổ, không nhập nội "
             "dung đã gạch."),
    PracticeCase("KH", 1, EASY, 5, _marriage(
        "05", "21.04.2011", "03", husband_full_name="Lê Hoàng Nam", husband_birth_date="14.06.1985",
        husband_usual_residence="Thôn 4, xã An Lành", husband_id_doc_number="012345678",
        wife_full_name="Bùi Thị Kim Oanh", wife_birth_date="30.11.1988",
        wife_usual_residence="Xã Phú Cường, huyện Thanh Bình",
        wife_id_doc_number="012876543",
    ), hint="Số giấy tờ: chỉ chữ số, nhập đủ như trong sổ."),
    PracticeCase("KH", 2, MIDDLE, 6, _marriage(
        "06", "21.04.2011", "03", husband_full_name="K'Brèo", husband_birth_date="1986", husband_ethnicity="Cơ-ho",
        husband_usual_residence="Thôn 6, xã An Lành", husband_id_doc_number="250111222",
        wife_full_name="Ka Thị Hơ Liêng", wife_birth_date="1989", wife_ethnicity="Cơ-ho",
        wife_usual_residence="Thôn 6, xã An Lành", wife_id_doc_number="250333444",
    ), hint="Tên của đồng bào dân tộc nhập đúng từng chữ, dấu phẩy trên (') như trong sổ. Sổ chỉ ghi năm sinh: gõ năm."),
    PracticeCase("KH", 3, HARD, 7, _marriage(
        "07", "05.05.2011", "04", husband_full_name="Phan Thanh Sơn", husband_birth_date="02.09.1980",
        husband_usual_residence="Thôn 1, xã An Lành", husband_id_doc_number=_UNREAD,
        wife_full_name="Ngô Thị Diễm", wife_birth_date="1984", wife_usual_residence="Thôn 1, xã An Lành",
        wife_id_doc_number="012999888",
    ), shown={"husband_id_doc_number": "0123###"},
        margin="Ly hôn theo QĐ số 12/2015/QĐST-HNGĐ ngày 10.8.2015 của TAND huyện Thanh Bình",
        annotations=({"kind": "divorce", "basis_number": "12/2015/QĐST-HNGĐ", "basis_date_text": "10.8.2015",
                      "basis_authority": "TAND huyện Thanh Bình",
                      "text": "Ly hôn theo QĐ số 12/2015/QĐST-HNGĐ ngày 10.8.2015 của TAND huyện Thanh Bình"},),
        hint="Ghi chú ở lề là việc ly hôn sau này: Shift + F8, thêm ghi chú (loại Ly hôn), không sửa nội dung đăng ký."),
    PracticeCase("KT", 1, EASY, 2, _death(
        "02", "18.01.2017", "01", deceased_full_name="Hoàng Văn Tạo", deceased_sex="1", deceased_birth_date="1939",
        deceased_usual_residence="Thôn 2, xã An Lành", deceased_id_doc_type="1", deceased_id_doc_number="012001002",
        death_date="15.01.2017", death_time="04 giờ 30 phút", death_place="Tại nhà riêng, thôn 2, xã An Lành",
        cause_of_death="Tuổi già", informant_full_name="Hoàng Văn Lợi", informant_relationship="Con",
    ), hint="Giờ chết ghi như trong sổ."),
    PracticeCase("KT", 2, MIDDLE, 3, _death(
        "03", "02.02.2017", "01", deceased_full_name="Đỗ Thị Cúc", deceased_sex="2", deceased_birth_date="1945",
        deceased_usual_residence="Thôn 5, xã An Lành", deceased_id_doc_type=_NOT_WRITTEN,
        deceased_id_doc_number=_NOT_WRITTEN, death_date="30.01.2017", death_time=_NOT_WRITTEN,
        death_place="Bệnh viện đa khoa tỉnh", cause_of_death="Bệnh tim", informant_full_name="Đỗ Văn Quyết",
        informant_relationship="Em",
    ), hint="Chỗ để trống: F8. Không lấy thông tin từ nơi khác điền vào."),
    PracticeCase("KT", 3, HARD, 4, _death(
        "04", "20.02.2017", "02", deceased_full_name="Lý A Páo", deceased_sex="1", deceased_birth_date="1958",
        deceased_ethnicity="Mông", deceased_usual_residence="Thôn 7, xã An Lành", deceased_id_doc_type="1",
        deceased_id_doc_number="012555###", death_date="17.02.2017", death_time="21 giờ 15 phút",
        death_place="Tại nhà riêng", cause_of_death=_UNREAD, informant_full_name="Lý A Sùng",
        informant_relationship="Con",
    ) | {"deceased_id_doc_number": _UNREAD}, shown={"cause_of_death": "###", "deceased_id_doc_number": "012555###",
                                                  "deceased_full_name": "Lý A ~Phán~ Páo"},
        hint="Một phần số bị nhòe: F4. Không nhập nửa số, không đoán."),
)  # fmt: skip


def cases_of(letters: str) -> list[PracticeCase]:
    """The entries of one register, in order; none for a register the practice book has not."""
    return [case for case in CASES if case.letters == letters]


def case_by_id(found: UUID) -> PracticeCase | None:
    """The entry with this id."""
    return next((case for case in CASES if case.id == found), None)
