"""Scores of the promising passages of a large index, comparable with those of all passages.

Each way of searching names candidates; every candidate is then scored in every way. A fixed sample
of the passages is scored with them: it gives the means and deviations that make the scores
comparable, which no question has to read the whole index for.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from indexer.dense import Owners, best_of_owner
from indexer.encoder import Vectors
from indexer.fuse import Mask, z_scores
from indexer.lexical import LexicalIndex, Rows, Scores, distinct

SAMPLED = 4_096  # passages
CANDIDATES = 200  # of each kind: best by words, nearest as a whole, nearest in a part


@dataclass(frozen=True, slots=True)
class TextScores:
    """Scores of the passages numbered `rows`, ascending: all, or of a large index some.

    (m,) float32 `fused` ranks passages (sum of z-scores), `cosines` are their best ones; cosines
    are 0 for an index without vectors. `parts` ranks the parts of these passages by their own
    words alone, one score for each part of the index, in order. `among` marks the rows that
    stand for all passages; None if all are there.
    """

    rows: Rows
    fused: Scores
    cosines: Scores
    parts: Scores
    among: Mask | None = None

    def first(self, count: int) -> list[int]:
        """The numbers of the best passages, best first; ties in text order."""
        order = np.argsort(-self.fused, kind="stable")[:count]
        return [int(row) for row in self.rows[order]]


class TextSearch(Protocol):
    """Scores passages for one question, wherever their index is kept."""

    def scores(self, tokens: Sequence[str], vector: Vectors | None) -> TextScores:
        """Scores of the passages that matter; `tokens` from lexical_tokens, `vector` a unit row."""
        ...

    def coverage(self, tokens: Sequence[str]) -> float:
        """Share of the tokens that occur in the passages at all, 0 to 1."""
        ...


class Words(Protocol):
    """What is asked of the words of `size` texts; LexicalIndex says what comes back."""

    size: int

    def best(self, tokens: Sequence[str], count: int) -> Rows:
        """The numbers of about the `count` best texts, ascending."""
        ...

    def scores_of(self, tokens: Sequence[str], rows: Rows) -> Scores:
        """(m,) float32 BM25 score of the texts with these numbers, which ascend."""
        ...


class Meanings(Protocol):
    """What is asked of the vectors of texts; DenseIndex says what comes back."""

    def nearest(self, query: Vectors, count: int) -> Rows:
        """The numbers of the `count` nearest texts, or nearly so."""
        ...

    def scores_of(self, query: Vectors, rows: Rows) -> Scores:
        """(m,) float32 cosine of the texts with these numbers, which ascend."""
        ...

    def vectors_of(self, rows: Rows) -> Vectors:
        """(m, dim) float32, the vectors of these texts as they are kept."""
        ...


@dataclass(frozen=True, slots=True)
class Layer:
    """What is searched of the same texts: their words, and their vectors if there are any."""

    lexical: Words
    dense: Meanings | None


@dataclass(frozen=True, slots=True)
class Sample:
    """The words of the passages that stand for all, and of their parts."""

    whole: LexicalIndex
    parts: LexicalIndex

    @classmethod
    def take(cls, whole: LexicalIndex, parts: LexicalIndex, owners: Owners) -> Sample:
        """The sample of indexes that are just made."""
        rows = sample_of(whole.size)
        return cls(whole.part(rows), parts.part(_parts_of(owners, rows)[0]))

    @classmethod
    def load(cls, folder: Path, whole: LexicalIndex, parts: LexicalIndex, owners: Owners) -> Sample:
        """The sample kept in a folder; raises OSError, KeyError or ValueError."""
        rows = sample_of(whole.size)
        count = len(_parts_of(owners, rows)[0])
        return cls(
            whole.load_part(folder / "sample.npz", len(rows)),
            parts.load_part(folder / "sample_sentences.npz", count),
        )

    def save(self, folder: Path) -> None:
        """Write the sample's files into an existing folder."""
        self.whole.save_part(folder / "sample.npz")
        self.parts.save_part(folder / "sample_sentences.npz")


