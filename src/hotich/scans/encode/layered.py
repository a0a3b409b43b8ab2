"""Candidate C: a lossless mask of the ink, its colours, and the paper under it, on which pale ink survives."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy

from hotich.scans.encode.contone import Candidate, filled
from hotich.scans.encode.jpeg import group4, jpeg
from hotich.scans.encode.source import Source
from hotich.scans.flatten import shrunk, whiten
from hotich.scans.pages import Pixels
from hotich.scans.pdfa import Mask, Picture, Sheet
from hotich.scans.settings import ScanSettings

Ink = numpy.typing.NDArray[numpy.uint8]
"""1: ink, 0: none."""


def layered(sources: Sequence[Source], room: int, settings: ScanSettings, *, gray: bool) -> Candidate | None:
    """The best within `room` bytes: the finest mask that leaves room for a paper layer; None when none fits."""
    steps = _mask_steps(sources[0].dpi, settings)
    masks = [ink_of(source, steps[0], settings) for source in sources]
    inks = [_colours(source, mask, steps[0], settings, gray=gray) for source, mask in zip(sources, masks, strict=True)]
    coarse = _papers(sources, masks, settings.paper_lowest_dpi, settings)
    least = sum(len(jpeg(paper, settings.paper_lowest_quality, gray=gray).data) for paper in coarse)
    left = room - least - sum(len(ink.data) for ink in inks)
    found = _finest(sources, masks, steps, left, settings)
    if found is None:
        return None
    dpi, coded = found
    for paper_dpi in (settings.paper_dpi, settings.paper_lowest_dpi):
        candidate = filled(
            functools.partial(
                _candidate, sources, _papers(sources, masks, paper_dpi, settings), coded, inks, dpi, gray=gray
            ),
            room,
            settings.paper_lowest_quality,
            settings.paper_highest_quality,
            settings.paper_highest_quality,
        )
        if candidate:
            return candidate
    return None


def _finest(
    sources: Sequence[Source], masks: Sequence[Ink], steps: Sequence[float], room: int, settings: ScanSettings
) -> tuple[float, list[Mask]] | None:
    """The mask of the highest resolution within `room`; steps that cannot fit are not drawn."""
    expected = 0.0
    for index, dpi in enumerate(steps):
        if index:
            if expected * dpi / steps[0] > room * 1.1:  # a run has as many bytes whatever its length
                continue
            masks = [ink_of(source, dpi, settings) for source in sources]
        coded = [group4(mask) for mask in masks]
        size = sum(len(mask.data) for mask in coded)
        if size <= room:
            return dpi, coded
        expected = size * steps[0] / dpi
    return None


def ink_of(source: Source, dpi: float, settings: ScanSettings) -> Ink:
    """What is surely ink. Single points are noise and stay in the paper layer."""
    luma = source.luma(dpi)
    _, ink = cv2.threshold(luma, settings.mask_ink_below - 1, 1, cv2.THRESH_BINARY_INV)
    around = cv2.boxFilter(ink, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return cv2.bitwise_and(ink, cv2.threshold(around, 2, 1, cv2.THRESH_BINARY)[1])  # type: ignore[return-value]


def _mask_steps(dpi: float, settings: ScanSettings) -> list[float]:
    """A scan below the lowest step is enlarged to it: the edge between two pixels is known better than to a pixel."""
    steps = [float(step) for step in settings.mask_dpi if step < dpi * 0.98]
    if settings.mask_lowest_dpi <= dpi <= settings.mask_dpi[0] * 1.02:
        steps.insert(0, dpi)
    return steps or [float(settings.mask_lowest_dpi)]


def _colours(source: Source, ink: Ink, dpi: float, settings: ScanSettings, *, gray: bool) -> Picture:
    """The mean colour of the ink of every cell; where there is none, that of the nearest."""
    picture = source.evened(dpi)
    cells = (
        max(1, round(source.points[0] / 72 * settings.ink_dpi)),
        max(1, round(source.points[1] / 72 * settings.ink_dpi)),
    )
    fine = min(1.0, 4 * settings.ink_dpi / dpi)  # halved as far as four points a cell, which is fast and exact enough
    share = shrunk(ink * numpy.uint8(255), fine)
    total8 = shrunk(cv2.bitwise_and(picture, picture, mask=ink), fine)  # type: ignore[arg-type]
    weight = cv2.resize(share, cells, interpolation=cv2.INTER_AREA).astype(numpy.float32) / 255
    total = cv2.resize(total8, cells, interpolation=cv2.INTER_AREA).astype(numpy.float32)
    for sigma in (1.0, 4.0, 16.0):  # cells without ink take the colours around them, so that the JPEG stays smooth
        spread = cv2.GaussianBlur(total, (0, 0), sigma)
        near = cv2.GaussianBlur(weight, (0, 0), sigma)
        empty = weight < 0.05
        total[empty], weight[empty] = spread[empty], near[empty]
    colours = total / numpy.maximum(weight, 1e-4)[..., None]
    return jpeg(numpy.clip(colours, 0, 255).astype(numpy.uint8), settings.ink_quality, gray=gray)


def _papers(sources: Sequence[Source], masks: Sequence[Ink], dpi: float, settings: ScanSettings) -> list[Pixels]:
    """The flattened sheets with the ink taken out (white): what is left is pale ink, the soft edge of strokes, stains.

    Only what the mask covers, and a point around, goes: more would tear holes into pale lines the mask touches.
    """
    papers = []
    for source, ink in zip(sources, masks, strict=True):
        picture = whiten(source.evened(min(dpi, source.dpi)), replace(settings, white_from=settings.paper_white_from))
        wide = cv2.dilate(ink, numpy.ones((3, 3), numpy.uint8)) * numpy.uint8(255)
        covered = cv2.resize(wide, picture.shape[1::-1], interpolation=cv2.INTER_AREA)
        picture[covered > 100] = 255
        papers.append(picture)
    return papers


def _candidate(
    sources: Sequence[Source],
    papers: Sequence[Pixels],
    masks: Sequence[Mask],
    inks: Sequence[Picture],
    dpi: float,
    quality: int,
    *,
    gray: bool,
) -> Candidate:
    sheets = tuple(
        Sheet(*source.points, jpeg(paper, quality, gray=gray), ink, mask)
        for source, paper, mask, ink in zip(sources, papers, masks, inks, strict=True)
    )
    return Candidate(sheets, "layered", dpi, quality)
