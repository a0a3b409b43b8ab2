"""Reads: who signed the pledge of confidentiality, and who still must."""

from __future__ import annotations

from datetime import date

from hotich.kernel.actor import Actor
from hotich.keying.models import Pledge
from hotich.keying.rules.pledge import text_on


def pledge_of(actor: Actor, version: str) -> Pledge | None:
    """The pledge this officer signed at the office of his post, in this wording."""
    if actor.officer_id is None:
        return None
    return Pledge.objects.filter(
        officer=actor.officer_id, origin_office_id=actor.office_id, text_version=version
    ).first()


def must_still_sign(actor: Actor, day: date) -> bool:
    """Whether the officer may not key before he signs the wording of a day.

    An official who may read the records of the office is bound by office and law; everybody else signs.
    """
    return not actor.may("record.read") and pledge_of(actor, text_on(day).version) is None
