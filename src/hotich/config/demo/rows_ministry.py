"""Rows of the five registers with known columns: births, marriages, deaths, recognitions, certificates."""

from __future__ import annotations

from datetime import date, timedelta

from hotich.config.demo.cases import Case
from hotich.config.demo.model import Person, Row
from hotich.config.demo.name_tables import FOREIGN_COUNTRY
from hotich.config.demo.wording import date_words, day_text, month_text, working_day
from hotich.config.demo.writing import Writer

CARD_NUMBER_SINCE = date(2016, 1, 1)  # a birth gets its number at registration since the law of 2014
CAUSES = (
    "Già yếu",
    "Già yếu",
    "Bệnh",
    "Ung thư phổi",
    "Tai biến mạch máu não",
    "Tai nạn giao thông",
    "Suy tim",
    "Sốt rét",
    "Đuối nước",
    "Bệnh phổi",
)


def _foreign(writer: Writer, nationality: str, day: date) -> Row:
    country, authority = FOREIGN_COUNTRY[nationality]
    return {
        "soDangKyNuocNgoai": f"{writer.rng.randrange(1000, 99999)}/{day.year}",
        "cqNuocNgoaiDaDangKy": authority,
        "ngayDangKyNuocNgoai": day_text(day),
        "qgNuocNgoaiDaDangKy": country,
    }


def _birth_parent(writer: Writer, prefix: str, person: Person, case: Case) -> Row:
    row = writer.moj_party(prefix, person, case)
    for part in ("GiayToKhac", "NgayCapGiayToTuyThan", "NoiCapGiayToTuyThan"):
        del row[prefix + part]  # the birth template has only kind and number
    if case.era in ("L2014", "LIVE") and person.card_issued and person.card_issued <= case.day and not person.passport:
        row[f"{prefix}SoDinhDanhCaNhan"] = person.personal_id
    if not row[f"{prefix}SoGiayToTuyThan"]:
        row[f"{prefix}LoaiGiayToTuyThan"] = ""
    if case.era in ("ND158", "L2014", "LIVE") and person.passport:
        row[f"{prefix}QuocTichStr"] = person.nationality
    return row


def birth_row(writer: Writer, case: Case) -> list[Row]:
    """A birth; the text the book holds may be wrong where a correction follows."""
    child, era = writer.person(case.roles["child"]), case.era
    born = case.data.get("written_birth", child.birth)
    foundling = "mother" not in case.roles
    southern = case.place.key == "B" and writer.rng.random() < 0.5
    row = writer.signed(case)
    row.update(
        {
            "loaiDangKy": case.data["kind"],
            "noiDangKy": case.place.office_text(case.day),
            "nksHoTen": child.name_at(case.day),
            "nksGioiTinh": child.sex,
            "nksNgaySinh": day_text(born),
            "nksNgaySinhBangChu": date_words(born, southern=southern),
            "nksNoiSinh": _birth_place(writer, case, child),
            "nksDanToc": child.ethnicity_at(case.day),
            "nksQuocTich": child.nationality,
            "nksLoaiKhaiSinh": "5" if foundling else "1" if "father" in case.roles else "3",
        }
    )
    if era == "PRE1999":
        _old_birth(writer, case, row, born)
    else:
        row["nksQueQuan"] = child.native_place
        row["nksNoiSinhDVHC"] = case.place.province_code[1:] if case.data["kind"] != "3" else ""
    if era in ("L2014", "LIVE") and child.birth >= CARD_NUMBER_SINCE:
        row["nksSoDinhDanh"] = child.personal_id
    for role, prefix in (("mother", "me"), ("father", "cha")):
        if role in case.roles:
            row.update(_birth_parent(writer, prefix, writer.person(case.roles[role]), case))
    _birth_informant(writer, case, row)
    if case.data["kind"] == "3":
        row["noiDangKy"] = case.place.district_office_text(case.day)
        row.update(_foreign(writer, case.data["foreign"], working_day(child.birth + timedelta(days=12))))
    row.update(case.overrides)
    return [row]


def _birth_place(writer: Writer, case: Case, child: Person) -> str:
    if case.data["kind"] == "3":
        return child.birth_place
    if child.birth.year > 1998 and writer.rng.random() < 0.6:
        where = "Trung tâm Y tế" if child.birth.year > 2010 else "Bệnh viện"
        return f"{where} huyện {case.place.district}, tỉnh {case.place.province}"
    return case.place.place_at(child.birth)


