"""`python -m benchmarks match [RECORDS PERSONS]`: the batch against Splink 5 on the same drawn people, truth known.

Each matcher runs in a process of its own, so that its time and its largest memory are its own. Splink gets the same keys
(made by it from the same columns, counted in its time), ordinary settings, and the threshold that is best on the truth; ours
takes the threshold it chose itself. They take turns on each kind of data, and of each the median counts: a slow moment of the
machine is not one of theirs.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from tests.population.files import write_parquet
from tests.population.people import Errors, draw

SEED = 71
VARIANTS: dict[str, dict[str, Any]] = {
    "siblings of any age": {},
    "close siblings, twins": {"close_siblings": True},
    "other names": {"other_names": True},
    "twice the errors": {
        "close_siblings": True,
        "errors": Errors(
            marks_lost=0.2, slip=0.16, tone=0.12, middle_lost=0.06, father_missing=0.24, mother_missing=0.12,
            year_only=0.16, swapped=0.06, day=0.06, january=0.04, year=0.05, moved=0.5, sex=0.01, with_id=0.05,
        ),
    },
}  # fmt: skip
MEMORY, THREADS = "8GB", 2
TURNS = ("ours", "splink", "ours", "splink", "ours")


def run(sizes: list[str]) -> None:
    """Measure and print one line a variant and matcher."""
    records, persons = (int(size) for size in (sizes or ["200000", "1000000"])[:2])
    print(f"{records} records, {persons} persons, {THREADS} threads, at most {MEMORY}")
    print(
        "| Data | Matcher | Precision | Recall | 1 - F1 | Wall of each turn | CPU | Memory "
        "| Error, wall, CPU, memory against Splink |"
    )
    print("|---|---|---:|---:|---:|---:|---:|---:|---|")
    for place, (title, options) in enumerate(VARIANTS.items()):
        with tempfile.TemporaryDirectory(prefix="hotich-match-") as folder:
            _files(Path(folder), records, persons, SEED + place, options)
            turns = [(name, _measured(name, folder)) for name in TURNS]
            ours, peer = ([found for each, found in turns if each == name] for name in ("ours", "splink"))
            _line(title, "Splink 5", peer, None)
            _line(title, "hotich match", ours, peer)


def _files(folder: Path, records: int, persons: int, seed: int, options: dict[str, Any]) -> None:
    drawn = draw(persons=persons, records=records, seed=seed, **options)
    write_parquet(drawn.records, folder / "records.parquet")
    write_parquet(drawn.persons, folder / "persons.parquet")
    truth = [{"id": key, "person_id": person} for key, person in drawn.truth.items()]
    write_parquet(truth, folder / "truth.parquet", ["id", "person_id"])


def _measured(name: str, folder: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.matching", name, folder], check=True, capture_output=True, text=True
    )
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _line(title: str, matcher: str, turns: list[dict[str, float]], peer_turns: list[dict[str, float]] | None) -> None:
    found, ratios = _median(turns), ""
    if peer_turns is not None:
        peer = _median(peer_turns)
        error = (1 - found["f1"]) / (1 - peer["f1"])
        shares = [max(error, 1e-6), *(found[name] / peer[name] for name in ("wall", "cpu", "mb"))]
        ratios = ", ".join(f"1/{1 / share:.1f}" for share in shares)
    walls = ", ".join(f"{each['wall']:.1f}" for each in turns)
    print(
        f"| {title} | {matcher} | {found['precision']:.4f} | {found['recall']:.4f} "
        f"| {1 - found['f1']:.4f} | {walls} s | {found['cpu']:.0f} s | {found['mb'] / 1000:.1f} GB | {ratios} |",
        flush=True,
    )


def _median(turns: list[dict[str, float]]) -> dict[str, float]:
    return {name: median(each[name] for each in turns) for name in turns[0]}


# ---- in a process of their own


def _largest_memory() -> float:
    """Megabytes. Not `ru_maxrss`, which of a new process begins with what the one that started it had: the drawn people."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kilobytes) / 1000


