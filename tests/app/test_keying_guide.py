"""The guide for keyers: a page, and two sheets of paper."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from django.test import Client

from hotich.keying.queries.guide import guide_pdf
from tests.app.keying_parts import a_team

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
A4 = (595.3, 841.9)  # points


@pytest.fixture
def client() -> Client:
    made = Client()
    made.force_login(a_team().accounts["helper"], backend=BACKEND)
    return made


def test_the_printed_guide_is_exactly_two_pages_of_a4() -> None:
    document = pypdfium2.PdfDocument(guide_pdf())
    try:
        assert [tuple(round(side, 1) for side in page.get_size()) for page in document] == [A4, A4]
    finally:
        document.close()


def test_the_printed_guide_says_the_keys_and_has_no_letter_its_font_lacks() -> None:
    document = pypdfium2.PdfDocument(guide_pdf())
    try:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    words = " ".join(" ".join(texts).split())
    for key in ("Ctrl + Enter", "Shift + F2", "F4", "F8", "F9", "Page Up", "F1"):
        assert key in words, key
    assert "\ufffd" not in words and "\x00" not in words
    assert re.search(r"nhập đúng như sổ viết", words)


def test_a_helper_opens_the_guide_and_its_paper(client: Client) -> None:
    page = client.get("/nhap-lieu/huong-dan/")
    assert page.status_code == 200
    assert "Không đọc được" in page.content.decode() and "F4" in page.content.decode()
    paper = client.get("/nhap-lieu/huong-dan.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")


def test_the_guide_is_english_for_who_reads_english(client: Client) -> None:
    client.cookies["django_language"] = "en"
    text = client.get("/nhap-lieu/huong-dan/").content.decode()
    assert "Illegible" in text and "Không đọc được" not in text
