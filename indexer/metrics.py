"""Retrieval metrics of one ranked list: recall@k, reciprocal rank, nDCG@k."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set


def recall_at_k(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """Share of the relevant ids among the first k; 0 to 1."""
    return len(relevant & set(ranked[:k])) / len(relevant) if relevant else 0.0


def success_at_k(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """1 where any relevant id stands among the first k, else 0."""
    return float(not relevant.isdisjoint(ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], relevant: Set[str]) -> float:
    """1 / rank of the first relevant id; 0 where none is listed."""
    return next((1 / rank for rank, id_ in enumerate(ranked, 1) if id_ in relevant), 0.0)


def ndcg_at_k(ranked: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """Discounted gain of the first k over that of the best order (Järvelin, Kekäläinen 2002)."""
    best = _discounted(sorted(gains.values(), reverse=True)[:k])
    return _discounted([gains.get(id_, 0.0) for id_ in ranked[:k]]) / best if best else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
