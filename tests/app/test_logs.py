"""The logs say who did what by id, and never repeat a citizen's name or number."""

from __future__ import annotations

import json
import logging

import pytest
import structlog
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client, override_settings
from django.urls import path
from records_support import acting, enter, offices


def explode(request: object) -> None:
    raise ValueError("Failing row contains (K'Brêu, 066090001234)")


urlpatterns = [path("no/", explode)]


def written(caplog: pytest.LogCaptureFixture) -> str:
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=settings.LOGGING["formatters"]["json"]["processors"],
        foreign_pre_chain=settings.LOGGING["formatters"]["json"]["foreign_pre_chain"],
    )
    return "\n".join(formatter.format(record) for record in caplog.records)


@pytest.mark.django_db
def test_an_error_is_logged_with_its_place_and_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("django.request").addHandler(caplog.handler)
    with override_settings(ROOT_URLCONF=__name__):
        assert Client(raise_request_exception=False).get("/no/?q=K'Breu").status_code == 500
    logging.getLogger("django.request").removeHandler(caplog.handler)
    text = written(caplog)
    assert "K'Br" not in text
    assert "066090001234" not in text
    assert "test_logs.py" in text
    assert any(json.loads(line).get("exception") == "ValueError" for line in text.splitlines())


@pytest.mark.django_db
def test_a_search_leaves_neither_name_nor_number_in_the_log_of_requests(caplog: pytest.LogCaptureFixture) -> None:
    (office,) = offices(1)
    client = Client()
    client.force_login(make_officer("tim.thu", office=office), settings.AUTHENTICATION_BACKENDS[-1])
    with acting(office) as actor:
        enter(actor, office, "KS", year=2001, child_full_name="Hồ Thị Khuê", child_personal_id="066301001234")
        with caplog.at_level(logging.INFO, logger="django_structlog"):
            for words in ("Hồ Thị Khuê", "066301001234"):
                assert "Khuê" in client.post("/ban-ghi/", {"q": words}).content.decode()
                client.get("/ban-ghi/", {"q": words})  # an old bookmark
    text = written(caplog)
    started = [line for line in map(json.loads, text.splitlines()) if line.get("event") == "request_started"]
    assert [line["request"] for line in started] == ["POST /ban-ghi/", "GET /ban-ghi/"] * 2
    for secret in ("Khuê", "Khu%C3%AA", "khue", "066301001234"):
        assert secret not in text
