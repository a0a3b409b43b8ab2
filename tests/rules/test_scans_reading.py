"""Reading by machine: engines in a worker process, and the little that their readings are used for."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy
import pytest
from fontpkg_noto_serif import ROOT as NOTO_SERIF
from onnx_parts import BLUE, GREEN, RED, SYMBOLS, stripes, tiny_model
from PIL import Image, ImageDraw, ImageFont

from hotich.kernel.problems import RuleBroken
from hotich.scans.messages import MESSAGES
from hotich.scans.pages import FlatPage, Pixels
from hotich.scans.reading import (
    Line,
    Note,
    Reading,
    case_number,
    engine_names,
    number_places,
    page_order,
    read_scans,
    second_opinion,
)
from hotich.scans.settings import ScanSettings

SETTINGS = ScanSettings()


def printed(text: str, size: tuple[int, int] = (900, 80)) -> Pixels:
    image = Image.new("RGB", size, (250, 250, 250))
    font = ImageFont.truetype(str(next(Path(NOTO_SERIF).rglob("NotoSerif[[]*.ttf"))), 46)
    ImageDraw.Draw(image).text((20, 6), text, fill=(20, 20, 20), font=font)
    return numpy.asarray(image)


def read(reader: str, *images: Pixels, config: Path | None = None, **limits: Any) -> Reading:
    settings = replace(SETTINGS, reader=reader, reader_config=str(config or ""), **limits)
    ((identity, reading),) = read_scans([("page 1", images)], settings)
    assert identity == "page 1"
    return reading


def said(*lines: tuple[str, float], others: Sequence[tuple[str, float]] = ()) -> Reading:
    return Reading(tuple(Line(text, sure, tuple(others)) for text, sure in lines), "test", "1")


# ---- engines


def test_no_engine_is_active_by_default() -> None:
    assert SETTINGS.reader == "" and list(read_scans([("page 1", [printed("x")])], SETTINGS)) == []
    assert {"null", "tesseract", "onnx-line"} <= set(engine_names())


def test_an_engine_that_is_not_there_is_told_before_anything_is_read() -> None:
    with pytest.raises(RuleBroken) as caught:
        read("abbyy", printed("x"))
    assert caught.value.code == "reader_unknown" and "tesseract" in caught.value.params["known"]


def test_the_null_engine_reads_nothing() -> None:
    assert read("null", printed("x"), printed("y")) == Reading((Line("", 0.0), Line("", 0.0)), "null", "1")


def test_an_engine_of_another_package_is_found_by_its_entry_point(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "loud_reader.py").write_text(
        "from hotich.scans.reading import Capabilities, Line\n"
        "class Loud:\n"
        "    def __init__(self, config): self.word = config.read_text()\n"
        "    def capabilities(self): return Capabilities('loud', '7')\n"
        "    def read_lines(self, images): return [Line(self.word, 1.0) for _ in images]\n"
    )
    package = tmp_path / "loud_reader-7.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: loud-reader\nVersion: 7\n")
    (package / "entry_points.txt").write_text("[hotich.scan_readers]\nloud = loud_reader:Loud\n")
    (tmp_path / "config").write_text("HELLO")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "loud" in engine_names()
    assert read("loud", printed("x"), config=tmp_path / "config") == Reading((Line("HELLO", 1.0),), "loud", "7")


@pytest.mark.skipif(
    not shutil.which("tesseract") and not os.environ.get("HOTICH_REQUIRE_ALL"), reason="tesseract is not installed"
)
def test_tesseract_reads_print() -> None:
    reading = read("tesseract", printed("Sổ đăng ký khai sinh năm 1996"), numpy.full((60, 400, 3), 250, numpy.uint8))
    assert reading.code == "" and reading.engine == "tesseract"
    assert reading.lines[0].text == "Sổ đăng ký khai sinh năm 1996" and reading.lines[0].confidence > 0.6
    assert reading.lines[1] == Line("", 0.0)
    assert reading.version.startswith("tesseract ") and ", vie " in reading.version


def test_an_engine_that_takes_too_long_costs_its_item_only(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "slow_reader.py").write_text(
        "import time\n"
        "from hotich.scans.reading import Capabilities, Line\n"
        "class Slow:\n"
        "    def __init__(self, config): pass\n"
        "    def capabilities(self): return Capabilities('slow', '1')\n"
        "    def read_lines(self, images):\n"
        "        if len(images) == 1: time.sleep(600)\n"
        "        return [Line('x', 1.0) for _ in images]\n"
    )
    package = tmp_path / "slow_reader-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-reader\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[hotich.scan_readers]\nslow = slow_reader:Slow\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    settings = replace(SETTINGS, reader="slow", reader_seconds=1.0)
    one, two = [printed("x")], [printed("x"), printed("y")]
    readings = dict(read_scans([("one", one), ("two", two)], settings))
    assert (readings["one"].code, readings["one"].lines) == ("worker_timeout", ())
    assert (readings["two"].code, len(readings["two"].lines)) == ("", 2)


# ---- the line model


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The configuration of a real model beside it."""
    (tmp_path / "tiny.onnx").write_bytes(tiny_model())
    (tmp_path / "vocab.json").write_text(json.dumps({"chars": SYMBOLS}))
    checksum = hashlib.sha256(tiny_model()).hexdigest()
    path = tmp_path / "reader.toml"
    path.write_text(f'model = "tiny.onnx"\nvocabulary = "vocab.json"\nsha256 = "{checksum}"\nversion = "tiny 1"\n')
    return path