def _old_birth(writer: Writer, case: Case, row: Row, born: date) -> None:
    rng = writer.rng
    extra = [f"Nghề nghiệp cha mẹ: {rng.choice(('làm ruộng', 'làm nông', 'công nhân nông trường', 'giáo viên'))}"]
    if rng.random() < 0.4:
        extra.append("Có hai người làm chứng")
    row["ghiChu"] = "; ".join(filter(None, [*extra, row["ghiChu"]]))
    draw = rng.random()
    if "written_birth" not in case.data and draw < 0.10:  # some entries know only the month or the year
        row["nksNgaySinh"] = month_text(born) if draw < 0.05 else str(born.year)
        row["nksNgaySinhBangChu"] = ""
    elif draw > 0.8:
        row["nksNgaySinhBangChu"] = ""


def _birth_informant(writer: Writer, case: Case, row: Row) -> None:
    child = writer.person(case.roles["child"])
    parents = [
        (writer.person(case.roles[role]), label)
        for role, label in (("father", "cha"), ("mother", "mẹ"))
        if role in case.roles
    ]
    standing = [(person, label) for person, label in parents if person.alive_at(case.day)]
    if child.age_at(case.day) >= 18:
        row.update(writer.moj_informant(child, "bản thân", case))
    elif standing:
        row.update(writer.moj_informant(*writer.rng.choice(standing), case))
    else:
        officers = writer.officers(case.place, case.day)
        row.update({"nycHoTen": officers.recorder, "nycQuanHe": "khác"})


def marriage_row(writer: Writer, case: Case) -> list[Row]:
    """A marriage, or the note of one registered abroad; a later divorce stands in the columns for notes."""
    row = writer.signed(case)
    row.update(
        {
            "loaiDangKy": case.data.get("kind", "1"),
            "noiDangKy": case.place.office_text(case.day),
            "ngayXacLapQuanHeHonNhan": day_text(case.data.get("wedding", case.day)),
        }
    )
    for role, prefix in (("husband", "chong"), ("wife", "vo")):
        row.update(writer.moj_party(prefix, writer.person(case.roles[role]), case))
    if "wedding" in case.data:
        nationality = writer.person(case.roles["husband"]).nationality
        row.update(_foreign(writer, nationality, case.data["wedding"]))
        row["noiDangKy"] = case.place.district_office_text(case.day)
    if "divorce" in case.children:
        note = case.children["divorce"]
        row.update(
            {
                "tinhTrangKetHon": "Đã ly hôn",
                "huyKetHonNgayGhiChu": day_text(note.day),
                "huyKetHonCanCu": f"Trích lục ghi chú ly hôn số {note.number_text} ngày {day_text(note.day)}",
            }
        )
    elif "divorce" in case.data:
        judged = case.data["divorce"]
        court = (
            f"Quyết định số {writer.rng.randrange(5, 240)}/{judged.year}/QĐST-HNGĐ ngày {day_text(judged)} "
            f"của Tòa án nhân dân huyện {case.place.district}"
        )
        row.update(
            {
                "tinhTrangKetHon": "Đã ly hôn",
                "huyKetHonCanCu": court,
                "huyKetHonNgayGhiChu": day_text(working_day(judged + timedelta(days=20))),
            }
        )
    return [row]


def death_row(writer: Writer, case: Case) -> list[Row]:
    """A death with its notice."""
    person, rng = writer.person(case.roles["deceased"]), writer.rng
    died = person.death or case.day
    row = writer.signed(case)
    row.update(
        {
            "loaiDangKy": case.data["kind"],
            "noiDangKy": case.place.office_text(case.day),
            **writer.moj_party("nkt", person, case),
            "nktGioiTinh": person.sex,
            "nktNgayChet": day_text(died),
            "nktNguyenNhanChet": _cause(writer, person, died),
            "nktNoiChet": writer.home(person, case.place, died)
            if rng.random() < 0.8
            else f"Bệnh viện đa khoa tỉnh {case.place.province}",
        }
    )
    if case.era != "PRE1999":
        row["nktNgayChetGhiBangChu"] = date_words(died)
        row["gbtLoai"] = "1"
        row["gbtSo"] = f"{rng.randrange(1, 90)}/{died.year}"
        row["gbtNgay"] = day_text(min(died + timedelta(days=1), case.day))
        row["gbtCoQuanCap"] = case.place.office_text(died)
        if rng.random() < 0.5:
            row["nktGioPhutChet"] = f"{rng.randrange(24):02d}:{rng.randrange(0, 60, 5):02d}"
    informant = writer.person(case.roles["informant"])
    if informant is not person:
        relation = (
            "con"
            if person.key in (informant.father, informant.mother)
            else (
                ("cha" if informant.sex == "1" else "mẹ") if informant.key in (person.father, person.mother) else "khác"
            )
        )
        row.update(writer.moj_informant(informant, relation, case))
    return [row]


