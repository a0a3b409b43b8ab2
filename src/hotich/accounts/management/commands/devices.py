"""hotich devices ACTION: the register of checked machines from the server, also when nobody can sign in any more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotich.accounts import services
from hotich.accounts.queries import device_actor, devices_of, why_not_good
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.units.queries import office_by_code
from hotich.web.texts import text_of_problem


class Command(BaseCommand):
    help = "Checked machines: list, code ID (to be typed on the machine), revoke ID, require and free (--office CODE)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["list", "code", "revoke", "require", "free"])
        parser.add_argument("device", nargs="?", type=int, help="id of the machine")
        parser.add_argument("--office", default="", help="code of the office (a department of justice: its province)")
        parser.add_argument("--reason", default="", help="why")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        actor, now = device_actor(), clock.now()
        try:
            if action == "list":
                for device in devices_of(actor):
                    why = why_not_good(device, at=now) or ("good" if device.enrolled_at else "not enrolled")
                    self.stdout.write(f"{device.id}\t{device.office.code}\t{device.serial}\t{why}\t{device.name}")
            elif action in {"code", "revoke"}:
                if options["device"] is None:
                    raise CommandError(f"{action} needs the id of the machine (hotich devices list)")
                given = {"actor": actor, "at": now, "device_id": options["device"]}
                if action == "code":
                    self.stdout.write(services.make_device_code(**given))
                else:
                    services.revoke_device(**given, reason=options["reason"])
            else:
                self._rule(actor, now, action == "require", options)
        except RuleBroken as refusal:
            raise CommandError(text_of_problem(refusal)) from refusal

    def _rule(self, actor: Any, now: Any, required: bool, options: dict[str, Any]) -> None:
        if not options["office"]:
            raise CommandError("require and free need --office")
        office = office_by_code(options["office"])
        whole = office.kind == "province"
        services.set_device_rule(
            actor=device_actor(office.id) if whole else actor, at=now, required=required,
            valid_from=clock.in_vietnam(now).date(), reason=options["reason"], office_id=None if whole else office.id,
        )  # fmt: skip
