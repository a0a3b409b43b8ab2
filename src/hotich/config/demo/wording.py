"""Dates and numbers as they are written in register books."""

from __future__ import annotations

from datetime import date, timedelta

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
MONTHS = ("", "một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")


def day_text(day: date) -> str:
    """dd.mm.yyyy, the form of the exchange workbook."""
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def month_text(day: date) -> str:
    """mm.yyyy, for a date whose day the book does not give."""
    return f"{day.month:02d}.{day.year:04d}"


def tens(number: int) -> str:
    """0–99 in words: mười lăm, hai mươi mốt, ba mươi."""
    ten, unit = divmod(number, 10)
    if ten == 0:
        return DIGITS[unit]
    last = {0: "", 1: " mốt" if ten > 1 else " một", 5: " lăm"}.get(unit, f" {DIGITS[unit]}")
    return ("mười" if ten == 1 else f"{DIGITS[ten]} mươi") + last


def year_words(year: int, *, southern: bool = False) -> str:
    """1000–9999 in words; `southern` writes ngàn and lẻ where the north writes nghìn and linh."""
    thousands, rest = divmod(year, 1000)
    words = f"{DIGITS[thousands]} {'ngàn' if southern else 'nghìn'}"
    if rest == 0:
        return words
    hundreds, rest = divmod(rest, 100)
    words += f" {DIGITS[hundreds]} trăm"
    if rest == 0:
        return words
    if rest < 10:
        return f"{words} {'lẻ' if southern else 'linh'} {DIGITS[rest]}"
    return f"{words} {tens(rest)}"


def date_words(day: date, *, southern: bool = False) -> str:
    """A whole date in words, as the forms ask: "Ngày mười sáu tháng bảy năm hai nghìn không trăm linh tám"."""
    return f"Ngày {tens(day.day)} tháng {MONTHS[day.month]} năm {year_words(day.year, southern=southern)}"


HOLIDAYS = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})  # those of the solar calendar


def working_day(day: date) -> date:
    """The day itself, or the next one that is no weekend and no holiday: offices register on working days."""
    while day.weekday() > 4 or (day.month, day.day) in HOLIDAYS:
        day += timedelta(days=1)
    return day


def years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th."""
    return date(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
