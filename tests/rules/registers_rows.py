"""Entries written by hand, one for each register, in which every statement holds; tests change fields of them."""

from __future__ import annotations

from datetime import date

from hotich.kernel.problems import Problem, Severity
from hotich.registers.rules.examine import Examination, OfficeFacts, examine
from hotich.registers.types import version_for
from hotich.registers.types.declaration import Channel

TODAY = date(2026, 11, 23)
HEAD = {
    "registration_number": "12/2016",
    "register_book_no": "01/2016",
    "page_no": "7",
    "registration_date": "20.06.2016",
    "registration_office": "UBND xã Tân Thử",
    "signatory_name": "Lê Văn Khoa",
}


def person(who: str, name: str, birth: str, number: str = "", suffix: str = "") -> dict[str, str]:
    """The fields of a person, of which a register takes those it has."""
    made = {"full_name": name, "birth_date": birth, "ethnicity": "Kinh", "nationality": "Việt Nam"}
    made |= {"residence_type": "1", "usual_residence": "xã Tân Thử"}
    if number:
        made |= {"id_doc_type": "1", "id_doc_number": number}
    return {f"{who}_{what}{suffix}": value for what, value in made.items()}


_ROWS: dict[str, dict[str, str]] = {
    "KS": HEAD
    | {"registration_type": "1", "birth_case_type": "1", "child_sex": "1"}
    | person("child", "Nguyễn Minh Hải", "01.06.2016")
    | {"child_birth_date_words": "Ngày một tháng sáu năm hai nghìn không trăm mười sáu"}
    | person("mother", "Trần Thị Lan", "05.03.1990", "100200301")
    | person("father", "Nguyễn Văn Bình", "1988", "100200302")
    | {"informant_full_name": "Nguyễn Văn Bình", "informant_relationship": "Cha"}
    | {"informant_id_doc_type": "1", "informant_id_doc_number": "100200302", "child_personal_id": "082216000123"},
    "KH": HEAD
    | {"registration_type": "1"}
    | person("husband", "Nguyễn Văn Bình", "15.02.1988", "100200302")
    | person("wife", "Trần Thị Lan", "05.03.1990", "100200301"),
    "KT": HEAD
    | {"registration_type": "1", "deceased_sex": "2", "death_date": "10.06.2016", "death_time": "14 giờ 30"}
    | {"death_date_words": "Ngày mười tháng sáu năm hai nghìn không trăm mười sáu", "death_notice_type": "1"}
    | {"death_notice_number": "3", "death_notice_date": "11.06.2016"}
    | person("deceased", "Trần Thị Lan", "1930", "100200301")
    | {"informant_full_name": "Nguyễn Văn Bình", "informant_relationship": "Con"}
    | {"informant_id_doc_type": "1", "informant_id_doc_number": "100200302"},
    "CMC": HEAD
    | {"registration_type": "1", "recognition_direction": "1", "decision_number": "5/QĐ"}
    | person("parent", "Nguyễn Văn Bình", "15.02.1988", "100200302")
    | person("child", "Nguyễn Minh Hải", "01.06.2015", "100200303")
    | {"informant_full_name": "Nguyễn Văn Bình"},
    "HN": HEAD
    | {"subject_sex": "1", "marital_status_text": "Chưa đăng ký kết hôn với ai", "purpose_type": "1"}
    | {"purpose_text": "Đăng ký kết hôn", "status_period_from": "01.01.2010", "status_period_to": "19.06.2016"}
    | person("subject", "Nguyễn Văn Bình", "15.02.1988", "100200302"),
    "GH": HEAD
    | {"registration_type": "1", "guardianship_type": "1", "guardian_sex": "1", "ward_sex": "2"}
    | person("guardian", "Nguyễn Văn Bình", "15.02.1988", "100200302")
    | person("guardian", "Phạm Thị Thu", "1989", "100200309", suffix="_2")
    | person("ward", "Trần Thị Lan", "05.03.2009"),
    "CDGH": HEAD
    | {"registration_type": "1", "guardianship_type": "1", "guardian_sex": "1", "ward_sex": "2"}
    | {"origin_registration_number": "4/2010", "origin_registration_date": "04.05.2010"}
    | person("guardian", "Nguyễn Văn Bình", "15.02.1988", "100200302")
    | person("ward", "Trần Thị Lan", "05.03.1998")
    | person("new_guardian", "Phạm Thị Thu", "1989", "100200309"),
    "TD": HEAD
    | {"change_type": "2", "subject_sex": "1", "target_record_type": "Giấy khai sinh", "changed_field": "Ngày sinh"}
    | {"target_registration_number": "9/2000", "target_registration_date": "03.04.2000"}
    | {"target_registration_office": "UBND xã Tân Thử", "old_value": "01.02.2000", "new_value": "10.02.2000"}
    | person("subject", "Nguyễn Văn Bình", "10.02.2000", "100200302"),
    "LH": HEAD
    | {"dissolution_type": "1", "origin_marriage_number": "8/2011", "origin_marriage_date": "01.02.2011"}
    | {"judgment_number": "77", "judgment_date": "03.03.2015", "judgment_authority": "Tòa án"}
    | {"judgment_country": "Hàn Quốc", "effective_date": "03.04.2015"}
    | person("husband", "Nguyễn Văn Bình", "15.02.1988", "100200302")
    | person("wife", "Trần Thị Lan", "05.03.1990", "100200301"),
    "CN": HEAD
    | {"adoptee_sex": "1", "certificate_number": "2", "certificate_date": "20.06.2016"}
    | person("adoptee", "Nguyễn Minh Hải", "01.06.2010")
    | person("adoptive_father", "Nguyễn Văn Bình", "15.02.1980", "100200302")
    | person("adoptive_mother", "Trần Thị Lan", "1982", "100200301")
    | person("giving_mother", "Phạm Thị Thu", "1989", "100200309"),
}


def good_row(letters: str, era: str = "L2014") -> dict[str, object]:
    """An entry in which every statement holds; only fields that the version has."""
    known = {item.code for item in version_for(letters, era).fields}
    return {name: value for name, value in _ROWS[letters].items() if name in known}


def look(
    letters: str,
    changes: dict[str, object] | None = None,
    *,
    era: str = "L2014",
    channel: Channel = Channel.HISTORICAL,
    office: OfficeFacts | None = None,
    today: date | None = TODAY,
) -> Examination:
    """What is found in the good row with these fields changed; None takes a field away."""
    row = {**good_row(letters, era), **(changes or {})}
    kept = {name: value for name, value in row.items() if value is not None}
    return examine(version_for(letters, era), kept, channel=channel, office=office, today=today)  # type: ignore[arg-type]


def codes(found: Examination) -> set[str]:
    """The codes of all findings."""
    return {problem.code for problem in found.problems}


def the(found: Examination, code: str) -> Problem:
    """The first finding with this code. Raises StopIteration if there is none."""
    return next(problem for problem in found.problems if problem.code == code)


def is_error(found: Examination, code: str) -> bool:
    """Whether the finding with this code holds the case."""
    return the(found, code).severity is Severity.ERROR
