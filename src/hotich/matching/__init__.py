"""Is this person of a register in that population? One model, compiled to SQL for millions and to Python for one.

Plain Python above the kernel, without Django: the command `hotich match` needs no installation. `model` says what is compared
and how much it weighs, `conditions` how a level is asked in either language, `training` estimates the weights from the data
themselves, `batch` runs it over files, `scorer` over a handful of candidates, `differences` says field by field what differs;
`default_model` is a trained one for where there is nothing to learn from.
"""

from __future__ import annotations

from hotich.matching.default import default_model

__all__ = ["default_model"]
