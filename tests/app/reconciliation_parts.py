"""What the tests of look-ups and checks share: the real stand-in of the population database, and entries of a book."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.reconciliation.adapters import choice
from hotich.reconciliation.queries.book_facts import facts_of_values
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.reconciliation.services.look_ups import About, LookUpAnswer, look_up_person
from hotich.registers.types import version_for
from hotich.units.models import Office
from tests.app.records_support import AT, actor_at
from tests.population_partner import RunningPartner, citizen

KEYER, CLERK, POLICE, APPROVER = 61, 62, 63, 64
KEYS = frozenset({"population.look_up", "case.edit", "case.read", "case.import", "keying.key"})
SETTLES = KEYS | {"population.settle", "population.watch", "record.read", "restricted.read", "case.read"}
VERIFIES = frozenset({"population.look_up", "population.verify", "population.watch", "record.read", "case.read"})

# The elder brother of tests/population_partner.py, as a birth register writes him (the tone on the other vowel).
ELDER = {
    "child_full_name": "Nguyễn Văn Hoà", "child_sex": "1", "child_birth_date": "12/03/1988",
    "father_full_name": "Nguyễn Văn Thuận", "father_birth_date": "1960", "mother_full_name": "Trần Thị Lài",
    "mother_birth_date": "05/11/1962",
}  # fmt: skip
ELDER_NUMBER = "066088000001"
MANY = "Lê Thị Đông"  # more of this name and year than the partner tells
NAMESAKES = [
    citizen(f"0661700001{day:02}", MANY, f"1970-{1 + day // 28:02}-{1 + day % 28:02}", "2") for day in range(56)
]


def connect(partner: RunningPartner, settings: Any, monkeypatch: pytest.MonkeyPatch) -> RunningPartner:
    """This installation speaks with that stand-in, and no call before has tired its breaker."""
    settings.HOTICH_POPULATION_ADAPTER, settings.HOTICH_POPULATION_URL = "live", partner.url
    settings.HOTICH_POPULATION_CLIENT = partner.client
    monkeypatch.setenv("HOTICH_POPULATION_KEY", partner.secret)
    choice._live.cache_clear()
    partner.no_faults()
    return partner


def keyer(office: Office) -> Actor:
    """Somebody who keys."""
    return actor_at(office, officer=KEYER, rights=KEYS)


def clerk(office: Office) -> Actor:
    """The civil-status officer."""
    return actor_at(office, officer=CLERK, rights=SETTLES)


def police(office: Office) -> Actor:
    """The verifier of the police."""
    return actor_at(office, officer=POLICE, rights=VERIFIES)


def facts(role: str = "child", **changes: str) -> BookFacts:
    """What a birth entry says of one of its people."""
    return facts_of_values(version_for("KS", "L2014"), {**ELDER, **changes}, 1988)[role]


def asked(actor: Actor, about: BookFacts, *, kind: str = "entry", subject: UUID | None = None) -> LookUpAnswer:
    """A look-up of somebody of an entry."""
    where = About(kind, subject or uuid7(), about.role)
    return look_up_person(actor=actor, at=AT, facts=about, about=where)


@contextmanager
def working(actor: Actor) -> Iterator[UnitOfWork]:
    """The unit of work of a service that calls the one tested."""
    with unit_of_work(actor=actor, at=AT) as work:
        yield work
