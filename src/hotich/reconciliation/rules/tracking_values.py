"""What is right, in the form each side writes it: how a fact stands in the fields of a register, and how it is typed."""

from __future__ import annotations

from hotich.kernel.dates import DateError, parse_date
from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import clean_text
from hotich.registers import codes
from hotich.registers.types.declaration import RegisterVersion

_OWN = {
    "full_name": "name", "birth": "birth", "sex": "sex", "personal_id": "personal_id", "old_id": "id_number",
    "ethnicity": "ethnicity", "nationality": "nationality",
}  # fmt: skip
_OF_ROLE = {"father_name": ("father",), "mother_name": ("mother",)}
_SPOUSES = {"husband": "wife", "wife": "husband"}


def register_field(version: RegisterVersion, role: str, fact: str) -> str:
    """The field of a register that holds a fact (of `BookFacts`) of a participant; "" where it has none of its own.

    Parents and spouse stand in the fields of their own roles.
    """
    people = {person.role: person for person in version.participants}
    if fact in _OF_ROLE or fact == "spouse_name":
        other = _SPOUSES.get(role, "") if fact == "spouse_name" else _OF_ROLE[fact][0]
        return people[other].name if other in people and other != role else ""
    person = people.get(role)
    if person is None:
        return ""
    if fact == "native_place":
        wanted = f"{role}_native_place"
        return wanted if any(field.code == wanted for field in version.fields) else ""
    code = str(getattr(person, _OWN[fact])) if fact in _OWN else ""
    return "" if code.startswith("=") else code


def right_value(fact: str, typed: str) -> str:
    """A right value as it is kept, beside what the partner and the book say: a birth ISO, sex "1" or "2", else text.

    Raises RuleBroken right_value_unreadable.
    """
    text = clean_text(typed)
    if not text:
        return ""
    if fact == "birth":
        try:
            return parse_date(text).iso()
        except DateError as error:
            raise RuleBroken("right_value_unreadable", field=fact) from error
    if fact == "sex":
        code = text if text in ("1", "2") else codes.find("sex", text)
        if code not in ("1", "2"):
            raise RuleBroken("right_value_unreadable", field=fact)
        return str(code)
    return text


def value_for_book(fact: str, right: str) -> str:
    """A right value as the fields of a register are keyed: a date dd/mm/yyyy (or less), sex as workbooks have it."""
    if fact == "birth":
        return "/".join(reversed(right.split("-")))
    if fact == "sex":
        return codes.exchange_text("sex", right)
    return right
