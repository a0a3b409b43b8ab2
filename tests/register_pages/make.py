"""One page of a layout, with the steps that were done to it and the truth about it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict

import numpy

from .damage import STEPS, Shot, skewed
from .fonts import FontBook
from .layouts import A4, FULL, LAYOUTS, OPENING, STAMPED, form, margin_notes, strikes
from .photo import photograph
from .render import INKS, PAPERS, Look, render
from .sheet import Sheet
from .truth import Pixels, Truth
from .words import birth_fields

DRAWN_STEPS = {"struck_out": strikes, "margin_notes": lambda sheet: margin_notes(sheet, FULL)}
ALL_STEPS = (*DRAWN_STEPS, *STEPS)


def _look(rng: random.Random, layout: str, changes: dict[str, object]) -> Look:
    look: dict[str, object] = {
        "paper": rng.choice(PAPERS), "ink": rng.choice(INKS), "age": rng.uniform(0.3, 1),
        "bleed": rng.uniform(0, 0.35), "shadow": rng.uniform(0.1, 0.25), "noise": rng.uniform(2.5, 5),
    }  # fmt: skip
    if layout == "faint":
        look |= {"ink": (95, 105, 160), "faint": rng.uniform(0.5, 0.65)}
    return Look(**{**look, **changes})  # type: ignore[arg-type]


def make_page(
    layout: str,
    seed: int | str,
    dpi: int,
    fonts: FontBook,
    *,
    steps: Sequence[str] = (),
    book: str = "",
    skew: float | None = None,
    photo_size: tuple[int, int] | None = None,
    **look: object,
) -> tuple[Pixels, Truth]:
    """Draw one page. The same arguments, fonts and library versions give the same picture.

    `layout`: a name of LAYOUTS ("phone" is a form photographed). `steps`: names of ALL_STEPS, in this order.
    `book`: pages of one book share paper, ink, hand and light, and differ only in what is written. `skew`: exactly so
    many degrees clockwise. `photo_size`: taken with a phone, whatever the layout. Anything else changes the `Look`.
    """
    size, draw = LAYOUTS[layout]
    of_book = random.Random(f"book/{book or f'{layout}/{seed}'}")
    face = of_book.choice(fonts.hands)
    sheet = Sheet(size, dpi, fonts, f"{layout}/{seed}", face)
    draw(sheet)
    if layout in STAMPED:
        for frame in OPENING if size[0] > size[1] else (FULL,):
            sheet.stamp(frame[2] - 460, frame[3] - 330, 210)
    for step in steps:
        if step in DRAWN_STEPS:
            DRAWN_STEPS[step](sheet)
    appearance = _look(of_book, layout, look)
    shot = Shot(render(sheet, appearance), numpy.eye(3), dpi)
    for step in steps:
        if step in STEPS:
            shot = STEPS[step](shot, sheet.rng)
    shot = shot if skew is None else skewed(shot, skew)
    if layout == "phone" or photo_size:
        shot = photograph(shot, sheet.rng, photo_size or (round(3024 * dpi / 300), round(4032 * dpi / 300)))
    return shot.pixels, _truth(layout, seed, sheet, shot, steps, appearance)


def make_sheets(seed: int | str, dpi: int, fonts: FontBook, sheets: int = 2) -> list[tuple[Pixels, Truth]]:
    """One case over several sheets: the form goes on on the next one."""
    of_case = random.Random(f"sheets/{seed}")
    fields, face = birth_fields(of_case), of_case.choice(fonts.hands)
    look = _look(of_case, "form", {})
    made = []
    for number in range(sheets):
        sheet = Sheet(A4, dpi, fonts, f"sheets/{seed}/{number}", face)
        form(sheet, FULL, fields=fields[number * len(fields) // sheets : (number + 1) * len(fields) // sheets],
             part=number + 1)  # fmt: skip
        shot = Shot(render(sheet, look), numpy.eye(3), dpi)
        made.append((shot.pixels, _truth("sheets", seed, sheet, shot, (), look)))
    return made


def _truth(layout: str, seed: int | str, sheet: Sheet, shot: Shot, steps: Sequence[str], look: Look) -> Truth:
    height, width = shot.pixels.shape[:2]
    return Truth(
        layout=layout, seed=str(seed), dpi=shot.dpi, font=sheet.face, page_size=(sheet.width, sheet.height),
        image_size=(width, height), to_page=shot.to_page, cases=tuple(sheet.cases), lines=tuple(sheet.lines),
        steps=tuple(steps), turned=shot.turned, skew=shot.skew, exact=shot.exact, is_photo=shot.is_photo,
        look=asdict(look),
    )  # fmt: skip
