"""What the classifier has learned of a clause's bullets, added to the scores of its parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from indexer.classifier import Matrix
from indexer.examples import bullet_label
from indexer.lexical import Scores
from indexer.passages import Passage

LEARNED_SHARE = 6.0  # of a learned score (about 0 to 1) beside a part's sum of two z-scores
WHOLE_CLAUSE_FROM = 0.15  # learned score from which a question is about the clause as a whole


class BulletScores:
    """Joins learned bullet scores to parts, in the passages' order."""

    def __init__(self, passages: Sequence[Passage], labels: Sequence[str]) -> None:
        column = {label: number for number, label in enumerate(labels)}
        owners = [p for p in passages for _ in p.parts]
        self._columns = np.array(
            [column.get(bullet_label(p.clause, p.bullet), -1) for p in owners], np.int64
        )
        self._whole = {p.clause: column.get(bullet_label(p.clause, "*"), -1) for p in passages}
        self._rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, passage in enumerate(owners):
            self._rows[passage.clause].append(row)

    def add(self, parts: Scores, learned: Matrix) -> Scores:
        """The parts' scores with what is learned of their bullets."""
        known = self._columns >= 0
        added = np.where(known, learned[self._columns], 0.0)
        return np.asarray(parts + LEARNED_SHARE * added, np.float32)

    def is_about_whole(self, clause: str, learned: Matrix) -> bool:
        """Whether the question asks for the clause as a whole rather than for one bullet."""
        column = self._whole.get(clause, -1)
        if column < 0 or learned[column] < WHOLE_CLAUSE_FROM:
            return False
        columns = self._columns[self._rows[clause]]
        columns = columns[columns >= 0]
        return not len(columns) or bool(learned[column] > learned[columns].max())
