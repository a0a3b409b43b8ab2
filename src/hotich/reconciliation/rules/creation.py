"""Whom the population database may be asked to enter: never somebody without a reason, so that no ghost is born. Pure."""

from __future__ import annotations

from hotich.kernel.names import match_key
from hotich.kernel.text import clean_text
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.registers.codes.nationality import NATIONALITY

# the personal identification number is for Vietnamese citizens (Luật Căn cước 2023, Điều 12)
NEVER = frozenset({"foreign"})
NUMBER_UNVERIFIED = "creation_number_unverified"
ONLY_IN_NEED = frozenset({"dead"})
IN_WORDS = frozenset({"dead", "other"})
VIETNAMESE, NOT_KNOWN = "VN", "ZZ"


def may_be_vietnamese(nationality: str) -> bool:
    """Whether a nationality as recorded says nothing against Vietnamese citizenship: blank, unknown and doubtful words
    do not ("Hoa" may be an ethnicity in the wrong column), another country or none does."""
    words = clean_text(nationality)
    code = words.upper() if words.upper() in NATIONALITY.by_code else NATIONALITY.lookup(words)
    return not isinstance(code, str) or code in (VIETNAMESE, NOT_KNOWN)


def same_person(facts: BookFacts) -> str:
    """What two creations of one person have in common, whatever records they come from; "" where the book says too little
    to tell: name, sex, whole birth date and a parent, all as they are read, not as they are spelt."""
    parents = [match_key(facts.father_name), match_key(facts.mother_name)]
    if len(facts.birth) != len("2001-12-31") or not facts.full_name or not any(parents):
        return ""
    return "\x1f".join([match_key(facts.full_name), facts.birth, facts.sex, *parents])


def creation_refusal(
    absence: str, words: str, facts: BookFacts, *, is_needed: bool = False, is_number_verified: bool = False
) -> str:
    """The code that says why somebody absent is not to be entered anew, "" when he may be.

    `absence` a value of `AbsenceReason`. Foreigners never: they have no personal identification number. The dead only
    where somebody says that it is needed, and for what (`is_needed`): a number nobody will ever use only makes work and
    can be abused. "Other" says in words what it is. Name, birth and sex must be known, else the partner makes a person
    that nobody can tell from others.

    A personal number in the book was given by the population database; one that it does not know was misread, written
    wrongly, or is lost there. Whoever has one is somebody known under another number as likely as not: the police verify
    the number first (TT 01/2022/TT-BTP, Điều 4 khoản 2: what differs is checked together; numbers are made again only
    with the police, khoản 1), and only a number they found right is sent (`is_number_verified`).
    """
    if not absence:
        return "creation_needs_reason"
    if absence in NEVER or not may_be_vietnamese(facts.nationality):
        return "creation_of_foreigner"
    if facts.personal_id and not is_number_verified:
        return NUMBER_UNVERIFIED
    is_dead = absence in ONLY_IN_NEED or (facts.register == "KT" and facts.role == "deceased")
    if is_dead and not (is_needed and words.strip()):
        return "creation_of_dead_without_need"
    if absence in IN_WORDS and not words.strip():
        return "creation_needs_words"
    if not facts.full_name or not facts.birth or facts.sex not in ("1", "2"):
        return "creation_facts_missing"
    return ""
