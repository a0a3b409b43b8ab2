"""hotich create-officer: the first account of a real installation; asks, and prints a one-time password."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotich.accounts.queries import command_actor
from hotich.accounts.rules.roles import ROLES
from hotich.accounts.services import create_officer, give_post
from hotich.audit.services import unit_of_work
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.units.queries import office_by_code
from hotich.web.texts import text_of_problem


class Command(BaseCommand):
    help = "Make an officer's account with one post. Asks for what is not given; prints the one-time password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--login", help="login name")
        parser.add_argument("--name", help="full name")
        parser.add_argument("--office", help="code of the office (hotich offices TEXT)")
        parser.add_argument("--role", choices=sorted(ROLES), help="role at that office")

    def handle(self, *args: Any, **options: Any) -> None:
        login = options["login"] or input("Tên đăng nhập: ")
        name = options["name"] or input("Họ và tên: ")
        code = options["office"] or input("Mã cơ quan: ")
        role = options["role"] or input(f"Vai trò ({', '.join(ROLES)}) [technical_administrator]: ")
        now = clock.now()
        try:
            actor = command_actor()
            with unit_of_work(actor=actor, at=now):
                officer, password = create_officer(actor=actor, at=now, login=login, full_name=name)
                give_post(
                    actor=actor,
                    at=now,
                    officer_id=officer.id,
                    office_id=office_by_code(code).id,
                    role=role.strip() or "technical_administrator",
                    valid_from=clock.in_vietnam(now).date(),
                )
        except RuleBroken as refusal:
            raise CommandError(text_of_problem(refusal)) from refusal
        self.stdout.write(f"{officer.username}\t{password}")
        self.stderr.write("Mật khẩu dùng một lần: phải đổi và thiết lập xác thực hai lớp khi đăng nhập lần đầu.")
