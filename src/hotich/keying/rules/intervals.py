"""What a share found in a sample says about the whole: intervals of confidence, in plain arithmetic.

Errors come in bunches: a careless case has five of them, a wrong name ten wrong letters. A share counted over fields or
characters as if each stood alone would look surer than it is, so `DesignEffect` measures how much they bunch and the
sample counts for as much less (ratio estimator over cases, Kish's effective sample size).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, lgamma, log, log1p, sqrt

Z95 = 1.959963984540054
_STEPS = 200  # of the bisection: doubles have no more to give after 60
_TERMS = 10_000  # of the continued fraction: it needs about the root of the larger size
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with the lowest and highest value that agree with what was found. All three lie within 0 … 1."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sums:
    """Of the cases that were checked, e errors among n units each: how many cases, and the sums over them.

    Units are fields or characters. Sums of groups added together are the sums of the groups together.
    """

    cases: int = 0
    errors: int = 0
    units: int = 0
    errors_squared: int = 0
    units_squared: int = 0
    products: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.cases + other.cases,
            self.errors + other.errors,
            self.units + other.units,
            self.errors_squared + other.errors_squared,
            self.units_squared + other.units_squared,
            self.products + other.products,
        )


def design_effect(sums: Sums) -> float:
    """How many times larger the variance of the share is than if every unit erred for itself; at least 1.

    1 where it cannot be told: fewer than two cases, no error, nothing but errors.
    """
    if sums.cases < 2 or not sums.units or not 0 < sums.errors < sums.units:
        return 1.0
    share = sums.errors / sums.units
    spread = sums.errors_squared - 2 * share * sums.products + share * share * sums.units_squared
    variance = sums.cases / (sums.cases - 1) * spread / sums.units**2
    alone = share * (1 - share) / sums.units
    return max(1.0, variance / alone)


def wilson(errors: float, total: float, *, z: float = Z95) -> Interval:
    """Wilson's interval of the share errors/total; (0, 0, 1) for a total of nothing. `total` may be an effective size.

    Raises ValueError unless 0 <= errors <= total.
    """
    if not 0 <= errors <= total:
        raise ValueError("errors must lie between nothing and the total")
    if total == 0:
        return Interval(0.0, 0.0, 1.0)
    share = errors / total
    below = 1 + z * z / total
    middle = (share + z * z / (2 * total)) / below
    reach = z / below * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    low = 0.0 if errors == 0 else max(0.0, middle - reach)
    high = 1.0 if errors == total else min(1.0, middle + reach)
    return Interval(share, low, high)


def clustered(sums: Sums, *, bunch: float = 1.0) -> Interval:
    """Wilson's interval of a share over units that err in bunches.

    `bunch`: how many units at least count as one where no error was found that could tell (for characters: those of a
    field). The share is that of all units; the interval is as wide as the effective size makes it.
    """
    effect = design_effect(sums) if sums.errors else max(1.0, bunch)
    return wilson(sums.errors / effect, sums.units / effect)


def clopper_pearson(errors: int, total: int, *, level: float = 0.95) -> Interval:
    """The exact interval of a share: it never covers less than it says. (0, 0, 1) for a total of nothing.

    Raises ValueError unless 0 <= errors <= total and 0 < level < 1.
    """
    if not 0 <= errors <= total:
        raise ValueError("errors must lie between nothing and the total")
    if not 0 < level < 1:
        raise ValueError("the level must lie between 0 and 1")
    if total == 0:
        return Interval(0.0, 0.0, 1.0)
    tail = (1 - level) / 2
    low = 0.0 if errors == 0 else _quantile(tail, errors, total - errors + 1)
    high = 1.0 if errors == total else _quantile(1 - tail, errors + 1, total - errors)
    return Interval(errors / total, low, high)


def _quantile(wanted: float, a: float, b: float) -> float:
    """Where the beta distribution reaches a probability."""
    return _bisect(lambda x: incomplete_beta(x, a, b) < wanted)


def _bisect(is_below: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    for _step in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if is_below(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for a, b > 0, by its continued fraction (Lentz)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1.0 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0) or _TINY)
    made = d
    for step in range(1, _TERMS):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        d = 1.0 / (1.0 + even * d or _TINY)
        c = 1.0 + even / c or _TINY
        made *= d * c
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        d = 1.0 / (1.0 + odd * d or _TINY)
        c = 1.0 + odd / c or _TINY
        change = d * c
        made *= change
        if abs(change - 1.0) < 1e-15:
            break
    return made
