"""Scores of clauses and of topics outside the plan -> one ranking."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.candidates import TextScores
from indexer.passages import Passage
from indexer.ranking import TOPIC_LEAD, ClauseRanker


def passage(clause: str) -> Passage:
    return Passage(clause, 1, f"chữ của {clause}", "", f"chữ của {clause}")


PASSAGES = [passage("I"), passage("II")]
TEXT = TextScores(*(np.arange(2), *(np.zeros(2, np.float32) for _ in range(3))))


@pytest.mark.parametrize(
    ("scores", "topic"),
    [
        ({"NONE/money": 0.5, "NONE/form": 0.1}, "money"),
        ({"NONE/money": 0.1, "NONE/form": 0.1 + TOPIC_LEAD + 0.01}, "form"),
        ({"NONE/money": 0.5, "NONE/form": 0.45}, ""),
        ({"NONE/money": 0.1}, "money"),
        ({"NONE": 0.4, "NONE/form": 0.1}, ""),
        ({}, ""),
    ],
)
def test_a_topic_is_named_where_no_other_comes_near(scores: dict[str, float], topic: str) -> None:
    labels = ("I", *scores)
    learned = np.array([0.2, *scores.values()], np.float32)
    assert ClauseRanker(PASSAGES, labels).rank(TEXT, learned, 1.0).topic == topic
