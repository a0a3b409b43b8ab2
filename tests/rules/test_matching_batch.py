"""The batch: three outcomes and the clerk, siblings kept apart, killed runs that go on, files that are refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from hotich.kernel.problems import RuleBroken
from hotich.matching.batch import Order, match_files
from hotich.matching.command_line import main, report
from hotich.matching.declared import DECLARED
from hotich.matching.model import COMMONNESS, Model, read_model
from hotich.matching.scorer import Scorer
from tests.population.files import write_parquet
from tests.population.people import Drawn, Errors, draw


def _order(folder: Path, drawn: Drawn, **more: Any) -> Order:
    return Order(
        write_parquet(drawn.records, folder / "records.parquet"),
        write_parquet(drawn.persons, folder / "persons.parquet"),
        folder / "out.parquet",
        **{"model": DECLARED, **more},
    )


def _answers(path: Path) -> dict[str, dict[str, Any]]:
    found = duckdb.execute(f"select * from read_parquet('{path}')")
    names = [column[0] for column in found.description or ()]
    return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


def _f1(answers: dict[str, dict[str, Any]], truth: dict[str, str | None]) -> float:
    links = {key: row["person_id"] for key, row in answers.items() if row["outcome"] in ("equal", "different")}
    right = sum(truth[key] == person for key, person in links.items())
    present = sum(person is not None for person in truth.values())
    return 2 * right / (len(links) + present)


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Drawn, dict[str, dict[str, Any]], Model]:
    drawn = draw(persons=12_000, records=4_000, seed=3, close_siblings=True)
    order = _order(tmp_path_factory.mktemp("learnt"), drawn, piece=2_000)
    return drawn, _answers(order.out) if order.out.exists() else {}, match_files(order).model


@pytest.fixture(scope="module")
def answered(
    learnt: tuple[Drawn, Any, Model], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Drawn, dict[str, dict[str, Any]]]:
    drawn, _, model = learnt
    order = _order(tmp_path_factory.mktemp("answered"), drawn, model=model)
    match_files(order)
    return drawn, _answers(order.out)


def test_every_record_has_one_answer_and_weights_are_learnt_without_labels(
    answered: tuple[Drawn, dict[str, dict[str, Any]]],
) -> None:
    drawn, answers = answered
    assert set(answers) == {row["id"] for row in drawn.records}
    assert {row["outcome"] for row in answers.values()} == {"equal", "different", "absent", "clerk"}
    assert _f1(answers, drawn.truth) > 0.99


@pytest.mark.parametrize(
    "drawn",
    [
        draw(persons=12_000, records=4_000, seed=8, other_names=True),
        draw(persons=12_000, records=4_000, seed=9, close_siblings=True, absent=0.4, errors=Errors(
            marks_lost=0.25, slip=0.15, tone=0.1, father_missing=0.3, mother_missing=0.2, year_only=0.2, moved=0.5,
            with_id=0.02)),
    ],
    ids=["other names", "more errors"],
)  # fmt: skip
def test_data_nobody_tuned_on_is_matched_as_well(drawn: Drawn, tmp_path: Path) -> None:
    order = _order(tmp_path, drawn)
    match_files(order)
    answers = _answers(order.out)
    links = {key: row["person_id"] for key, row in answers.items() if row["outcome"] in ("equal", "different")}
    wrong = sum(drawn.truth[key] != person for key, person in links.items())
    assert wrong <= 0.01 * len(links)
    assert _f1(answers, drawn.truth) > 0.95


def test_siblings_of_absent_people_are_not_linked_on_the_family(
    answered: tuple[Drawn, dict[str, dict[str, Any]]],
) -> None:
    drawn, answers = answered
    absent = [key for key, person in drawn.truth.items() if person is None]
    linked = [key for key in absent if answers[key]["outcome"] in ("equal", "different")]
    assert len(absent) == 800 and len(linked) <= 4


def test_absent_names_nobody_a_clerk_is_told_whom_and_why(answered: tuple[Drawn, dict[str, dict[str, Any]]]) -> None:
    _, answers = answered
    for row in answers.values():
        if row["outcome"] == "absent":
            assert row["person_id"] is row["evidence"] is row["differences"] is None
        else:
            assert row["person_id"] and set(json.loads(row["evidence"])) == {
                each.field for each in DECLARED.comparisons if each.field != COMMONNESS
            }
            found = json.loads(row["differences"])
            assert (row["outcome"] != "equal" or found == []) and (row["outcome"] != "different" or found)


def test_residence_is_never_a_difference(answered: tuple[Drawn, dict[str, dict[str, Any]]]) -> None:
    drawn, answers = answered
    home = {row["id"]: row["commune_code"] for row in (*drawn.persons, *drawn.records)}
    moved = [row for key, row in answers.items() if row["outcome"] == "equal" and home[key] != home[row["person_id"]]]
    assert moved


def test_two_equally_likely_people_go_to_a_clerk(learnt: tuple[Drawn, Any, Model], tmp_path: Path) -> None:
    drawn, _, model = learnt
    person = {**drawn.persons[0], "personal_id": None}
    again = {**person, "id": "the same again"}
    both = Drawn([person, again], [{**person, "id": "r1"}], {})
    order = _order(tmp_path, both, model=model)
    match_files(order)
    answer = _answers(order.out)["r1"]
    assert (answer["outcome"], answer["person_id"], answer["margin"]) == ("clerk", person["id"], 0.0)


def test_twins_are_told_apart_by_the_given_name_or_not_at_all(learnt: tuple[Drawn, Any, Model], tmp_path: Path) -> None:
    _, _, model = learnt
    shared = {
        "birth_date": "1990-04-12", "sex": "male", "father_name": "Trần Văn Bình", "mother_name": "Lê Thị Hoa",
        "province_code": "01", "commune_code": "01002", "personal_id": None,
    }  # fmt: skip
    twin = {**shared, "id": "p1", "full_name": "Trần Văn Khánh"}
    records = [
        {**shared, "id": "r1", "full_name": "Trần Văn Khánh"},
        {**shared, "id": "r2", "full_name": "Trần Văn Toàn"},
    ]
    order = _order(tmp_path, Drawn([twin], records, {}), model=model)
    match_files(order)
    answers = _answers(order.out)
    assert answers["r1"]["outcome"] == "equal"
    assert answers["r2"]["outcome"] in ("absent", "clerk")


def test_an_odd_personal_number_rejects_nothing(learnt: tuple[Drawn, Any, Model], tmp_path: Path) -> None:
    drawn, _, model = learnt
    person = {**drawn.persons[0], "birth_date": "1977-03-08"}
    order = _order(tmp_path, Drawn([person], [{**person, "id": "r1", "personal_id": "CMND cũ 1?"}], {}), model=model)
    match_files(order)
    answer = _answers(order.out)["r1"]
    assert (answer["outcome"], answer["person_id"]) == ("different", person["id"])
    assert [each["field"] for each in json.loads(answer["differences"])] == ["personal_id"]


def test_screen_and_batch_give_the_same_answers(learnt: tuple[Drawn, Any, Model], tmp_path: Path) -> None:
    drawn, _, model = learnt
    few = Drawn(drawn.persons, drawn.records[:30], {})
    order = _order(tmp_path, few, model=model)
    match_files(order)
    scorer, by_year = Scorer(model), dict[str, list[tuple[Any, Any]]]()
    for person in drawn.persons:
        by_year.setdefault(person["birth_date"][:4], []).append((person["id"], person))
    answers = _answers(order.out)
    for row in few.records:
        batch = answers[row["id"]]
        if batch["outcome"] == "absent":
            continue
        near = [each for each in drawn.persons if each["id"] == batch["person_id"]]
        candidates = dict([*by_year[row["birth_date"][:4]], *((each["id"], each) for each in near)])
        answer = scorer.answer(row, candidates.items())
        best = next(each for each in answer.candidates if each.person == batch["person_id"])
        assert best.score == pytest.approx(batch["score"], abs=0.001)
        assert (answer.outcome, answer.person) == (batch["outcome"], batch["person_id"])


def test_a_block_that_is_too_big_is_cut_told_and_loses_nobody_with_one_more_key(
    learnt: tuple[Drawn, Any, Model], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, model = learnt
    crowd = [
        {"id": f"p{number}", "full_name": "Nguyễn Thị Lan", "birth_date": f"1980-{1 + number % 12:02}-{1 + number % 28:02}",
         "mother_name": f"Trần Thị {('Hoa', 'Mai', 'Đào', 'Cúc')[number % 4]}", "sex": "female"}
        for number in range(400)
    ]  # fmt: skip
    someone = {"id": "p400", "full_name": "Quàng Khăm Tủa", "birth_date": "1980-05-07", "sex": "male"}
    records = [
        {**crowd[7], "id": "known by the day"},
        {**someone, "id": "in no big block"},
        {"id": "known by the year only", "full_name": "Nguyễn Thị Lan", "birth_date": "1980"},
    ]
    order = _order(tmp_path, Drawn([*crowd, someone], records, {}), model=model, most_in_block=30)
    found = match_files(order)
    answers = _answers(order.out)
    # the day and the mother's name find him; of a year and a common name alone nobody says that he is absent
    assert (answers["known by the day"]["person_id"], answers["in no big block"]["outcome"]) == ("p7", "equal")
    undecided = answers["known by the year only"]
    assert (undecided["outcome"], undecided["person_id"]) == ("clerk", None)
    cut = next(each for each in found.cuts if each.rule == ("own_folded", "year"))
    assert (cut.blocks, cut.largest, cut.records) == (1, 400, 2)
    assert found.pairs <= len(records) * 30 * (1 + len(found.cuts))
    whole = match_files(replace(order, most_in_block=1_000))
    assert (
        whole.pairs >= 2 * len(crowd)
        and not whole.cuts
        and _answers(order.out)["known by the day"]["person_id"] == "p7"
    )
    report(found)
    told = capsys.readouterr().out
    assert "own_folded + year" in told and "400" in told and "Lan" not in told


def test_the_same_files_give_the_same_bytes_and_leave_nothing_behind(
    learnt: tuple[Drawn, Any, Model], tmp_path: Path
) -> None:
    drawn, _, model = learnt
    order = _order(tmp_path, Drawn(drawn.persons[:3000], drawn.records[:800], {}), model=model, piece=300)
    match_files(order)
    first = _answers(order.out)
    match_files(order)
    assert _answers(order.out) == first
    assert not order.work.exists()


def test_pairs_judged_in_many_parts_give_the_same_answers(
    learnt: tuple[Drawn, Any, Model], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, _, model = learnt
    few = Drawn(drawn.persons[:3000], drawn.records[:800], {})
    order = _order(tmp_path, few, model=model)
    match_files(order)
    whole = _answers(order.out)
    monkeypatch.setattr("hotich.matching.memory.Shares.pairs_at_once", lambda shares, persons: 97)
    match_files(order)
    assert _answers(order.out) == whole
    assert {row["outcome"] for row in whole.values()} >= {"equal", "absent"}


def _times(order: Order) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in order.work.glob("pairs-*.parquet")}


def test_a_killed_run_goes_on_and_ends_with_the_same_answers(tmp_path: Path) -> None:
    drawn = draw(persons=8_000, records=3_000, seed=21)
    order = _order(tmp_path, drawn, piece=100_000)
    match_files(order)
    whole = _answers(order.out)
    order.out.unlink()
    script = (
        "import sys; from pathlib import Path; from hotich.matching.batch import Order, match_files\n"
        "from hotich.matching.declared import DECLARED\n"
        "match_files(Order(*map(Path, sys.argv[1:]), DECLARED, piece=500))"
    )
    paths = [str(path) for path in (order.records, order.population, order.out)]
    child = subprocess.Popen([sys.executable, "-c", script, *paths])
    deadline = time.monotonic() + 120
    while not list(order.work.glob("pairs-*.parquet")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    done, seen = _times(order), {}
    assert done and not order.out.exists()
    match_files(
        Order(order.records, order.population, order.out, DECLARED, piece=500), lambda step: seen.update(_times(order))
    )
    assert {name: seen[name] for name in done} == done  # what was done before is not done again
    assert {key: (row["outcome"], row["person_id"]) for key, row in _answers(order.out).items()} == {
        key: (row["outcome"], row["person_id"]) for key, row in whole.items()
    }


def test_another_order_does_not_go_on_with_the_work_of_this_one(tmp_path: Path) -> None:
    drawn = draw(persons=2_000, records=600, seed=2)
    order = _order(tmp_path, drawn)
    order.work.mkdir()
    (order.work / "order").write_text("another one")
    with pytest.raises(RuleBroken) as refusal:
        match_files(order)
    assert refusal.value.code == "matching_other_order"


def _refused(folder: Path, persons: list[dict[str, Any]], records: list[dict[str, Any]]) -> RuleBroken:
    with pytest.raises(RuleBroken) as refusal:
        match_files(_order(folder, Drawn(persons, records, {})))
    return refusal.value


def test_files_that_cannot_be_matched_are_refused_by_name(tmp_path: Path) -> None:
    someone = {"id": "1", "full_name": "Lê Thị Hoa"}
    assert _refused(tmp_path, [someone], [someone, someone]).code == "matching_id_twice"
    assert _refused(tmp_path, [someone], [{"full_name": "Lê Thị Hoa"}]).code == "matching_id_missing"
    assert _refused(tmp_path, [], [someone]).code == "matching_nothing_to_match"
    assert _refused(tmp_path, [someone], [someone]).code == "matching_too_little_data"


def test_the_command_needs_only_identity_and_name_and_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = [{"id": "1", "full_name": "Lê Thị Hoa"}]
    short = write_parquet(people, tmp_path / "short.parquet", ["id", "full_name"])
    bad = write_parquet(people, tmp_path / "bad.parquet", ["id"])
    arguments = ["--population", str(short), "--out", str(tmp_path / "o.parquet")]
    assert main(["--records", str(bad), *arguments]) == 2
    assert "full_name" in capsys.readouterr().err
    assert main(["--records", str(tmp_path / "none.parquet"), *arguments]) == 2
    assert "none.parquet" in capsys.readouterr().err
    assert main(["--records", str(short), *arguments]) == 2
    assert "mô hình" in capsys.readouterr().err


def test_the_command_matches_saves_its_model_and_uses_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = draw(persons=3_000, records=1_000, seed=4)
    order, model = _order(tmp_path, drawn), tmp_path / "model.json"
    files = ["--records", str(order.records), "--population", str(order.population)]
    assert (
        main([*files, "--out", str(order.out), "--save-model", str(model), "--threads", "1", "--memory", "500MB"]) == 0
    )
    assert "1000 dòng" in capsys.readouterr().out
    assert read_model(model).classes
    again = tmp_path / "again.parquet"
    assert main([*files, "--out", str(again), "--model", str(model)]) == 0
    assert _answers(again) == _answers(order.out)
