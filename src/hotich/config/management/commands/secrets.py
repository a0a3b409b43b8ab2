from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotich.accounts.queries import command_actor
from hotich.config.operation import places, secret_ages, secrets_box, serving
from hotich.config.operation.services import rotation
from hotich.database import launcher
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.web.texts import text_of_problem

ACTIONS = ["list", "rotate", "forget", "recovery-key"]


class Command(BaseCommand):
    help = "The secrets of this installation: list, rotate NAME, forget NAME, recovery-key"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=ACTIONS)
        parser.add_argument("name", nargs="?", help=f"one of {', '.join(rotation.STEPS)}")
        parser.add_argument("--status", action="store_true", help="rotate: only say how far it is")

    def handle(self, *args: Any, action: str, name: str | None, status: bool, **options: Any) -> None:
        try:
            if action == "list":
                self.show(clock.now())
            elif action == "recovery-key":
                self.recovery_key()
            elif not name or name not in rotation.STEPS:
                raise CommandError(f"which secret? One of {', '.join(rotation.STEPS)}")
            elif status:
                self.tell(name, rotation.status(name))
            elif action == "forget":
                rotation.forget(name=name, actor=command_actor(), at=clock.now())
                self.stdout.write(f"{name}: former secrets are destroyed")
            else:
                self.rotate(name)
        except RuleBroken as error:
            raise CommandError(text_of_problem(error, "en")) from error
        except launcher.LauncherError as error:
            raise CommandError(str(error)) from error

    def rotate(self, name: str) -> None:
        """Exchange one secret and everything under it."""
        if name == "database" and launcher.uses_server():
            raise CommandError(
                "DATABASE_URL names a server: alter role hotich_app password '…' there, change the URL, start hotich again"
            )
        if rotation.STEPS[name].still and serving.is_served():
            raise CommandError(f"stop hotich serve first: {name} cannot be exchanged under running work")
        progress = rotation.rotate(name=name, actor=command_actor(), at=clock.now(), say=self.stdout.write)
        self.tell(name, progress)
        if name in secrets_box.OF_DATA:
            self.stdout.write("take a backup now; former backups open with the secrets sealed in them")

    def tell(self, name: str, progress: rotation.Progress) -> None:
        """One line: how much is under the present secret."""
        waiting = ", under way" if rotation.is_under_way(name) else ""
        self.stdout.write(f"{name}: {progress.done} of {progress.total} under the present secret{waiting}")

    def show(self, now: datetime) -> None:
        """A line a secret: age in days, how many former ones are kept."""
        for item in secret_ages.ages(now):
            age = "given by the environment" if item.days is None else f"{item.days} days old"
            former = f", {item.former} former kept" if item.former else ""
            due = ", due" if item.due else ""
            self.stdout.write(f"{item.name}: {age}{former}{due}")
        if not places.recovery_public_key().exists():
            self.stdout.write("recovery-key: none yet; backups hold no secrets")

    def recovery_key(self) -> None:
        """Print a new one, once."""
        self.stdout.write(secrets_box.make_recovery_key())
        self.stderr.write(
            "Write this key down or print it, check it, and lock it away apart from the backups; it is kept nowhere here. "
            "It opens the secrets of every backup made from now on; keep the former key for the backups before."
        )
