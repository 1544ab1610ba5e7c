"""What each command of python -m indexer does, and how it prints."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from indexer.beir import load_benchmark, measure
from indexer.benchmark import measure_cost
from indexer.build import build_index, is_current
from indexer.encoder import Encoder, open_encoder
from indexer.errors import EncoderError
from indexer.evaluate import confusions, load_questions, report, run
from indexer.parse import parse_clauses
from indexer.passages import passages_of
from indexer.postgresql import open_database
from indexer.search import Searcher
from indexer.segment import word_list
from indexer.syllables import count_syllables
from knowledge.clauses import dump_clauses
from knowledge.plan import Plan, load_plan

if TYPE_CHECKING:
    from indexer.postgresql.database import PassageDatabase

CONFUSIONS_SHOWN = 10
BENCHMARK_SIZES = (1_000, 10_000, 100_000)
# Questions and quotes are shown as they are: no [markup], no :emoji: in them
_out = Console(highlight=False, markup=False, emoji=False)
_err = Console(stderr=True, highlight=False, markup=False, emoji=False)


def default_index_dir() -> Path:
    """Where indexes are kept unless INDEX_DIR says otherwise."""
    return user_cache_path("tro-ly-thi-dua") / "index"


def build(plan_id: str | None, plans_dir: Path, index_dir: Path | None, model: str) -> None:
    """Index a plan and say what was done."""
    plan = load_plan(plan_id, plans_dir)
    encoder = opened_encoder(model)
    place, database = index_dir or default_index_dir(), opened_database()
    if is_current(plan, encoder, place, database):
        _out.print(f"{plan.id}: nothing to do, the index is current")
        return
    with _progress(f"Indexing {plan.id}") as advance:
        build_index(plan, encoder, place, advance, database)
    _out.print(f"{plan.id}: indexed")


def search(
    query: str,
    plan_id: str | None,
    plans_dir: Path,
    index_dir: Path | None,
    model: str,
    as_json: bool,
) -> None:
    """Print the ranked clauses with scores and matched words."""
    searcher, plan = _searcher(plan_id, plans_dir, index_dir, model)
    result = searcher.search(query, 10)
    if as_json:
        _print_json(
            {
                "query": query,
                "read_as": result.query.full_text,
                "named": list(result.query.named),
                "outcome": result.outcome,
                "confidence": round(result.confidence, 4),
                "answerable": round(result.answerable, 4),
                "hits": [
                    {
                        "clause": hit.clause,
                        "path": list(plan.clauses.path(hit.clause)),
                        "score": round(hit.score, 4),
                        "matched": list(hit.matched),
                        "quotes": [quote.text for quote in hit.quotes],
                    }
                    for hit in result.hits
                ],
            }
        )
        return
    read_as, confidence = result.query.full_text, result.confidence
    _out.print(f"{read_as}  [{result.outcome}, {confidence:.2f}]", soft_wrap=True)
    table = Table("clause", "score", "matched words", "quote")
    for hit in result.hits:
        table.add_row(hit.clause, f"{hit.score:.3f}", " ".join(hit.matched), hit.quotes[0].text)
    _out.print(table)


def evaluate_questions(
    path: Path,
    plan_id: str | None,
    plans_dir: Path,
    index_dir: Path | None,
    model: str,
    as_json: bool,
) -> None:
    """Print the measures over a file of judged questions."""
    questions = load_questions(path)
    searcher, _ = _searcher(plan_id, plans_dir, index_dir, model)
    outcomes = run(searcher, questions)
    measures = report(outcomes)
    wrong = sorted(confusions(outcomes), key=lambda row: -float(row["confidence"]))
    if as_json:
        _print_json({**measures, "confusions": wrong})
        return
    _print_measures({k: v for k, v in measures.items() if not isinstance(v, dict)})
    groups = Table("group", "n", "recall@1")
    for kind in ("by_style", "by_asker"):
        for name, row in measures[kind].items():
            groups.add_row(f"{kind[3:]}: {name}", str(row["n"]), f"{row['recall_at_1']:.3f}")
    _out.print(groups)
    worst = Table("id", "question", "expected", "got", "confidence", "why")
    for row in wrong[:CONFUSIONS_SHOWN]:
        worst.add_row(
            row["id"],
            row["question"],
            row["expected"],
            ", ".join(row["got"]),
            str(row["confidence"]),
            row["why"],
        )
    _out.print(worst)


def evaluate_beir(folder: Path, queries: Path | None, model: str, as_json: bool) -> None:
    """Print the measures on a benchmark folder."""
    benchmark = load_benchmark(folder, queries)
    with _progress(f"Measuring {folder.name}") as advance:
        measures = measure(benchmark, opened_encoder(model), advance)
    if as_json:
        _print_json(measures)
    else:
        _print_measures(measures)


def benchmark(
    sizes: Sequence[int], plan_id: str | None, plans_dir: Path, kept: Path | None
) -> None:
    """Print what indexes of generated passages cost, one row a size."""
    plan = load_plan(plan_id, plans_dir)
    texts = [passage.search_text for passage in passages_of(plan)]
    words = word_list()
    syllables = count_syllables(texts, words)
    table = Table(
        "passages", "build", "bytes a passage", "memory", "search p50", "p95",
        "recall@10", "dense alone",
    )  # fmt: skip
    with _progress("Measuring") as advance:
        for done, size in enumerate(sizes, start=1):
            cost = measure_cost(syllables, words, size, kept)
            table.add_row(
                f"{cost.passages:,}",
                f"{cost.build_seconds:.1f} s",
                f"{cost.bytes_a_passage:,.0f}",
                "-" if cost.megabytes is None else f"{cost.megabytes:,.0f} MB",
                f"{cost.p50_ms:.2f} ms",
                f"{cost.p95_ms:.2f} ms",
                f"{cost.recall:.3f}",
                f"{cost.dense_recall:.3f}",
            )
            advance(done, len(sizes))
    _out.print(table)


def clauses(plan_id: str | None, plans_dir: Path, write: bool) -> None:
    """List the clauses derived from the text; with `write` keep them as the plan's own."""
    plan = load_plan(plan_id, plans_dir)
    found = parse_clauses(plan.text, plan.labels.label_by_words)
    table = Table("id", "heading", "bullets", "lines")
    for clause in found:
        lines = clause.all_lines
        table.add_row(
            clause.id, clause.heading, str(len(clause.bullets)), f"{lines[0]}-{lines[-1]}"
        )
    _out.print(table)
    if write:
        (plan.folder / "clauses.jsonl").write_text(dump_clauses(found), encoding="utf-8")


