"""The model: one declaration, asked in SQL and in Python, written to a file and read again."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from hotich.kernel.problems import RuleBroken
from hotich.matching.batch.likeness import asks_of, make_near, near_columns, near_joins
from hotich.matching.batch.pairs import pairs_sql, patterns_sql
from hotich.matching.batch.tables import counted_common, make_sides, read_rows
from hotich.matching.conditions import to_sql, to_test
from hotich.matching.declared import DECLARED
from hotich.matching.default import default_model
from hotich.matching.differences import FIELDS, difference_asks, difference_sql, differences
from hotich.matching.keys import MOST_COMMON, date_parts, folded, sides, texts_sql
from hotich.matching.model import from_json, read_model, to_json
from hotich.matching.scorer import Answer, Scorer
from hotich.matching.training import are_evident, levels_of, scores_of
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
    ]
    db = duckdb.connect()
    read_rows(db, write_parquet([*drawn.records, *odd], folder / "r.parquet"), "record_row")
    read_rows(db, write_parquet([*drawn.persons, *odd], folder / "p.parquet"), "person_row")
    make_sides(db, 100_000)
    db.execute(f"create table near_pair as {pairs_sql(DECLARED, 'record_side', 'person_side')}")
    db.execute(
        "create table pair as select * from near_pair union select r.row, p.row from record_side r, person_side p "
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


def test_sql_and_python_find_the_same_levels_in_ten_thousand_pairs(tables: duckdb.DuckDBPyConnection) -> None:
    records, persons = _sides(tables)
    scorer = Scorer(DECLARED)
    make_near(tables, asks_of(DECLARED), "pair", "record_side", "person_side")
    pairs = tables.execute(patterns_sql(DECLARED, "pair", "record_side", "person_side")).fetchall()
    assert len(pairs) >= PAIRS
    seen = set()
    for r, p, pattern in pairs:
        levels = scorer.levels(records[r], persons[p])
        assert DECLARED.levels_of(pattern) == levels, (records[r], persons[p])
        seen |= set(zip([each.field for each in DECLARED.comparisons], levels, strict=True))
    all_levels = {(each.field, place) for each in DECLARED.comparisons for place in range(len(each.levels))}
    assert seen == all_levels  # every level was met, so every level was compared


def test_sql_and_python_find_the_same_differences(tables: duckdb.DuckDBPyConnection) -> None:
    records, persons = _sides(tables)
    kinds = ", ".join(f"{difference_sql(field)} as {field}" for field in FIELDS)
    make_near(tables, difference_asks(), "pair", "record_side", "person_side")
    found = _rows(
        tables,
        f"select pair.r as r_row, pair.p as p_row, {kinds} from pair join record_side r on r.row = pair.r "
        f"join person_side p on p.row = pair.p {near_joins(near_columns(difference_asks()))}",
    )
    for row in found:
        ours = {
            each.field: each.kind
            for each in differences(records[int(str(row["r_row"]))], persons[int(str(row["p_row"]))])
        }
        assert ours == {field: row[field] for field in FIELDS if row[field] is not None}
    assert {kind for row in found for field, kind in row.items() if field in FIELDS and kind} == {
        "accents", "tone", "slip", "different", "year_only", "swapped",
    }  # fmt: skip


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(to_json(DECLARED), encoding="utf-8")
    assert read_model(path) == DECLARED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": 99}, "matching_model_format"),
        ({"comparisons": []}, "matching_model_malformed"),
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


def test_a_condition_nobody_knows_is_refused_in_both_languages() -> None:
    for compile_it in (to_sql, to_test):
        with pytest.raises(RuleBroken) as refusal:
            compile_it(("magic", "own_key"))
        assert refusal.value.code == "matching_condition_unknown"


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
    assert (model.comparisons, model.blocking, model.gate) == (DECLARED.comparisons, DECLARED.blocking, DECLARED.gate)
    assert from_json(to_json(model)) == model
