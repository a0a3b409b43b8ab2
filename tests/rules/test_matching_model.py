"""The model: one declaration, asked of one pair and of millions, written to a file and read again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from hotich.kernel.problems import RuleBroken
from hotich.matching.batch.blocks import found_by
from hotich.matching.batch.judging import judged, pair_sql
from hotich.matching.batch.likeness import TextsNear
from hotich.matching.batch.pairs import pairs_sql
from hotich.matching.batch.tables import counted_common, make_keys, make_sides, read_rows
from hotich.matching.conditions import to_test
from hotich.matching.declared import DECLARED
from hotich.matching.default import default_model
from hotich.matching.differences import COMPARISONS, DIFFERS_IN_NOTHING, differences
from hotich.matching.keys import MOST_COMMON, date_parts, folded, sides, texts_sql
from hotich.matching.many import Numbers, Sides, levels_of_pairs
from hotich.matching.model import Comparison, Level, from_json, read_model, to_json
from hotich.matching.scorer import Answer, Scorer
from hotich.matching.training import are_evident, levels_in, levels_of, scores_of
from tests.population.files import write_parquet
from tests.population.people import draw

PAIRS = 10_000
UNKNOWN = {"code": "x", "when": ["magic", "own_key"]}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Drawn people in DuckDB, with their sides and the pairs the rules find and some they do not."""
    folder = tmp_path_factory.mktemp("people")
    drawn = draw(persons=20_000, records=1_500, seed=11, close_siblings=True)
    odd = [
        {
            "id": "odd1",
            "full_name": "  H’Rin   Ê-ban ",
            "birth_date": "1980-13-01",
            "sex": "khác",
            "personal_id": "12 345",
        },
        {"id": "odd2", "full_name": "Nguyễn Thị Lan", "birth_date": "1980-05", "personal_id": "abc"},
        {"id": "odd3", "full_name": "Đỗ", "birth_date": "1980-02-30", "mother_name": "", "personal_id": "--"},
        {"id": "odd4", "full_name": "NGUYỄN VĂN ĐẠT", "birth_date": "1980-05-17 00:00:00", "sex": "MALE"},
        # a name is worked on in halves: either of them without letters, or of more words than it looks
        {"id": "odd5", "full_name": "Lò Thị -", "father_name": "- Mùa", "mother_name": " - . "},
        {"id": "odd6", "full_name": "- - Y’Bih-Niê", "father_name": "Y-Moan\tÊnuôl", "mother_name": "\u0301 Hoa"},
        {"id": "odd7", "full_name": "Tra\u0302\u0300n Thi\u0323 \u0301", "father_name": "h ng", "mother_name": ""},
    ]
    db = duckdb.connect()
    read_rows(db, write_parquet([*drawn.records, *odd], folder / "r.parquet"), "record_row")
    read_rows(db, write_parquet([*drawn.persons, *odd], folder / "p.parquet"), "person_row")
    make_keys(db)
    make_sides(db, 100_000, found_by(DECLARED))
    db.execute(f"create table near_pair as {pairs_sql(DECLARED, 'record_side', 'person_side')}")
    db.execute(
        f"create table pair as select * from near_pair union select {pair_sql()} from record_side r, person_side p "
        f"where hash(r.row, p.row) % 4000 = 0 or (r.row > {len(drawn.records)} and p.row > {len(drawn.persons) - 500})"
    )
    return db


def _rows(db: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, object]]:
    found = db.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _facts(db: duckdb.DuckDBPyConnection, table: str) -> dict[int, dict[str, object]]:
    return {int(str(row["row"])): row for row in _rows(db, f"select * from {table}")}


def _sides(db: duckdb.DuckDBPyConnection) -> tuple[dict[int, dict[str, object]], dict[int, dict[str, object]]]:
    made = [
        {int(str(row["row"])): row for row in _rows(db, texts_sql(table))} for table in ("record_side", "person_side")
    ]
    return made[0], made[1]