def _searcher(
    plan_id: str | None, plans_dir: Path, index_dir: Path | None, model: str
) -> tuple[Searcher, Plan]:
    plan = load_plan(plan_id, plans_dir)
    encoder = opened_encoder(model)
    place, database = index_dir or default_index_dir(), opened_database()
    if not is_current(plan, encoder, place, database):
        with _progress(f"Indexing {plan.id}") as advance:
            build_index(plan, encoder, place, advance, database)
    return Searcher.open(plan, encoder, place, database), plan


def opened_encoder(model: str) -> Encoder | None:
    """The encoder; without a working embedded one None, said once."""
    try:
        return open_encoder(model)
    except EncoderError as error:
        if model:
            raise
        _err.print(f"{error}; going on with BM25 alone", soft_wrap=True)
        return None


def opened_database() -> PassageDatabase | None:
    """The database that PASSAGES_URL names; None without it.

    It is no option of a command: what a command line holds, every process can read.
    """
    url = os.environ.get("PASSAGES_URL", "").strip()
    return open_database(url) if url else None


@contextmanager
def _progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, told how much is done and how much there is."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
    )
    with Progress(*columns, TimeRemainingColumn(), console=_err) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _print_measures(measures: dict[str, Any]) -> None:
    table = Table("measure", "value")
    for name, value in measures.items():
        table.add_row(name, "-" if value is None else str(value))
    _out.print(table)


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
