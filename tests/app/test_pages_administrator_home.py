"""The first page of a technical administrator tells what the system is like; everybody else's tells their work."""

from __future__ import annotations

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from records_support import offices

pytestmark = pytest.mark.django_db


def first_page(role: str, language: str = "vi") -> str:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    officer = make_officer(role.replace("_", "."), office=offices(1)[0], role=role)
    client.force_login(officer, settings.AUTHENTICATION_BACKENDS[-1])
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_alarms_backup_anchors_workers_volumes_versions_and_secrets_are_on_it() -> None:
    page = first_page("technical_administrator")
    for expected in ("Lần sao lưu gần nhất", "Mốc neo nhật ký gần nhất", "Tiến trình nền", "Ổ đĩa đầy nhất",
                     "Phiên bản PostgreSQL", "Khóa bí mật đến hạn thay", "Việc quản trị"):  # fmt: skip
        assert expected in page
    for name in ("operation:state", "account_officers", "registers:configuration"):
        assert f'href="{reverse(name)}"' in page


def test_it_speaks_english() -> None:
    page = first_page("technical_administrator", "en")
    assert "Fullest volume" in page and "Secrets due for exchange" in page


def test_nobody_else_sees_it_there() -> None:
    for role in ("civil_status_officer", "auditor"):
        assert "Ổ đĩa đầy nhất" not in first_page(role)


def test_who_verifies_begins_with_the_tracking_list() -> None:
    page = first_page("police_verifier")
    assert f'class="btn btn-primary" href="{reverse("reconciliation:tracking")}"' in page
    assert "sổ và CSDL dân cư ghi khác nhau" in page


def test_without_recovery_codes_the_account_page_says_so_instead_of_counting_to_nought() -> None:
    client = Client()
    client.force_login(make_officer("lan", office=offices(1)[0], role="keyer"), settings.AUTHENTICATION_BACKENDS[-1])
    page = client.get(reverse("account_profile")).content.decode()
    assert "Chưa có mã dự phòng" in page and "Còn 0 trên 0" not in page


def test_a_keying_helper_begins_with_his_package() -> None:
    client = Client()
    helper = make_officer("ho.tro.9", office=offices(1)[0], role="keying_helper")
    client.force_login(helper, settings.AUTHENTICATION_BACKENDS[-1])
    assert client.get("/").headers["Location"] == reverse("keying:home")
