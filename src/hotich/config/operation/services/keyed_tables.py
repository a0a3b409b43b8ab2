"""Which tables have keyed hashes of identity numbers, and how a row gives them under a secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hotich.records.rules.keys import document_key, id_number_key, personal_id_key


@dataclass(frozen=True, slots=True)
class Keyed:
    """A table with keyed hashes: their columns, what they are made of, and how, as `records.rules.participants` does."""

    table: str
    columns: tuple[str, ...]
    told_by: tuple[str, ...]
    keys: Callable[[str, tuple[str, ...]], tuple[str, ...]]

    @property
    def next_columns(self) -> tuple[str, ...]:
        """Where the hashes under the new secret wait."""
        return tuple(f"next_{column}" for column in self.columns)


def _of_participant(text: str, told: tuple[str, ...]) -> tuple[str, ...]:
    own, id_type, id_number = told
    return (
        personal_id_key(text, own),
        id_number_key(text, id_type, id_number),
        document_key(text, id_number or own),
    )


def _of_number(text: str, told: tuple[str, ...]) -> tuple[str, ...]:
    return (personal_id_key(text, told[0]),)


TABLES = (
    Keyed(
        "participant",
        ("personal_id_key", "id_number_key", "document_key"),
        ("personal_id", "id_type", "id_number"),
        _of_participant,
    ),
    Keyed("population_number", ("personal_id_key",), ("personal_id",), _of_number),
    Keyed("population_check", ("personal_id_key",), ("personal_id",), _of_number),
)
