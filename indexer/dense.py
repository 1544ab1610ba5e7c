"""Inner-product search over unit vectors (FAISS, exact)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.encoder import Vectors
from indexer.lexical import Scores

Owners = npt.NDArray[np.int32]


class DenseIndex:
    """Cosine of every indexed text with a question."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """Index unit rows; a text's number is its row."""
        index = _faiss().IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """The index kept in a file; raises RuntimeError when FAISS cannot read it."""
        return cls(_faiss().read_index(str(path)))

    def save(self, path: Path) -> None:
        """Write the vectors to a file."""
        _faiss().write_index(self._index, str(path))

    def scores(self, query: Vectors) -> Scores:
        """(n,) float32 cosine of every text; `query` is one unit row (dim,)."""
        found, rows = self._index.search(query[None, :], self._index.ntotal)
        scores = np.empty(self._index.ntotal, np.float32)
        scores[rows[0]] = found[0]
        return scores


def best_of_owner(scores: Scores, owners: Owners, size: int) -> Scores:
    """(size,) the best score among the rows of each owner; -1 for an owner without rows."""
    best = np.full(size, -1.0, np.float32)
    np.maximum.at(best, owners, scores)
    return best


def _faiss() -> Any:
    import faiss

    return faiss
