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
_Path = tuple["_Path", Syllables] | None  # the readings so far, last first
_Chances = tuple[float, dict[str, float]]


class Restorer:
    """Puts diacritics back, and slips of spelling right, under one syllable model."""

    def __init__(self, model: SyllableModel) -> None:
        self._model = model
        self._speller = Speller(model)
        self._known_chances: dict[str, _Chances] = {}

    def restore(self, tokens: Sequence[str], meanings: Meanings | None = None) -> list[str]:
        """The tokens with their likeliest marks; figures and words nobody knows stay as typed.

        `meanings` gives what a short form of several meanings may stand for; its neighbours
        decide.
        """
        bare_chance = self._bare_chance(tokens)
        best: dict[str, tuple[float, _Path]] = {START: (0.0, None)}
        for token in tokens:
            likeliest = max((score, syllable) for syllable, (score, _) in best.items())
            step: dict[str, tuple[float, _Path]] = {}
            for reading, price in self._readings(token, bare_chance, meanings or {}):
                score, previous = self._arrival(reading[0], best, likeliest)
                score += price + sum(self._transition(*pair) for pair in pairwise(reading))
                if reading[-1] not in step or score > step[reading[-1]][0]:
                    step[reading[-1]] = (score, (best[previous][1], reading))
            best = step
        top = max(score for score, _ in best.values())
        return max(_syllables(path) for score, path in best.values() if score == top)

    def _arrival(
        self, after: str, best: Mapping[str, tuple[float, _Path]], likeliest: tuple[float, str]
    ) -> tuple[float, str]:
        """The best score of a path that goes on with `after`, and the syllable it comes from.

        A syllable that the corpus never has before `after` can only win as the likeliest of all:
        so these need no comparing, and most of them are such.
        """
        rare, common = self._chances(after)
        score, previous = likeliest[0] + rare, likeliest[1]
        fewer, more = (common, best) if len(common) < len(best) else (best, common)
        for before in fewer:
            if before in more:
                found = best[before][0] + common[before]
                if found > score or (found == score and before > previous):
                    score, previous = found, before
        return score, previous

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
        rare, common = self._chances(after)
        return common.get(before, rare)

    def _chances(self, after: str) -> _Chances:
        """The log chance of `after` behind any syllable, and behind those it is seen behind."""
        known = self._known_chances.get(after)
        if known is None:
            known = self._counted(after)
            if after in self._model.unigrams:  # nobody's typing fills the memory
                self._known_chances[after] = known
        return known

    def _counted(self, after: str) -> _Chances:
        model = self._model
        frequency = (model.unigrams.get(after, 0.0) + 0.01) / (model.total + 1)
        unseen = (1 - BIGRAM_SHARE) * frequency
        common = {
            before: math.log(
                BIGRAM_SHARE * (count / (model.unigrams.get(before, 0.0) + 0.5)) + unseen
            )
            for before, count in model.pairs_into.get(after, {}).items()
        }
        return math.log(unseen), common


def _syllables(path: _Path) -> list[str]:
    readings = []
    while path:
        path, reading = path
        readings.append(reading)
    return [syllable for reading in reversed(readings) for syllable in reading]
