"""hotich totp LOGIN: the code of a demo officer's authenticator, for signing in to the demo."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotich.accounts.queries import demo_code, officer_by_login
from hotich.accounts.rules.one_time_codes import PERIOD_SECONDS
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.web.texts import text_of_problem


class Command(BaseCommand):
    help = "Print the code to sign in with, of a demo officer. Refuses on anything but demo data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")

    def handle(self, *args: Any, login: str, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(text_of_problem(RuleBroken("not_a_demo")))
        try:
            officer = officer_by_login(login)
            code = demo_code(officer, at=clock.now())
            if code is None:
                self.stderr.write("Mã của lúc này đã được dùng, đang đợi mã tiếp theo…")
            while code is None:  # a code is accepted once; the next one comes within the period
                time.sleep(PERIOD_SECONDS / 30)
                code = demo_code(officer, at=clock.now())
        except RuleBroken as refusal:
            raise CommandError(text_of_problem(refusal)) from refusal
        self.stdout.write(code)
