"""Rows of the five registers whose templates were not found: guardianship, its end, changes, divorces, adoptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hotich.config.demo.cases import Case
from hotich.config.demo.model import Person, Row
from hotich.config.demo.name_tables import FOREIGN_COUNTRY
from hotich.config.demo.rows_ministry import (
    birth_row,
    certificate_row,
    death_row,
    marriage_row,
    recognition_row,
)
from hotich.config.demo.wording import day_text, working_day
from hotich.config.demo.writing import Writer

CHANGE_BASES = {
    "1": "Luật Hộ tịch, theo yêu cầu của cha, mẹ",
    "2": "Giấy chứng sinh và hồ sơ lưu",
    "3": "Giấy tờ tùy thân của cha, mẹ",
    "4": "Theo yêu cầu của cha, mẹ",
}


def _basis(writer: Writer, case: Case, sentence: str) -> str:
    if case.era in ("ND83", "ND158"):
        number = writer.rng.randrange(2, 90)
        return f"Quyết định số {number}/QĐ-UBND ngày {day_text(case.day)} của {case.place.office_text(case.day)}"
    return sentence


def guardianship_row(writer: Writer, case: Case) -> list[Row]:
    """A guardianship with one or two guardians."""
    guardian, ward = writer.person(case.roles["guardian"]), writer.person(case.roles["ward"])
    birth = writer.population.birth_case.get(ward.key)
    row = writer.signed(case, ministry=False)
    sentence = (
        "Cha, mẹ không có điều kiện chăm sóc, giáo dục con và có yêu cầu người giám hộ"
        if case.data["kind"] == "1"
        else "Không còn cha, mẹ"
    )
    row.update(
        {
            "registration_type": "1",
            "registration_office": case.place.office_text(case.day),
            "guardianship_type": case.data["kind"],
            "guardianship_basis": _basis(writer, case, sentence),
            **writer.english_party("guardian", guardian, case),
            **writer.english_party("ward", ward, case, child=birth),
            **writer.english_informant(guardian, case),
        }
    )
    if "guardian_2" in case.roles:
        row.update(writer.english_party("guardian", writer.person(case.roles["guardian_2"]), case, suffix="_2"))
    return [row]


def guardianship_end_row(writer: Writer, case: Case) -> list[Row]:
    """The end of a guardianship, pointing at its registration; a change names the new guardian."""
    guardian, ward = writer.person(case.roles["guardian"]), writer.person(case.roles["ward"])
    start, birth = case.children["start"], writer.population.birth_case.get(ward.key)
    row = writer.signed(case, ministry=False)
    row.update(
        {
            "registration_type": "1",
            "registration_office": case.place.office_text(case.day),
            "guardianship_type": case.data["kind"],
            **writer.english_party("guardian", guardian, case, home=False),
            **writer.english_party("ward", ward, case, home=False, child=birth),
            "origin_registration_number": start.number_text,
            "origin_registration_date": day_text(start.day),
            "termination_reason": case.data["reason"],
        }
    )
    asking: Person = guardian if guardian.alive_at(case.day) else ward
    if "new_guardian" in case.roles:
        asking = writer.person(case.roles["new_guardian"])
        row.update(writer.english_party("new_guardian", asking, case))
    row.update(writer.english_informant(asking, case))
    return [row]


def change_rows(writer: Writer, case: Case) -> list[Row]:
    """A change or correction: one row for each changed field, all with the number of the case."""
    subject, target = writer.person(case.roles["subject"]), case.children["target"]
    parents = [writer.person(target.roles[role]) for role in ("mother", "father") if role in target.roles]
    asking = next(
        (
            one
            for one in [subject if subject.age_at(case.day) >= 18 else None, *parents]
            if one is not None and one.alive_at(case.day)
        ),
        None,
    )
    row = writer.signed(case, ministry=False)
    district = case.data["kind"] == "4" or (subject.age_at(case.day) >= 14 and case.data["kind"] != "3")
    row.update(
        {
            "change_type": case.data["kind"],
            "registration_office": _change_office(case, district),
            **writer.english_party("subject", subject, case, child=target),
            "target_record_type": "KS",
            "target_registration_number": target.number_text,
            "target_register_book_no": target.book_text,
            "target_registration_date": day_text(target.day),
            "target_registration_office": target.place.office_text(target.day),
            "legal_basis": _basis(writer, case, CHANGE_BASES[case.data["kind"]]),
        }
    )
    # on the day itself the new values hold; the book shows the subject under the old ones
    row["subject_full_name"] = subject.name_at(case.day - timedelta(days=1))
    row["subject_ethnicity"] = subject.ethnicity_at(case.day - timedelta(days=1))
    if "written_birth" in target.data:
        row["subject_birth_date"] = day_text(target.data["written_birth"])
    if asking is not None:
        row.update(writer.english_informant(asking, case))
    return [
        row | {"changed_field": field, "old_value": old, "new_value": new} for field, old, new in case.data["changes"]
    ]


def _change_office(case: Case, district: bool) -> str:
    text = case.place.office_text(case.day)
    return text.replace(f"xã {case.place.old_commune}, ", "") if district and "huyện" in text else text


def divorce_row(writer: Writer, case: Case) -> list[Row]:
    """The note of a divorce by a foreign court."""
    marriage, judged = case.children["marriage"], case.data["judged"]
    country = FOREIGN_COUNTRY[case.data["foreign"]][0]
    court = {"Hoa Kỳ": "Tòa Thượng thẩm quận Orange, bang California", "Hàn Quốc": "Tòa án Gia đình Busan"}.get(
        country, "Tòa án Gia đình Cao Hùng"
    )
    office = (case.place.district_office_text if marriage.data.get("wedding") else case.place.office_text)(marriage.day)
    row = writer.signed(case, ministry=False)
    for role in ("husband", "wife"):
        row.update(writer.english_party(role, writer.person(case.roles[role]), case, sex=False))
    row.update(
        {
            "registration_office": case.place.district_office_text(case.day),
            "dissolution_type": "1",
            "origin_marriage_number": marriage.number_text,
            "origin_marriage_date": day_text(marriage.day),
            "origin_marriage_office": office,
            "judgment_number": f"{judged.year % 100:02d}FL{writer.rng.randrange(1000, 9999)}",
            "judgment_date": day_text(judged),
            "judgment_authority": court,
            "judgment_country": country,
            "effective_date": day_text(min(judged + timedelta(days=30), case.day)),
            **writer.english_informant(writer.person(case.roles["wife"]), case),
        }
    )
    return [row]


def adoption_row(writer: Writer, case: Case) -> list[Row]:
    """An adoption; a foundling is handed over by the home that took it in."""
    birth = case.children["birth"]
    row = writer.signed(case, ministry=False)
    row.update(
        {
            "registration_office": case.place.office_text(case.day),
            **writer.english_party("adoptee", writer.person(case.roles["adoptee"]), case, child=birth),
        }
    )
    for role in ("adoptive_father", "adoptive_mother", "giving_father", "giving_mother"):
        if role in case.roles:
            row.update(writer.english_party(role, writer.person(case.roles[role]), case, sex=False))
    giving = [word for role, word in (("giving_father", "cha đẻ"), ("giving_mother", "mẹ đẻ")) if role in case.roles]
    row["giving_party_relationship"] = ", ".join(giving) or "cơ sở nuôi dưỡng"
    if not giving:
        officers = writer.officers(case.place, working_day(case.day - timedelta(days=365 * 6)))
        row["institution_name"] = f"Trung tâm Bảo trợ xã hội tỉnh {case.place.province}"
        row["institution_representative"] = f"{officers.recorder}, Phó Giám đốc"
    row["certificate_number"] = f"{case.number}/{'GCN' if case.day.year > 2010 else 'QĐ-UBND'}"
    row["certificate_date"] = day_text(case.day)
    return [row]


ROWS: dict[str, Callable[[Writer, Case], list[Row]]] = {
    "KS": birth_row,
    "KH": marriage_row,
    "KT": death_row,
    "CMC": recognition_row,
    "HN": certificate_row,
    "GH": guardianship_row,
    "CDGH": guardianship_end_row,
    "TD": change_rows,
    "LH": divorce_row,
    "CN": adoption_row,
}


def note_changes(cases: list[Case]) -> None:
    """Write the notes that later cases leave in the remarks of earlier entries; numbers must be dealt out."""
    verbs = {"1": "Thay đổi", "2": "Cải chính", "3": "Bổ sung", "4": "Xác định lại"}
    for case in cases:
        tail = f"theo đăng ký số {case.number_text} ngày {day_text(case.day)}"
        if case.letters == "TD":
            for field, old, new in case.data["changes"]:
                case.children["target"].notes.append(
                    f"{verbs[case.data['kind']]} {field.lower()} từ {old} thành {new} {tail}"
                )
        elif case.letters == "CMC":
            case.children["birth"].notes.append(f"Đã đăng ký nhận cha, con {tail}")
        elif case.letters == "CN":
            case.children["birth"].notes.append(f"Đã đăng ký nuôi con nuôi {tail}")
