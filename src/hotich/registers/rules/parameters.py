"""Every threshold that law or practice sets: what it is, and its values in one dated table.

`DEFINITIONS` says what each threshold is: unit, range, who may change it, which checks ask it. `PARAMETERS` holds the
values that are shipped; each row says from when to when it holds and who says so. `verified` False means from memory or
our own proposal and is shown as "chưa kiểm chứng". An office changes values by rows of its own, which come first
(`rules.configuration`); everybody asks `parameter` or `threshold`, which answer by the configuration in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from hotich.registers.rules.snapshot import active


@dataclass(frozen=True, slots=True)
class Parameter:
    """One threshold in one period. `unit` is one of those in `DEFINITIONS`; both ends of the period count."""

    code: str
    value: int
    unit: str
    valid_from: date | None
    valid_to: date | None
    source: str
    verified: bool

    def holds_on(self, day: date) -> bool:
        """Whether the threshold is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Definition:
    """What a threshold is. `legal`: the law sets it, so a second person decides on a change; else it is operational.

    `lowest` and `highest` bound what may be entered; `checks` are the codes of the findings that depend on it.
    `by_province`: a province may have a value of its own, which stands before the national one there.
    """

    unit: str
    legal: bool
    lowest: int
    highest: int
    checks: tuple[str, ...] = ()
    by_province: bool = False


class ParameterUnknown(LookupError):
    """A threshold that nobody has declared was asked for: a fault in the program, not in the data."""


_LEGAL, _OPERATIONAL = True, False
_PROVINCE = True
_MARRIAGE = ("husband_under_age", "wife_under_age")
_LATE = ("late_but_marked_on_time", "on_time_but_marked_late")

DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {
        "marriage_age_man": Definition("years", _LEGAL, 10, 40, _MARRIAGE[:1]),
        "marriage_age_woman": Definition("years", _LEGAL, 10, 40, _MARRIAGE[1:]),
        "marriage_age_extra_days": Definition("days", _LEGAL, 0, 366, _MARRIAGE),
        "birth_late_days": Definition("days", _LEGAL, 1, 3650, _LATE),
        "birth_late_days_remote": Definition("days", _LEGAL, 1, 3650, _LATE),
        "death_late_days": Definition("days", _LEGAL, 1, 3650, _LATE),
        "mother_gap_impossible": Definition(
            "years", _OPERATIONAL, 5, 20, ("mother_age_impossible", "mother_age_unusual")
        ),
        "mother_gap_min": Definition("years", _OPERATIONAL, 5, 30, ("mother_age_unusual",)),
        "mother_gap_max": Definition("years", _OPERATIONAL, 30, 90, ("mother_age_unusual",)),
        "father_gap_min": Definition("years", _OPERATIONAL, 5, 30, ("father_age_unusual",)),
        "father_gap_max": Definition("years", _OPERATIONAL, 30, 120, ("father_age_unusual",)),
        "recognition_gap_min": Definition("years", _LEGAL, 5, 30, ("recognised_parent_too_young",)),
        "guardian_age_min": Definition("years", _LEGAL, 10, 40, ("guardian_under_age",)),
        "adopter_gap_min": Definition("years", _LEGAL, 5, 50, ("adopter_too_young",)),
        "adoptee_age_below": Definition("years", _LEGAL, 5, 30, ("adoptee_over_sixteen",)),
        "adoptee_age_limit": Definition("years", _LEGAL, 5, 30, ("adoptee_over_sixteen", "adoptee_over_eighteen")),
        "adult_age": Definition("years", _LEGAL, 10, 30, ("informant_named_as_child",)),
        "closest_births_days": Definition("days", _OPERATIONAL, 30, 366),
        "same_delivery_days": Definition("days", _OPERATIONAL, 0, 30),
        "posthumous_birth_days": Definition("days", _LEGAL, 200, 400),
        "death_age_max": Definition("years", _OPERATIONAL, 90, 150, ("death_age_unusual",)),
        "year_first": Definition(
            "year", _OPERATIONAL, 1800, 2100, ("registration_year_not_accepted", "registration_year_doubtful")
        ),
        "year_doubtful_before": Definition("year", _OPERATIONAL, 1800, 2100, ("registration_year_doubtful",)),
        "era_overlap_days": Definition("days", _OPERATIONAL, 0, 3660, ("registered_outside_era",)),
        "name_length_max": Definition("characters", _OPERATIONAL, 20, 500),
        "id_number_length_max": Definition("characters", _OPERATIONAL, 9, 100),
        # Reading citizens' data (decision 0011).
        "reading_alarm_officer": Definition("records", _OPERATIONAL, 10, 10000),
        "reading_limit_officer": Definition("records", _OPERATIONAL, 10, 10000),
        "reading_alarm_leader": Definition("records", _OPERATIONAL, 10, 10000),
        "reading_limit_leader": Definition("records", _OPERATIONAL, 10, 10000),
        "reading_alarm_department": Definition("records", _OPERATIONAL, 10, 10000),
        "reading_limit_department": Definition("records", _OPERATIONAL, 10, 10000),
        "reading_alarm_other": Definition("records", _OPERATIONAL, 5, 10000),
        "reading_limit_other": Definition("records", _OPERATIONAL, 5, 10000),
        "look_up_open_hours": Definition("hours", _OPERATIONAL, 1, 12),
        "break_glass_minutes": Definition("minutes", _OPERATIONAL, 5, 240),
        "reading_reason_length": Definition("characters", _OPERATIONAL, 10, 200),
        "export_open_hours": Definition("hours", _OPERATIONAL, 1, 720),
        "export_downloads": Definition("times", _OPERATIONAL, 1, 20),
        "oversight_first_hour": Definition("hour", _OPERATIONAL, 0, 12),
        "oversight_last_hour": Definition("hour", _OPERATIONAL, 12, 24),
        "oversight_fast_subjects": Definition("records", _OPERATIONAL, 5, 1000),
        "oversight_fast_minutes": Definition("minutes", _OPERATIONAL, 1, 120),
        "oversight_same_subject_officers": Definition("officers", _OPERATIONAL, 2, 100),
        "oversight_empty_look_ups": Definition("times", _OPERATIONAL, 2, 100),
        "oversight_dossier_records": Definition("times", _OPERATIONAL, 2, 1000),
        # Scans of books (decision 0018); digitisation reads them all as one `ScanSettings`.
        "scan_budget": Definition("bytes", _OPERATIONAL, 20_000, 10_000_000),
        "scan_lowest_dpi": Definition("dpi", _OPERATIONAL, 72, 600),
        "scan_contone_lowest_dpi": Definition("dpi", _OPERATIONAL, 72, 600),
        "scan_contone_lowest_quality": Definition("quality", _OPERATIONAL, 10, 95),
        "scan_mask_lowest_dpi": Definition("dpi", _OPERATIONAL, 100, 600),
        "scan_ssim_pass": Definition("per mille", _OPERATIONAL, 500, 1000),
        "scan_ssim_review": Definition("per mille", _OPERATIONAL, 500, 1000),
        "scan_ink_f1_pass": Definition("per mille", _OPERATIONAL, 500, 1000),
        "scan_ink_f1_review": Definition("per mille", _OPERATIONAL, 500, 1000),
        "scan_missed_ink_pass": Definition("per mille", _OPERATIONAL, 0, 500),
        "scan_missed_ink_review": Definition("per mille", _OPERATIONAL, 0, 500),
        "scan_layout_fit": Definition("per mille", _OPERATIONAL, 500, 1000),
        # Keying, checking and acceptance of books (decision 0019).
        "keying_package_size": Definition("cases", _OPERATIONAL, 5, 500, by_province=_PROVINCE),
        "keying_sample": Definition("per mille", _OPERATIONAL, 0, 1000, by_province=_PROVINCE),
        "keying_norm_machine_day": Definition("cases", _OPERATIONAL, 1, 5000, by_province=_PROVINCE),
        "keying_fastest_case": Definition("seconds", _OPERATIONAL, 1, 600),
        "keying_same_value_share": Definition("per mille", _OPERATIONAL, 100, 1000),
        "keying_same_value_cases": Definition("cases", _OPERATIONAL, 10, 10_000),
        "keying_empty_share": Definition("per mille", _OPERATIONAL, 100, 1000),
        "keying_clock_error": Definition("seconds", _OPERATIONAL, 1, 86_400),
        "acceptance_sample_cases": Definition("cases", _OPERATIONAL, 1, 10_000, by_province=_PROVINCE),
        "acceptance_sample_share": Definition("per mille", _OPERATIONAL, 1, 1000, by_province=_PROVINCE),
        "acceptance_key_errors": Definition("per mille", _OPERATIONAL, 0, 1000, by_province=_PROVINCE),
        "acceptance_all_errors": Definition("per mille", _OPERATIONAL, 0, 1000, by_province=_PROVINCE),
        # Reconciliation: look-ups by an officer; the tracking list in working days.
        "population_look_ups_a_day": Definition("times", _OPERATIONAL, 10, 100_000),
        # Duplicates and families: years between parent and child; bits (powers of two) of likeness; 1 = a rule may join.
        "population_parent_age_least": Definition("years", _OPERATIONAL, 8, 20),
        "population_parent_age_most": Definition("years", _OPERATIONAL, 40, 90),
        "population_proposal_bits": Definition("bits", _OPERATIONAL, 0, 60),
        "population_links_by_rule": Definition("yes", _OPERATIONAL, 0, 1),
        "population_rule_bits": Definition("bits", _OPERATIONAL, 10, 60),
        "population_bulk_bits": Definition("bits", _OPERATIONAL, 10, 60),
        "population_bulk_sample": Definition("proposals", _OPERATIONAL, 10, 500),
        "population_answer_days": Definition("days", _OPERATIONAL, 1, 90),
        "population_incomplete_date_differs": Definition("yes", _OPERATIONAL, 0, 1),
        "population_verify_days": Definition("days", _OPERATIONAL, 1, 250, by_province=_PROVINCE),
        "population_list_alone": Definition("cases", _OPERATIONAL, 0, 500),
        "population_settle_days": Definition("days", _OPERATIONAL, 1, 250, by_province=_PROVINCE),
    }
)

