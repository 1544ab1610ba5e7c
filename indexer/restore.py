"""Missing and wrong diacritics put back, by Viterbi over syllable bigrams of the corpus itself.

A typed syllable may stand for every known syllable with the same letters. The path through
these candidates is the likeliest one under the corpus's own bigrams, weighed against how this
question was typed: in a question typed with marks a bare syllable is probably meant bare.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from indexer.normalize import has_marks, strip_marks
from indexer.spelling import Speller, Syllables
from indexer.syllables import START, SyllableModel

BIGRAM_SHARE = 0.8  # of the transition; the rest is the syllable's own frequency
WRONG_MARK = 0.0003  # chance that a valid marked syllable was typed with the wrong mark
LEAST_BARE, MOST_BARE = 0.02, 0.95  # bounds of the chance that a mark was left out
FOREIGN = math.log(50)  # what an unknown word gains for staying as typed

Meanings = Mapping[str, Sequence[Syllables]]


class Restorer:
    """Puts diacritics back, and slips of spelling right, under one syllable model."""

    def __init__(self, model: SyllableModel) -> None:
        self._model = model
        self._speller = Speller(model)

    def restore(self, tokens: Sequence[str], meanings: Meanings | None = None) -> list[str]:
        """The tokens with their likeliest marks; figures and words nobody knows stay as typed.

        `meanings` gives what a short form of several meanings may stand for; its neighbours
        decide.
        """
        bare_chance = self._bare_chance(tokens)
        best: dict[str, tuple[float, list[str]]] = {START: (0.0, [])}
        for token in tokens:
            step: dict[str, tuple[float, list[str]]] = {}
            for reading, price in self._readings(token, bare_chance, meanings or {}):
                score, previous = max(
                    (score + self._transition(syllable, reading[0]), syllable)
                    for syllable, (score, _) in best.items()
                )
                score += price + sum(self._transition(*pair) for pair in pairwise(reading))
                if reading[-1] not in step or score > step[reading[-1]][0]:
                    step[reading[-1]] = (score, [*best[previous][1], *reading])
            best = step
        return max(best.values())[1]

    def _bare_chance(self, tokens: Sequence[str]) -> float:
        """How probable it is that this writer leaves a mark out."""
        expected = marked = 0
        for token in tokens:
            known = self._model.candidates.get(strip_marks(token))
            if known and has_marks(known[0]):
                expected += 1
                marked += has_marks(token)
        if not expected:
            return MOST_BARE
        return min(MOST_BARE, max(LEAST_BARE, 1 - marked / expected))

    def _readings(
        self, token: str, bare_chance: float, meanings: Meanings
    ) -> list[tuple[Syllables, float]]:
        """What the token may stand for, with the log chance of its being typed this way."""
        if token in meanings:
            return [(meaning, 0.0) for meaning in meanings[token]]
        known = self._model.candidates.get(strip_marks(token), [])
        is_known = token in self._model.unigrams
        if has_marks(token):
            change = math.log(WRONG_MARK) if is_known else 0.0
        else:
            change = math.log(bare_chance)
        readings: list[tuple[Syllables, float]] = [
            ((word,), 0.0 if word == token else change) for word in known
        ]
        if token not in known:
            readings.append(((token,), 0.0 if known else FOREIGN))
        if not known:
            readings += self._speller.readings(token)
        return readings

    def _transition(self, before: str, after: str) -> float:
        model = self._model
        own = model.unigrams.get(after, 0.0)
        frequency = (own + 0.01) / (model.total + 1)
        pair = model.bigrams.get(f"{before} {after}", 0.0)
        follow = pair / (model.unigrams.get(before, 0.0) + 0.5) if pair else 0.0
        return math.log(BIGRAM_SHARE * follow + (1 - BIGRAM_SHARE) * frequency)
