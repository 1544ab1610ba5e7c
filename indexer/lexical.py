"""BM25 over syllables, words and pairs of adjacent words (bm25s)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.normalize import tokenize
from indexer.segment import words

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Tokenise = Callable[[str], list[str]]
Posting = tuple[npt.NDArray[np.int32], Scores]  # passages that hold a token, ascending; its scores
K1, B = 1.5, 0.75  # the usual BM25 constants
MAPPED_FROM = 10_000  # passages from which the index is mapped into memory rather than read
MOST_READ = 200_000  # passages of tokens that one question reads through
LEADING = 4  # times as many passages lead on rare tokens as are looked at whole


def lexical_tokens(text: str) -> list[str]:
    """What BM25 counts in a text: its syllables, then its longer words, then adjacent word pairs.

    Syllables find a passage whatever the segmentation; words and pairs reward the same phrase.
    """
    syllables = tokenize(text)
    segmented = ["_".join(word.split()) for word in words(" ".join(syllables))]
    longer = [word for word in segmented if "_" in word]
    pairs = [f"{left}+{right}" for left, right in pairwise(segmented)]
    return syllables + longer + pairs


class LexicalIndex:
    """BM25 scores for a question's tokens: of every passage, of some, or the best."""

    def __init__(self, model: Any, size: int) -> None:
        self._model = model
        self.size = size
        self._vocabulary: dict[str, int] = model.vocab_dict
        self._scores = np.asarray(model.scores["data"])
        self._passages = np.asarray(model.scores["indices"])
        self._starts = np.asarray(model.scores["indptr"])

    @classmethod
    def build(cls, texts: Sequence[str], tokenise: Tokenise = lexical_tokens) -> LexicalIndex:
        """Index the texts; a passage's number is its place in `texts`."""
        model = _bm25s().BM25(k1=K1, b=B)
        # Numbers rather than words: a million passages hold eighty million tokens
        number: dict[str, int] = {}
        numbered = [
            [number.setdefault(token, len(number)) for token in tokenise(text)] for text in texts
        ]
        model.index((numbered, number), show_progress=False)
        return cls(model, len(texts))

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """The index kept in a folder; raises OSError or ValueError when it cannot be read."""
        is_mapped = size > MAPPED_FROM
        return cls(_bm25s().BM25.load(str(folder), mmap=is_mapped), size)

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own."""
        self._model.save(str(folder), show_progress=False)

    def scores(self, tokens: Sequence[str]) -> Scores:
        """(n,) float32 BM25 score of every passage; 0 where no token occurs."""
        total = np.zeros(self.size, np.float32)
        for passages, scores in self._postings(tokens):
            np.add.at(total, passages, scores)
        return total

    def scores_of(self, tokens: Sequence[str], rows: Rows) -> Scores:
        """(m,) float32 BM25 score of the passages with these numbers, which ascend."""
        return _summed(self._postings(tokens), rows)

    def best(self, tokens: Sequence[str], count: int) -> Rows:
        """The numbers of about the `count` best passages, ascending.

        The rarest tokens' passages are read up to MOST_READ; more frequent tokens say little
        and are only looked up in the passages that lead so far.
        """
        postings = sorted(self._postings(tokens), key=lambda posting: len(posting[0]))
        if not postings:
            return np.zeros(0, np.int64)
        n_read = n_read_of([len(passages) for passages, _ in postings])
        rest = None if n_read == len(postings) else partial(_summed, postings)
        return pick_best(postings[:n_read], rest, self.size, count)

    def part(self, rows: Rows) -> LexicalIndex:
        """An index of some passages alone, with the scores that they have among all."""
        from scipy import sparse

        shape = (self.size, len(self._starts) - 1)
        whole = sparse.csc_matrix((self._scores, self._passages, self._starts), shape=shape)
        kept = whole[rows]
        kept.sort_indices()
        return self._of(kept.data, kept.indices, kept.indptr, len(rows))

    def save_part(self, path: Path) -> None:
        """Write a part's scores to a file; its words are those of the whole."""
        np.savez(path, data=self._scores, indices=self._passages, indptr=self._starts)

    def load_part(self, path: Path, size: int) -> LexicalIndex:
        """The part of this index kept in a file; raises OSError, KeyError or ValueError."""
        with np.load(path, allow_pickle=False) as kept:
            return self._of(kept["data"], kept["indices"], kept["indptr"], size)

    def _of(self, data: Any, indices: Any, indptr: Any, size: int) -> LexicalIndex:
        return _index(self._vocabulary, data, indices, indptr, size)

    def save_alone(self, path: Path) -> None:
        """Write a part to a file with the words that its passages hold."""
        lengths = np.diff(self._starts)
        held = sorted((n, token) for token, n in self._numbered() if lengths[n])
        starts = np.concatenate([[0], np.cumsum(lengths[[n for n, _ in held]])])
        np.savez(
            path,
            data=self._scores,
            indices=self._passages,
            indptr=starts,
            tokens=np.array([token for _, token in held], np.str_),
        )

    @classmethod
    def load_alone(cls, path: Path, size: int) -> LexicalIndex:
        """The part kept in a file with its words; raises OSError, KeyError or ValueError."""
        with np.load(path, allow_pickle=False) as kept:
            tokens = {token: number for number, token in enumerate(kept["tokens"].tolist())}
            return _index(tokens, kept["data"], kept["indices"], kept["indptr"], size)

    def postings(self) -> Iterator[tuple[str, int, Posting]]:
        """Each token, its number and its posting."""
        for token, number in self._numbered():
            yield token, number, self._posting(number)

    def by_text(self) -> Iterator[Posting]:
        """For each passage the numbers of its tokens, ascending, and its scores for them."""
        from scipy import sparse

        shape = (self.size, len(self._starts) - 1)
        parts = (self._scores, self._passages, self._starts)
        rows = sparse.csc_matrix(parts, shape=shape).tocsr()
        rows.sort_indices()
        for start, end in pairwise(rows.indptr.tolist()):
            yield rows.indices[start:end], rows.data[start:end]

    def knows(self, token: str) -> bool:
        """Whether any passage holds the token."""
        return token in self._vocabulary

    def _numbered(self) -> Iterator[tuple[str, int]]:
        """The tokens that have a posting; bm25s numbers one more, for passages without words."""
        size = len(self._starts) - 1
        return ((token, n) for token, n in self._vocabulary.items() if n < size)

    def _postings(self, tokens: Sequence[str]) -> list[Posting]:
        found = []
        for token in tokens:
            number = self._vocabulary.get(token)
            if number is not None:
                found.append(self._posting(number))
        return found

    def _posting(self, number: int) -> Posting:
        kept = slice(int(self._starts[number]), int(self._starts[number + 1]))
        return self._passages[kept], self._scores[kept]


