"""Scores on different scales -> one score: the sum of z-scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexer.lexical import Scores

SAME = 1e-6  # scores that differ by less differ by rounding alone
Mask = npt.NDArray[np.bool_]


def z_scores(scores: Scores, among: Mask | None = None) -> Scores:
    """The scores with mean 0 and deviation 1; all 0 where they do not differ.

    `among` tells which scores stand for all, where others were picked for being high.
    """
    exact = scores.astype(np.float64)
    typical = exact if among is None else exact[among]
    mean = float(typical.mean())
    away = typical - mean
    deviation = float(np.sqrt(away @ away / len(away)))
    if deviation < SAME:
        return np.zeros_like(scores)
    return np.asarray((exact - mean) / deviation, np.float32)
