"""What was found in the population database about the people of keyed cases, for whoever mends them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from hotich.keying.rules.population import ABSENCES, PopulationChoice
from hotich.reconciliation.models import CheckWay, PopulationCheck


def choices_of(case_ids: Iterable[UUID]) -> dict[UUID, dict[str, PopulationChoice]]:
    """Case -> role -> what was chosen on the keying screen, as the server keeps it now. What a page or a batch found
    is not here: the screen would send it back as a keyer's own.
    """
    found: dict[UUID, dict[str, PopulationChoice]] = defaultdict(dict)
    checks = PopulationCheck.objects.filter(case_id__in=list(case_ids), record__isnull=True, way=CheckWay.SCREEN)
    for check in checks:
        if check.outcome in ("equal", "different") and not (check.citizen_ref and check.look_up_id):
            continue
        absence = check.absence if check.outcome == "absent" and check.absence in ABSENCES else ""
        if check.outcome == "absent" and not absence:
            continue
        if check.case_id is None:
            continue
        found[check.case_id][check.role] = PopulationChoice(
            check.outcome, check.citizen_ref, check.look_up_id, absence, check.absence_words
        )
    return dict(found)
