from typing import Any

from django.core.management.base import CommandParser

from hotich.database.scope import office_scope
from hotich.intake.management.line import LineCommand
from hotich.intake.queries.actors import actor_of_batch
from hotich.intake.queries.batches import held_cases
from hotich.intake.services.approval import approve_batch
from hotich.kernel import clock
from hotich.web.texts import text_of_problem

MOST_LINES = 50


class Command(LineCommand):
    help = "Approve every waiting case of a batch, as a second officer"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", metavar="BATCH")
        parser.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="the officer who approves")

    def work(self, **options: Any) -> None:
        actor, batch_id = actor_of_batch(options["login"], options["batch"], "case.approve")
        done = approve_batch(actor=actor, at=clock.now(), batch_id=batch_id)
        with office_scope(actor.office_ids):
            held = held_cases(batch_id).count()
        for row, refusal in done.refused[:MOST_LINES]:
            self.stdout.write(f"dòng {row}: {text_of_problem(refusal)}")
        self.stdout.write(
            f"Đã duyệt {len(done.approved)} dòng thành {done.records} bản ghi; "
            f"{len(done.refused)} dòng chưa duyệt được, {held} dòng còn phải sửa."
        )