def test_namesakes_whose_parents_have_other_names_are_left_out_unless_another_rule_finds_them_or_the_record_teaches(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    tables.execute("create or replace table learner as select * replace (row % 7 = 0 as teaches) from record_side")
    every, some = (
        f"select distinct pair from ({pairs_sql(model, 'learner', 'person_side')})"
        for model in (replace(DECLARED, crowded=()), DECLARED)
    )
    named = replace(DECLARED, blocking=tuple(rule for rule in DECLARED.blocking if rule not in DECLARED.crowded))
    strangers = (
        f"select pair from ({every}) join learner r on r.row = (pair & 4294967295) join person_side p on p.row = pair >> 32 "
        "where r.father_given <> p.father_given and r.mother_given <> p.mother_given and r.row % 7 <> 0 "
        f"except ({pairs_sql(named, 'learner', 'person_side')})"
    )
    left_out, told = (set(tables.execute(q).fetchall()) for q in (f"{every} except ({some})", strangers))
    assert left_out == told
    assert len(left_out) > 200
    assert not tables.execute(f"{some} except ({every})").fetchall()


def test_sql_and_python_make_the_same_columns_of_everybody(tables: duckdb.DuckDBPyConnection) -> None:
    common, grades = counted_common(tables), set()
    for side in ("record", "person"):
        facts = _facts(tables, f"{side}_row")
        for made in _rows(tables, texts_sql(f"{side}_side")):
            row = made.pop("row")
            made.pop("piece", None)
            if int(str(row)) % (5 if side == "person" else 1) == 0:
                assert made == sides(facts[int(str(row))], common)
            grades |= {int(str(made["own_grade"] or 0))}
    assert grades == set(range(MOST_COMMON + 1))  # rare names and common ones


def test_columns_and_a_single_pair_find_the_same_levels_in_ten_thousand_pairs(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    records, persons = _sides(tables)
    scorer = Scorer(DECLARED)
    r_rows, p_rows, patterns = judged(tables, DECLARED.comparisons, 0, "select pair from pair")
    assert len(patterns) >= PAIRS
    seen = set()
    for r, p, pattern in zip(r_rows.tolist(), p_rows.tolist(), patterns.tolist(), strict=True):
        levels = scorer.levels(records[r], persons[p])
        assert DECLARED.levels_of(pattern) == levels, (records[r], persons[p])
        seen |= set(zip([each.field for each in DECLARED.comparisons], levels, strict=True))
    all_levels = {(each.field, place) for each in DECLARED.comparisons for place in range(len(each.levels))}
    assert seen == all_levels  # every level was met, so every level was compared


def test_columns_and_a_single_pair_find_the_same_differences(tables: duckdb.DuckDBPyConnection) -> None:
    records, persons = _sides(tables)
    r_rows, p_rows, patterns = judged(tables, COMPARISONS, 0, "select pair from pair")
    seen = set()
    found = zip(r_rows.tolist(), p_rows.tolist(), levels_in(COMPARISONS, patterns).tolist(), strict=True)
    for r, p, levels in found:
        kinds = {each.field: each.levels[level].code for each, level in zip(COMPARISONS, levels, strict=True)}
        told = {field: kind for field, kind in kinds.items() if kind not in DIFFERS_IN_NOTHING}
        assert {each.field: each.kind for each in differences(records[r], persons[p])} == told
        seen |= set(told.values())
    assert seen == {"accents", "tone", "slip", "different", "year_only", "swapped"}


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(to_json(DECLARED), encoding="utf-8")
    assert read_model(path) == DECLARED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": 99}, "matching_model_format"),
        ({"comparisons": []}, "matching_model_malformed"),
        ({"blocking": [["year", "no_such_column"]]}, "matching_model_malformed"),
        ({"crowded": [["year"]]}, "matching_model_malformed"),
        ({"gate": [[["name", ["no_such_level"]]]]}, "matching_model_malformed"),
        ({"classes": [{"code": "match", "share": 1, "chances": {"name": [1.0]}}]}, "matching_model_malformed"),
        ({"comparisons": [{"field": "name", "levels": [UNKNOWN, {"code": "y", "when": []}]}]}, "matching_condition_unknown"),
    ],
)  # fmt: skip
def test_a_damaged_model_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        from_json(json.dumps({**json.loads(to_json(DECLARED)), **change}))
    assert refusal.value.code == code


def test_an_untrained_model_gives_no_score() -> None:
    with pytest.raises(RuleBroken) as refusal:
        DECLARED.score([0] * len(DECLARED.comparisons))
    assert refusal.value.code == "matching_model_untrained"


def test_a_condition_nobody_knows_is_refused_of_one_pair_and_of_many() -> None:
    magic = ("magic", "own_key")
    row = np.zeros(1, dtype=np.int64)
    with pytest.raises(RuleBroken) as refusal:
        to_test(magic)
    assert refusal.value.code == "matching_condition_unknown"
    with pytest.raises(RuleBroken) as refusal:
        levels_of_pairs(
            Comparison("x", (Level("y", magic), Level("z"))), Sides({"row": row}, {"row": row}, NoTexts()), row, row
        )
    assert refusal.value.code == "matching_condition_unknown"


