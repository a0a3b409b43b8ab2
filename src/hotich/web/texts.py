"""From a stable code to the words an officer reads.

Each app keeps `rules/messages.py` with MESSAGES: code → Vietnamese text with {params}; the English stands in the
app's catalogue, the Vietnamese text being the message id. Services and checks only know codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from hotich.kernel.problems import Problem, RuleBroken
from hotich.web.rules.formats import date_text, is_date

# The kernel is no Django app, but its parsers raise codes too.
BESIDE_THE_APPS = ("hotich.kernel.messages",)


class _Params(dict[str, Any]):
    """Params that never break a text: one that was not given is shown as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


@lru_cache(maxsize=1)
def messages() -> Mapping[str, str]:
    """All codes of all installed apps with their Vietnamese texts.

    Raises ImproperlyConfigured when two apps give one code two different texts.
    """
    found: dict[str, str] = {}
    names = [f"{app.name}.rules.messages" for app in apps.get_app_configs() if app.name.startswith("hotich.")]
    for name in [*BESIDE_THE_APPS, *names]:
        for code, text in _messages_of(name).items():
            if found.setdefault(code, text) != text:
                raise ImproperlyConfigured(f"Two texts for the code {code!r}: the second stands in {name}")
    return found


def text_of(code: str, params: Mapping[str, Any] | None = None, lang: str | None = None) -> str:
    """The text of a code, in the language in use or in `lang`. A code without a text is shown as it is."""
    template = messages().get(code)
    if template is None:
        return code
    spoken = translation.get_language()
    with nullcontext() if spoken and lang in (None, spoken) else translation.override(lang or "vi"):
        shown = {name: _shown(value) for name, value in (params or {}).items()}
        return translation.gettext(template).format_map(_Params(shown))


def text_of_problem(problem: Problem | RuleBroken, lang: str | None = None) -> str:
    """The text of a finding or of a refusal."""
    return text_of(problem.code, problem.params, lang)


def _messages_of(name: str) -> Mapping[str, str]:
    parent = name.rpartition(".")[0]
    # find_spec imports the parent, and raises when there is none: an app without rules has no codes.
    if find_spec(parent) is None or find_spec(name) is None:
        return {}
    found: Mapping[str, str] = import_module(name).MESSAGES
    return found


def _shown(value: Any) -> str:
    return date_text(value) if is_date(value) else str(value)
