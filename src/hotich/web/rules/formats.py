"""Numbers, dates and sizes as people read them: Vietnamese 1.234,5 · 31/12/2006; English 1,234.5 · 31/12/2006.

Dates are day/month/year in both languages: the papers beside the screen are Vietnamese.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

# Vietnam keeps one time zone without summer time, for all dates the screens show.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
THIN = "\u00a0"


def number_text(value: int | float | Decimal, lang: str = "vi", decimals: int | None = None) -> str:
    """1234567.5 → "1.234.567,5" (vi) or "1,234,567.5" (en). `decimals` rounds half up; None keeps the digits given."""
    exact = Decimal(str(value))
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{exact:,f}"
    if lang.startswith("en"):
        return text
    return text.replace(",", "\0").replace(".", ",").replace("\0", ".")


def percent_text(part: float, whole: float = 1, lang: str = "vi", decimals: int = 1) -> str:
    """The share as text: percent_text(1, 8) → "12,5%". A whole of 0 gives "–", for there is no share of nothing.

    All but the very whole is never rounded up to 100%, nor something down to 0%.
    """
    if whole == 0:
        return "–"
    share = Decimal(str(part)) * 100 / Decimal(str(whole))
    shown = share.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    smallest = Decimal(1).scaleb(-decimals)
    if shown == 100 and share < 100:
        shown = 100 - smallest
    if shown == 0 and share > 0:
        shown = smallest
    text = number_text(shown, lang)
    return text.rstrip("0").rstrip(",.") + "%" if decimals else text + "%"


def date_text(value: Any) -> str:
    """A date, a date and time, or a partial date as dd/mm/yyyy; what is not known is left out: "03/1998", "1998".

    Anything with `year`, `month` and `day` will do; None gives "". A time is turned into Vietnam's day first.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        value = _local(value)
    if isinstance(value, str):
        return _iso_text(value)
    if value.year is None:
        return str(getattr(value, "raw", ""))
    parts = [f"{value.year:04d}"]
    if value.month is not None:
        parts.insert(0, f"{value.month:02d}")
        if value.day is not None:
            parts.insert(0, f"{value.day:02d}")
    return "/".join(parts)


def time_text(value: datetime | None) -> str:
    """A moment as "14:05 31/12/2006", Vietnam time; None gives ""."""
    if value is None:
        return ""
    local = _local(value)
    return f"{local:%H:%M}{THIN}{local:%d/%m/%Y}"


def size_text(count: int, lang: str = "vi") -> str:
    """A number of bytes as "640 KB", "1,5 MB": units of 1024, one decimal from MB on."""
    if count < 1024:
        return f"{count}{THIN}B"
    if count < 1024 * 1024:
        return f"{number_text(Decimal(count) / 1024, lang, 0)}{THIN}KB"
    if count < 1024**3:
        return f"{number_text(Decimal(count) / 1024**2, lang, 1)}{THIN}MB"
    return f"{number_text(Decimal(count) / 1024**3, lang, 1)}{THIN}GB"


def _local(value: datetime) -> datetime:
    zone: tzinfo = VIETNAM
    return value.astimezone(zone) if value.tzinfo else value


def _iso_text(value: str) -> str:
    """An ISO date "2006-12-31", "2006-12" or "2006" turned round; another text is given back as it is."""
    parts = value.split("-")
    if 1 <= len(parts) <= 3 and len(parts[0]) == 4 and all(part.isdecimal() for part in parts):
        return "/".join(reversed(parts))
    return value


def is_date(value: object) -> bool:
    """Whether date_text would show it as a date: a date, or a partial date of ours."""
    return isinstance(value, date) or all(hasattr(value, name) for name in ("year", "month", "day", "precision"))
