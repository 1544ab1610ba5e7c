"""Scores on different scales -> one score: the sum of z-scores."""

from __future__ import annotations

import numpy as np

from indexer.lexical import Scores

SAME = 1e-6  # scores that differ by less differ by rounding alone


def z_scores(scores: Scores) -> Scores:
    """The scores with mean 0 and deviation 1; all 0 where they do not differ."""
    exact = scores.astype(np.float64)
    deviation = float(exact.std())
    if deviation < SAME:
        return np.zeros_like(scores)
    return np.asarray((exact - exact.mean()) / deviation, np.float32)
