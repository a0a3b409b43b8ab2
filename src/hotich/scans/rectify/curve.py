"""Whether a page is curved, as the open page of a thick book is before a phone: its lines are then no lines."""

from __future__ import annotations

import cv2
import numpy

from hotich.scans.rules_of_page import Mask, Ruling

MOST = 0.006  # how far the middle of a line may lie from the straight one between its ends, as a share of its length
MOST_SPREAD = MOST / 3.4  # the same as the spread about the fitted line


def is_curved(ink: Mask, ruling: Ruling) -> bool:
    """By the long rules; a page without any, by its long lines of text."""
    width = ink.shape[1]
    long = [r.bow / r.length for r in ruling.across if r.length > 0.4 * width]
    if len(long) >= 3:
        return float(numpy.quantile(long, 0.25)) > MOST_SPREAD  # rules drawn by hand bend too, but not all alike
    bows = _bows_of_text(ink)
    for third in range(3):  # a book bends most at the head or the foot
        lines = [bow for place, bow in bows if third <= 3 * place < third + 1]
        alike = max(sum(bow > 0 for bow in lines), sum(bow < 0 for bow in lines))
        if len(lines) >= 5 and alike >= 0.8 * len(lines) and abs(float(numpy.median(lines))) > MOST:
            return True
    return False


def _bows_of_text(ink: Mask) -> list[tuple[float, float]]:
    """Of every long line of text: where on the page it stands (0 the head, 1 the foot), and how far its middle lies from
    the straight line between its ends, over its length."""
    height, width = ink.shape
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, numpy.ones((1, max(9, width // 45)), numpy.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, numpy.ones((2, max(9, width // 45)), numpy.uint8))
    total, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8, ltype=cv2.CV_32S)
    bows = []
    for i in range(1, total):
        left, top, wide, high = stats[i, :4]
        if wide < 0.35 * width or high > 0.06 * height:
            continue
        part = labels[top : top + high, left : left + wide] == i
        rows = numpy.arange(high)[:, None]
        centres = [
            float((rows * part[:, a:b]).sum() / max(1, part[:, a:b].sum()))
            for a, b in ((0, wide // 5), (2 * wide // 5, 3 * wide // 5), (4 * wide // 5, wide))
        ]
        bows.append((float(top + high / 2) / height, (centres[1] - (centres[0] + centres[2]) / 2) / float(wide)))
    return bows
