"""The documents are held true: code names, paths, commands, settings and words that they name exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.db import models

from hotich.accounts.rules.demo import DEMO_LOGIN, DEMO_PASSWORD
from hotich.accounts.rules.roles import ROLES
from hotich.registers.types import ERA_PERIODS, REGISTER_TYPES
from hotich.registers.types.declaration import Era

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hotich"
READMES = [ROOT / "README.md", ROOT / "README.vi.md"]
DOCS = [*READMES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
OURS = [page for page in DOCS if page.name not in {"build-a-screen.md", "benchmarks.md"}]
PATH = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*(?:\.(?:py|md|toml|csv|po|sql|lock|sh|json)|/)")
# what only comes to be at run time, or in the walk-through of a how-to
MADE_LATER = re.compile(r"(postgresql|secrets|static|cache)/|secrets/files|registers/types/nationality_change\.py|/.*")
LONGEST_LINE = 140


def _without_code_blocks(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)


def _spans(page: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", _without_code_blocks(page))


# ---- the glossary


@dataclass(frozen=True)
class Term:
    """One line of the glossary."""

    section: str
    files: tuple[str, ...]
    vietnamese: str
    codes: tuple[str, ...]
    english: str


@cache
def glossary() -> tuple[Term, ...]:
    """The terms that have a code name, with the files their section names."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return tuple(term for part in text.split("\n## ")[1:] for term in _terms_of(part))


def _terms_of(part: str) -> Iterator[Term]:
    lines = part.splitlines()
    where = next((line for line in lines if line.startswith("Where:")), "")
    for line in lines:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if where and line.startswith("|") and "`" in cells[1]:
            yield Term(
                lines[0], tuple(re.findall(r"`([^`]+)`", where)), cells[0],
                tuple(re.findall(r"`([^`]+)`", cells[1])), cells[2],
            )  # fmt: skip


@cache
def _text_of(files: tuple[str, ...]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for name in files for path in sorted(SOURCE.glob(name)))


def _is_named(vietnamese: str, code: str) -> bool:
    """Whether a line of the glossary begins with this Vietnamese term and has this code name."""
    return any(code in term.codes and term.vietnamese.startswith(vietnamese) for term in glossary())


def test_every_code_name_of_the_glossary_stands_in_the_files_of_its_section() -> None:
    assert len(glossary()) > 200
    lost = [
        f"{term.section}: {code}"
        for term in glossary()
        for code in term.codes
        if not re.search(rf"(?<![A-Za-z]){re.escape(code)}(?![A-Za-z])", _text_of(term.files))
    ]
    assert lost == []


def test_every_line_of_the_glossary_has_both_languages_and_a_source() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split("\n## Words of parts")[0]
    rows = [line for line in text.splitlines() if line.startswith("|") and "---" not in line]
    assert [
        row for row in rows if [c.strip() for c in row.strip("|").split("|")].count("") or row.count("|") != 5
    ] == []


def _choices() -> Iterator[tuple[str, str, str]]:
    """Every declared choice of every table: name of the class, value, Vietnamese label."""
    for model in apps.get_models():
        if not model.__module__.startswith("hotich."):
            continue
        module = __import__(model.__module__, fromlist=["_"])
        for holder in (module, model):
            for name, kind in vars(holder).items():
                if isinstance(kind, type) and issubclass(kind, models.TextChoices) and kind is not models.TextChoices:
                    for value, label in kind.choices:
                        yield name, str(value), str(label)


def test_every_state_and_kind_of_the_tables_is_in_the_glossary() -> None:
    found = {item for item in _choices() if item[0] != "Precision"}
    assert len(found) > 70
    assert sorted(item for item in found if not _is_named(item[2], item[1])) == []


def test_every_register_era_and_role_is_in_the_glossary() -> None:
    registers = [(item.label.vi, code) for item in REGISTER_TYPES.values() for code in (item.code, item.letters)]
    eras = [(ERA_PERIODS[era].label.vi, era.value) for era in Era]
    roles = [(role.name, role.code) for role in ROLES.values()]
    assert [pair for pair in [*registers, *eras, *roles] if not _is_named(*pair)] == []
    english = {code: term.english for term in glossary() for code in term.codes if "roles" in term.section}
    assert {role.code: role.name_en for role in ROLES.values()}.items() <= english.items()


def test_every_role_in_a_record_is_in_the_glossary() -> None:
    wanted = {
        person.role
        for register in REGISTER_TYPES.values()
        for version in register.every_version
        for person in version.participants
    }
    told = {code for term in glossary() if term.section == "Roles in a record" for code in term.codes}
    assert wanted == told


@pytest.mark.parametrize(
    "page", [ROOT / "docs" / "overview.md", *sorted((ROOT / "docs" / "decisions").glob("*.md"))], ids=str
)
def test_every_name_of_the_code_in_overview_and_decisions_exists(page: Path) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.sql")])
    named = {span for span in _spans(page) if re.fullmatch(r"[a-z]+(?:_[a-z]+)+|(?:[A-Z][a-z]+){2,}", span)}
    assert sorted(name for name in named if not re.search(rf"\b{name}\b", code)) == []


