"""Sessions, first steps, passwords and one-time codes, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotich.accounts.rules.one_time_codes import code_of_step, step_at, step_of_code
from hotich.accounts.rules.passwords import MIN_LENGTH, holds_own_words, one_time_password
from hotich.accounts.rules.sessions import SessionEnd, Step, next_step, session_end

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LIMITS = {"idle": timedelta(minutes=30), "absolute": timedelta(hours=10)}
# the secret of RFC 6238, appendix B ("12345678901234567890")
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("now", "last_seen", "end"),
    [
        (timedelta(minutes=29, seconds=59), timedelta(0), None),
        (timedelta(minutes=30), timedelta(0), SessionEnd.IDLE),
        (timedelta(hours=9, minutes=59), timedelta(hours=9, minutes=58), None),
        (timedelta(hours=10), timedelta(hours=9, minutes=59), SessionEnd.ABSOLUTE),
        (timedelta(hours=11), timedelta(0), SessionEnd.ABSOLUTE),
    ],
)
def test_a_session_ends_by_idleness_or_by_age(now: timedelta, last_seen: timedelta, end: SessionEnd | None) -> None:
    found = session_end(now=START + now, signed_in=START, last_seen=START + last_seen, **LIMITS)
    assert found == end


def test_first_the_own_password_then_the_second_factor_then_work() -> None:
    assert next_step(must_change_password=True, has_second_factor=False) == Step.CHANGE_PASSWORD
    assert next_step(must_change_password=True, has_second_factor=True) == Step.CHANGE_PASSWORD
    assert next_step(must_change_password=False, has_second_factor=False) == Step.SET_UP_SECOND_FACTOR
    assert next_step(must_change_password=False, has_second_factor=True) is None


@pytest.mark.parametrize(
    ("password", "held"),
    [
        ("xin-chao-can.bo.1-2026", True),  # the login name
        ("CAN BO 1 rat dai", True),  # in other dress
        ("Phuong Lan thich hoa", True),  # two parts of the name, without marks
        ("phươnglanthíchhoa", True),
        ("lan-tran-xanh-bien", False),  # one part alone tells nothing
        ("bien-xanh-cat-trang", False),
    ],
)
def test_a_password_holds_neither_login_nor_name(password: str, held: bool) -> None:
    assert holds_own_words(password, login="can.bo.1", full_name="Đỗ Phương Lan") is held


def test_one_time_passwords_are_long_random_and_easy_to_copy() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(password) >= MIN_LENGTH and not set(password) & set("0O1lI") for password in made)


@pytest.mark.parametrize(
    ("moment", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standard(moment: int, code: str) -> None:
    assert code_of_step(RFC_SECRET, step_at(moment)) == code


def test_a_code_belongs_to_its_time_step_and_its_neighbours_only() -> None:
    moment = 1111111111
    step = step_at(moment)
    for shift in (-1, 0, 1):
        code = code_of_step(RFC_SECRET, step + shift)
        assert step_of_code(RFC_SECRET, code, unix_seconds=moment, tolerance=1) == step + shift
    for shift in (-2, 2):
        code = code_of_step(RFC_SECRET, step + shift)
        assert step_of_code(RFC_SECRET, code, unix_seconds=moment, tolerance=1) is None


def test_a_code_may_be_typed_with_a_space() -> None:
    assert step_of_code(RFC_SECRET, "050 471", unix_seconds=1111111111, tolerance=1) == step_at(1111111111)
    assert step_of_code(RFC_SECRET, "năm số", unix_seconds=1111111111, tolerance=1) is None
