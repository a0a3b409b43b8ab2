"""Every check on one screen: the statement, the code reported when it fails, severities, rule, registers, function.

Severities: E error (the case is held), W warning (shown, may stand), - not asked. First historical, then live: what
today's law forbids is a warning in old books, which hold such facts; what cannot be is an error in both.
Functions are None for statements about one value, which are tested while it is read. "?" after the source: from memory
or our own proposal, shown as "chưa kiểm chứng".
"""
# ruff: noqa: E501 – a check is one line

from __future__ import annotations

from hotich.kernel.problems import Severity
from hotich.registers.rules.case import Check, Run
from hotich.registers.rules.checks import changes, conditions, dates, numbers, people, presence, roles, timeliness

_LEVELS = {"E": Severity.ERROR, "W": Severity.WARNING, "-": None}


def _c(name: str, code: str, levels: str, rule: str, source: str, types: str = "", run: Run | None = None) -> Check:
    verified = not source.endswith("?")
    letters = frozenset(types.split())
    return Check(
        name, code, _LEVELS[levels[0]], _LEVELS[levels[1]], rule, source.removesuffix("?"), letters, run, verified
    )


_TEMPLATE = "Biểu nhập của Bộ Tư pháp"
_QA = "Kiểm tra trước khi nạp của đơn vị số hóa"
_OURS = "Quy ước của phần mềm?"
_ABROAD_TYPES = "KS KH KT CMC GH TD"

