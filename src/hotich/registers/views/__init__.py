"""Pages of the registers: the data dictionary."""

from __future__ import annotations

from hotich.registers.views.dictionary import code_list_page, dictionary, parameters, version_page

__all__ = ["code_list_page", "dictionary", "parameters", "version_page"]
