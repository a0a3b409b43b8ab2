"""A line model in ONNX with CTC output: the model is a file of the installation, named with its checksum.

The model takes `images` [n, 3, 32, width], RGB from 0 to 1, and gives `log_probs` [time, n, symbols]; symbol 0 is the
blank. Needs the optional package onnxruntime (`pip install hotich[ocr]`).
"""

from __future__ import annotations

import hashlib
import json
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy
import numpy.typing

from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import clean_text
from hotich.scans.pages import Pixels
from hotich.scans.reading.engine import Capabilities, Line

HEIGHT = 32
EDGE = 2  # columns of paper added at both ends: a letter at the very edge is read badly
NARROWEST, WIDEST = 16, 4096
BLANK = 0
ENGINE = "onnx-line"

Shares = numpy.typing.NDArray[numpy.float32]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """What the configuration says: paths beside it, checksum of the model and, if given, of its vocabulary."""

    model: Path
    sha256: str
    vocabulary: Path
    vocabulary_sha256: str
    version: str
    reads_handwriting: bool


class OnnxLineEngine:
    """Raises RuleBroken reader_unconfigured | reader_missing | reader_checksum_wrong | reader_model_unfit."""

    def __init__(self, config: Path | None) -> None:
        if config is None:
            raise RuleBroken("reader_unconfigured", engine=ENGINE)
        self.file = _read_config(config)
        model = _checked(self.file.model, self.file.sha256)
        self.symbols = _symbols_of(_checked(self.file.vocabulary, self.file.vocabulary_sha256))
        self.session = _session(model)
        inputs, outputs = self.session.get_inputs(), self.session.get_outputs()
        fits = [one.name for one in inputs] == ["images"] and "log_probs" in [one.name for one in outputs]
        symbols = next((one.shape[-1] for one in outputs if one.name == "log_probs"), None)
        if not fits or (isinstance(symbols, int) and symbols != len(self.symbols)):
            raise RuleBroken("reader_model_unfit", file=self.file.model.name)

    def capabilities(self) -> Capabilities:
        return Capabilities(
            ENGINE,
            f"{self.file.version} {self.file.sha256[:12]}".strip(),
            ("vi",),
            reads_print=True,
            reads_handwriting=self.file.reads_handwriting,
        )

    def read_lines(self, images: Sequence[Pixels]) -> Sequence[Line]:
        return [self._line(image) for image in images]

    def _line(self, image: Pixels) -> Line:
        (likely,) = self.session.run(["log_probs"], {"images": _prepared(image)})
        shares = numpy.exp(numpy.asarray(likely, numpy.float32))[:, 0, :]
        if shares.shape[1] != len(self.symbols):
            raise RuleBroken("reader_model_unfit", file=self.file.model.name)
        return decoded(shares, self.symbols)


def decoded(shares: Shares, symbols: Sequence[str]) -> Line:
    """Greedy CTC: the likeliest symbol of every step, repetitions and blanks taken out.

    As sure as the steps that gave a symbol are on average. The alternative has the least sure symbol replaced by what
    came second there.
    """
    best = shares.argmax(axis=1)
    starts = [t for t in range(len(best)) if best[t] != BLANK and (t == 0 or best[t] != best[t - 1])]
    if not starts:
        return Line("", 0.0)
    sure = [_surest(shares, best, start) for start in starts]
    text = [symbols[best[start]] for start in starts]
    confidence = float(numpy.mean([share for share, _ in sure]))
    weakest = min(range(len(sure)), key=lambda index: sure[index][0])
    second = int(numpy.argsort(shares[sure[weakest][1]])[-2])
    other = text[:weakest] + ([symbols[second]] if second != BLANK else []) + text[weakest + 1 :]
    share = confidence * float(shares[sure[weakest][1], second]) / max(sure[weakest][0], 1e-6)
    return Line(_joined(text), round(confidence, 4), ((_joined(other), round(share, 4)),))


def _surest(shares: Shares, best: Any, start: int) -> tuple[float, int]:
    """The highest share of the run that begins here, and its step."""
    end = start
    while end + 1 < len(best) and best[end + 1] == best[start]:
        end += 1
    step = max(range(start, end + 1), key=lambda index: float(shares[index, best[start]]))
    return float(shares[step, best[start]]), step


def _joined(symbols: Sequence[str]) -> str:
    return clean_text(unicodedata.normalize("NFC", "".join(symbols)))


def _prepared(image: Pixels) -> Shares:
    image = cv2.copyMakeBorder(image, 0, 0, EDGE, EDGE, cv2.BORDER_REPLICATE)  # type: ignore[assignment]
    width = int(numpy.clip(round(image.shape[1] * HEIGHT / image.shape[0] / 4) * 4, NARROWEST, WIDEST))
    way = cv2.INTER_AREA if image.shape[0] > HEIGHT else cv2.INTER_LINEAR
    small = cv2.resize(image, (width, HEIGHT), interpolation=way)
    return numpy.ascontiguousarray(small.transpose(2, 0, 1)[None].astype(numpy.float32) / 255)


def _read_config(path: Path) -> ModelFile:
    """A TOML or JSON file. Raises RuleBroken reader_unconfigured."""
    try:
        content = path.read_text(encoding="utf-8")
        told = json.loads(content) if path.suffix == ".json" else tomllib.loads(content)
        return ModelFile(
            model=path.parent / str(told["model"]),
            sha256=str(told["sha256"]).lower(),
            vocabulary=path.parent / str(told["vocabulary"]),
            vocabulary_sha256=str(told.get("vocabulary_sha256", "")).lower(),
            version=str(told.get("version", "")),
            reads_handwriting=bool(told.get("reads_handwriting", False)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RuleBroken("reader_unconfigured", engine=ENGINE) from error


def _checked(path: Path, sha256: str) -> bytes:
    """The content of a file whose checksum is the one that was written down ("": none was)."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RuleBroken("reader_missing", engine=ENGINE, what=path.name) from error
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise RuleBroken("reader_checksum_wrong", file=path.name)
    return content


def _symbols_of(content: bytes) -> list[str]:
    """From JSON: a list, or {"chars": list}; symbol 0 is the blank. Raises RuleBroken reader_unconfigured."""
    try:
        told = json.loads(content)
        chars = told["chars"] if isinstance(told, dict) else told
        symbols = [str(char) for char in chars]
    except (ValueError, KeyError, TypeError) as error:
        raise RuleBroken("reader_unconfigured", engine=ENGINE) from error
    return ["", *symbols[1:]]


def _session(model: bytes) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise RuleBroken("reader_missing", engine=ENGINE, what="onnxruntime") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no common class of their own
        raise RuleBroken("reader_model_unfit", file="") from error
