from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from hotich.database.scope import office_scope
from hotich.files.queries import read_file
from hotich.intake.management.line import LineCommand, content_of, must_be_writable, write_whole
from hotich.intake.queries.actors import actor_of_login
from hotich.intake.queries.batches import dispatch_counts
from hotich.intake.services.dispatch import make_dispatch_file, record_response
from hotich.intake.services.dispatch_changes import refresh_dispatch
from hotich.kernel import clock
from hotich.units.queries import office_by_code


class Command(LineCommand):
    help = (
        "The queue to the Ministry: status, a file of what waits, the answer to a file, what changed since it was sent"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=("status", "send", "answer", "refresh"))
        parser.add_argument("file", type=Path, nargs="?", metavar="FILE.xlsx", help="written by send, read by answer")
        parser.add_argument("--office", default="", metavar="CODE", help="all offices for refresh, else needed")
        parser.add_argument("--type", dest="register_type", default="KS", metavar="KS")
        parser.add_argument("--as", dest="login", default="", metavar="LOGIN")

    def work(self, **options: Any) -> None:
        # what changed since it was sent is told with it, and counted
        queued = refresh_dispatch(at=clock.now())
        if options["act"] == "refresh":
            self.stdout.write(f"{queued} bản ghi đã thay đổi sau khi gửi được đưa vào hàng chờ.")
            return
        if not options["office"]:
            self.refuse("--office CODE?")
        office = office_by_code(options["office"])
        actor = actor_of_login(options["login"], office, "dispatch.send")
        letters, path = options["register_type"].upper(), options["file"]
        if options["act"] == "status":
            with office_scope(actor.office_ids):
                for state, number in dispatch_counts([office.id]).items():
                    self.stdout.write(f"{state}\t{number}")
            return
        if path is None:
            self.refuse("FILE.xlsx?")
        if options["act"] == "send":
            must_be_writable(path)
            stored = make_dispatch_file(actor=actor, at=clock.now(), office_id=office.id, register_type=letters)
            write_whole(path, read_file(stored))
            self.stdout.write(f"Đã ghi {path}; các dòng trong tệp được đánh dấu đã gửi.")
            return
        answered = record_response(
            actor=actor, at=clock.now(), office_id=office.id, register_type=letters, content=content_of(path)
        )
        self.stdout.write(f"Đã tiếp nhận {answered.acknowledged}, bị từ chối {answered.rejected}.")
