"""Hybrid search over any list of passages: BM25, vectors of whole passages and of their parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.dense import DenseIndex, Owners, best_of_owner
from indexer.encoder import Encoder, Vectors
from indexer.fuse import z_scores
from indexer.lexical import LexicalIndex, Scores
from indexer.passages import Passage
from indexer.progress import Advance

BATCH = 32


@dataclass(frozen=True, slots=True)
class TextScores:
    """(n,) float32 `fused` ranks passages (sum of z-scores), `cosines` are their best ones.

    `parts` ranks the passages' parts by their own words alone, one score each, in order.
    Cosines are 0 for an index without vectors.
    """

    fused: Scores
    cosines: Scores
    parts: Scores


class TextIndex:
    """Fused scores of passages for one question; without vectors BM25 alone."""

    def __init__(
        self,
        lexical: LexicalIndex,
        own_words: LexicalIndex,
        whole: DenseIndex | None,
        sentences: DenseIndex | None,
        owners: Owners,
    ) -> None:
        self._lexical = lexical
        self._own_words = own_words
        self._whole = whole
        self._sentences = sentences
        self._owners = owners

    @classmethod
    def build(
        cls,
        passages: Sequence[Passage],
        encoder: Encoder | None,
        expand: Callable[[str], str] = str,
        advance: Advance | None = None,
    ) -> TextIndex:
        """Index the passages; `expand` rewrites a text as questions are (abbreviations)."""
        full = [
            expand(f"{p.context}. {p.search_text}" if p.context else p.search_text)
            for p in passages
        ]
        lexical = LexicalIndex.build(full)
        pieces = [(n, part) for n, p in enumerate(passages) for part in p.parts]
        owners = np.array([n for n, _ in pieces], np.int32)
        sentences = [expand(text) for _, text in pieces]
        own_words = LexicalIndex.build(sentences)
        if encoder is None:
            return cls(lexical, own_words, None, None, owners)
        whole = encode_documents(encoder, full, advance)
        parts = encode_documents(encoder, sentences, advance)
        return cls(
            lexical,
            own_words,
            DenseIndex.build(whole),
            DenseIndex.build(parts),
            owners,
        )

    @staticmethod
    def work(passages: Sequence[Passage]) -> int:
        """How many texts building encodes, for a progress bar."""
        return len(passages) + sum(len(passage.parts) for passage in passages)

    def save(self, folder: Path) -> None:
        """Write the index's files into an existing folder."""
        self._lexical.save(folder / "bm25")
        self._own_words.save(folder / "bm25_sentences")
        np.save(folder / "sentence_owners.npy", self._owners)
        if self._whole and self._sentences:
            self._whole.save(folder / "passages.faiss")
            self._sentences.save(folder / "sentences.faiss")

    @classmethod
    def load(cls, folder: Path, size: int, has_vectors: bool) -> TextIndex:
        """The index kept in a folder; raises OSError, ValueError or RuntimeError when damaged."""
        owners: Owners = np.load(folder / "sentence_owners.npy")
        lexical = LexicalIndex.load(folder / "bm25", size)
        own_words = LexicalIndex.load(folder / "bm25_sentences", len(owners))
        if not has_vectors:
            return cls(lexical, own_words, None, None, owners)
        return cls(
            lexical,
            own_words,
            DenseIndex.load(folder / "passages.faiss"),
            DenseIndex.load(folder / "sentences.faiss"),
            owners,
        )

    def scores(self, tokens: Sequence[str], vector: Vectors | None) -> TextScores:
        """Scores of every passage; `tokens` from lexical_tokens, `vector` one unit row."""
        fused = z_scores(self._lexical.scores(tokens))
        own = z_scores(self._own_words.scores(tokens))
        if vector is None or self._whole is None or self._sentences is None:
            return TextScores(fused, np.zeros_like(fused), own)
        whole, sentences = self._whole.scores(vector), self._sentences.scores(vector)
        best = best_of_owner(sentences, self._owners, len(fused))
        return TextScores(
            fused + z_scores(whole) + z_scores(best),
            np.maximum(whole, best),
            own + z_scores(sentences),
        )

    def coverage(self, tokens: Sequence[str]) -> float:
        """Share of the tokens that occur in the passages at all, 0 to 1."""
        return sum(map(self._lexical.knows, tokens)) / len(tokens) if tokens else 0.0


def encode_documents(encoder: Encoder, texts: Sequence[str], advance: Advance | None) -> Vectors:
    """(n, dim) vectors of the texts, encoded in batches, reporting each batch."""
    batches = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        batches.append(encoder.encode_document(batch))
        if advance:
            advance(len(batch))
    return np.vstack(batches) if batches else np.zeros((0, encoder.dimension), np.float32)