class CandidateSearch:
    """Searches passages and their parts; `owners` are the parts' passages, ascending."""

    def __init__(self, whole: Layer, parts: Layer, owners: Owners, sampled: Sample) -> None:
        self._whole, self._parts, self._owners = whole, parts, owners
        self.sampled = sampled
        self._threads = ThreadPoolExecutor(thread_name_prefix="candidates")  # none starts yet
        self._sample = sample_of(whole.lexical.size)
        self._is_sampled = np.zeros(whole.lexical.size, np.bool_)
        self._is_sampled[self._sample] = True
        self._sample_parts, self._sample_owners = self._parts_of(self._sample)
        self._sample_vectors: tuple[Vectors, Vectors] | None = None
        if whole.dense and parts.dense:
            self._sample_vectors = (
                whole.dense.vectors_of(self._sample),
                parts.dense.vectors_of(self._sample_parts),
            )

    def scores(self, tokens: Sequence[str], vector: Vectors | None) -> TextScores:
        """The scores of candidates and sample for one question."""
        found = self._candidates(tokens, vector)
        part_rows, part_owners = self._parts_of(found)
        order = np.argsort(np.concatenate([self._sample, found]), kind="stable")
        rows = np.concatenate([self._sample, found])[order]
        among = (np.arange(len(order)) < len(self._sample))[order]
        is_sampled = np.arange(len(part_rows) + len(self._sample_parts)) < len(self._sample_parts)
        words = np.concatenate(
            [self.sampled.whole.scores(tokens), self._whole.lexical.scores_of(tokens, found)]
        )[order]
        own = np.concatenate(
            [self.sampled.parts.scores(tokens), self._parts.lexical.scores_of(tokens, part_rows)]
        )
        fused, parts, cosines = z_scores(words, among), z_scores(own, is_sampled), words * 0
        if vector is not None and self._sample_vectors and self._whole.dense and self._parts.dense:
            whole = np.concatenate(
                [
                    np.vecdot(self._sample_vectors[0], vector),
                    self._whole.dense.scores_of(vector, found),
                ]
            )[order]
            near = np.concatenate(
                [
                    np.vecdot(self._sample_vectors[1], vector),
                    self._parts.dense.scores_of(vector, part_rows),
                ]
            )
            owners = np.concatenate([self._sample_owners, part_owners + len(self._sample)])
            best = best_of_owner(near, owners, len(order))[order]
            fused = fused + z_scores(whole, among) + z_scores(best, among)
            parts, cosines = parts + z_scores(near, is_sampled), np.maximum(whole, best)
        every = np.zeros(len(self._owners), np.float32)
        every[np.concatenate([self._sample_parts, part_rows])] = parts
        return TextScores(rows, fused, cosines, every, among)

    def _candidates(self, tokens: Sequence[str], vector: Vectors | None) -> Rows:
        """Passages outside the sample, ascending."""
        if len(self._sample) == self._whole.lexical.size:
            return np.zeros(0, np.int64)
        whole, parts = self._whole.dense, self._parts.dense
        if vector is None or whole is None or parts is None:
            return self._unsampled(self._whole.lexical.best(tokens, CANDIDATES))
        # Side by side: FAISS and the database's driver let other threads work meanwhile
        near = self._threads.submit(whole.nearest, vector, CANDIDATES)
        near_parts = self._threads.submit(parts.nearest, vector, CANDIDATES)
        best = self._whole.lexical.best(tokens, CANDIDATES)
        owners = self._owners[near_parts.result()].astype(np.int64)
        return self._unsampled(np.concatenate([best, near.result(), owners]))

    def _unsampled(self, rows: Rows) -> Rows:
        found = distinct(rows)
        return found[~self._is_sampled[found]]

    def _parts_of(self, rows: Rows) -> tuple[Rows, Rows]:
        return _parts_of(self._owners, rows)


def sample_of(size: int) -> Rows:
    """The numbers of the passages that stand for all, ascending; the same for the same size."""
    chosen = np.random.default_rng(0).choice(size, min(size, SAMPLED), replace=False)
    return np.sort(chosen).astype(np.int64)


def _parts_of(owners: Owners, rows: Rows) -> tuple[Rows, Rows]:
    """The numbers of the parts of these passages, and for each the place of its passage."""
    starts = np.searchsorted(owners, rows.astype(owners.dtype))
    counts = np.searchsorted(owners, rows.astype(owners.dtype), side="right") - starts
    places = np.repeat(np.arange(len(rows)), counts)
    within = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
    return starts[places] + within, places
