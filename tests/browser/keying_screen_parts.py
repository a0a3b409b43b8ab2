"""What the tests of the keying screen share: a package as the server gives it, and pictures for it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from PIL import Image, ImageDraw
from playwright.sync_api import Page

from benchmarks.screen_host import ScreenHost
from hotich.keying.rules.form_data import form_data, layout_of_book
from hotich.registers.types import version_for

OFFICE = "UBND xã Tân Thử, huyện Hòa Thử"
LEARNED = {
    "place": ["thôn Đông, xã Tân Thử, huyện Hòa Thử", "thôn Tây, xã Tân Thử, huyện Hòa Thử"],
    "surname": ["Nguyễn", "Trần", "Ngô"],
    "given": ["Văn", "Thị", "Bình", "Lan"],
    "office": [OFFICE],
}


def save(page: Page) -> None:
    """Ctrl+Enter, saying of each warning that the book has it so, until the next case is there or none is left."""
    place, said = page.locator("#keying-place"), page.locator("#keying-said")
    before = place.inner_text()
    page.keyboard.press("Control+Enter")
    for _ in range(200):
        page.wait_for_timeout(30)
        if page.locator("#keying-ask").is_visible():
            page.keyboard.press("4")
        elif place.inner_text() != before or "Đã nhập hết gói này" in said.inner_text():
            break


def a_package(host: ScreenHost, letters: str = "KS", era: str = "L2014", *, count: int = 3, **more: Any) -> str:
    """Puts a package of numbers from 11 on before the browser and answers its identifier.

    `kind=` (key, critical …), `regions=`, `moves=` {place: how they lie on its picture}, `entries=` {place: known entry},
    `picture=True`.
    """
    version = version_for(letters, era)
    own = uuid5(UUID(int=9), f"{letters} {era} {sorted(map(str, more.items()))}")
    entries: Mapping[int, Any] = more.get("entries", {})
    items = []
    for place in range(1, count + 1):
        item = str(uuid5(own, str(place)))
        picture = {"url": f"/nhap-lieu/anh/{item}.jpg", "bytes": 0, "width": 800, "height": 1000}
        picture["move"] = more.get("moves", {}).get(place)
        if more.get("picture"):
            host.pictures[item] = a_picture(f"{place}")
        items.append(
            {"id": item, "position": 1000 * place, "kind": "case", "number": 10 + place, "suffix": "", "year": 2016,
             "state": "keyed" if place in entries else "open", "reason": "", "entry": entries.get(place),
             "picture": picture if more.get("picture") else None}
        )  # fmt: skip
    kind = more.get("kind", "key")
    host.packages[str(own)] = {
        "schema": 1,
        "package": {
            "id": str(own), "title": f"{letters} 01/2016 – 1", "register": letters, "register_label": "",
            "schema_version": version.id, "mode": "review", "kind": kind, "office": OFFICE, "is_on_demand": False,
            "layout": more.get("layout", layout_of_book(version)),
            "book": {"label": "01/2016", "number": "01", "year": 2016, "number_scope": "year", "assigned": False},
        },
        "form": form_data(version, critical_only=kind == "critical"),
        "regions": more.get("regions", {}),
        "items": items,
        "learned": LEARNED,
        "carry": {"register_book_no": "01/2016", "registration_office": OFFICE, "registration_date": "20.06.2016",
                  "registration_type": "1"},
    }  # fmt: skip
    return str(own)


def a_picture(words: str) -> bytes:
    """A page with a frame and a few words."""
    image = Image.new("L", (800, 1000), 245)
    pen = ImageDraw.Draw(image)
    pen.rectangle((20, 20, 780, 980), outline=60, width=3)
    pen.text((60, 60), words, fill=20)
    kept = io.BytesIO()
    image.save(kept, "JPEG")
    return kept.getvalue()
