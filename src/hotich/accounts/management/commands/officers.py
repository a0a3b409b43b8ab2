"""hotich officers ACTION: many accounts in one act – opened from a file, locked, opened again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotich.accounts import services
from hotich.accounts.models import OpeningOutcome
from hotich.accounts.queries import actors_of, command_actor, lines_of, lock_preview, officer_by_login, officers_to_lock
from hotich.accounts.rules.roles import ROLES
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.queries import office_by_code
from hotich.web.texts import text_of, text_of_problem


class Command(BaseCommand):
    help = (
        "Many accounts in one act. open FILE.csv --out PASSWORDS.csv: open those of a file (--check: only look). "
        "lock and unlock: those of --office, --role, --logins, with --reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["open", "lock", "unlock"])
        parser.add_argument("file", nargs="?", type=Path, help="the CSV (for open)")
        parser.add_argument("--as", dest="login", default="", help="login of whoever decides; else the server itself")
        parser.add_argument("--out", type=Path, help="where the one-time passwords are written, for you alone")
        parser.add_argument("--check", action="store_true", help="say what each row leads to, open nothing")
        parser.add_argument("--office", action="append", default=[], help="code of an office; may be repeated")
        parser.add_argument("--role", default="", choices=["", *sorted(ROLES)])
        parser.add_argument("--logins", default="", help="login names, separated by commas")
        parser.add_argument("--reason", default="", help="why (for lock and unlock)")
        parser.add_argument("--urgent", action="store_true", help="lock although work is open")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            actor = self._actor(options["login"])
            if action == "open":
                self._open(actor, options)
            elif action == "lock":
                self._lock(actor, options)
            else:
                self._unlock(actor, options)
        except RuleBroken as refusal:
            raise CommandError(text_of_problem(refusal)) from refusal

    def _actor(self, login: str) -> Actor:
        if not login:
            return command_actor()
        able = [actor for actor in actors_of(officer_by_login(login)) if actor.may("officer.manage")]
        if not able:
            raise RuleBroken("not_allowed")
        return able[0]

    def _open(self, actor: Actor, options: dict[str, Any]) -> None:
        path, out = options["file"], options["out"]
        if path is None or not (options["check"] or out):
            raise CommandError("open needs a FILE and --out (or --check)")
        if not path.is_file():
            raise CommandError(f"Không có tệp {path}.")
        descriptor = None if options["check"] else _new_private_file(out)
        opening = services.check_opening(actor=actor, at=clock.now(), file_name=path.name, content=path.read_bytes())
        try:
            for line in lines_of(opening):
                told = " ".join(text_of(code, params) for code, _, params in line.problems)
                self.stdout.write("\t".join([str(line.number), line.outcome, line.login, told]).rstrip())
            if options["check"]:
                services.discard_opening(actor=actor, at=clock.now(), opening_id=opening.id)
                return
            if not opening.lines.exclude(outcome=OpeningOutcome.UNCHANGED).exists():
                self.stderr.write(text_of("opening_nothing_to_do"))
                return
            services.start_opening(actor=actor, at=clock.now(), opening_id=opening.id)
            while left := services.open_next(actor=actor, at=clock.now(), opening_id=opening.id):
                self.stderr.write(f"… {left}")
            if opening.lines.filter(sealed__isnull=False).exists():
                content = services.take_passwords(actor=actor, at=clock.now(), opening_id=opening.id)
                os.write(descriptor, content)  # type: ignore[arg-type]
                self.stderr.write(f"Mật khẩu dùng một lần: {out}")
        finally:
            if descriptor is not None:
                os.close(descriptor)
                if not out.stat().st_size:
                    out.unlink()

    def _lock(self, actor: Actor, options: dict[str, Any]) -> None:
        on = clock.today()
        offices = [office_by_code(code).id for code in options["office"]]
        found = list(
            officers_to_lock(actor, on=on, offices=offices, role=options["role"], logins=options["logins"].split(","))
        )
        preview = lock_preview([officer.id for officer in found], on=on)
        for officer in found:
            finding = preview.findings[officer.id]
            self.stdout.write(
                f"{officer.username}\t{finding.open_work}\t{finding.unreviewed}\t{finding.refusal}".rstrip()
            )
        number = services.lock_officers(
            actor=actor, at=clock.now(), officer_ids=[officer.id for officer in found], reason=options["reason"],
            urgent=options["urgent"],
        )  # fmt: skip
        self.stderr.write(f"Đã khóa {number} tài khoản.")

    def _unlock(self, actor: Actor, options: dict[str, Any]) -> None:
        logins = [login for login in options["logins"].split(",") if login.strip()]
        officers = [officer_by_login(login).id for login in logins]
        number = services.unlock_officers(actor=actor, at=clock.now(), officer_ids=officers, reason=options["reason"])
        self.stderr.write(f"Đã mở khóa {number} tài khoản.")


def _new_private_file(path: Path) -> int:
    """A new file that only its owner reads, opened before anything is done: nothing is opened that cannot be told."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise CommandError(f"Không tạo được tệp {path} ({error.strerror}).") from error
