"""A page made flat: the sheet alone, upright, its rules level. Light and colour stay as they were.

Everything is found on a copy of some 1500 pixels; the matrices of all steps are joined, and the page itself is
interpolated once, at its own resolution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy

from hotich.kernel.problems import RuleBroken
from hotich.scans.pages import Finding, FlatPage, Matrix, PageImage
from hotich.scans.rectify.curve import is_curved
from hotich.scans.rectify.level import converging, levelled, skew_of
from hotich.scans.rectify.sheet import PALE_EDGE, Sheet, find_sheet
from hotich.scans.rectify.size import photo_dpi, scan_dpi, sheet_size
from hotich.scans.rectify.turn import Turn, turn_of
from hotich.scans.rectify.warp import applied, quad_to_box, quarter, rotation, scaling, shift, warped
from hotich.scans.rules_of_page import Floats, Mask, Ruling, even_light, ink_of, loose_ruling, small_copy
from hotich.scans.settings import ScanSettings

WORK = 1500  # pixels of the longer side of the copy on which everything is found
WARPED_MOST = 32_000  # pixels of a side; OpenCV moves no longer ones, and no page is that long
PHONE_SHAPES = (4 / 3, 16 / 9, 3 / 2)


@dataclass(frozen=True, slots=True)
class _View:
    """The page as seen so far: `matrix` leads from the small copy to a picture of `width` × `height`.

    `sheet`: its corners there, clockwise from the left top one; `found`: which of its edges (left, top, right, bottom)
    were seen, the others are those of the image.
    """

    small: Mask
    matrix: Matrix
    width: int
    height: int
    sheet: Floats
    found: tuple[bool, bool, bool, bool] = (False, False, False, False)
    is_photo: bool = False
    skew: float = 0.0
    findings: tuple[Finding, ...] = field(default=())

    def picture(self) -> Mask:
        return warped(self.small, self.matrix, self.width, self.height, quick=True)

    def ink(self) -> Mask:
        """The ink on the sheet; nothing of what lies around it."""
        ink = ink_of(even_light(self.picture()))
        if not any(self.found):
            return ink
        inside = numpy.zeros_like(ink)
        cv2.fillConvexPoly(inside, numpy.rint(self.sheet).astype(numpy.int32), 255)
        return numpy.asarray(cv2.bitwise_and(ink, cv2.erode(inside, numpy.ones((7, 7), numpy.uint8))))

    def then(self, matrix: Matrix, width: float, height: float) -> _View:
        size = max(1, round(width)), max(1, round(height))
        sheet = applied(self.sheet, matrix)
        return replace(self, matrix=matrix @ self.matrix, width=size[0], height=size[1], sheet=sheet)

    def noted(self, code: str, **params: object) -> _View:
        return replace(self, findings=(*self.findings, Finding(code, "review", params)))


def rectify(
    page: PageImage,
    settings: ScanSettings,
    *,
    turned: int | None = None,
    corners: Sequence[tuple[float, float]] | None = None,
    paper: str = "",
) -> FlatPage:
    """The page made flat; what is not sure stands in its findings, nothing is refused here.

    `turned`: degrees clockwise an officer decided, instead of what the page itself shows. `corners`: those of the sheet
    an officer marked, in pixels of the page as delivered, in any order; RuleBroken `corners_unusable` when they make no
    sheet. `paper`: "A4", "A3", "A2" when known.
    """
    small, _ = small_copy(page.pixels, WORK)
    height, width = small.shape
    shrink = scaling(width / page.pixels.shape[1], height / page.pixels.shape[0])
    view = _View(small, numpy.eye(3), width, height, _box_corners(width, height))
    if corners is not None:
        view = _marked(view, applied(numpy.array(corners, dtype=float), shrink), paper)
    else:
        view = _sheet_alone(view, page, paper)
    if max(page.pixels.shape[:2]) > WARPED_MOST:
        view = _View(small, numpy.eye(3), width, height, _box_corners(width, height)).noted("skew_unknown")
    else:
        view = _level(view, settings)
    turn = Turn(turned % 360, True) if turned is not None else _turn(view, page, paper)
    if not turn.sure:
        view = view.noted("turn_unsure", degrees=turn.degrees)
    return _made(page, settings, view, turn.degrees, shrink, paper)


def _marked(view: _View, corners: Floats, paper: str) -> _View:
    """The sheet between the corners an officer marked."""
    if corners.shape != (4, 2) or not numpy.isfinite(corners).all():
        raise RuleBroken("corners_unusable")
    middle = corners.mean(axis=0)
    order = numpy.argsort(numpy.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))
    corners = corners[order]
    first = int(numpy.argmin(corners.sum(axis=1)))
    hull = cv2.convexHull(corners.astype(numpy.float32))
    if len(hull) != 4 or cv2.contourArea(hull) < 0.01 * view.width * view.height:
        raise RuleBroken("corners_unusable")
    return _from_quad(view, numpy.roll(corners, -first, axis=0), paper)


def _box_corners(width: float, height: float) -> Floats:
    return numpy.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=float)


def _from_quad(view: _View, corners: Floats, paper: str) -> _View:
    """The sheet with its corners at those of the picture."""
    edges = numpy.hypot(*(corners - numpy.roll(corners, -1, axis=0)).T)
    across, down, standard = sheet_size(max(edges[0], edges[2]), max(edges[1], edges[3]), paper)
    view = view.then(quad_to_box(corners, across, down), across, down)
    view = replace(view, is_photo=True, sheet=_box_corners(across, down), found=(False,) * 4)
    return view if standard else view.noted("sheet_size_unknown")


def _sheet_alone(view: _View, page: PageImage, paper: str) -> _View:
    """What surrounds the sheet is known: the desk of a photo is gone, the dark border of a scan is marked."""
    sheet = find_sheet(view.small)
    shape = max(page.pixels.shape[:2]) / min(page.pixels.shape[:2])
    by_phone = page.dpi is None and any(abs(shape / usual - 1) < 0.003 for usual in PHONE_SHAPES)
    if by_phone and sheet.found < 4:
        pale = find_sheet(view.small, PALE_EDGE)
        sheet = pale if pale.found == 4 and pale.share() >= 0.4 else sheet
    if sheet.found == 4 and sheet.share() >= 0.2 and (sheet.crooked() > 1.2 or (by_phone and sheet.share() < 0.9)):
        return _from_quad(view, sheet.corners(), paper)
    view = replace(view, is_photo=by_phone)
    if by_phone:
        view = view.noted("sheet_not_found")
    return replace(view, sheet=sheet.corners(), found=sheet.seen()) if sheet.share() >= 0.3 else view


def _level(view: _View, settings: ScanSettings) -> _View:
    """Rules made level and upright: by turning a flat scan, by both vanishing points in a photo. Then cut."""
    ink = view.ink()
    ruling = loose_ruling(ink, 0.06 * max(view.width, view.height))
    if is_curved(ink, ruling):
        view = view.noted("page_curved")
        upright = Ruling((), tuple(r for r in ruling.down if r.length > 0.3 * view.height))
        ruling = upright if len(upright.down) >= 2 else ruling  # these bend less
    elif converging(ruling, view.width, view.height) or _framed_photo(view, ruling):
        matrix = levelled(ruling, view.width, view.height)
        if matrix is not None:
            return _boxed(replace(view, is_photo=True), matrix)
    skew = skew_of(ruling, ink, settings.most_skew)
    if skew.source == "none":
        return _boxed(view.noted("skew_unknown") if ink.mean() > 2 else view, numpy.eye(3))
    if abs(skew.degrees) < settings.least_skew:
        return _boxed(view, numpy.eye(3))
    matrix = rotation(skew.degrees, (view.width - 1) / 2, (view.height - 1) / 2)
    return _boxed(replace(view, skew=skew.degrees), matrix)


def _framed_photo(view: _View, ruling: Ruling) -> bool:
    """A photo that shows no edge of the sheet but the frame on it: two long rules in both directions will do."""
    if "sheet_not_found" not in {finding.code for finding in view.findings}:
        return False
    across = [rule for rule in ruling.across if rule.length > 0.4 * view.width]
    down = [rule for rule in ruling.down if rule.length > 0.4 * view.height]
    return len(across) >= 2 and len(down) >= 2


def _boxed(view: _View, matrix: Matrix) -> _View:
    """After `matrix`: cut at the edges of the sheet that were seen (half way, where they are a little askew).

    At the other edges nothing of the image is lost, except in a photo, where it is half way too.
    """
    image = applied(_box_corners(view.width, view.height), matrix)
    corners = applied(view.sheet, matrix)
    limits = []
    for side, (ends, axis) in enumerate((((0, 3), 0), ((0, 1), 1), ((1, 2), 0), ((2, 3), 1))):
        if view.found[side] or view.is_photo:
            limits.append(float(corners[list(ends), axis].mean()))
        else:
            limits.append(float((image.min(axis=0) if side < 2 else image.max(axis=0))[axis]))
    left, top, right, bottom = limits
    return view.then(shift(-left, -top) @ matrix, right - left, bottom - top)


def _turn(view: _View, page: PageImage, paper: str) -> Turn:
    ink = view.ink()
    inches = {"A2": 23.4, "A3": 16.5, "A5": 8.3}.get(paper, 11.7)
    if not paper and page.dpi and not view.is_photo:
        inches = max(page.pixels.shape[:2]) / page.dpi
    return turn_of(ink, max(view.width, view.height) / inches)


def _made(page: PageImage, settings: ScanSettings, view: _View, turned: int, shrink: Matrix, paper: str) -> FlatPage:
    """The page itself, moved by all matrices at once."""
    matrix = numpy.linalg.inv(shrink) @ view.matrix @ shrink
    width, height = round(view.width / shrink[0, 0]), round(view.height / shrink[1, 1])
    if numpy.abs(view.matrix[:2, :2] - numpy.eye(2)).max() < 1e-9:  # only cut: whole pixels, nothing is interpolated
        matrix[:2, 2] = numpy.rint(matrix[:2, 2])
        width = min(width, page.pixels.shape[1] + int(min(0, matrix[0, 2])))
        height = min(height, page.pixels.shape[0] + int(min(0, matrix[1, 2])))
    matrix = quarter(turned, width, height) @ matrix
    if turned % 180:
        width, height = height, width
    if view.is_photo:
        dpi, known = photo_dpi(width, height, paper), True
    else:
        dpi, known = scan_dpi(width, height, page.dpi, paper, settings)
    view = view if known else view.noted("dpi_assumed", dpi=round(dpi))
    # finely scanned pages bear the quicker interpolation; the others need every pixel
    pixels = warped(page.pixels, matrix, width, height, quick=not view.is_photo and dpi >= 220)
    return FlatPage(pixels, dpi, matrix, turned % 360, view.skew, view.is_photo, view.findings)


__all__ = ["Sheet", "rectify"]
