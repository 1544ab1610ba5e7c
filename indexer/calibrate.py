"""How sure an answer may be: chances fitted on left-out examples."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from indexer.classifier import Matrix
from indexer.encoder import Vectors
from indexer.examples import is_none
from indexer.passages import Passage
from indexer.ranking import EVIDENCE, ClauseRanker
from indexer.study import StudiedQuestion
from indexer.text_index import TextIndex

ANSWERS_REFUSED = 0.005  # share of answerable questions that the answer threshold may turn away


@dataclass(frozen=True, slots=True)
class Chance:
    """Logistic weights over EVIDENCE."""

    weights: tuple[float, ...]
    bias: float

    def of(self, evidence: Sequence[float]) -> float:
        """The chance, 0 to 1."""
        total = self.bias + sum(w * x for w, x in zip(self.weights, evidence, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """The chances that the first clause answers (`right`) and that any does (`answerable`).

    Search answers from an answerable chance of `answer_from`; below it, but at or above
    `offer_from`, headings are offered instead.
    """

    right: Chance
    answerable: Chance
    answer_from: float
    offer_from: float

    def to_json(self) -> str:
        """The calibration as JSON text."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> Calibration:
        """The calibration kept as JSON text; raises ValueError, KeyError or TypeError."""
        raw = json.loads(text)
        chances = {}
        for name in ("right", "answerable"):
            kept = raw[name]
            if len(kept["weights"]) != len(EVIDENCE):
                raise ValueError("calibration of another kind")
            chances[name] = Chance(tuple(kept["weights"]), kept["bias"])
        return cls(**{**raw, **chances})


def untrained(has_vectors: bool) -> Calibration:
    """For a plan without example questions: meaning and words both have to match well.

    Without vectors the words alone have to; fitted on a plan whose examples were left out.
    """
    chance = Chance((0.0, 0.0, 0.0, 1.3, 0.0, 5.0), -4.9)
    if has_vectors:
        chance = Chance((0.0, 0.0, 0.0, 1.5, 40.0, 6.0), -40.0)
    return Calibration(chance, chance, 0.5, 0.2)


def calibrate(
    index: TextIndex,
    passages: Sequence[Passage],
    labels: Sequence[str],
    left_out: Matrix,
    questions: Sequence[StudiedQuestion],
    vectors: Vectors | None,
    expected: Sequence[str],
) -> Calibration:
    """Fit on the examples, each scored by a classifier that has not seen it."""
    evidence, is_right = left_out_trials(
        index, passages, labels, left_out, questions, vectors, expected
    )
    is_answerable = [not is_none(label) for label in expected]
    if len(set(is_right)) < 2 or len(set(is_answerable)) < 2:
        return untrained(vectors is not None)
    answerable = fit(evidence, is_answerable)
    chances = [
        answerable.of(row)
        for row, is_asked in zip(evidence, is_answerable, strict=True)
        if is_asked
    ]
    answer_from = float(np.quantile(chances, ANSWERS_REFUSED))
    return Calibration(fit(evidence, is_right), answerable, answer_from, answer_from / 2)


def left_out_trials(
    index: TextIndex,
    passages: Sequence[Passage],
    labels: Sequence[str],
    left_out: Matrix,
    questions: Sequence[StudiedQuestion],
    vectors: Vectors | None,
    expected: Sequence[str],
) -> tuple[list[tuple[float, ...]], list[bool]]:
    """Each question's evidence, and whether its first clause is the expected one."""
    ranker = ClauseRanker(passages, labels)
    evidence, is_right = [], []
    for number, question in enumerate(questions):
        text = index.scores(question.tokens, None if vectors is None else vectors[number])
        coverage = index.coverage(question.query.tokens)
        ranking = ranker.rank(text, left_out[number], coverage, question.query.code)
        evidence.append(ranking.evidence)
        is_right.append(ranking.best(1)[0][0] == expected[number])
    return evidence, is_right


def fit(evidence: Sequence[Sequence[float]], outcome: Sequence[bool]) -> Chance:
    """The chance of an outcome of two kinds, given the evidence for each."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10.0, max_iter=2000).fit(np.array(evidence), np.array(outcome))
    return Chance(tuple(float(weight) for weight in model.coef_[0]), float(model.intercept_[0]))
