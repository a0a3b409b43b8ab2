"""Rows that earlier versions wrote get the same keys as new ones, and their owner is bound again afterwards."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from records_support import acting, enter, offices

from hotich.database.launcher import connect_as_superuser
from hotich.records.models import NameSyllable, Participant

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = ("keyset", "given_key", "birth_year", "birth_md", "document_key")


def keys() -> dict[Any, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in Participant.objects.values_list("id", *KEYS)}


def test_old_rows_are_filled_as_new_ones_are_under_forced_row_level_security() -> None:
    here, there = offices(2)
    with acting(here, there) as actor:
        enter(actor, here, "KS", draw=False, child_full_name="Hoàng Thị  Hoà", child_birth_date="02/03/2018",
              child_personal_id="001190001234", mother_full_name="H'Hen Niê", mother_birth_date="1990",
              father_full_name="Y-Bih Ksor", father_birth_date="38 tuổi", father_id_doc_type="1",
              father_id_doc_number="210 111.222")  # fmt: skip
        enter(actor, there, "KT", draw=False, deceased_full_name="Lê Văn Đạt", deceased_birth_date="12/1940")
        made, syllables = keys(), set(NameSyllable.objects.values_list("syllable", flat=True))
    assert len(made) == 4
    assert {year for _, _, year, _, _ in made.values()} == {2018, 1990, 1980, 1940}
    name = connection.settings_dict["NAME"]
    with connect_as_superuser(str(name)) as owner:
        owner.execute("update participant set keyset = '', given_key = '', birth_year = null, birth_md = null, "
                      "document_key = ''")  # fmt: skip
        owner.execute("truncate name_syllable")
        owner.execute("set role hotich_owner")
        with owner.transaction():
            assert owner.execute("select count(*) from participant").fetchone() == (0,)  # bound by the policy
            migration = import_module("hotich.records.migrations.0004_search_keys")
            migration.fill(None, SimpleNamespace(connection=owner))
        assert owner.execute("select count(*) from participant").fetchone() == (0,)  # and bound again
    with acting(here, there):
        assert keys() == made
        assert set(NameSyllable.objects.values_list("syllable", flat=True)) == syllables
