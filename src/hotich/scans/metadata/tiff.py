"""TIFF: tags that are no part of the picture are taken out of their directory and their values blanked.

Everything of the picture stays at its place, so that no offset and no strip moves; what nothing leads to is blanked too.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hotich.scans.metadata.exif import (
    EXIF_IFD,
    GPS_IFD,
    INTEROP_IFD,
    SUB_IFDS,
    Directories,
    Tag,
    kinds_of,
    kinds_of_xmp,
    open_directories,
)

XMP, IPTC, GEO = 700, 33723, frozenset({33550, 33922, 34264, 34735, 34736, 34737, 42112, 42113})
# what is needed to draw the picture (TIFF 6.0, its supplements, ICC)
_KEPT = frozenset({*range(254, 267), 273, 274, *range(277, 285), *range(290, 294), 296, 297, 301, *range(317, 326), SUB_IFDS,
                   *range(332, 335), 336, *range(338, 344), 347, *range(512, 522), *range(529, 533), 34675})  # fmt: skip
_DATA = ((273, 279), (324, 325), (513, 514))  # offsets and lengths of strips, tiles, the old kind of JPEG
_TABLES = (519, 520, 521)  # of the old kind of JPEG: they lead to tables whose length is nowhere said
MOST_DIRECTORIES = 20_000


@dataclass(slots=True)
class _Work:
    """What is to be blanked and what must stay, as (begin, end); `shorter`: directory -> the tags that stay."""

    blank: list[tuple[int, int]] = field(default_factory=list)
    stay: list[tuple[int, int]] = field(default_factory=list)
    shorter: dict[int, list[Tag]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    is_vague: bool = False  # where all parts of the picture end is not said: only known values are blanked


def without(content: bytes) -> tuple[bytes, frozenset[str]]:
    """The copy, as long as the original, and what was taken out."""
    found, work = open_directories(content), _Work()
    waiting, seen = [found.first], set[int]()
    while waiting:
        at = waiting.pop()
        if not at or at in seen:
            continue
        seen.add(at)
        if len(seen) > MOST_DIRECTORIES:
            raise ValueError("too many directories")
        waiting += _look(found, at, work)
    if not work.kinds:
        return content, frozenset()
    made = bytearray(content) if work.is_vague else bytearray(content[: found.word * 2]) + bytes(len(content))
    del made[len(content) :]
    for begin, end in work.blank:
        made[begin:end] = bytes(len(made[begin:end]))
    for begin, end in work.stay:  # a value may have been laid over the picture by a strange writer
        made[begin:end] = content[begin:end]
    for at, tags in work.shorter.items():
        _write(made, found, at, tags)
    return bytes(made), frozenset(work.kinds)


def _look(found: Directories, at: int, work: _Work) -> list[int]:
    """One directory of a picture: plan what goes; the directories that follow it."""
    tags, following = found.tags(at)
    kept = [tag for tag in tags if tag.number in _KEPT]
    gone = [tag for tag in tags if tag.number not in _KEPT]
    work.stay.append((at, at + found.head + len(tags) * found.entry + found.word))
    more = [following]
    for tag in kept:
        work.stay.append((tag.value_at, tag.value_at + tag.size))
        more += found.values(tag) if tag.number == SUB_IFDS else []
    _keep_data(found, {tag.number: tag for tag in kept}, work)
    if gone:
        work.shorter[at] = kept
        work.kinds |= _kinds(found, gone)
        for tag in gone:
            _forget(found, tag, work, depth=0)
    return more


def _keep_data(found: Directories, tags: dict[int, Tag], work: _Work) -> None:
    work.is_vague |= any(number in tags for number in _TABLES)
    for places, lengths in _DATA:
        work.is_vague |= places in tags and lengths not in tags
        if places in tags and lengths in tags:
            for begin, size in zip(found.values(tags[places]), found.values(tags[lengths]), strict=False):
                work.stay.append((begin, begin + size))


def _kinds(found: Directories, gone: list[Tag]) -> set[str]:
    kinds = kinds_of(gone)
    for tag in gone:
        if tag.number == EXIF_IFD:
            for at in found.values(tag):
                kinds |= kinds_of(found.tags(at)[0])
        elif tag.number == XMP:
            kinds |= kinds_of_xmp(found.content[tag.value_at : tag.value_at + tag.count])
        elif tag.number == IPTC:
            kinds.add("person")
        elif tag.number in GEO:
            kinds.add("place")
    return kinds or {"text"}


def _forget(found: Directories, tag: Tag, work: _Work, depth: int) -> None:
    """Blank the value of a tag, and the whole directory it leads to."""
    size = tag.size if tag.kind in (1, 2, 3, 4, 5, 7, 13, 16) else tag.count
    if tag.value_at != tag.at + 4 + found.word:
        work.blank.append((tag.value_at, tag.value_at + size))
    if tag.number not in (EXIF_IFD, GPS_IFD, INTEROP_IFD) or depth > 3:
        return
    for at in found.values(tag):
        inner, _ = found.tags(at)
        work.blank.append((at, at + found.head + len(inner) * found.entry + found.word))
        for each in inner:
            _forget(found, each, work, depth + 1)


def _write(made: bytearray, found: Directories, at: int, tags: list[Tag]) -> None:
    """The directory anew with fewer tags, at its place; the rest of its room is blank."""
    before, following = found.tags(at)
    order = "little" if found.order == "<" else "big"
    body = b"".join(found.content[tag.at : tag.at + found.entry] for tag in tags)
    whole = len(tags).to_bytes(found.head, order) + body + following.to_bytes(found.word, order)  # type: ignore[arg-type]
    room = found.head + len(before) * found.entry + found.word
    made[at : at + room] = whole + bytes(room - len(whole))
