"""What the indexer's tests share."""

from __future__ import annotations

import pytest

from indexer.build import WELL_SPELLED
from indexer.examples import load_examples
from indexer.passages import Passage, passages_of
from indexer.query import QueryReader
from indexer.restore import Restorer
from indexer.segment import word_list
from indexer.syllables import count_syllables
from knowledge.plan import Plan


@pytest.fixture(scope="session")
def passages(whole_plan: Plan) -> list[Passage]:
    return passages_of(whole_plan)


@pytest.fixture(scope="session")
def restorer(whole_plan: Plan, passages: list[Passage]) -> Restorer:
    """Taught, as in the index, by the shipped plan's text and its well spelled examples."""
    texts = [f"{passage.context}. {passage.search_text}" for passage in passages]
    texts += [e.question for e in load_examples(whole_plan) if e.style in WELL_SPELLED]
    return Restorer(count_syllables(texts, word_list()))


@pytest.fixture(scope="session")
def reader(whole_plan: Plan, restorer: Restorer) -> QueryReader:
    return QueryReader(whole_plan.vocabulary, restorer)
