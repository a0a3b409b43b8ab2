"""One case corrected, given back, handed in again; two officers on one case."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.audit.models import Detail, Entry
from hotich.intake.models import Case, CaseState
from hotich.intake.queries.batches import case_neighbours
from hotich.intake.services import (
    approve_batch,
    correct_case,
    resubmit_case,
    return_case,
    withdraw_case,
)
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.intake_parts import AT, an_office, approver, bring_in, codes_of, good_cells, keyer, rows_of, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


def _case(row: int = 2) -> Case:
    return Case.objects.get(row_number=row)


def _correct(office: Office, case: Case, version: int | None = None, officer: int = 12, **values: Any) -> Case:
    return correct_case(
        actor=keyer(office, officer), at=AT, case_id=case.id, values={**case.as_recorded, **values},
        version=case.version if version is None else version,
    )  # fmt: skip


def test_a_corrected_case_waits_for_approval(office: Office) -> None:
    bring_in(office, workbook([good_cells(nksNgaySinh="30.02.2016")]))
    case = _correct(office, _case(), child_birth_date="01.06.2016")
    assert (case.state, case.error_count, case.version, case.touched_by) == (CaseState.WAITING, 0, 2, [11, 12])
    assert case.standard["child_birth_date"]["value"] == "2016-06-01"
    detail = Detail.objects.get(entry_id=Entry.objects.get(verb="case.corrected").id)
    assert detail.before["as_recorded"]["child_birth_date"] == "30.02.2016"
    assert detail.after["as_recorded"]["child_birth_date"] == "01.06.2016"


def test_a_case_that_is_still_wrong_stays_held(office: Office) -> None:
    bring_in(office, workbook([good_cells(nksNgaySinh="30.02.2016")]))
    case = _correct(office, _case(), child_birth_date="31.02.2016")
    assert (case.state, case.error_count) == (CaseState.HELD, 1)


def test_who_comes_second_is_told(office: Office) -> None:
    bring_in(office, workbook([good_cells()]))
    stale = _case()
    _correct(office, stale, page_no="8")
    with pytest.raises(RuleBroken, match="case_changed_meanwhile"):
        _correct(office, stale, version=1, page_no="9")
    assert _case().as_recorded["page_no"] == "8"


def test_the_file_of_a_corrected_case_is_still_known_and_so_is_its_export(office: Office) -> None:
    content = workbook([good_cells(nksNgaySinh="30.02.2016")])
    bring_in(office, content)
    _correct(office, _case(), child_birth_date="01.06.2016")
    assert bring_in(office, content)["unchanged"] == 1
    assert bring_in(office, workbook([good_cells()]))["unchanged"] == 1
    assert Case.objects.count() == 1


def test_a_correction_may_not_take_a_number_that_is_used_or_make_a_double(office: Office) -> None:
    bring_in(office, workbook([good_cells(number=1), good_cells(number=2)]))
    case = _correct(office, _case(3), registration_number="1/2016", page_no="9")
    assert case.state == CaseState.HELD
    assert case.problems[0]["code"] == "registration_number_unique"
    with pytest.raises(RuleBroken, match="case_as_another"):
        _correct(office, _case(3), registration_number="1/2016", page_no="7")


def test_a_number_that_becomes_free_frees_the_case_that_wanted_it(office: Office) -> None:
    bring_in(
        office, workbook([good_cells(number=1), good_cells(number=1, trangSo="8"), good_cells(number=1, trangSo="9")])
    )
    assert _case(3).state == CaseState.HELD
    _correct(office, _case(2), registration_number="2/2016")
    assert (_case(3).state, _case(4).state) == (CaseState.WAITING, CaseState.HELD)
    withdraw_case(actor=keyer(office), at=AT, case_id=_case(3).id)
    assert _case(4).state == CaseState.WAITING


def test_values_no_field_may_hold_are_refused(office: Office) -> None:
    bring_in(office, workbook([good_cells()]))
    with pytest.raises(RuleBroken, match="case_value_refused"):
        _correct(office, _case(), child_full_name="An\x07")
    with pytest.raises(RuleBroken, match="case_value_refused"):
        _correct(office, _case(), registration_number="")


def test_a_formula_is_confirmed_by_saving_the_case(office: Office) -> None:
    bring_in(office, workbook([good_cells()], formulas={(2, "nksHoTen"): '="An"'}))
    assert _case().state == CaseState.HELD
    assert _correct(office, _case(), child_full_name="Nguyễn Minh Hải").state == CaseState.WAITING


def test_a_repair_is_no_longer_told_once_the_field_was_corrected(office: Office) -> None:
    report = bring_in(office, workbook([good_cells() | {"trangSo": 7.0}]))
    assert "excel_float_number" in codes_of(report)
    assert [repair["field"] for repair in _case().repairs] == ["page_no"]
    assert _correct(office, _case(), page_no="8").repairs == []


def test_the_approver_gives_a_case_back_and_the_keyer_hands_it_in_again(office: Office) -> None:
    bring_in(office, workbook(rows_of("KS", 2)))
    with pytest.raises(RuleBroken, match="case_reason_missing"):
        return_case(actor=approver(office), at=AT, case_id=_case().id, reason="  ")
    with pytest.raises(RuleBroken, match="not_allowed"):
        return_case(actor=keyer(office), at=AT, case_id=_case().id, reason="Sai trang")
    case = return_case(actor=approver(office), at=AT, case_id=_case().id, reason="Sai trang")
    assert (case.state, case.returned_reason) == (CaseState.RETURNED, "Sai trang")
    assert len(approve_batch(actor=approver(office), at=AT, batch_id=case.batch_id).approved) == 1
    case = resubmit_case(actor=keyer(office), at=AT, case_id=case.id)
    assert (case.state, case.returned_reason) == (CaseState.WAITING, "")
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        resubmit_case(actor=keyer(office), at=AT, case_id=case.id)


def test_a_returned_case_is_replaced_by_its_corrected_row(office: Office) -> None:
    bring_in(office, workbook([good_cells(number=1)]))
    return_case(actor=approver(office), at=AT, case_id=_case().id, reason="Sai trang")
    report = bring_in(office, workbook([good_cells(number=1, trangSo="8")]))
    assert (report["accepted"], Case.objects.count(), _case().state) == (1, 1, CaseState.WAITING)


def test_an_approved_case_is_not_changed_any_more(office: Office) -> None:
    batch = bring_in(office, workbook([good_cells()]))["batch"]
    approve_batch(actor=approver(office), at=AT, batch_id=batch)
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        _correct(office, _case(), page_no="8")
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        return_case(actor=approver(office), at=AT, case_id=_case().id, reason="x")


def test_the_era_of_a_case_may_be_corrected(office: Office) -> None:
    cells = good_cells("TD") | {"registration_date": "20.06.1985", "registration_number": "7/1985"}
    cells |= {"so": "7/1985", "quyenSo": "01/1985"}
    bring_in(office, workbook([cells], "TD"))
    case = _case()
    assert case.problems[0]["code"] == "era_without_register"
    values = {**case.as_recorded, "registration_date": "20.06.2016", "registration_number": "7/2016",
              "register_book_no": "01/2016"}  # fmt: skip
    case = correct_case(actor=keyer(office), at=AT, case_id=case.id, values=values, version=1, era="L2014")
    assert (case.era, case.schema_version) == ("L2014", "TD-L2014-1")
    assert "era_without_register" not in {problem["code"] for problem in case.problems}
    with pytest.raises(RuleBroken, match="era_without_register"):
        correct_case(actor=keyer(office), at=AT, case_id=case.id, values=values, version=2, era="PRE1999")


def test_neighbours_are_those_of_the_workbook(office: Office) -> None:
    bring_in(office, workbook(rows_of("KS", 3)))
    before, after = case_neighbours(_case(3))
    assert (before, after) == (_case(2), _case(4))
    assert case_neighbours(_case(2))[0] is None
