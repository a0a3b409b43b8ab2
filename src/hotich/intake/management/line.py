"""What the commands of intake share: refusals become one line on standard error and exit code 2."""

from __future__ import annotations

import os
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError

from hotich.kernel.problems import RuleBroken
from hotich.web.texts import text_of_problem


class LineCommand(BaseCommand, ABC):
    """A command that says in one line why it cannot do its work. Subclasses implement `work`."""

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.work(**options)
        except RuleBroken as refusal:
            self.refuse(text_of_problem(refusal))
        except DatabaseError as error:
            self.refuse(f"database: {str(error).splitlines()[0] if str(error) else type(error).__name__}")

    @abstractmethod
    def work(self, **options: Any) -> None:
        """What the command does. Raises RuleBroken for what cannot be done."""

    def refuse(self, text: str) -> None:
        """One line, then exit code 2."""
        sys.stderr.write(f"hotich: {' '.join(text.split())}\n")
        sys.exit(2)


def content_of(path: Path) -> bytes:
    """A file that was named on the command line. Raises RuleBroken file_not_found."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise RuleBroken("file_not_found", file=str(path)) from error


def must_be_writable(path: Path) -> None:
    """Found out before the work, not after it. Raises RuleBroken report_not_writable."""
    folder = path.parent
    if path.is_dir() or not folder.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise RuleBroken("report_not_writable", file=str(path))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it. Raises RuleBroken report_not_writable."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise RuleBroken("report_not_writable", file=str(path)) from error
