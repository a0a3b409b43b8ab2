"""Directories of tags (TIFF 6.0), as EXIF has them within JPEG and PNG and as TIFF is made of them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

EXIF_IFD, GPS_IFD, INTEROP_IFD, SUB_IFDS = 34665, 34853, 40965, 330
ORIENTATION, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 274, 282, 283, 296
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_CODES = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_PERSON = frozenset({315, 33432, 0x9C9D, 42032})  # artist, copyright, author (Windows), owner of the camera
_DEVICE = frozenset({271, 272, 305, 316, 37500, 42033, 42035, 42036, 42037})
_TIME = frozenset({306, 36867, 36868, 36880, 36881, 36882, 37520, 37521, 37522})
MOST_TAGS = 5_000  # of one directory: more is no file of a camera or scanner


@dataclass(frozen=True, slots=True)
class Tag:
    """One entry: where it stands, and where its value is (within the entry, or elsewhere)."""

    number: int
    kind: int
    count: int
    at: int
    value_at: int

    @property
    def size(self) -> int:
        """Bytes of the value. ValueError for a kind nobody knows."""
        if self.kind not in SIZES:
            raise ValueError("strange tag")
        return self.count * SIZES[self.kind]


@dataclass(frozen=True, slots=True)
class Directories:
    """The bytes of a TIFF (or of EXIF), read by its own byte order; `wide` is BigTIFF."""

    content: bytes
    order: str
    wide: bool
    first: int

    @property
    def head(self) -> int:
        """Bytes before the first tag of a directory."""
        return 8 if self.wide else 2

    @property
    def entry(self) -> int:
        """Bytes of one tag."""
        return 20 if self.wide else 12

    @property
    def word(self) -> int:
        """Bytes of an offset."""
        return 8 if self.wide else 4

    def number(self, at: int, size: int) -> int:
        """An unsigned number. ValueError behind the end."""
        code = {1: "B", 2: "H", 4: "I", 8: "Q"}[size]
        try:
            return int(struct.unpack_from(self.order + code, self.content, at)[0])
        except struct.error as error:
            raise ValueError("cut short") from error

    def tags(self, at: int) -> tuple[list[Tag], int]:
        """The tags of the directory at an offset, and the offset of the next one (0: none)."""
        count = self.number(at, self.head)
        if count > MOST_TAGS:
            raise ValueError("too many tags")
        found = [self._tag(at + self.head + step * self.entry) for step in range(count)]
        return found, self.number(at + self.head + count * self.entry, self.word)

    def _tag(self, at: int) -> Tag:
        count = self.number(at + 4, self.word)
        number, kind = self.number(at, 2), self.number(at + 2, 2)
        inside = at + 4 + self.word
        fits = count * SIZES.get(kind, 1) <= self.word
        return Tag(number, kind, count, at, inside if fits else self.number(inside, self.word))

    def values(self, tag: Tag) -> list[int]:
        """The values of a tag of whole numbers; [] for other kinds."""
        code = _CODES.get(tag.kind)
        if code is None:
            return []
        size = SIZES[tag.kind]
        if tag.value_at + tag.count * size > len(self.content):
            raise ValueError("cut short")
        return list(struct.unpack_from(f"{self.order}{tag.count}{code}", self.content, tag.value_at))

    def every_tag(self) -> Iterator[Tag]:
        """All tags of all directories, those of EXIF and place too; a directory met twice is passed over."""
        waiting, seen = [self.first], set()
        while waiting:
            at = waiting.pop()
            if not at or at in seen:
                continue
            seen.add(at)
            tags, following = self.tags(at)
            waiting.append(following)
            for tag in tags:
                yield tag
                if tag.number in (EXIF_IFD, GPS_IFD, INTEROP_IFD, SUB_IFDS):
                    waiting += self.values(tag)


def open_directories(content: bytes) -> Directories:
    """Read the head of a TIFF or of EXIF. ValueError for anything else."""
    order = {b"II": "<", b"MM": ">"}.get(content[:2])
    if order is None:
        raise ValueError("no byte order")
    mark = int(struct.unpack_from(order + "H", content, 2)[0]) if len(content) >= 8 else 0
    if mark not in (42, 43):
        raise ValueError("no mark")
    found = Directories(content, order, mark == 43, 0)
    return Directories(content, order, mark == 43, found.number(8 if mark == 43 else 4, found.word))


def kinds_of(tags: Iterator[Tag] | list[Tag]) -> set[str]:
    """What kinds of things these tags tell."""
    found = set()
    for tag in tags:
        if tag.number == GPS_IFD:
            found.add("place")
        elif tag.number in _PERSON:
            found.add("person")
        elif tag.number in _DEVICE:
            found.add("device")
        elif tag.number in _TIME:
            found.add("time")
    return found


def kinds_of_xmp(packet: bytes) -> set[str]:
    """The same of an XMP packet, by the names of its properties."""
    words = {
        "place": (b"GPS", b"Iptc4xmpCore:Location", b"photoshop:City"),
        "person": (b"dc:creator", b"dc:rights", b"photoshop:Author"),
        "device": (b"tiff:Make", b"tiff:Model", b"xmp:CreatorTool"),
        "time": (b"xmp:CreateDate", b"exif:DateTime", b"photoshop:DateCreated"),
    }
    return {kind for kind, names in words.items() if any(name in packet for name in names)} or {"text"}


def exif_kinds(content: bytes) -> set[str]:
    """The kinds of what an EXIF block tells; {"text"} for one that cannot be read."""
    try:
        return kinds_of(open_directories(content).every_tag()) or {"text"}
    except ValueError:
        return {"text"}


def _first_tags(content: bytes) -> tuple[Directories, dict[int, Tag]] | None:
    try:
        found = open_directories(content)
        return found, {tag.number: tag for tag in found.tags(found.first)[0]}
    except ValueError:
        return None


def only_turn(content: bytes, *, resolution: bool) -> bytes:
    """An EXIF block with nothing but how the picture is turned, and its resolution where asked for; b"" for neither."""
    read = _first_tags(content)
    if read is None:
        return b""
    found, tags = read
    try:
        turn = next(iter(found.values(tags[ORIENTATION])), 1) if ORIENTATION in tags else 1
        dots = [_ratio(found, tags.get(number)) for number in (X_RESOLUTION, Y_RESOLUTION)]
        unit = next(iter(found.values(tags[RESOLUTION_UNIT])), 2) if RESOLUTION_UNIT in tags else 2
    except ValueError:
        return b""
    wanted = [(ORIENTATION, turn)] if 2 <= turn <= 8 else []
    if not (resolution and all(dots)):
        return _block(wanted, [])
    return _block([*wanted, (RESOLUTION_UNIT, unit)], [each for each in dots if each])


def _ratio(found: Directories, tag: Tag | None) -> tuple[int, int] | None:
    if tag is None or tag.kind != 5:
        return None
    above, below = found.number(tag.value_at, 4), found.number(tag.value_at + 4, 4)
    return (above, below) if above and below else None


def _block(numbers: list[tuple[int, int]], dots: list[tuple[int, int]]) -> bytes:
    if not numbers and not dots:
        return b""
    entries: list[tuple[int, bytes]] = [(tag, struct.pack("<HHIHH", tag, 3, 1, value, 0)) for tag, value in numbers]
    behind = 8 + 2 + 12 * (len(numbers) + len(dots)) + 4
    for place, tag in enumerate((X_RESOLUTION, Y_RESOLUTION)[: len(dots)]):
        entries.append((tag, struct.pack("<HHII", tag, 5, 1, behind + 8 * place)))
    body = b"".join(entry for _, entry in sorted(entries))
    values = b"".join(struct.pack("<II", *each) for each in dots)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + struct.pack("<I", 0) + values
