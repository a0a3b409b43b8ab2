"""The logs say who did what by id, and never repeat a citizen's name or number."""

from __future__ import annotations

import json
import logging

import pytest
import structlog
from django.conf import settings
from django.test import Client, override_settings
from django.urls import path


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
