"""Inner-product search over unit vectors (FAISS): exact while that is quick, a graph beyond."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.encoder import Vectors
from indexer.lexical import Rows, Scores

Owners = npt.NDArray[np.int32]

# docs/decisions/005-how-search-scales.md has the table behind these
EXACT_UP_TO = 10_000  # texts that are compared one by one
GRAPH = "HNSW32_SQfp16"  # 32 neighbours a text; two bytes a dimension
SEEN_IN_BUILDING, SEEN_IN_SEARCH = 80, 256  # nearest texts that a walk through the graph keeps
_BATCH = 65_536


class DenseIndex:
    """Cosines of indexed texts with a question: of all, of some, or the nearest."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.size: int = index.ntotal
        self.dimension: int = index.d
        self.is_exact = self.size <= EXACT_UP_TO
        self._rows: Vectors | None = index.reconstruct_n(0, self.size) if self.is_exact else None
        if not self.is_exact:
            index.hnsw.efSearch = SEEN_IN_SEARCH  # a file keeps what it was when it was written

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """Index unit rows; a text's number is its row."""
        faiss, (size, dimension) = _faiss(), vectors.shape
        if size <= EXACT_UP_TO:
            return cls.flat(vectors)
        index = faiss.index_factory(dimension, GRAPH, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = SEEN_IN_BUILDING
        index.train(np.ascontiguousarray(vectors[:_BATCH]))
        for start in range(0, size, _BATCH):
            index.add(np.ascontiguousarray(vectors[start : start + _BATCH]))
        return cls(index)

    @classmethod
    def flat(cls, vectors: Vectors) -> DenseIndex:
        """Unit rows of any number that are compared one by one."""
        index = _faiss().IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """The index kept in a file, mapped into memory; RuntimeError when FAISS cannot read it."""
        faiss = _faiss()
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

    def save(self, path: Path) -> None:
        """Write the vectors to a file."""
        _faiss().write_index(self._index, str(path))

    def scores(self, query: Vectors) -> Scores:
        """(n,) float32 cosine of every text; `query` is one unit row (dim,)."""
        rows = self.vectors_of(np.arange(self.size)) if self._rows is None else self._rows
        return np.asarray(np.vecdot(rows, query), np.float32)

    def vectors_of(self, rows: Rows) -> Vectors:
        """(m, dim) float32, the vectors of some texts as they are kept."""
        if self._rows is not None:
            return self._rows[rows]
        return np.asarray(self._index.reconstruct_batch(rows), np.float32)

    def scores_of(self, query: Vectors, rows: Rows) -> Scores:
        """(m,) float32 cosine of the texts with these numbers."""
        return np.asarray(np.vecdot(self.vectors_of(rows), query), np.float32)

    def nearest(self, query: Vectors, count: int) -> Rows:
        """The numbers of the `count` nearest texts, or nearly so beyond EXACT_UP_TO."""
        _, rows = self._index.search(query[None, :], min(count, self.size))
        return np.asarray(rows[0][rows[0] >= 0], np.int64)


def best_of_owner(scores: Scores, owners: Owners, size: int) -> Scores:
    """(size,) the best score among the rows of each owner; -1 for an owner without rows."""
    best = np.full(size, -1.0, np.float32)
    np.maximum.at(best, owners, scores)
    return best


def _faiss() -> Any:
    import faiss

    return faiss
