"""A file of accounts to be opened: reading the CSV, checking a row by itself, proposing login names.

Columns (in any order, Vietnamese or English head): full name, login, office code, role, e-mail, valid from, valid to.
Login and e-mail and the days may be empty. Separator comma, semicolon or tab; UTF-8 with or without its mark.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from hotich.accounts.rules.roles import ROLES
from hotich.kernel.problems import Problem, RuleBroken
from hotich.kernel.text import strip_marks

MOST_ROWS = 2000
MOST_BYTES = 2 * 1024 * 1024
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "full_name": ("ho va ten", "ho ten", "full name", "full_name"),
    "login": ("ten dang nhap", "tai khoan", "login"),
    "office": ("ma co quan", "co quan", "office code", "office"),
    "role": ("vai tro", "role"),
    "email": ("thu dien tu", "email", "e-mail"),
    "valid_from": ("tu ngay", "valid from", "valid_from"),
    "valid_to": ("den ngay", "valid to", "valid_to"),
}
NEEDED = ("full_name", "office", "role")
HEAD = ("Họ và tên", "Tên đăng nhập", "Mã cơ quan", "Vai trò", "Thư điện tử", "Từ ngày", "Đến ngày")
LOGIN_SHAPE = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,58})[a-z0-9]")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(slots=True)
class WantedAccount:
    """A row as it was written (`given`) and as it was understood; `problems` of the row by itself."""

    number: int
    given: dict[str, str]
    full_name: str = ""
    login: str = ""
    office_code: str = ""
    role: str = ""
    email: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, code: str, field: str, **params: object) -> None:
        """Note what is wrong with a cell."""
        self.problems.append(Problem(code, field, params=params))


def read_accounts(content: bytes) -> list[WantedAccount]:
    """The rows of a file. Raises RuleBroken: opening_empty, opening_too_large, opening_is_workbook,
    opening_not_utf8, opening_head_unknown, opening_column_missing, opening_too_many_rows."""
    lines = _lines(_text(content))
    head = next(lines, None)
    if head is None:
        raise RuleBroken("opening_empty", field="file")
    places = _places(head[1])
    rows = [
        _row(number, {name: cells[place].strip() for name, place in places.items() if place < len(cells)})
        for number, cells in lines
    ]
    if not rows:
        raise RuleBroken("opening_empty", field="file")
    if len(rows) > MOST_ROWS:
        raise RuleBroken("opening_too_many_rows", field="file", most=MOST_ROWS)
    return rows


def _text(content: bytes) -> str:
    if not content.strip():
        raise RuleBroken("opening_empty", field="file")
    if len(content) > MOST_BYTES:
        raise RuleBroken("opening_too_large", field="file", most=MOST_BYTES // (1024 * 1024))
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise RuleBroken("opening_is_workbook", field="file")
    # UTF-16 is what Excel calls "Unicode Text"; a zero byte is in no CSV in UTF-8 either
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        raise RuleBroken("opening_not_utf8", field="file", line=1)
    try:
        return unicodedata.normalize("NFC", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RuleBroken("opening_not_utf8", field="file", line=content.count(b"\n", 0, error.start) + 1) from None


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = next(iter(text.lstrip().splitlines()), "")
    separator = max(",;\t", key=first.count)
    for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
        if any(cell.strip() for cell in cells):
            yield number, cells


def _places(head: list[str]) -> dict[str, int]:
    known = {name: column for column, names in COLUMNS.items() for name in names}
    places: dict[str, int] = {}
    for place, cell in enumerate(head):
        column = known.get(" ".join(strip_marks(cell.lower()).replace("*", " ").split()))
        if column is None:
            if cell.strip():
                raise RuleBroken("opening_head_unknown", field="file", head=cell.strip()[:40])
        elif column not in places:
            places[column] = place
    for column in NEEDED:
        if column not in places:
            raise RuleBroken("opening_column_missing", field="file", column=HEAD[list(COLUMNS).index(column)])
    return places


def _row(number: int, given: dict[str, str]) -> WantedAccount:
    row = WantedAccount(number, given)
    row.full_name = " ".join(given.get("full_name", "").split())
    row.login = given.get("login", "").lower()
    row.office_code = given.get("office", "").upper()
    row.role = role_code(given.get("role", ""))
    row.email = given.get("email", "")
    for name, cell in given.items():
        if cell.startswith(_FORMULA):
            row.wrong("opening_cell_is_formula", name)
            return row
    _check_words(row)
    row.valid_from, row.valid_to = (_day(row, name) for name in ("valid_from", "valid_to"))
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        row.wrong("post_ends_before_it_begins", "valid_to")
    return row


def _check_words(row: WantedAccount) -> None:
    if not row.full_name:
        row.wrong("full_name_missing", "full_name")
    elif not is_name(row.full_name):
        row.wrong("opening_name_strange", "full_name")
    if row.login and not LOGIN_SHAPE.fullmatch(row.login):
        row.wrong("login_malformed", "login")
    if not row.office_code:
        row.wrong("opening_office_missing", "office")
    if not row.role:
        row.wrong("role_unknown", "role", role=row.given.get("role", ""))
    if row.email and not _EMAIL.fullmatch(row.email):
        row.wrong("opening_email_malformed", "email")


def is_name(text: str) -> bool:
    """Whether this can be a person's name: letters, blanks, and what stands between parts of foreign names."""
    return len(text) <= 120 and all(letter.isalpha() or letter in " '’.-" for letter in text) and text[0].isalpha()


def role_code(text: str) -> str:
    """The code of a role written as code, Vietnamese or English name; "" for none."""
    wanted = " ".join(strip_marks(text.lower()).split())
    return next(
        (
            role.code
            for role in ROLES.values()
            if wanted in {role.code, strip_marks(role.name.lower()), role.name_en.lower()}
        ),
        "",
    )


def _day(row: WantedAccount, name: str) -> date | None:
    text = row.given.get(name, "")
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        day, month, year, *iso = (int(part) if part else 0 for part in found.groups())
        return date(*iso) if iso[0] else date(year, month, day)
    except ValueError:
        row.wrong("opening_day_malformed", name, text=text[:20])
        return None


def proposed_logins(full_name: str, office_code: str) -> Iterator[str]:
    """Login names to try, best first: the name without marks and blanks, the office; then numbered."""
    name = re.sub(r"[^a-z0-9]", "", strip_marks(full_name.lower()))[:30] or "canbo"
    office = re.sub(r"[^a-z0-9]+", "-", office_code.lower()).strip("-")[:24]
    yield f"{name}.{office}"
    for number in range(2, 100):
        yield f"{name}{number}.{office}"


def password_file(rows: list[tuple[str, str, str, str]]) -> bytes:
    """The file of one-time passwords (full name, login, office, password), readable by Excel, no cell a formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["Họ và tên", "Tên đăng nhập", "Cơ quan", "Mật khẩu dùng một lần"])
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
