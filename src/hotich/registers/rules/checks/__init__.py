"""The checks of a register entry: `CHECKS` lists them all, `checks_for` those that are asked of a register version."""

from __future__ import annotations

from hotich.registers.rules.case import Check
from hotich.registers.rules.checks.table import BY_CODE, CHECKS
from hotich.registers.types.declaration import RegisterVersion

__all__ = ["BY_CODE", "CHECKS", "Check", "checks_for"]


def checks_for(version: RegisterVersion) -> tuple[Check, ...]:
    """The checks asked of a register version, in the order of the table; for the data dictionary and `examine`."""
    return tuple(check for check in CHECKS if check.applies_to(version))
