"""The table of checks: names, severities, texts, and that every check was seen to fail."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
import test_registers_checks_conditions as conditions
import test_registers_checks_dates as dates
import test_registers_checks_identity as identity
import test_registers_checks_people as people
import test_registers_checks_values as values
from registers_rows import look

from hotich.kernel.messages import MESSAGES as KERNEL_MESSAGES
from hotich.kernel.problems import Severity
from hotich.registers.rules import messages
from hotich.registers.rules.checks import BY_CODE, CHECKS, Check, checks_for
from hotich.registers.rules.examine import REJECTING_CODES
from hotich.registers.types import REGISTER_TYPES, version_for

TEXTS = {**KERNEL_MESSAGES, **messages.MESSAGES}
PROVOKED = [
    (row[0], row[1], row[2]) for module in (values, dates, people, identity, conditions) for row in module.FAILS
]
OTHERWISE = {"registered_outside_office_life", "nationality_needs_agreement"}  # tests of their own above


def test_names_and_codes_are_used_once() -> None:
    assert len({check.name for check in CHECKS}) == len({check.code for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_every_check_says_where_it_comes_from(check: Check) -> None:
    assert check.rule and check.source and not check.source.endswith("?")
    assert check.types <= set(REGISTER_TYPES)
    assert check.historical or check.live


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_old_books_are_never_judged_more_sternly_than_live_registration(check: Check) -> None:
    if check.historical is Severity.ERROR:
        assert check.live is Severity.ERROR


@pytest.mark.parametrize("check", [c for c in CHECKS if c.run], ids=lambda check: check.code)
def test_a_function_bears_the_name_of_its_statement(check: Check) -> None:
    assert check.run is not None
    assert check.run.__name__ == check.name
    assert check.run.__doc__


def test_every_check_was_seen_to_fail() -> None:
    assert {code for code, _, _ in PROVOKED} | OTHERWISE == set(BY_CODE)


@pytest.mark.parametrize(("code", "letters", "changes"), PROVOKED)
def test_the_text_of_a_finding_can_be_filled(code: str, letters: str, changes: dict[str, object]) -> None:
    for problem in look(letters, changes).problems:
        assert "{" not in TEXTS[problem.code].format(**problem.params)


def test_every_code_has_a_text_and_every_text_is_of_a_check_or_a_refusal() -> None:
    assert set(BY_CODE) - set(KERNEL_MESSAGES) <= set(messages.MESSAGES)
    app = Path(messages.__file__).parents[1]
    code = "".join(path.read_text(encoding="utf-8") for path in app.rglob("*.py") if path.name != "messages.py")
    others = set(messages.MESSAGES) - set(BY_CODE)
    assert sorted(name for name in others if f'"{name}"' not in code) == []


def test_every_text_has_its_english_with_the_same_parameters() -> None:
    assert messages.__file__
    catalogue = Path(messages.__file__).parents[1] / "locale/en/LC_MESSAGES/django.po"
    english = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue))}
    for text in messages.MESSAGES.values():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[text]))


def test_codes_for_which_a_row_is_not_stored_are_errors_everywhere() -> None:
    for code in REJECTING_CODES:
        assert BY_CODE[code].historical is BY_CODE[code].live is Severity.ERROR


def test_a_register_is_asked_only_what_concerns_it() -> None:
    asked = {check.name for check in checks_for(version_for("GH", "L2014"))}
    assert "guardian_is_adult" in asked
    assert "mother_older_than_child" not in asked
    assert "birth_not_after_registration" in asked
