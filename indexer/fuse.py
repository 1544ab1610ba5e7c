"""Scores on different scales -> one score: the sum of z-scores."""

from __future__ import annotations

import numpy as np

from indexer.lexical import Scores


def z_scores(scores: Scores) -> Scores:
    """The scores with mean 0 and deviation 1; all 0 where they do not differ."""
    deviation = float(scores.std())
    if deviation < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / deviation, np.float32)
