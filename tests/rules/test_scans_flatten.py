"""Flattening: even light, white paper, ink in its own hue."""

from __future__ import annotations

import colorsys

import cv2
import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotich.scans.flatten import even_out, flatten, paper_of, whiten
from hotich.scans.settings import ScanSettings

SETTINGS = ScanSettings()
YELLOWED = (228, 208, 165)


def a_sheet(paper=YELLOWED, ink=(40, 45, 120), *, shadow=0.0, noise=0.0, size=(600, 900)):
    """Written lines on a sheet, the light falling off to the right by `shadow`."""
    height, width = size
    written = numpy.empty((height, width, 3), numpy.uint8)
    written[:] = paper
    for y in range(60, height - 40, 60):
        cv2.putText(written, "Nguyen Van An 12/03/1976", (40, y), cv2.FONT_HERSHEY_SIMPLEX, 1.2, ink, 3, cv2.LINE_AA)
    picture = written * numpy.linspace(1, 1 - shadow, width)[None, :, None]
    picture += numpy.random.default_rng(1).normal(0, noise, picture.shape) if noise else 0
    return numpy.clip(picture, 0, 255).astype(numpy.uint8)


def ink_of(picture):
    return picture.min(axis=2) < 150


def test_the_paper_becomes_white_whatever_its_colour_light_and_noise():
    for shadow, noise in ((0, 0), (0.45, 0), (0.45, 2.5)):
        sheet = a_sheet(shadow=shadow, noise=noise)
        flat = flatten(sheet, SETTINGS, dpi=200)
        away_from_ink = cv2.erode((a_sheet().min(axis=2) > 160).astype(numpy.uint8), numpy.ones((9, 9))) > 0
        assert numpy.percentile(flat[away_from_ink], 5) == 255
        assert numpy.median(sheet[away_from_ink]) < 230  # it was not white before


@pytest.mark.parametrize(("ink", "hue"), [((40, 45, 150), 240), ((190, 40, 50), 356), ((40, 120, 60), 135)])
def test_ink_keeps_its_hue_on_yellowed_paper_in_the_shadow(ink, hue):
    flat = flatten(a_sheet(ink=ink, shadow=0.3), SETTINGS, dpi=200)
    colour = numpy.median(flat[ink_of(flat)], axis=0) / 255
    found = colorsys.rgb_to_hsv(*colour)
    assert abs((found[0] * 360 - hue + 180) % 360 - 180) < 25
    assert found[1] > 0.4


def test_pale_ink_is_not_taken_for_paper():
    """Ink with a tenth of contrast only: whitening must leave it to be seen."""
    pale = tuple(round(value * 0.88) for value in YELLOWED)
    sheet = a_sheet(ink=pale)
    written = numpy.abs(sheet.astype(int) - YELLOWED).max(axis=2) > 15
    flat = flatten(sheet, SETTINGS, dpi=200)
    assert flat[written].mean() < 240


def test_a_large_blot_stays_dark():
    sheet = a_sheet()
    cv2.circle(sheet, (600, 300), 160, (35, 30, 40), -1)
    flat = flatten(sheet, SETTINGS, dpi=200)
    assert flat[300, 600].mean() < 140


def test_order_of_light_and_dark_is_kept_by_whitening():
    ramp = numpy.arange(256, dtype=numpy.uint8).reshape(1, 256, 1).repeat(3, axis=2)
    white = whiten(ramp, SETTINGS)[0, :, 0].astype(int)
    assert (numpy.diff(white) >= 0).all()
    assert (white >= numpy.arange(256)).all() and (white[:150] == numpy.arange(150)).all()
    assert white[SETTINGS.white_from] == 255


def test_dividing_by_the_paper_undoes_a_shadow():
    plain, shaded = a_sheet(), a_sheet(shadow=0.5)
    evened = [even_out(sheet, paper_of(sheet, SETTINGS, dpi=200)).astype(int) for sheet in (plain, shaded)]
    assert numpy.abs(evened[0] - evened[1]).mean() < 4
    assert numpy.abs(plain.astype(int) - shaded).mean() > 30


@given(
    height=st.integers(1, 90),
    width=st.integers(1, 90),
    dpi=st.sampled_from([30, 72, 150, 300, 600]),
    seed=st.integers(0, 99),
)
@settings(max_examples=40, deadline=None)
def test_any_picture_comes_back_in_its_own_size(height, width, dpi, seed):
    picture = numpy.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=numpy.uint8)
    flat = flatten(picture, SETTINGS, dpi=dpi)
    assert flat.shape == picture.shape and flat.dtype == numpy.uint8