_OURS = "Quy ước của phần mềm"
_PROPOSED = "Đề xuất của phần mềm, chưa kiểm chứng"
_ADOPTER_BEFORE = "Luật Hôn nhân và Gia đình năm 1986, Điều 35; năm 2000, Điều 69"
_ADOPTEE_BEFORE = "Luật Hôn nhân và Gia đình năm 1986, Điều 34; năm 2000, Điều 68"
_LAW_1959 = date(1960, 1, 13)
_LAW_1986 = date(1987, 1, 3)
_LAW_2000 = date(2001, 1, 1)
_LAW_2014 = date(2015, 1, 1)
_ND83 = date(1999, 1, 1)
_ND158 = date(2006, 4, 1)
_LHT_2014 = date(2016, 1, 1)
_NCN_2010 = date(2011, 1, 1)


def _always(code: str, value: int, source: str, verified: bool = False) -> Parameter:
    return Parameter(code, value, DEFINITIONS[code].unit, None, None, source, verified)


def _from(code: str, value: int, start: date, end: date | None, source: str) -> Parameter:
    return Parameter(code, value, DEFINITIONS[code].unit, start, end, source, False)


PARAMETERS: tuple[Parameter, ...] = (
    # Marriage: full years, and the days that must have passed after that birthday. The law of 2000 said "từ hai mươi
    # tuổi", read as having entered the twentieth year: nineteen full years and a day.
    _from("marriage_age_man", 20, _LAW_1959, date(1987, 1, 2), "Luật Hôn nhân và Gia đình năm 1959, Điều 6"),
    _from("marriage_age_man", 20, _LAW_1986, date(2000, 12, 31), "Luật Hôn nhân và Gia đình năm 1986, Điều 5"),
    _from("marriage_age_man", 19, _LAW_2000, date(2014, 12, 31), "Luật Hôn nhân và Gia đình năm 2000, Điều 9"),
    _from("marriage_age_man", 20, _LAW_2014, None, "Luật Hôn nhân và Gia đình năm 2014, Điều 8 khoản 1 điểm a"),
    _from("marriage_age_woman", 18, _LAW_1959, date(1987, 1, 2), "Luật Hôn nhân và Gia đình năm 1959, Điều 6"),
    _from("marriage_age_woman", 18, _LAW_1986, date(2000, 12, 31), "Luật Hôn nhân và Gia đình năm 1986, Điều 5"),
    _from("marriage_age_woman", 17, _LAW_2000, date(2014, 12, 31), "Luật Hôn nhân và Gia đình năm 2000, Điều 9"),
    _from("marriage_age_woman", 18, _LAW_2014, None, "Luật Hôn nhân và Gia đình năm 2014, Điều 8 khoản 1 điểm a"),
    _from("marriage_age_extra_days", 0, _LAW_1959, date(2000, 12, 31), "Luật Hôn nhân và Gia đình năm 1959, năm 1986"),
    _from("marriage_age_extra_days", 1, _LAW_2000, date(2014, 12, 31), "Luật Hôn nhân và Gia đình năm 2000, Điều 9"),
    _from("marriage_age_extra_days", 0, _LAW_2014, None, "Luật Hôn nhân và Gia đình năm 2014, Điều 8 khoản 1 điểm a"),
    # Registration in time, counted as day of registration minus day of the event.
    _from("birth_late_days", 30, _ND83, date(2006, 3, 31), "Nghị định 83/1998/NĐ-CP"),
    _from("birth_late_days", 60, _ND158, date(2015, 12, 31), "Nghị định 158/2005/NĐ-CP, Điều 14"),
    _from("birth_late_days", 60, _LHT_2014, None, "Luật Hộ tịch năm 2014, Điều 15"),
    _from("birth_late_days_remote", 60, _ND83, None, "Nghị định 83/1998/NĐ-CP (vùng sâu, vùng xa)"),
    _from("death_late_days", 15, _ND83, date(2015, 12, 31), "Nghị định 83/1998/NĐ-CP, Nghị định 158/2005/NĐ-CP"),
    _from("death_late_days", 15, _LHT_2014, None, "Luật Hộ tịch năm 2014, Điều 33"),
    # Ages and gaps between people.
    _always("mother_gap_impossible", 10, _OURS),
    _always("mother_gap_min", 12, _OURS),
    _always("mother_gap_max", 55, _OURS),
    _always("father_gap_min", 12, _OURS),
    _always("father_gap_max", 80, _OURS),
    _always("recognition_gap_min", 12, "Luật Hôn nhân và Gia đình năm 2014, Điều 101; số năm là quy ước của phần mềm"),
    _always("guardian_age_min", 18, "Bộ luật Dân sự năm 2015, Điều 49"),
    _from(
        "adopter_gap_min",
        20,
        _LAW_1986,
        date(2010, 12, 31),
        _ADOPTER_BEFORE,
    ),
    _from("adopter_gap_min", 20, _NCN_2010, None, "Luật Nuôi con nuôi năm 2010, Điều 14"),
    _from(
        "adoptee_age_below",
        16,
        _LAW_1986,
        date(2010, 12, 31),
        _ADOPTEE_BEFORE,
    ),
    _from("adoptee_age_below", 16, _NCN_2010, None, "Luật Nuôi con nuôi năm 2010, Điều 8 khoản 1"),
    _from("adoptee_age_limit", 18, _NCN_2010, None, "Luật Nuôi con nuôi năm 2010, Điều 8 khoản 2"),
    _always("adult_age", 18, "Bộ luật Dân sự năm 2015, Điều 20"),
    _always("closest_births_days", 180, _OURS),
    _always("same_delivery_days", 1, _OURS),
    _always("posthumous_birth_days", 300, "Luật Hôn nhân và Gia đình năm 2014, Điều 88"),
    _always("death_age_max", 120, _OURS),
    # Years and days of books.
    _always("year_first", 1880, _OURS),
    _always("year_doubtful_before", 1945, _OURS),
    _always("era_overlap_days", 366, f"{_OURS}: sổ cũ dùng tiếp sang thời kỳ sau"),
    # Lengths.
    _always("name_length_max", 100, "Biểu nhập của Bộ Tư pháp: họ tên tối đa 100 ký tự", verified=True),
    _always("id_number_length_max", 30, "Biểu nhập của Bộ Tư pháp: số giấy tờ tối đa 30 ký tự", verified=True),
    # Reading: different records and persons an officer reads in a day, by kind of post; hours, minutes and letters.
    _always("reading_alarm_officer", 150, _OURS),
    _always("reading_limit_officer", 300, _OURS),
    _always("reading_alarm_leader", 200, _OURS),
    _always("reading_limit_leader", 400, _OURS),
    _always("reading_alarm_department", 100, _OURS),
    _always("reading_limit_department", 200, _OURS),
    _always("reading_alarm_other", 60, _OURS),
    _always("reading_limit_other", 120, _OURS),
    _always("look_up_open_hours", 4, _OURS),
    _always("break_glass_minutes", 30, _OURS),
    _always("reading_reason_length", 20, _OURS),
    _always("export_open_hours", 72, _OURS),
    _always("export_downloads", 3, _OURS),
    _always("oversight_first_hour", 7, _OURS),
    _always("oversight_last_hour", 19, _OURS),
    _always("oversight_fast_subjects", 20, _OURS),
    _always("oversight_fast_minutes", 10, _OURS),
    _always("oversight_same_subject_officers", 4, _OURS),
    _always("oversight_empty_look_ups", 3, _OURS),
    _always("oversight_dossier_records", 10, _OURS),
    # Scans: the size is the Ministry's ("at most 100 KB a PDF"), all else measured on few pages.
    _always("scan_budget", 100_000, "Hướng dẫn số hóa sổ hộ tịch: mỗi tệp PDF tối đa 100 KB (chưa kiểm chứng)"),
    _always("scan_lowest_dpi", 140, _PROPOSED),
    _always("scan_contone_lowest_dpi", 120, _PROPOSED),
    _always("scan_contone_lowest_quality", 40, _PROPOSED),
    _always("scan_mask_lowest_dpi", 200, _PROPOSED),
    _always("scan_ssim_pass", 950, _PROPOSED),
    _always("scan_ssim_review", 920, _PROPOSED),
    _always("scan_ink_f1_pass", 970, _PROPOSED),
    _always("scan_ink_f1_review", 940, _PROPOSED),
    _always("scan_missed_ink_pass", 10, _PROPOSED),
    _always("scan_missed_ink_review", 30, _PROPOSED),
    _always("scan_layout_fit", 820, _PROPOSED),
    # Keying: the norm is Plan-given ("300 cases a machine a day"); all limits of acceptance are our proposal.
    _always("keying_package_size", 40, _PROPOSED),
    _always("keying_sample", 30, _PROPOSED),
    _always("keying_norm_machine_day", 300, "Kế hoạch số hóa: 300 trường hợp một máy một ngày (chưa kiểm chứng)"),
    _always("keying_fastest_case", 12, _PROPOSED),
    _always("keying_same_value_share", 900, _PROPOSED),
    _always("keying_same_value_cases", 30, _PROPOSED),
    _always("keying_empty_share", 600, _PROPOSED),
    _always("keying_clock_error", 120, _PROPOSED),
    _always("acceptance_sample_cases", 50, _PROPOSED),
    _always("acceptance_sample_share", 50, _PROPOSED),
    _always("acceptance_key_errors", 10, _PROPOSED),
    _always("acceptance_all_errors", 30, _PROPOSED),
    # Look-ups: a norm of 300 cases a day has some 900 participants, each asked once or twice.
    _always("population_look_ups_a_day", 2_000, _PROPOSED),
    _always("population_answer_days", 10, _PROPOSED),
    # Duplicates and families: nobody is joined by a rule unless an office says so.
    _always("population_parent_age_least", 12, _PROPOSED),
    _always("population_parent_age_most", 60, _PROPOSED),
    _always("population_proposal_bits", 3, _PROPOSED),
    _always("population_links_by_rule", 0, _PROPOSED),
    _always("population_rule_bits", 20, _PROPOSED),
    # Many proposals at once: sixty looked at without one refused say, 95 times in 100, that at most 5% are wrong.
    _always("population_bulk_bits", 20, _PROPOSED),
    _always("population_bulk_sample", 60, _PROPOSED),
    # What differs, residence excepted, is kept apart and verified (plan for cleaning civil-status data, step 02; TT 01/2022
    # Điều 4 khoản 2): whether a book that tells the year alone differs from a whole date of that year, no text says. Where
    # it does, most of an old book goes on the list; those items are judged together ("Sổ ghi thiếu ngày sinh").
    _always("population_incomplete_date_differs", 1, _PROPOSED),
    # The tracking list: no law sets a time for it.
    _always("population_verify_days", 10, _PROPOSED),
    _always("population_settle_days", 15, _PROPOSED),
    # A page of the tracking list goes out by one officer, with a reason; more is bulk, and another one decides.
    _always("population_list_alone", 50, _PROPOSED),
)