# ---- paths


def _exists(name: str) -> bool:
    """From the top, from the package, or in one of the apps ("rules/messages.py")."""
    bases = (ROOT, SOURCE, *(path for path in SOURCE.iterdir() if path.is_dir()))
    return any(next(iter(base.glob(name.rstrip("/"))), None) for base in bases)


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_a_document_names_exists(page: Path) -> None:
    named = {span for span in _spans(page) if PATH.fullmatch(span) and ("/" in span or span[0].isupper())}
    assert sorted(name for name in named if not MADE_LATER.fullmatch(name) and not _exists(name)) == []


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", _without_code_blocks(page))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_decisions_are_numbered_dated_and_have_the_same_parts() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {page.name[:4]}. "), page.name
        assert re.search(r"^Date: \d{4}-\d\d-\d\d\.", text, re.M), page.name
        for part in ("## Context", "## Decision", "## Consequences"):
            assert part in text, f"{page.name}: {part}"


# ---- commands and settings


def _named_commands(page: Path) -> list[list[str]]:
    """The words after `hotich` or `./hotich`, in code blocks and in code spans."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"(?:^|[\s`])(?:\./)?hotich ((?:[a-z][\w-]*)(?: [^`\n#]*)?)", _code_of(text))
    return [line.split() for line in found]


def _code_of(text: str) -> str:
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.S)
    spans = re.findall(r"`[^`\n]+`", re.sub(r"```.*?```", "", text, flags=re.S))
    return "\n".join([*blocks, *spans])


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_a_document_names_exists_with_its_options(page: Path) -> None:
    known = get_commands()
    for words in _named_commands(page):
        name = words[0].replace("-", "_")
        if name == "help":
            continue
        assert name in known, " ".join(words)
        app = known[name]
        command = app if not isinstance(app, str) else load_command_class(app, name)
        parser = command.create_parser("hotich", name)
        options = {option for action in parser._actions for option in action.option_strings}
        assert {word for word in words if word.startswith("--")} <= options, " ".join(words)
        choices = next((a.choices for a in parser._actions if not a.option_strings and a.choices), None)
        if choices and len(words) > 1:
            assert words[1] in choices, " ".join(words)


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_a_document_names_exists(page: Path) -> None:
    rules = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(VENV)", ".venv")
    targets = {name for line in re.findall(r"^([\w./ -]+):(?!=)", rules, re.M) for name in line.split()}
    target = r"[\w.]+/[\w.]+"
    named = re.findall(rf"(?:^|[\s`])make ([a-z]+|{target}(?: {target})*)(?=[`\s]|$)", _code_of(page.read_text()), re.M)
    assert [name for words in named for name in words.split() if name not in targets] == []


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_setting_a_document_names_is_read_somewhere(page: Path) -> None:
    places = [*SOURCE.rglob("*.py"), ROOT / "Makefile", *(ROOT / "scripts").iterdir()]
    code = "\n".join(path.read_text(encoding="utf-8") for path in places if path.is_file())
    named = set(re.findall(r"\b(?:HOTICH|DATABASE)_[A-Z_]+\b", page.read_text(encoding="utf-8")))
    assert sorted(name for name in named if name not in code) == []


def test_both_readmes_name_the_same_commands_settings_and_links() -> None:
    english, vietnamese = (page.read_text(encoding="utf-8") for page in READMES)
    for pattern in (r"^make \w+", r"^\./hotich .*?(?=\s+#|$)", r"^\| (`[A-Z_]+`)", r"^\| `(\w+)`", r"`make \w+`"):
        assert sorted(set(re.findall(pattern, english, re.M))) == sorted(set(re.findall(pattern, vietnamese, re.M)))
    assert {"make run", "make test"} <= set(re.findall(r"^make \w+", english, re.M))


def test_the_continuous_integration_runs_the_command_of_the_readme() -> None:
    assert re.search(r"^exec make test$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.M)


def test_the_demo_sign_ins_of_the_readmes_are_those_that_are_made() -> None:
    for page in READMES:
        spans = _spans(page)
        logins = {
            span
            for span in spans
            if re.fullmatch(r"[a-z]+(?:\.[a-z]+)*\.(?:\d|[a-z]+)", span) and "hotich." not in span
        }
        assert len(logins) >= 6
        assert sorted(login for login in logins if not re.match(DEMO_LOGIN, login)) == []
        assert DEMO_PASSWORD in spans


# ---- form


@pytest.mark.parametrize("page", OURS, ids=lambda page: str(page.relative_to(ROOT)))
def test_lines_of_documents_are_short_enough_to_read(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [f"{n}: {len(line)}" for n, line in enumerate(lines, start=1) if len(line) > LONGEST_LINE] == []


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text and "Version 2.0, January 2004" in text
    assert all(re.search(rf"^   {number}\. ", text, re.M) for number in range(1, 10))
    assert "END OF TERMS AND CONDITIONS" in text
