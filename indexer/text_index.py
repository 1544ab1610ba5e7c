"""Hybrid search over any list of passages: BM25, whole-passage vectors, sentence vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.dense import DenseIndex, Owners
from indexer.encoder import Encoder, Vectors
from indexer.fuse import z_scores
from indexer.lexical import LexicalIndex, Scores
from indexer.passages import Passage

Progress = Callable[[int], None]  # told how many texts were encoded since the last call
BATCH = 16


@dataclass(frozen=True, slots=True)
class TextScores:
    """(n,) float32 each: the sum of z-scores that ranks passages, and their best cosines.

    Cosines are 0 for an index without vectors.
    """

    fused: Scores
    cosines: Scores


class TextIndex:
    """Fused scores of passages for one question; without vectors BM25 alone."""

    def __init__(
        self,
        lexical: LexicalIndex,
        whole: DenseIndex | None,
        sentences: DenseIndex | None,
        owners: Owners,
    ) -> None:
        self._lexical = lexical
        self._whole = whole
        self._sentences = sentences
        self._owners = owners

    @classmethod
    def build(
        cls,
        passages: Sequence[Passage],
        encoder: Encoder | None,
        expand: Callable[[str], str] = str,
        on_progress: Progress = lambda _: None,
    ) -> TextIndex:
        """Index the passages. `expand` rewrites a text as questions are rewritten (abbreviations)."""
        size = len(passages)
        full = [expand(f"{p.context}. {p.search_text}" if p.context else p.search_text) for p in passages]
        lexical = LexicalIndex.build(full)
        pieces = [(n, sentence) for n, p in enumerate(passages) for sentence in p.sentences]
        owners = np.array([n for n, _ in pieces], np.int32)
        if encoder is None:
            return cls(lexical, None, None, owners)
        whole = encode_documents(encoder, full, on_progress)
        parts = encode_documents(encoder, [expand(text) for _, text in pieces], on_progress)
        return cls(
            lexical,
            DenseIndex.build(whole, np.arange(size, dtype=np.int32), size),
            DenseIndex.build(parts, owners, size),
            owners,
        )

    @staticmethod
    def work(passages: Sequence[Passage]) -> int:
        """How many texts building encodes, for a progress bar."""
        return len(passages) + sum(len(passage.sentences) for passage in passages)

    def save(self, folder: Path) -> None:
        """Write the index's files into an existing folder."""
        self._lexical.save(folder / "bm25")
        np.save(folder / "sentence_owners.npy", self._owners)
        if self._whole and self._sentences:
            self._whole.save(folder / "passages.faiss")
            self._sentences.save(folder / "sentences.faiss")

    @classmethod
    def load(cls, folder: Path, size: int, has_vectors: bool) -> TextIndex:
        """The index kept in a folder; raises OSError, ValueError or RuntimeError when damaged."""
        owners: Owners = np.load(folder / "sentence_owners.npy")
        lexical = LexicalIndex.load(folder / "bm25", size)
        if not has_vectors:
            return cls(lexical, None, None, owners)
        numbers = np.arange(size, dtype=np.int32)
        return cls(
            lexical,
            DenseIndex.load(folder / "passages.faiss", numbers, size),
            DenseIndex.load(folder / "sentences.faiss", owners, size),
            owners,
        )

    def scores(self, tokens: Sequence[str], vector: Vectors | None) -> TextScores:
        """Scores of every passage; `tokens` from lexical_tokens, `vector` one unit row."""
        lexical = self._lexical.scores(tokens)
        fused = z_scores(lexical)
        if vector is None or self._whole is None or self._sentences is None:
            return TextScores(fused, np.zeros_like(fused))
        whole, sentences = self._whole.scores(vector), self._sentences.scores(vector)
        return TextScores(
            fused + z_scores(whole) + z_scores(sentences), np.maximum(whole, sentences)
        )

    def coverage(self, tokens: Sequence[str]) -> float:
        """Share of the tokens that occur in the passages at all, 0 to 1."""
        return sum(map(self._lexical.knows, tokens)) / len(tokens) if tokens else 0.0


def encode_documents(encoder: Encoder, texts: Sequence[str], on_progress: Progress) -> Vectors:
    """(n, dim) vectors of the texts, encoded in batches, reporting each batch."""
    batches = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        batches.append(encoder.encode_document(batch))
        on_progress(len(batch))
    return np.vstack(batches) if batches else np.zeros((0, encoder.dimension), np.float32)
