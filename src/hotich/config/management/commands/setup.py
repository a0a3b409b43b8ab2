from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Bring this installation up to date: message catalogues, tables, reference data, static files"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo data too, unless it is there")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        call_command("compile_messages", stdout=self.stdout)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if demo:
            call_command("load_demo", stdout=self.stdout)
        self.stdout.write("set up")
