"""Which of a clause's words answer a question: its best sentence, a near tie, or the whole list."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indexer.lexical import Scores
from indexer.passages import Passage, cut, split_sentences
from knowledge.yaml_reader import DataModel, read_yaml

LONG_PASSAGE = 420  # characters; of a longer one the answer quotes the best sentence alone
NEAR_TIE = 0.6  # sentence scores (sums of z-scores) this near are both quoted
CLEAR_LEAD = 8.0  # a sentence this far ahead answers even a question for a whole list
OPENING_HANDICAP = 3.0  # a heading repeats what is asked about more often than it answers
LONGEST_LIST = 8
_QUESTION_WORDS = Path(__file__).with_name("question_words.yaml")


class QuestionWords(DataModel):
    """question_words.yaml."""

    whole_list: list[str]


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim words of one passage; `bullet` is None for a heading or lead-in."""

    clause: str
    bullet: int | None
    text: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A searched part: its passage's number, and the verbatim sentence that it belongs to."""

    passage: int
    sentence: str


class QuotePicker:
    """Picks quotes out of clauses by the scores of their parts."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._parts = [
            _Part(number, sentence)
            for number, passage in enumerate(passages)
            for sentence in _sentence_of_parts(passage)
        ]
        self._rows: dict[str, list[int]] = {}
        for row, part in enumerate(self._parts):
            self._rows.setdefault(passages[part.passage].clause, []).append(row)

    def pick(self, clause: str, scores: Scores, wants_list: bool) -> list[Quote]:
        """The quotes of a clause: the best, a near tie, or in text order the whole list.

        `scores` has one score a part, in the passages' order. A heading that wins is about the
        whole clause, so its list goes with it.
        """
        ranked = sorted(self._rows[clause], key=lambda row: -self._score(row, scores))
        best = ranked[0]
        rivals = [row for row in ranked if self._parts[row] != self._parts[best]]
        lead = self._score(best, scores) - self._score(rivals[0], scores) if rivals else math.inf
        items = self._items(clause)
        if len(items) <= LONGEST_LIST:
            if self._is_opening(best):
                return [self._quote(best), *map(self._whole, items)]
            if wants_list and lead < CLEAR_LEAD:
                return [self._whole(number) for number in items]
        rows = [best, *rivals[:1]] if lead < NEAR_TIE else [best]
        return list(dict.fromkeys(self._quote(row) for row in rows))

    def _items(self, clause: str) -> list[int]:
        numbers = dict.fromkeys(self._parts[row].passage for row in self._rows[clause])
        return [number for number in numbers if self._passages[number].bullet is not None]

    def _score(self, row: int, scores: Scores) -> float:
        return float(scores[row]) - (OPENING_HANDICAP if self._is_opening(row) else 0.0)

    def _is_opening(self, row: int) -> bool:
        return self._passages[self._parts[row].passage].bullet is None

    def _quote(self, row: int) -> Quote:
        part = self._parts[row]
        passage = self._passages[part.passage]
        if len(passage.text) <= LONG_PASSAGE:
            return self._whole(part.passage)
        return Quote(passage.clause, passage.bullet, part.sentence)

    def _whole(self, number: int) -> Quote:
        passage = self._passages[number]
        return Quote(passage.clause, passage.bullet, passage.text)


def _sentence_of_parts(passage: Passage) -> list[str]:
    """The verbatim sentence behind each part; the whole text where mending moved their ends."""
    sentences = [piece for piece in split_sentences(passage.text) for _ in cut(piece)]
    count = len(passage.parts)
    return sentences if len(sentences) == count else [passage.text] * count


def asks_for_list(tokens: Sequence[str]) -> bool:
    """Whether a question asks for all of something rather than for one thing."""
    return _list_words()(f" {' '.join(tokens)} ")


@cache
def _list_words() -> Callable[[str], bool]:
    phrases = [f" {phrase} " for phrase in read_yaml(_QUESTION_WORDS, QuestionWords).whole_list]
    return lambda line: any(phrase in line for phrase in phrases)
