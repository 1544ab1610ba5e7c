"""python -m indexer, as a person or a script starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.clauses import load_clauses

ROOT = Path(__file__).parents[2]


@pytest.fixture
def place(tiny_plans: Path, tmp_path: Path) -> list[str]:
    """Options for the tiny plan and an index folder of its own."""
    return ["--plans-dir", str(tiny_plans), "--index-dir", str(tmp_path / "index")]


def run(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "indexer", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "COLUMNS": "80"},
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def test_build_says_what_it_did(tiny_plans: Path, place: list[str]) -> None:
    code, output, errors = run("build", *place)
    assert (code, output) == (0, "mai_am: indexed\n"), errors
    assert "Indexing mai_am" in errors
    assert "100%" in errors
    assert run("build", *place) == (0, "mai_am: nothing to do, the index is current\n", "")
    examples = tiny_plans / "mai_am" / "example_questions.tsv"
    examples.write_text(examples.read_text("utf-8").replace("làm để chi", "để làm chi"), "utf-8")
    assert run("build", *place)[1] == "mai_am: indexed\n"


def test_search_builds_first_and_prints_json_alone(place: list[str]) -> None:
    code, output, errors = run("search", "bk can bao nhieu can nha", "--json", *place)
    assert code == 0, errors
    found = json.loads(output)
    keys = ["query", "read_as", "named", "outcome", "confidence", "answerable", "hits"]
    assert list(found) == keys
    assert found["query"] == "bk can bao nhieu can nha"
    assert found["read_as"].startswith("bằng khen")
    first = found["hits"][0]
    assert list(first) == ["clause", "path", "score", "matched", "quotes"]
    assert first["clause"] == "II.2"
    assert first["path"] == ["II. TIÊU CHUẨN", "2. Bằng khen"]
    assert first["quotes"] == ["Huyện sửa được từ 200 căn nhà trở lên."]
    assert {"bằng", "khen", "nhà"} <= set(first["matched"])
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_search_prints_a_table_for_a_person(place: list[str]) -> None:
    code, output, errors = run("search", "hồ sơ [/b] mấy bộ", *place)
    assert code == 0, errors
    assert output.startswith("hồ sơ b mấy bộ  [answer, ")
    assert "III" in output
    assert "matched words" in output


@pytest.mark.parametrize("query", ["😀😀", "-", "a" * 10_000])
def test_search_takes_any_query(place: list[str], query: str) -> None:
    code, output, errors = run("search", "--json", *place, "--", query)
    assert code == 0, errors
    assert json.loads(output)["outcome"] in ("refuse", "offer")


def test_nothing_to_search_for_gives_an_empty_table(place: list[str]) -> None:
    code, output, errors = run("search", *place, "--", "")
    assert code == 0, errors
    assert "[refuse, 0.00]" in output


def test_clauses_are_listed_and_written(tiny_plans: Path) -> None:
    path = tiny_plans / "mai_am" / "clauses.jsonl"
    before = path.read_bytes()
    code, output, errors = run("clauses", "--plans-dir", str(tiny_plans))
    assert code == 0, errors
    assert all(clause.id in output for clause in load_clauses(path))
    assert "TIÊU CHUẨN" in output
    assert run("clauses", "--write", "--plans-dir", str(tiny_plans))[0] == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--plan", "nowhere"], "PLAN_ID: 'nowhere' is not a plan"),
        (["--plans-dir", "/nowhere"], "PLAN_ID: None is not a plan in /nowhere"),
        (["--index-dir", "/dev/null"], "INDEX_DIR: /dev/null/"),
        (["--embedding-model", "/nowhere"], "EMBEDDING_MODEL: '/nowhere' cannot be loaded"),
    ],
)
def test_wrong_setting_is_one_line_and_exit_code_2(
    place: list[str], arguments: list[str], said: str
) -> None:
    code, output, errors = run("search", "hồ sơ", "--json", *place, *arguments)
    lines = [line for line in errors.splitlines() if not line.startswith("Indexing")]
    assert code == 2
    assert output == ""
    assert len(lines) == 1
    assert lines[0].startswith(said)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.txt", None),
        ("plan.txt", "another text"),
        ("clauses.jsonl", "{"),
        ("vocabulary.yaml", "abbreviations: {a: b, a: c}\nalso_called: {}\n"),
        ("example_questions.tsv", "clause\tstyle\tquestion\nXX\tformal\tGì?\n"),
    ],
)
def test_broken_plan_is_one_line_that_names_the_file(
    tiny_plans: Path, place: list[str], name: str, content: str | None
) -> None:
    path = tiny_plans / "mai_am" / name
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="utf-8")
    code, output, errors = run("search", "hồ sơ", "--json", *place)
    lines = [line for line in errors.splitlines() if not line.startswith("Indexing")]
    assert code == 2
    assert output == ""
    assert len(lines) == 1
    assert lines[0].startswith(f"{path}: ")


def test_help_lists_the_commands() -> None:
    code, output, _ = run("--help")
    assert code == 0
    assert all(name in output for name in ("build", "search", "evaluate", "clauses"))
