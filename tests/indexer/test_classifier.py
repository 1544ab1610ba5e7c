"""Which clause a question asks for."""

from pathlib import Path

import numpy as np
import pytest

from indexer import classifier as module
from indexer.classifier import RIDGE, SHARPNESS, VECTOR_SHARE, ClauseClassifier, train
from indexer.encoder import Vectors
from indexer.features import BUCKETS, hashed_counts
from indexer.query import Query

QUESTIONS = [
    ("hồ sơ gồm những gì", "V.1"),
    ("cần giấy tờ nào", "V.1"),
    ("tờ trình hay biên bản", "V.1"),
    ("hồ sơ nộp mấy bộ", "V.2"),
    ("bao nhiêu bộ hồ sơ", "V.2"),
    ("huân chương mấy bộ", "V.2"),
    ("sơ kết tháng mấy", "IV.4"),
    ("khi nào tổng kết", "IV.4"),
    ("phát động ngày nào", "IV.4"),
    ("giá vàng hôm nay", "NONE"),
    ("thời tiết ngày mai", "NONE"),
    ("xin số điện thoại", "NONE"),
]
QUERIES = [Query(tuple(text.split()), ("thêm",) if "hồ" in text else ()) for text, _ in QUESTIONS]
GRAMS = [hashed_counts(query) for query in QUERIES]
LABELS = [label for _, label in QUESTIONS]


def vectors_for(count: int) -> Vectors:
    rows = np.random.default_rng(3).normal(1, 1, (count, 16)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


WITH_AND_WITHOUT_VECTORS = pytest.mark.parametrize(
    "vectors", [vectors_for(len(QUERIES)), None], ids=["vectors", "words alone"]
)


@WITH_AND_WITHOUT_VECTORS
def test_left_out_scores_are_those_of_training_without_the_question(
    vectors: Vectors | None,
) -> None:
    trained, left_out = train(GRAMS, vectors, LABELS)
    features = _features(trained, vectors)
    targets = np.array([[label == name for name in trained.labels] for label in LABELS], float)
    for row in range(len(QUERIES)):
        others = [n for n in range(len(QUERIES)) if n != row]
        kernel = _kernel(features[others], features[others]) + RIDGE * np.eye(len(others))
        dual = np.linalg.solve(kernel, targets[others])
        expected = _kernel(features[[row]], features[others]) @ dual
        np.testing.assert_allclose(left_out[row], expected[0], atol=1e-4)


@WITH_AND_WITHOUT_VECTORS
def test_scores_are_those_of_ridge_regression(vectors: Vectors | None) -> None:
    trained, _ = train(GRAMS, vectors, LABELS)
    features = _features(trained, vectors)
    targets = np.array([[label == name for name in trained.labels] for label in LABELS], float)
    kernel = _kernel(features, features)
    expected = kernel @ np.linalg.solve(kernel + RIDGE * np.eye(len(kernel)), targets)
    for row, query in enumerate(QUERIES):
        found = trained.scores(query, None if vectors is None else vectors[row])
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected[row], atol=1e-4)


def _features(trained: ClauseClassifier, vectors: Vectors | None) -> np.ndarray:
    """Explicit unit rows: n-grams beside centred vectors."""
    rows = np.zeros((len(QUERIES), BUCKETS))
    for row, query in zip(rows, QUERIES, strict=True):
        buckets, counts = hashed_counts(query)
        row[buckets] = counts * trained.idf[buckets]
        row /= np.linalg.norm(row)
    if vectors is None:
        return rows
    centred = vectors - vectors.mean(axis=0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    joined = np.hstack([rows, np.sqrt(VECTOR_SHARE) * centred])
    return joined / np.sqrt(1 + VECTOR_SHARE)


def _kernel(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Grows with the exponential of the rows' dot product; 0 where that is 0."""
    return (np.exp(SHARPNESS * (left @ right.T)) - 1) / (np.exp(SHARPNESS) - 1)


@WITH_AND_WITHOUT_VECTORS
def test_examples_are_recognised(vectors: Vectors | None) -> None:
    trained, _ = train(GRAMS, vectors, LABELS)
    assert trained.labels == ("IV.4", "NONE", "V.1", "V.2")
    for row, (query, label) in enumerate(zip(QUERIES, LABELS, strict=True)):
        scores = trained.scores(query, None if vectors is None else vectors[row])
        assert trained.labels[int(scores.argmax())] == label


def test_same_question_without_marks_scores_nearly_alike() -> None:
    trained, _ = train(GRAMS, None, LABELS)
    bare = trained.scores(Query(("ho", "so", "nop", "may", "bo")), None)
    assert trained.labels[int(bare.argmax())] == "V.2"


@WITH_AND_WITHOUT_VECTORS
def test_kept_classifier_scores_alike(tmp_path: Path, vectors: Vectors | None) -> None:
    trained, _ = train(GRAMS, vectors, LABELS)
    trained.save(tmp_path / "classifier.npz")
    again = ClauseClassifier.load(tmp_path / "classifier.npz")
    assert again.labels == trained.labels
    for row, query in enumerate(QUERIES):
        vector = None if vectors is None else vectors[row]
        np.testing.assert_allclose(
            again.scores(query, vector), trained.scores(query, vector), atol=2e-3
        )


@pytest.mark.parametrize("query", [Query(()), Query(("xyzzy",)), Query(("a",) * 500)])
def test_question_like_no_example_scores_finitely(query: Query) -> None:
    trained, _ = train([*GRAMS, hashed_counts(Query(()))], None, [*LABELS, "NONE"])
    assert np.isfinite(trained.scores(query, None)).all()


@pytest.mark.parametrize("count", [1, 2])
def test_few_examples_are_enough_to_train(count: int) -> None:
    trained, left_out = train(GRAMS[:count], vectors_for(count), LABELS[:count])
    assert left_out.shape == (count, 1)
    assert np.isfinite(trained.scores(QUERIES[0], vectors_for(count)[0])).all()


def test_ngrams_of_marked_and_bare_words_share_buckets_and_words_do_not() -> None:
    marked = set(hashed_counts(Query(("hồ", "sơ")))[0])
    bare = set(hashed_counts(Query(("ho", "so")))[0])
    assert marked & bare
    assert marked - bare
    assert all(0 <= bucket < BUCKETS for bucket in marked)


def test_neither_training_nor_applying_needs_scikit_learn() -> None:
    assert "sklearn" not in Path(module.__file__).read_text(encoding="utf-8")
