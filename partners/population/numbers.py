"""Numbers nobody has twice: each beginning counts through all endings, in an order that looks drawn."""

from __future__ import annotations

from collections import defaultdict

from partners.population.requests import number_middle

_STEP = 387_420_489  # 3 ** 18 shares no divisor with a power of ten, so every ending comes once


class Numbers:
    """Deals out personal numbers and nine-digit ones; `taken` are in use already."""

    def __init__(self, taken: set[str]) -> None:
        self._taken, self._count = taken, defaultdict[str, int](int)

    def personal(self, province: str, sex: str, birth: str) -> str:
        """Twelve digits: province, century and sex, year, six more. `birth` begins with the year."""
        return self._next(f"{province:0>3}{number_middle(birth, sex)}", 6)

    def old(self, province: str) -> str:
        """Nine digits, the first two by the province."""
        return self._next(f"{(int(province) * 37 + 11) % 100:02d}", 7)

    def _next(self, stem: str, digits: int) -> str:
        while True:
            self._count[stem] += 1
            ending = (self._count[stem] * _STEP + int(stem)) % 10**digits
            number = f"{stem}{ending:0{digits}d}"
            if number not in self._taken:
                return number