def _by_code() -> dict[str, tuple[Parameter, ...]]:
    found: dict[str, list[Parameter]] = {}
    for item in PARAMETERS:
        found.setdefault(item.code, []).append(item)
    return {code: tuple(items) for code, items in found.items()}


BY_CODE: Mapping[str, tuple[Parameter, ...]] = MappingProxyType(_by_code())
"""Threshold -> its shipped values, oldest first."""

TIMELESS = frozenset(code for code, items in BY_CODE.items() if items[0].valid_from is None)
"""Thresholds whose shipped value holds at all times, so that there always is one."""


def parameter(code: str, on: date) -> int | None:
    """The threshold in force on a day; None where no rule is known for that time (then nothing is checked).

    Raises ParameterUnknown for a code that is not in the table.
    """
    try:
        return active().value(code, on)
    except KeyError as error:
        raise ParameterUnknown(code) from error


def threshold(code: str, on: date | None) -> int:
    """A threshold that is known for all times, as it was on a day; of today where the day is not known.

    Raises ParameterUnknown for one that the law set only from some day on, or that is not in the table.
    """
    found = active()
    value = found.timeless.get(code)
    if value is not None:
        return value
    if code not in TIMELESS:
        raise ParameterUnknown(code)
    value = found.value(code, on or found.day)
    if value is None:
        raise ParameterUnknown(code)
    return value


def constant(code: str) -> int:
    """`threshold` of today."""
    return threshold(code, None)


def threshold_in(code: str, on: date | None, province: str) -> int:
    """`threshold` as it is in a province (the code of its unit): its own value, else the national one."""
    found = active()
    own = found.value_of_province(code, on or found.day, province)
    return threshold(code, on) if own is None else own
