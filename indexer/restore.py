"""Missing and wrong diacritics put back, by Viterbi over syllable bigrams of the corpus itself.

A typed syllable may stand for every known syllable with the same letters. The path through
these candidates is the likeliest one under the corpus's own bigrams, weighed against how this
question was typed: in a question typed with marks a bare syllable is probably meant bare.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.normalize import has_marks, strip_marks, tokenize

BIGRAM_SHARE = 0.8  # of the transition; the rest is the syllable's own frequency
LEXICON_WEIGHT = 0.05  # a general word counts as much as 1/20 of an occurrence in the corpus
WRONG_MARK = 0.01  # chance that a valid marked syllable was typed with the wrong mark
LEAST_BARE, MOST_BARE = 0.02, 0.95  # bounds of the chance that a mark was left out
MAX_CANDIDATES = 12
START = "^"


@dataclass(frozen=True, slots=True)
class SyllableModel:
    """Counts of syllables and of adjacent pairs ("a b"); what restoration knows of a language."""

    unigrams: dict[str, float]
    bigrams: dict[str, float]
    candidates: dict[str, list[str]] = field(init=False)
    total: float = field(init=False)

    def __post_init__(self) -> None:
        candidates: defaultdict[str, list[str]] = defaultdict(list)
        for syllable in sorted(self.unigrams, key=lambda s: (-self.unigrams[s], s)):
            known = candidates[strip_marks(syllable)]
            if len(known) < MAX_CANDIDATES:
                known.append(syllable)
        object.__setattr__(self, "candidates", dict(candidates))
        object.__setattr__(self, "total", sum(self.unigrams.values()) or 1.0)


def count_syllables(texts: Iterable[str], words: Iterable[str] = ()) -> SyllableModel:
    """The model of a corpus; `words` of general use are added with little weight."""
    unigrams: defaultdict[str, float] = defaultdict(float)
    bigrams: defaultdict[str, float] = defaultdict(float)
    for sequence, weight in _sequences(texts, words):
        for syllable in sequence:
            unigrams[syllable] += weight
        for before, after in pairwise(sequence):
            bigrams[f"{before} {after}"] += weight
    return SyllableModel(dict(unigrams), dict(bigrams))


def _sequences(texts: Iterable[str], words: Iterable[str]) -> Iterable[tuple[list[str], float]]:
    for text in texts:
        tokens = tokenize(text)
        if tokens:
            yield [START, *tokens], 1.0
    for word in words:
        yield tokenize(word), LEXICON_WEIGHT


class Restorer:
    """Puts diacritics back under one syllable model."""

    def __init__(self, model: SyllableModel) -> None:
        self._model = model

    def restore(self, tokens: Sequence[str]) -> list[str]:
        """The tokens with their likeliest marks; figures and unknown words stay as typed."""
        bare_chance = self._bare_chance(tokens)
        best: dict[str, tuple[float, list[str]]] = {START: (0.0, [])}
        for token in tokens:
            step: dict[str, tuple[float, list[str]]] = {}
            for candidate, cost in self._readings(token, bare_chance):
                score, previous = max(
                    (score + self._transition(syllable, candidate), syllable)
                    for syllable, (score, _) in best.items()
                )
                step[candidate] = (score + cost, [*best[previous][1], candidate])
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

    def _readings(self, token: str, bare_chance: float) -> list[tuple[str, float]]:
        """What the token may stand for, with the log chance of its being typed this way."""
        known = self._model.candidates.get(strip_marks(token), [])
        is_known = token in self._model.unigrams
        if has_marks(token):
            change = math.log(WRONG_MARK) if is_known else 0.0
        else:
            change = math.log(bare_chance)
        readings = [(syllable, 0.0 if syllable == token else change) for syllable in known]
        if token not in known:
            readings.append((token, 0.0))
        return readings

    def _transition(self, before: str, after: str) -> float:
        model = self._model
        own = model.unigrams.get(after, 0.0)
        frequency = (own + 0.01) / (model.total + 1)
        pair = model.bigrams.get(f"{before} {after}", 0.0)
        follow = pair / (model.unigrams.get(before, 0.0) + 0.5) if pair else 0.0
        return math.log(BIGRAM_SHARE * follow + (1 - BIGRAM_SHARE) * frequency)
