"""Charts drawn by the server."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from hotich.web.rules.svg import BAR_WIDTH, Part, ring, sparkline, stacked_bar

PARTS = [Part("Đã duyệt", 9990, "ok"), Part("Cần sửa", 1, "error"), Part("Chờ", 0, "accent"), Part("Còn", 9, "muted")]


def widths(markup: str) -> list[float]:
    bar = ElementTree.fromstring(markup).find("svg")
    assert bar is not None
    return [float(rect.attrib["width"]) for rect in bar.findall("rect")[1:]]


def test_one_case_in_ten_thousand_can_still_be_seen_and_the_bar_stays_whole() -> None:
    found = widths(stacked_bar(PARTS, "Các dòng"))
    assert len(found) == 3, "a part of nothing is not drawn"
    assert min(found) >= 3
    assert sum(found) == pytest.approx(BAR_WIDTH, abs=0.1)


def test_a_bar_tells_its_numbers_as_text_too() -> None:
    text = "".join(ElementTree.fromstring(stacked_bar(PARTS, "Các dòng")).itertext())
    assert "Đã duyệt 9.990 99,9%" in text
    assert "Chờ 0 0%" in text


def test_an_empty_bar_is_a_track_without_parts() -> None:
    markup = stacked_bar([Part("Đã duyệt", 0, "ok")], "Các dòng")
    assert widths(markup) == []
    assert "–" in markup


def test_a_part_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        stacked_bar([Part("x", -1)], "x")


def test_texts_in_charts_cannot_become_markup() -> None:
    bad = "<script>\"'&"
    for markup in (stacked_bar([Part(bad, 1, bad)], bad), ring(1, 2, bad, tone=bad), sparkline([1], bad, tone=bad)):
        ElementTree.fromstring(markup)
        assert "<script" not in markup


def test_no_chart_carries_a_style_attribute() -> None:
    drawn = stacked_bar(PARTS, "x") + ring(1, 2, "x") + sparkline([1, 2], "x")
    assert not re.search(r"\sstyle=", drawn)


def test_a_ring_never_runs_over_and_shows_the_share() -> None:
    over = ring(30, 20, "Kế hoạch")
    around, whole = re.findall(r'stroke-dasharray="([\d.]+) ([\d.]+)"', over)[0]
    assert around == whole
    assert "150%" in over
    assert "stroke-dasharray" not in ring(0, 20, "Kế hoạch")
    assert "–" in ring(0, 0, "Kế hoạch")


def test_a_level_line_is_drawn_level_and_no_values_draw_nothing() -> None:
    heights = {point.split(",")[1] for point in re.findall(r'points="([^"]+)"', sparkline([5, 5, 5], "x"))[0].split()}
    assert heights == {"14.0"}
    assert sparkline([], "x") == ""


def test_a_line_rises_with_its_values() -> None:
    points = re.findall(r'points="([^"]+)"', sparkline([1, 2, 9], "x"))[0].split()
    heights = [float(point.split(",")[1]) for point in points]
    assert heights == sorted(heights, reverse=True)
