"""The picture of a place of a package, made when it is asked for: from the rectified pages, else from the PDF.

Nothing is stored: a picture is some 150 KB and takes about a tenth of a second; the keyer's browser keeps it, sealed,
while the package is out.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hotich.digitisation.models import ScannedCase, ScanPage
from hotich.files.models import StoredFile
from hotich.files.queries import read_file
from hotich.files.rules.pdf_pages import page_picture
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import PackageItem, PackageState
from hotich.keying.rules.frames import Ruling, ruling_of_picture
from hotich.keying.rules.pictures import GAP, WIDE, PageSize, Plan, plan_page, plan_picture
from hotich.scans.settings import ScanSettings

BUDGET = 250_000  # bytes of a picture: forty of them load in half a minute over a slow line
QUALITIES = (82, 70, 58, 46, 34)  # of the JPEG, tried one after the other until it fits
MOST_SHEETS = 12
MARGIN_MM = ScanSettings().cut_margin_mm  # no office can change it
_MARK, _PAPER = (90, 90, 90), (255, 255, 255)


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What is told of a picture before it is made. `width`, `height` 0: not known. `sheets`: shares of the height at
    which its sheets end; a map of regions counts for the first one. `ruling`: the printed rules on that, where its page
    was measured."""

    width: int
    height: int
    sheets: tuple[float, ...] = (1.0,)
    ruling: Ruling | None = None


def item_to_see(item_id: UUID, actor: Actor) -> PackageItem:
    """A place of a package whose picture this officer may see: he has the package out, he checks it, or he may read the
    cases of the office. Anybody else learns nothing, not even that it is there.

    Raises RuleBroken package_item_unknown.
    """
    items = PackageItem.objects.select_related("package", "page__flat", "page__delivered", "scanned_case__pdf")
    item = items.filter(id=item_id, origin_office_id__in=actor.office_ids).first()
    if item is None or not (is_at_work(item, actor) or actor.may("case.read")):
        raise RuleBroken("package_item_unknown")
    return item


def is_at_work(item: PackageItem, actor: Actor) -> bool:
    """Whether the officer keys the package of a place or checks it now: loading the package was noted as one reading."""
    package = item.package
    if package.state == PackageState.OUT:
        return actor.may("keying.key") and package.keyer in actor.hands
    return package.state == PackageState.CHECKING and actor.may("keying.check") and package.checker in actor.hands


def facts_of_pictures(items: Iterable[PackageItem]) -> dict[UUID, PictureFacts]:
    """What can be told of the pictures of these places; places without a picture are left out."""
    given = [item for item in items if item.scanned_case_id is not None or item.page_id is not None]
    cases = {case.id: case for case in ScannedCase.objects.filter(id__in=[item.scanned_case_id for item in given])}
    pages = _pages(
        {str(part["page"]) for case in cases.values() for part in case.parts}
        | {str(item.page_id) for item in given if item.page_id is not None}
    )
    sizes, rules = _sizes(pages), _rules(pages)
    found = {}
    for item in given:
        case = cases.get(item.scanned_case_id) if item.scanned_case_id else None
        plan = _plan(item, case, sizes)
        if plan is not None:
            ends = tuple(round(end / plan.height, 4) for end in plan.sheets)
            found[item.id] = PictureFacts(plan.width, plan.height, ends, ruling_of_picture(plan, rules, sizes))
        elif (case is not None and case.pdf_id is not None) or item.page_id is not None:
            found[item.id] = PictureFacts(0, 0)
    return found


def rulings_of_cases(cases: Iterable[ScannedCase]) -> list[Ruling | None]:
    """The printed rules on the picture of each case, in their order; None where its page was not measured."""
    given = list(cases)
    pages = _pages({str(part["page"]) for case in given for part in case.parts})
    sizes, rules = _sizes(pages), _rules(pages)
    plans = [plan_picture(case.parts, sizes, margin_mm=MARGIN_MM) for case in given]
    return [ruling_of_picture(plan, rules, sizes) if plan is not None else None for plan in plans]


