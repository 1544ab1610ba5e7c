"""Search measured on a benchmark folder."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.beir import load_benchmark, measure
from indexer.encoder import Encoder
from indexer.errors import QuestionFileError

CORPUS = {
    "p1": "Hồ sơ gồm tờ trình và danh sách.",
    "p2": "Xã sửa được từ 20 căn nhà trở lên được tặng Giấy khen.",
    "p3": "Sở Xây dựng hướng dẫn mẫu nhà chống lũ.",
    "p4": "Phong trào tổng kết vào quý IV năm 2026.",
}
QUERIES = {
    "q1": "hồ sơ gồm gì",
    "q2": "so xay dung huong dan gi",
    "q3": "bao giờ tổng kết phong trào",
    "q9": "câu không ai chấm",
}
QRELS = [("q1", "p1", "1"), ("q2", "p3", "2"), ("q2", "p2", "1"), ("q3", "p4", "1")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A benchmark of four passages and three judged queries."""
    write_rows(tmp_path / "corpus.jsonl", CORPUS)
    write_rows(tmp_path / "queries.jsonl", QUERIES)
    rows = ["query-id\tcorpus-id\tscore", *("\t".join(row) for row in QRELS)]
    (tmp_path / "qrels.tsv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def write_rows(path: Path, texts: dict[str, str]) -> None:
    rows = [json.dumps({"_id": i, "text": t}, ensure_ascii=False) for i, t in texts.items()]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.mark.parametrize("has_vectors", [True, False], ids=["vectors", "words alone"])
def test_measures_are_those_of_the_judged_queries(
    folder: Path, encoder: Encoder, has_vectors: bool
) -> None:
    found = measure(load_benchmark(folder), encoder if has_vectors else None)
    assert list(found) == ["ndcg_at_10", "recall_at_1", "recall_at_10", "mrr", "queries"]
    assert found["queries"] == 3
    assert found["recall_at_1"] == round((1 / 1 + 1 / 2 + 1 / 1) / 3, 4)
    assert found["recall_at_10"] == found["mrr"] == 1.0
    assert (
        found["ndcg_at_10"] >= (1 + (2 + 1 / math.log2(5)) / (2 + 1 / math.log2(3)) + 1) / 3 - 1e-4
    )


def test_progress_rises_to_the_whole(folder: Path, keywords: Encoder) -> None:
    seen: list[tuple[int, int]] = []
    measure(load_benchmark(folder), keywords, lambda *counts: seen.append(counts))
    assert seen[-1] == (4 + 4 + 3, 4 + 4 + 3)
    assert seen == sorted(seen)


def test_other_queries_can_be_measured(folder: Path) -> None:
    write_rows(folder / "bare.jsonl", {**QUERIES, "q1": "ho so gom gi"})
    assert load_benchmark(folder, folder / "bare.jsonl").queries["q1"] == "ho so gom gi"


def test_titles_count_as_text_and_the_usual_layout_of_judgments_is_read(folder: Path) -> None:
    row = {"_id": "p1", "title": "Hồ sơ", "text": "gồm tờ trình\u2028và danh sách\x85."}
    (folder / "corpus.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    benchmark = load_benchmark(folder)
    assert benchmark.corpus == {"p1": "Hồ sơ gồm tờ trình\u2028và danh sách\x85."}
    assert benchmark.qrels["q2"] == {"p3": 2.0, "p2": 1.0}
    assert set(benchmark.queries) == {"q1", "q2", "q3"}


WRONG: list[tuple[str, str | None, str]] = [
    ("corpus.jsonl", None, "corpus.jsonl: cannot be read"),
    ("queries.jsonl", None, "queries.jsonl: cannot be read"),
    ("qrels.tsv", None, "qrels.tsv: cannot be read"),
    ("corpus.jsonl", "{}", "corpus.jsonl: line 1: needs the texts _id and text"),
    ("corpus.jsonl", '{"_id": "p1", "text": "a"}\n\n{"_id": 2}', "corpus.jsonl: line 3: needs"),
    ("corpus.jsonl", "[1]", "corpus.jsonl: line 1 is not a JSON object"),
    ("queries.jsonl", '{"_id": "q1"', "queries.jsonl: line 1 is not a JSON object"),
    ("queries.jsonl", "\udcff", "queries.jsonl: cannot be read"),
    ("queries.jsonl", '{"_id": "q1", "text": "a"}', "query 'q2' is judged but has no text"),
    ("corpus.jsonl", "", "corpus.jsonl: holds no row"),
    ("qrels.tsv", "query-id\tcorpus-id\tscore\n", "qrels.tsv: holds no row"),
    ("qrels.tsv", "query-id\tcorpus-id\nq1\tp1\n", "needed columns: query-id, corpus-id, score"),
    ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\tp1\thigh\n", "qrels.tsv: cannot be read"),
    ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\tp1\n", "qrels.tsv: cannot be read"),
]


@pytest.mark.parametrize(("name", "content", "said"), WRONG)
def test_wrong_folder_is_one_line_that_says_where(
    folder: Path, name: str, content: str | None, said: str
) -> None:
    path = folder / name
    path.unlink()
    if content is not None:
        path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(QuestionFileError) as caught:
        load_benchmark(folder)
    assert str(caught.value).startswith(str(folder))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("make", [lambda p: p / "nowhere", lambda p: p / "corpus.jsonl"])
def test_missing_folder_is_one_line(folder: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(QuestionFileError, match="name a benchmark folder"):
        load_benchmark(make(folder))
