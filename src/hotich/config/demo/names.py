"""Vietnamese names of all peoples of the demo, true to sex and time of birth."""

from __future__ import annotations

from random import Random

from hotich.config.demo import name_tables as t

_SURNAMES = tuple(t.KINH_SURNAMES)
_WEIGHTS = tuple(t.KINH_SURNAMES.values())


def _kinh_like(rng: Random, surname: str, sex: str, year: int) -> str:
    table = t.MEN if sex == "1" else t.WOMEN
    middle, given = next((middle, given) for until, middle, given in table if year <= until)
    parts = [surname, rng.choice(middle), rng.choice(given)]
    if year > 1979 and rng.random() < 0.22:  # names of four syllables came with the younger generations
        extra = rng.choice(given)
        if extra != parts[2]:
            parts.insert(2, extra)
    return " ".join(parts)


def _clan(rng: Random, ethnicity: str) -> str:
    return rng.choice({"Ê-đê": t.EDE_CLANS, "Mnông": t.MNONG_CLANS, "Cơ-ho": t.COHO_CLANS}[ethnicity])


def family_name(rng: Random, ethnicity: str) -> str:
    """A surname or clan name of a people, as a newcomer brings it."""
    if ethnicity in ("Ê-đê", "Mnông", "Cơ-ho"):
        return _clan(rng, ethnicity)
    table = {"Tày": t.TAY_SURNAMES, "Nùng": t.NUNG_SURNAMES, "Mông": t.MONG_SURNAMES, "Khơ-me": t.KHMER_SURNAMES}
    if ethnicity in table:
        return rng.choice(table[ethnicity])
    return rng.choices(_SURNAMES, _WEIGHTS)[0]


def full_name(rng: Random, ethnicity: str, family: str, sex: str, year: int) -> str:
    """A full name: the peoples of the highlands put the sex mark (Y, H', K', Ka) first and the clan last."""
    man = sex == "1"
    if ethnicity == "Ê-đê":
        return f"Y {rng.choice(t.EDE_MEN)} {family}" if man else f"H'{rng.choice(t.EDE_WOMEN)} {family}"
    if ethnicity == "Mnông":
        return f"Y {rng.choice(t.MNONG_MEN)} {family}" if man else f"H'{rng.choice(t.MNONG_WOMEN)} {family}"
    if ethnicity == "Cơ-ho":
        if rng.random() < 0.7:  # the clan first, as the Cil and the Lạch write it
            return f"{family} {'K' + chr(39) if man else 'Ka '}{rng.choice(t.COHO_MEN if man else t.COHO_WOMEN)}"
        return f"K'{rng.choice(t.COHO_MEN)}" if man else f"Ka {rng.choice(t.COHO_WOMEN)}"
    if ethnicity == "Mông":
        given = rng.choice(t.MONG_MEN if man else t.MONG_WOMEN)
        return f"{family} {rng.choice(t.MONG_MEN_MIDDLE) if man else 'Thị'} {given}"
    if ethnicity == "Khơ-me":
        return f"{family} {rng.choice(t.KHMER_MEN if man else t.KHMER_WOMEN)}"
    return _kinh_like(rng, family, sex, year)
