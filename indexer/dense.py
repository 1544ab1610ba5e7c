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
    """Cosine of every passage with a question; a passage may own several vectors."""

    def __init__(self, index: Any, owners: Owners, size: int) -> None:
        self._index = index
        self._owners = owners
        self._size = size

    @classmethod
    def build(cls, vectors: Vectors, owners: Owners, size: int) -> DenseIndex:
        """Index unit rows; `owners[i]` is the number of the passage that row i belongs to."""
        index = _faiss().IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index, owners, size)

    @classmethod
    def load(cls, path: Path, owners: Owners, size: int) -> DenseIndex:
        """The index kept in a file; raises RuntimeError when FAISS cannot read it."""
        return cls(_faiss().read_index(str(path)), owners, size)

    def save(self, path: Path) -> None:
        """Write the vectors to a file."""
        _faiss().write_index(self._index, str(path))

    def scores(self, query: Vectors) -> Scores:
        """(n,) float32 best cosine of each passage's vectors; `query` is one unit row (dim,)."""
        found, rows = self._index.search(query[None, :], self._index.ntotal)
        scores = np.full(self._size, -1.0, np.float32)
        np.maximum.at(scores, self._owners[rows[0]], found[0])
        return scores


def _faiss() -> Any:
    import faiss

    return faiss
