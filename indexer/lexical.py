"""BM25 over syllables, words and pairs of adjacent words (bm25s)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.normalize import tokenize
from indexer.segment import words

Scores = npt.NDArray[np.float32]
K1, B = 1.5, 0.75  # the usual BM25 constants


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
    """BM25 scores of every passage for a question's tokens."""

    def __init__(self, model: Any, size: int) -> None:
        self._model = model
        self._size = size
        self._vocabulary: dict[str, int] = model.vocab_dict

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index the texts; a passage's number is its place in `texts`."""
        model = _bm25s().BM25(k1=K1, b=B)
        model.index([lexical_tokens(text) for text in texts], show_progress=False)
        return cls(model, len(texts))

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """The index kept in a folder; raises OSError or ValueError when it cannot be read."""
        return cls(_bm25s().BM25.load(str(folder)), size)

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own."""
        self._model.save(str(folder), show_progress=False)

    def scores(self, tokens: Sequence[str]) -> Scores:
        """(n,) float32 BM25 score of every passage; 0 where no token occurs."""
        known = [token for token in tokens if token in self._vocabulary]
        if not known:
            return np.zeros(self._size, np.float32)
        return np.asarray(self._model.get_scores(known), np.float32)

    def knows(self, token: str) -> bool:
        """Whether any passage holds the token."""
        return token in self._vocabulary


def _bm25s() -> Any:
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets its own level on import
    return bm25s
