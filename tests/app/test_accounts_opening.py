"""Accounts opened from a file: what each row leads to, opening in pieces, passwords fetched once."""

from __future__ import annotations

import csv
import io
import stat
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hotich.accounts.models import Officer, Opening, OpeningLine, Post
from hotich.accounts.queries import actor_for, command_actor
from hotich.accounts.services import (
    check_opening,
    destroy_old_passwords,
    discard_opening,
    open_next,
    start_opening,
    take_passwords,
)
from hotich.audit.models import Entry
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer, open_offices

pytestmark = pytest.mark.django_db
HEAD = "Họ và tên,Tên đăng nhập,Mã cơ quan,Vai trò,Thư điện tử,Từ ngày,Đến ngày"


def refused(code: str) -> Any:
    return pytest.raises(RuleBroken, check=lambda error: error.code == code)


def department_office() -> Office:
    province = open_offices(1)[0].unit.parent  # type: ignore[union-attr]
    return Office.objects.get(kind="province", unit=province, valid_to__isnull=True)


@pytest.fixture
def department() -> Actor:
    return actor_for(make_officer("so.thu", office=department_office(), role="department_of_justice", totp=False))


@pytest.fixture
def code() -> str:
    return open_offices(1)[0].code


def content(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def check(actor: Actor, *rows: str, head: str = HEAD) -> Opening:
    return check_opening(actor=actor, at=clock.now(), file_name="thu.csv", content=content(*rows, head=head))


def outcomes(opening: Opening) -> list[tuple[str, str]]:
    """Per row the outcome and the first problem."""
    lines = opening.lines.order_by("number")
    return [(line.outcome, line.problems[0][0] if line.problems else "") for line in lines]


def open_all(actor: Actor, opening: Opening) -> None:
    start_opening(actor=actor, at=clock.now(), opening_id=opening.id)
    while open_next(actor=actor, at=clock.now(), opening_id=opening.id):
        pass


def passwords_of(made: bytes) -> dict[str, str]:
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))
    return {row[1]: row[3] for row in rows[1:]}


def test_a_good_file_opens_accounts_with_posts_and_passwords_to_change(department: Actor, code: str) -> None:
    opening = check(
        department,
        f"Tạ Ngọc Thử,,{code},Người nhập liệu,,01/07/2026,31/12/2030",
        f"Lê Thị Mẫu,le.mau,{code},checker,a@b.vn,,",
    )
    assert outcomes(opening) == [("account", ""), ("account", "")]
    assert Officer.objects.filter(username__in=["le.mau"]).count() == 0  # nothing is written by looking
    open_all(department, opening)
    given = passwords_of(take_passwords(actor=department, at=clock.now(), opening_id=opening.id))
    assert set(given) == {f"tangocthu.{code.lower()}", "le.mau"}
    officer = Officer.objects.get(username=f"tangocthu.{code.lower()}")
    assert officer.check_password(given[officer.username]) and officer.must_change_password
    assert officer.password_expires_at is not None and officer.password_expires_at > clock.now()
    post = Post.objects.get(officer=officer)
    assert (post.role, post.valid_from, post.valid_to) == ("keyer", date(2026, 7, 1), date(2030, 12, 31))


def test_the_same_file_again_changes_nothing(department: Actor, code: str) -> None:
    row = f"Tạ Ngọc Thử,,{code},keyer,,,"
    open_all(department, check(department, row))
    again = check(department, row)
    assert outcomes(again) == [("unchanged", "")]
    with refused("opening_nothing_to_do"):
        start_opening(actor=department, at=clock.now(), opening_id=again.id)
    assert Officer.objects.filter(full_name="Tạ Ngọc Thử", username__startswith="tangoc").count() == 1


def test_passwords_are_given_once_and_then_gone(department: Actor, code: str) -> None:
    opening = check(department, f"Tạ Ngọc Thử,,{code},keyer,,,")
    open_all(department, opening)
    take_passwords(actor=department, at=clock.now(), opening_id=opening.id)
    assert not OpeningLine.objects.filter(sealed__isnull=False).exists()
    with refused("passwords_gone"):
        take_passwords(actor=department, at=clock.now(), opening_id=opening.id)
    assert Entry.objects.filter(verb="officers.passwords_taken").count() == 1


