"""Which words of a clause answer: the best passages, cut to the best sentence where they are long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.lexical import Scores
from indexer.normalize import strip_marks, tokenize
from indexer.passages import Passage, split_sentences

LONG_PASSAGE = 420  # characters; a longer one is cut to its best sentence


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim words of one passage."""

    clause: str
    bullet: int | None
    text: str


def best_quotes(
    passages: Sequence[Passage], fused: Scores, clause: str, words: Sequence[str], count: int = 1
) -> list[Quote]:
    """The clause's best passages for the question, best first; `words` are the question's."""
    own = [number for number, passage in enumerate(passages) if passage.clause == clause]
    order = sorted(own, key=lambda number: -float(fused[number]))[:count]
    return [
        Quote(clause, passages[n].bullet, cut_to_answer(passages[n].text, words)) for n in order
    ]


def cut_to_answer(text: str, words: Sequence[str]) -> str:
    """The text, or of a long one the sentence that shares most with the question."""
    if len(text) <= LONG_PASSAGE:
        return text
    sentences = split_sentences(text)
    wanted = {strip_marks(word) for word in words if len(word) > 1}
    shares = [
        sum(strip_marks(token) in wanted for token in set(tokenize(sentence)))
        / (len(set(tokenize(sentence))) ** 0.5 + 1)
        for sentence in sentences
    ]
    return sentences[int(np.argmax(shares))]
