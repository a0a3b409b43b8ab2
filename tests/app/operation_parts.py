"""What the tests of operation share: an installation of its own, real commands, real data written by other processes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import psycopg
from prepared_state import copy_prepared_state

TESTS = Path(__file__).parent

# run in a process of its own, inside the installation; prints one JSON object
WRITE = """
import json, sys, django
django.setup()
from django.conf import settings
from records_support import acting, enter, offices
from hotich.files.services import store_file
from hotich.records.models import Record
from records_support import AT
name, count = sys.argv[1], int(sys.argv[2])
(office,) = offices(1)
with acting(office) as actor:
    for number in range(count):
        enter(actor, office, "KS", number=Record.objects.count() + 1, year=2001,
              child_full_name=f"{name} {number}", child_personal_id="066301001234")
        store_file(office_id=office.id, name=f"{name}-{number}.txt", content=f"scan {name} {number}".encode() * 50,
                   media_type="text/plain", actor=actor, at=AT)
    print(json.dumps({"records": Record.objects.count(), "office": office.id}))
"""


class Installation:
    """A state folder, and the commands run on it as a person would."""

    backup: Path  # what a fixture remembers
    before_mistake: datetime

    def __init__(self, state: Path, **more: str) -> None:
        self.state = state
        kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL" and not k.startswith("HOTICH_")}
        path = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
        self.environment = kept | {
            "HOTICH_STATE": str(state), "DJANGO_SETTINGS_MODULE": "hotich.config.settings.dev", "PYTHONPATH": path,
        } | more  # fmt: skip

    def hotich(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run `hotich …` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "hotich", *arguments],
            env=self.environment | more, capture_output=True, text=True, timeout=240,
        )  # fmt: skip

    def works(self, *arguments: str, **more: str) -> str:
        """Run `hotich …`, which must succeed; what it said."""
        done = self.hotich(*arguments, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refuses(self, *arguments: str, **more: str) -> str:
        """Run `hotich …`, which must fail without a traceback; what it said."""
        done = self.hotich(*arguments, **more)
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr

    def run(self, script: str, *arguments: str) -> str:
        """Run Python inside the installation."""
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def write(self, name: str, count: int = 3) -> dict[str, int]:
        """Enter records and store files; how many records there are now."""
        told: dict[str, int] = json.loads(self.run(WRITE, name, str(count)))
        return told

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Ask as the superuser."""
        with self.connect() as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def connect(self) -> psycopg.Connection:
        """The superuser's connection."""
        lines = (self.state / "postgresql" / "data" / "postmaster.pid").read_text().splitlines()
        return psycopg.connect(
            host="127.0.0.1", port=int(lines[3]), user="hotich_super", dbname="hotich", autocommit=True,
            password=(self.state / "secrets" / "superuser").read_text(),
        )  # fmt: skip

    def postmaster(self) -> int:
        """The pid of the server."""
        return int((self.state / "postgresql" / "data" / "postmaster.pid").read_text().splitlines()[0])

    def names(self) -> set[str]:
        """Full names of everybody in the records."""
        return {str(row[0]) for row in self.sql("select full_name from participant where full_name <> ''")}

    def contents_open(self) -> int:
        """How many stored files can be read, every one of them; fails on the first that cannot."""
        script = (
            "import django; django.setup()\n"
            "from hotich.config.operation.checks import contents\nfrom hotich.files.adapters import get\n"
            "print(len([get(sha256) for sha256, size in contents()]))"
        )
        return int(self.run(script))

    def close(self) -> None:
        """Stop the server and remove everything."""
        self.hotich("db", "down")
        subprocess.run(["rm", "-rf", str(self.state)], check=True)


def new_folder(name: str) -> Path:
    """A folder the dropped user of the server can enter."""
    return Path("/tmp") / f"hotich-{name}-{os.getpid()}-{time.monotonic_ns()}"


def path_in(text: str, pattern: str = r"^backup: (\S+)") -> Path:
    """The path a command told."""
    found = re.search(pattern, text, re.M)
    assert found, text
    return Path(found.group(1))


def prepared(name: str) -> Installation:
    """An installation of its own, set up and with its database up: copied, since setting up takes a while."""
    folder = new_folder(name)
    copy_prepared_state(folder)
    made = Installation(folder)
    made.works("db", "up")
    return made
