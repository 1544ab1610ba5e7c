"""Unanswered questions as a table that a person can turn into example questions."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from channel_fakes import ROOT, clean_environment

from bot.records import TurnRecord
from bot.sessions import Session
from bot.settings import load_settings
from bot.store import open_store
from indexer.examples import load_examples
from knowledge.plan import Plan

ASKED = ("giá vàng “SJC” hôm nay, mai?", "gia vang hom nay", "=HYPERLINK(1)", "+84 là mã nước nào")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_store(load_settings(data_dir=tmp_path / "data")) as store:
        for times, question in enumerate(ASKED, start=1):
            for _ in range(times):
                store.save("web", "a", Session(), TurnRecord("unclear", 1, unanswered=question))
    return tmp_path


def export(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "export-unanswered", *arguments],
        cwd=ROOT,
        env=clean_environment({"DATA_DIR": str(folder / "data")}),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_the_questions_come_as_csv_the_most_asked_first(folder: Path) -> None:
    done = export(folder)
    assert (done.returncode, done.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == ["clause", "bullets", "style", "asker", "topic", "question", "times"]
    assert [row["times"] for row in rows] == ["4", "3", "2", "1"]
    assert [row["style"] for row in rows] == ["chat", "no_diacritics", "no_diacritics", "chat"]
    assert [row["question"] for row in rows] == [
        "'+84 là mã nước nào",
        "'=HYPERLINK(1)",
        "gia vang hom nay",
        "giá vàng “SJC” hôm nay, mai?",
    ]
    assert all(row["clause"] == row["asker"] == row["topic"] == "" for row in rows)


def test_rows_with_a_clause_filled_in_are_example_questions(folder: Path, tiny_plan: Plan) -> None:
    target = tiny_plan.folder / "example_questions.tsv"
    done = export(folder, "--output", str(target))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    table = target.read_text(encoding="utf-8")
    target.write_text(table.replace("\n\t", "\nNONE\t"), encoding="utf-8")
    examples = load_examples(tiny_plan)
    assert sorted(example.question for example in examples) == sorted(ASKED)


def test_a_place_that_cannot_be_written_is_one_line(folder: Path) -> None:
    done = export(folder, "--output", str(folder / "no" / "file.csv"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "--output" in done.stderr
