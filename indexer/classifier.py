"""Which clause a question asks for, learned from example questions: regularised least squares.

An exponential kernel over hashed n-grams and the question's vector, trained in closed form, which
also gives every example's exact leave-one-out score (Rifkin and Lippert, Notes on regularized
least squares, 2007). Applied with NumPy and SciPy alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.encoder import Vectors
from indexer.features import BUCKETS, Counts, hashed_counts
from indexer.query import Query

RIDGE = 0.02  # strength of regularisation, against kernels of unit diagonal
SHARPNESS = 1.0  # how much more a near example says than a far one
VECTOR_SHARE = 1.0  # weight of the vectors' similarity beside the n-grams'
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ClauseClassifier:
    """Scores of labels, sorted: clause ids, bullets of clauses, NONE.

    The n examples are kept as n-grams (`grams`, sparse (BUCKETS, n), columns of unit length) and
    centred vectors (n, dim); `dual` (labels, n) is each example's say in each label.
    """

    labels: tuple[str, ...]
    idf: Matrix  # (BUCKETS,)
    grams: Any
    vectors: Matrix  # (n, 0) without an encoder
    vector_mean: Matrix  # (dim,)
    dual: Matrix

    def scores(self, query: Query, vector: Vectors | None) -> Matrix:
        """(labels,) float32 scores, about 1 for the right label and 0 for others."""
        buckets, values = _weighted(hashed_counts(query), self.idf)
        similarity = self.grams[buckets].T @ values  # the question's own n-grams alone
        # vecdot keeps to this thread; a matrix product would wait for one a core, ten times as
        # long when busy
        if vector is not None and len(self.vector_mean):
            centred = _centred(vector[None, :], self.vector_mean)[0]
            similarity = _joined(similarity, np.vecdot(self.vectors, centred))
        return np.asarray(np.vecdot(self.dual, _kernel(similarity)), np.float32)

    def save(self, path: Path) -> None:
        """Write the classifier to one .npz file."""
        np.savez(
            path,
            labels=np.array(self.labels),
            idf=self.idf,
            gram_data=self.grams.data,
            gram_indices=self.grams.indices,
            gram_indptr=self.grams.indptr,
            vectors=self.vectors,
            vector_mean=self.vector_mean,
            dual=self.dual,
        )

    @classmethod
    def load(cls, path: Path) -> ClauseClassifier:
        """The classifier kept in a file; raises OSError, KeyError or ValueError when damaged."""
        with np.load(path, allow_pickle=False) as kept:
            dual = kept["dual"]
            parts = (kept["gram_data"], kept["gram_indices"], kept["gram_indptr"])
            return cls(
                tuple(str(label) for label in kept["labels"]),
                kept["idf"],
                _sparse(parts, (BUCKETS, dual.shape[1])),
                kept["vectors"],
                kept["vector_mean"],
                dual,
            )


def train(
    questions: Sequence[Counts],
    vectors: Vectors | None,
    labels: Sequence[str | tuple[str, ...]],
) -> tuple[ClauseClassifier, Matrix]:
    """The classifier, and the (n, labels) leave-one-out scores of its training questions.

    `questions` are their hashed_counts; a question has one label, or several that it is an
    example of at once.
    """
    held = [{label} if isinstance(label, str) else set(label) for label in labels]
    names = tuple(sorted(set().union(*held)))
    targets = np.array([[name in own for name in names] for own in held], np.float64)
    buckets = np.concatenate([own for own, _ in questions])
    frequency = np.bincount(buckets, minlength=BUCKETS)
    idf = (np.log((1 + len(questions)) / (1 + frequency)) + 1).astype(np.float32)
    grams = _rows([_weighted(grams, idf) for grams in questions])
    similarity = (grams @ grams.T).toarray().astype(np.float64)
    mean = np.zeros(0, np.float32) if vectors is None else vectors.mean(axis=0)
    centred = np.zeros((len(questions), 0), np.float32)
    if vectors is not None:
        centred = _centred(vectors, mean)
        similarity = _joined(similarity, (centred @ centred.T).astype(np.float64))
    inverse = np.linalg.inv(_kernel(similarity) + RIDGE * np.eye(len(questions)))
    dual = inverse @ targets
    left_out = targets - dual / np.diag(inverse)[:, None]
    by_label = np.ascontiguousarray(dual.T, np.float32)
    classifier = ClauseClassifier(names, idf, grams.T.tocsr(), centred, mean, by_label)
    return classifier, left_out.astype(np.float32)


def _kernel(similarity: Any) -> Any:
    """The exponential kernel without its constant: 1 for equal rows, 0 for unrelated ones."""
    return np.expm1(SHARPNESS * similarity) / float(np.expm1(SHARPNESS))  # of the same type


def _joined(grams: Any, cosines: Any) -> Any:
    """One similarity of unit diagonal from those of n-grams and of vectors."""
    return (grams + VECTOR_SHARE * cosines) / (1 + VECTOR_SHARE)


def _rows(weighted: Sequence[Counts]) -> Any:
    parts = (
        np.concatenate([values for _, values in weighted]),
        np.concatenate([buckets for buckets, _ in weighted]),
        np.cumsum([0, *(len(values) for _, values in weighted)]),
    )
    return _sparse(parts, (len(weighted), BUCKETS))


def _sparse(parts: tuple[Any, Any, Any], shape: tuple[int, int]) -> Any:
    """A sparse matrix of rows from values, columns and where each row begins."""
    from scipy import sparse

    return sparse.csr_matrix(parts, shape=shape, dtype=np.float32)


def _weighted(grams: Counts, idf: Matrix) -> Counts:
    buckets, counts = grams
    values = counts * idf[buckets]
    norm = float(np.linalg.norm(values))
    return buckets, values / norm if norm else values


def _centred(vectors: Vectors, mean: Matrix) -> Vectors:
    """Unit rows after taking away the mean, which e5 vectors largely share."""
    moved = vectors - mean
    norms = np.linalg.norm(moved, axis=1, keepdims=True)
    units = np.divide(moved, norms, out=np.zeros_like(moved), where=norms > 0)
    return np.asarray(units, np.float32)
