"""Large indexes, tried on small ones: thresholds are lowered, nothing else differs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from indexer import candidates, dense, lexical, text_index
from indexer.encoder import Encoder
from indexer.fuse import z_scores
from indexer.generated import SyllableEncoder, generate, question_of, tokeniser
from indexer.lexical import LexicalIndex
from indexer.passages import Passage
from indexer.search import Searcher
from indexer.syllables import count_syllables
from indexer.text_index import TextIndex
from knowledge.plan import Plan

SIZE = 900
RANKS = 10


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A function that makes indexes of more than so many passages count as large."""

    def lower(exact_up_to: int) -> None:
        for module in (dense, text_index):
            monkeypatch.setattr(module, "EXACT_UP_TO", exact_up_to)
        monkeypatch.setattr(candidates, "SAMPLED", SIZE // 3)
        monkeypatch.setattr(candidates, "CANDIDATES", 60)
        monkeypatch.setattr(lexical, "MOST_READ", SIZE)

    return lower


@pytest.fixture(scope="module")
def corpus(whole_plan: Plan) -> tuple[list[Passage], SyllableEncoder]:
    model = count_syllables([whole_plan.flat_text])
    return generate(model, SIZE), SyllableEncoder(model)


def _asked(passages: list[Passage], encoder: SyllableEncoder) -> list[tuple[list[str], np.ndarray]]:
    chance, tokenise = np.random.default_rng(3), tokeniser([])
    questions = [question_of(passages[n].text, chance) for n in range(0, SIZE, 30)]
    return [(tokenise(q), encoder.encode_query([q])[0]) for q in questions]


def test_a_large_index_finds_what_an_exact_one_finds(
    corpus: tuple[list[Passage], SyllableEncoder], large: Callable[[int], None], tmp_path: Path
) -> None:
    passages, encoder = corpus
    exact = TextIndex.build(passages, encoder, tokenise=tokeniser([]))
    large(SIZE // 2)
    TextIndex.build(passages, encoder, tokenise=tokeniser([])).save(tmp_path)
    index = TextIndex.load(tmp_path, SIZE, has_vectors=True)
    found, near, slopes = [], [], []
    for tokens, vector in _asked(passages, encoder):
        for question in (vector, None):
            wanted, got = exact.scores(tokens, question), index.scores(tokens, question)
            assert len(got.rows) < SIZE
            found.append(_shared(wanted.first(RANKS), got.first(RANKS)))
            np.testing.assert_allclose(got.cosines, wanted.cosines[got.rows], atol=2e-3)
            slopes.append(np.polyfit(wanted.fused[got.rows], got.fused, 1)[0])
        near.append(_shared(exact.nearest(vector, RANKS), index.nearest(vector, RANKS)))
    assert np.mean(found) >= 0.97
    assert np.mean(near) >= 0.97
    assert 0.9 < np.median(slopes) < 1.1  # a third of the passages stands for all of them


def test_questions_asked_at_once_get_what_each_gets_alone(
    corpus: tuple[list[Passage], SyllableEncoder], large: Callable[[int], None], tmp_path: Path
) -> None:
    passages, encoder = corpus
    large(SIZE // 2)
    TextIndex.build(passages, encoder, tokenise=tokeniser([])).save(tmp_path)
    index = TextIndex.load(tmp_path, SIZE, has_vectors=True)
    asked = _asked(passages, encoder)
    alone = [index.scores(*question).fused for question in asked]
    with ThreadPoolExecutor(8) as threads:
        at_once = list(threads.map(lambda question: index.scores(*question).fused, asked))
    for one, other in zip(alone, at_once, strict=True):
        np.testing.assert_array_equal(one, other)


def _shared(wanted: list[int], found: list[int]) -> float:
    return len(set(wanted) & set(found)) / len(wanted)


def test_best_words_of_few_postings_are_those_of_all(
    corpus: tuple[list[Passage], SyllableEncoder], large: Callable[[int], None]
) -> None:
    passages, encoder = corpus
    index = LexicalIndex.build([p.text for p in passages], tokeniser([]))
    large(0)
    for tokens, _ in _asked(passages, encoder):
        scores = index.scores(tokens)
        best = index.best(tokens, 5)
        assert list(best) == sorted(set(best))
        assert scores[best].max() == scores.max()
        np.testing.assert_allclose(index.scores_of(tokens, best), scores[best], rtol=1e-5)
    assert len(index.best(["unheard"], 5)) == 0
    assert index.scores_of(["unheard"], np.array([0, 4])).tolist() == [0, 0]


def test_a_part_keeps_the_scores_of_the_whole(
    corpus: tuple[list[Passage], SyllableEncoder], tmp_path: Path
) -> None:
    passages, encoder = corpus
    index = LexicalIndex.build([p.text for p in passages], tokeniser([]))
    rows = np.array([3, 5, 400, 899])
    index.part(rows).save_part(tmp_path / "part.npz")
    part = index.load_part(tmp_path / "part.npz", len(rows))
    for tokens, _ in _asked(passages, encoder):
        np.testing.assert_allclose(part.scores(tokens), index.scores(tokens)[rows], rtol=1e-5)


def test_a_plan_of_a_large_index_is_answered_alike(
    tiny_plan: Plan, keywords: Encoder, large: Callable[[int], None], tmp_path: Path
) -> None:
    question = "xã sửa bao nhiêu căn nhà thì được giấy khen"
    exact = Searcher.open(tiny_plan, keywords, tmp_path / "exact").search(question)
    large(0)
    result = Searcher.open(tiny_plan, keywords, tmp_path / "large").search(question)
    assert [hit.clause for hit in result.hits] == [hit.clause for hit in exact.hits]
    assert result.hits[0].quotes == exact.hits[0].quotes
    assert result.outcome == exact.outcome


def test_z_scores_among_some_use_their_mean_and_deviation_for_all() -> None:
    scores = np.array([1, 3, 100], np.float32)
    among = np.array([True, True, False])
    np.testing.assert_allclose(z_scores(scores, among), [-1, 1, 98])