def test_passwords_nobody_fetched_in_time_are_destroyed(department: Actor, code: str) -> None:
    opening = check(department, f"Tạ Ngọc Thử,,{code},keyer,,,")
    open_all(department, opening)
    late = clock.now() + timedelta(days=3)
    with refused("passwords_gone"):
        take_passwords(actor=department, at=late, opening_id=opening.id)
    assert destroy_old_passwords(at=clock.now()) == 0
    assert destroy_old_passwords(at=late) == 1


def test_sealed_passwords_are_not_readable_in_the_table(department: Actor, code: str) -> None:
    opening = check(department, f"Tạ Ngọc Thử,,{code},keyer,,,")
    open_all(department, opening)
    sealed = bytes(OpeningLine.objects.get(opening=opening).sealed or b"")
    given = passwords_of(take_passwords(actor=department, at=clock.now(), opening_id=opening.id))
    assert sealed and next(iter(given.values())).encode() not in sealed


def test_somebody_else_neither_opens_nor_fetches(department: Actor, code: str) -> None:
    opening = check(department, f"Tạ Ngọc Thử,,{code},keyer,,,")
    other = actor_for(make_officer("so.hai", office=department_office(), role="department_of_justice", totp=False))
    for act in (start_opening, discard_opening, take_passwords):
        with refused("not_allowed"):
            act(actor=other, at=clock.now(), opening_id=opening.id)


def test_a_file_with_one_wrong_row_opens_nothing(department: Actor, code: str) -> None:
    opening = check(department, f"Tạ Ngọc Thử,,{code},keyer,,,", "Lê Thị Mẫu,,KHONG-CO,keyer,,,")
    assert outcomes(opening) == [("account", ""), ("wrong", "office_unknown")]
    with refused("opening_has_errors"):
        start_opening(actor=department, at=clock.now(), opening_id=opening.id)
    assert not Officer.objects.filter(username__startswith="tangoc").exists()


def test_offices_of_another_province_are_refused(department: Actor) -> None:
    mine = department_office().unit_id
    foreign = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(unit__parent_id=mine).first()
    assert foreign is not None
    assert outcomes(check(department, f"Tạ Ngọc Thử,,{foreign.code},keyer,,,")) == [("wrong", "opening_office_foreign")]


@pytest.mark.parametrize("role", ["department_of_justice", "technical_administrator", "auditor", "ministry"])
def test_a_department_opens_no_central_role(department: Actor, code: str, role: str) -> None:
    assert outcomes(check(department, f"Tạ Ngọc Thử,,{code},{role},,,")) == [("wrong", "role_is_central")]


def test_nobody_gives_posts_to_the_own_account_or_to_an_officer_of_others(department: Actor, code: str) -> None:
    far = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(
        unit__parent_id=department_office().unit_id
    )
    make_officer("xa.khac", office=far[0], role="keyer", totp=False)
    opening = check(department, f"Tạ Ngọc Thử,so.thu,{code},keyer,,,", f"Tạ Ngọc Thử,xa.khac,{code},keyer,,,")
    assert outcomes(opening) == [("wrong", "own_account"), ("wrong", "opening_login_of_another")]


def test_roles_that_stand_alone_are_refused_beside_another(code: str) -> None:
    rows = [f"Tạ Ngọc Thử,mot.nguoi,{code},auditor,,,", f"Tạ Ngọc Thử,mot.nguoi,{code},keyer,,,"]
    assert outcomes(check(command_actor(), *rows)) == [("account", ""), ("wrong", "roles_incompatible")]


def test_one_account_may_have_two_posts_in_one_file(department: Actor, code: str) -> None:
    rows = [f"Tạ Ngọc Thử,mot.nguoi,{code},keyer,,,", f"Tạ Ngọc Thử,mot.nguoi,{code},checker,,,"]
    opening = check(department, *rows)
    assert outcomes(opening) == [("account", ""), ("post", "")]
    open_all(department, opening)
    assert Post.objects.filter(officer__username="mot.nguoi").count() == 2


