"""Search measured on judged questions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer.encoder import Encoder
from indexer.errors import QuestionFileError
from indexer.evaluate import (
    COLUMNS,
    Outcome,
    Question,
    confusions,
    load_questions,
    report,
    run,
)
from indexer.normalize import strip_marks
from indexer.query import Query
from indexer.quote import Quote
from indexer.search import Hit, Searcher, SearchResult
from knowledge.plan import Plan

ROOT = Path(__file__).parents[2]
HEADER = "\t".join(COLUMNS)
FIELD_DIR = Path(os.environ.get("FIELD_DIR", ROOT.parent / "shared" / "field"))
KEYS = {
    "answerable",
    "unanswerable",
    "recall_at_1",
    "recall_at_3",
    "mrr",
    "quote_at_1",
    "refused_unanswerable",
    "refused_answerable",
    "by_style",
}
ALSO_PRINTED = {"by_asker", "confusions"}
# id, style, question, clause, also accepted, quote; then what search finds, and whether it answers
JUDGED = [
    ("1", "formal", "A", "", "x y", ["A", "B", "C"], "answer", "0 x\n y z"),
    ("2", "formal", "B", "", "x y", ["A", "B", "C"], "answer", "x y"),
    ("3", "chat", "C", "D | B", "no", ["B", "C", "D"], "offer", "x y"),
    ("4", "chat", "D", "", "x", ["A", "B", "C", "D"], "refuse", "x"),
    ("5", "chat", "E", "", "x", [], "refuse", "x"),
    ("6", "chat", "NONE", "", "", ["A"], "refuse", "x"),
    ("7", "formal", "NONE", "", "", ["A"], "offer", "x"),
    ("8", "formal", "NONE", "", "", ["A"], "answer", "x"),
]


@pytest.fixture
def outcomes(tmp_path: Path) -> list[Outcome]:
    lines = [f"{i}\tstaff\t{s}\tQ{i}\t{c}\t{also}\t{q}" for i, s, c, also, q, *_ in JUDGED]
    questions = load_questions(write(tmp_path, "\n".join([HEADER, *lines])))
    return [
        Outcome(question, _result(ranked, outcome, quote))
        for question, (*_, ranked, outcome, quote) in zip(questions, JUDGED, strict=True)
    ]


def _result(ranked: list[str], outcome: Any, quote: str) -> SearchResult:
    hits = tuple(Hit(clause, 0.0, (Quote(clause, 1, quote),), ()) for clause in ranked)
    return SearchResult(Query(("q",)), hits, 0.5, 0.5, outcome)


def write(folder: Path, content: str, name: str = "questions.tsv") -> Path:
    path = folder / name
    path.write_bytes(content.encode(errors="surrogateescape"))
    return path


def test_measures_by_hand(outcomes: list[Outcome]) -> None:
    measures = report(outcomes)
    assert measures["answerable"] == 5
    assert measures["unanswerable"] == 3
    assert measures["recall_at_1"] == round((1 + 0 + 1 + 0 + 0) / 5, 4)
    assert measures["recall_at_3"] == round((1 + 1 + 1 + 0 + 0) / 5, 4)
    assert measures["mrr"] == round((1 / 1 + 1 / 2 + 1 / 1 + 1 / 4 + 0) / 5, 4)
    assert measures["quote_at_1"] == round((1 + 0 + 0 + 0 + 0) / 5, 4)
    assert measures["refused_unanswerable"] == round(2 / 3, 4)
    assert measures["refused_answerable"] == round(3 / 5, 4)
    assert measures["by_style"] == {
        "chat": {"n": 3, "recall_at_1": round(1 / 3, 4)},
        "formal": {"n": 2, "recall_at_1": round(1 / 2, 4)},
    }


def test_keys_are_those_that_checks_rely_on(outcomes: list[Outcome]) -> None:
    assert set(report(outcomes)) - ALSO_PRINTED == KEYS


def test_mistakes_are_listed_with_their_reason(outcomes: list[Outcome]) -> None:
    assert {row["id"]: row["why"].partition(":")[0] for row in confusions(outcomes)} == {
        "2": "rank 2, 0.00 behind; A has",
        "3": "turned away",
        "4": "rank 4, 0.00 behind; A has",
        "5": "no words to search for",
        "8": "answerable 0.50; A has",
    }


@pytest.mark.parametrize(
    ("kept", "empty"), [("NONE", "recall_at_1"), ("A", "refused_unanswerable")]
)
def test_share_of_nothing_is_none(outcomes: list[Outcome], kept: str, empty: str) -> None:
    measures = report([o for o in outcomes if o.question.expected == kept])
    assert measures[empty] is None
    assert report([])["mrr"] is None


@pytest.mark.parametrize("kind", ["byte order mark", "windows line ends", "further column"])
def test_files_as_spreadsheets_save_them_are_read(tmp_path: Path, kind: str) -> None:
    header, row = HEADER, '1\tstaff\tchat\t“Hồ sơ"?\tV.1\tV.2|V.3\tTờ trình'
    content = {
        "byte order mark": f"\ufeff{header}\n{row}\n",
        "windows line ends": f"{header}\r\n{row}\r\n",
        "further column": f"{header}\tnote\n{row}\tx\n",
    }[kind]
    [question] = load_questions(write(tmp_path, content))
    assert question.text == '“Hồ sơ"?'
    assert question.accepted == {"V.1", "V.2", "V.3"}
    assert question.quote == "Tờ trình"


WRONG = [
    ("id\tquestion\n", "line 1: column 'asker' is missing"),
    ("id,asker,style,question,clause,also_accepted,quote\n", "line 1: column 'id' is missing"),
    ("", "line 1: column 'id' is missing"),
    (f"{HEADER}\n1\ta\tb\t\tV.1\t\t\n", "line 2: question is empty"),
    (f"{HEADER}\n1\ta\tb\tGì?\tV.1\t\t\n\n2\ta\tb\tGì?\t \t\t\n", "line 4: clause is empty"),
    (f"{HEADER}\n1\ta\tb\n", "line 2: question is empty"),
    (f"{HEADER}\n1\ta\tb\t{'a' * 200_000}\tV.1\t\t\n", "cannot be read"),
    (f"{HEADER}\n1\ta\tb\tGì\udcff\tV.1\t\t\n", "cannot be read"),
]


@pytest.mark.parametrize(("content", "said"), WRONG)
def test_wrong_file_is_one_line_that_names_file_line_and_column(
    tmp_path: Path, content: str, said: str
) -> None:
    path = write(tmp_path, content)
    with pytest.raises(QuestionFileError) as caught:
        load_questions(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("make", [lambda p: p / "nowhere.tsv", lambda p: p])
def test_missing_file_or_a_folder_is_one_line(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(QuestionFileError, match="cannot be read"):
        load_questions(make(tmp_path))


def test_real_searcher_is_measured(tiny_plan: Plan, keywords: Encoder, tmp_path: Path) -> None:
    rows = [
        "1\ta\tformal\tHồ sơ gồm giấy tờ nào?\tIII\t\tHồ sơ gồm tờ trình và danh sách kèm theo.",
        "2\ta\tformal\tSở Xây dựng làm gì?\tI\tIV\tSở Xây dựng hướng dẫn mẫu nhà chống lũ.",
        "3\ta\tchat\tgiá vàng hôm nay\tNONE\t\t",
    ]
    questions = load_questions(write(tmp_path, "\n".join([HEADER, *rows])))
    measures = report(run(Searcher.open(tiny_plan, keywords, tmp_path / "index"), questions))
    assert measures["recall_at_1"] == measures["quote_at_1"] == 1.0
    assert measures["refused_unanswerable"] == 1.0


def _evaluate(*arguments: str | Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "indexer", "evaluate", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_json_alone_is_on_stdout_even_when_the_index_is_built(
    tiny_plans: Path, tmp_path: Path
) -> None:
    row = "1\ta\tformal\tHồ sơ gồm [/b] gì :smile:\tII.1\t\tx\n2\ta\tchat\tgiá vàng\tNONE\t\t"
    path = write(tmp_path, f"{HEADER}\n{row}\n")
    place = ("--plans-dir", tiny_plans, "--index-dir", tmp_path / "index")
    code, output, errors = _evaluate("--questions", path, "--json", *place)
    assert code == 0, errors
    assert set(json.loads(output)) - ALSO_PRINTED == KEYS
    code, table, errors = _evaluate("--questions", path, *place)
    assert code == 0, errors
    assert "recall_at_1" in table
    assert "[/b]" in table
    assert ":smile:" in table


@pytest.mark.parametrize(
    "make",
    [
        lambda p: ("--questions", p / "nowhere.tsv"),
        lambda p: ("--questions", write(p, "id\tquestion\n")),
        lambda p: ("--beir", p / "nowhere"),
        lambda p: ("--questions", write(p, HEADER), "--plan", "nowhere"),
    ],
    ids=["no file", "no column", "no folder", "no plan"],
)
def test_wrong_input_ends_with_one_line_and_exit_code_2(
    tmp_path: Path, make: Callable[[Path], tuple[str | Path, ...]]
) -> None:
    code, output, errors = _evaluate(*make(tmp_path), "--json")
    assert code == 2
    assert output == ""
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize("arguments", [(), ("--questions", "a.tsv", "--beir", "b")])
def test_one_kind_of_measuring_has_to_be_named(arguments: tuple[str, ...]) -> None:
    code, output, errors = _evaluate(*arguments)
    assert code == 2
    assert output == ""
    assert "--questions" in errors
    assert "Traceback" not in errors


def test_shipped_questions_stay_above_their_floor(searcher: Searcher, whole_plan: Plan) -> None:
    questions = load_questions(whole_plan.folder / "evaluation_questions.tsv")
    measures = report(run(searcher, questions))
    assert measures["recall_at_1"] >= 0.97
    assert measures["recall_at_3"] >= 0.99
    assert measures["quote_at_1"] >= 0.93
    assert measures["refused_unanswerable"] >= 0.95
    assert measures["refused_answerable"] <= 0.03
    assert all(row["recall_at_1"] >= 0.90 for row in measures["by_style"].values())
    assert measures["recall_at_1"] - _without_marks(searcher, questions) <= 0.02


def _without_marks(searcher: Searcher, questions: list[Question]) -> float:
    """Recall@1 on the same questions typed without any mark."""
    stripped = [replace(question, text=strip_marks(question.text)) for question in questions]
    return float(report(run(searcher, stripped))["recall_at_1"])


def test_field_questions_stay_above_their_floor(searcher: Searcher) -> None:
    path = FIELD_DIR / "questions.tsv"
    if not path.is_file():
        pytest.skip("no field questions here; set FIELD_DIR to their folder")
    questions = load_questions(path)
    measures = report(run(searcher, questions))
    assert measures["recall_at_1"] >= 0.90
    assert measures["recall_at_3"] >= 0.95
    assert measures["recall_at_1"] - _without_marks(searcher, questions) <= 0.02
