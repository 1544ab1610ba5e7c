"""Which clause a question asks for, learned from example questions: regularised least squares.

One linear score a label over hashed n-grams and the question's vector, trained in closed form
through the kernel matrix, which also gives every example's exact leave-one-out score
(Rifkin and Lippert, Notes on regularized least squares, 2007). Applied with NumPy alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.encoder import Vectors
from indexer.features import BUCKETS, hashed_counts
from indexer.query import Query

RIDGE = 0.5  # strength of regularisation, against kernels of unit diagonal
VECTOR_SHARE = 0.5  # weight of the vectors' kernel beside the n-grams'
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ClauseClassifier:
    """Linear scores of labels. `labels` are clause ids and NONE, sorted."""

    labels: tuple[str, ...]
    idf: Matrix  # (BUCKETS,)
    gram_weights: Matrix  # (BUCKETS, labels)
    vector_weights: Matrix  # (dim, labels); (0, labels) without an encoder
    vector_mean: Matrix  # (dim,)

    def scores(self, query: Query, vector: Vectors | None) -> Matrix:
        """(labels,) float32 scores, about 1 for the right label and 0 for others."""
        buckets, values = _weighted(query, self.idf)
        scores = values @ self.gram_weights[buckets].astype(np.float32)
        if vector is not None and len(self.vector_mean):
            scores = scores + _centred(vector[None, :], self.vector_mean)[0] @ self.vector_weights
        return np.asarray(scores, np.float32)

    def save(self, path: Path) -> None:
        """Write the classifier to one .npz file."""
        np.savez(
            path,
            labels=np.array(self.labels),
            idf=self.idf,
            gram_weights=self.gram_weights.astype(np.float16),
            vector_weights=self.vector_weights,
            vector_mean=self.vector_mean,
        )

    @classmethod
    def load(cls, path: Path) -> ClauseClassifier:
        """The classifier kept in a file; raises OSError, KeyError or ValueError when damaged."""
        with np.load(path, allow_pickle=False) as kept:
            return cls(
                tuple(str(label) for label in kept["labels"]),
                kept["idf"],
                kept["gram_weights"],
                kept["vector_weights"],
                kept["vector_mean"],
            )


def train(
    queries: Sequence[Query],
    vectors: Vectors | None,
    labels: Sequence[str | tuple[str, ...]],
) -> tuple[ClauseClassifier, Matrix]:
    """The classifier, and the (n, labels) leave-one-out scores of its training questions.

    A question has one label, or several that it is an example of at once.
    """
    from scipy import sparse

    held = [{label} if isinstance(label, str) else set(label) for label in labels]
    names = tuple(sorted(set().union(*held)))
    targets = np.array([[name in own for name in names] for own in held], np.float64)
    counts = [hashed_counts(query) for query in queries]
    frequency = np.bincount(np.concatenate([buckets for buckets, _ in counts]), minlength=BUCKETS)
    idf = (np.log((1 + len(queries)) / (1 + frequency)) + 1).astype(np.float32)
    rows = [_weighted(query, idf) for query in queries]
    grams = sparse.csr_matrix(
        (
            np.concatenate([values for _, values in rows]),
            np.concatenate([buckets for buckets, _ in rows]),
            np.cumsum([0, *(len(values) for _, values in rows)]),
        ),
        shape=(len(rows), BUCKETS),
    )
    kernel = (grams @ grams.T).toarray().astype(np.float64)
    mean = np.zeros(0, np.float32) if vectors is None else vectors.mean(axis=0)
    centred = np.zeros((len(rows), 0), np.float32)
    if vectors is not None:
        centred = _centred(vectors, mean)
        kernel += VECTOR_SHARE * (centred @ centred.T)
    inverse = np.linalg.inv(kernel + RIDGE * np.eye(len(rows)))
    dual = inverse @ targets
    left_out = targets - dual / np.diag(inverse)[:, None]
    classifier = ClauseClassifier(
        names,
        idf,
        np.asarray(grams.T @ dual, np.float32),
        (VECTOR_SHARE * centred.T @ dual).astype(np.float32),
        mean,
    )
    return classifier, left_out.astype(np.float32)


def _weighted(query: Query, idf: Matrix) -> tuple[npt.NDArray[np.int32], Matrix]:
    buckets, counts = hashed_counts(query)
    values = counts * idf[buckets]
    norm = float(np.linalg.norm(values))
    return buckets, values / norm if norm else values


def _centred(vectors: Vectors, mean: Matrix) -> Vectors:
    """Unit rows after taking away the mean, which e5 vectors largely share."""
    moved = vectors - mean
    norms = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(
        np.divide(moved, norms, out=np.zeros_like(moved), where=norms > 0), np.float32
    )
