"""Counts of a corpus's syllables and of adjacent pairs: what restoration knows of a language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.normalize import strip_marks, tokenize

LEXICON_WEIGHT = 0.05  # a general word counts as much as 1/20 of an occurrence in the corpus
MAX_CANDIDATES = 12
START = "^"


@dataclass(frozen=True, slots=True)
class SyllableModel:
    """Counts of syllables and of adjacent pairs ("a b"); what restoration knows of a language."""

    unigrams: dict[str, float]
    bigrams: dict[str, float]
    candidates: dict[str, list[str]] = field(init=False)
    pairs_into: dict[str, dict[str, float]] = field(init=False)  # after -> before -> count
    total: float = field(init=False)

    def __post_init__(self) -> None:
        candidates: defaultdict[str, list[str]] = defaultdict(list)
        for syllable in sorted(self.unigrams, key=lambda s: (-self.unigrams[s], s)):
            known = candidates[strip_marks(syllable)]
            if len(known) < MAX_CANDIDATES:
                known.append(syllable)
        pairs_into: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for pair, count in self.bigrams.items():
            before, _, after = pair.partition(" ")
            pairs_into[after][before] = count
        object.__setattr__(self, "candidates", dict(candidates))
        object.__setattr__(self, "pairs_into", dict(pairs_into))
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
