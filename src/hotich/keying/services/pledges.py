"""Signing the pledge of confidentiality (requirement H8)."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from hotich.accounts.queries import names_of_officers
from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import Pledge
from hotich.keying.rules.pledge import text_on
from hotich.keying.services.access import KEY, must_have


def sign_pledge(*, actor: Actor, at: datetime, version: str, signed_name: str) -> Pledge:
    """The officer signs the wording he has read, by typing his own full name; again changes nothing.

    The name is kept as his account has it, in whatever letter case he typed it.
    Raises RuleBroken: not_allowed, pledge_on_behalf (nobody signs for another), pledge_text_changed (another wording is
    in force by now), signed_name_differs.
    """
    officer = must_have(actor, KEY)
    if actor.on_behalf_of is not None:
        raise RuleBroken("pledge_on_behalf")
    if version != text_on(in_vietnam(at).date()).version:
        raise RuleBroken("pledge_text_changed")
    name = names_of_officers([officer]).get(officer, "")
    if _plain(signed_name) != _plain(name) or not _plain(signed_name):
        raise RuleBroken("signed_name_differs", field="signed_name")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        pledge, is_new = Pledge.objects.get_or_create(
            officer=officer, origin_office_id=actor.office_id, text_version=version,
            defaults={"signed_name": " ".join(name.split())[:120], "signed_at": at},
        )  # fmt: skip
        if is_new:
            work.record(
                "pledge.signed", subject_kind="officer", subject_id=officer, subject_office=actor.office_id,
                facts={"version": version},
            )  # fmt: skip
    return pledge


def note_pledge_printed(*, actor: Actor, at: datetime, version: str) -> None:
    """The pledge was put on paper. Raises RuleBroken not_allowed."""
    officer = must_have(actor, KEY)
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            "pledge.printed", subject_kind="officer", subject_id=officer, subject_office=actor.office_id,
            facts={"version": version},
        )  # fmt: skip


def _plain(name: str) -> str:
    """A name for comparing: letter case and spaces do not matter, tones do."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
