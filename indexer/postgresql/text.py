"""Scores of an index in PostgreSQL: its layers are asked for candidates as the files' are.

What stands for all passages is held in the process. A plan of no more passages than that is read
once, when it is opened, and asks the server nothing afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from indexer.candidates import CandidateSearch, Layer, Sample, TextScores, sample_of
from indexer.dense import Owners
from indexer.encoder import Vectors
from indexer.lexical import LexicalIndex, Posting, Rows, Scores, n_read_of, pick_best
from indexer.postgresql.filling import (
    OWNERS,
    PARTS_SAMPLE,
    TABLES,
    WHOLE_SAMPLE,
    VectorKind,
    kind_of,
)
from indexer.postgresql.reading import IndexReader

REMEMBERED = 100_000  # tokens


class SharedTextIndex:
    """Fused scores of passages for one question; without vectors BM25 alone."""

    def __init__(self, search: CandidateSearch, words: SharedWords, reader: IndexReader) -> None:
        self._search, self._words, self._reader = search, words, reader

    @classmethod
    def load(
        cls, folder: Path, reader: IndexReader, size: int, has_vectors: bool
    ) -> SharedTextIndex:
        """The index that the reader reads, with what a folder holds of it."""
        owners: Owners = np.load(folder / OWNERS)
        _, passages, parts = (table.format(reader.number) for table in TABLES)
        n_sampled = len(sample_of(size))
        n_parts = int(np.isin(owners, sample_of(size)).sum())
        sample = Sample(
            LexicalIndex.load_alone(folder / WHOLE_SAMPLE, n_sampled),
            LexicalIndex.load_alone(folder / PARTS_SAMPLE, n_parts),
        )
        words = SharedWords(reader, passages, size, is_part=False)
        part_words = SharedWords(reader, parts, len(owners), is_part=True)
        whole, part = Layer(words, None), Layer(part_words, None)
        if has_vectors:
            whole = Layer(words, SharedVectors(reader, passages, kind_of(size)))
            part = Layer(part_words, SharedVectors(reader, parts, kind_of(len(owners))))
        if n_sampled == size:
            words.remember(sample.whole)
        return cls(CandidateSearch(whole, part, owners, sample), words, reader)

    def scores(self, tokens: Sequence[str], vector: Vectors | None) -> TextScores:
        """Scores of the passages that matter; `tokens` from lexical_tokens, `vector` a unit row."""
        return self._search.scores(tokens, vector)

    def coverage(self, tokens: Sequence[str]) -> float:
        """Share of the tokens that occur in the passages at all, 0 to 1."""
        return self._words.n_known(tokens) / len(tokens) if tokens else 0.0

    def close(self) -> None:
        """Let go of the index, which may be dropped then."""
        self._reader.close()


class SharedWords:
    """BM25 scores of the texts of one table."""

    def __init__(self, reader: IndexReader, table: str, size: int, *, is_part: bool) -> None:
        self.size = size
        self._reader, self._texts, self._is_part = reader, table, is_part
        self._tokens = TABLES[0].format(reader.number)
        self._known: dict[str, tuple[int, int] | None] = {}  # number; how many texts hold it
        self._all: LexicalIndex | None = None

    def remember(self, words: LexicalIndex) -> None:
        """Know all tokens from an index that holds every text."""
        self._all = words

    def n_known(self, tokens: Sequence[str]) -> int:
        """How many of the tokens any text holds."""
        if self._all is not None:
            return sum(map(self._all.knows, tokens))
        return len(self._look_up(tokens))

    def best(self, tokens: Sequence[str], count: int) -> Rows:
        """The numbers of about the `count` best texts, ascending; as LexicalIndex.best."""
        found = sorted(self._look_up(tokens), key=lambda item: item[2])
        if not found:
            return np.zeros(0, np.int64)
        n_read = n_read_of([held for _, _, held in found])
        wanted = [token for token, _, _ in found[:n_read]]
        rows = self._reader.rows(
            f"SELECT token, passages, scores FROM {self._tokens}"
            " WHERE token = ANY(%s) AND NOT is_part",
            list(set(wanted)),
        )
        kept: dict[str, Posting] = {
            token: (np.frombuffer(passages, "<i4"), np.frombuffer(scores, "<f4"))
            for token, passages, scores in rows
        }
        postings = [kept[token] for token in wanted]
        rest = None if n_read == len(found) else lambda rows: self.scores_of(tokens, rows)
        return pick_best(postings, rest, self.size, count)

    def scores_of(self, tokens: Sequence[str], rows: Rows) -> Scores:
        """(m,) float32 BM25 score of the texts with these numbers, which ascend."""
        times = Counter(number for _, number, _ in self._look_up(tokens))
        if not len(rows) or not times:
            return np.zeros(len(rows), np.float32)
        found = self._reader.rows(
            f"SELECT tokens, scores FROM {self._texts}"
            " WHERE number = ANY(%s::int[]) ORDER BY number",
            rows.tolist(),
        )
        held = np.frombuffer(b"".join(row[0] for row in found), "<i4")
        scores = np.frombuffer(b"".join(row[1] for row in found), "<f4")
        owners = np.repeat(np.arange(len(found)), [len(row[0]) // 4 for row in found])
        wanted = np.sort(np.fromiter(times, np.int32))
        weights = np.array([times[number] for number in wanted.tolist()], np.float32)
        place = np.minimum(np.searchsorted(wanted, held), len(wanted) - 1)
        counted = np.where(wanted[place] == held, scores * weights[place], np.float32(0))
        return np.bincount(owners, counted, len(rows)).astype(np.float32)

    def _look_up(self, tokens: Sequence[str]) -> list[tuple[str, int, int]]:
        """Token, number and how many texts hold it, for each token that is known, in order."""
        kept = self._known  # another thread may begin a new one
        known = {token: kept[token] for token in tokens if token in kept}
        new = [token for token in dict.fromkeys(tokens) if token not in known]
        if new:
            rows = self._reader.rows(
                f"SELECT token, number, held FROM {self._tokens}"
                " WHERE token = ANY(%s) AND is_part = %s",
                new,
                self._is_part,
            )
            known |= dict.fromkeys(new) | {token: (number, held) for token, number, held in rows}
            if len(self._known) > REMEMBERED:
                self._known = {}
            self._known.update(known)
        return [(token, *entry) for token in tokens if (entry := known[token])]


class SharedVectors:
    """Cosines of the texts of one table with a question."""

    def __init__(self, reader: IndexReader, table: str, kind: VectorKind) -> None:
        self._reader, self._table, self._kind = reader, table, kind

    def nearest(self, query: Vectors, count: int) -> Rows:
        """The numbers of the `count` nearest texts, or nearly so where the table has a graph."""
        found = self._reader.rows(
            f"SELECT number FROM {self._table}"
            f" ORDER BY vector <#> %s::{self._kind.name} LIMIT {int(count)}",
            str(query.tolist()),
        )
        return np.array([number for (number,) in found], np.int64)

    def scores_of(self, query: Vectors, rows: Rows) -> Scores:
        """(m,) float32 cosine of the texts with these numbers, which ascend."""
        if not len(rows):
            return np.zeros(0, np.float32)
        return np.asarray(np.vecdot(self.vectors_of(rows), query), np.float32)

    def vectors_of(self, rows: Rows) -> Vectors:
        """(m, dim) float32, the vectors of these texts as they are kept."""
        found = self._reader.rows(
            f"SELECT {self._kind.name}_send(vector) FROM {self._table}"
            " WHERE number = ANY(%s::int[]) ORDER BY number",
            rows.tolist(),
        )
        content = np.frombuffer(b"".join(row[0] for row in found), np.uint8)
        numbers = content.reshape(len(found), -1)[:, 4:]  # after dimension and nothing
        return np.ascontiguousarray(numbers).view(self._kind.dtype).astype(np.float32)