def test_a_line_model_reads_with_its_vocabulary(model: Path) -> None:
    reading = read("onnx-line", stripes(RED, RED, GREEN, BLUE), stripes(), config=model)
    assert (reading.code, reading.engine) == ("", "onnx-line")
    assert reading.version == f"tiny 1 {hashlib.sha256(tiny_model()).hexdigest()[:12]}"
    first, second = reading.lines
    assert first.text == "112ó" and first.confidence > 0.95, "a repetition with paper between counts; text is NFC"
    assert second == Line("", 0.0)


def test_a_symbol_between_two_is_told_with_its_rival(model: Path) -> None:
    (line,) = read("onnx-line", stripes(RED, (0.56, 0.44, 0.0)), config=model).lines
    assert line.text == "11" and line.confidence < 0.9
    assert line.alternatives[0][0] == "12" and 0.2 < line.alternatives[0][1] < line.confidence


def test_a_model_that_is_not_the_one_written_down_is_refused(model: Path) -> None:
    content = bytearray((model.parent / "tiny.onnx").read_bytes())
    content[-1] ^= 1
    (model.parent / "tiny.onnx").write_bytes(content)
    assert read("onnx-line", stripes(RED), config=model).code == "reader_checksum_wrong"


@pytest.mark.parametrize("made", [{"symbols": 7}, {"output": "scores"}, None])
def test_a_model_of_another_shape_is_refused(model: Path, made: dict[str, Any] | None) -> None:
    content = tiny_model(**made) if made is not None else b"no model at all"
    before = hashlib.sha256(tiny_model()).hexdigest()
    (model.parent / "tiny.onnx").write_bytes(content)
    model.write_text(model.read_text().replace(before, hashlib.sha256(content).hexdigest()))
    assert read("onnx-line", stripes(RED), config=model).code == "reader_model_unfit"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("", "reader_unconfigured"),
        ("model = ", "reader_unconfigured"),
        ('model = "tiny.onnx"\nvocabulary = "vocab.json"', "reader_unconfigured"),  # no checksum
        ('model = "gone.onnx"\nvocabulary = "vocab.json"\nsha256 = "0"', "reader_missing"),
    ],
)
def test_a_configuration_that_is_not_whole_is_refused(model: Path, told: str, code: str) -> None:
    model.write_text(told)
    assert read("onnx-line", stripes(RED), config=model).code == code


def test_without_a_configuration_there_is_no_line_model() -> None:
    assert read("onnx-line", stripes(RED)).code == "reader_unconfigured"


# ---- uses


@pytest.mark.parametrize("text", ["127", "Số 127", "số: 127.", "No 127", "(127)", "- 127 -", "Trang 127"])
def test_a_number_the_engine_is_sure_of_is_proposed(text: str) -> None:
    assert case_number(said((text, 0.95)), SETTINGS) == 127


