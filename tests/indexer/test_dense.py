"""Exact search over vectors, and scores put on one scale."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from indexer.dense import DenseIndex, best_of_owner
from indexer.encoder import Vectors
from indexer.fuse import z_scores

SCORES = arrays.arrays(
    np.float32, st.integers(1, 30), elements=st.floats(-100, 100, width=32, allow_subnormal=False)
)


def unit_rows(count: int, dimension: int = 8, seed: int = 7) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("count", [1, 2, 100])
def test_scores_are_dot_products(count: int) -> None:
    rows = unit_rows(count)
    index = DenseIndex.build(rows)
    for question in unit_rows(5, seed=1):
        found = index.scores(question)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, rows @ question, atol=1e-6)


def test_equal_texts_score_alike() -> None:
    rows = np.repeat(unit_rows(3), 4, axis=0)
    found = DenseIndex.build(rows).scores(rows[0])
    np.testing.assert_allclose(found[:4], np.ones(4), atol=1e-6)


def test_kept_index_scores_alike(tmp_path: Path) -> None:
    rows = unit_rows(20)
    index = DenseIndex.build(rows)
    index.save(tmp_path / "rows.faiss")
    again = DenseIndex.load(tmp_path / "rows.faiss")
    np.testing.assert_array_equal(again.scores(rows[3]), index.scores(rows[3]))


@pytest.mark.parametrize("content", [b"", b"not an index", b"IxFI"])
def test_damaged_file_is_a_runtime_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rows.faiss").write_bytes(content)
    with pytest.raises(RuntimeError):
        DenseIndex.load(tmp_path / "rows.faiss")


def test_owner_gets_the_best_of_its_rows() -> None:
    scores = np.array([0.1, 0.9, -0.5, 0.3], np.float32)
    owners = np.array([0, 0, 2, 2], np.int32)
    np.testing.assert_allclose(best_of_owner(scores, owners, 4), [0.9, -1.0, 0.3, -1.0])


@given(SCORES)
def test_z_scores_have_mean_0_and_deviation_1_and_keep_the_order(scores: Vectors) -> None:
    found = z_scores(scores)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert float(found.mean()) == pytest.approx(0, abs=1e-3)
    assert float(found.std()) == pytest.approx(1, abs=1e-3) or not found.any()
    assert (np.diff(found[np.argsort(scores, kind="stable")]) >= -1e-6).all()


def test_scores_that_do_not_differ_say_nothing() -> None:
    assert not z_scores(np.full(5, 3.0, np.float32)).any()
    assert not z_scores(np.full(25, 2.6974523, np.float32)).any()  # no sum of these is exact
