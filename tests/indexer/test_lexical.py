"""BM25 over syllables, words and pairs."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.lexical import K1, B, LexicalIndex, lexical_tokens
from indexer.passages import Passage

TEXTS = [
    "hộ nghèo nộp hồ sơ",
    "hồ sơ gồm tờ trình, danh sách; hồ sơ nộp 02 bộ",
    "bằng khen của Thủ tướng Chính phủ",
    "giấy khen của chủ tịch xã",
]
QUESTIONS = ["hồ sơ", "hồ sơ hồ sơ hộ nghèo", "khen của ai", "Thủ tướng", "xyz", "xyz nghèo", ""]


def plain_bm25(texts: Sequence[str], question: str) -> list[float]:
    """Robertson's BM25 with Lucene's idf, written out."""
    bags = [lexical_tokens(text) for text in texts]
    average = sum(map(len, bags)) / len(bags)
    scores = []
    for bag in bags:
        score = 0.0
        for token in lexical_tokens(question):
            holding = sum(token in other for other in bags)
            idf = math.log(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
            count = bag.count(token)
            score += idf * count / (count + K1 * (1 - B + B * len(bag) / average))
        scores.append(score)
    return scores


@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_are_bm25(question: str) -> None:
    found = LexicalIndex.build(TEXTS).scores(lexical_tokens(question))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, plain_bm25(TEXTS, question), atol=1e-3)


def test_scores_are_bm25_on_the_plan(passages: list[Passage]) -> None:
    texts = [passage.search_text for passage in passages]
    index = LexicalIndex.build(texts)
    for question in ("hồ sơ bằng khen của Thủ tướng Chính phủ", "hộ cận nghèo giảm 50%"):
        found = index.scores(lexical_tokens(question))
        np.testing.assert_allclose(found, plain_bm25(texts, question), atol=1e-3)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(list("abcdxy")), min_size=1).map(" ".join), min_size=1),
    st.lists(st.sampled_from(list("abcdz"))).map(" ".join),
)
def test_scores_are_bm25_on_any_corpus(texts: list[str], question: str) -> None:
    found = LexicalIndex.build(texts).scores(lexical_tokens(question))
    np.testing.assert_allclose(found, plain_bm25(texts, question), atol=1e-3)


def test_tokens_are_syllables_then_longer_words_then_pairs() -> None:
    expected = ["nông", "dân", "nghèo", "nông_dân", "nông_dân+nghèo"]
    assert lexical_tokens("Nông dân nghèo") == expected
    assert lexical_tokens("") == []


def test_words_that_stand_together_count_more() -> None:
    index = LexicalIndex.build(["nông dân được khen", "dân vùng nông thôn được khen"])
    together, apart = index.scores(lexical_tokens("nông dân"))
    assert together > apart > 0


def test_unknown_words_score_nothing() -> None:
    index = LexicalIndex.build(TEXTS)
    assert not index.scores(["không", "có", "trong", "đây"]).any()
    assert index.knows("hồ")
    assert not index.knows("có")


def test_kept_index_scores_alike(tmp_path: Path) -> None:
    index = LexicalIndex.build(TEXTS)
    index.save(tmp_path / "bm25")
    again = LexicalIndex.load(tmp_path / "bm25", len(TEXTS))
    for question in QUESTIONS:
        tokens = lexical_tokens(question)
        np.testing.assert_array_equal(again.scores(tokens), index.scores(tokens))


def test_folder_without_an_index_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        LexicalIndex.load(tmp_path, 1)
