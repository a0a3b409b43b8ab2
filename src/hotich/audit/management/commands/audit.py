from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotich.audit import queries
from hotich.database.scope import office_scope


class Command(BaseCommand):
    help = "The audit trail: `hotich audit verify` finds a changed, removed or inserted row and says which"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["verify"])
        parser.add_argument("--office", type=int, help="the chain of one office only (its number)")

    def handle(self, *args: Any, action: str, office: int | None, **options: Any) -> None:
        offices = [office] if office else queries.chain_offices()
        entries = faults = 0
        for number in offices:
            # a chain names subjects of the offices its officers may see; one office at a time, never all at once
            with office_scope(queries.subject_offices(number)):
                entries += queries.length_of_chain(number)
                for fault in queries.faults_of_chain(number):
                    faults += 1
                    self.stdout.write(f"office {number}, entry {fault.sequence}: {fault.code}")
        if faults:
            raise CommandError(f"{faults} fault(s) in {len(offices)} chain(s)")
        self.stdout.write(f"{len(offices)} chain(s), {entries} entries: whole")
