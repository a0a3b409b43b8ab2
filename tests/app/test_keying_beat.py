"""What the browser asks while it keys without a line: beat, service worker, manifest; none of them knows a citizen."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from hostile_parts import browser
from intake_parts import an_office

from hotich import web
from hotich.accounts.models import Officer
from hotich.accounts.rules.sessions import LAST_SEEN
from hotich.kernel import clock
from hotich.keying.views import offline
from tests.app.accounts_parts import make_officer

pytestmark = pytest.mark.django_db
BEAT, WORKER, MANIFEST = "/nhap-lieu/nhip/", "/sw.js", "/nhap-lieu/ung-dung.webmanifest"


def an_officer(role: str) -> Officer:
    return make_officer(f"{role}.nhip".replace("_", "."), office=an_office(), role=role, name="Đỗ Văn Nhịp")


@pytest.mark.parametrize("role", ["keyer", "keying_helper", "checker"])
def test_whoever_keys_gets_a_token_the_clock_his_number_and_the_version(role: str) -> None:
    officer = an_officer(role)
    before = clock.now().timestamp() * 1000
    answer = browser(officer).get(BEAT)
    told = answer.json()
    assert answer.status_code == 200
    assert before - 1 <= told["now"] <= clock.now().timestamp() * 1000
    assert told["user"] == str(officer.pk)
    assert told["version"] == offline.shell_version()
    assert len(told["csrf"]) == 64
    assert "no-store" in answer["Cache-Control"]


def test_nobody_is_told_so_without_being_led_to_the_sign_in_page() -> None:
    answer = Client().get(BEAT)
    assert (answer.status_code, answer.json()) == (401, {"code": "signed_out"})


def test_an_officer_without_a_right_to_key_gets_no_beat() -> None:
    answer = browser(an_officer("auditor")).get(BEAT)
    assert (answer.status_code, answer.json()) == (403, {"code": "no_right"})


def test_a_beat_by_itself_does_not_keep_an_empty_chair_signed_in() -> None:
    client = browser(an_officer("keyer"))
    client.get(BEAT)
    session = client.session
    session[LAST_SEEN] = (clock.now() - timedelta(minutes=5)).timestamp()
    session.save()
    client.get(BEAT, headers={"X-Hotich-Background": "1"})
    assert client.session[LAST_SEEN] == session[LAST_SEEN]
    client.get(BEAT)
    assert client.session[LAST_SEEN] > session[LAST_SEEN]


def test_the_worker_names_every_file_of_the_screen_and_is_looked_up_anew_each_time() -> None:
    answer = Client().get(WORKER)
    source = answer.content.decode()
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    assert f'"version": "{offline.shell_version()}"' in source
    assert '"screen": "/nhap-lieu/man-hinh/"' in source
    assert [url for url in offline.shell_urls() if f'"{url}"' not in source] == []


def test_every_font_and_picture_that_the_styles_of_the_screen_ask_for_is_kept() -> None:
    names = [name for name in offline.SHELL_FILES if name.endswith(".css") and finders.find(name)]
    assert names
    asked: set[str] = set()
    for name in names:
        text = Path(str(finders.find(name))).read_text(encoding="utf-8")
        asked |= {url.strip("\"'./") for url in re.findall(r"url\(([^)]+)\)", text) if "data:" not in url}
    assert any(name.endswith(".woff2") for name in asked)
    assert [name for name in asked if not any(url.endswith(name) for url in offline.shell_urls())] == []


def test_every_file_named_for_the_screen_is_built() -> None:
    assert (Path(web.__file__).parent / "dist" / "hotich").is_dir(), "npm run build"
    assert [name for name in offline.SHELL_FILES if not finders.find(name)] == []


def test_the_manifest_speaks_the_language_of_the_page() -> None:
    client = Client()
    assert client.get(MANIFEST).json()["name"] == "Nhập liệu sổ hộ tịch"
    client.cookies["django_language"] = "en"
    english = client.get(MANIFEST)
    assert english["Content-Type"] == "application/manifest+json"
    assert english.json()["name"] == "Keying civil status books"
    assert english.json()["start_url"] == "/nhap-lieu/"


def test_only_the_screen_itself_is_marked_to_be_kept_and_may_show_pictures_out_of_the_store() -> None:
    client = browser(an_officer("keyer"))
    screen = client.get("/nhap-lieu/man-hinh/")
    assert screen["X-Hotich-Shell"] == offline.shell_version()
    assert "img-src 'self' data: blob:" in screen["Content-Security-Policy"]
    other = client.get("/tai-khoan/")
    assert "X-Hotich-Shell" not in other
    assert "blob:" not in other["Content-Security-Policy"]


def test_signing_out_looks_after_the_store_for_those_who_key_only() -> None:
    keyer, auditor = browser(an_officer("keyer")), browser(an_officer("auditor"))
    assert "data-keying-sign-out" in keyer.get("/").content.decode()
    assert "data-keying-sign-out" not in auditor.get("/nhat-ky/", follow=True).content.decode()