class NoTexts:
    """Nobody asks for likeness."""

    def measured(self, kind: str, column: str, a: Numbers, b: Numbers, most: int) -> Numbers:
        raise AssertionError(kind, column)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("alike", "own_key", 0.9), [True, False, False]),
        (("edits", "own_key", 1), [True, False, False]),
        (("any", ("edits", "own_key", 1), ("edits", "own_key", 3)), [True, True, False]),
        (("all", ("edits", "own_key", 3), ("is", "sex", 2)), [True, False, False]),
    ],
)
def test_likeness_is_measured_once_for_whatever_bounds_and_never_of_what_nobody_knows(
    condition: tuple[object, ...], expected: list[bool]
) -> None:
    db = duckdb.connect()
    db.execute(
        "create table known_text as select * from (values (1, 'nguyen'), (2, 'nguyne'), (3, 'nguxyz')) t (code, text)"
    )
    record = {"row": np.arange(3), "own_key": np.array([1, 1, -1]), "sex": np.array([2, 1, 2])}
    person = {"row": np.arange(3), "own_key": np.array([2, 3, 3]), "sex": np.array([1, 1, 1])}
    comparison, places = Comparison("name", (Level("near", condition), Level("other"))), np.arange(3)
    near = TextsNear(db, [record["own_key"], person["own_key"]])
    found = levels_of_pairs(comparison, Sides(record, person, near), places, places)
    assert [level == 0 for level in found.tolist()] == expected


def test_a_pattern_gives_back_its_levels() -> None:
    pattern = 0
    levels = tuple(size - 1 for size in DECLARED.sizes)
    for size, level in zip(DECLARED.sizes, levels, strict=True):
        pattern = pattern * size + level
    assert DECLARED.levels_of(pattern) == levels


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1980-05-17", (1980, 5, 17)), ("1980-05", (1980, 5, None)), ("1980", (1980, None, None)),
        ("1980-05-17T10:00:00", (1980, 5, 17)), ("1980-02-30", (None, None, None)), ("1980-13", (None, None, None)),
        ("17/05/1980", (None, None, None)), ("", (None, None, None)), (None, (None, None, None)),
        ("0000", (None, None, None)),
    ],
)  # fmt: skip
def test_a_date_is_read_as_far_as_it_goes(text: str | None, parts: tuple[int | None, ...]) -> None:
    assert date_parts(text) == parts


def test_letters_that_sound_alike_are_one() -> None:
    assert folded("tran xuan nghia") == folded("chan suan ngia")
    assert folded("ly thi nga") == folded("ni thi na")
    assert folded("lan") != folded("hoa")


def _answer(rivals: int, name: str, persons: int = 200_000) -> Answer:
    person = {
        "full_name": name,
        "birth_date": "1980",
        "sex": "male",
        "father_name": f"{name.split()[0]} Văn Hùng",
    }
    others = [(f"other{number}", {**person}) for number in range(rivals)]
    return Scorer(default_model().among(persons)).answer(person, [("right", person), *others])


def test_candidates_compete_for_a_record() -> None:
    alone, crowded = _answer(0, "Quàng Khăm Tủa"), _answer(2, "Quàng Khăm Tủa")
    assert alone.outcome == "equal" and crowded.outcome == "clerk"
    assert alone.score == crowded.score and (alone.certainty or 0) > (crowded.certainty or 0)
    assert crowded.certainty == pytest.approx(-1, abs=0.1)  # two others as likely: one to two


def test_a_common_name_says_less_than_a_rare_one() -> None:
    rare, common = _answer(0, "Quàng Khăm Tủa"), _answer(0, "Nguyễn Văn Hùng")
    assert default_model().common["own"]["nguyen van hung"] == MOST_COMMON
    assert (rare.score or 0) > (common.score or 0) + 2
    # of the common name there are too many among a hundred million, were the right one the only one that was found
    crowd = [_answer(0, name, persons=100_000_000).outcome == "equal" for name in ("Quàng Khăm Tủa", "Nguyễn Văn Hùng")]
    assert (common.outcome, crowd) == ("equal", [True, False])


def test_the_gate_and_the_scores_of_many_patterns_are_those_of_one() -> None:
    model = default_model()
    patterns = list(range(0, 5_000_000, 99_991))
    for levels, score, evident in zip(
        levels_of(model, patterns).tolist(),
        scores_of(model, patterns),
        are_evident(model, levels_of(model, patterns)),
        strict=True,
    ):
        assert model.score(levels) == pytest.approx(score, abs=1e-9)
        assert model.is_evident(levels) == evident


def test_the_default_model_is_the_declared_one_with_weights() -> None:
    model = default_model()
    for asked in ("comparisons", "blocking", "crowded", "gate"):
        assert getattr(model, asked) == getattr(DECLARED, asked)
    assert from_json(to_json(model)) == model