def test_two_of_one_name_need_login_names(department: Actor, code: str) -> None:
    row = f"Tạ Ngọc Thử,,{code},keyer,,,"
    assert outcomes(check(department, row, row)) == [("account", ""), ("wrong", "opening_login_needed")]


def test_a_proposed_login_of_somebody_else_is_numbered(department: Actor, code: str) -> None:
    make_officer(f"tangocthu.{code.lower()}", office=open_offices(1)[0], role="keyer", name="Tả Ngọc Thu", totp=False)
    opening = check(department, f"Tạ Ngọc Thử,,{code},keyer,,,")
    assert opening.lines.get().login == f"tangocthu2.{code.lower()}"


def test_what_changed_since_the_check_leaves_its_row_wrong_and_goes_on(department: Actor, code: str) -> None:
    opening = check(department, f"Tạ Ngọc Thử,mot.nguoi,{code},keyer,,,", f"Lê Thị Mẫu,hai.nguoi,{code},keyer,,,")
    make_officer("mot.nguoi", totp=False)
    open_all(department, opening)
    assert outcomes(opening) == [("wrong", "login_taken"), ("account", "")]
    assert Officer.objects.filter(username="hai.nguoi").exists()


def test_an_opening_that_broke_off_goes_on_behind_its_last_piece(department: Actor, code: str) -> None:
    opening = check(department, *(f"Tạ Ngọc Thử,nguoi.{n},{code},keyer,,," for n in range(45)))
    start_opening(actor=department, at=clock.now(), opening_id=opening.id)
    assert open_next(actor=department, at=clock.now(), opening_id=opening.id) == 25
    first = set(Officer.objects.filter(username__startswith="nguoi.").values_list("username", "password"))
    while open_next(actor=department, at=clock.now(), opening_id=opening.id):
        pass
    assert first <= set(Officer.objects.filter(username__startswith="nguoi.").values_list("username", "password"))
    assert len(passwords_of(take_passwords(actor=department, at=clock.now(), opening_id=opening.id))) == 45


def test_five_hundred_rows_are_checked_and_opened(department: Actor) -> None:
    codes = [office.code for office in open_offices(50)]
    rows = [f"Nguyễn Văn Thử,thu.{n},{codes[n % len(codes)]},keyer,,," for n in range(500)]
    opening = check(department, *rows)
    assert opening.lines.filter(outcome="account").count() == 500
    open_all(department, opening)
    assert Post.objects.filter(officer__username__startswith="thu.").count() == 500


def test_the_command_writes_passwords_for_its_caller_alone(code: str, tmp_path: Path) -> None:
    make_officer("so.thu", office=department_office(), role="department_of_justice", totp=False)
    file, out = tmp_path / "ds.csv", tmp_path / "mk.csv"
    file.write_bytes(content(f"Tạ Ngọc Thử,,{code},keyer,,,"))
    call_command("officers", "open", str(file), "--as", "so.thu", "--check", stdout=io.StringIO())
    assert not Officer.objects.filter(username__startswith="tangocthu").exists()
    call_command(
        "officers", "open", str(file), "--as", "so.thu", "--out", str(out), stdout=io.StringIO(), stderr=io.StringIO()
    )
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    ((login, password),) = passwords_of(out.read_bytes()).items()
    assert Officer.objects.get(username=login).check_password(password)
    with pytest.raises(CommandError):  # a file that stands is never overwritten, and nothing is opened then
        call_command("officers", "open", str(file), "--as", "so.thu", "--out", str(out), stdout=io.StringIO())


def test_the_command_refuses_who_may_not(code: str, tmp_path: Path) -> None:
    make_officer("nhap.thu", office=open_offices(1)[0], role="keyer", totp=False)
    file = tmp_path / "ds.csv"
    file.write_bytes(content(f"Tạ Ngọc Thử,,{code},keyer,,,"))
    with pytest.raises(CommandError):
        call_command("officers", "open", str(file), "--as", "nhap.thu", "--out", str(tmp_path / "mk.csv"))
    assert not (tmp_path / "mk.csv").exists()
