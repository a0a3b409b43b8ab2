"""What a reading engine is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hotich.scans.pages import Pixels


@dataclass(frozen=True, slots=True)
class Capabilities:
    """`id` and `version` stand in every note made with the engine: the version names the model, not only the program."""

    id: str
    version: str
    languages: tuple[str, ...] = ()
    reads_print: bool = False
    reads_handwriting: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line as read: NFC text, how sure the engine is (0…1), what else it may be, likeliest first."""

    text: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine made of the pictures of one item, a line each. `code`: why it made nothing of them, else ""."""

    lines: tuple[Line, ...]
    engine: str
    version: str
    code: str = ""


class OcrEngine(Protocol):
    """A plug-in: a class (or function) of the entry point group `hotich.scan_readers` makes one from `config`.

    `config`: the file the installation names for it, None when it names none. It is made and called in a worker
    process, one at a time, and may raise RuleBroken; it works on this machine only: pages are personal data.
    """

    def capabilities(self) -> Capabilities: ...

    def read_lines(self, images: Sequence[Pixels]) -> Sequence[Line]:
        """One line for each picture of one line (RGB); text "" and confidence 0 where nothing is read."""
        ...


class NullEngine:
    """Reads nothing: what an installation has that has chosen no engine."""

    def __init__(self, config: Path | None) -> None:
        pass

    def capabilities(self) -> Capabilities:
        return Capabilities("null", "1")

    def read_lines(self, images: Sequence[Pixels]) -> Sequence[Line]:
        return [Line("", 0.0) for _ in images]