def _index(
    vocabulary: dict[str, int], data: Any, indices: Any, indptr: Any, size: int
) -> LexicalIndex:
    model = _bm25s().BM25(k1=K1, b=B)
    model.scores = {"data": data, "indices": indices, "indptr": indptr, "num_docs": size}
    model.vocab_dict = vocabulary
    return LexicalIndex(model, size)


def n_read_of(lengths: Sequence[int]) -> int:
    """How many of a question's postings, shortest first, are read through."""
    return max(1, int(np.searchsorted(np.cumsum(lengths), MOST_READ, side="right")))


def pick_best(
    postings: Sequence[Posting], rest: Callable[[Rows], Scores] | None, size: int, count: int
) -> Rows:
    """The numbers of about the `count` best passages of the postings, ascending.

    `rest` scores passages by all tokens, where the postings are not those of all of them.
    """
    total = np.zeros(size, np.float32)  # its pages come into being where written
    for passages, scores in postings:
        np.add.at(total, passages, scores)
    touched = np.concatenate([passages for passages, _ in postings])
    # A passage stands there once for every token that it holds
    leading = _highest(touched, total[touched], LEADING * count * len(postings))
    rows = distinct(leading)
    rows = np.sort(_highest(rows, total[rows], LEADING * count))
    return np.sort(_highest(rows, total[rows] if rest is None else rest(rows), count))


def distinct(rows: Any) -> Rows:
    """The numbers that occur, ascending; of ten thousand np.unique takes twenty times as long."""
    ascending = np.sort(rows)
    return ascending[np.diff(ascending, prepend=-1) > 0].astype(np.int64)


def _summed(postings: Sequence[Posting], rows: Rows) -> Scores:
    total = np.zeros(len(rows), np.float32)
    for passages, scores in postings:
        if not len(passages):
            continue
        place = np.minimum(np.searchsorted(passages, rows), len(passages) - 1)
        total += np.where(passages[place] == rows, scores[place], np.float32(0))
    return total


def _highest(rows: Any, scores: Scores, count: int) -> Any:
    """The rows with the `count` highest scores, in no order."""
    if len(rows) <= count:
        return rows
    return rows[np.argpartition(-scores, count)[:count]]


def _bm25s() -> Any:
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets its own level on import
    return bm25s
