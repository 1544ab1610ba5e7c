"""What the text index costs as it grows, on generated passages.

Passages are walks over a corpus's own syllable pairs, coloured by a topic. Their vectors are sums
of one random vector a syllable around a common mean, as those of real encoders lie: passages of
one topic are near each other, and a question cut from a passage is near that passage.
"""

from __future__ import annotations

import random
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

from indexer.encoder import Vectors
from indexer.lexical import Scores, lexical_tokens
from indexer.passages import Passage
from indexer.syllables import START, SyllableModel
from indexer.text_index import TextIndex

SYLLABLES, QUESTION_SYLLABLES = 40, 8  # of a passage; of a question cut from one
TOPIC_SYLLABLES, TOPIC_SHARE = 30, 0.2  # of a topic; of a passage that its topic colours
PASSAGES_A_TOPIC = 50
QUESTIONS = 200
RANKS = 10
_MEAN_SHARE = 0.8  # cosine of two unrelated texts, about that of multilingual-e5


class SyllableEncoder:
    """Vectors from syllables alone: quick, the same every time, and near for near texts."""

    name = "syllables"

    def __init__(self, dimension: int = 384) -> None:
        self.dimension = dimension
        self._rows: dict[str, Vectors] = {}
        self._mean = np.sqrt(_MEAN_SHARE) * _unit(self._row(""))

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length."""
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of unit length."""
        rows = [_unit(self._mean + self._own(text)) for text in texts]
        return np.vstack(rows) if rows else np.zeros((0, self.dimension), np.float32)

    def _own(self, text: str) -> Vectors:
        total = np.sum([self._row(syllable) for syllable in text.split()], axis=0)
        own: Vectors = np.sqrt(1 - _MEAN_SHARE) * _unit(np.asarray(total, np.float32))
        return own

    def _row(self, syllable: str) -> Vectors:
        if syllable not in self._rows:
            generator = np.random.default_rng(zlib.crc32(syllable.encode()))
            self._rows[syllable] = generator.normal(size=self.dimension).astype(np.float32)
        return self._rows[syllable]


@dataclass(frozen=True, slots=True)
class Cost:
    """What an index of `passages` passages costs; times of a search leave the encoder out.

    `recall` is the share of the first ten of an exact search that are among the first ten found.
    """

    passages: int
    build_seconds: float
    bytes_a_passage: float
    p50_ms: float
    p95_ms: float
    recall: float


def generate(model: SyllableModel, count: int, seed: int = 0) -> list[Passage]:
    """Passages made of the model's syllables; the same ones for the same seed."""
    chance = random.Random(seed)
    followers: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for pair, weight in model.bigrams.items():
        before, _, after = pair.partition(" ")
        followers[before].append((after, weight))
    tables = {
        before: ([after for after, _ in pairs], list(accumulate(weight for _, weight in pairs)))
        for before, pairs in followers.items()
    }
    known = [syllable for syllable in model.unigrams if syllable != START]
    topics = [
        chance.choices(known, k=TOPIC_SYLLABLES) for _ in range(max(1, count // PASSAGES_A_TOPIC))
    ]
    passages = []
    for number in range(count):
        topic, syllable = chance.choice(topics), START
        walk: list[str] = []
        while len(walk) < SYLLABLES:
            afters, weights = tables.get(syllable) or tables[START]
            coloured = chance.random() < TOPIC_SHARE
            syllable = chance.choice(topic) if coloured else chance.choices(
                afters, cum_weights=weights
            )[0]  # fmt: skip
            walk.append(syllable)
        text = " ".join(walk)
        passages.append(Passage(str(number), None, text, text, ""))
    return passages


def measure_cost(model: SyllableModel, count: int) -> Cost:
    """Build an index of generated passages, keep it, load it and search it."""
    passages, encoder = generate(model, count), SyllableEncoder()
    start = time.perf_counter()
    built = TextIndex.build(passages, encoder)
    seconds = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        built.save(Path(folder))
        size = sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file())
        index = TextIndex.load(Path(folder), count, has_vectors=True)
    chance = random.Random(1)
    times, recalls = [], []
    vectors = encoder.encode_document([passage.search_text for passage in passages])
    for _ in range(QUESTIONS):
        question = _cut(chance, chance.choice(passages).search_text)
        vector = encoder.encode_query([question])[0]
        tokens = lexical_tokens(question)
        start = time.perf_counter()
        found = _first(index.scores(tokens, vector).fused)
        times.append(1000 * (time.perf_counter() - start))
        # One part a passage: both cosines are the same, and z-scores keep the order of a sum
        exact = _first(_exact(index, tokens, vectors @ vector))
        recalls.append(len(found & exact) / len(exact))
    return Cost(
        count,
        seconds,
        size / count,
        float(np.percentile(times, 50)),
        float(np.percentile(times, 95)),
        float(np.mean(recalls)),
    )


def _exact(index: TextIndex, tokens: Sequence[str], cosines: Scores) -> Scores:
    words = index.scores(tokens, None).fused
    exact = words + 2 * (cosines - cosines.mean()) / max(float(cosines.std()), 1e-9)
    return np.asarray(exact, np.float32)


def _first(scores: Scores) -> set[int]:
    return set(np.argsort(-scores, kind="stable")[:RANKS].tolist())


def _cut(chance: random.Random, text: str) -> str:
    syllables = text.split()
    start = chance.randrange(len(syllables) - QUESTION_SYLLABLES + 1)
    return " ".join(syllables[start : start + QUESTION_SYLLABLES])


def _unit(row: Vectors) -> Vectors:
    unit: Vectors = row / max(float(np.linalg.norm(row)), 1e-9)
    return unit
