"""The reference tables are in every database, and loading them again changes nothing."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Count

from hotich.units.models import AdministrativeUnit, Office, OfficeSuccession, UnitChange
from hotich.units.services import load_reference_data, mark_demo_offices

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def test_migrations_have_loaded_all_units() -> None:
    counts = dict(AdministrativeUnit.objects.filter(valid_to__isnull=True).values_list("level").annotate(Count("id")))
    assert counts == {"province": 34, "commune": 3321}
    assert AdministrativeUnit.objects.filter(level="commune", valid_to=BEFORE).count() == 10_035
    assert AdministrativeUnit.objects.filter(level="district", valid_to=BEFORE).count() == 696


def test_every_commune_has_a_parent_of_its_time() -> None:
    communes = AdministrativeUnit.objects.filter(level="commune")
    assert not communes.filter(parent__isnull=True).exists()
    assert set(communes.filter(valid_to=BEFORE).values_list("parent__level", flat=True)) == {"district"}
    assert set(communes.filter(valid_from=AFTER).values_list("parent__level", flat=True)) == {"province"}


def test_471_communes_were_divided_and_each_has_one_default() -> None:
    divided = UnitChange.objects.filter(kind="divided", predecessor__level="commune")
    assert divided.values("predecessor").distinct().count() == 471
    assert divided.filter(is_default=True).count() == 471


def test_loading_again_changes_nothing() -> None:
    loaded = load_reference_data()
    assert (loaded.units, loaded.changes, loaded.offices, loaded.successions) == (0, 0, 0, 0)


def test_loading_repairs_a_changed_name_but_keeps_the_demo_mark() -> None:
    mark_demo_offices(codes=["25126"])
    AdministrativeUnit.objects.filter(level="commune", code="25126").update(name="Sai")
    loaded = load_reference_data()
    assert loaded.units == 2
    assert not AdministrativeUnit.objects.filter(name="Sai").exists()
    assert Office.objects.get(code="25126").is_demo


def test_the_command_tells_what_it_did() -> None:
    out = StringIO()
    call_command("load_units", stdout=out)
    assert "Đơn vị hành chính: 0" in out.getvalue()


def test_one_code_cannot_name_two_units_from_the_same_day() -> None:
    unit = AdministrativeUnit.objects.get(level="commune", code="25129", valid_from=None)
    unit.pk = 99_000_000
    with pytest.raises(IntegrityError, match="unit_code_names_one_unit_from_a_day"), transaction.atomic():
        unit.save(force_insert=True)


def test_books_cannot_have_two_keepers() -> None:
    kept = OfficeSuccession.objects.filter(kind="divided", is_default=False, predecessor__kind="commune").first()
    assert kept is not None
    with pytest.raises(IntegrityError, match="books_have_one_keeper"), transaction.atomic():
        OfficeSuccession.objects.filter(pk=kept.pk).update(is_default=True)


def test_every_officer_may_read_the_tables_without_a_scope() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, count(*) from units_office")
        user, count = cursor.fetchone()
    assert user == "hotich_app"
    assert count > 14_000
