"""Offices: found by code or words, their books kept by their successors."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from hotich.audit.models import Entry
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units import queries
from hotich.units.models import AdministrativeUnit, Office
from hotich.units.services import assign_custodian, mark_demo_offices

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
LIVING, OLD, DISTRICT = "25126", "25129-2025", "682-2025"


def office(code: str) -> Office:
    return queries.office_by_code(code)


def lines(*text: str) -> list[str]:
    out = StringIO()
    call_command("offices", *text, stdout=out)
    return out.getvalue().splitlines()


def custodian_actor() -> Actor:
    return Actor(
        login="so.tu.phap",
        office_id=office("68").id,
        officer_id=1,
        office_ids=frozenset({office("68").id}),
        rights=frozenset({"office.custody"}),
    )


# ── names and codes ──
def test_an_old_office_carries_the_names_of_its_time_and_the_year_it_closed() -> None:
    old = office(OLD)
    assert old.name == "UBND xã An Nhơn, huyện Đạ Huoai, tỉnh Lâm Đồng"
    assert (old.kind, old.valid_to) == ("commune", date(2025, 6, 30))


def test_living_offices_have_the_code_of_their_unit() -> None:
    assert Office.objects.filter(valid_to__isnull=True, kind="commune").count() == 3321
    assert Office.objects.filter(valid_to__isnull=True, kind="province").count() == 34
    assert office(LIVING).valid_from == date(2025, 7, 1)
    assert office("01").name == "Sở Tư pháp thành phố Hà Nội"


def test_missions_are_offices_outside_vietnam() -> None:
    assert office("cqdd-us").country == "US"
    assert not Office.objects.filter(kind="mission", country="VN").exists()


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(RuleBroken) as refusal:
        office("99999-1900")
    assert refusal.value.code == "office_unknown"


# ── the list ──
def test_offices_are_found_without_accents_and_in_any_word_order() -> None:
    for text in ("An Nhơn Đạ Huoai", "an nhon da huoai", "da huoai AN NHON", OLD):
        assert [found.code for found in queries.offices_matching(text)] == [OLD]


def test_the_list_has_four_columns_and_begins_with_demo_offices() -> None:
    mark_demo_offices(codes=[LIVING, OLD])
    first, second, third = lines()[:3]
    assert first.split("\t") == [LIVING, office(LIVING).name, "2025-07-01", ""]
    assert second.split("\t") == [OLD, office(OLD).name, "", "2025-06-30"]
    assert third.split("\t")[0] == "00001-2025"
    assert lines("khong co noi nao nhu vay") == []


def test_marking_demo_offices_unmarks_the_earlier_ones() -> None:
    mark_demo_offices(codes=[LIVING])
    assert mark_demo_offices(codes=[OLD]) == 1
    assert [found.code for found in queries.demo_offices()] == [OLD]


def test_a_reader_that_stops_early_breaks_nothing() -> None:
    program = (
        "import sys; from unittest.mock import patch; from hotich.units.management.commands import offices;"
        "row = type('Row', (), {'code': 'x' * 100, 'name': 'y' * 100, 'valid_from': None, 'valid_to': None});"
        "found = type('Found', (), {'iterator': lambda self: iter([row] * 100000)})();"
        "patch.object(offices, 'offices_matching', lambda text: found).start();"
        "command = offices.Command(); command.handle(text=[])"
    )
    setup = "import django; django.setup(); "
    process = subprocess.Popen(
        [sys.executable, "-c", setup + program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    assert process.wait(timeout=60) == 0
    assert errors == ""


# ── who keeps the books ──
def test_a_commune_keeps_the_books_of_those_merged_into_it() -> None:
    kept = queries.offices_kept_by([office(LIVING).id])
    assert {office(LIVING).id, office(OLD).id} <= kept
    assert queries.keeping_office(office(OLD), date(2026, 1, 1)) == office(LIVING)
    assert queries.keeping_office(office(OLD), date(2020, 1, 1)) == office(OLD)


def test_the_scope_goes_back_over_several_mergers() -> None:
    ha_son_binh, ha_tay = office("H-HA-SON-BINH-1991"), office("H-HA-TAY-2008")
    assert {ha_son_binh.id, ha_tay.id} <= queries.offices_kept_by([office("01").id])
    assert queries.keeping_office(ha_son_binh, date(2026, 1, 1)) == office("01")
    assert queries.keeping_office(ha_son_binh, date(2000, 1, 1)) == ha_tay


def test_only_one_successor_of_a_divided_commune_keeps_its_books() -> None:
    divided = Office.objects.filter(successions_after__kind="divided", kind="commune").first()
    assert divided is not None
    keepers = [o for o in queries.successor_offices(divided) if divided.id in queries.offices_kept_by([o.id])]
    assert len(queries.successor_offices(divided)) > 1
    assert keepers == [queries.keeping_office(divided, date(2026, 1, 1))]


def test_nobody_is_assumed_to_keep_the_books_of_a_district() -> None:
    assert queries.keeping_office(office(DISTRICT), date(2026, 1, 1)) is None
    assert office(DISTRICT).id not in queries.offices_kept_by([office("68").id, office(LIVING).id])


def test_the_province_decides_who_keeps_the_books_of_a_district() -> None:
    assign_custodian(actor=custodian_actor(), at=AT, office_code=DISTRICT, custodian_code="68")
    assert queries.keeping_office(office(DISTRICT), date(2026, 6, 1)) == office("68")
    assign_custodian(actor=custodian_actor(), at=AT, office_code=DISTRICT, custodian_code=LIVING)
    assert queries.keeping_office(office(DISTRICT), date(2026, 6, 1)) == office(LIVING)
    assert office(DISTRICT).id not in queries.offices_kept_by([office("68").id])


@pytest.mark.parametrize(
    ("closed", "keeper", "code"),
    [
        (LIVING, "68", "office_still_open"),
        (DISTRICT, OLD, "custodian_closed"),
        (DISTRICT, DISTRICT, "custodian_is_itself"),
        ("nowhere", "68", "office_unknown"),
    ],
)
def test_custody_that_makes_no_sense_is_refused(closed: str, keeper: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        assign_custodian(actor=custodian_actor(), at=AT, office_code=closed, custodian_code=keeper)
    assert refusal.value.code == code


def test_custody_needs_the_right() -> None:
    clerk = Actor(login="can.bo", office_id=office("68").id)
    with pytest.raises(RuleBroken) as refusal:
        assign_custodian(actor=clerk, at=AT, office_code=DISTRICT, custodian_code="68")
    assert refusal.value.code == "custody_not_allowed"


# ── units by date ──
def test_a_code_is_read_by_the_day() -> None:
    before = queries.unit_valid_at("52", "province", date(2025, 6, 30))
    after = queries.unit_valid_at("52", "province", date(2025, 7, 1))
    assert before is not None and after is not None
    assert (before.short_name, after.short_name) == ("Bình Định", "Gia Lai")
    assert queries.unit_valid_at("682", "district", date(2026, 1, 1)) is None


def test_the_current_unit_is_known_unless_the_old_one_was_divided() -> None:
    old = queries.unit_valid_at("25129", "commune", date(2025, 1, 1))
    assert old is not None
    now = queries.current_unit(old)
    assert now is not None and now.code == LIVING
    assert old in [change.predecessor for change in queries.predecessors(now)]
    divided = AdministrativeUnit.objects.filter(changes_after__kind="divided", level="commune").first()
    assert divided is not None
    assert queries.current_unit(divided) is None
    assert [change.is_default for change in queries.successors(divided)][:2] == [True, False]


def test_a_chain_goes_up_to_the_province() -> None:
    unit = queries.unit_valid_at("25129", "commune", date(2025, 1, 1))
    assert unit is not None
    assert [part.short_name for part in queries.unit_chain(unit)] == ["An Nhơn", "Đạ Huoai", "Lâm Đồng"]


def test_assigning_custody_is_audited(in_scope: object) -> None:
    actor = custodian_actor()
    in_scope(actor.office_id)  # type: ignore[operator]
    assign_custodian(actor=actor, at=AT, office_code=DISTRICT, custodian_code="68")
    assert Entry.objects.filter(verb="office.custodian_assigned", subject_id=str(office(DISTRICT).id)).exists()
