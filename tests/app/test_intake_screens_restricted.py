"""What only some officers may see: neither shown, nor sent in the form, nor quoted in the words of a finding."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hotich.database.scope import office_scope
from hotich.intake.models import Case
from hotich.registers.types import version_for
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.intake_parts import an_office, bring_in, good_cells, keyer, workbook

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def at_desk(office: Office, role: str, login: str) -> Client:
    client = Client()
    client.force_login(make_officer(login, office=office, role=role), backend=BACKEND)
    return client


def test_what_is_restricted_is_neither_shown_nor_sent_nor_quoted_without_the_right() -> None:
    office = an_office()
    mother = "Nguyễn Thị Kín1"  # a digit in a name is an error, whose words would quote it
    with office_scope([office.id]):
        bring_in(office, workbook([_restricted_row(mother)], "CN"), actor=keyer(office), name="CN.2016.01.xlsx")
        case = Case.objects.get()
    assert mother in case.as_recorded.values()
    reader = at_desk(office, "keyer", "lan.thu")
    full = at_desk(office, "civil_status_officer", "minh.thu")
    pages = [
        reverse("intake:case", args=[case.id]),
        reverse("intake:held"),
        reverse("intake:batch", args=[case.batch_id]),
    ]
    for page in pages:
        assert mother not in reader.get(page).content.decode(), page
    assert mother in full.get(pages[0]).content.decode()


def _restricted_row(text: str) -> dict[str, str]:
    """A row of an adoption with this text in a restricted name."""
    version = version_for("CN", "L2014")
    field = next(field for field in version.fields if field.restricted and field.kind == "name")
    return good_cells("CN", **{field.import_key: text})
