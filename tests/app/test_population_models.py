"""The page about the model: for those who compare, with the model a run kept and what the settled pairs say of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hotich.database.scope import office_scope
from hotich.kernel.ids import uuid7
from hotich.matching import default_model
from hotich.matching.quality import quality
from hotich.reconciliation.models import MatchRun, PopulationCheck, TrackingItem, Verdict
from hotich.reconciliation.queries.models import checks_by_certainty, model_of_run, settled_pairs
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer, open_offices
from tests.app.match_run_parts import births, carried_out, citizen, extract, matcher, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return open_offices(1)[0]


@pytest.fixture
def run(office: Office, tmp_path: Path) -> MatchRun:
    """Three births compared, two of them with another ethnicity on the side of the population."""
    made = births(office, 3)
    rows = [citizen(made[0], 0), *(citizen(made[place], place, ethnicity="Tày") for place in (1, 2))]
    return carried_out(matcher(office), started(matcher(office), extract(tmp_path, rows)).id)


def test_a_run_keeps_its_model_and_its_links_by_certainty(office: Office, run: MatchRun) -> None:
    with office_scope([office.id]):
        model = model_of_run(run)
        assert model is not None and model.link_at == default_model().link_at
        assert sum(checks_by_certainty(run, model).values()) >= 3
        run.model = {"format": 1}
        assert model_of_run(run) is None  # of an earlier version: told, no error


def test_verdicts_of_the_police_tell_how_many_links_are_right(office: Office, run: MatchRun) -> None:
    actor = matcher(office)
    with office_scope([office.id]):
        assert settled_pairs(actor, default_model()) == []
        first, second = TrackingItem.objects.filter(check_of__run_id=run.id).order_by("id")
        TrackingItem.objects.filter(id=first.id).update(verdict=Verdict.BOOK)
        TrackingItem.objects.filter(id=second.id).update(verdict=Verdict.OTHER_PERSON)
        PopulationCheck.objects.filter(id=second.check_of_id).update(score=None)  # as when the question is open again
        found = quality(settled_pairs(actor, default_model()), default_model().link_at)
    assert (found.precision.part, found.precision.whole) == (1, 2)


def test_the_page_shows_weights_thresholds_and_the_run_to_who_compares_and_to_nobody_else(
    office: Office, run: MatchRun
) -> None:
    client, other = (Client(headers={"accept-language": "vi"}) for _ in range(2))
    officer = make_officer(office=office)
    client.force_login(officer, settings.AUTHENTICATION_BACKENDS[-1])
    page = client.get("/doi-chieu/mo-hinh/").content.decode()
    assert "Giống hệt, tên có dưới 1/16.384 người mang" in page and "weight-bar" in page and "certainty-chart" in page
    assert reverse("reconciliation:run_model", args=[run.id]) in page
    page = client.get(reverse("reconciliation:run_model", args=[run.id]))
    assert page.status_code == 200 and "certainty-chart" in page.content.decode()
    assert client.get(reverse("reconciliation:run_model", args=[uuid7()])).status_code == 404
    other.force_login(make_officer("go.may", office=office, role="keyer"), settings.AUTHENTICATION_BACKENDS[-1])
    assert other.get("/doi-chieu/mo-hinh/").status_code == 403
