import argparse
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotich.audit import adapters, services
from hotich.audit.models import Archive
from hotich.audit.queries.safeguards import anchor_last_found_whole
from hotich.audit.rules.chain import ChainFault
from hotich.audit.rules.faults import where
from hotich.audit.services import Anchors
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.web.texts import text_of, text_of_problem

SYSTEM = Actor(login="system", office_id=0, rights=frozenset({"audit.export", "audit.verify"}))
ACTIONS = ("verify", "anchor", "exchange-key", "keys", "export", "archive", "open-archive")
FAULTY = 1  # exit code of a trail that is not whole; 2 for a command that was refused


class Command(BaseCommand):
    help = (
        "The audit trail: `verify` says what was changed, removed or inserted; `anchor` seals where every chain stands; "
        "`exchange-key`, `keys` (public); `export FILE` for the verifier scripts/verify_audit.py; `archive --office N "
        "--before DAY`; `open-archive FILE`"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.add_argument("action", choices=ACTIONS)
        parser.add_argument("file", nargs="?", type=Path, help="of export and open-archive")
        parser.add_argument("--office", type=int, help="the chain of one office only (its number)")
        parser.add_argument("--anchors", type=Path, help="verify against this file of anchors (a copy kept elsewhere)")
        parser.add_argument(
            "--keys", type=Path, help="verify by these public keys (a copy of keys.json kept elsewhere)"
        )
        parser.add_argument(
            "--since-anchor", type=int, nargs="?", const=-1, metavar="NUMBER",
            help="verify only what came after this anchor; without a number: up to which all was found whole last",
        )  # fmt: skip
        parser.add_argument("--new-file", action="store_true", help="anchor: begin a new file")
        parser.add_argument(
            "--accept-loss", metavar="REASON", help="anchor: chains went back with a restore that was meant"
        )
        parser.add_argument("--before", type=date.fromisoformat, metavar="YYYY-MM-DD", help="archive: what is older")
        parser.add_argument("--lang", choices=["vi", "en"], default="vi")

    def handle(self, *args: Any, action: str, lang: str, **options: Any) -> None:
        try:
            getattr(self, action.replace("-", "_"))(lang=lang, **options)
        except RuleBroken as refusal:
            raise CommandError(f"{refusal.code}: {text_of_problem(refusal, lang)}", returncode=2) from refusal

    def verify(
        self, office: int | None, anchors: Path | None, keys: Path | None, since_anchor: int | None, lang: str, **_: Any
    ) -> None:
        if anchors and not anchors.exists():
            raise CommandError(f"there is no file {anchors}", returncode=2)
        since = anchor_last_found_whole() if since_anchor == -1 else since_anchor
        found = services.verify_chains(office=office, since_anchor=since, anchors=Anchors(anchors, keys))
        if office is None and not anchors and not keys:
            services.keep_verification(at=clock.now(), actor=SYSTEM, found=found)
        for note in found.notes:
            self.stdout.write(_told(note, lang))
        for fault in found.faults:
            self.stdout.write(_told(fault, lang))
            self.stdout.write(f"    {text_of(f'{fault.code}_todo', lang=lang)}")
        if found.faults:
            raise CommandError(f"{len(found.faults)} fault(s) in {found.chains} chain(s)", returncode=FAULTY)
        against = f"anchor {found.anchor_number}" if found.anchor_number else "no anchor: a cut tail would not show"
        part = f" since anchor {since}" if since else ""
        self.stdout.write(f"{found.chains} chain(s), {found.entries} entries{part}: whole ({against})")

    def anchor(self, new_file: bool, accept_loss: str | None, **_: Any) -> None:
        now = clock.now()
        if accept_loss is not None:
            taken = services.accept_loss(actor=SYSTEM, at=now, reason=accept_loss)
        else:
            taken = services.take_anchor(at=now, new_file=new_file)
        self.stdout.write(f"anchor {taken.number}: {taken.chains} chain(s), {taken.entries} entries, root {taken.root}")
        self.stdout.write(f"in {adapters.anchor_file()}: keep a copy on another machine")

    def exchange_key(self, **_: Any) -> None:
        taken = services.exchange_anchor_key(actor=SYSTEM, at=clock.now())
        self.stdout.write(f"anchor {taken.number}, signed by {taken.key_id}, names the key that signs from now on:")
        self.keys()

    def keys(self, **_: Any) -> None:
        in_use = adapters.signing_key().id
        for key, public in adapters.public_keys().items():
            self.stdout.write(f"{key}  {public.hex()}{'  in use' if key == in_use else ''}")
        self.stdout.write(f"in {adapters.anchor_folder() / adapters.KEYS}: keep a copy on another machine")

    def export(self, file: Path | None, office: int | None, **_: Any) -> None:
        if file is None or file.exists():
            raise CommandError("name a file that does not exist yet", returncode=2)
        offices, now = (None if office is None else [office]), clock.now()
        services.note_export(actor=SYSTEM, at=now, offices=offices)
        self.stdout.write(f"{services.export_chains(path=file, at=now, offices=offices)} lines in {file}")

    def archive(self, office: int | None, before: date | None, **_: Any) -> None:
        if office is None or before is None:
            raise CommandError("name the chain (--office) and the day (--before)", returncode=2)
        now: datetime = clock.now()
        done: Archive = services.archive_chain(
            actor=SYSTEM, at=now, office_id=office, before=before, years_online=settings.HOTICH_AUDIT_YEARS_ONLINE
        )
        self.stdout.write(
            f"entries {done.first_sequence}–{done.sequence} of chain {office} are in {done.file_name} "
            f"(sha256 {done.sha256}, anchor {done.anchor_number})"
        )

    def open_archive(self, file: Path | None, **_: Any) -> None:
        if file is None or not file.exists():
            raise CommandError("name the file with the sealed details", returncode=2)
        for line in services.open_archived_details(file):
            self.stdout.write(line.decode())


def _told(fault: ChainFault, lang: str) -> str:
    place = where(office=fault.office, sequence=fault.sequence, through=fault.through, anchor=fault.anchor)
    return f"{fault.code}: {f'{place}: ' if place else ''}{text_of(fault.code, lang=lang)}"
