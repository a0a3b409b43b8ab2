"""What a batch asks of a worker and gets back; loads none of the imaging libraries."""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from hotich.scans.pages import Verdict
from hotich.scans.settings import ScanSettings

Splitting = Literal["none", "grid"]
LIBRARIES = ("numpy", "opencv-python-headless", "pillow", "pikepdf", "pypdfium2")


@dataclass(frozen=True, slots=True)
class FileOrder:
    """`sha256`: of the content the batch expects; `title`: of the PDF. `dpi`: where the file states none, else None."""

    path: str
    name: str
    title: str
    sha256: str
    settings: ScanSettings
    paper: str = ""
    dpi: float | None = None
    split: Splitting = "none"
    is_cropped: bool = False


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: `number` from 1 on, 0 when the file is one case. `pdf` is empty when there is not even a best try."""

    number: int
    pdf: bytes
    dpi: int
    method: str
    gate: dict[str, Any]
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class FileResult:
    """`fingerprints`: one a page that could be read, with its number from 1."""

    cases: tuple[CaseResult, ...]
    fingerprints: tuple[tuple[int, str], ...]


@cache
def pipeline_version() -> str:
    """Changes when the code of the pipeline or a library it draws with does: what was made before is made again."""
    here = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*.py")):
        digest.update(str(path.relative_to(here)).encode() + b"\0" + path.read_bytes())
    for library in LIBRARIES:
        digest.update(f"{library} {importlib.metadata.version(library)}\n".encode())
    return digest.hexdigest()[:16]


def settings_key(order: FileOrder) -> str:
    """What besides the content decides the PDFs of a file: two orders with the same key give the same bytes."""
    facts = asdict(order)
    del facts["path"]
    told = repr(sorted(facts.items())) + pipeline_version()
    return hashlib.sha256(told.encode()).hexdigest()
