"""Which engines there are, and reading with one of them in a worker process."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.scans.pages import Pixels
from hotich.scans.reading.engine import OcrEngine, Reading
from hotich.scans.settings import ScanSettings
from hotich.scans.workers import run_isolated

GROUP = "hotich.scan_readers"
SHIPPED = {
    "null": "hotich.scans.reading.engine:NullEngine",
    "tesseract": "hotich.scans.reading.tesseract:TesseractEngine",
    "onnx-line": "hotich.scans.reading.onnx_line:OnnxLineEngine",
}
IN_A_WORKER = "hotich.scans.reading.read:read_here"
ASKED = tuple[str, str, Sequence[Pixels]]

Maker = Callable[[Path | None], OcrEngine]


def engine_names() -> list[str]:
    """Those shipped and those of installed packages, by name."""
    return sorted({*SHIPPED, *(point.name for point in entry_points(group=GROUP))})


def read_scans(
    items: Iterable[tuple[Hashable, Sequence[Pixels]]], settings: ScanSettings
) -> Iterator[tuple[Hashable, Reading]]:
    """Read pictures of lines with the engine of the settings, as they are ready; nothing where none is chosen.

    An item that ends the engine, takes too long or is refused comes back without lines and with a code. Raises
    RuleBroken reader_unknown.
    """
    name = settings.reader
    if not name:
        return
    if name not in engine_names():
        raise RuleBroken("reader_unknown", engine=name, known=", ".join(engine_names()))
    asked = ((identity, (name, settings.reader_config, list(images))) for identity, images in items)
    limits: dict[str, Any] = {"seconds": settings.reader_seconds, "memory": settings.reader_memory}
    for outcome in run_isolated(IN_A_WORKER, asked, jobs=1, **limits):
        yield outcome.id, outcome.value if outcome.is_done else Reading((), name, "", outcome.code)


def read_here(asked: ASKED) -> Reading:
    """Called in the worker, which keeps the engine from item to item."""
    name, config, images = asked
    engine = _engine(name, config)
    told = engine.capabilities()
    lines = tuple(engine.read_lines(images))
    if len(lines) != len(images):
        raise RuleBroken("reader_failed", engine=name)
    return Reading(lines, told.id, told.version)


def reader_problem(settings: ScanSettings) -> RuleBroken | None:
    """Why the engine of the settings cannot run on this machine; None when it can, or when none is named.

    It is made in a worker process, as it is to read: the same libraries, the same limits.
    """
    name = settings.reader
    if not name:
        return None
    if name not in engine_names():
        return RuleBroken("reader_unknown", engine=name, known=", ".join(engine_names()))
    asked: list[tuple[Hashable, ASKED]] = [(0, (name, settings.reader_config, []))]
    limits: dict[str, Any] = {"seconds": settings.reader_seconds, "memory": settings.reader_memory}
    for outcome in run_isolated(IN_A_WORKER, asked, jobs=1, **limits):
        if outcome.code:
            return RuleBroken(outcome.code, **dict(outcome.params))
    return None


def engine_of(settings: ScanSettings) -> OcrEngine:
    """The engine itself, kept from item to item: for functions that run in a worker. Raises RuleBroken reader_…."""
    return _engine(settings.reader, settings.reader_config)


@cache
def _engine(name: str, config: str) -> OcrEngine:
    return _maker(name)(Path(config) if config else None)


def _maker(name: str) -> Maker:
    from importlib.metadata import EntryPoint

    shipped = SHIPPED.get(name)
    if shipped is not None:
        point = EntryPoint(name, shipped, GROUP)
    else:
        found = list(entry_points(group=GROUP, name=name))
        if not found:
            raise RuleBroken("reader_unknown", engine=name, known=", ".join(engine_names()))
        point = found[0]
    maker: Maker = point.load()
    return maker
