"""hotich officer ACTION LOGIN: what an administrator does for an account, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotich.accounts import services
from hotich.accounts.queries import command_actor, officer_by_login, posts_of
from hotich.accounts.rules.roles import ROLES
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.queries import office_by_code
from hotich.web.texts import text_of_problem

ACTIONS: dict[str, Callable[..., Any]] = {
    "reset-password": services.reset_password,
    "reset-second-factor": services.reset_second_factor,
    "lock": services.lock_officer,
    "unlock": services.unlock_officer,
}


class Command(BaseCommand):
    help = "Help an officer's account: posts, give-post, end-post, reset-password, reset-second-factor, lock, unlock."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["posts", "give-post", "end-post", *ACTIONS])
        parser.add_argument("login")
        parser.add_argument("--office", help="code of the office (for posts)")
        parser.add_argument("--role", choices=sorted(ROLES), help="role (for posts)")
        parser.add_argument("--day", type=date.fromisoformat, help="first or last day of the post (today)")

    def handle(self, *args: Any, action: str, login: str, **options: Any) -> None:
        try:
            officer, actor = officer_by_login(login), command_actor()
            if action == "posts":
                for post in posts_of(officer):
                    until = post.valid_to or ""
                    self.stdout.write(
                        f"{post.office.code}\t{post.role}\t{post.valid_from}\t{until}\t{post.office.name}"
                    )
            elif action in ACTIONS:
                result = ACTIONS[action](actor=actor, at=clock.now(), officer_id=officer.id)
                if result:
                    self.stdout.write(f"{officer.username}\t{result}")
            else:
                self._change_post(actor, officer.id, action, options)
        except RuleBroken as refusal:
            raise CommandError(text_of_problem(refusal)) from refusal

    def _change_post(self, actor: Actor, officer_id: int, action: str, options: dict[str, Any]) -> None:
        if not options["office"] or not options["role"]:
            raise CommandError("give-post and end-post need --office and --role")
        office, now = office_by_code(options["office"]), clock.now()
        day = options["day"] or clock.in_vietnam(now).date()
        if action == "give-post":
            services.give_post(
                actor=actor, at=now, officer_id=officer_id, office_id=office.id, role=options["role"], valid_from=day
            )
            return
        services.end_post(
            actor=actor, at=now, officer_id=officer_id, office_id=office.id, role=options["role"], valid_to=day
        )
