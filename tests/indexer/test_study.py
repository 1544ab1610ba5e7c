"""Example questions read and counted beside the encoder's work."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.encoder import Encoder
from indexer.examples import load_examples
from indexer.features import hashed_counts
from indexer.lexical import lexical_tokens
from indexer.search import Searcher
from indexer.study import study
from indexer.text_index import BATCH
from knowledge.plan import Plan


@pytest.mark.parametrize("count", [1, BATCH, BATCH + 1, 3 * BATCH - 1])
def test_questions_keep_their_order_and_get_what_each_gets_alone(
    whole_plan: Plan, searcher: Searcher, keywords: Encoder, count: int
) -> None:
    asked = [example.question for example in load_examples(whole_plan)[:count]]
    done: list[int] = []
    studied, vectors = study(asked, searcher.reader, keywords, done.append)
    assert [question.query for question in studied] == [searcher.read(text) for text in asked]
    for question in studied:
        assert question.tokens == lexical_tokens(question.query.full_text)
        for counted, alone in zip(question.grams, hashed_counts(question.query), strict=True):
            np.testing.assert_array_equal(counted, alone)
    texts = [question.query.full_text for question in studied]
    assert vectors is not None
    np.testing.assert_array_equal(vectors, keywords.encode_query(texts))
    assert sum(done) == count
    assert max(done) <= BATCH


def test_without_an_encoder_there_are_no_vectors(searcher: Searcher) -> None:
    studied, vectors = study(["xã được khen gì", "nộp ở đâu"], searcher.reader, None, [].append)
    assert len(studied) == 2
    assert vectors is None
