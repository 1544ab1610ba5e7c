"""Measures of one ranked list."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from indexer.metrics import ndcg_at_k, recall_at_k, reciprocal_rank, success_at_k

IDS = st.lists(st.sampled_from("abcdefgh"), unique=True)
GAINS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3).map(float), min_size=2)
RANKED = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("k", "recall", "success"), [(1, 0 / 2, 0.0), (2, 1 / 2, 1.0), (3, 1 / 2, 1.0), (4, 2 / 2, 1.0)]
)
def test_recall_counts_the_relevant_and_success_asks_for_one(
    k: int, recall: float, success: float
) -> None:
    assert recall_at_k(RANKED, {"b", "d"}, k) == recall
    assert success_at_k(RANKED, {"b", "d"}, k) == success


@pytest.mark.parametrize(
    ("relevant", "expected"), [({"a"}, 1 / 1), ({"d", "b"}, 1 / 2), ({"x"}, 0.0), (set(), 0.0)]
)
def test_reciprocal_rank_is_of_the_first_relevant(relevant: set[str], expected: float) -> None:
    assert reciprocal_rank(RANKED, relevant) == expected


def test_ndcg_by_hand() -> None:
    gains = {"b": 3.0, "c": 1.0, "x": 2.0}
    found = 0 / math.log2(2) + 3 / math.log2(3) + 1 / math.log2(4)
    best = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert ndcg_at_k(RANKED, gains, 3) == pytest.approx(found / best)


@pytest.mark.parametrize("measure", [recall_at_k, success_at_k])
def test_nothing_relevant_scores_nothing(measure: object) -> None:
    assert measure(RANKED, set(), 3) == 0.0  # type: ignore[operator]
    assert ndcg_at_k(RANKED, {}, 3) == 0.0
    assert ndcg_at_k(RANKED, {"a": 0.0}, 3) == 0.0


@given(GAINS, st.permutations("abcdefgh"), st.integers(1, 8))
def test_ndcg_equals_scikit_learn(gains: dict[str, float], ranked: list[str], k: int) -> None:
    assume(any(gains.values()))
    truth = [[gains.get(id_, 0.0) for id_ in ranked]]
    scores = [[float(-rank) for rank in range(len(ranked))]]
    assert ndcg_at_k(ranked, gains, k) == pytest.approx(ndcg_score(truth, scores, k=k))


@given(IDS, st.sets(st.sampled_from("abcdefgh")), st.integers(1, 8))
def test_deeper_looks_never_find_less(ranked: list[str], relevant: set[str], k: int) -> None:
    assert recall_at_k(ranked, relevant, k) <= recall_at_k(ranked, relevant, k + 1)
    assert success_at_k(ranked, relevant, k) <= success_at_k(ranked, relevant, k + 1)


@given(IDS, GAINS, st.integers(0, 9))
def test_measures_stay_between_0_and_1(ranked: list[str], gains: dict[str, float], k: int) -> None:
    relevant = {id_ for id_, gain in gains.items() if gain}
    for value in (
        recall_at_k(ranked, relevant, k),
        success_at_k(ranked, relevant, k),
        reciprocal_rank(ranked, relevant),
        ndcg_at_k(ranked, gains, k),
    ):
        assert 0 <= value <= 1 + 1e-12
