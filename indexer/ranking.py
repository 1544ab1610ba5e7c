"""Passage scores and classifier scores -> one ranking of clauses, and how sure it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.candidates import TextScores
from indexer.classifier import Matrix
from indexer.clause_codes import NamedClause
from indexer.examples import is_none
from indexer.fuse import Mask, z_scores
from indexer.lexical import Rows, Scores
from indexer.passages import Passage

TEXT_SHARE = 0.05  # of a text z-score beside classifier scores, which run from about 0 to 1
NAMED_BY_NUMBER = 1.0  # as much as a clause gets that the examples leave no doubt of
TOPIC_LEAD = 0.1  # over the next topic; below it, half of the left-out examples' were wrong
EVIDENCE = ("classifier", "none", "best_none", "margin", "cosine", "coverage")


@dataclass(frozen=True, slots=True)
class Ranking:
    """`scores` of the clauses, higher is better, and the evidence that the first one answers.

    `evidence` holds one number for each name of EVIDENCE. `topic` is what the question would be
    about if the plan did not answer it, "" where that is not clear.
    """

    clauses: tuple[str, ...]
    scores: Scores
    evidence: tuple[float, ...]
    topic: str

    def best(self, count: int) -> list[tuple[str, float]]:
        """The first clauses with their scores, best first; ties in text order."""
        order = np.argsort(-self.scores, kind="stable")[:count]
        return [(self.clauses[place], float(self.scores[place])) for place in order]


class ClauseRanker:
    """Ranks the clauses that passages belong to."""

    def __init__(self, passages: Sequence[Passage], labels: Sequence[str] = ()) -> None:
        self.clauses = tuple(dict.fromkeys(passage.clause for passage in passages))
        place = {clause: number for number, clause in enumerate(self.clauses)}
        self._owners = np.array([place[passage.clause] for passage in passages])
        self._columns = [
            (column, place[label]) for column, label in enumerate(labels) if label in place
        ]
        self._none = [
            (n, label.partition("/")[2]) for n, label in enumerate(labels) if is_none(label)
        ]
        self._has_labels = bool(labels)

    def rank(
        self,
        text: TextScores,
        learned: Matrix | None,
        coverage: float,
        code: NamedClause | None = None,
    ) -> Ranking:
        """Fuse passage scores and the classifier's (None without examples) for one question.

        What the question names by number comes first.
        """
        typical = None if text.among is None else self._held_by(text.rows[text.among])
        scores = z_scores(self._best_of_clause(text.rows, text.fused), typical)
        cosines = self._best_of_clause(text.rows, text.cosines)
        classified = np.zeros_like(scores)
        none, best_none, topic = 0.0, 0.0, ""
        if learned is not None and self._has_labels:
            for column, place in self._columns:
                classified[place] = learned[column]
            none = float(sum(learned[column] for column, _ in self._none))
            if self._none:
                best_none, topic = self._topic(learned)
            scores = classified + TEXT_SHARE * scores
        if code:
            named = self._places_under(code.clauses)
            classified[named] += NAMED_BY_NUMBER
            scores[named] += NAMED_BY_NUMBER
        first, second = (-np.partition(-scores, 1)[:2]) if len(scores) > 1 else (scores[0], 0.0)
        top = int(scores.argmax())
        evidence = (
            float(classified[top]), none, best_none,
            float(first - second), float(cosines[top]), coverage,
        )  # fmt: skip
        return Ranking(self.clauses, scores, evidence, topic)

    def _topic(self, learned: Matrix) -> tuple[float, str]:
        """The best score of a topic outside the plan, and the topic, "" where others come near."""
        ranked = sorted(self._none, key=lambda item: -learned[item[0]])[:2]
        best, second = (float(learned[column]) for column, _ in (ranked * 2)[:2])
        is_clear = len(ranked) == 1 or best - second >= TOPIC_LEAD
        return best, ranked[0][1] if is_clear else ""

    def _places_under(self, named: Sequence[str]) -> list[int]:
        """Where the named clauses stand, or those below them."""
        return [
            place
            for place, clause in enumerate(self.clauses)
            if any(clause == own or clause.startswith((f"{own}.", f"{own}/")) for own in named)
        ]

    def _best_of_clause(self, rows: Rows, scores: Scores) -> Scores:
        """The best score of each clause's passages; the least of all for one without any."""
        best = np.full(len(self.clauses), -np.inf, np.float32)
        np.maximum.at(best, self._owners[rows], scores)
        return np.maximum(best, np.float32(scores.min()))

    def _held_by(self, rows: Rows) -> Mask:
        held = np.zeros(len(self.clauses), bool)
        held[self._owners[rows]] = True
        return held
