"""The generated corpus and the measures over it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexer.benchmark import measure_cost
from indexer.generated import SYLLABLES, SyllableEncoder, generate, tokeniser
from indexer.syllables import count_syllables

MODEL = count_syllables(
    ["hộ nghèo nộp hồ sơ tại xã", "hồ sơ gồm tờ trình và danh sách hộ nghèo", "xã nộp hồ sơ"]
)


def test_passages_are_made_of_the_corpus_and_the_same_every_time() -> None:
    passages = generate(MODEL, 60)
    assert passages == generate(MODEL, 60)
    assert passages != generate(MODEL, 60, seed=1)
    assert len({passage.clause for passage in passages}) == 60
    for passage in passages:
        syllables = passage.text.split()
        assert len(syllables) == SYLLABLES
        assert set(syllables) <= set(MODEL.unigrams) - {"^"}


def test_vectors_are_unit_rows_that_tell_near_from_far() -> None:
    encoder = SyllableEncoder()
    near, same, far = encoder.encode_document(["hộ nghèo xã", "xã hộ nghèo", "tờ trình danh sách"])
    np.testing.assert_allclose(np.linalg.norm([near, same, far], axis=1), 1, atol=1e-5)
    assert near @ same > 0.999
    assert 0.5 < near @ far < 0.95
    assert encoder.encode_document([]).shape == (0, encoder.dimension)


def test_search_finds_what_exact_search_finds() -> None:
    cost = measure_cost(MODEL, ["hồ sơ", "tờ trình"], 200)
    assert cost.passages == 200
    assert cost.recall == cost.dense_recall == 1
    assert 0 < cost.p50_ms <= cost.p95_ms
    assert cost.bytes_a_passage > 2 * 4 * 384  # two vectors a passage, at least


def test_an_index_that_was_kept_is_measured_again_without_being_built(tmp_path: Path) -> None:
    first = measure_cost(MODEL, [], 50, tmp_path)
    again = measure_cost(MODEL, [], 50, tmp_path)
    assert again.build_seconds == first.build_seconds
    assert again.bytes_a_passage == first.bytes_a_passage


def test_tokens_are_syllables_listed_words_and_pairs() -> None:
    tokens = tokeniser(["hồ sơ", "xã"])
    assert tokens("nộp hồ sơ xã") == [
        *("nộp", "hồ", "sơ", "xã"),
        "hồ_sơ",
        *("nộp+hồ_sơ", "hồ_sơ+xã"),
    ]


def test_rare_syllables_weigh_more() -> None:
    encoder = SyllableEncoder(count_syllables(["xã " * 50 + "hộ"]))
    mixed, rare, frequent = encoder.encode_document(["xã hộ", "hộ", "xã"])
    assert mixed @ rare > mixed @ frequent
