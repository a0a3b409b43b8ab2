"""Keys of the Telex method, against which the strokes of the keying screen are counted."""

from __future__ import annotations

import pytest

from benchmarks.telex import telex_keys


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("", ""),
        ("an", "an"),
        ("Nguyễn Văn Bình", "Nguyeenx Vawn Binhf"),
        ("Đặng Thị Hường", "DDawngj Thij Huwowngf"),
        ("xã Ơ Rơ, 05.03.1978", "xax Ow Row, 05.03.1978"),
        ("Tưởng", "Tuwowngr"),
        ("quê quán", "quee quans"),
    ],
)
def test_a_text_takes_as_many_keys_as_telex_spells_it_with(text: str, typed: str) -> None:
    shorter = typed.replace("uwow", "uow")  # one w gives both horns
    assert telex_keys(text) == len(shorter)


def test_composed_and_decomposed_letters_count_alike() -> None:
    assert telex_keys("Bi\u0300nh") == telex_keys("B\u00ecnh") == 5
