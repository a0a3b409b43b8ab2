"""The table of what is digitised whole, from the books and their closing totals."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hotich.database.scope import office_scope
from hotich.intake import services
from hotich.records.queries.coverage import coverage_of, years_are_covered
from hotich.registers.models import Book
from tests.app.accounts_parts import make_officer
from tests.app.intake_parts import AT, an_office, approver, bring_in, rows_of, workbook

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def test_a_year_is_covered_once_its_book_agrees_with_its_closing_totals() -> None:
    office = an_office()
    with office_scope([office.id]):
        report = bring_in(office, workbook(rows_of("KS", 3)))
        services.approve_batch(actor=approver(office), at=AT, batch_id=report["batch"])
        book = Book.objects.get(origin_office=office, register_type="KS")
        year = book.opening_year
        assert coverage_of(office.id)["KS"][year].cover == "part"
        assert not years_are_covered(office.id, "KS", year, year)
        Book.objects.filter(id=book.id).update(cases_declared=3)
        assert coverage_of(office.id)["KS"][year].cover == "whole"
        assert years_are_covered(office.id, "KS", year, year)
        assert not years_are_covered(office.id, "KS", year, year + 1)
        assert not years_are_covered(office.id, "KH", year, year)

        client = Client()
        client.force_login(make_officer("lan.phu", office=office, role="civil_status_officer"), backend=BACKEND)
        page = client.get(reverse("records:coverage"))
        assert f"{year}: đủ, khớp số liệu khóa sổ; 1 quyển, đã vào 3 trên 3" in page.content.decode()
        assert client.get(reverse("records:coverage") + "?co_quan=1").status_code == 404
