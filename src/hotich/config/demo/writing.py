"""How a case is written into its book: what officers note in each era, who signs, how places and papers read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from hotich.config.demo import names
from hotich.config.demo.cases import Case
from hotich.config.demo.identity import Paper, paper_at
from hotich.config.demo.model import Person, Row
from hotich.config.demo.places import Community
from hotich.config.demo.population import Population
from hotich.config.demo.wording import day_text


@dataclass(frozen=True, slots=True)
class Officers:
    """Who signed and who wrote in an office during a term of five years."""

    chair: str
    deputy: str
    recorder: str


class Writer:
    """Turns cases into rows; keeps the officers of each office and term."""

    def __init__(self, population: Population, rng: Random) -> None:
        self.population = population
        self.people = population.people
        self.rng = rng
        self._terms: dict[tuple[str, int], Officers] = {}

    def officers(self, place: Community, day: date) -> Officers:
        """The officers of a term; terms start in years that end in 1 or 6."""
        term = (place.key, (day.year - 1) // 5)
        if term not in self._terms:

            def name(sex: str) -> str:
                year = day.year - self.rng.randrange(35, 50)
                return names.full_name(self.rng, "Kinh", names.family_name(self.rng, "Kinh"), sex, year)

            self._terms[term] = Officers(name("1"), name(self.rng.choice("112")), name(self.rng.choice("12")))
        return self._terms[term]

    def signed(self, case: Case, *, ministry: bool = True) -> Row:
        """Number, book, page, day, signature, writer and notes: what every row starts with."""
        officers = self.officers(case.place, case.day)
        chair = self.rng.random() < 0.4
        values = [
            officers.chair if chair else officers.deputy,
            "Chủ tịch" if chair else "Phó Chủ tịch",
            officers.recorder,
            "; ".join(case.notes),
        ]
        keys = (
            ["nguoiKy", "chucVuNguoiKy", "nguoiThucHien", "ghiChu"]
            if ministry
            else ["signatory_name", "signatory_title", "recording_officer_name", "remarks"]
        )
        row = {
            "so": case.number_text,
            "quyenSo": case.book_text,
            "trangSo": case.page,
            "ngayDangKy" if ministry else "registration_date": day_text(case.day),
        }
        row.update(zip(keys, values, strict=True))
        return row

    def person(self, key: int) -> Person:
        """The person in a role."""
        return self.people[key]

    def adult_birth(self, person: Person, day: date, era: str) -> str:
        """A grown-up's birth date as the era wrote it: an age, a year, rarely more in old books."""
        share = {"PRE1999": 0.15, "ND83": 0.3, "ND158": 0.45, "L2014": 0.75, "LIVE": 0.95}[era]
        if self.rng.random() < share:
            return day_text(person.birth)
        if era == "PRE1999" and self.rng.random() < 0.5:
            return f"{day.year - person.birth.year} tuổi"
        return str(person.birth.year)

    def home(self, person: Person, place: Community, day: date) -> str:
        """Where somebody lives, most specific part first."""
        if person.abroad_since is not None and person.abroad_since <= day:
            return person.abroad
        return f"{person.village}, {place.place_at(day)}"

    def paper(self, person: Person, day: date, era: str, *, child: Case | None = None) -> Paper:
        """The paper shown; children show their birth certificate, and old books often name none."""
        paper = paper_at(person, day)
        if paper.kind == "0" and child is not None and child.number:
            return Paper("8", child.number_text, child.day, child.place.office_text(child.day), "Giấy khai sinh")
        if era == "PRE1999" and self.rng.random() < 0.6:
            return Paper()
        return paper

    def moj_paper(self, prefix: str, paper: Paper) -> Row:
        """The five columns of a paper under the Ministry's keys."""
        return {
            f"{prefix}LoaiGiayToTuyThan": paper.kind,
            f"{prefix}GiayToKhac": paper.other,
            f"{prefix}SoGiayToTuyThan": paper.number,
            f"{prefix}NgayCapGiayToTuyThan": day_text(paper.issued) if paper.issued else "",
            f"{prefix}NoiCapGiayToTuyThan": paper.issuer,
        }

    def moj_party(self, prefix: str, person: Person, case: Case, *, child: Case | None = None) -> Row:
        """Name, birth, people, nationality, residence and paper of a party under the Ministry's keys."""
        day, era = case.day, case.era
        home = "" if era == "PRE1999" and self.rng.random() < 0.15 else self.home(person, case.place, day)
        return {
            f"{prefix}HoTen": person.name_at(day),
            f"{prefix}NgaySinh": day_text(person.birth) if child else self.adult_birth(person, day, era),
            f"{prefix}DanToc": person.ethnicity_at(day),
            f"{prefix}QuocTich": person.nationality,
            f"{prefix}LoaiCuTru": "1" if home else "0",
            f"{prefix}NoiCuTru": home,
            **self.moj_paper(prefix, self.paper(person, day, era, child=child)),
        }

    def moj_informant(self, person: Person, relation: str, case: Case) -> Row:
        """Who asked for the registration; relation and paper are often missing in old books."""
        paper = self.paper(person, case.day, case.era)
        return {
            "nycHoTen": person.name_at(case.day),
            "nycQuanHe": relation,
            **self.moj_paper("nyc", paper if paper.number else Paper("")),
        }

    def english_paper(self, role: str, paper: Paper, suffix: str = "") -> Row:
        """The five columns of a paper under our own codes."""
        values = (paper.kind, paper.other, paper.number, day_text(paper.issued) if paper.issued else "", paper.issuer)
        parts = ("type", "other", "number", "issue_date", "issuer")
        return {f"{role}_id_doc_{part}{suffix}": value for part, value in zip(parts, values, strict=True)}

    def english_party(
        self,
        role: str,
        person: Person,
        case: Case,
        *,
        sex: bool = True,
        home: bool = True,
        suffix: str = "",
        child: Case | None = None,
    ) -> Row:
        """A party of a register whose template is not known, under our own codes."""
        day = case.day
        young = person.age_at(day) < 18
        row = {
            f"{role}_full_name{suffix}": person.name_at(day),
            f"{role}_birth_date{suffix}": day_text(person.birth) if young else self.adult_birth(person, day, case.era),
            f"{role}_ethnicity{suffix}": person.ethnicity_at(day),
            f"{role}_nationality{suffix}": person.nationality,
        }
        if sex:
            row[f"{role}_sex{suffix}"] = person.sex
        if home:
            row[f"{role}_usual_residence{suffix}"] = self.home(person, case.place, day)
        paper = self.paper(person, day, case.era, child=child)
        row.update(self.english_paper(role, paper if paper.number else Paper(""), suffix))
        return row

    def english_informant(self, person: Person, case: Case) -> Row:
        """Who asked for the registration, under our own codes."""
        paper = self.paper(person, case.day, case.era)
        return {
            "informant_full_name": person.name_at(case.day),
            **self.english_paper("informant", paper if paper.number else Paper("")),
        }
