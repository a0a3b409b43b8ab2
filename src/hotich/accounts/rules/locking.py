"""When an account may be locked: after data processing is finished and old units are reviewed (plan of the Ministry
of Justice, part IV.1), or at once when safety asks for it – which is recorded."""

from __future__ import annotations

from dataclasses import dataclass

# Accounts given for digitising: they are locked when the work of their office is done.
DIGITISING = frozenset({"keyer", "checker", "approver"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands against locking an account: work the officer had a hand in; for a digitising account also all that
    waits at its offices, and how many of their old offices nobody has reviewed."""

    own_work: int = 0
    office_work: int = 0
    unreviewed: int = 0

    @property
    def open_work(self) -> int:
        """What still waits: all of the office for a digitising account (own work is part of it), else the own."""
        return max(self.own_work, self.office_work)

    @property
    def refusal(self) -> str:
        """The code of what stands against locking; "" when nothing does."""
        if self.open_work:
            return "lock_work_open"
        return "lock_units_not_reviewed" if self.unreviewed else ""
