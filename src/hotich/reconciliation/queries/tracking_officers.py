"""Who may verify items of an office: officers of the police who hold a post there."""

from __future__ import annotations

from datetime import datetime

from hotich.accounts.models import Officer
from hotich.accounts.queries import officers_of_office, posts_of
from hotich.accounts.rules.roles import rights_of
from hotich.kernel import clock


def verifiers_of(office_id: int, *, at: datetime) -> dict[int, Officer]:
    """Active officers whose post at this office lets them verify today, by login name."""
    day = clock.in_vietnam(at).date()
    return {
        officer.id: officer
        for officer in officers_of_office(office_id, on=day).filter(is_active=True)
        if "population.verify"
        in rights_of(post.role for post in posts_of(officer, on=day) if post.office_id == office_id)
    }
