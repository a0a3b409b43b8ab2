"""The checks of the keying screen: the compiled TypeScript and the Python beside it say the same of the same cases."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hotich.keying.rules.client_checks import client_checks
from hotich.keying.rules.client_findings import Finding, ScreenChecks
from hotich.keying.rules.form_data import form_data
from hotich.registers.rules.examine import examine, with_surrogates
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.types.declaration import Channel, Kind, RegisterVersion
from tests.rules.registers_rows import good_row

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
VERSIONS = [version for kind in REGISTER_TYPES.values() for version in kind.every_version]
RUNNER = """
import { findings } from "%s";
const packages = JSON.parse(await new Promise((done) => {
  let text = ""; process.stdin.on("data", (part) => (text += part)); process.stdin.on("end", () => done(text));
}));
const said = packages.flatMap(({ checks, lists, cases, today }) => cases.map((values) =>
  findings(checks, lists, values, today).map(({ code, field, severity }) => [code, field, severity])));
console.log(JSON.stringify(said));
"""

# what keyers type and books hold: good, wrong and hard to tell
TYPED: dict[Kind, tuple[Any, ...]] = {
    Kind.DATE: ("05.03.1978", "31.02.1990", "00/03/1978", "13.1990", "1700", "2150", "29.02.2001", "29/2/2000", "34 tuổi",
                "05031978", "32011978", "05031578", "0503197", "109012013", "1.1.1999", "01.01.2031",
                "Ngày 5 tháng 3", "00.00.1960", "٠٥.٠٣.1978"),
    Kind.REGISTRATION_NUMBER: ("12/2006", "012a/2006", "12(1)/2006", "12", "12/06", "số 5", "12 / 2006", "7/2017", ""),
    Kind.BOOK_NUMBER: ("01/2016", "1A", "01-TP/HT-2015-GH", "01 - tp/ht - 2015", "quyển 1", "02/2030"),
    Kind.PAGE_NUMBER: ("7", "7a", "bìa", " 9 "),
    Kind.TIME: ("14:30", "14 giờ 30", "24:10", "0h20'", "sáng", "9g", "14:30:00"),
    Kind.NAME: ("Bình", "Lê 3 Bình", "Lê Bình@", "K'Brêu", "Y-Bih", "Lê Văn Bình", "H' Ƀlă", "A"),
    Kind.CODE: ("1", "kinh", "Dân tộc Kinh", "Không có trong danh mục", "Việt Nam", "viet nam", "01", "tỉnh Gia Lai", "2 "),
    Kind.PERSONAL_ID: ("082216000123", "082 216 000 123", "0822160", "08221600012a"),
}  # fmt: skip
REASONS = ("illegible", "not_written", "assigned")


def _cases(version: RegisterVersion, many: int, *, too_long: bool = True) -> Iterator[dict[str, Any]]:
    """The good row, then rows of which some fields were changed; the same ones in every run."""
    rng = random.Random(f"parity {version.id}")
    row = good_row(version.letters, version.era)
    yield dict(row)
    yield {}
    shown = [field for field in version.fields if field.on_form]
    for _ in range(many):
        values: dict[str, Any] = dict(row)
        for field in rng.sample(shown, k=rng.randint(1, 6)):
            draw = rng.random()
            if draw < 0.15:
                values.pop(field.code, None)
            elif draw < 0.35:
                values[field.code] = {"text": "", "reason": rng.choice(REASONS)}
            elif draw < 0.4 and too_long:
                values[field.code] = "x" * (field.max_length + 400)
            else:
                values[field.code] = rng.choice(TYPED.get(field.kind, ("một", "  hai  từ ", "")))
        yield values


def screen_checks(version: RegisterVersion) -> ScreenChecks:
    form = form_data(version)
    return ScreenChecks(form["checks"], form["lists"])


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checks of the screen, compiled to run in node."""
    if shutil.which("node") is None or not (ROOT / "node_modules" / "esbuild").exists():
        pytest.skip("needs node and the front-end packages (npm ci)")
    folder = tmp_path_factory.mktemp("parity")
    (folder / "runner.mjs").write_text(RUNNER % (ROOT / "src/hotich/keying/ts/parts/checks.ts").as_posix())
    made = folder / "checks.mjs"
    bundle = ["node_modules/.bin/esbuild", str(folder / "runner.mjs"), "--bundle", "--format=esm", "--platform=node",
              f"--outfile={made}", "--log-level=error"]  # fmt: skip
    subprocess.run(bundle, cwd=ROOT, check=True, timeout=60)
    return made


def _said_by_node(node: Path, asked: list[dict[str, Any]]) -> list[list[list[str]]]:
    done = subprocess.run(["node", str(node)], input=json.dumps(asked), capture_output=True, text=True, check=True,
                          timeout=120)  # fmt: skip
    found: list[list[list[str]]] = json.loads(done.stdout)
    return found


def test_typescript_and_python_say_the_same_of_every_register_and_era(node: Path) -> None:
    asked, expected, versions = [], [], []
    for version in VERSIONS:
        form = form_data(version)
        here = ScreenChecks(form["checks"], form["lists"])
        cases = list(_cases(version, 25))
        asked.append({"checks": form["checks"], "lists": form["lists"], "cases": cases, "today": 20261123})
        expected += [[list(each) for each in here.findings(values, TODAY)] for values in cases]
        versions += [(version.id, values) for values in cases]
    said = _said_by_node(node, asked)
    for mine, theirs, (version_id, values) in zip(expected, said, versions, strict=True):
        assert theirs == mine, (version_id, values)
    codes = {code for each in expected for code, _, _ in each}
    assert len(codes) > 25  # the cases are no sleeping ones


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.id)
def test_the_screen_claims_nothing_that_the_full_checks_would_not(version: RegisterVersion) -> None:
    here = screen_checks(version)
    # a text that is too long the full checks do not read at all
    for values in _cases(version, 20, too_long=False):
        full = examine(version, with_surrogates(version, values), channel=Channel.HISTORICAL, today=TODAY)
        known = {(each.code, each.field, each.severity.value) for each in full.problems}
        claimed = set(map(tuple, here.findings(values, TODAY)))
        assert claimed <= known, (claimed - known, values)


def test_every_check_names_a_code_and_fields_that_exist() -> None:
    for version in VERSIONS:
        codes = {field.code for field in version.fields if field.on_form} | {"@registered"}
        for check in client_checks(version):
            named = {check[name] for name in ("field", "first", "second", "report") if check.get(name)}
            assert named <= codes, (version.id, check)


def test_a_good_row_has_nothing_to_say() -> None:
    for version in VERSIONS:
        row = good_row(version.letters, version.era)
        assert screen_checks(version).findings(row, TODAY) == [], version.id  # type: ignore[arg-type]


def test_an_order_of_days_is_told_under_the_field_to_look_at() -> None:
    version = next(each for each in VERSIONS if each.id == "KS-L2014-1")
    values = good_row("KS") | {"child_birth_date": "01.07.2016"}
    found = screen_checks(version).findings(values, TODAY)  # type: ignore[arg-type]
    assert Finding("birth_after_registration", "child_birth_date", "error") in found
