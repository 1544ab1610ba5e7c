"""Generated passages with vectors, for measuring what an index costs as it grows.

Passages are walks over a corpus's own syllable pairs, coloured by a topic. Their vectors are sums
of one random vector a syllable, rare ones weighing more, around a common mean. What was copied is
how multilingual-e5-small places 3,037 questions about one plan: unrelated texts have a cosine of
about 0.8; around the mean, variances along the main directions fall off about as the rank to the
power of -1.2 (participation ratio 59, here 64), cosines deviate by 0.129 (here 0.123), and the
nearest text has a median cosine of 0.64 (here 0.64). Its intrinsic dimension (TwoNN) is 9, here 19:
generated passages are harder to search than real ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.encoder import Vectors
from indexer.passages import Passage
from indexer.syllables import START, SyllableModel

SYLLABLES, QUESTION_SYLLABLES = 40, 8  # of a passage; of a question cut from one
TOPIC_SYLLABLES, TOPIC_SHARE = 30, 0.6  # of a topic; of a passage that its topic colours
PASSAGES_A_TOPIC = 50
_MEAN_SHARE = 0.8  # cosine of two unrelated texts
_RARE = 1e-3  # share of a corpus at which a syllable weighs half
_FALL, _FLAT = 1.2, 5  # variances go down as (rank + _FLAT) to the power of -_FALL

Numbers = npt.NDArray[np.int32]


class SyllableEncoder:
    """Vectors from syllables alone: quick, the same every time, and near for near texts."""

    name = "syllables"

    def __init__(self, model: SyllableModel | None = None, dimension: int = 384) -> None:
        self.dimension = dimension
        self._model = model
        self._number: dict[str, int] = {}
        self._rows: list[Vectors] = []
        self._scale = (np.arange(dimension) + 1.0 + _FLAT) ** (-_FALL / 2)
        self._mean = np.sqrt(_MEAN_SHARE) * _units(self._new("")[None, :])

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length."""
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length."""
        from scipy import sparse

        words = [[self._known(syllable) for syllable in text.split()] for text in texts]
        starts = np.cumsum([0, *map(len, words)])
        numbers = np.array([number for row in words for number in row], np.int32)
        counts = sparse.csr_matrix(
            (np.ones(len(numbers), np.float32), numbers, starts),
            shape=(len(texts), len(self._rows)),
        )
        table = np.array(self._rows, np.float32).reshape(-1, self.dimension)
        own = np.sqrt(1 - _MEAN_SHARE) * _units(counts @ table)
        return _units(self._mean + own).astype(np.float32)

    def _known(self, syllable: str) -> int:
        if syllable not in self._number:
            self._number[syllable] = len(self._rows)
            self._rows.append(self._new(syllable))
        return self._number[syllable]

    def _new(self, syllable: str) -> Vectors:
        generator = np.random.default_rng(zlib.crc32(syllable.encode()))
        row = generator.normal(size=self.dimension) * self._scale
        if self._model and syllable:
            share = self._model.unigrams.get(syllable, 0.0) / self._model.total
            row *= _RARE / (_RARE + share)
        return row.astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Walker:
    """Draws what follows syllables: each one's followers take up one unit of `cumulated`."""

    cumulated: npt.NDArray[np.float64]
    follower: Numbers
    ends: Numbers  # where a syllable's followers end

    def step(self, numbers: Numbers, chances: npt.NDArray[np.float64]) -> Numbers:
        """One follower for each syllable."""
        found = np.searchsorted(self.cumulated, numbers + chances, side="right")
        return self.follower[np.minimum(found, self.ends[numbers] - 1)]


def generate(model: SyllableModel, count: int, seed: int = 0) -> list[Passage]:
    """Passages made of the model's syllables; the same ones for the same seed."""
    known = sorted({*model.unigrams, START})
    walker, is_last = _walker(model, known)
    chance = np.random.default_rng(seed)
    start = known.index(START)
    real = np.array([n for n, syllable in enumerate(known) if syllable != START], np.int32)
    topics = chance.choice(real, size=(max(1, count // PASSAGES_A_TOPIC), TOPIC_SYLLABLES))
    topic = chance.integers(len(topics), size=count)
    at = np.full(count, start, np.int32)
    columns = []
    for _ in range(SYLLABLES):
        at = walker.step(np.where(is_last[at], np.int32(start), at), chance.random(count))
        coloured = chance.random(count) < TOPIC_SHARE
        own = topics[topic, chance.integers(TOPIC_SYLLABLES, size=count)]
        at = np.where(coloured, own, at)
        columns.append(at)
    texts = (" ".join(known[n] for n in row) for row in np.stack(columns, axis=1).tolist())
    return [Passage(str(n), None, text, text, "") for n, text in enumerate(texts)]


def question_of(text: str, chance: np.random.Generator) -> str:
    """Some syllables of a generated passage that follow each other."""
    syllables = text.split()
    start = int(chance.integers(len(syllables) - QUESTION_SYLLABLES + 1))
    return " ".join(syllables[start : start + QUESTION_SYLLABLES])


def tokeniser(words: Sequence[str]) -> Callable[[str], list[str]]:
    """What BM25 counts in a text, as lexical_tokens, with the longest words of a list for words.

    A million generated passages take underthesea most of an hour, and say nothing of it.
    """
    listed = {word for word in words if " " in word}

    def tokens(text: str) -> list[str]:
        syllables = text.split()
        segmented, place = [], 0
        while place < len(syllables):
            pair = " ".join(syllables[place : place + 2])
            is_word = pair in listed
            segmented.append(pair.replace(" ", "_") if is_word else syllables[place])
            place += 2 if is_word else 1
        longer = [word for word in segmented if "_" in word]
        pairs = [f"{left}+{right}" for left, right in pairwise(segmented)]
        return syllables + longer + pairs

    return tokens


def _walker(model: SyllableModel, known: Sequence[str]) -> tuple[_Walker, npt.NDArray[np.bool_]]:
    """The walker, and which syllables nothing follows."""
    number = {syllable: n for n, syllable in enumerate(known)}
    pairs = sorted(
        (number[before], number[after], count)
        for after, befores in model.pairs_into.items()
        for before, count in befores.items()
    )
    befores = np.array([before for before, _, _ in pairs], np.int32)
    weights = np.array([count for _, _, count in pairs])
    totals = np.bincount(befores, weights, len(known))
    starts = np.searchsorted(befores, np.arange(len(known)))
    ends = np.searchsorted(befores, np.arange(len(known)), side="right").astype(np.int32)
    running = np.cumsum(weights)
    base = np.concatenate([[0.0], running])[starts]
    cumulated = befores + (running - base[befores]) / totals[befores]
    follower = np.array([after for _, after, _ in pairs], np.int32)
    return _Walker(cumulated, follower, ends), ends == starts


def _units(rows: Vectors) -> Vectors:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    units: Vectors = rows / np.maximum(norms, 1e-9)
    return units