@pytest.mark.parametrize(
    "reading",
    [
        said(("127", 0.92)), said(("l27", 0.99)), said(("127/2006", 0.99)), said(("", 0.0)), said(("0", 0.99)),
        said(("127", 0.99), ("128", 0.99)), said(("127", 0.95), others=[("121", 0.3)]), said(("1234567", 0.99)),
    ],
    ids=lambda reading: " ".join(line.text for line in reading.lines),
)  # fmt: skip
def test_a_number_there_is_doubt_about_is_not_proposed(reading: Reading) -> None:
    assert case_number(reading, SETTINGS) is None


def test_pages_are_ordered_by_the_numbers_in_the_band_that_has_them() -> None:
    pages = [
        {"top right": said(("13", 0.99)), "bottom left": said(("7", 0.99))},
        {"top left": said(("12", 0.99))},
        {"top right": said(("?", 0.2))},
        {"top left": said(("16", 0.99)), "bottom middle": said(("7", 0.99))},
        {"top right": said(("13", 0.99))},
    ]
    order = page_order(pages, SETTINGS)
    assert order.numbers == (13, 12, None, 16, 13)
    assert order.order == (1, 2, 0, 4, 3), "a page without number stays behind the one it came after"
    assert (order.gaps, order.doubles) == ((14, 15), (13,))
    assert page_order([{}, {}], SETTINGS).order == (0, 1)


def test_the_places_of_page_numbers_are_cut_to_one_line() -> None:
    page = numpy.full((2339, 1654, 3), 245, numpy.uint8)
    cv2.putText(page, "57", (1450, 110), cv2.FONT_HERSHEY_COMPLEX, 1.2, (20, 20, 20), 3)
    cv2.line(page, (60, 150), (1600, 150), (20, 20, 20), 4)
    cv2.rectangle(page, (700, 2200), (950, 2330), (20, 20, 20), -1)  # a blot is no number
    places = number_places(FlatPage(page, 200, numpy.eye(3)), SETTINGS)
    assert list(places) == ["top right"]
    height, width = places["top right"].shape[:2]
    assert 25 < height < 70 and 40 < width < 120


@pytest.mark.parametrize(
    ("keyed", "lines", "opinion"),
    [
        ("Nguyễn Văn Hòa", [("nguyễn văn hoà", 0.95)], "agrees"),
        ("Nguyễn Văn Hòa", [("Nguyễn Văn", 0.97), ("Hòa", 0.85)], "agrees"),
        ("Nguyễn Văn Hòa", [("Nguyễn Văn Hoa", 0.97)], "unsure"),  # marks are what engines miss
        ("Nguyễn Văn Hòa", [("Nguyễn Văn Hùng", 0.97)], "differs"),
        ("Nguyễn Văn Hòa", [("Nguyễn Văn Hùng", 0.90)], "unsure"),
        ("12/03/1996", [("12.03.1996", 0.96)], "agrees"),
        ("12/03/1996", [("12/08/1996", 0.99)], "differs"),
        ("12/03/1996", [("12/03/1996", 0.60)], "unsure"),
        ("12/03/1996", [("", 0.0)], "unsure"),
        ("", [("12/03/1996", 0.99)], "unsure"),
        ("Hòa", [], "unsure"),
    ],
)
def test_a_second_opinion_speaks_only_when_it_is_sure(keyed: str, lines: list[tuple[str, float]], opinion: str) -> None:
    note = second_opinion(keyed, said(*lines), SETTINGS)
    assert (note.opinion, note.engine, note.version) == (opinion, "test", "1")


def test_a_rival_reading_that_is_the_keyed_value_makes_unsure() -> None:
    assert second_opinion("1996", said(("1998", 0.95), others=[("1996", 0.3)]), SETTINGS).opinion == "unsure"


def test_a_note_carries_no_text_that_could_be_keyed() -> None:
    assert [field.name for field in dataclasses.fields(Note)] == ["opinion", "engine", "version", "confidence"]


def test_every_refusal_of_reading_has_its_text() -> None:
    params = {"engine": "x", "known": "y", "what": "z", "file": "a"}
    codes = [code for code in MESSAGES if code.startswith("reader_")]
    assert len(codes) == 6 and all(MESSAGES[code].format(**params) for code in codes)