# fmt: off
CHECKS: tuple[Check, ...] = (
    # one value
    _c("text_fits_its_field", "text_too_long", "EE", "độ dài", _TEMPLATE),
    _c("text_has_no_control_characters", "control_characters", "EE", "TCVN 6909", "TCVN 6909:2001"),
    _c("values_are_well_formed", "value_malformed", "EE", "cấu trúc", "Mô tả loại sổ trong phần mềm"),
    _c("fields_belong_to_the_register", "field_unknown", "EE", "cấu trúc", "Mô tả loại sổ trong phần mềm"),
    _c("dates_can_be_read", "date_unreadable", "EE", "R-DATE", _TEMPLATE),
    _c("dates_exist", "date_impossible", "EE", "R-DATE", _TEMPLATE),
    _c("dates_are_in_range", "date_year_out_of_range", "EE", "R-DATE", _TEMPLATE),
    _c("years_are_unambiguous", "date_year_ambiguous", "EE", "R-DATE, R-AGETEXT", _OURS),
    _c("date_in_words_can_be_read", "date_words_unreadable", "WW", "R-WORDS", _TEMPLATE),
    _c("times_can_be_read", "time_unreadable", "EE", "HH:MM", _TEMPLATE),
    _c("codes_are_on_their_list", "code_unknown", "EE", "danh mục mã", _TEMPLATE),
    _c("codes_are_unambiguous", "code_ambiguous", "WE", "danh mục mã", _OURS),
    _c("codes_are_of_their_time", "code_of_another_time", "WE", "danh mục mã", _OURS),
    _c("registration_number_is_well_formed", "registration_number_malformed", "EE", "R-NO", _QA),
    _c("registration_number_has_its_year", "registration_number_without_year", "EE", "R-NO", _QA),
    _c("book_number_is_well_formed", "book_number_malformed", "EE", "R-BOOK", _QA),
    _c("book_number_has_its_year", "book_number_without_year", "EE", "R-BOOK", _QA),
    _c("page_number_is_a_number", "page_not_numeric", "EE", "R-PAGE", _QA),
    _c("names_have_two_words", "name_single_token", "WW", "R-NAME", "Bộ luật Dân sự 2015, Điều 26?"),
    _c("names_have_no_digits", "name_has_digit", "EE", "R-NAME, C21", "Bộ luật Dân sự 2015, Điều 26 khoản 3?"),
    _c("names_have_no_symbols", "name_has_symbol", "EE", "R-NAME, C21", "Bộ luật Dân sự 2015, Điều 26 khoản 3?"),
    _c("names_have_their_marks", "name_no_diacritics", "WW", "R-NAME", _OURS),
    _c("names_are_in_one_encoding", "name_mixed_encoding", "EE", "R-NAME", _OURS),
    # what must be there
    _c("registration_number_is_given", "registration_number_missing", "EE", "R-NO", _TEMPLATE, run=presence.registration_number_is_given),
    _c("book_number_is_given", "book_number_missing", "EE", "R-BOOK", _TEMPLATE, run=presence.book_number_is_given),
    _c("book_number_is_the_books_own", "book_number_assigned", "WE", "R-BOOK", _OURS, run=presence.book_number_is_the_books_own),
    _c("registration_date_is_given", "registration_date_missing", "WE", "R-REGDATE", _TEMPLATE, run=presence.registration_date_is_given),
    _c("registration_date_is_whole", "registration_date_incomplete", "WE", "R-REGDATE", _QA, run=dates.registration_date_is_whole),
    _c("registration_office_is_given", "registration_office_missing", "WE", "K", _TEMPLATE, run=presence.registration_office_is_given),
    _c("key_is_legible", "key_field_illegible", "WE", "K", _OURS, run=presence.key_is_legible),
    _c("minimum_is_stored", "minimum_field_missing", "WE", "M", _TEMPLATE, run=presence.minimum_is_stored),
    # number, book, era
    _c("number_year_is_registration_year", "registration_number_year_mismatch", "EE", "R-NO", _QA, run=dates.number_year_is_registration_year),
    _c("book_opened_before_registration", "book_year_after_registration", "WE", "R-BOOK", _OURS, run=dates.book_opened_before_registration),
    _c("book_is_of_this_register", "book_label_of_other_register", "EE", "R-BOOK", "Thông tư 15/2015/TT-BTP", run=dates.book_is_of_this_register),
    _c("registered_within_era", "registered_outside_era", "WW", "thời kỳ sổ", _OURS, run=dates.registered_within_era),
    _c("registered_while_office_existed", "registered_outside_office_life", "WE", "C31", _OURS, run=dates.registered_while_office_existed),
    _c("registration_year_is_accepted", "registration_year_not_accepted", "EE", "R-DATE", _OURS, run=dates.registration_year_is_accepted),
    _c("registration_year_is_plausible", "registration_year_doubtful", "WW", "R-DATE", _OURS, run=dates.registration_year_is_plausible),
    # order of dates
    _c("dates_not_in_future", "date_in_future", "EE", "C08", _OURS, run=dates.dates_not_in_future),
    _c("birth_not_after_registration", "birth_after_registration", "EE", "C08, R-REGDATE", _QA, run=dates.birth_not_after_registration),
    _c("death_not_after_registration", "death_after_registration", "EE", "C08", _QA, "KT", dates.death_not_after_registration),
    _c("birth_not_after_death", "death_before_birth", "EE", "C08", _OURS, "KT", dates.birth_not_after_death),
    _c("death_notice_not_before_death", "death_notice_before_death", "WE", "R-DATE", _TEMPLATE, "KT", dates.death_notice_not_before_death),
    _c("dates_not_after_registration", "date_after_registration", "WE", "R-REGDATE", _QA, run=dates.dates_not_after_registration),
    _c("notes_not_before_registration", "note_before_registration", "WE", "R-DATE", _OURS, run=dates.notes_not_before_registration),
    _c("revocation_not_before_declaration", "revoked_before_declared", "WE", "R-DATE", "Bộ luật Dân sự 2015, Điều 22–24, 68–73?", "KS KT", dates.revocation_not_before_declaration),
    _c("marriage_after_births", "married_before_birth", "EE", "C08", _OURS, "KH", dates.marriage_after_births),
    _c("marriage_dissolved_after_registration", "dissolved_before_registration", "WE", "R-DATE", _TEMPLATE, "KH", dates.marriage_dissolved_after_registration),
    _c("period_in_order", "period_reversed", "WE", "R-DATE", _TEMPLATE, "HN", dates.period_in_order),
    _c("judgment_after_marriage", "judgment_before_marriage", "WE", "R-DATE", "Nghị định 123/2015/NĐ-CP, Điều 37?", "LH", dates.judgment_after_marriage),
    _c("judgment_effective_after_it_was_given", "effective_before_judgment", "WE", "R-DATE", "Nghị định 123/2015/NĐ-CP, Điều 37?", "LH", dates.judgment_effective_after_it_was_given),
    _c("id_document_issued_after_birth", "id_doc_issued_before_birth", "WE", "R-DATE", _OURS, run=dates.id_document_issued_after_birth),
    _c("foreign_registration_after_event", "foreign_registration_before_event", "WE", "C08", _OURS, _ABROAD_TYPES, dates.foreign_registration_after_event),
    _c("date_in_words_agrees", "date_words_disagree", "EE", "R-WORDS", _TEMPLATE, "KS KT", numbers.date_in_words_agrees),
    # ages and gaps
    _c("mother_older_than_child", "mother_not_older", "EE", "C08, C10", _QA, "KS", people.mother_older_than_child),
    _c("father_older_than_child", "father_not_older", "EE", "C08, C10", _QA, "KS", people.father_older_than_child),
    _c("mother_at_least_ten_years_older", "mother_age_impossible", "EE", "C10", _OURS, "KS", people.mother_at_least_ten_years_older),
    _c("mother_of_usual_age", "mother_age_unusual", "WW", "C10", _OURS, "KS", people.mother_of_usual_age),
    _c("father_of_usual_age", "father_age_unusual", "WW", "C10", _OURS, "KS", people.father_of_usual_age),
    _c("recognised_parent_older_than_child", "recognised_parent_not_older", "EE", "C14", "Luật Hôn nhân và Gia đình 2014, Điều 101?", "CMC", people.recognised_parent_older_than_child),
    _c("recognised_parent_of_usual_age", "recognised_parent_too_young", "WW", "C14", "Luật Hôn nhân và Gia đình 2014, Điều 101?", "CMC", people.recognised_parent_of_usual_age),
    _c("husband_of_marriage_age", "husband_under_age", "WE", "C02, R-MARAGE", "Luật Hôn nhân và Gia đình 2014, Điều 8 khoản 1 điểm a?", "KH", people.husband_of_marriage_age),
    _c("wife_of_marriage_age", "wife_under_age", "WE", "C02, R-MARAGE", "Luật Hôn nhân và Gia đình 2014, Điều 8 khoản 1 điểm a?", "KH", people.wife_of_marriage_age),
    _c("guardian_is_adult", "guardian_under_age", "WE", "C25", "Bộ luật Dân sự 2015, Điều 49?", "GH", people.guardian_is_adult),
    _c("adopter_older_than_child", "adopter_not_older", "EE", "C08, C24", _OURS, "CN", people.adopter_older_than_child),
    # the exception for step-parents, aunts and uncles cannot be read from the register, so the officer justifies
    _c("adopter_twenty_years_older", "adopter_too_young", "WW", "C24", "Luật Nuôi con nuôi 2010, Điều 14 khoản 1, 3?", "CN", people.adopter_twenty_years_older),
    _c("adoptee_under_sixteen", "adoptee_over_sixteen", "WW", "C24", "Luật Nuôi con nuôi 2010, Điều 8?", "CN", people.adoptee_under_sixteen),
    _c("adoptee_under_eighteen", "adoptee_over_eighteen", "WE", "C24", "Luật Nuôi con nuôi 2010, Điều 8?", "CN", people.adoptee_under_eighteen),
    _c("age_at_death_is_plausible", "death_age_unusual", "WW", "C35", _OURS, "KT", people.age_at_death_is_plausible),
    _c("on_time_entries_are_on_time", "late_but_marked_on_time", "WW", "C19, R-LATE", "Luật Hộ tịch 2014, Điều 15, 33", "KS KT", timeliness.on_time_entries_are_on_time),
    _c("late_entries_are_late", "on_time_but_marked_late", "WW", "C19, R-LATE", "Luật Hộ tịch 2014, Điều 15, 33", "KS KT", timeliness.late_entries_are_late),
    # identity numbers
    _c("personal_ids_are_well_formed", "personal_id_not_12_digits", "EE", "R-PID", "Nghị định 137/2015/NĐ-CP, Điều 13?", run=numbers.personal_ids_are_well_formed),
    _c("personal_id_century_is_known", "personal_id_century_unknown", "WE", "R-PID", _OURS, run=numbers.personal_id_century_is_known),
    _c("personal_id_province_is_known", "personal_id_province_unknown", "WW", "R-PID", _OURS, run=numbers.personal_id_province_is_known),
    _c("personal_id_fits_birth", "personal_id_birth_year_mismatch", "WW", "R-PID", _OURS, run=numbers.personal_id_fits_birth),
    _c("personal_id_fits_sex", "personal_id_sex_mismatch", "WW", "R-PID", _OURS, run=numbers.personal_id_fits_sex),
    _c("citizen_card_numbers_have_twelve_figures", "citizen_card_malformed", "EE", "R-IDNO", _OURS, run=numbers.citizen_card_numbers_have_twelve_figures),
    _c("identity_card_numbers_have_nine_figures", "identity_card_unusual", "WE", "R-IDNO", _OURS, run=numbers.identity_card_numbers_have_nine_figures),
    _c("passport_numbers_have_a_letter", "passport_unusual", "WW", "R-IDNO", _OURS, run=numbers.passport_numbers_have_a_letter),
    _c("id_numbers_pairwise_different", "id_number_shared", "WW", "R-IDNO", _QA, "KS CMC CN", roles.id_numbers_pairwise_different),
    # who is who
    _c("spouses_have_different_id_numbers", "spouses_share_id_number", "EE", "R-IDNO", _OURS, "KH LH", roles.spouses_have_different_id_numbers),
    _c("guardian_is_not_ward", "guardian_is_ward", "EE", "C25", "Bộ luật Dân sự 2015, Điều 46–49?", "GH CDGH", roles.guardian_is_not_ward),
    _c("deceased_is_not_informant", "deceased_is_informant", "EE", "C34", _OURS, "KT", roles.deceased_is_not_informant),
    _c("informant_is_not_deceased_by_name", "informant_named_as_deceased", "WW", "C34", _QA, "KT", roles.informant_is_not_deceased_by_name),
    _c("informant_is_not_the_child", "informant_named_as_child", "WE", "R-NAME", _QA, "KS", roles.informant_is_not_the_child),
    _c("roles_are_held_by_different_people", "same_person_in_two_roles", "WE", "C08", _OURS, run=roles.roles_are_held_by_different_people),
    _c("signatory_is_not_a_party", "signatory_is_party", "WW", "C33", _OURS, run=roles.signatory_is_not_a_party),
    _c("child_surname_is_a_parents", "child_surname_differs", "WW", "C21", "Bộ luật Dân sự 2015, Điều 26 khoản 2; Thông tư 04/2020/TT-BTP, Điều 6?", "KS", roles.child_surname_is_a_parents),
    _c("child_ethnicity_is_a_parents", "child_ethnicity_differs", "WE", "C23", "Bộ luật Dân sự 2015, Điều 29?", "KS", roles.child_ethnicity_is_a_parents),
    _c("child_nationality_is_a_parents", "child_nationality_differs", "WW", "C27", "Luật Quốc tịch Việt Nam 2008, Điều 16", "KS", roles.child_nationality_is_a_parents),
    _c("parents_of_one_nationality", "nationality_needs_agreement", "-W", "C27", "Luật Quốc tịch Việt Nam 2008, Điều 16", "KS", roles.parents_of_one_nationality),
    _c("foreigners_have_no_ethnicity_of_vietnam", "foreigner_with_ethnicity", "WW", "danh mục dân tộc", _QA, run=roles.foreigners_have_no_ethnicity_of_vietnam),
    # fields that go together
    _c("foreign_registration_is_given", "foreign_registration_missing", "WE", "ghi vào sổ", _TEMPLATE, "KS KH KT CMC GH", conditions.foreign_registration_is_given),
    _c("foreign_registration_only_when_abroad", "foreign_registration_unexpected", "WE", "ghi vào sổ", _TEMPLATE, _ABROAD_TYPES, conditions.foreign_registration_only_when_abroad),
    _c("foreign_country_is_abroad", "foreign_country_is_vietnam", "WE", "ghi vào sổ", _TEMPLATE, f"{_ABROAD_TYPES} LH", conditions.foreign_country_is_abroad),
    _c("other_document_is_named", "id_doc_other_missing", "WE", "R-IDNO", _TEMPLATE, run=conditions.other_document_is_named),
    _c("document_name_only_for_other", "id_doc_other_unexpected", "WW", "R-IDNO", _TEMPLATE, run=conditions.document_name_only_for_other),
    _c("document_number_has_type", "id_doc_type_missing", "WE", "R-IDNO", _OURS, run=conditions.document_number_has_type),
    _c("document_type_has_number", "id_doc_number_missing", "WW", "R-IDNO", _OURS, run=conditions.document_type_has_number),
    _c("residence_type_needs_residence", "residence_type_without_residence", "WE", "R-RES", _QA, run=conditions.residence_type_needs_residence),
    _c("undetermined_parent_is_blank", "parent_given_though_undetermined", "WE", "R-PARENTS", _QA, "KS", conditions.undetermined_parent_is_blank),
    _c("determined_parent_is_named", "parent_missing_though_determined", "WE", "R-PARENTS", _QA, "KS", conditions.determined_parent_is_named),
    _c("declaration_is_noted", "declaration_note_missing", "WE", "ghi chú", _TEMPLATE, "KS KT", conditions.declaration_is_noted),
    _c("notes_of_declaration_need_status", "declaration_status_missing", "WE", "ghi chú", _TEMPLATE, "KS KT", conditions.notes_of_declaration_need_status),
    _c("marriage_status_is_noted", "marriage_note_missing", "WE", "ghi chú", _TEMPLATE, "KH", conditions.marriage_status_is_noted),
    _c("marriage_notes_need_status", "marriage_status_missing", "WE", "ghi chú", _TEMPLATE, "KH", conditions.marriage_notes_need_status),
    _c("divorce_names_its_marriage", "origin_marriage_missing", "WW", "C26", "Nghị định 123/2015/NĐ-CP, Điều 37?", "LH", conditions.divorce_names_its_marriage),
    _c("new_guardian_is_named", "new_guardian_missing", "WE", "C25", "Thông tư 15/2015/TT-BTP", "CDGH", conditions.new_guardian_is_named),
    _c("adoptive_parent_is_named", "adoptive_parent_missing", "WE", "C24", "Luật Nuôi con nuôi 2010, Điều 8 khoản 3?", "CN", conditions.adoptive_parent_is_named),
    _c("giving_party_is_named", "giving_party_missing", "WE", "M", "Mẫu sổ đăng ký nuôi con nuôi", "CN", conditions.giving_party_is_named),
    _c("institution_is_whole", "institution_incomplete", "WW", "M", "Mẫu sổ đăng ký nuôi con nuôi", "CN", conditions.institution_is_whole),
    # changes
    _c("old_and_new_value_differ", "change_changes_nothing", "EE", "C22", "Thông tư 15/2015/TT-BTP", "TD", changes.old_and_new_value_differ),
    _c("new_value_is_valid", "new_value_invalid", "WE", "C22", _OURS, "TD", changes.new_value_is_valid),
    _c("kind_of_change_fits_field", "change_kind_mismatch", "WE", "C23", "Bộ luật Dân sự 2015, Điều 29, 36?", "TD", changes.kind_of_change_fits_field),
)
# fmt: on

BY_CODE: dict[str, Check] = {check.code: check for check in CHECKS}
