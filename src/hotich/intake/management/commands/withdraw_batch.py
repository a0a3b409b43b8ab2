from typing import Any

from django.core.management.base import CommandParser

from hotich.intake.management.line import LineCommand
from hotich.intake.queries.actors import actor_of_batch
from hotich.intake.services.withdrawal import withdraw_batch
from hotich.kernel import clock


class Command(LineCommand):
    help = "Take back a whole batch, as long as nothing of it is approved"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", metavar="BATCH")
        parser.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="the officer who withdraws it")

    def work(self, **options: Any) -> None:
        actor, batch_id = actor_of_batch(options["login"], options["batch"], "batch.withdraw")
        batch = withdraw_batch(actor=actor, at=clock.now(), batch_id=batch_id)
        self.stdout.write(f"Đã rút đợt nhập {batch.id} ({batch.source_name}).")