def _cause(writer: Writer, person: Person, died: date) -> str:
    age = person.age_at(died)
    return "Sinh non" if age == 0 else writer.rng.choice(CAUSES if age > 60 else CAUSES[2:])


def recognition_row(writer: Writer, case: Case) -> list[Row]:
    """A father recognises a child, or a grown child a father."""
    parent, child = writer.person(case.roles["parent"]), writer.person(case.roles["child"])
    row = writer.signed(case)
    number = writer.rng.randrange(3, 80)
    row.update(
        {
            "quyetDinhSo": f"{number}/QĐ-UBND" if case.era in ("ND83", "ND158") else f"{number}/TLCMC",
            "loaiDangKy": "1",
            "loaiXacNhan": case.data["direction"],
            "noiDangKy": case.place.office_text(case.day),
            **writer.moj_party("cm", parent, case),
            "cmQueQuan": parent.native_place,
            **writer.moj_party("nc", child, case, child=case.children["birth"]),
            "ncQueQuan": child.native_place,
        }
    )
    grown = case.data["direction"] == "3"
    asking = child if grown else parent
    row.update(writer.moj_informant(asking, "", case))
    del row["nycQuanHe"]
    row.update({"nycQHNguoiDuocNhan": "con" if grown else "cha", "nycQHNguoiNhan": "bản thân"})
    return [row]


PURPOSES = ("Bổ sung hồ sơ vay vốn", "Làm thủ tục chuyển nhượng quyền sử dụng đất", "Bổ sung hồ sơ xin việc làm")


def certificate_row(writer: Writer, case: Case) -> list[Row]:
    """A certificate of marital status; the text follows what happened before."""
    person = writer.person(case.roles["subject"])
    row = writer.signed(case)
    row.update(
        {
            "noiCap": case.place.office_text(case.day),
            **writer.moj_party("nxn", person, case),
            "nxnGioiTinh": person.sex,
            "nxnLoaiMucDichSuDung": case.data["purpose"],
            "nxnTinhTrangHonNhan": marital_text(writer, person, case.day),
            **writer.moj_informant(person, "bản thân", case),
        }
    )
    other = case.data.get("other")
    row["nxnMucDichSuDung"] = (
        f"Để đăng ký kết hôn với {'anh' if other.sex == '1' else 'chị'} {other.name_at(case.day)}"
        if other
        else writer.rng.choice(PURPOSES)
    )
    if case.era in ("L2014", "LIVE") and writer.rng.random() < 0.5:
        since = min(
            max(person.birth + timedelta(days=16 * 365), case.day - timedelta(days=3000)), case.day - timedelta(days=40)
        )
        row.update(
            {
                "nxnThoiGianCuTruTai": case.place.place_at(case.day),
                "nxnThoiGianCuTruTu": day_text(since),
                "nxnThoiGianCuTruDen": day_text(case.day),
            }
        )
    return [row]


def marital_text(writer: Writer, person: Person, day: date) -> str:
    """The sentence of the certificate, from the marriages before that day."""
    past = [couple for couple in writer.population.marriages_of[person.key] if couple.start < day]
    if not past:
        return "Chưa đăng ký kết hôn với ai"
    last = past[-1]
    other = last.woman if person is last.man else last.man
    if last.together_at(day):
        return f"Hiện tại đang có {'vợ' if other.sex == '2' else 'chồng'} là {other.name_at(day)}"
    if last.end_reason == "death":
        lost = "vợ" if other.sex == "2" else "chồng"
        return f"Có đăng ký kết hôn, nhưng {lost} đã chết; hiện tại chưa đăng ký kết hôn với ai"
    return "Có đăng ký kết hôn, nhưng đã ly hôn; hiện tại chưa đăng ký kết hôn với ai"