def _taken(started: float) -> dict[str, float]:
    """What the matcher took, before its links are held against the truth (of Splink at forty-five thresholds)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"wall": time.perf_counter() - started, "cpu": used.ru_utime + used.ru_stime, "mb": _largest_memory()}


def _scores(links: str, folder: Path) -> dict[str, float]:
    """Precision, recall and F1 of a query of links (record, person) against the truth."""
    made, right, present = duckdb.execute(
        f"select (select count(*) from ({links})), "
        f"(select count(*) from ({links}) l join '{folder}/truth.parquet' t on t.id = l.record and t.person_id = l.person), "
        f"(select count(person_id) from '{folder}/truth.parquet')"
    ).fetchall()[0]
    precision, recall = right / max(made, 1), right / present
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(precision + recall, 1e-9)}


def _ours(folder: Path) -> dict[str, float]:
    from hotich.matching.batch import Order, match_files
    from hotich.matching.declared import DECLARED

    started = time.perf_counter()
    out = folder / "out.parquet"
    match_files(
        Order(folder / "records.parquet", folder / "persons.parquet", out, DECLARED, threads=THREADS, memory=MEMORY)
    )
    taken = _taken(started)
    links = f"select record_id as record, person_id as person from '{out}' where outcome in ('equal', 'different')"
    return {**_scores(links, folder), **taken}


def _splink(folder: Path) -> dict[str, float]:
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    (folder / "splink.duckdb").unlink(missing_ok=True)  # of the turn before
    started = time.perf_counter()
    db = duckdb.connect(str(folder / "splink.duckdb"))
    db.execute(f"set threads = {THREADS}; set memory_limit = '{MEMORY}'; set temp_directory = '{folder}/spill'")
    names = {"a_records": "records", "b_persons": "persons"}  # the left side of a pair is the first by its name
    for table, file in names.items():
        db.execute(f"create table {table} as {_splink_columns(folder / f'{file}.parquet')}")
    api = DuckDBAPI(db)
    tables = [api.register(name, dataset_display_name=name) for name in names]
    rules = (
        ("personal_id",), ("name", "year"), ("dob", "given"), ("dob", "sex", "province_code"), ("father", "mother"),
        ("name", "md"), ("folded", "year"),
    )  # fmt: skip
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        comparisons=_splink_comparisons(),
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
    )
    linker = Linker(tables, settings)
    linker.training.estimate_probability_two_random_records_match([block_on("name", "dob")], recall=0.55)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in (("name", "year"), ("father", "mother")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*rule), max_pairs=2e6, record_sample_proportion=1.0
        )
    pairs = linker.inference.predict(threshold_match_weight=-5).physical_name
    db.execute(
        f"create table best as select id_l as record, id_r as person, match_weight from {pairs} "
        "qualify row_number() over (partition by id_l order by match_weight desc, id_r) = 1"
    )
    taken = _taken(started)
    db.execute(f"copy best to '{folder}/best.parquet' (format parquet)")
    best: dict[str, float] = {"f1": 0.0}
    for bits in range(-5, 40):
        links = f"select record, person from '{folder}/best.parquet' where match_weight >= {bits}"
        found = _scores(links, folder)
        best = found if found["f1"] > best["f1"] else best
    return {**best, **taken}


def _splink_columns(path: Path) -> str:
    from hotich.matching.keys import FOLDS

    def key(column: str) -> str:
        return f"strip_accents(replace(lower({column}), 'đ', 'd'))"

    folded = "name"
    for letters, sound in FOLDS:
        folded = f"replace({folded}, '{letters}', '{sound}')"
    return f"""
        select *, {folded} as folded, string_split(name, ' ')[-1] as given from (
            select id, full_name, {key("full_name")} as name, birth_date as dob, left(birth_date, 4) as year,
                   case when length(birth_date) = 10 then right(birth_date, 5) end as md, sex,
                   {key("father_name")} as father, {key("mother_name")} as mother, province_code, commune_code, personal_id
            from '{path}')"""


def _splink_comparisons() -> list[Any]:
    import splink.comparison_library as comparisons

    def level(sql: str, label: str, **more: Any) -> dict[str, Any]:
        return {"sql_condition": sql, "label_for_charts": label, **more}

    def null(column: str) -> dict[str, Any]:
        return level(f"{column}_l is null or {column}_r is null", "unknown", is_null_level=True)

    rest = level("else", "else")
    name = [
        null("name"),
        level("full_name_l = full_name_r", "exact", tf_adjustment_column="full_name"),
        level("name_l = name_r", "without marks", tf_adjustment_column="name"),
        level("folded_l = folded_r", "sounds alike"),
        level("given_l = given_r and jaro_winkler_similarity(name_l, name_r) >= 0.92", "given and 0.92"),
        level("jaro_winkler_similarity(name_l, name_r) >= 0.88", "0.88"),
        level("given_l = given_r", "given"),
        rest,
    ]
    birth = [
        null("dob"),
        level("dob_l = dob_r", "exact"),
        level("year_l = year_r and (md_l is null or md_r is null)", "year only"),
        level("year_l = year_r and left(md_l, 2) = right(md_r, 2) and right(md_l, 2) = left(md_r, 2)", "swapped"),
        level("year_l = year_r and (left(md_l, 2) = left(md_r, 2) or right(md_l, 2) = right(md_r, 2))", "near"),
        level("md_l = md_r", "other year"),
        level("year_l = year_r", "year"),
        rest,
    ]
    made = [
        comparisons.CustomComparison(name, output_column_name="own_name"),
        comparisons.CustomComparison(birth, output_column_name="birth"),
    ]
    for parent in ("father", "mother"):
        levels = [
            null(parent),
            level(f"{parent}_l = {parent}_r", "equal", tf_adjustment_column=parent),
            level(f"jaro_winkler_similarity({parent}_l, {parent}_r) >= 0.92", "0.92"),
            level(f"jaro_winkler_similarity({parent}_l, {parent}_r) >= 0.80", "0.80"),
            rest,
        ]
        made.append(comparisons.CustomComparison(levels, output_column_name=f"{parent}_name"))
    place = [
        level("commune_code_l = commune_code_r", "commune"), level("province_code_l = province_code_r", "province"), rest,
    ]  # fmt: skip
    made.append(comparisons.CustomComparison(place, output_column_name="place"))
    made.append(
        comparisons.CustomComparison([null("sex"), level("sex_l = sex_r", "equal"), rest], output_column_name="sexes")
    )
    identity = [null("personal_id"), level("personal_id_l = personal_id_r", "equal"), rest]
    made.append(comparisons.CustomComparison(identity, output_column_name="identity"))
    return made


if __name__ == "__main__":
    measure = {"ours": _ours, "splink": _splink}[sys.argv[1]]
    print(json.dumps(measure(Path(sys.argv[2]))))