def draw_picture(item: PackageItem) -> bytes:
    """The picture of a place: a JPEG of at most `BUDGET` bytes.

    Raises RuleBroken picture_missing (nothing was scanned, or its pages are not ready), file_damaged.
    """
    case, page = item.scanned_case, item.page
    own = {str(page.id)} if page is not None else set()
    pages = _pages({str(part["page"]) for part in case.parts} if case is not None else own)
    plan = _plan(item, case, _sizes(pages))
    if plan is not None:
        return _drawn(plan, {name: each.flat for name, each in pages.items() if each.flat is not None})
    if case is not None and case.pdf is not None:
        return _of_pdf(case.pdf)
    if page is not None and page.delivered is not None:
        return _fitted(_opened(read_file(page.delivered)))
    raise RuleBroken("picture_missing")


def _pages(ids: set[str]) -> dict[str, ScanPage]:
    pages = ScanPage.objects.filter(id__in=ids).select_related("flat")
    return {str(page.id): page for page in pages if page.flat is not None and page.width and page.height}


def _plan(item: PackageItem, case: ScannedCase | None, sizes: Mapping[str, PageSize]) -> Plan | None:
    if case is not None:
        return plan_picture(case.parts, sizes, margin_mm=MARGIN_MM)
    name = str(item.page_id)
    return plan_page(name, sizes[name]) if name in sizes else None


def _sizes(pages: Mapping[str, ScanPage]) -> dict[str, PageSize]:
    return {
        name: PageSize(page.width, page.height, page.dpi or 150.0)
        for name, page in pages.items()
        if page.width is not None and page.height is not None
    }


def _rules(pages: Mapping[str, ScanPage]) -> dict[str, dict[str, Any] | None]:
    return {name: page.ruling for name, page in pages.items()}


def _drawn(plan: Plan, flats: Mapping[str, StoredFile]) -> bytes:
    from PIL import Image, ImageDraw  # with the first picture: no start of a process waits for it

    canvas = Image.new("RGB", (plan.width, plan.height), _PAPER)
    opened: dict[str, Any] = {}
    for piece in plan.pieces:
        if piece.page not in opened:
            opened[piece.page] = _opened(read_file(flats[piece.page]))
        size = (piece.place[2] - piece.place[0], piece.place[3] - piece.place[1])
        # the box to be drawn is cut and made smaller in one step
        cut = opened[piece.page].resize(size, Image.Resampling.HAMMING, box=_within(piece.box, opened[piece.page].size))
        canvas.paste(cut, piece.place[:2])
    pencil = ImageDraw.Draw(canvas)
    for left, top, right, bottom in plan.marks:
        pencil.rectangle((left, top, right - 1, bottom - 1), fill=_MARK)
    return _fitted(canvas)


def _within(box: tuple[int, int, int, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A box on a picture that is as large as the page says, or smaller."""
    left, top = min(box[0], size[0] - 1), min(box[1], size[1] - 1)
    return left, top, max(left + 1, min(box[2], size[0])), max(top + 1, min(box[3], size[1]))


def _of_pdf(stored: StoredFile) -> bytes:
    """The pages of a PDF under one another."""
    from PIL import Image

    content = read_file(stored)
    count = min(stored.page_count or 1, MOST_SHEETS)
    sheets = [_opened(page_picture(content, place, width=WIDE)) for place in range(1, count + 1)]
    canvas = Image.new("RGB", (WIDE, sum(sheet.height for sheet in sheets) + GAP * (count - 1)), _PAPER)
    top = 0
    for sheet in sheets:
        canvas.paste(sheet, (0, top))
        top += sheet.height + GAP
    return _fitted(canvas)


def _opened(content: bytes) -> Any:
    """A picture in colour. Raises RuleBroken file_damaged."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as image:
            return image.convert("RGB")
    except (OSError, ValueError) as error:  # PIL says so of a damaged or unknown picture
        raise RuleBroken("file_damaged") from error


def _fitted(image: Any) -> bytes:
    """As a JPEG within the budget: at a lower quality, then smaller."""
    from PIL import Image

    while True:
        for quality in QUALITIES:
            target = io.BytesIO()
            image.save(target, "JPEG", quality=quality)
            if target.tell() <= BUDGET:
                return target.getvalue()
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)), Image.Resampling.HAMMING)
