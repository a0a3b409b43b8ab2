"""How the system says that something is wrong: a Problem is a finding, RuleBroken a refusal."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How a finding is treated: an error holds a case, a warning is shown and may stand."""

    ERROR = "error"
    WARNING = "warning"


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """A finding of a check. `code` is stable and tested; the text is made at the edge from the catalogue.

    `field` is the code of the field it is about ("" for the whole case); `params` fill the text.
    """

    code: str
    field: str = ""
    severity: Severity = Severity.ERROR
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class RuleBroken(Exception):
    """A service refuses. `code` is stable and tested; the text is made at the edge from the catalogue."""

    def __init__(self, code: str, *, field: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params
