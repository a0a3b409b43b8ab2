"""What stands beside a keyed case: no other may have its number, none may say the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from hotich.intake.models import Case
from hotich.intake.queries.known_cases import digests_known, numbers_held, words_of_batch
from hotich.intake.rules.import_decisions import NUMBER_UNIQUE, number_key, part_of
from hotich.intake.rules.keyed import SAME_AS_ANOTHER, Looked, as_double
from hotich.intake.rules.row_examination import Finding
from hotich.intake.rules.workflow import state_by_findings
from hotich.intake.services.case_rows import stored_findings
from hotich.registers.types import version_by_id


class KeptCase(NamedTuple):
    """A case that is stored. `problems`: [{"code", "field", "severity", "params"}]."""

    id: UUID
    state: str
    problems: list[dict[str, Any]]


class Neighbours:
    """The other cases of the register: none may have the number, none may say the same."""

    def __init__(self, office_id: int, letters: str, looked: Sequence[Looked], *, besides: Case | None = None) -> None:
        self._looked = looked
        other = besides.id if besides is not None else None
        self._row_fields = version_by_id(looked[0].keyed.schema_version).row_fields if looked else ()
        self._digests = digests_known(office_id, letters, {each.digest for each in looked}, besides=other)
        keys = {key for each in looked if (key := number_key(each.keys)) is not None}
        self._numbers = numbers_held(office_id, letters, keys, self._row_fields, besides=other)  # -> row, batch

    def judge_all(self) -> list[tuple[KeptCase, str]]:
        """Each case with its findings and state, and the fingerprint it is stored with."""
        return [self._judge(each) for each in self._looked]

    def _judge(self, each: Looked) -> tuple[KeptCase, str]:
        findings: list[Finding] = list(each.findings)
        digest = each.digest
        if digest in self._digests:
            findings.insert(0, (SAME_AS_ANOTHER, "", "error", {}))
            digest = as_double(digest, each.keyed.id)
        self._digests.add(each.digest)
        key = number_key(each.keys)
        place = (*key, part_of(each.recorded, self._row_fields)) if key is not None else None
        if place in self._numbers:
            row, batch = self._numbers[place]
            params = {"number": each.keys.number_text, "row": row, "batch": words_of_batch(batch) if batch else ""}
            findings.insert(0, (NUMBER_UNIQUE, "registration_number", "error", params))
        errors = sum(found[2] == "error" for found in findings)
        if not errors and place is not None:
            self._numbers[place] = (0, "")
        state = state_by_findings(errors, is_check_pending=True)
        return KeptCase(each.keyed.id, state, stored_findings(findings)), digest
