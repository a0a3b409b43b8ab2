"""Pages of the registers: the data dictionary and the configuration."""

from __future__ import annotations

from hotich.registers.views.configuration import configuration_key, configuration_list
from hotich.registers.views.configuration_proposals import (
    configuration_decide,
    configuration_export,
    configuration_import,
    configuration_proposal,
    configuration_proposals,
    configuration_propose,
    configuration_submit,
    configuration_take_back,
    configuration_withdraw,
)
from hotich.registers.views.dictionary import code_list_page, dictionary, parameters, version_page

__all__ = [
    "code_list_page",
    "configuration_decide",
    "configuration_export",
    "configuration_import",
    "configuration_key",
    "configuration_list",
    "configuration_proposal",
    "configuration_proposals",
    "configuration_propose",
    "configuration_submit",
    "configuration_take_back",
    "configuration_withdraw",
    "dictionary",
    "parameters",
    "version_page",
]
