"""The faces of the pages: subsets of npm packages (SIL Open Font License 1.1) merged once into a cache folder.

No font of this kind stands in the project; `npm ci` brings them as devDependencies. Kerning and contextual forms are
dropped, because layout tables of subsets do not merge: good enough for pages that test a pipeline.
"""

from __future__ import annotations

import functools
import os
import tempfile
from pathlib import Path

from PIL import ImageFont

HAND_FACES = (
    "patrick-hand", "pangolin", "mali", "itim", "sriracha", "dancing-script", "playwrite-vn", "playpen-sans", "charm",
)  # fmt: skip
PRINT_FACES = {"print-regular": "400Regular/Tinos_400Regular.ttf", "print-bold": "700Bold/Tinos_700Bold.ttf"}
NEEDED = set("ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ")
NEEDED |= {letter.upper() for letter in NEEDED} | set("0123456789/,.:-()")


class FontBook:
    """The .ttf files of one folder, opened in the sizes the pages ask for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hands = [name for name in HAND_FACES if (folder / f"{name}.ttf").is_file()]
        missing = [name for name in PRINT_FACES if not (folder / f"{name}.ttf").is_file()]
        if not self.hands or missing:
            raise FileNotFoundError(f"{folder} needs {', '.join(PRINT_FACES)} and a hand of {HAND_FACES}")

    @functools.lru_cache(512)  # noqa: B019 – a font book lives as long as the tests do
    def get(self, face: str, size: float) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(str(self.folder / f"{face}.ttf"), max(6, int(size)))


def merged_fonts(node_modules: Path, cache: Path) -> FontBook:
    """Merge what is missing in `cache` (about half a minute the first time) and open it.

    Safe when several test processes do it at once: every file appears whole or not at all.
    """
    cache.mkdir(parents=True, exist_ok=True)
    for name, file in PRINT_FACES.items():
        if not (cache / f"{name}.ttf").is_file():
            _put(cache / f"{name}.ttf", (node_modules / "@expo-google-fonts" / "tinos" / file).read_bytes())
    for name in HAND_FACES:
        if not (cache / f"{name}.ttf").is_file():
            _put(cache / f"{name}.ttf", _merge(node_modules / "@fontsource" / name))
    return FontBook(cache)


def _put(target: Path, content: bytes) -> None:
    handle, scratch = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(scratch).replace(target)


def _merge(package: Path) -> bytes:
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont

    with tempfile.TemporaryDirectory() as scratch:
        parts = []
        for subset in ("latin", "latin-ext", "vietnamese"):
            file = package / "files" / f"{package.name}-{subset}-400-normal.woff2"
            if file.is_file():
                font = TTFont(file)
                font.flavor = None
                for table in {"GSUB", "GPOS", "GDEF", "kern", "DSIG", "STAT"} & set(font.keys()):
                    del font[table]
                parts.append(f"{scratch}/{len(parts)}.ttf")
                font.save(parts[-1])
        if not parts:
            raise FileNotFoundError(f"{package}: run npm ci, the faces of the test pages are devDependencies")
        merged = Merger().merge(parts)
        missing = NEEDED - set(map(chr, merged.getBestCmap()))
        if missing:
            raise ValueError(f"{package.name} lacks {''.join(sorted(missing))}")
        merged.save(target := Path(scratch) / "merged.ttf")
        return target.read_bytes()
