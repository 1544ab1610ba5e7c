"""Search measured on a benchmark folder in BEIR's layout (Thakur et al., 2021)."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.encoder import Encoder
from indexer.errors import QuestionFileError
from indexer.lexical import lexical_tokens
from indexer.metrics import ndcg_at_k, recall_at_k, reciprocal_rank
from indexer.passages import Passage
from indexer.progress import Report, counting
from indexer.query import QueryReader
from indexer.restore import Restorer
from indexer.segment import word_list
from indexer.syllables import count_syllables
from indexer.text_index import TextIndex
from knowledge.plan import Vocabulary

DEPTH = 100  # ranks that are looked at


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Corpus, queries and judgments (query id -> passage id -> gain)."""

    corpus: dict[str, str]
    queries: dict[str, str]
    qrels: dict[str, dict[str, float]]


def load_benchmark(folder: Path, queries: Path | None = None) -> Benchmark:
    """The benchmark of a folder with corpus.jsonl, queries.jsonl and qrels.tsv.

    Raises QuestionFileError naming file and line; a judged query without text is an error too.
    """
    corpus = {row["_id"]: f"{row.get('title', '')} {row['text']}".strip()
              for row in _json_lines(folder / "corpus.jsonl")}  # fmt: skip
    texts = {row["_id"]: row["text"] for row in _json_lines(queries or folder / "queries.jsonl")}
    qrels = _qrels(folder)
    for name, rows in (("corpus.jsonl", corpus), ("queries", texts), ("qrels.tsv", qrels)):
        if not rows:
            raise QuestionFileError(f"{folder}: {name}: holds no row; name a benchmark folder")
    unknown = next((q for q in qrels if q not in texts), None)
    if unknown is not None:
        raise QuestionFileError(f"{folder}: query {unknown!r} is judged but has no text; add it")
    return Benchmark(corpus, {q: t for q, t in texts.items() if q in qrels}, qrels)


def measure(
    benchmark: Benchmark,
    encoder: Encoder | None,
    report: Report | None = None,
) -> dict[str, Any]:
    """Mean measures over all judged queries, indexed from nothing."""
    ids = list(benchmark.corpus)
    passages = [Passage(id_, None, text, text, "") for id_, text in benchmark.corpus.items()]
    syllables = count_syllables(benchmark.corpus.values(), word_list())
    reader = QueryReader(Vocabulary(abbreviations={}, also_called={}), Restorer(syllables))
    advance = counting(TextIndex.work(passages) + len(benchmark.queries), report)
    index = TextIndex.build(passages, encoder, advance=advance)
    rows = []
    for query_id, text in benchmark.queries.items():
        query = reader.read(text)
        vector = encoder.encode_query([query.text])[0] if encoder else None
        scores = index.scores(lexical_tokens(query.text), vector)
        ranked = [ids[place] for place in scores.first(DEPTH)]
        rows.append(_measures(ranked, benchmark.qrels[query_id]))
        advance(1)
    means = np.mean(np.array(rows), axis=0)
    names = ("ndcg_at_10", "recall_at_1", "recall_at_10", "mrr")
    values = (round(float(value), 4) for value in means)
    return {**dict(zip(names, values, strict=True)), "queries": len(rows)}


def _measures(ranked: list[str], gains: dict[str, float]) -> tuple[float, ...]:
    relevant = {id_ for id_, gain in gains.items() if gain > 0}
    return (
        ndcg_at_k(ranked, gains, 10),
        recall_at_k(ranked, relevant, 1),
        recall_at_k(ranked, relevant, 10),
        reciprocal_rank(ranked, relevant),
    )


def _json_lines(path: Path) -> list[dict[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # JSON may hold other line ends
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(
            f"{path}: cannot be read ({error}); name a benchmark folder"
        ) from error
    return [_json_row(path, n, line) for n, line in enumerate(lines, start=1) if line.strip()]


def _json_row(path: Path, number: int, line: str) -> dict[str, str]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise QuestionFileError(f"{path}: line {number} is not a JSON object") from error
    if not isinstance(row, dict):
        raise QuestionFileError(f"{path}: line {number} is not a JSON object")
    if not isinstance(row.get("_id"), str) or not isinstance(row.get("text"), str):
        raise QuestionFileError(f"{path}: line {number}: needs the texts _id and text")
    return row


def _qrels(folder: Path) -> dict[str, dict[str, float]]:
    path = next(
        (p for p in (folder / "qrels.tsv", folder / "qrels" / "test.tsv") if p.exists()),
        folder / "qrels.tsv",
    )
    qrels: dict[str, dict[str, float]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                gains = qrels.setdefault(row["query-id"], {})
                gains[row["corpus-id"]] = float(row["score"])
    except (OSError, KeyError, ValueError, TypeError, csv.Error) as error:
        raise QuestionFileError(
            f"{path}: cannot be read ({error}); needed columns: query-id, corpus-id, score"
        ) from error
    return qrels
