"""Hybrid search over any list of passages: BM25, vectors of whole passages and of their parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.candidates import CandidateSearch, Layer, Sample, TextScores
from indexer.dense import EXACT_UP_TO, DenseIndex, Owners, best_of_owner
from indexer.encoder import Encoder, Vectors
from indexer.fuse import z_scores
from indexer.lexical import LexicalIndex, Scores, Tokenise, lexical_tokens
from indexer.passages import Passage
from indexer.progress import Advance

BATCH = 32


@dataclass(frozen=True, slots=True)
class Contents:
    """What an index holds: words and vectors of passages and of their parts.

    `owners` are the parts' passages, ascending.
    """

    lexical: LexicalIndex
    own_words: LexicalIndex
    whole: DenseIndex | None
    sentences: DenseIndex | None
    owners: Owners


class TextIndex:
    """Fused scores of passages for one question; without vectors BM25 alone."""

    def __init__(
        self,
        lexical: LexicalIndex,
        own_words: LexicalIndex,
        whole: DenseIndex | None,
        sentences: DenseIndex | None,
        owners: Owners,
        candidates: CandidateSearch | None = None,
    ) -> None:
        self._lexical = lexical
        self._own_words = own_words
        self._whole = whole
        self._sentences = sentences
        self._owners = owners
        self._all = np.arange(lexical.size)
        self._candidates = candidates

    @classmethod
    def build(
        cls,
        passages: Sequence[Passage],
        encoder: Encoder | None,
        expand: Callable[[str], str] = str,
        advance: Advance | None = None,
        tokenise: Tokenise = lexical_tokens,
        dense: Callable[[Vectors], DenseIndex] = DenseIndex.build,
    ) -> TextIndex:
        """Index the passages; `expand` rewrites a text as questions are (abbreviations)."""
        full = [
            expand(f"{p.context}. {p.search_text}" if p.context else p.search_text)
            for p in passages
        ]
        lexical = LexicalIndex.build(full, tokenise)
        pieces = [(n, part) for n, p in enumerate(passages) for part in p.parts]
        owners = np.array([n for n, _ in pieces], np.int32)
        sentences = [expand(text) for _, text in pieces]
        own_words = LexicalIndex.build(sentences, tokenise)
        whole = parts = None
        if encoder is not None:
            whole = dense(encode_documents(encoder, full, advance))
            parts = dense(encode_documents(encoder, sentences, advance))
        candidates = None
        if len(passages) > EXACT_UP_TO:
            layers = Layer(lexical, whole), Layer(own_words, parts)
            sample = Sample.take(lexical, own_words, owners)
            candidates = CandidateSearch(*layers, owners, sample)
        return cls(lexical, own_words, whole, parts, owners, candidates)

    @property
    def contents(self) -> Contents:
        """What is kept of it, for keeping it elsewhere."""
        return Contents(self._lexical, self._own_words, self._whole, self._sentences, self._owners)

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
        if self._candidates:
            self._candidates.sampled.save(folder)

    @classmethod
    def load(cls, folder: Path, size: int, has_vectors: bool) -> TextIndex:
        """The index kept in a folder; raises OSError, ValueError or RuntimeError when damaged."""
        owners: Owners = np.load(folder / "sentence_owners.npy")
        lexical = LexicalIndex.load(folder / "bm25", size)
        own_words = LexicalIndex.load(folder / "bm25_sentences", len(owners))
        whole = parts = None
        if has_vectors:
            whole = DenseIndex.load(folder / "passages.faiss")
            parts = DenseIndex.load(folder / "sentences.faiss")
        candidates = None
        if size > EXACT_UP_TO:
            layers = Layer(lexical, whole), Layer(own_words, parts)
            sample = Sample.load(folder, lexical, own_words, owners)
            candidates = CandidateSearch(*layers, owners, sample)
        return cls(lexical, own_words, whole, parts, owners, candidates)

    def scores(self, tokens: Sequence[str], vector: Vectors | None) -> TextScores:
        """Scores of the passages that matter; `tokens` from lexical_tokens, `vector` a unit row."""
        if self._candidates is not None:
            return self._candidates.scores(tokens, vector)
        fused = z_scores(self._lexical.scores(tokens))
        own = z_scores(self._own_words.scores(tokens))
        if vector is None or self._whole is None or self._sentences is None:
            return TextScores(self._all, fused, np.zeros_like(fused), own)
        whole, sentences = self._whole.scores(vector), self._sentences.scores(vector)
        best = best_of_owner(sentences, self._owners, len(fused))
        return TextScores(
            self._all,
            fused + z_scores(whole) + z_scores(best),
            np.maximum(whole, best),
            own + z_scores(sentences),
        )

    def word_scores(self, tokens: Sequence[str]) -> Scores:
        """(n,) float32 BM25 score of every passage, however many there are."""
        return self._lexical.scores(tokens)

    def nearest(self, vector: Vectors, count: int) -> list[int]:
        """The numbers of the passages that are nearest as a whole; none without vectors."""
        return [int(row) for row in self._whole.nearest(vector, count)] if self._whole else []

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
