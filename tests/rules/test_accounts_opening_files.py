"""Reading a CSV of accounts: encodings of Excel, heads, separators, cells that are formulas, days, roles."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Any

import pytest

from hotich.accounts.rules.opening import is_name, password_file, proposed_logins, read_accounts, role_code
from hotich.kernel.problems import RuleBroken

HEAD = "Họ và tên;Tên đăng nhập;Mã cơ quan;Vai trò;Thư điện tử;Từ ngày;Đến ngày"
ROW = "Tạ Ngọc Thử;;24529;Người nhập liệu;;01/07/2026;"


def refused(code: str) -> Any:
    return pytest.raises(RuleBroken, check=lambda error: error.code == code)


def one(row: str, head: str = HEAD) -> Any:
    return read_accounts(f"{head}\r\n{row}\r\n".encode())[0]


def codes(row: str) -> list[str]:
    return [problem.code for problem in one(row).problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_excel_writes_as_utf_8_is_read(encoding: str, separator: str) -> None:
    (row,) = read_accounts(f"{HEAD}\n{ROW}".replace(";", separator).encode(encoding))
    assert (row.full_name, row.office_code, row.role, row.valid_from) == (
        "Tạ Ngọc Thử",
        "24529",
        "keyer",
        date(2026, 7, 1),
    )
    assert row.problems == [] and row.number == 2


def test_letters_written_as_base_and_mark_are_put_together() -> None:
    assert one("Tạ Ngọc Thử;;24529;keyer;;;").full_name == "Tạ Ngọc Thử"


@pytest.mark.parametrize(
    "content", [f"{HEAD}\n{ROW}".encode("utf-16"), "Họ,Tên".encode("utf-16-le"), b"H\xf4 v\xe0 t\xean"]
)
def test_another_encoding_is_told_as_such(content: bytes) -> None:
    with refused("opening_not_utf8"):
        read_accounts(content)


def test_the_line_with_the_wrong_letter_is_named() -> None:
    with pytest.raises(RuleBroken) as refusal:
        read_accounts(f"{HEAD}\n{ROW}\n".encode() + b"T\xea;;1;keyer;;;")
    assert refusal.value.params["line"] == 3


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_a_workbook_is_told_as_such(start: bytes) -> None:
    with refused("opening_is_workbook"):
        read_accounts(start + b"x" * 100)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf \n", HEAD.encode()])
def test_an_empty_file_is_refused(content: bytes) -> None:
    with refused("opening_empty"):
        read_accounts(content)


def test_an_unknown_or_missing_column_is_named() -> None:
    with refused("opening_head_unknown"):
        one(ROW, head=HEAD.replace("Vai trò", "Chức danh"))
    with refused("opening_column_missing"):
        read_accounts("Họ và tên;Vai trò\nA;keyer".encode())


def test_too_many_rows_are_refused() -> None:
    with refused("opening_too_many_rows"):
        read_accounts("\n".join([HEAD, *([ROW] * 2001)]).encode())


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused(cell: str) -> None:
    assert codes(f"{cell};;24529;keyer;;;") == ["opening_cell_is_formula"]
    assert codes(f"Tạ Ngọc Thử;;24529;keyer;{cell};;") == ["opening_cell_is_formula"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (";;24529;keyer;;;", "full_name_missing"),
        ("Tạ <b>;;24529;keyer;;;", "opening_name_strange"),
        ("Tạ 2;;24529;keyer;;;", "opening_name_strange"),
        ("Tạ Thử;có dấu;24529;keyer;;;", "login_malformed"),
        ("Tạ Thử;;;keyer;;;", "opening_office_missing"),
        ("Tạ Thử;;24529;trưởng phòng;;;", "role_unknown"),
        ("Tạ Thử;;24529;keyer;không phải thư;;", "opening_email_malformed"),
        ("Tạ Thử;;24529;keyer;;31/02/2026;", "opening_day_malformed"),
        ("Tạ Thử;;24529;keyer;;01/07/2026;30/06/2026", "post_ends_before_it_begins"),
    ],
)
def test_what_is_wrong_with_a_row_is_told(row: str, code: str) -> None:
    assert codes(row) == [code]


@pytest.mark.parametrize("text", ["keyer", "Người nhập liệu", "NGƯỜI NHẬP LIỆU", "nguoi nhap lieu", " Keyer "])
def test_a_role_is_known_by_code_and_name(text: str) -> None:
    assert role_code(text) == "keyer"


def test_login_names_are_proposed_from_name_and_office() -> None:
    proposed = list(islice(proposed_logins("Nguyễn Văn Đạt", "24529"), 3))
    assert proposed == ["nguyenvandat.24529", "nguyenvandat2.24529", "nguyenvandat3.24529"]


@pytest.mark.parametrize("name", ["Tạ Ngọc Thử", "H'Hen Niê", "Y Bih-Đăm", "Đ. Thử"])
def test_names_of_every_people_are_names(name: str) -> None:
    assert is_name(name)


def test_the_file_of_passwords_holds_no_formula() -> None:
    made = password_file([("=1+1", "a.b", "@x", "p")]).decode("utf-8-sig")
    assert '"\'=1+1"' in made and '"\'@x"' in made
