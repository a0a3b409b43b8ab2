import random
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotich.config.operation import checks
from hotich.files import adapters
from hotich.kernel.problems import RuleBroken
from hotich.web.texts import text_of_problem

ACTIONS = ["check", "bring"]


class Command(BaseCommand):
    help = "The storage of files (folder or S3): check that every file is there, bring FOLDER to copy what it lacks"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=ACTIONS)
        parser.add_argument("folder", nargs="?", type=Path, help="bring: a folder files/ of a state or of a backup")
        parser.add_argument("--all", action="store_true", help="check: open every file, not a sample")

    def handle(self, *args: Any, action: str, folder: Path | None, **options: Any) -> None:
        try:
            if action == "bring":
                self.bring(folder)
            else:
                self.check_files(every=options["all"])
        except RuleBroken as error:
            raise CommandError(text_of_problem(error, "en")) from error

    def bring(self, folder: Path | None) -> None:
        """Copy sealed contents into the storage; what is there whole is not touched."""
        if folder is None or not folder.is_dir():
            raise CommandError("which folder? The one named files/ of a state or of a backup")
        wanted = checks.contents()
        lacked = [sha256 for sha256, size in wanted if not adapters.holds(sha256, size)]
        checks.bring(wanted, [folder.resolve()])
        left = [sha256 for sha256, size in wanted if not adapters.holds(sha256, size)]
        self.stdout.write(f"{len(wanted)} files: {len(lacked) - len(left)} brought, {len(left)} still missing")
        if left:
            raise CommandError(f"missing, the first of them: {left[0]}")

    def check_files(self, *, every: bool) -> None:
        """Count what is missing, open a sample or all."""
        wanted = checks.contents()
        there = [sha256 for sha256, size in wanted if adapters.holds(sha256, size)]
        opened = there if every else random.sample(there, min(checks.SAMPLE, len(there)))
        damaged = [sha256 for sha256 in opened if not adapters.can_be_read(sha256)]
        for sha256 in sorted({sha256 for sha256, _ in wanted} - set(there)):
            self.stdout.write(f"missing: {sha256}")
        for sha256 in damaged:
            self.stdout.write(f"damaged, or under a key that is not here: {sha256}")
        good = len(there) - len(damaged)
        self.stdout.write(f"{good} of {len(wanted)} files are whole, {len(opened)} of them opened and hashed")
        if good < len(wanted):
            raise CommandError(f"{len(wanted) - good} file(s) are missing or damaged")
